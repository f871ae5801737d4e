"""Promise 4: killed at any instant, the next run ends as if nothing had happened; readers see nothing half or twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import merge
from flows.ingest import Reader
from flows.rejects import RejectStore
from flows.settings import Settings
from flows.spool import Spool, read
from flows.warehouse import Manifest, Step, Store
from tests.flows import houses
from transforms.errors import WarehouseError

ROOT = Path(__file__).parents[2]
OPERATIONS = ("replace", "unlink", "rmdir")


class Crash(BaseException):
    """The machine stops."""


@dataclass
class Publish:
    """A warehouse as it stood when a run was about to publish, and as an undisturbed run left it."""

    before: Path
    after: Path
    first: list[Step]
    steps: list[Step]
    manifest: Manifest | None

    def again(self, root: Path) -> Store:
        """A copy of the moment before, to publish from."""
        shutil.copytree(self.before, root, copy_function=os.link)  # nothing is ever changed in place
        return Store(root)

    def publish(self, store: Store) -> None:
        first, steps = (
            [(store.here / s.relative_to(self.after) if s else None, target) for s, target in wanted]
            for wanted in (self.first, self.steps)
        )
        store.publish(steps, self.manifest, first=first)


@pytest.fixture
def publishing(tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """A run that adds, changes, moves and drops documents, splits one month and joins another's parts."""
    monkeypatch.setattr(merge, "PART_CHARS", 12_000)
    day = "2024-{}-{{:02d}}"
    first = {f"a/{i}.txt": houses.story(i, houses.FOOTERS[0], day.format("03")) for i in range(6)}
    first |= {f"a/{i}.txt": houses.story(i, "", day.format("04")) for i in range(6, 10)}
    first |= {"b/x.jsonl": "\n".join(houses.record(i, published_on=f"2023-0{1 + i // 3}-01") for i in range(6))}
    raw, after = houses.write(tmp_path / "raw", first), tmp_path / "after"
    houses.run(raw, after)
    assert Store(after).read_manifest().parts["2024-03"] == 2
    houses.write(raw, {f"a/{i}.txt": houses.story(i, houses.FOOTERS[1], day.format("05")) for i in range(4)})
    houses.write(raw, {f"a/{i}.txt": houses.story(i, "", day.format("04")) for i in range(12, 16)})
    houses.write(raw, {"b/x.jsonl": "\n".join(houses.record(i, published_on="2023-02-02") for i in range(4))})
    kept: dict[str, Any] = {}
    original = Store.publish

    def stop(store: Store, steps: list[Step], manifest: Manifest | None, **options: Any) -> None:
        shutil.copytree(store.root, tmp_path / "before", copy_function=os.link)
        kept.update(first=options["first"], steps=steps, manifest=manifest)
        original(store, steps, manifest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "publish", stop)
        houses.run(raw, after, prune=True)
    parts = Store(after).read_manifest().parts
    assert (parts["2024-03"], parts["2024-04"]) == (1, 2)
    return Publish(tmp_path / "before", after, **kept)


def crashing(monkeypatch: pytest.MonkeyPatch, at: int, error: Callable[[], BaseException]) -> list[str]:
    """From now on the `at`-th change of a name on disk fails; returns the list of those done, as it grows."""
    done: list[str] = []

    def patched(name: str) -> None:
        original = getattr(Path, name)

        def operation(self: Path, *args: Any, **kwargs: Any) -> Any:
            if len(done) >= at:
                raise error()
            done.append(f"{name} {self.name}")
            return original(self, *args, **kwargs)

        monkeypatch.setattr(Path, name, operation)

    for name in OPERATIONS:
        patched(name)
    return done


def stops(publishing: Publish, tmp_path: Path) -> Iterator[Store]:
    """The warehouse after a publish that stopped at its first, second, … operation, up to the last: in turns because
    the machine stopped and because the disk was full."""
    for at in range(1_000):
        store = publishing.again(tmp_path / f"stopped-{at}")
        with pytest.MonkeyPatch.context() as patch:
            crashing(patch, at, Crash if at % 2 else lambda: OSError(28, "No space left on device"))
            try:
                publishing.publish(store)
            except (Crash, OSError, WarehouseError):
                pass
            else:
                assert at > len(publishing.first) + len(publishing.steps)
                return
        yield store
        shutil.rmtree(store.root)


def recovered(store: Store) -> dict[str, str]:
    with Store(store.root).writing():
        pass
    return houses.files(store.root)


def test_stopped_at_any_step(publishing: Publish, tmp_path: Path) -> None:
    """A publish is carried out by the next writer, or as if it had never been; what readers see meanwhile is whole, and
    nothing twice."""
    old, new = houses.files(publishing.before), houses.files(publishing.after)
    known = [documents(root) for root in (publishing.before, publishing.after)]
    found = []
    for store in stops(publishing, tmp_path):
        if (store.root / "_journal.json").exists():
            with pytest.raises(WarehouseError, match="unfinished"):
                store.publish([], None)  # nothing may take the place of a journal
        assert_readable(store.root, known)
        found.append(recovered(store))
    assert found[0] == old  # the journal was not written
    assert all(files == new for files in found[1:])
    assert len(found) > len(publishing.first) + len(publishing.steps)


def documents(root: Path) -> dict[str, dict[str, Any]]:
    """doc_id -> row."""
    return {row["doc_id"]: {k: v for k, v in row.items() if k != "file"} for row in houses.rows(root, "documents")}


