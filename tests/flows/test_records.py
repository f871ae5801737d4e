"""A record's text is what the contract calls raw text."""

from datetime import date
from pathlib import Path

import pytest

from flows.records import parse_record, text_of
from tests.flows import houses

STORY = "The mayor opened the new bridge on Tuesday, and the council of the town thanked the crews for their work."


def test_a_byte_order_mark_in_a_record_is_no_text() -> None:
    record = parse_record(b'{"text": "\\ufeffThe council met."}', {})
    assert text_of(record, {}) == "The council met."


@pytest.mark.parametrize(
    ("day_first", "published", "tuesday"),
    [
        (True, date(2015, 6, 5), "2015-06-02"),
        (False, date(2015, 5, 6), "2015-05-05"),
        (None, None, "XXXX-WXX-2"),
    ],
)
def test_the_habit_of_a_source_dates_its_records(
    tmp_path: Path, day_first: bool | None, published: date | None, tuesday: str, no_model: None
) -> None:
    raw = houses.write(tmp_path / "raw", {"a/x.jsonl": houses.record(1, text=STORY, published_on="05/06/2015")})
    houses.run(raw, tmp_path / "house", sources={"a": {"day_first": day_first}})
    [document] = houses.rows(tmp_path / "house", "documents")
    assert document["published_on"] == published
    assert [row["value"] for row in houses.rows(tmp_path / "house", "dates")] == [tuesday]
