"""A record's text is what the contract calls raw text."""

from flows.records import parse_record, text_of


def test_a_byte_order_mark_in_a_record_is_no_text() -> None:
    record = parse_record(b'{"text": "\\ufeffThe council met."}', {})
    assert text_of(record, {}) == "The council met."
