"""RAW and the warehouse on a real S3 server, by the command as a user gives it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from upath import UPath

from flows.lease import Lease
from tests.flows import houses
from tests.flows.test_dask import cluster
from tests.s3 import swift

ROOT = Path(__file__).parents[2]
BUCKET = "dateline-test"
PATIENCE = 300.0
pytestmark = [
    pytest.mark.s3,
    pytest.mark.skipif(not swift.installed(), reason="no S3 server here: `make test-s3` sets one up"),
]


@pytest.fixture(scope="module")
def reach() -> Iterator[dict[str, str]]:
    with swift.server() as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield environment


@pytest.fixture
def bucket(reach: dict[str, str], request: pytest.FixtureRequest) -> UPath:
    place = UPath(f"s3://{BUCKET}/{request.node.name}", use_listings_cache=False)
    if not place.fs.exists(BUCKET):
        place.fs.mkdir(BUCKET)
    return place


def upload(folder: Path, place: UPath) -> UPath:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place.fs.put_file(str(path), f"{place.path}/{path.relative_to(folder).as_posix()}")
    return place


def fetched(place: UPath, folder: Path) -> Path:
    place.fs.get(f"{place.path}/", str(folder), recursive=True)
    return folder


def start(raw: UPath, warehouse: UPath, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flows.cli", "run", str(raw), "--warehouse", str(warehouse), "--json", *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(raw: UPath, warehouse: UPath, *options: str) -> dict[str, Any]:
    out, err = start(raw, warehouse, *options).communicate(timeout=PATIENCE)
    assert out, err.decode()
    row: dict[str, Any] = json.loads(out)
    return row


def test_a_run_writes_the_same_bytes_and_is_read_back(
    bucket: UPath, reach: dict[str, str], tmp_path: Path, sample_warehouse: Path
) -> None:
    raw = upload(ROOT / "raw", bucket / "raw")
    raw.fs.pipe_file(f"{raw.path}/empty-folder/", b"")
    row = run(raw, bucket / "warehouse")
    there = fetched(bucket / "warehouse", tmp_path / "copy")
    assert houses.files(there) == houses.files(sample_warehouse)
    assert (there / "report.html").exists()
    assert not (there / "_staging").exists()
    assert not (there / "_lock").exists()
    frame = pd.read_parquet(f"{bucket}/warehouse/dates")
    assert len(frame) == len(pd.read_parquet(sample_warehouse / "dates"))
    con = duckdb.connect()
    con.register_filesystem(bucket.fs)
    glob = f"{bucket}/warehouse/documents/**/*.parquet"
    found = con.execute("SELECT count(*) FROM read_parquet(?, hive_partitioning = true)", [glob]).fetchone()
    assert found == (row["new"],)
    catalog = duckdb.connect(there / "dateline.duckdb", read_only=True)
    catalog.register_filesystem(bucket.fs)
    assert catalog.execute("SELECT count(*) FROM documents").fetchone() == found
    assert run(raw, bucket / "warehouse")["unchanged"] == row["new"]


def test_killed_and_run_again(bucket: UPath, tmp_path: Path, sample_warehouse: Path) -> None:
    """Killed at chance instants, from planning to publishing; what is left of its lease is no hindrance here, where its
    process is seen to be gone."""
    raw = upload(ROOT / "raw", bucket / "raw")
    for seconds in (2.0, 8.0, 12.0, 14.0, 16.0):
        process = start(raw, bucket / "warehouse")
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    run(raw, bucket / "warehouse")
    assert houses.files(fetched(bucket / "warehouse", tmp_path / "copy")) == houses.files(sample_warehouse)


def test_two_runs_at_once(bucket: UPath, tmp_path: Path, sample_warehouse: Path) -> None:
    raw = upload(ROOT / "raw", bucket / "raw")
    both = [start(raw, bucket / "warehouse") for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE) for process in both]
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 1])
    for process, (_, err) in zip(both, told, strict=True):
        assert process.returncode == 0 or b"is writing to it" in err
    assert houses.files(fetched(bucket / "warehouse", tmp_path / "copy")) == houses.files(sample_warehouse)


def test_a_lease_is_had_by_one(bucket: UPath) -> None:
    first, second = (Lease(bucket.fs, f"{bucket.path}/_lock") for _ in range(2))
    second._numbers = lambda: []  # type: ignore[method-assign] # it looked before the other was there
    assert first.acquire()
    assert not second.acquire()
    first.confirm()
    first.release()


def test_a_cluster_that_shares_nothing_but_the_store(bucket: UPath, tmp_path: Path, sample_warehouse: Path) -> None:
    raw = upload(ROOT / "raw", bucket / "raw")
    with cluster() as (address, workers):
        settings = tmp_path / "dateline.toml"
        settings.write_text(f'dask_address = "{address}"\nbatch_documents = 2\n')
        process = start(raw, bucket / "warehouse", "--settings", str(settings))
        deadline = time.monotonic() + PATIENCE
        carried = f"{bucket.path}/warehouse/_staging/carried"
        while not [key for key in bucket.fs.find(carried) if key.endswith("done.json")]:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.1)
        os.kill(workers[0].pid, signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err.decode()
    assert houses.files(fetched(bucket / "warehouse", tmp_path / "copy")) == houses.files(sample_warehouse)
