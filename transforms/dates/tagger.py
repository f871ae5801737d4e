"""From a text to its TIMEX3 expressions: recognise, compose, resolve."""

from collections.abc import Sequence
from datetime import date

from transforms.dates import anchors as anchoring
from transforms.dates import calendars, clocks, durations, relative
from transforms.dates.compose import Composer
from transforms.dates.grammar import Grammar, Match
from transforms.dates.order import day_comes_first
from transforms.dates.senses import Reading, resolve
from transforms.dates.values import moment, value_bounds
from transforms.models import Span, Timex

SENSE_MODULES = (calendars, clocks, durations, relative)
"""Importing them registers their senses."""
_GRAMMAR = Grammar()
_COMPOSER = Composer(_GRAMMAR)


def tag(text: str, published: date | None, *, spans: Sequence[Span] = (), day_first: bool | None = None) -> list[Timex]:  # noqa: ARG001
    """The time expressions of `text` by their start; none overlap, and `text[start:end]` is the expression.

    `published` is the day that `today` and `Monday` are reckoned from; without it they stay underspecified. `day_first`
    is the source's habit for `01/02/2003`; None leaves it open where the text does not tell. `spans`, a model's DATE
    and TIME spans, are not taken up: as a backstop they cost more precision than they brought recall (docs/dates.md).
    """
    tokens, symbols = _GRAMMAR.lexicon.read(text)
    matches = _COMPOSER.compose(_GRAMMAR.matches(tokens, symbols), tokens, symbols)
    quotes = anchoring.quoted(tokens)
    narrative = anchoring.narrates(matches, quotes, published)
    if day_first is None:
        day_first = day_comes_first(matches)
    anchors = anchoring.Anchors(moment(published) if published else None, narrative, day_first, tokens, quotes)
    out: list[Timex] = []
    for match in matches:
        reading = resolve(match, anchors)
        if reading is None:
            continue
        if reading.type in ("DATE", "TIME"):
            anchors.remember(reading.value, match)
        out.append(_timex(match, reading))
    return out


def _timex(match: Match, reading: Reading) -> Timex:
    bounds = value_bounds(reading.value)
    return Timex(
        match.tokens[0].start,
        match.tokens[-1].end,
        reading.type,
        reading.value,
        reading.mod,
        bounds.granularity,
        bounds.earliest,
        bounds.latest,
        reading.anchor,
        match.rule.id,
    )


def bounds(timexes: Sequence[Timex]) -> tuple[date | None, date | None]:
    """The earliest and latest day that a text of unknown date can have been published, as far as it says; else None.

    Only `since` bounds it: what has lasted since March 1998 was written down in March 1998 or later. Other dates may
    lie ahead of the writer, and nothing in a text says that it was written before a day.
    """
    since = [t.earliest for t in timexes if t.rule == "since" and t.earliest is not None]
    return max(since, default=None), None
