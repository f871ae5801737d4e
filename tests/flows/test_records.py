"""A record's text is what the contract calls raw text; its id is told apart from every other."""

from datetime import date
from pathlib import Path

import pytest

from flows.records import parse_record, text_of
from tests.flows import houses

STORY = "The mayor opened the new bridge on Tuesday, and the council of the town thanked the crews for their work."


def test_a_byte_order_mark_in_a_record_is_no_text() -> None:
    record = parse_record(b'{"text": "\\ufeffThe council met."}', {})
    assert text_of(record, {}) == "The council met."


@pytest.mark.parametrize("given", ["123456789012345678901", "-18446744073709551617", "9" * 300])
def test_an_id_of_more_than_64_bits_keeps_its_digits(given: str) -> None:
    line = f'{{"text": "The council met.", "key": {given}}}'.encode()
    assert parse_record(line, {"id": "key"})["id"] == given


@pytest.mark.parametrize("given", ["1.5", "1e3", "18446744073709551615", "-7"])
def test_other_ids_are_as_they_were(given: str) -> None:
    record = parse_record(f'{{"text": "The council met.", "id": {given}, "n": {10**30}}}'.encode(), {})
    assert str(record["id"]) == {"1e3": "1000.0"}.get(given, given)
    assert record["n"] == 1e30


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
