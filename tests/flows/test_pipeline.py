"""What a run keeps, drops and remembers."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows import pipeline, work
from flows.jobs import Job, Killed
from flows.settings import Settings
from flows.warehouse import Store
from tests.flows import houses
from transforms.errors import WarehouseError


def remembered(warehouse: Path) -> list[str]:
    """The uris that are not tried again until they change."""
    return [uri for uri, *_ in Store(warehouse).read_manifest().refused.values()]


class Deadly:
    """An engine whose workers die of one document."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def run(self, worked: Callable[[Job], Any], jobs: Iterable[Job]) -> Iterator[Any]:
        for job in jobs:
            for number, (_, item) in enumerate(job.inputs()):
                alone = replace(job, first=number, last=number + 1)
                yield Killed(alone) if item.uri == self.uri and worked is work.extract else worked(alone)


def test_what_killed_a_worker_is_tried_again(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1), "a/2.txt": houses.story(2), "a/3.txt": ""})
    warehouse = tmp_path / "warehouse"
    row = pipeline.run(Settings(raw=raw, warehouse=warehouse), Deadly("a/2.txt"))
    assert houses.rejected(warehouse, row["run_id"]) == {"a/2.txt": "worker_killed", "a/3.txt": "empty"}
    assert remembered(warehouse) == ["a/3.txt"]
    row = houses.run(raw, warehouse)
    assert (row["new"], row["unchanged"], row["rejected"]) == (1, 1, 1)


def test_a_refused_input_that_is_gone_is_forgotten(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1), "a/2.txt": "", "a/3.txt": ""})
    warehouse = tmp_path / "warehouse"
    houses.run(raw, warehouse)
    (raw / "a/2.txt").unlink()
    assert houses.run(raw, warehouse)["rejected"] == 1  # nothing to work
    assert remembered(warehouse) == ["a/3.txt"]
    (raw / "a/3.txt").unlink()
    houses.write(raw, {"a/4.txt": houses.story(4)})
    houses.run(raw, warehouse)
    assert remembered(warehouse) == []


def test_an_archive_cut_short_loses_no_document(tmp_path: Path, no_model: None) -> None:
    whole = gzip.compress("\n".join(houses.record(i) for i in range(6)).encode())
    raw = houses.write(tmp_path / "raw", {"b/x.jsonl.gz": whole, "b/y.txt": houses.story(1)})
    warehouse = tmp_path / "warehouse"
    houses.run(raw, warehouse)
    houses.write(raw, {"b/x.jsonl.gz": whole[:60]})
    row = houses.run(raw, warehouse, prune=True)
    assert (row["removed"], row["missing"], row["rejected"]) == (0, 6, 1)
    assert len(houses.uris(warehouse)) == 7
    (raw / "b/x.jsonl.gz").unlink()
    assert houses.run(raw, warehouse, prune=True)["removed"] == 6


def test_rejects_over_the_limit_stop_a_run_before_the_work(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1), "a/2.pdf": "%PDF"})
    monkeypatch.setattr(houses.Finder, "recognise", None)  # not called
    with pytest.raises(WarehouseError, match="1 of 2 inputs were rejected"):
        houses.run(raw, tmp_path / "warehouse", max_reject_rate=0.4)
    assert houses.rows(tmp_path / "warehouse", "rejects")[0]["uri"] == "a/2.pdf"


def test_a_listener_is_told_while_it_listens() -> None:
    heard: list[tuple[str, int, int]] = []
    with pipeline.heard(lambda *told: heard.append(told)):
        pipeline.tell("reading", 1, 2)
    pipeline.tell("reading", 2, 2)
    assert heard == [("reading", 1, 2)]
