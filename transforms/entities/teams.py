"""Places that stand for their teams in reports of matches, and clubs named after places. A country stays a country."""

import re
from functools import cache

from transforms.entities.context import UPPER, Context, overlay
from transforms.entities.gazetteer import is_country, label_of
from transforms.models import Span
from transforms.rules import rules

_SCORE = re.compile(r"(?<![\d-])\d{1,3}-\d{1,3}(?![\d-])")
_NEXT = re.compile(rf"[ ][{UPPER}][a-z]\w{{1,20}}")
_PREVIOUS = re.compile(rf"(?<![\w.])[{UPPER}][a-z]\w{{1,20}}[ ]\Z")
_WORD = re.compile(r"[a-z][a-z-]+")


@cache
def _report() -> frozenset[str]:
    return frozenset(rules("sport")["report"]["words"].split())


@cache
def _club_words() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(rules("sport")["before"].split()), frozenset(rules("sport")["after"].split())


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    team = rules("sport")["report"]["team"]
    return re.compile(rf"(?<!\w){team['before']}(?:the )?\Z"), re.compile(team["after"])


def know_teams(context: Context, spans: list[Span]) -> list[Span]:
    """In a report of a match: clubs are ORG, and so is a city where it plays; elsewhere nothing changes."""
    if not _is_report(context.text):
        return spans
    text = context.text
    spans = overlay(spans, _clubs(context))
    playing = {
        text[span.start : span.end] for span in spans if span.label in ("GPE", "LOC", "ORG") and _plays(text, span)
    }
    return [
        Span(span.start, span.end, "ORG")
        if span.label in ("GPE", "LOC") and text[span.start : span.end] in playing and not _is_where(text, span)
        else span
        for span in spans
    ]


def _is_report(text: str) -> bool:
    words = len(_report().intersection(_WORD.findall(text[:3_000])))
    return words > 2 or (words == 2 and _SCORE.search(text, 0, 3_000) is not None)


def _clubs(context: Context) -> list[Span]:
    before, after = _club_words()
    found = []
    for word in context.words.keys() & before:
        for start in context.words[word]:
            if name := _NEXT.match(context.text, start + len(word)):
                found.append(Span(start, name.end(), "ORG"))
    for word in context.words.keys() & after:
        for start in context.words[word]:
            place = _PREVIOUS.search(context.text, max(0, start - 24), start)
            if place and label_of(place[0].strip()) != "NORP":
                found.append(Span(place.start(), start + len(word), "ORG"))
    return found


def _plays(text: str, span: Span) -> bool:
    name = text[span.start : span.end]
    if is_country(name):
        return False
    after = _beside()[1].match(text, span.end)
    return after is not None and not text[max(0, span.start - 4) : span.start].lower().endswith(("in ", "of "))


def _is_where(text: str, span: Span) -> bool:
    """Whether it is where something is rather than who plays: `in Preston`, `Preston, England`."""
    before = text[max(0, span.start - 12) : span.start]
    return (
        before.endswith(("in ", "In ", "near ", "outside "))
        or text.startswith(", ", span.end)
        and text[span.end + 2 : span.end + 3].isupper()
    )
