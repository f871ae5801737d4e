"""Places that stand for their teams in reports of matches, and clubs named after places. A country stays a country."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from transforms.entities.context import UPPER, Context, fill, overlay, relabelled
from transforms.entities.gazetteer import is_city, is_country, label_of
from transforms.models import Span
from transforms.rules import rules

_SCORE = re.compile(r"(?<![\d-])\d{1,3}-\d{1,3}(?![\d-])")
_NEXT = re.compile(rf"[ ][{UPPER}][a-z]\w{{1,20}}")
_PREVIOUS = re.compile(rf"(?<![\w.])[{UPPER}][\w-]{{1,20}}[ ]\Z")
_DOUBTFUL = frozenset({"PERSON", "PRODUCT", "WORK_OF_ART", "NORP"})
_NICKNAME = re.compile(r"\b[Tt]he ([A-Z][a-z]{2,14}[a-rt-z]s)(?![\w-]|['’]|[ ][A-Z])")
_WHERE = ("in ", "In ", "near ", "outside ", "of ")
_SLUG = re.compile(
    r"(?i:soccer|football|american football|nfl|baseball|basketball|nba|ice hockey|nhl"
    r"|rugby(?: union| league)?|cricket)\s?[-:–—]"
)
_REGION_END = re.compile(r"[.)]|,[ ](?!\d)")
_BEATEN = (" games of ", " sweep of ", "ahead of ", "defeat of ", "rout of ", "front of ")
_SIDE = rf"[{UPPER}][\w'’-]{{1,24}}(?:[ ][{UPPER}][\w'’-]{{1,24}}){{0,2}}"
_FIXTURE = re.compile(rf"(?<![\w) ])[ ]?({_SIDE})[ ]vs?\.?[ ]({_SIDE})(?![ ]?\(|\w)")
_LOWER = bytes(code if chr(code) in "abcdefghijklmnopqrstuvwxyz-" else ord(" ") for code in range(256))
"""A blank for all but small letters and hyphens."""


@cache
def _report() -> tuple[frozenset[bytes], frozenset[bytes]]:
    report = rules("sport")["report"]
    return frozenset(report["sure"].encode().split()), frozenset(report["words"].encode().split())


@cache
def _club_words() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(rules("sport")["before"].split()), frozenset(rules("sport")["after"].split())


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    team = rules("sport")["report"]["team"]
    return re.compile(rf"(?<!\w){team['before']}(?:the )?\Z"), re.compile(team["after"])


def know_teams(context: Context, spans: list[Span]) -> list[Span]:
    """In a report of a match: clubs are ORG, and so is a city where it plays; elsewhere nothing changes."""
    text = context.text
    if not _is_report(text):
        return [relabelled(s, "GPE") if s.label == "ORG" and is_city(text[s.start : s.end]) else s for s in spans]
    spans = fill(_clubs(context, spans), [*_nicknames(text), *_bare_nicknames(context)])
    spans = fill(overlay(spans, _fixtures(context, spans)), _short_clubs(context, spans))
    american = len(context.words.keys() & _known_nicknames()) > 1
    playing = {
        name
        for span in spans
        if span.label in ("GPE", "LOC") and american and not is_country(name := text[span.start : span.end])
    }
    if _is_cricket(text):
        playing |= _provinces()
    playing |= {
        text[span.start : span.end] for span in spans if span.label in ("GPE", "LOC", "ORG") and _plays(text, span)
    }
    playing.update(_homes(text[span.start : span.end] for span in spans if span.label == "ORG"))
    return [
        Span(span.start, span.end, "ORG")
        if (
            span.label in ("GPE", "LOC", "PERSON")
            and text[span.start : span.end] in playing
            and not _is_where(text, span)
        )
        or (span.label in _DOUBTFUL and _is_nickname(text, span))
        else span
        for span in spans
    ]


def _is_cricket(text: str) -> bool:
    return "wicket" in text or "innings" in text


@cache
def _provinces() -> frozenset[str]:
    return frozenset(name.strip() for name in rules("sport")["cricket"].split("|"))


def _fixtures(context: Context, spans: list[Span]) -> Iterator[Span]:
    """Both sides of `Lund v Brandt Rovers`, where they are nobody's surnames."""
    text = context.text
    if " v " not in text and " vs" not in text:
        return
    full = {text[span.start : span.end] for span in spans if span.label == "PERSON"}
    people = {name.rpartition(" ")[2] for name in full if " " in name and " v" not in name}
    for match in _FIXTURE.finditer(text):
        for side in (1, 2):
            if not is_country(match[side]) and match[side] not in people:
                yield Span(*match.span(side), "ORG")


