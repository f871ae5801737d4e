"""A record's text is what the contract calls raw text; its id is told apart from every other."""

import pytest

from flows.records import parse_record, text_of


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
