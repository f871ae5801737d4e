"""The flow in Prefect: the same bytes as without it, and a worker's death costs one document at most."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.warehouse import Store
from tests.flows import houses

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
    assert [line for line in lines if line.startswith("killed")] == ["killed 5-6", "killed 9-10"]
    spans = sorted(tuple(map(int, line.split()[1].split("-"))) for line in lines)
    covered = [n for first, last in spans for n in range(first, last)]
    assert covered == list(range(12))


@pytest.fixture
def extracting(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A run, as a terminal starts it, that has begun to work some ten seconds of text."""
    long = {f"a/{i}.txt": "\n\n".join(houses.story(100 * i + part) for part in range(100)) for i in range(60)}
    raw = houses.write(tmp_path / "raw", long)
    run = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", raw, "--warehouse", tmp_path / "warehouse", "--workers", "2"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},  # others' homes
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - it may be ignored here
    )
    assert run.stderr
    while not run.stderr.readline().startswith("extracting"):
        assert run.poll() is None
    yield run
    run.kill()  # the server and the workers end with it


def children(pid: int) -> dict[int, str]:
    """pid -> command line."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/cmdline").read_text() for child in found}


def last_words(run: "subprocess.Popen[str]", tmp_path: Path) -> str:
    """The one line on stderr of a run that must end with status 1, and leave neither a process nor a lock."""
    begun = children(run.pid)
    _, said = run.communicate(timeout=60)  # a hung run would be waited for by nobody
    assert run.returncode == 1
    lines = [line for line in said.splitlines() if not line.startswith("extracting")]
    assert len(lines) == 1, said
    assert Store(tmp_path / "warehouse").holder() is None
    workers = [pid for pid, command in begun.items() if "spawn_main" in command]
    assert workers and not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    return lines[0]


def test_ctrl_c_stops_a_run_at_once(extracting: "subprocess.Popen[str]", tmp_path: Path) -> None:
    """A terminal sends it to each process of the run, systemd to the server in its own session too."""
    for pid in (extracting.pid, *children(extracting.pid)):
        os.kill(pid, signal.SIGINT)
    assert last_words(extracting, tmp_path).startswith("dateline: stopped; nothing was published")


def test_a_run_whose_server_is_killed_says_so(extracting: "subprocess.Popen[str]", tmp_path: Path) -> None:
    (server,) = (pid for pid, command in children(extracting.pid).items() if "flows.server" in command)
    os.kill(server, signal.SIGKILL)
    assert "embedded server ended before the run" in last_words(extracting, tmp_path)
    (row,) = houses.rows(tmp_path / "warehouse", "runs")
    assert row["status"] == "failed"
