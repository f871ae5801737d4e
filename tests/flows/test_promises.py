"""The promises of the contract that are about the whole: nothing lost, same bytes, in pieces or at once.

That nothing reaches for the network is tested with Prefect and the model, in test_etl.
"""

import gzip
import multiprocessing
import os
import random
import shutil
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import Warehouse, catalog, doctor, merge, pipeline
from flows.server import exit_with
from flows.settings import Settings
from flows.warehouse import Store
from tests.flows import houses
from transforms.errors import WarehouseError

REFRESH = catalog.refresh
"""As it is without `no_model`."""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {f"a/{i}.txt": houses.story(i, houses.FOOTERS[i % 2]) for i in range(14)}
    files |= {f"c/{i}.txt": houses.story(i, houses.FOOTERS[2]) for i in range(10, 18)}  # some texts stand in both
    files |= {"b/x.jsonl": "\n".join([*(houses.record(i) for i in range(6)), "{", '{"id": 1}', houses.record(2)])}
    files |= {"b/y.txt.gz": gzip.compress(houses.story(40).encode()), "b/z.txt.gz": b"\x1f\x8bnot", "d.pdf": b"%PDF"}
    files |= {"e/empty.txt": "", "e/undated.txt": houses.story(41, day=None)}
    return houses.write(tmp_path / "raw", files)


def test_nothing_is_lost(raw: Path, tmp_path: Path, no_model: None) -> None:
    row = houses.run(raw, tmp_path / "warehouse")
    assert houses.accounted(row)
    assert row["seen"] == 14 + 8 + 9 + 3 + 2
    assert row["rejected"] == len(houses.rejected(tmp_path / "warehouse", row["run_id"])) == 6
    assert len(houses.uris(tmp_path / "warehouse")) == row["new"] == row["seen"] - 6


