"""The command line as a person meets it: what goes where, exit status, one line for each error."""

import io
import json
import os
import re
import subprocess
import sys
import weakref
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from flows import Warehouse, doctor, launch, pipeline, terminal
from flows.cli import app
from flows.settings import Settings
from flows.warehouse import Store
from tests.flows import houses
from transforms.errors import WarehouseError


def run(*arguments: object, **options: Any) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], **options)


@pytest.fixture
def without_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "run", lambda settings, progress: pipeline.run(settings, pipeline.Here(), progress))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "story.txt").write_text("date 2021-05-04 A quiet day\n\nNothing happened in Oslo on Monday.\n")
    (folder / "broken.jsonl").write_text("{\n")
    return folder


def test_json_is_one_object_on_stdout_and_nothing_else(raw: Path, tmp_path: Path, without_prefect: None) -> None:
    result = run("run", raw, "--warehouse", tmp_path / "w", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    row = json.loads(result.stdout)
    assert (row["seen"], row["new"], row["rejected"], row["status"]) == (2, 1, 1, "done")


def test_quiet_prints_nothing(raw: Path, tmp_path: Path, without_prefect: None) -> None:
    result = run("run", raw, "--warehouse", tmp_path / "w", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_otherwise_a_summary_says_what_was_done_and_what_to_do(
    raw: Path, tmp_path: Path, without_prefect: None
) -> None:
    result = run("run", raw, "--warehouse", tmp_path / "w")
    assert "documents not met before" in result.stdout
    assert f"dateline rejects list --warehouse {tmp_path / 'w'}" in result.stdout
    assert "extracting 1/1" in result.stderr
    assert "\x1b" not in result.output, "no colours but on a terminal"
    question = re.search(r'dateline sql "(.*?)"', result.stdout)
    assert question
    assert run("sql", question[1], "--warehouse", tmp_path / "w").exit_code == 0


def test_a_failed_run_is_one_line_and_status_1(raw: Path, tmp_path: Path, without_prefect: None) -> None:
    result = run("run", raw, "--warehouse", tmp_path / "w", "--max-reject-rate", "0.1")
    assert result.exit_code == 1
    assert result.stdout == ""
    error = result.stderr.splitlines()[-1]
    assert error.startswith(f"dateline: {raw}: 1 of 2 inputs were rejected")
    assert "Traceback" not in result.stderr


def test_json_of_a_failed_run_is_its_row_too(raw: Path, tmp_path: Path, without_prefect: None) -> None:
    asked = ("run", raw, "--warehouse", tmp_path / "w", "--json", "--max-reject-rate", "0.1")
    result = run(*asked)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"dateline: {raw}: 1 of 2 inputs were rejected")
    row = json.loads(result.stdout)
    assert [row["run_id"]] == [held["run_id"] for held in houses.rows(tmp_path / "w", "runs")]
    assert (row["status"], row["rejected"]) == ("failed", 1)
    with Store(tmp_path / "w").writing():
        assert run(*asked).stdout == "", "there is no row of a run that did not begin"


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_run_whose_account_nobody_reads_to_its_end_is_done(
    raw: Path, tmp_path: Path, no_model: None, more: tuple[str, ...]
) -> None:
    """As in `dateline run | head -1`."""
    houses.run(raw, tmp_path / "w")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "flows.cli", "run", str(raw), "--warehouse", str(tmp_path / "w"), *more]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(houses.rows(tmp_path / "w", "runs")) == 2


@pytest.mark.parametrize("how", ["lost", "cut"])
@pytest.mark.parametrize("table", ["documents", "footers", "_index"])
def test_a_lost_or_damaged_file_is_told_with_what_to_do(
    table: str, how: str, raw: Path, tmp_path: Path, without_prefect: None, no_model: None
) -> None:
    assert run("run", raw, "--warehouse", tmp_path / "w", "--quiet").exit_code == 0
    file = next((tmp_path / "w" / table).rglob("*.parquet"))
    file.unlink() if how == "lost" else file.write_bytes(file.read_bytes()[:100])
    (raw / "more.txt").write_text("date 2021-05-04 Another day\n\nMaria Hale met Tom Okafor in Oslo.")
    result = run("run", raw, "--warehouse", tmp_path / "w", "--quiet")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    for told in (str(tmp_path / "w"), "lost or damaged", "`dateline check`", "--rebuild"):
        assert told in result.stderr


