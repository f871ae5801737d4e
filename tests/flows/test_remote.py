"""RAW and the warehouse on an object store, here one in memory; tests/s3 has a real one."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console
from typer.testing import CliRunner
from upath import UPath

from flows import Warehouse, catalog, doctor, launch, lease, objects, pipeline, report, runs
from flows.cli import app
from flows.ingest import Input
from flows.lease import Lease, LeaseLost
from flows.rejects import Reject, RejectStore
from flows.remote import RemoteStore, open_store
from flows.settings import Settings
from flows.warehouse import me
from tests.flows import houses
from transforms.errors import DatelineError, SettingsError, WarehouseError


class Crash(BaseException):
    """The machine stops."""


@pytest.fixture
def bucket() -> Iterator[UPath]:
    place = UPath("memory://bucket", use_listings_cache=False)
    place.fs.store.clear()
    place.fs.pseudo_dirs[:] = [""]
    yield place
    place.fs.store.clear()


FILES: dict[str, str | bytes] = {
    **{f"a/{i}.txt": houses.story(i, houses.FOOTERS[0]) for i in range(6)},
    "b/x.jsonl": "\n".join([*(houses.record(i) for i in range(4)), "{"]),
    "b/odd [1]*? #2.txt": houses.story(30),
    "b/empty.txt": "",
    "b/_draft.txt": "passed over",
    "b/.hidden/x.txt": "passed over",
    "README.md": "passed over",
}


def put(place: UPath, files: dict[str, str | bytes]) -> UPath:
    for name, content in files.items():
        place.fs.pipe_file(f"{place.path}/{name}", content.encode() if isinstance(content, str) else content)
    return place


def run(raw: UPath | Path, warehouse: UPath | Path, **settings: Any) -> dict[str, Any]:
    return pipeline.run(Settings(raw=raw, warehouse=warehouse, **settings), pipeline.Here())


def fetched(place: UPath, folder: Path) -> Path:
    """A copy of what lies on the store."""
    for key in place.fs.find(place.path):
        path = folder / key.removeprefix(place.path).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(place.fs.cat_file(key))
    return folder


def test_the_same_bytes_as_on_a_disk(bucket: UPath, tmp_path: Path, no_model: None) -> None:
    row = run(put(bucket / "raw", FILES), bucket / "warehouse")
    local = run(houses.write(tmp_path / "raw", FILES), tmp_path / "warehouse")
    assert row["rejected"] == 2
    assert {k: row[k] for k in ("seen", "new", "rejected")} == {k: local[k] for k in ("seen", "new", "rejected")}
    there = fetched(bucket / "warehouse", tmp_path / "copy")
    assert houses.files(there) == houses.files(tmp_path / "warehouse")
    assert "b/odd [1]*? #2.txt" in houses.uris(there)
    assert {p.name for p in (there / "_rejects").iterdir()} == {
        p.name for p in (tmp_path / "warehouse" / "_rejects").iterdir()
    }
    assert not bucket.fs.find("/bucket/warehouse/_staging")
    assert not bucket.fs.find("/bucket/warehouse/_lock")
    assert run(bucket / "raw", bucket / "warehouse")["unchanged"] == row["new"]


def test_in_pieces(bucket: UPath, tmp_path: Path, no_model: None) -> None:
    raw, names = bucket / "raw", [name for name in FILES if name.startswith(("a/", "b/"))]
    for at in range(0, len(names), 4):
        run(put(raw, {name: FILES[name] for name in names[at : at + 4]}), bucket / "warehouse")
    raw.fs.rm_file("/bucket/raw/a/3.txt")
    row = run(put(raw, {"a/1.txt": houses.story(29)}), bucket / "warehouse", prune=True)
    assert (row["changed"], row["removed"]) == (1, 1)
    run(raw, tmp_path / "at-once")
    there = fetched(bucket / "warehouse", tmp_path / "copy")
    assert houses.content(there) == houses.content(tmp_path / "at-once")


def crashing(monkeypatch: pytest.MonkeyPatch, fs: Any, at: int) -> list[str]:
    """Stop at the operation of that number which changes the store; returns the names of those that were done."""
    done: list[str] = []

    def counted(name: str) -> Any:
        real = getattr(fs, name)

        def operation(*arguments: Any, **named: Any) -> Any:
            if len(done) == at:
                raise Crash
            done.append(name)
            return real(*arguments, **named)

        return operation

    for name in ("put_file", "cp_file", "rm_file", "pipe_file"):
        monkeypatch.setattr(fs, name, counted(name))
    return done


def test_stopped_at_any_operation(bucket: UPath, tmp_path: Path, no_model: None) -> None:
    """Whoever comes next, with nothing of the dead run's machine, ends where an undisturbed run would have."""
    raw, root = put(bucket / "raw", FILES), bucket / "warehouse"
    run(raw, root)
    put(raw, {f"a/{i}.txt": houses.story(i + 50) for i in range(3)} | {"c/new.txt": houses.story(80)})
    before = {key: bucket.fs.cat_file(key) for key in bucket.fs.find("/bucket/warehouse")}
    run(raw, root)
    after = houses.files(fetched(root, tmp_path / "after"))
    stopped = 0
    for at in range(0, 1_000, 3):
        bucket.fs.rm("/bucket/warehouse", recursive=True)
        for key, data in before.items():
            bucket.fs.pipe_file(key, data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Lease, "release", lambda self: self._given_back.set())  # the dead give nothing back
            crashing(patch, bucket.fs, at)
            try:
                run(raw, root)
            except Crash:
                stopped += 1
        assert_no_document_twice(root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lease, "_runs", lambda pid: False)
            run(raw, root)
        assert houses.files(fetched(root, tmp_path / f"{at}")) == after
        if stopped <= at // 3:
            break
    assert stopped > 10


