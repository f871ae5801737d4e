"""Every row of the rule tables carries an example; here each one is run."""

import re
from datetime import date
from typing import Any

import pytest

from transforms import dates
from transforms.dates.durations import modifier
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


def unmarked(row: dict[str, Any]) -> str:
    return re.sub(r"[\[\]]", "", row["example"])


@pytest.mark.parametrize("row", [row for row in ROWS if "day_first" in row], ids=lambda row: row["id"])
def test_a_row_that_shows_the_order_of_day_and_month(row: dict[str, Any]) -> None:
    text = f"{unmarked(row)} It opened on 01/02/2003."
    value = "2003-02-01" if row["day_first"] else "2003-01-02"
    assert dates.tag(text, PUBLISHED)[-1].value == value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["example"])
def test_a_row_that_bounds_the_day_of_publication(row: dict[str, Any]) -> None:
    marked = "bounds_publication" in row
    assert (dates.bounds(dates.tag(unmarked(row), None)) != (None, None)) == marked


TENSES = [pair for table in rules("date_tense").values() for pair in table.get("examples", ())]


@pytest.mark.parametrize(("text", "value"), TENSES, ids=[text for text, _ in TENSES])
def test_example_of_tense(text: str, value: str) -> None:
    assert [t.value for t in dates.tag(text, PUBLISHED)][-1] == value


MODIFIERS = [(row, phrase) for row in rules("date_words")["modifier"] for phrase in row["phrases"]]


@pytest.mark.parametrize(("row", "phrase"), MODIFIERS, ids=[phrase for _, phrase in MODIFIERS])
def test_example_of_a_modifier(row: dict[str, Any], phrase: str) -> None:
    marked = re.fullmatch(r"([^\[]*)\[[^\]]*\] (.*)\.", row["example"])
    assert marked
    text = f"{marked[1]}{phrase} {marked[2]}"
    (found,) = dates.tag(f"{text}.", PUBLISHED)
    assert (found.start, found.mod) == (len(marked[1]), row["mod"])
    for distance in ("ago", "later"):
        last = dates.tag(f"On 4 May 1998 it fell. {text} {distance}.", PUBLISHED)[-1]
        assert (last.type, last.mod) == ("DATE", row[distance])


def test_no_phrase_has_two_modifiers() -> None:
    phrases = [phrase for _, phrase in MODIFIERS]
    assert len(phrases) == len(set(phrases))
    with pytest.raises(KeyError):
        modifier(["unheard", "of"])


def test_rule_ids_are_unique() -> None:
    ids = [row["id"] for row in rules("dates")["rule"]]
    assert len(ids) == len(set(ids))
