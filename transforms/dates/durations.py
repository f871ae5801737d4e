"""Senses of durations, sets and references: `three weeks`, `twice a week`, `now`."""

from transforms.dates.anchors import Anchors
from transforms.dates.grammar import Match
from transforms.dates.numbers import quantity
from transforms.dates.senses import Reading, sense
from transforms.dates.values import duration_value, month_value
from transforms.dates.words import MODIFIERS


def modifier(words: list[str], kind: str = "mod") -> str | None:
    """The TIMEX3 `mod` of `more than`, `nearly`, `about`…; None for no words.

    `kind` is `mod` for a duration, `ago` and `later` for the date that lies so far off.
    """
    return MODIFIERS[" ".join(words)][kind] if words else None


@sense
def duration(match: Match, _: Anchors) -> Reading | None:
    """`more than three weeks`, `two and a half years`, `62 years old`; a bare plural is of unknown length."""
    unnamed = "X" if match.meaning("u", "UNITS") else 1.0
    count = quantity(match.words("n"), match.rule.arguments.get("count", unnamed))
    if count is None:
        return None
    if match.captures.get("half") and not isinstance(count, str):
        count += 0.5
    unit = match.meaning("u", "UNIT", "UNITS", "LONGADJECTIVE")
    return Reading("DURATION", duration_value(unit, count), mod=modifier(match.words("q")))


@sense
def duration_of_two(match: Match, _: Anchors) -> Reading | None:
    """`4 hours 10 minutes`; of unknown length where either count is open."""
    whole, part = quantity(match.words("n")), quantity(match.words("k"))
    if whole is None or part is None:
        return None
    first = duration_value(match.meaning("u", "UNIT", "UNITS"), whole)
    second = duration_value(match.meaning("v", "UNIT", "UNITS"), part)
    return Reading("DURATION", first + second.removeprefix("P").removeprefix("T"), mod=modifier(match.words("q")))


@sense
def every(match: Match, _: Anchors) -> Reading | None:
    """`every two weeks`, `every other day`; `every weekend` is `weekends`."""
    count = quantity(match.words("n"), 2.0 if "other" in match.vocabulary else 1.0)
    if count is None:
        return None
    unit = match.meaning("u", "UNIT", "UNITS")
    return Reading("SET", "XXXX-WXX-WE" if (unit, count) == ("WE", 1.0) else duration_value(unit, count))


@sense
def every_named(match: Match, _: Anchors) -> Reading | None:
    """`every Monday`, `Mondays`, `each May`, `weekends`."""
    if number := match.meaning("w", "WEEKDAY", "WEEKDAYS"):
        return Reading("SET", f"XXXX-WXX-{number}{match.meaning('p', 'DAYPART', 'DAYPARTS') or ''}")
    if month := match.meaning("m", "MONTH"):
        return Reading("SET", month_value(None, month))
    if name := match.meaning("s", "SEASON"):
        return Reading("SET", f"XXXX-{name}")
    part = match.meaning("p", "DAYPART")
    return Reading("SET", f"XXXX-XX-XX{part}" if part else "XXXX-WXX-WE")


@sense
def frequency(match: Match, anchors: Anchors) -> Reading | None:
    """`annual`, `weekly`; not in a name, `the Daily Mail`."""
    if anchors.begins_name(match):
        return None
    return Reading("SET", str(match.meaning("f", "FREQUENCY")))


@sense
def rate(match: Match, _: Anchors) -> Reading | None:
    """`a year` after a number, `twice a week`, `per day`."""
    return Reading("SET", duration_value(match.meaning("u", "UNIT"), 1.0))


@sense
def reference(match: Match, _: Anchors) -> Reading | None:
    """`now`, `recently`, `the future`."""
    return Reading("DATE", match.rule.arguments.get("value") or str(match.meaning("w", "REFERENCE")))


@sense
def opening_past(match: Match, anchors: Anchors) -> Reading | None:
    """`Previously` at the head of a sentence of news."""
    before = anchors.tokens.words[match.first - 1] if match.first else "."
    return Reading("DATE", "PAST_REF") if before in (".", "!", "?", "\n\n") and not anchors.narrative else None


@sense
def reporting_present(_: Match, anchors: Anchors) -> Reading | None:
    """`at this time` is the writer's present in news; in a narrative it is the time told."""
    return None if anchors.narrative else Reading("DATE", "PRESENT_REF")


@sense
def narrative_past(_: Match, anchors: Anchors) -> Reading | None:
    """`former` is a time expression to those who annotate histories (TIMEX2), not to those who annotate news."""
    return Reading("DATE", "PAST_REF") if anchors.narrative else None
