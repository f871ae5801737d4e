"""One line of a `.jsonl` to a record under our names."""

import json
from typing import Any

import orjson

from flows.settings import FIELDS
from transforms import text
from transforms.errors import RejectCode, Rejected


def parse_record(line: bytes, fields: dict[str, str]) -> dict[str, Any]:
    """A record under our names (`fields`: our name -> its name in the file); what has no name of ours keeps its own.

    An integer of more than 64 bits is a float, as to most readers of JSON, save for the id, which becomes its digits.
    Raises Rejected where the line is no JSON object, or where a field but the text holds what no table can: half a
    surrogate pair, 255 levels, such an integer on a line that orjson refuses.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = _parse_leniently(line)
    if not isinstance(record, dict):
        raise Rejected(RejectCode.BAD_JSON, f"a JSON {type(record).__name__} instead of an object")
    theirs = {fields.get(name, name): name for name in FIELDS}
    ours: dict[str, Any] = {}
    for name, value in record.items():
        if name in theirs:
            ours[theirs[name]] = value
        else:
            ours[f"{name}_in_file" if name in FIELDS else name] = value
    if isinstance(ours.get("id"), float):
        ours["id"] = _exact_id(line, fields)
    content = {"text": ours.pop("text")} if "text" in ours else {}
    try:
        return {**orjson.loads(orjson.dumps(ours)), **content}
    except orjson.JSONEncodeError as e:
        raise Rejected(RejectCode.BAD_FIELD, f"the record holds what no table can: {e}") from e


def _exact_id(line: bytes, fields: dict[str, str]) -> float | str:
    """The record's id, which orjson took for a float: two that differ in their last digits would be one document."""
    value = _parse_leniently(line)[fields.get("id", "id")]
    return str(value) if isinstance(value, int) else float(value)


def id_of(record: dict[str, Any]) -> str | None:
    """The record's id as text, or None where it has none. Raises Rejected where it is neither a string nor a number."""
    value = record.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise Rejected(RejectCode.BAD_FIELD, f"id: {type(value).__name__} instead of a string or a number")
    return None if value in (None, "") else str(value)


def text_of(record: dict[str, Any], fields: dict[str, str]) -> str:
    """The record's text, less a byte order mark. Raises Rejected where it has none."""
    value = record.get("text")
    if not isinstance(value, str):
        given = fields.get("text", "text")
        raise Rejected(RejectCode.NO_TEXT_FIELD, f"{given!r} is missing or no string; [fields] maps other names")
    return value.removeprefix("\ufeff")


def _parse_leniently(line: bytes) -> Any:
    """What orjson refuses and others write: NaN, lone surrogates, legacy encodings."""
    try:
        return json.loads(text.decode(line)[0])
    except Rejected as e:
        raise Rejected(RejectCode.BAD_JSON, e.detail) from e
    except (ValueError, RecursionError) as e:
        raise Rejected(RejectCode.BAD_JSON, f"{type(e).__name__}: {str(e)[:200]}") from e
