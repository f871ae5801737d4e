"""The flow in Prefect: the same bytes as without it, and a worker's death costs one document at most."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 400
"""Seconds that a run may take on a busy machine before the test gives up on it."""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def offline(reached: Path) -> dict[str, str]:
    """The environment of processes that have no network; the file is made where one reaches for it."""
    paths = [str(ROOT / "tests" / "offline"), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "REACHED": str(reached)}


def parquet(warehouse: Path) -> dict[str, bytes]:
    files = (path.relative_to(warehouse) for path in warehouse.rglob("*.parquet"))
    return {str(f): (warehouse / f).read_bytes() for f in files if f.parts[0] not in ("runs", "rejects", "_staging")}


def test_the_network_is_refused_and_that_it_was_asked_for_is_seen(tmp_path: Path) -> None:
    for code in ("s.create_connection(('192.0.2.1', 9), 1)", "s.getaddrinfo('example.org', 80)"):
        run = python("-c", f"import socket as s; {code}", **offline(tmp_path / "reached"))
        assert "no network in this test" in run.stderr
    assert [line.split()[1] for line in (tmp_path / "reached").read_text().splitlines()] == ["192.0.2.1", "example.org"]


def test_two_workers_write_the_bytes_of_one_process_and_none_needs_a_network(
    tmp_path: Path, sample_warehouse: Path
) -> None:
    settings = tmp_path / "dateline.toml"
    settings.write_text("batch_documents = 5\n")
    run = python("-m", "flows.cli", "run", "raw", "--warehouse", str(tmp_path / "warehouse"), "--workers", "2",
                 "--settings", str(settings), "--json", **offline(tmp_path / "reached"))  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert not (tmp_path / "reached").exists(), (tmp_path / "reached").read_text()
    row = json.loads(run.stdout)
    assert row["status"] == "done" and row["seen"] == row["new"] + row["rejected"]
    assert parquet(tmp_path / "warehouse") == parquet(sample_warehouse)


def test_a_document_that_kills_workers_is_given_up_and_nothing_else_is(tmp_path: Path) -> None:
    run = python("-m", "tests.flows.prefect_runs", str(tmp_path))
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line for line in lines if line.startswith("killed")] == ["killed 5-6"]
    spans = sorted(tuple(map(int, line.split()[1].split("-"))) for line in lines)
    covered = [n for first, last in spans for n in range(first, last)]
    assert covered == list(range(12))