def _short_clubs(context: Context, spans: list[Span]) -> Iterator[Span]:
    """`City` alone, where the report has `Lund City`."""
    text = context.text
    before, after = _club_words()
    for word in sorted(context.words.keys() & (before | after)):
        whole = any(
            span.label == "ORG" and word in text[span.start : span.end].split() and " " in text[span.start : span.end]
            for span in spans
        )
        for start in context.words[word] if whole else ():
            end = start + len(word)
            if not (text[end : end + 2].strip(" -").isupper() or _PREVIOUS.search(text, max(0, start - 24), start)):
                yield Span(start, end, "ORG")


def _is_nickname(text: str, span: Span) -> bool:
    """Whether it is a plural with an article: `the Colts`."""
    name = text[span.start : span.end]
    article = text[max(0, span.start - 4) : span.start] in ("the ", "The ")
    return article and name[-1] == "s" and not name.endswith("ss") and label_of(name) is None


def _nicknames(text: str) -> list[Span]:
    """Plurals with an article that the model passed over: `the Colts` in a report are a team."""
    return [
        Span(*match.span(1), "ORG")
        for match in _NICKNAME.finditer(text)
        if match[1] not in _not_nicknames() and label_of(match[1]) is None
    ]


def _bare_nicknames(context: Context) -> Iterator[Span]:
    """Nicknames of well-known teams, with or without an article, that no capitalised word makes part of a name."""
    text = context.text
    for word in sorted(context.words.keys() & _known_nicknames()):
        for start in context.words[word]:
            end = start + len(word)
            if not (text[end : end + 2].strip(" ").isupper() or _PREVIOUS.search(text, max(0, start - 24), start)):
                yield Span(start, end, "ORG")


@cache
def _known_nicknames() -> frozenset[str]:
    return frozenset(rules("sport")["nicknames"].split())


@cache
def _not_nicknames() -> frozenset[str]:
    return frozenset(rules("sport")["not_nicknames"].split())


def _is_report(text: str) -> bool:
    if _SLUG.match(text):
        return True
    sure, words = _report()
    found = words.intersection(text[:3_000].encode("ascii", "replace").translate(_LOWER).split())
    return len(found) > 2 or (len(found) == 2 and bool(found & sure or _SCORE.search(text, 0, 3_000)))


def _clubs(context: Context, spans: list[Span]) -> list[Span]:
    """Clubs that the model missed, and the rest of the names of those of which it found the place."""
    text = context.text
    before, after = _club_words()
    nicknames = _known_nicknames()
    missed = [
        Span(start, name.end(), "ORG")
        for word in sorted(context.words.keys() & before)
        for start in context.words[word]
        if (name := _NEXT.match(text, start + len(word)))
    ]
    whole = []
    for span in spans:
        place = text[span.start : span.end]
        if span.label in ("GPE", "LOC", *_DOUBTFUL) and not is_country(place):
            start, end = span.start, span.end
            first, *rest = place.split()
            if rest and label_of(place) is None and (first in before or rest[-1] in after):
                whole.append(Span(start, end, "ORG"))
            left = _PREVIOUS.search(text, max(0, start - 24), start)
            right = _NEXT.match(text, end)
            start = left.start() if left and left[0].strip() in before else start
            end = right.end() if right and (right[0].strip() in after or right[0].strip() in nicknames) else end
            if end - start > span.end - span.start:
                whole.append(Span(start, end, "ORG"))
    return fill(overlay(spans, whole), missed)


def _homes(names: Iterable[str]) -> Iterator[str]:
    """The city in a club's full name: with `Lund Oilers` in the report, `Lund` is the club."""
    after = _club_words()[1]
    for name in names:
        city, _, last = name.rpartition(" ")
        is_club = last in after or (last[-1:] == "s" and last[-2:] != "ss")
        if city and is_club and label_of(name) is None and not is_country(city):
            yield city


def _plays(text: str, span: Span) -> bool:
    if is_country(text[span.start : span.end]) or _is_where(text, span):
        return False
    before, after = _beside()
    return bool(after.match(text, span.end) or before.search(text, max(0, span.start - 16), span.start))


def _is_where(text: str, span: Span) -> bool:
    """Whether it is where something is rather than who plays: `in Preston`, `Preston, England`."""
    after = text[span.end : span.end + 3]
    if text.endswith(_BEATEN, 0, span.start):
        return False
    in_region = after.startswith(", ") and after[2:].isupper()
    if text.endswith(", ", 0, span.start) and _REGION_END.match(text, span.end):
        return True
    return in_region or text[max(0, span.start - 12) : span.start].endswith(_WHERE)
