"""What a worker does where its machine fails it, and what it remembers from one batch to the next."""

from pathlib import Path
from typing import Any

import pytest

from flows import spool
from flows.warehouse import Store
from tests.flows import houses
from transforms.errors import WarehouseError

TOPIC = '[[topic]]\nid = "{0}"\nlabel = "{0}"\nseeds = "roads, council, million, bridge, pier, vote"\n'


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(3)})


def test_an_edited_taxonomy_is_read_again(raw: Path, tmp_path: Path, no_model: None) -> None:
    """By a worker that outlives the run, as those of a cluster do."""
    desk = tmp_path / "desk.toml"
    for topic in ("one", "two"):
        desk.write_text(TOPIC.format(topic))
        houses.run(raw, tmp_path / "warehouse", taxonomies={"desk": desk})
        found = {row["topic_id"] for row in houses.rows(tmp_path / "warehouse", "topics") if row["scheme"] == "desk"}
        assert found == {topic}


def test_too_little_memory_is_the_engine_s_business(
    raw: Path, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(houses.Finder, "recognise", full)
    with pytest.raises(WarehouseError, match="MemoryError"):
        houses.run(raw, tmp_path / "warehouse")  # in this process; those of flows.engine try each document alone
    assert not houses.rows(tmp_path / "warehouse", "rejects")


def test_a_batch_that_is_not_finished_leaves_nothing(
    raw: Path, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, original = tmp_path / "warehouse", spool.write_ipc

    def full(path: Path, *args: Any, **kwargs: Any) -> None:
        if path.name == "topics.arrow":
            raise OSError(28, "No space left on device")
        original(path, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(spool, "write_ipc", full)
        with pytest.raises(WarehouseError, match="No space left"):
            houses.run(raw, warehouse)
    rows = warehouse / "_staging" / "rows"
    assert not list(rows.iterdir())
    killed, finished = rows / ".killed", rows / "finished"
    houses.write(rows, {".killed/dates.arrow": "half", "finished/done.json": "{}"})
    with Store(warehouse).writing():
        assert (killed.exists(), finished.exists()) == (False, True)