def assert_readable(root: Path, known: list[dict[str, dict[str, Any]]]) -> None:
    """Each file is whole, each document there once at most, in its old or new form."""
    found = documents(root)
    assert all(row in (known[0].get(doc_id), known[1].get(doc_id)) for doc_id, row in found.items())
    assert len(houses.rows(root, "documents")) == len(found)
    keys = [(row["doc_id"], row["sentence"]) for row in houses.rows(root, "sentences")]
    assert len(keys) == len(set(keys))


def test_stopped_again_while_it_recovers(publishing: Publish, tmp_path: Path) -> None:
    new = houses.files(publishing.after)
    chance = random.Random(3)
    for at in range(3, len(publishing.steps), 7):
        store = publishing.again(tmp_path / f"stopped-{at}")
        with pytest.MonkeyPatch.context() as patch:
            crashing(patch, at, Crash)
            with pytest.raises(Crash):
                publishing.publish(store)
        with pytest.MonkeyPatch.context() as patch:
            crashing(patch, chance.randrange(1, 30), Crash)
            with pytest.raises(Crash), Store(store.root).writing():
                raise Crash  # had it recovered before the operation that stops it
        assert recovered(store) == new


def test_documents_that_stay_in_their_file_are_seen_all_the_time(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(6)})
    warehouse = tmp_path / "warehouse"
    houses.run(raw, warehouse)
    there = houses.uris(warehouse)
    houses.write(raw, {f"a/{i}.txt": houses.story(i) for i in range(6, 9)} | {"a/1.txt": houses.story(29)})
    seen: list[set[str]] = []
    original = Path.replace

    def replace(self: Path, target: Path) -> Path:
        done = original(self, target)
        seen.append(houses.uris(warehouse))
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        houses.run(raw, warehouse)
    assert len(seen) > 10
    assert all(there <= found for found in seen)


CHILD = """
import sys
from pathlib import Path
from tests.flows import houses
houses.without_model()
print("go", flush=True)
houses.run(Path(sys.argv[1]), Path(sys.argv[2]), batch_documents=3)
"""


def start(raw: Path, warehouse: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CHILD, str(raw), str(warehouse)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert child.stdout
    assert child.stdout.readline() == "go\n"
    return child


def test_killed_at_random_instants(tmp_path: Path, no_model: None) -> None:
    """Short; the long one is benchmarks/kill_harness.py. One warehouse goes through all of it: kills add up."""
    raw = houses.write(tmp_path / "raw", {"a/0.txt": houses.story(0), "b/bad.txt": b"\x00\x01\x02" * 50})
    warehouse, undisturbed = tmp_path / "warehouse", tmp_path / "undisturbed"
    chance = random.Random(11)
    killed = 0
    for number in range(6):
        stories = range(number * 8, number * 8 + 8)
        houses.write(raw, {f"a/{i}.txt": houses.story(i, houses.FOOTERS[i % 2]) for i in stories})
        houses.write(raw, {"b/x.jsonl": "\n".join(houses.record(i, title=f"T{number}") for i in range(5))})
        child = start(raw, warehouse)
        time.sleep(chance.uniform(0, 1.2))
        child.send_signal(signal.SIGKILL)
        killed += child.wait(timeout=60) == -signal.SIGKILL
        assert child.stdout
        child.stdout.close()
    assert killed >= 2
    row = houses.run(raw, warehouse)
    assert houses.accounted(row)
    houses.run(raw, undisturbed)
    assert houses.files(warehouse) == houses.files(undisturbed)
    assert not (warehouse / "_staging").exists()
    assert not list((warehouse / "_rejects").glob(".*"))


def test_what_a_killed_run_had_worked_is_not_worked_again(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(12)})
    warehouse = tmp_path / "warehouse"
    counted: list[int] = []
    original = houses.Finder.recognise

    def recognise(self: houses.Finder, texts: list[str], sentences: Any) -> Any:
        if sum(counted) >= 6 and not (tmp_path / "second").exists():
            raise Crash
        counted.append(len(texts))
        return original(self, texts, sentences)

    monkeypatch.setattr(houses.Finder, "recognise", recognise)
    with pytest.raises(Crash):
        houses.run(raw, warehouse, batch_documents=3)
    (tmp_path / "second").touch()
    houses.run(raw, warehouse, batch_documents=3)
    assert sum(counted) == 12


def test_a_failed_run_keeps_its_finished_batches_too(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(4)})
    warehouse = tmp_path / "warehouse"

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(merge, "write_table", full)
        with pytest.raises(WarehouseError, match="No space left on device"):
            houses.run(raw, warehouse)
    assert [row["status"] for row in houses.rows(warehouse, "runs")] == ["failed"]
    assert not (warehouse / "documents").exists()
    monkeypatch.setattr(houses.Finder, "recognise", full)  # not called again
    assert houses.run(raw, warehouse)["new"] == 4


def test_a_worker_that_outlived_its_run_spoils_nothing(tmp_path: Path, no_model: None) -> None:
    """It reads the batch that it was given, or none; what it leaves behind is named by that batch."""
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(3)})
    reader = Reader(Settings(raw=raw, warehouse=tmp_path / "w"), RejectStore(tmp_path / "rejects"))
    inputs = list(reader.inputs())
    spools = [Spool(tmp_path / "inputs", 10**9, 10) for _ in range(2)]
    for item in inputs:
        spools[0].add(item)  # type: ignore[arg-type]
    spools[1].add(inputs[2])  # type: ignore[arg-type]
    first, second = (spool.close()[0].path for spool in spools)
    assert first != second
    assert [item.uri for _, item in read(first)] == ["a/0.txt", "a/1.txt", "a/2.txt"]
