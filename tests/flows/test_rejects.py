"""Rejects are kept, listed, tried again after RAW is gone; the files of many runs are put together."""

import contextlib
import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import launch, query, runs
from flows.cli import app
from flows.rejects import RejectStore
from flows.settings import Settings
from flows.warehouse import Store
from tests.flows import houses
from transforms.errors import WarehouseError

LONG = "Rain fell on Oslo. " * 3_000


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Inputs that a larger `max_document_mb`, a mapped field or a mended library will take."""
    lines = [{"id": "a", "body": houses.story(1)}, {"body": houses.story(2)}, {"id": "c", "text": LONG}]
    files: dict[str, str | bytes] = {"good/1.txt": houses.story(5), "big/x.txt": LONG}
    files |= {"big/y.txt.gz": gzip.compress(LONG.encode()), "b/x.jsonl": "\n".join(map(json.dumps, lines))}
    files |= {"b/z.jsonl.zst": b"\x28\xb5\x2f\xfd no", "good/broken.txt": b"\0" * 99, "c/x.pdf": b"%PDF"}
    return houses.write(tmp_path / "raw", files)


SMALL = {"max_document_mb": 0.02}
MENDED = {"fields": {"text": "body"}}


def test_replay_after_raw_is_gone(raw: Path, tmp_path: Path, no_model: None) -> None:
    warehouse = tmp_path / "warehouse"
    row = houses.run(raw, warehouse, **SMALL)
    wanted = {"big/x.txt": "too_large", "big/y.txt.gz": "too_large", "b/x.jsonl#a": "no_text_field",
              "b/x.jsonl#L2": "no_text_field", "b/x.jsonl#L3": "too_large", "b/z.jsonl.zst": "corrupt_archive",
              "good/broken.txt": "not_text", "c/x.pdf": "unknown_format"}  # fmt: skip
    assert houses.rejected(warehouse, row["run_id"]) == wanted
    raw.rename(tmp_path / "away")
    with pytest.raises(Exception, match="cannot be read"):
        houses.run(raw, warehouse)
    settings = Settings(raw=raw, warehouse=warehouse, **MENDED)  # type: ignore[arg-type]
    row = launch.replay(settings, None)
    assert (row["seen"], row["new"], row["missing"], row["removed"]) == (8, 4, 0, 0)
    left = {"b/x.jsonl#c", "b/z.jsonl.zst", "good/broken.txt", "c/x.pdf"}  # `c` has its text under the other name
    assert set(houses.rejected(warehouse, row["run_id"])) == left
    (tmp_path / "away").rename(raw)
    row = houses.run(raw, warehouse, **MENDED)
    assert (row["new"], row["changed"], row["unchanged"], row["rejected"]) == (0, 0, 5, 4)
    houses.run(raw, tmp_path / "once", **MENDED)
    assert houses.files(warehouse) == houses.files(tmp_path / "once")


def test_a_document_that_is_rejected_now_counts_as_removed(tmp_path: Path, no_model: None) -> None:
    """An emptied file, an archive cut short, a record that only the settings of a replay can read."""
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    houses.write(raw, {f"a/{i}.txt": houses.story(i) for i in range(3)})
    houses.write(raw, {"a/3.txt.gz": gzip.compress(houses.story(3).encode())})
    houses.write(raw, {"b/x.jsonl": json.dumps({"body": houses.story(4)})})
    houses.run(raw, warehouse)
    row = launch.replay(Settings(raw=raw, warehouse=warehouse, **MENDED), None)  # type: ignore[arg-type]
    assert (row["new"], row["changed"], row["reworked"], row["missing"]) == (1, 0, 4, 0)
    houses.write(raw, {"a/1.txt": "", "a/2.txt": b"\0" * 99, "a/3.txt.gz": b"\x1f\x8b cut"})
    row = houses.run(raw, warehouse)
    assert (row["seen"], row["rejected"], row["removed"], row["missing"]) == (5, 4, 4, 0)
    assert houses.uris(warehouse) == {"a/0.txt"}
    assert houses.run(raw, warehouse)["removed"] == 0


def test_a_known_document_that_a_worker_refuses_counts_as_removed(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it changed, is the same or is gone."""
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(3)})
    houses.run(raw, tmp_path / "warehouse")

    def fail(self: Any, texts: Any, sentences: Any) -> Any:
        raise ValueError("a bug of ours")

    houses.write(raw, {"a/1.txt": houses.story(9)})
    (raw / "a/2.txt").unlink()
    monkeypatch.setattr(houses.Finder, "recognise", fail)
    row = houses.run(raw, tmp_path / "warehouse", **MENDED)
    assert (row["seen"], row["rejected"], row["removed"], row["missing"]) == (3, 3, 3, 0)
    assert not houses.uris(tmp_path / "warehouse")


