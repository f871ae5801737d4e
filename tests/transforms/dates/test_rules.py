"""Every row of the rule tables carries an example; here each one is run."""

import re
from datetime import date
from typing import Any

import pytest

from transforms import dates
from transforms.rules import rules

PUBLISHED = date(2013, 3, 22)
ROWS: list[dict[str, Any]] = [*rules("dates")["rule"], *rules("named_days")["day"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["example"])
def test_example(row: dict[str, Any]) -> None:
    marked = re.fullmatch(r"([^\[]*)\[([^\]]*)\](.*)", row["example"])
    assert marked
    text = "".join(marked.groups())
    found = [
        (t.start, text[t.start : t.end], t.value)
        for t in dates.tag(text, PUBLISHED)
        if t.rule.removesuffix("+range") == row.get("id", "named-day")
    ]
    assert (marked.start(2) - 1, marked[2], row["value"]) in found


TENSES = [pair for table in rules("date_tense").values() for pair in table.get("examples", ())]


@pytest.mark.parametrize(("text", "value"), TENSES, ids=[text for text, _ in TENSES])
def test_example_of_tense(text: str, value: str) -> None:
    assert [t.value for t in dates.tag(text, PUBLISHED)][-1] == value


def test_rule_ids_are_unique() -> None:
    ids = [row["id"] for row in rules("dates")["rule"]]
    assert len(ids) == len(set(ids))
