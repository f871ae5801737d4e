"""From a text to its TIMEX3 expressions: recognise, compose, resolve."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from transforms.dates import calendars, clocks, durations, relative
from transforms.dates.anchors import Anchors
from transforms.dates.compose import Composer
from transforms.dates.grammar import Grammar, Match
from transforms.dates.narrative import first_told, narrates, quoted
from transforms.dates.order import day_comes_first
from transforms.dates.senses import Reading, resolve
from transforms.dates.values import moment, value_bounds
from transforms.models import Timex

SENSE_MODULES = (calendars, clocks, durations, relative)
"""Importing them registers their senses."""
_GRAMMAR = Grammar()
_COMPOSER = Composer(_GRAMMAR)
_BOUNDING = frozenset(compiled.rule.id for compiled in _GRAMMAR.compiled if compiled.rule.bounds_publication)
_RANGE = "+range"


def tag(text: str, published: date | None, *, day_first: bool | None = None) -> list[Timex]:
    """The time expressions of `text` by their start; none overlap, and `text[start:end]` is the expression.

    `published` is the day that `today` and `Monday` are reckoned from; without it they stay underspecified. `day_first`
    is the source's habit for `01/02/2003`; None leaves it open where the text does not tell.
    """
    tokens = _GRAMMAR.lexicon.read(text)
    matches = _COMPOSER.compose(_GRAMMAR.matches(tokens), tokens)
    if not matches:
        return []
    quotes = quoted(tokens)
    narrative = narrates(matches, tokens, quotes, published)
    if day_first is None:
        day_first = day_comes_first(matches)
    anchors = Anchors(moment(published) if published else None, narrative, day_first, tokens, quotes)
    if narrative:
        anchors.previous = first_told(matches)
    tagged: dict[int, Timex] = {}
    for match in matches:
        reading = resolve(match, anchors)
        if reading is None:
            continue
        if reading.type in ("DATE", "TIME"):
            anchors.remember(reading.value, match)
        tagged[match.first] = _timex(match, reading, *tokens.span(match.first, match.last))
    for match in matches:
        if match.until is not None and match.first in tagged and match.until.first in tagged:
            pair = (match.first, match.until.first)
            tagged |= zip(pair, _joined(tagged[pair[0]], tagged[pair[1]]), strict=True)
    return list(tagged.values())


def _timex(match: Match, reading: Reading, start: int, end: int) -> Timex:
    known = value_bounds(reading.value)
    return Timex(
        start=start,
        end=end,
        type=reading.type,
        value=reading.value,
        mod=reading.mod,
        granularity=known.granularity,
        earliest=known.earliest,
        latest=known.latest,
        anchor=reading.anchor,
        rule=match.rule.id,
    )


def _joined(first: Timex, last: Timex) -> tuple[Timex, Timex]:
    """Both ends of a range with the days of the whole; as they were where its days are not known or run backwards."""
    if (
        not first.earliest
        or not last.latest
        or not first.earliest <= last.latest
        or "DURATION" in (first.type, last.type)
    ):
        return first, last
    return (
        replace(first, latest=last.latest, rule=first.rule + _RANGE),
        replace(last, earliest=first.earliest, rule=last.rule + _RANGE),
    )


def bounds(timexes: Sequence[Timex]) -> tuple[date | None, date | None]:
    """The earliest and latest day that a text of unknown date can have been published, as far as it says; else None.

    Only `since` bounds it: what has lasted since March 1998 was written down in March 1998 or later. Other dates may
    lie ahead of the writer, and nothing in a text says that it was written before a day.
    """
    since = [t.earliest for t in timexes if t.earliest and t.rule.removesuffix(_RANGE) in _BOUNDING]
    return max(since, default=None), None
