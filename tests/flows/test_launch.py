"""What is started for a run, and what is not."""

from pathlib import Path
from typing import Any

import pytest

from flows import launch
from flows.settings import Settings
from tests.flows import houses


def test_replay_works_where_run_does(tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """By workers, one of which a document may kill; but without them where nothing can be read now either."""
    raw = houses.write(tmp_path / "raw", {"a/x.jsonl": '{"body": "Rain fell on Oslo."}', "a/y.pdf": "%PDF"})
    row = houses.run(raw, tmp_path / "warehouse")
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(launch, "in_prefect", lambda *_, **told: asked.append(told))
    settings = Settings(raw=raw, warehouse=tmp_path / "warehouse")
    assert launch.replay(settings, None)["rejected"] == 2
    assert not asked
    launch.replay(settings.model_copy(update={"fields": {"text": "body"}}), row["run_id"])
    assert asked == [{"replaying": True, "run_id": row["run_id"]}]