def assert_no_document_twice(root: UPath) -> None:
    keys = [key for key in root.fs.find(f"{root.path}/documents") if key.endswith(".parquet")]
    ids = [row for key in keys for row in pq.read_table(root.fs.open(key))["doc_id"].to_pylist()]
    assert len(ids) == len(set(ids))


def test_one_writer(bucket: UPath, no_model: None) -> None:
    put(bucket / "raw", FILES)
    with (
        open_store(bucket / "warehouse").writing(),
        pytest.raises(WarehouseError, match=r"process \d+ on .* is writing to it"),
    ):
        run(bucket / "raw", bucket / "warehouse")
    run(bucket / "raw", bucket / "warehouse")


def test_a_lease_ends_when_it_is_not_renewed(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (Lease(bucket.fs, "/bucket/w/_lock") for _ in range(3))
    assert first.acquire()
    first.confirm()
    assert not second.acquire()
    key = bucket.fs.ls("/bucket/w/_lock", detail=False)[0]
    held = json.loads(bucket.fs.cat_file(key))
    past = datetime.now(UTC) - timedelta(seconds=1)
    bucket.fs.pipe_file(key, json.dumps(held | {"until": past.isoformat()}).encode())
    assert second.holder() is None
    assert second.acquire()
    assert not third.acquire()
    with pytest.raises(LeaseLost):
        first.confirm()
    first.release()  # gives back nothing that is another's
    second.confirm()
    second.release()
    assert third.acquire()
    third.release()
    assert third.holder() is None


def test_of_two_who_want_a_lease_one_gets_it(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Lease(bucket.fs, "/bucket/w/_lock") for _ in range(2))
    monkeypatch.setattr(second, "_numbers", lambda: [])  # it looked before the other was there
    assert first.acquire()
    assert not second.acquire()
    first.confirm()
    first.release()


def test_a_dead_holder_of_this_machine_does_not_hold(bucket: UPath) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lease, "me", lambda: {**me(), "pid": 2**22 + 1})
        dead = Lease(bucket.fs, "/bucket/w/_lock")
        assert dead.acquire()
    alive = Lease(bucket.fs, "/bucket/w/_lock")
    assert alive.acquire()
    dead._given_back.set()
    alive.release()