@pytest.mark.parametrize("batch", [1, 7])
def test_same_bytes_whatever_the_batches(
    raw: Path, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(merge, "PART_CHARS", 15_000)
    houses.run(raw, tmp_path / "one", batch_documents=1_000)
    houses.run(raw, tmp_path / "two", batch_documents=batch)
    assert houses.files(tmp_path / "one") == houses.files(tmp_path / "two")


def begin(parent: int) -> None:
    """Make a worker end with its parent, as those of flows.engine do."""
    exit_with(parent)
    houses.without_model()


class Processes:
    """An engine of worker processes, whose results come in any order. They are spawned: forked ones would hold the
    lock of the warehouse, too."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, work: Any, jobs: Any) -> Any:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, spawn, initializer=begin, initargs=(os.getpid(),)) as pool:
            futures = [pool.submit(work, job) for job in jobs]
            random.Random(0).shuffle(futures)
            yield from (future.result() for future in futures)


def test_same_bytes_with_worker_processes(raw: Path, tmp_path: Path, no_model: None) -> None:
    houses.run(raw, tmp_path / "one")
    settings = Settings(raw=raw, warehouse=tmp_path / "two", batch_documents=5)
    pipeline.run(settings, Processes(2))
    assert houses.files(tmp_path / "one") == houses.files(tmp_path / "two")


@pytest.mark.parametrize("seed", range(3))
def test_in_pieces_or_at_once(tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Seven runs over a RAW that grows, changes, shrinks and breaks, against one run over what it comes to."""
    monkeypatch.setattr(merge, "PART_CHARS", 12_000)
    chance = random.Random(seed)
    raw, warehouse = tmp_path / "raw", tmp_path / "pieces"
    raw.mkdir()
    names = [f"{source}/{i}.txt" for source in "ab" for i in range(12)]
    for _ in range(7):
        for name in chance.sample(names, 8):
            change(raw, name, chance)
        houses.write(raw, {"c/x.jsonl": records(chance)})
        row = houses.run(raw, warehouse, prune=True, batch_documents=chance.choice([1, 7, 1000]))
        assert houses.accounted(row)
    houses.run(raw, tmp_path / "once")
    assert houses.content(warehouse) == houses.content(tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")


@pytest.mark.parametrize("seed", range(3))
def test_in_pieces_or_at_once_without_pruning(tmp_path: Path, no_model: None, seed: int) -> None:
    """Inputs that come, change and break, but stay: each run ends as one run over what there is now."""
    chance = random.Random(seed)
    raw, warehouse = tmp_path / "raw", tmp_path / "pieces"
    ids: dict[str, Any] = {f"https://e.org/{i}#{i}": chance.choice([None, "s", "t/u"]) for i in range(9)}
    for number in range(4):
        lines = [houses.record(chance.randrange(30), id=key, source=source,
                               **({"text": chance.choice(["", 5])} if chance.randrange(4) == 0 else {}))
                 for key, source in ids.items()]  # fmt: skip
        stories = {f"a/{i}.txt": chance.choice([b"", houses.story(i, houses.FOOTERS[0])]) for i in range(6)}
        houses.write(raw, {"c#1/x.jsonl": "\n".join(lines), **stories})
        assert houses.accounted(houses.run(raw, warehouse))
        houses.run(raw, tmp_path / f"once-{number}")
        assert houses.files(warehouse) == houses.files(tmp_path / f"once-{number}")


def change(raw: Path, name: str, chance: random.Random) -> None:
    """A new text, another footer or month, the text of another document, an input that is refused, or none."""
    number, footer = chance.randrange(30), chance.choice(["", *houses.FOOTERS[:2], houses.FOOTERS[0]])
    month = chance.choice(["2024-03", "2024-03", "2024-04", "2023-01"])
    kind = chance.randrange(10)
    if kind == 0:
        (raw / name).unlink(missing_ok=True)
    elif kind == 1:
        houses.write(raw, {name: chance.choice([b"", b"\x00\x01\x02" * 99, b"\n \n"])})
    else:
        houses.write(raw, {name: houses.story(number, footer, f"{month}-{{:02d}}" if kind > 2 else None)})


def records(chance: random.Random) -> str:
    lines = [houses.record(i, source=chance.choice(["s", "s", "t"])) for i in chance.sample(range(12), 6)]
    lines += chance.sample(["{", '{"id": "r3"}', '{"text": ""}', "[]", '{"text": "Rain.", "source": 5}'], 3)
    chance.shuffle(lines)
    return "\n".join(lines)


def test_a_footer_that_becomes_one_and_ceases_to_be_one(tmp_path: Path, no_model: None) -> None:
    """Documents whose evidence flips are worked again, from the warehouse where their input is gone."""
    stories = {f"a/{i}.txt": houses.story(i, houses.FOOTERS[0]) for i in range(6)}
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    houses.write(raw, {name: stories[name] for name in ("a/0.txt", "a/1.txt")})
    houses.run(raw, warehouse)
    assert not repeated(warehouse)
    (raw / "a/0.txt").unlink()
    houses.write(raw, {name: stories[name] for name in ("a/2.txt", "a/3.txt")})
    row = houses.run(raw, warehouse)
    assert (row["new"], row["unchanged"], row["missing"], row["reworked"]) == (2, 1, 1, 2)
    assert repeated(warehouse) == {"a/0.txt", "a/1.txt", "a/2.txt", "a/3.txt"}
    houses.write(raw, {"a/0.txt": stories["a/0.txt"]})
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")
    for name in ("a/0.txt", "a/1.txt"):
        (raw / name).unlink()
    row = houses.run(raw, warehouse, prune=True)
    assert (row["removed"], row["reworked"]) == (2, 2)
    assert not repeated(warehouse)


def repeated(warehouse: Path) -> set[str]:
    """The uris of the documents that lost a segment because it is repeated."""
    uris = {row["doc_id"]: row["uri"] for row in houses.rows(warehouse, "documents")}
    return {uris[row["doc_id"]] for row in houses.rows(warehouse, "removals") if row["witness"] != "rule"}


def test_a_heading_below_the_header_counts_as_one(tmp_path: Path, no_model: None) -> None:
    """The segments that are counted are those that may be cut, though a header stands above them."""
    lines = "Markets this morning\n\nWhat moved\n\nThe long view of it\n\n"
    stories = {f"a/{i}.txt": houses.story(i).replace("\n", f"\n{lines}", 1) for i in range(6)}
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    for name, story in stories.items():
        houses.write(raw, {name: story})
        houses.run(raw, warehouse)
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")


def test_a_document_that_a_late_stage_refuses_is_no_witness(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused after the survey must leave no trace in the footers, or the next run would count otherwise."""
    original = houses.Finder.recognise

    def recognise(self: houses.Finder, texts: Any, sentences: Any) -> Any:
        if any("pier 2." in text for text in texts):
            raise ValueError("a bug of ours")
        return original(self, texts, sentences)

    monkeypatch.setattr(houses.Finder, "recognise", recognise)
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i, houses.FOOTERS[0]) for i in range(3)})
    row = houses.run(raw, tmp_path / "warehouse")
    assert houses.rejected(tmp_path / "warehouse", row["run_id"]) == {"a/2.txt": "stage_failed"}
    assert not repeated(tmp_path / "warehouse")
    (raw / "a/2.txt").unlink()
    houses.run(raw, tmp_path / "without")
    assert houses.files(tmp_path / "warehouse") == houses.files(tmp_path / "without")


def test_a_known_document_that_new_evidence_gets_refused_is_no_witness(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is worked again from the warehouse, where its segments are known without a survey."""
    stories = {f"a/{i}.txt": houses.story(i, houses.FOOTERS[0]) for i in range(4)}
    raw = houses.write(tmp_path / "raw", {name: stories[name] for name in ("a/0.txt", "a/1.txt")})
    houses.run(raw, tmp_path / "warehouse")
    original = houses.Finder.recognise

    def recognise(self: houses.Finder, texts: Any, sentences: Any) -> Any:
        if any("pier 1." in text for text in texts):
            raise ValueError("a bug of ours")
        return original(self, texts, sentences)

    monkeypatch.setattr(houses.Finder, "recognise", recognise)
    for name in ("a/2.txt", "a/3.txt"):
        houses.write(raw, {name: stories[name]})
        houses.run(raw, tmp_path / "warehouse")
        houses.run(raw, tmp_path / f"once-{name[2]}")
        assert houses.files(tmp_path / "warehouse") == houses.files(tmp_path / f"once-{name[2]}")


def test_a_run_with_nothing_new_does_no_work(raw: Path, tmp_path: Path, no_model: None) -> None:
    houses.run(raw, tmp_path / "warehouse")
    before = houses.files(tmp_path / "warehouse")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("survey", "extract", "stage"):
            patch.setattr(pipeline, name, None)
        row = pipeline.run(Settings(raw=raw, warehouse=tmp_path / "warehouse"), None)
    assert houses.accounted(row)
    assert (row["new"], row["changed"], row["reworked"]) == (0, 0, 0)
    assert houses.files(tmp_path / "warehouse") == before


def test_a_run_without_an_engine_stops_at_the_first_work_and_leaves_nothing(
    raw: Path, tmp_path: Path, no_model: None
) -> None:
    houses.run(raw, tmp_path / "warehouse")
    before = {path: path.read_bytes() for path in (tmp_path / "warehouse").rglob("*.parquet")}
    (raw / "a" / "late.txt").write_text("The council met on Monday.")
    with pytest.raises(pipeline.WorkFound):
        pipeline.run(Settings(raw=raw, warehouse=tmp_path / "warehouse"), None)
    assert {path: path.read_bytes() for path in (tmp_path / "warehouse").rglob("*.parquet")} == before


def test_little_news_touches_little(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i, day=f"2024-0{1 + i % 4}-01") for i in range(8)})
    houses.run(raw, tmp_path / "warehouse")
    before = {p: p.stat().st_ino for p in (tmp_path / "warehouse").rglob("published_month=*/*.parquet")}
    houses.write(raw, {"a/9.txt": houses.story(9, day="2024-02-09")})
    houses.run(raw, tmp_path / "warehouse")
    touched = {p.parent.name for p, inode in before.items() if p.stat().st_ino != inode}
    assert touched == {"published_month=2024-02"}


def test_two_runs_at_once(raw: Path, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second says who is writing; what the first makes is as if it had been alone."""
    started, go_on = threading.Event(), threading.Event()
    original = houses.Finder.recognise

    def recognise(self: houses.Finder, texts: Any, sentences: Any) -> Any:
        started.set()
        assert go_on.wait(60)
        return original(self, texts, sentences)

    monkeypatch.setattr(houses.Finder, "recognise", recognise)
    first = threading.Thread(target=houses.run, args=(raw, tmp_path / "warehouse"))
    first.start()
    assert started.wait(60)
    with pytest.raises(WarehouseError, match=r"process \d+ on .* \(since 20..-..-..T.*\) is writing to it"):
        houses.run(raw, tmp_path / "warehouse")
    go_on.set()
    first.join(60)
    houses.run(raw, tmp_path / "alone")
    assert houses.files(tmp_path / "warehouse") == houses.files(tmp_path / "alone")
    assert len(houses.rows(tmp_path / "warehouse", "runs")) == 1


def test_a_look_at_the_lock_refuses_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`dateline doctor` asks who writes; a run that begins in that instant waits for it."""
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    with Store(tmp_path).writing():
        pass
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            Store(tmp_path).holder()

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(200):
            with Store(tmp_path).writing():
                pass
    finally:
        over.set()
        looker.join()


@pytest.mark.parametrize("name", ["news [2024]", "w*", "what?"])
def test_a_warehouse_whose_name_reads_as_a_pattern(name: str, tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1)})
    houses.write(tmp_path / "wx", {"documents/published_month=2024-03/part-0000.parquet": b"another's"})
    root = tmp_path / name
    houses.run(raw, root)
    houses.write(raw, {"a/2.txt": houses.story(2)})
    houses.run(raw, root)
    REFRESH(root)
    with duckdb.connect(shutil.copy(root / catalog.CATALOG, tmp_path), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM documents").fetchall() == [(2,)]
    assert len(Warehouse(root).sql("FROM documents")) == 2
    assert doctor.check(root) == []