def test_replay_of_ids_with_a_hash(tmp_path: Path, no_model: None) -> None:
    """Ids are addresses, or end as a file's name does; a file's name holds a hash too."""
    ids = ["https://e.org/s#1", "https://e.org/s#2.txt", "3#x.jsonl"]
    lines = "\n".join(json.dumps({"id": id_, "body": houses.story(i)}) for i, id_ in enumerate(ids))
    raw = houses.write(tmp_path / "raw", {"b/x.jsonl": lines, "b#1/c#d.jsonl": lines})
    assert houses.run(raw, tmp_path / "warehouse")["rejected"] == 6
    row = launch.replay(Settings(raw=raw, warehouse=tmp_path / "warehouse", **MENDED), None)  # type: ignore[arg-type]
    assert (row["new"], row["rejected"]) == (6, 0)
    houses.run(raw, tmp_path / "once", **MENDED)
    assert houses.files(tmp_path / "warehouse") == houses.files(tmp_path / "once")


@pytest.mark.parametrize("chunk", [7_000, 1 << 20])
def test_replay_of_long_lines_in_an_archive(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """The archive is kept, once; with a limit that is still too small, its lines are refused again."""
    monkeypatch.setattr("flows.ingest.CHUNK", chunk)
    lines = [json.dumps({"id": f"l{i}", "text": f"{i} {LONG}"}) for i in range(2)]
    whole = gzip.compress("\n".join([houses.record(1), lines[0], houses.record(2), "", lines[1]]).encode())
    raw = houses.write(tmp_path / "raw", {"b/x.jsonl.gz": whole})
    warehouse = tmp_path / "warehouse"
    row = houses.run(raw, warehouse, **SMALL)
    assert (row["new"], row["rejected"]) == (2, 2)
    [kept] = (warehouse / "_rejects").iterdir()
    assert kept.read_bytes() == whole
    raw.rename(tmp_path / "away")
    row = launch.replay(Settings(raw=raw, warehouse=warehouse, **SMALL), None)  # type: ignore[arg-type]
    assert houses.rejected(warehouse, row["run_id"]) == dict.fromkeys(
        ("b/x.jsonl.gz#L2", "b/x.jsonl.gz#L5"), "too_large"
    )
    assert launch.replay(Settings(raw=raw, warehouse=warehouse), None)["new"] == 2
    houses.run(tmp_path / "away", tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")


def test_replay_of_what_a_later_stage_refused(
    raw: Path, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept decompressed, under the name of an archive; and a document that is only in the warehouse."""
    warehouse = tmp_path / "warehouse"
    original = houses.Finder.recognise

    def fail(self: Any, texts: Any, sentences: Any) -> Any:
        raise ValueError("a bug of ours")

    houses.write(raw, {"good/2.txt.gz": gzip.compress(houses.story(6).encode())})
    monkeypatch.setattr(houses.Finder, "recognise", fail)
    row = houses.run(raw, warehouse)
    assert houses.rejected(warehouse, row["run_id"])["good/2.txt.gz"] == "stage_failed"
    again = houses.run(raw, warehouse)
    assert houses.rejected(warehouse, again["run_id"]) == houses.rejected(warehouse, row["run_id"])
    shutil.rmtree(raw)
    monkeypatch.setattr(houses.Finder, "recognise", original)
    launch.replay(Settings(raw=raw, warehouse=warehouse), row["run_id"])
    assert {"good/1.txt", "good/2.txt.gz", "big/x.txt", "b/x.jsonl#c"} <= houses.uris(warehouse)
    monkeypatch.setattr("flows.plan.LIBRARIES", ("spacy",))  # other work: all is done again, from the warehouse
    monkeypatch.setattr("flows.plan._code", lambda: ("other", "other"))
    monkeypatch.setattr(houses.Finder, "recognise", fail)
    raw.mkdir()
    row = houses.run(raw, warehouse)
    assert houses.accounted(row)
    assert not houses.uris(warehouse)
    monkeypatch.setattr(houses.Finder, "recognise", original)
    launch.replay(Settings(raw=raw, warehouse=warehouse), None)
    assert {"good/1.txt", "good/2.txt.gz", "big/x.txt", "b/x.jsonl#c"} <= houses.uris(warehouse)


def test_replay_takes_no_document_s_place(tmp_path: Path, no_model: None) -> None:
    """An old reject is older than what the warehouse holds; a second record of an id is still the second."""
    warehouse = tmp_path / "warehouse"
    raw = houses.write(
        tmp_path / "raw", {"a/1.txt": "", "b/x.jsonl": f"{houses.record(1)}\n{houses.record(1, text='Hail.')}"}
    )
    first = houses.run(raw, warehouse)
    houses.write(raw, {"a/1.txt": houses.story(1)})
    houses.run(raw, warehouse)
    before = houses.files(warehouse)
    row = launch.replay(Settings(raw=raw, warehouse=warehouse), first["run_id"])
    assert (row["new"], row["changed"], row["rejected"]) == (0, 0, 2)
    assert houses.files(warehouse) == before


def test_replay_ignores_the_reject_limit_and_prunes_nothing(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1), "a/2.txt": ""})
    houses.run(raw, tmp_path / "warehouse")
    settings = Settings(raw=raw, warehouse=tmp_path / "warehouse", prune=True, rebuild=True, max_reject_rate=0.1)
    assert launch.replay(settings, None)["rejected"] == 1
    assert houses.uris(tmp_path / "warehouse") == {"a/1.txt"}


def test_nothing_to_replay(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1)})
    houses.run(raw, tmp_path / "warehouse")
    for run_id in (None, houses.rows(tmp_path / "warehouse", "runs")[0]["run_id"]):
        with pytest.raises(WarehouseError, match="no rejects"):
            launch.replay(Settings(raw=raw, warehouse=tmp_path / "warehouse"), run_id)


def test_list(raw: Path, tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]) -> None:
    row = houses.run(raw, tmp_path / "warehouse")
    query.rejects(tmp_path / "warehouse", None)
    shown = capsys.readouterr().out
    assert row["run_id"] in shown
    assert "not_text" in shown


def test_list_shows_all(tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]) -> None:
    raw = houses.write(tmp_path / "raw", {f"a/{i:03}.txt": "" for i in range(query.SHOWN + 9)})
    houses.run(raw, tmp_path / "warehouse")
    query.rejects(tmp_path / "warehouse", None)
    assert capsys.readouterr().out.count(" empty ") == query.SHOWN + 9


def test_list_and_replay_mean_the_same_run(
    raw: Path, tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last that has rejects; one that there is not is an error."""
    warehouse, clean = tmp_path / "warehouse", tmp_path / "clean"
    settings = Settings(raw=raw, warehouse=warehouse)
    last = houses.run(raw, warehouse)["run_id"]
    empty = houses.run(houses.write(clean, {"a/1.txt": houses.story(1)}), warehouse)["run_id"]
    query.rejects(warehouse, None)
    assert last in capsys.readouterr().out
    query.rejects(warehouse, empty)
    assert empty in capsys.readouterr().out
    assert launch.replay(settings, None)["seen"] == len(houses.rejected(warehouse, last))
    for ask in (lambda: query.rejects(warehouse, "wrong"), lambda: launch.replay(settings, "wrong")):
        with pytest.raises(WarehouseError, match="there is no run wrong; `dateline sql"):
            ask()


def test_list_where_no_run_has_rejects(tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]) -> None:
    houses.run(houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1)}), tmp_path / "warehouse")
    query.rejects(tmp_path / "warehouse", None)
    assert "No run has rejects" in capsys.readouterr().out