@pytest.mark.parametrize("command", ["report", "doctor", "sql", "explain"])
def test_a_damaged_account_of_a_run_is_told_by_whoever_reads_it(command: str, raw: Path, tmp_path: Path) -> None:
    pipeline.run(Settings(raw=raw, warehouse=tmp_path / "w"), pipeline.Here())
    next((tmp_path / "w" / "runs").glob("*.parquet")).write_bytes(b"PAR1")
    given = {"sql": ["FROM runs"], "explain": ["story.txt"]}.get(command, [])
    result = run(command, *given, "--warehouse", tmp_path / "w", env={"COLUMNS": "300"})
    assert result.exit_code == 1
    assert "a bug" not in result.output
    assert "runs/run-" in result.output
    assert "`dateline check` says what is lost or damaged" in result.output
    assert result.stderr.count("\n") == (command != "doctor")


def test_an_error_of_several_lines_is_told_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise WarehouseError("no such table\n\nLINE 1: FROM nowhere\n             ^^^^")

    monkeypatch.setattr(doctor, "show", fail)
    assert run("doctor").stderr == "dateline: no such table LINE 1: FROM nowhere ^^^^\n"


def test_what_a_failed_command_held_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the error itself is kept, as by Prefect: DuckDB complains of a connection kept to the end."""
    kept: list[WarehouseError] = []
    held: list[weakref.ref[Held]] = []

    def fail(*_: object) -> None:
        connection = Held()
        held.append(weakref.ref(connection))
        kept.append(WarehouseError("nothing new was published"))
        raise kept[0] from ValueError()

    monkeypatch.setattr(doctor, "show", fail)
    assert run("doctor").exit_code == 1
    assert held[0]() is None


class Held:
    """Stands for an open connection."""


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuntimeError("Failed to reach API at http://127.0.0.1:9/api/"), "unset PREFECT_API_URL"),
        (type("ConnectError", (Exception,), {})("All connection attempts failed"), "unset PREFECT_API_URL"),
        (type("NoCredentialsError", (Exception,), {})("Unable to locate credentials"), "AWS_ACCESS_KEY_ID"),
    ],
)
def test_what_is_wrong_outside_is_no_bug(error: Exception, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> Any:
        raise error

    monkeypatch.setattr(doctor, "LOOKS", (fail, doctor._lock))
    told = io.StringIO()
    assert not doctor.show(Settings(), Console(file=told, width=200)), "and the other looks are taken all the same"
    assert says in told.getvalue()
    assert "lock" in told.getvalue()
    monkeypatch.setattr(doctor, "show", fail)
    result = run("doctor")
    assert result.exit_code == 1
    assert says in result.stderr
    assert "a bug" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--settings", "/nowhere/dateline.toml"], "cannot be read"),
        (["run", "--workers", "0"], "workers"),
        (["serve", "--cron", "whenever", "--port", "0"], "is no schedule"),
        (["topics", "train", "/nowhere.jsonl"], "No such file"),
        (["topics", "train", "bytes"], "is no text in UTF-8"),
        (["topics", "evaluate", "/nowhere.jsonl"], "cannot read"),
        (["topics", "evaluate", "/nowhere.jsonl", "--model", "bytes"], "no trained model"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    (tmp_path / "bytes").write_bytes(b"\x00\xff\xfe")
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert says in result.stderr


def test_a_bug_is_one_line_too_and_a_traceback_only_with_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError("of no use")

    monkeypatch.setattr(doctor, "show", bug)
    result = run("doctor")
    assert result.exit_code == 1
    assert "ZeroDivisionError: of no use" in result.stderr
    assert result.stderr.count("\n") == 1
    assert isinstance(run("--debug", "doctor").exception, ZeroDivisionError)


def test_the_version() -> None:
    assert run("--version").stdout == f"dateline {version('dateline')}\n"


def test_completion_knows_the_commands() -> None:
    asked = {"_DATELINE_COMPLETE": "complete_bash", "COMP_WORDS": "dateline re", "COMP_CWORD": "1"}
    script = Path(sys.executable).parent / "dateline"
    done = subprocess.run(
        [script], env={**os.environ, **asked}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["report", "rejects"]


def test_sql_in_every_format(sample_warehouse: Path, tmp_path: Path) -> None:
    query = "SELECT name, aliases FROM entities ORDER BY mentions DESC, name LIMIT 2"
    asked = ["sql", query, "--warehouse", str(sample_warehouse)]
    assert "aliases" in run(*asked).stdout
    rows = json.loads(run(*asked, "--format", "json").stdout)
    assert run(*asked, "--format", "csv").stdout.splitlines()[0] == '"name","aliases"'
    file = tmp_path / "answer.parquet"
    file.write_bytes(run(*asked, "--format", "parquet").stdout_bytes)
    assert duckdb.sql(f"SELECT name FROM '{file}'").fetchall() == [(row["name"],) for row in rows]


def test_a_query_that_cannot_be_answered_is_wrong_use(sample_warehouse: Path) -> None:
    result = run("sql", "SELECT nothing FROM nowhere", "--warehouse", sample_warehouse)
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_explanation_fits_80_columns(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = run("explain", "capital-wire/trial.txt", "--warehouse", sample_warehouse)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    for told in ("Former mayor jailed", "All rights reserved", "Salvatore Ferrante", "2016-02-29", "medtop:"):
        assert told in result.stdout


def test_a_document_that_is_not_there(sample_warehouse: Path) -> None:
    result = run("explain", "no-such", "--warehouse", sample_warehouse)
    assert result.exit_code == 1
    assert "is no doc_id or uri of this warehouse" in result.stderr


def test_rejects_are_listed(sample_warehouse: Path) -> None:
    result = run("rejects", "list", "--warehouse", sample_warehouse)
    assert "corrupt_archive" in result.stdout
    assert "bad_json" in result.stdout


def test_a_sound_installation(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    told = io.StringIO()
    sound = doctor.show(Settings(warehouse=sample_warehouse), Console(file=told, width=100))
    text = told.getvalue()
    assert sound, text
    assert len(text.splitlines()) < 24, "one screen"
    for what in ("versions", "packages", "model", "server", "raw", "warehouse", "last run", "lock", "disk"):
        assert f"   {what} " in text


def test_what_is_amiss_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(doctor, "requires", lambda _: ["pandas>999", "no-such-package", "dask; extra == 'dask'"])
    (tmp_path / "_manifest.json").write_text('{"schema_version": "0"}')
    told = io.StringIO()
    settings = Settings(warehouse=tmp_path, raw=tmp_path / "none", model="no_model")
    assert not doctor.show(settings, Console(file=told, width=200))
    amiss = [line.split()[1] for line in told.getvalue().splitlines() if line.strip().startswith("amiss")]
    assert amiss == ["packages", "packages", "model", "server", "raw", "warehouse"]


def test_a_held_lock_is_told(tmp_path: Path) -> None:
    with Store(tmp_path).writing():
        held = next(iter(doctor._lock(Settings(warehouse=tmp_path))))
    assert held.sound
    assert "is writing" in held.detail


def test_plain_lines_tell_speed_and_time_left() -> None:
    assert terminal._line("extracting", 400, 1000, 16.0) == "extracting 400/1000, 25 documents/s, 24 s left"
    assert terminal._line("extracting", 1000, 1000, 40.0) == "extracting 1000/1000, 25 documents/s"
    assert terminal._line("extracting", 0, 1000, 0.0) == "extracting 0/1000"
    assert terminal._line("reading", 300, 0, 9.0) == "reading 300"


def test_a_terminal_gets_a_bar_with_speed_and_time_left() -> None:
    screen = io.StringIO()
    bar = terminal._Bar(Console(file=screen, force_terminal=True, width=80))
    with bar:
        for done in range(0, 90_001, 10_000):
            bar.progress("extracting", done, 100_000)
        bar.bar.refresh()
    shown = screen.getvalue()
    assert "\x1b" in shown
    last = re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", shown.replace("\r", "\n")).strip().splitlines()[-1]
    assert re.fullmatch(r"extracting ━+[╸╺━]* *90000/100000 \S+ documents/s \d:\d\d:\d\d left", last.strip()), last


def test_every_error_of_the_reader_is_a_word_on_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"`dateline run RAW --warehouse .*` makes one"):
        Warehouse(tmp_path)
