"""Names that the model passed over, found by the noun beside them: `Lund river`, `the auditor Lund`, `Lund founder`."""

import re
from functools import cache

from transforms.entities.context import UPPER, Context, fill
from transforms.entities.gazetteer import label_of
from transforms.entities.gazetteer import no_names as spurious
from transforms.entities.heads import label_by_head
from transforms.models import Span
from transforms.rules import rules

_NAME = rf"[{UPPER}][\w’&-]{{1,24}}"
_RUN = re.compile(rf"{_NAME}(?:[ ]{_NAME}){{0,3}}(?=(?:['’]s)?([ ][a-z][a-z-]{{2,20}})?)")
_AHEAD = 14
"""The longest noun ahead of a name, with its blank."""

Row = tuple[str, bool]
"""The label that a noun gives, and whether it says enough for a lone word that opens a sentence."""


@cache
def _nouns(side: str) -> dict[str, list[tuple[str, Row]]]:
    """The first word of each noun behind a name, or the last of each ahead of it, -> the rest and the row."""
    found: dict[str, list[tuple[str, Row]]] = {}
    for row in rules("heads")["noun"]:
        for noun in row.get(side, ()):
            first, _, rest = noun.partition(" ") if side == "after" else noun.rpartition(" ")[::-1]
            found.setdefault(first, []).append((rest, (row["label"], row.get("sure", side == "before"))))
    return found


@cache
def _no_names() -> frozenset[str]:
    return frozenset(rules("heads")["no_names"]["words"].split())


def heed_nouns(context: Context, spans: list[Span]) -> list[Span]:
    """A capitalised name that no span has is what the noun beside it says, or its own last word: `Lund Desert`."""
    text = context.text
    taken = {span.start for span in spans}
    behind, ahead = _nouns("after"), _nouns("before")
    found: list[Span] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start in taken:
            continue
        noun = match[1]
        row = _row_behind(text, start, match.end(1), behind[noun[1:]]) if noun and noun[1:] in behind else None
        if row is None and text[start - 1 : start] == " ":
            word = text[max(0, start - _AHEAD) : start - 1].rpartition(" ")[2]
            row = _row_ahead(text, start - 2 - len(word), ahead[word]) if word in ahead else None
        if row is None and text.find(" ", start, end) > 0:
            if (first := _opening(match[0])) in ahead and _is_opening(context, start):
                row = _row_ahead("", 0, ahead[first])
                start += len(first) + 1
            elif label := label_by_head(match[0]):
                name = _named(context, start, end, label, False)
                found += [name] if name and " " in text[name.start : name.end] else []
        if row and (name := _named(context, start, end, *row)):
            found.append(name)
    return fill(spans, found) if found else spans


_COMMON = frozenset({"ORG", "PERSON", "PRODUCT", "WORK_OF_ART"})


def drop_common(context: Context, spans: list[Span]) -> list[Span]:
    """A lone word that only ever opens a sentence is no name where it is a common one, or the text has it in small
    letters: `Tea prices rose`. People are called after common words, bodies seldom.
    """
    text, words = context.text, _lone_words()
    lone = {
        name
        for span in spans
        if span.label in _COMMON
        and (
            (name := text[span.start : span.end]) in words
            or (span.label != "PERSON" and name.isalpha() and not name.isupper())
        )
        and _opens(context, span)
    }
    small = set(text.split()) if lone - words else set()
    common = {name for name in lone if name in words or name.lower() in small}
    if common:
        common -= {word for span in spans if not _opens(context, span) for word in text[span.start : span.end].split()}
    return [span for span in spans if text[span.start : span.end] not in common] if common else spans


def _opens(context: Context, span: Span) -> bool:
    """Whether a sentence begins with the span and goes on in small letters."""
    text = context.text
    ahead = text[max(0, span.start - 2) : span.start]
    if ahead[-1:] == " " and ahead[0].isalpha():
        return False
    behind = text[span.end : span.end + 2]
    if behind[:1] != " " or not behind[1:].islower():
        return False
    return context.sentence_at(span.start)[0] == span.start


@cache
def _lone_words() -> frozenset[str]:
    """Words that are no name alone, whatever a model thinks."""
    return frozenset(rules("heads")["no_names"]["lone"].split())


def _opening(run: str) -> str:
    """The first word of several, small, if it may be a noun ahead of the rest: `Auditor Lund`, not `Bank Negara`."""
    first, _, rest = run.partition(" ")
    return first.lower() if rest and first not in _in_names() else ""


@cache
def _in_names() -> frozenset[str]:
    return frozenset(rules("heads")["in_names"]["words"].split())


def _is_opening(context: Context, start: int) -> bool:
    """Whether a sentence begins at `start`, or the text behind a dateline."""
    return start == context.sentence_at(start)[0] or context.text[max(0, start - 2) : start] in ("- ", "— ", "– ")


def _row_behind(text: str, start: int, at: int, rows: list[tuple[str, Row]]) -> Row | None:
    if text.endswith((" of ", " and "), max(0, start - 5), start):  # the end of a longer name
        return None
    return next((row for rest, row in rows if not rest or text.startswith(f" {rest}", at)), None)


def _row_ahead(text: str, at: int, rows: list[tuple[str, Row]]) -> Row | None:
    return next((row for rest, row in rows if not rest or text.endswith(rest, 0, max(0, at))), None)


def _named(context: Context, start: int, end: int, label: str, sure: bool) -> Span | None:
    """The name, but for words that only begin a sentence; a lone word there only if the noun or its shape says so."""
    text = context.text
    words = text[start:end].split()
    while words and words[0] in _no_names():
        start += len(words.pop(0)) + 1
    name = text[start:end]
    if name in spurious():
        return None
    if not words or _no_names().intersection(words) or label_of(name) or label_of(words[-1]):
        return None
    if len(words) == 1 and not sure and start <= context.sentence_at(start)[0] and sum(map(str.isupper, name)) < 2:
        return None
    return None if len(words) > 1 and name.isupper() else Span(start, end, label)