def test_bytes_are_kept_once(tmp_path: Path) -> None:
    store = RejectStore(tmp_path / "rejects")
    assert store.keep(b"a") == store.keep(b"a") == store.keep_stream([b"a"])
    with store.path(store.keep(b"a")).open("rb") as file:
        assert store.keep_file(file) == store.keep(b"a")
    assert len(list((tmp_path / "rejects").iterdir())) == 1
    hashing = RejectStore(tmp_path / "none", writing=False)
    assert hashing.keep(b"a") == hashing.keep_stream([b"a"]) == store.keep(b"a")
    assert not (tmp_path / "none").exists()


def test_compact(tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1), "a/2.txt": "", "a/3.pdf": b"%PDF"})
    warehouse = tmp_path / "warehouse"
    for _ in range(3):
        houses.run(raw, warehouse)
    before = {name: bare(houses.rows(warehouse, name)) for name in ("runs", "rejects")}
    documents = houses.files(warehouse)
    named = {path.name for path in (warehouse / "_rejects").iterdir()}
    RejectStore(warehouse / "_rejects").keep(b"nobody names it")
    houses.write(warehouse, {"_staging/rows/x/done.json": "{}"})
    answer = CliRunner().invoke(app, ["compact", "--warehouse", str(warehouse)])
    assert answer.output == "6 files of runs and rejects put together, 1 kept inputs removed (0.0 MB)\n"
    assert {name: bare(houses.rows(warehouse, name)) for name in before} == before
    assert [len(Store(warehouse).listed(table)) for table in (runs.RUNS, runs.REJECTS)] == [1, 1]
    assert {path.name for path in (warehouse / "_rejects").iterdir()} == named
    assert houses.files(warehouse) == documents
    assert not (warehouse / "_staging").exists()
    assert runs.compact(warehouse) == (0, 0, 0)
    houses.run(raw, warehouse)
    assert launch.replay(Settings(raw=raw, warehouse=warehouse), None)["rejected"] == 2
    runs.compact(warehouse)
    assert len(houses.rows(warehouse, "runs")) == 5
    with pytest.raises(WarehouseError, match="no warehouse here"):
        runs.compact(tmp_path)


def test_compact_that_is_stopped_is_carried_out(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1), "a/2.txt": ""})
    houses.run(raw, tmp_path / "model")
    houses.run(raw, tmp_path / "model")
    wanted = bare(houses.rows(tmp_path / "model", "runs"))
    for at in range(12):
        warehouse = tmp_path / f"stopped-{at}"
        shutil.copytree(tmp_path / "model", warehouse)
        done: list[Path] = []

        def stop(original: Any, done: list[Path] = done, at: int = at) -> Any:
            def operation(path: Path, *args: Any, **kwargs: Any) -> Any:
                if len(done) >= at:
                    raise KeyboardInterrupt
                done.append(path)
                return original(path, *args, **kwargs)

            return operation

        with pytest.MonkeyPatch.context() as patch:
            for name in ("replace", "unlink"):
                patch.setattr(Path, name, stop(getattr(Path, name)))
            with contextlib.suppress(KeyboardInterrupt):
                runs.compact(warehouse)
        found = bare(houses.rows(warehouse, "runs"))
        assert all(row in wanted for row in found)
        assert len(found) <= len(wanted)
        with Store(warehouse).writing():
            pass
        assert bare(houses.rows(warehouse, "runs")) == wanted


def bare(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "file"} for row in rows]
