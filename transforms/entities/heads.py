"""Names that say themselves what they are, or whose neighbours do: `Lund Airport`, `the village of Lund`."""

import re
from functools import cache

from transforms.entities.context import UPPER, Context, settle
from transforms.models import Span
from transforms.rules import rules

_FIRST = re.compile(rf"(?:\d\w*[ ])?([{UPPER}][a-z]{{1,14}})[ ]of[ ](?:the[ ])?\Z")
_BEFORE = re.compile(r"([a-z]{2,14})[ ](?:(of)[ ])?(?:the[ ])?\Z")
_POSSESSIVE = re.compile(rf"[{UPPER}]\w{{1,20}}['’]s[ ]\Z")


@cache
def _table(kind: str, at: str) -> dict[str, tuple[str, frozenset[str]]]:
    """A word -> the label that it stands for, and the labels that give way to it."""
    return {
        word: (row["label"], frozenset(row["over"]))
        for row in rules("heads")[kind]
        if at in (row.get("at", "last"), row.get("links"))
        for word in row["words"].split()
    }


def heed_heads(context: Context, spans: list[Span]) -> list[Span]:
    """A name is what its head word says, and takes in `Battle of`."""
    text = context.text
    return settle(_with_head(text, span) for span in spans)


def _with_head(text: str, span: Span) -> Span:
    words = text[span.start : span.end].split()
    first = _FIRST.search(text, max(0, span.start - 30), span.start)
    if first and (row := _table("head", "first").get(first[1])) and row[0] == "EVENT":
        return Span(first.start(), span.end, row[0])
    if len(words) < 2:
        return span
    of = _table("head", "first").get(words[0]) if words[1] == "of" else None
    row = of or _table("head", "last").get(words[words.index("of") - 1 if "of" in words[1:] else -1].rstrip("."))
    return Span(span.start, span.end, row[0]) if row and span.label in row[1] else span


def heed_neighbours(context: Context, spans: list[Span]) -> list[Span]:
    """A name is what the word before it says: `the village of`, `near`, `the airline`."""
    text = context.text
    heeded = []
    for span in spans:
        before = _BEFORE.search(text, max(0, span.start - 24), span.start)
        row = before and _table("before", before[2] or "").get(before[1])
        heeded.append(Span(span.start, span.end, row[0]) if row and span.label in row[1] else span)
    return heeded
