"""The same flow on a Dask cluster: a real scheduler, two real workers, one of them killed in mid-run."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.flows.test_etl import PATIENCE, ROOT, parquet

pytest.importorskip("prefect_dask", reason="the extra `dask` is not installed")
pytestmark = pytest.mark.slow


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    started = subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


@contextmanager
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and the processes of two workers without a nanny, so that a killed one stays dead."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    with ExitStack() as stack:
        stack.enter_context(
            process("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        )
        worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        yield address, [stack.enter_context(process(*worker)) for _ in range(2)]


def test_a_cluster_that_loses_a_worker_writes_the_same_bytes(tmp_path: Path, sample_warehouse: Path) -> None:
    with cluster() as (address, workers):
        settings = tmp_path / "dateline.toml"
        settings.write_text(f'dask_address = "{address}"\nbatch_documents = 2\n')
        warehouse = tmp_path / "warehouse"
        command = [sys.executable, "-m", "flows.cli", "run", "raw", "--warehouse", str(warehouse)]
        run = subprocess.Popen(
            [*command, "--settings", str(settings), "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + PATIENCE
        while not list((warehouse / "_staging" / "rows").glob("*/done.json")) and run.poll() is None:
            assert time.monotonic() < deadline, "no batch was done"
            time.sleep(0.05)
        assert run.poll() is None, "the run ended before a worker could be killed"
        workers[0].send_signal(signal.SIGKILL)
        out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err.decode()
    assert json.loads(out)["status"] == "done"
    assert parquet(warehouse) == parquet(sample_warehouse)
