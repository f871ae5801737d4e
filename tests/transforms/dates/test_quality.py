"""The dev figures may not fall: TempEval-3 scores in percent, a little below what was met when the floors were set."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dev_dates import CORPORA, scorer
from transforms import dates

FLOORS = {
    "meantime": {"strictF1": 89.0, "relF1": 93.0, "valueF1": 82.0},
    "wikiwars": {"strictF1": 90.0, "relF1": 95.0, "valueF1": 87.5},
}


@pytest.mark.parametrize("name", FLOORS)
def test_floor(name: str) -> None:
    gold_path: Path = CORPORA / f"{name}.jsonl"
    if not gold_path.exists():
        pytest.skip("the dev data is not in the repository: ../shared/corpora/dates is absent")
    score = scorer()
    gold = score.load_gold(gold_path)
    system: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for doc, record in gold.items():
        for t in dates.tag(record["text"], date.fromisoformat(record["dct"])):
            assert record["text"][t.start : t.end]
            system[doc].append({"start": t.start, "end": t.end, "type": t.type, "value": t.value})
    met = score.score(gold, system)
    for figure, floor in FLOORS[name].items():
        assert met[figure] * 100 >= floor, figure
