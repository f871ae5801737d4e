"""What a match says, and the register of the functions that read one: the `sense` of a rule is a function's name."""

from collections.abc import Callable
from typing import NamedTuple

from transforms.dates.anchors import Anchors
from transforms.dates.grammar import Match
from transforms.dates.numbers import small_number
from transforms.dates.values import value_bounds
from transforms.dates.words import MEANINGS


class Reading(NamedTuple):
    """What an expression says. `anchor` is what the value was reckoned from: `none`, `published` or `previous`."""

    type: str
    value: str
    anchor: str = "none"
    mod: str | None = None


Sense = Callable[[Match, Anchors], Reading | None]
SENSES: dict[str, Sense] = {}


def sense(function: Sense) -> Sense:
    """Register a function as the sense of its name."""
    SENSES[function.__name__] = function
    return function


def resolve(match: Match, anchors: Anchors) -> Reading | None:
    """The reading of `match`, None where its words make no date after all (`February 31`)."""
    reading = SENSES[match.rule.sense](match, anchors)
    if reading is None:
        return None
    if match.half and len(reading.value) == 4:
        reading = reading._replace(value=f"{reading.value}-H{match.half}")
    if match.part:
        reading = reading._replace(type="TIME", value=narrowed(reading.value, match.part))
    mod = match.mod or reading.mod or _mod(match, reading)
    return reading._replace(mod=mod) if mod else reading


def _mod(match: Match, reading: Reading) -> str | None:
    """The `mod` of `late last year`, of `year-end` and of half of what is no year."""
    if reading.type not in ("DATE", "TIME"):
        return None
    if match.half and "-H" not in reading.value:
        return "START" if match.half == 1 else "END"
    named = match.rule.arguments.get("mod") or MEANINGS["ADVANCE"].get(match.tokens[0])
    return str(named) if named else None


def narrowed(value: str, part: str) -> str:
    """A day narrowed to a part of it, `TMO` or `T10:00`; of a value that is no day, some day of it."""
    day = value.partition("T")[0]
    grain = value_bounds(day).granularity
    if grain == "season":
        day = day[:-3]
    if grain in ("year", "season"):
        day += "-XX-XX"
    elif grain == "month":
        day += "-XX"
    elif grain not in ("day", "week", "weekend", "quarter", "half"):
        day = "XXXX-XX-XX"
    return day + part


def named_year(match: Match, anchors: Anchors) -> tuple[int | None, str]:
    """The year that the expression itself gives, and its anchor; (None, "") where it gives none."""
    digits = match.word("y").lstrip("'’‘`")
    if digits:
        return (anchors.full_year(int(digits)) if len(digits) == 2 else int(digits)), "none"
    words = set(match.words("r"))
    if not words:
        return None, ""
    if words & {"last", "this", "next"}:
        origin, anchor = anchors.deictic()
        delta = ("next" in words) - ("last" in words)
    else:
        origin, anchor = anchors.anaphoric()
        delta = ("following" in words) - bool(words & {"previous", "preceding", "prior"})
    return (origin.year + delta if origin else None), anchor


def named_month(match: Match) -> int | None:
    """The month that the expression names, 1 to 12."""
    month = match.meaning("m", "MONTH", "MONTHABBR")
    return int(month) if month is not None else None


def named_weekday(match: Match) -> int | None:
    """The weekday that stands with a date, 1 Monday to 7: `Saturday, Nov. 17`."""
    known = (MEANINGS["WEEKDAY"].get(word) or MEANINGS["WEEKDAYABBR"].get(word) for word in match.tokens)
    return next((int(number) for number in known if number), None)


def named_day(match: Match) -> int | None:
    """The day of the month that the expression names, in figures or in words."""
    return small_number(match.words("d"))


def ordinal(match: Match) -> int | None:
    """`third` as 3, `last` as -1."""
    return -1 if match.word("n") in ("last", "final") else small_number(match.words("n"))
