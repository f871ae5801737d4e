"""The flow in Prefect: the same bytes as without it, and a worker's death costs one document at most."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 400
"""Seconds that a run may take on a busy machine before the test gives up on it."""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def parquet(warehouse: Path) -> dict[str, bytes]:
    files = (path.relative_to(warehouse) for path in warehouse.rglob("*.parquet"))
    return {str(f): (warehouse / f).read_bytes() for f in files if f.parts[0] not in ("runs", "rejects", "_staging")}


def test_two_workers_write_the_bytes_of_one_process(tmp_path: Path, sample_warehouse: Path) -> None:
    settings = tmp_path / "dateline.toml"
    settings.write_text("batch_documents = 5\n")
    run = python("-m", "flows.cli", "run", "raw", "--warehouse", str(tmp_path / "warehouse"), "--workers", "2",
                 "--settings", str(settings), "--json")  # fmt: skip
    assert run.returncode == 0, run.stderr
    row = json.loads(run.stdout)
    assert row["status"] == "done" and row["seen"] == row["new"] + row["rejected"]
    assert parquet(tmp_path / "warehouse") == parquet(sample_warehouse)


def test_a_document_that_kills_workers_is_given_up_and_nothing_else_is(tmp_path: Path) -> None:
    run = python("-m", "tests.flows.prefect_runs", str(tmp_path))
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line for line in lines if line.startswith("killed")] == ["killed 5-6", "killed 9-10"]
    spans = sorted(tuple(map(int, line.split()[1].split("-"))) for line in lines)
    covered = [n for first, last in spans for n in range(first, last)]
    assert covered == list(range(12))