def test_a_run_that_lost_its_lease_publishes_nothing(bucket: UPath, no_model: None) -> None:
    put(bucket / "raw", FILES)
    store = open_store(bucket / "warehouse")
    assert isinstance(store, RemoteStore)
    with store.writing():
        for key in bucket.fs.ls("/bucket/warehouse/_lock", detail=False):
            bucket.fs.rm_file(key)
        with pytest.raises(WarehouseError, match="ran out"):
            store.publish([], store.manifest)
    assert not open_store(bucket / "warehouse").exists()
    assert not (bucket / "warehouse" / "_journal.json").exists()


def test_read_back(bucket: UPath, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    row = run(put(bucket / "raw", FILES), bucket / "warehouse")
    warehouse = Warehouse("memory://bucket/warehouse")
    assert len(warehouse.table("documents")) == row["new"]
    assert set(warehouse.table("documents", columns=["uri"], months=["2024-03"])["uri"]) >= {"a/1.txt"}
    assert warehouse.sql("SELECT count(*) AS n FROM entity_mentions")["n"][0] > 0
    assert not doctor.check(bucket / "warehouse")
    path = report.write(bucket / "warehouse")
    assert "<html" in path.read_text(encoding="utf-8")
    monkeypatch.undo()
    catalog.refresh(bucket / "warehouse")
    assert bucket.fs.exists("/bucket/warehouse/dateline.duckdb")
    with pytest.raises(WarehouseError, match="there is no warehouse"):
        Warehouse("memory://bucket/nothing")


def test_commands_take_a_url(bucket: UPath, no_model: None) -> None:
    run(put(bucket / "raw", FILES), bucket / "warehouse")
    at = ["--warehouse", "memory://bucket/warehouse"]
    for command in (["sql", "FROM documents"], ["check"], ["explain", "a/1.txt"], ["rejects", "list"], ["compact"]):
        answer = CliRunner().invoke(app, [*command, *at])
        assert answer.exit_code == 0, answer.output
    assert doctor.show(Settings(raw=bucket / "raw", warehouse=bucket / "warehouse"), Console(quiet=True))


def test_rejects_are_kept_and_replayed(bucket: UPath, no_model: None) -> None:
    row = run(put(bucket / "raw", FILES), bucket / "warehouse")
    bucket.fs.rm("/bucket/raw", recursive=True)
    assert {r.uri for r in runs.rejects_of(bucket / "warehouse")[1]} == {"b/empty.txt", "b/x.jsonl#L5"}
    again = launch.replay(Settings(raw=bucket / "raw", warehouse=bucket / "warehouse"), None)
    assert again["rejected"] == row["rejected"]


def test_what_is_passed_over(bucket: UPath, tmp_path: Path) -> None:
    raw = put(bucket, {"a/1.txt": "x", "w/documents/1.txt": "x", "_x.txt": "", ".h/1.txt": "", "b.txt": ""})
    assert [f.uri for f in objects.discover(raw, bucket / "w")] == ["a/1.txt", "b.txt"]
    assert [f.uri for f in objects.discover(bucket / "b.txt")] == ["b.txt"]
    with pytest.raises(DatelineError, match="cannot be listed"):
        list(objects.discover(bucket / "none"))


def test_a_raw_in_the_warehouse_is_an_error(bucket: UPath, tmp_path: Path) -> None:
    put(bucket, {"a/1.txt": "x", "ab/1.txt": "x"})
    for warehouse in (bucket, bucket / "a"):
        with pytest.raises(SettingsError, match="is in the warehouse"):
            objects.look(Settings(raw=bucket / "a", warehouse=warehouse))
    objects.look(Settings(raw=bucket / "ab", warehouse=bucket / "a"))
    objects.look(Settings(raw=bucket / "a", warehouse=tmp_path))


@pytest.mark.parametrize("held", [10, 10**6])
def test_large_objects_are_streamed(bucket: UPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    monkeypatch.setattr(objects, "HELD", held)
    raw = put(bucket / "raw", {"a.txt": "short", "b.txt": "a text of more than ten bytes", "c.txt": "short"})
    items = list(objects.reader(Settings(raw=raw), RejectStore(tmp_path)).inputs())
    assert [item.data for item in items if isinstance(item, Input)] == [
        b"short",
        b"a text of more than ten bytes",
        b"short",
    ]


def test_an_object_that_cannot_be_read_is_a_reject(
    bucket: UPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = put(bucket / "raw", {"a.txt": "gone", "b.txt": "there", "c.txt": "forbidden"})
    real = bucket.fs.cat_file

    def failing(key: str, *arguments: Any, **named: Any) -> bytes:
        if key.endswith("a.txt"):
            raise FileNotFoundError(key)
        if key.endswith("c.txt"):
            raise RuntimeError("a client's own error")
        return bytes(real(key, *arguments, **named))

    monkeypatch.setattr(bucket.fs, "cat_file", failing)
    found = list(objects.reader(Settings(raw=raw), RejectStore(tmp_path)).inputs())
    assert [getattr(item, "code", "read") for item in found] == ["vanished", "read", "unreadable"]


@pytest.mark.parametrize("name", ["b.txt", "b.jsonl", "b.txt.gz", "b.jsonl.gz"])
@pytest.mark.parametrize("error", [RuntimeError("cut off"), OSError("cut off"), FileNotFoundError("gone")])
def test_an_object_that_fails_while_it_is_streamed_is_a_reject(
    bucket: UPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    monkeypatch.setattr(objects, "HELD", 10)
    text = json.dumps({"text": "a text of more than ten bytes"}).encode()
    raw = put(bucket / "raw", {name: gzip.compress(text) if name.endswith("gz") else text, "c.txt": "short"})
    real = type(bucket.fs).open

    def opened(fs: Any, path: str, *arguments: Any, **named: Any) -> Any:
        file = real(fs, path, *arguments, **named)

        def fail(*arguments: Any) -> bytes:
            raise error

        if path.endswith(name):
            file.read = fail
        return file

    monkeypatch.setattr(type(bucket.fs), "open", opened)
    reject, other = objects.reader(Settings(raw=raw), RejectStore(tmp_path)).inputs()
    assert isinstance(other, Input)
    assert isinstance(reject, Reject)
    wanted = ("vanished", None) if isinstance(error, FileNotFoundError) else ("unreadable", None)
    assert (reject.code, reject.content_sha256) == wanted
    assert reject.code == "vanished" or reject.detail == f"{type(error).__name__}: cut off"


def test_places_that_make_no_sense(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nosuch"):
        Settings.read(None, raw="nosuch://bucket/raw")
    assert Settings.read(None, raw=f"file://{tmp_path}").raw == tmp_path
    settings = Settings(raw="memory://bucket/raw")
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
    assert json.loads(settings.model_dump_json())["raw"] == "memory://bucket/raw"


class Elsewhere:
    """An engine of workers that see nothing but what a Courier brings."""

    def __init__(self, hidden: Path) -> None:
        self.hidden = hidden

    def run(self, work: Any, jobs: Any) -> Any:
        for job in jobs:
            assert job.carrier
            away = self.hidden.with_name("away")
            self.hidden.rename(away)
            try:
                result = work(job)
            finally:
                away.rename(self.hidden)
            yield result


def test_workers_that_share_no_disk(
    bucket: UPath, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bucket / "raw", {**FILES, "b/control.txt": "bell \a in a text"})
    run(bucket / "raw", tmp_path / "warehouse", batch_documents=3)
    (tmp_path / "hidden").mkdir()
    real = pipeline.open_store

    def hidden(root: UPath) -> RemoteStore:
        store = real(root)
        assert isinstance(store, RemoteStore)
        store.here = tmp_path / "hidden"
        store.staging, store.rejects = store.here / "_staging", store.here / "_rejects"
        return store

    monkeypatch.setattr(pipeline, "open_store", hidden)
    settings = Settings(raw=bucket / "raw", warehouse=bucket / "warehouse", batch_documents=3, dask_address="tcp://x")
    row = pipeline.run(settings, Elsewhere(tmp_path / "hidden"))
    there = fetched(bucket / "warehouse", tmp_path / "copy")
    assert houses.files(there) == houses.files(tmp_path / "warehouse")
    assert row["rejected"] == 3
    assert len(list((there / "_rejects").iterdir())) == len(list((tmp_path / "warehouse" / "_rejects").iterdir()))
    assert not bucket.fs.find("/bucket/warehouse/_staging")
