"""Senses of what stands in a calendar: days, months, seasons, quarters, years and what is longer."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from transforms.dates import named_days
from transforms.dates.anchors import Anchors
from transforms.dates.grammar import Match
from transforms.dates.numbers import small_number
from transforms.dates.senses import Reading, named_day, named_month, named_weekday, named_year, ordinal, sense
from transforms.dates.values import (
    SEASON_MONTHS,
    Moment,
    day_value,
    days_in,
    decade_value,
    month_value,
    shifted,
    value_moment,
    week_value,
    year_value,
)

_COMPACT_TIME = re.compile(r"(?<=T\d\d)(?=\d\d)|(?<=T\d{4})(?=\d\d)")
"""Where the colons of `T1030` and `T103059` would stand."""


@sense
def calendar(match: Match, anchors: Anchors) -> Reading | None:
    """A year, month or day, as far as it is named; a year that is not named is found from the anchors."""
    month, day = named_month(match), named_day(match)
    year, anchor = named_year(match, anchors)
    if month is None:
        return Reading("DATE", year_value(year), anchor)
    if not anchor:
        year, anchor = anchors.year_of(month, day, match)
    if day is None:
        return Reading("DATE", month_value(year, month), anchor)
    if anchor != "none" and year and (weekday := named_weekday(match)):
        year = next((y for y in (year, year - 1, year + 1) if _weekday(y, month, day) == weekday), year)
    if not 1 <= day <= days_in(year or 4, month):
        return None
    return Reading("DATE", day_value(year, month, day), anchor)


def _weekday(year: int, month: int, day: int) -> int | None:
    known = Moment(year, month, day).date if day else None
    return known.isoweekday() if known else None


@sense
def some_day(match: Match, anchors: Anchors) -> Reading | None:
    """`that January day in 2011`."""
    year, anchor = named_year(match, anchors)
    return Reading("DATE", day_value(year, named_month(match), None), anchor)


@sense
def day_with_name(match: Match, anchors: Anchors) -> Reading | None:
    """Christmas and the like, in the year that is named or that the words around ask for."""
    row = match.rule.arguments
    year, anchor = named_year(match, anchors)
    if "year" in row:
        year, anchor = row["year"], "none"
    elif match.word("k"):
        year, anchor = _asked_year(row, match.meaning("k", "DEICTIC"), anchors)
    elif not anchor:
        year, anchor = anchors.year_of(*named_days.approximate(row), match)
    day = named_days.day_of(row, year) if year is not None else None
    if day is None:
        return Reading("DATE", day_value(year, row.get("month"), row.get("day")), anchor)
    if match.word("u") == "weekend":
        return Reading("DATE", week_value(day - timedelta(day.isoweekday() == 1)) + "-WE", anchor)
    return Reading("DATE", day.isoformat(), anchor)


def _asked_year(row: Mapping[str, Any], direction: int, anchors: Anchors) -> tuple[int | None, str]:
    """The year of `last Christmas`, before the anchor's day; of `next Christmas`, after it; else the anchor's own."""
    origin, anchor = anchors.deictic()
    day = named_days.day_of(row, origin.year) if origin else None
    if origin is None or day is None:
        return None, anchor
    here = origin.date or day
    return origin.year - (direction < 0 and day >= here) + (direction > 0 and day <= here), anchor


@sense
def iso(match: Match, _: Anchors) -> Reading | None:
    """`1998-03-04` and `1998-03-04T10:30`."""
    word = match.word("x").upper()
    known = value_moment(word[:10])
    if known is None or known.date is None:
        return None
    return Reading("TIME", _COMPACT_TIME.sub(":", word)) if "T" in word else Reading("DATE", word)


@sense
def numeric(match: Match, anchors: Anchors) -> Reading | None:
    """`31/12/2002`, `12/31/02`, `31.12.2002`; where both readings make a day and no habit is known, only the year."""
    word = match.word("x")
    parts = word.replace("/", "-").replace(".", "-").split("-")
    first, second, third = (int(p) for p in parts)
    if len(parts[0]) == 4:
        return _real_day(first, second, third)
    if len(parts[0]) > 2 or len(parts[2]) == 3 or (len(parts[2]) == 2 and "-" in word):
        return None
    year = anchors.full_year(third) if len(parts[2]) == 2 else third
    if first == second or second > 12:
        return _real_day(year, first, second)
    if first > 12 or "." in word or anchors.day_first:
        return _real_day(year, second, first)
    if anchors.day_first is None:
        return Reading("DATE", day_value(year, None, None))
    return _real_day(year, first, second)


def _real_day(year: int, month: int, day: int) -> Reading | None:
    if year < 1 or not 1 <= month <= 12 or Moment(year, month, day).date is None:
        return None
    return Reading("DATE", day_value(year, month, day))


@sense
def nth(match: Match, anchors: Anchors) -> Reading | None:
    """`the 4th`, `Monday the 4th`: of the anchor's month."""
    day = named_day(match)
    origin, anchor = anchors.deictic()
    if day is None or not 1 <= day <= 31:
        return None
    if origin is None:
        return Reading("DATE", day_value(None, None, day))
    return Reading("DATE", day_value(origin.year, origin.month, day), anchor)


@sense
def year_end(match: Match, _: Anchors) -> Reading | None:
    """The `18` of `1914-18`, in the century of the year before it."""
    first, last = int(match.word("y")), int(match.word("e"))
    return Reading("DATE", year_value(first // 100 * 100 + last)) if last > first % 100 else None


@sense
def era(match: Match, _: Anchors) -> Reading | None:
    """`493 BC`, `April 480 BC`."""
    year = _era_year(match)
    if year is None:
        return None
    month, day = named_month(match), named_day(match)
    if month is None:
        return Reading("DATE", year_value(year))
    return Reading("DATE", month_value(year, month) if day is None else day_value(year, month, day))


@sense
def ancient(match: Match, anchors: Anchors) -> Reading | None:
    """A year of three figures, in a narrative that tells of such years; B.C. where the last one told was."""
    told = anchors.previous.year if anchors.narrative and anchors.previous else None
    if told is None or abs(told) > 999:
        return None
    return Reading("DATE", year_value(int(match.word("y")) * (1 if told > 0 else -1)))


def _era_year(match: Match) -> int | None:
    """The year with its era, B.C. negative; None where there is no such year."""
    year = int(match.word("y")) * int(match.meaning("e", "ERA"))
    return year if 1 <= abs(year) <= 9999 else None


@sense
def fiscal(match: Match, anchors: Anchors) -> Reading | None:
    """`fiscal 2013`."""
    digits = int(match.word("y"))
    return Reading("DATE", f"FY{digits if digits > 99 else anchors.full_year(digits):04d}")


@sense
def decade(match: Match, anchors: Anchors) -> Reading | None:
    """`the 1990s`, `the '90s`, `the nineties`."""
    plural = match.meaning("y", "TENSPLURAL")
    digits = str(plural * 10) if plural else match.word("y").strip("'’‘`s")
    return Reading("DATE", digits[:3] if len(digits) == 4 else decade_value(anchors.full_year(int(digits))))


@sense
def century(match: Match, anchors: Anchors) -> Reading | None:
    """`the 18th century`, `the 5th century BC`; not a name, `20th Century Fox`."""
    if anchors.begins_name(match) and "-" not in match.vocabulary:
        return None
    number = small_number(match.words("n"))
    if number is None or not 1 <= number <= 99:
        return None
    return Reading("DATE", ("BC" if match.meaning("e", "ERA") == -1 else "") + f"{number - 1:02d}")


@sense
def quarter(match: Match, anchors: Anchors) -> Reading | None:
    """`the third quarter of 2012`, `Q3`; `the last quarter` is the one before the anchor's, of a year its fourth."""
    code = match.word("n").strip("q")
    number = int(code) if code.isdigit() else ordinal(match)
    year, anchor = named_year(match, anchors)
    if number == -1 and not anchor:
        origin, anchor = anchors.deictic()
        return Reading("DATE", shifted(origin, "Q", -1) if origin else "XXXX-QX", anchor)
    if number not in (-1, 1, 2, 3, 4):
        return None
    number = 4 if number == -1 else number
    if not anchor:
        # Firms report a quarter, and others expect what they report, in the months after it.
        year, anchor = anchors.year_of(number * 3 - 2, None, match, ahead=70, over=186)
        year = anchors.year_reported(year, number)
    return Reading("DATE", f"{year_value(year)}-Q{number}", anchor)


@sense
def half(match: Match, anchors: Anchors) -> Reading | None:
    """`the second half of 2012`; without a year the last that is over, by its last month."""
    number = {"first": 1, "second": 2, "latter": 2, "last": 2, "final": 2}.get(match.word("n"))
    year, anchor = named_year(match, anchors)
    if number and not anchor:
        year, anchor = anchors.year_of(number * 6, None, match)
    return Reading("DATE", f"{year_value(year)}-H{number}", anchor) if number else None


@sense
def season(match: Match, anchors: Anchors) -> Reading | None:
    """`the spring of 1998`, `winter`, `summer 480 BC`."""
    name = match.meaning("s", "SEASON")
    if match.word("e"):
        before = _era_year(match)
        return Reading("DATE", f"{year_value(before)}-{name}") if before else None
    year, anchor = named_year(match, anchors)
    if not anchor:
        # By its middle month: a summer is not over in July. Histories name a winter by its January, news by December.
        middle = SEASON_MONTHS[name] % 12 + 1 if name != "WI" or anchors.narrative else 12
        year, anchor = anchors.year_of(middle, None, match)
    return Reading("DATE", f"{year_value(year)}-{name}", anchor)


@sense
def season_relative(match: Match, anchors: Anchors) -> Reading | None:
    """`last summer`: the one that ended before the anchor's season; `next winter` the one that begins after it."""
    name, word = match.meaning("s", "SEASON"), match.word("r")
    origin, anchor = anchors.deictic() if word in ("last", "this", "next", "past") else anchors.anaphoric()
    if origin is None:
        return Reading("DATE", f"XXXX-{name}")
    begins, month, year = SEASON_MONTHS[name], origin.month or 1, origin.year
    if word in ("last", "past", "previous"):
        year -= begins + 2 >= month
    elif word in ("next", "following"):
        year += begins <= month
    elif name == "WI":
        year -= month <= 3
    return Reading("DATE", f"{year_value(year)}-{name}", anchor)


@sense
def week_of(match: Match, anchors: Anchors) -> Reading | None:
    """`the week of March 4`."""
    named = calendar(match, anchors)
    origin = value_moment(named.value) if named else None
    if named is None or origin is None or origin.date is None:
        return None
    return Reading("DATE", week_value(origin.date), named.anchor)


@sense
def nth_of_month(match: Match, anchors: Anchors) -> Reading | None:
    """`the last week of March`, `the first Sunday in May 2012`."""
    month, number = named_month(match), ordinal(match)
    year, anchor = named_year(match, anchors)
    if month is None or number is None:
        return None
    if not anchor:
        year, anchor = anchors.year_of(month, None, match)
    if year is None or not 1 <= year <= 9998:
        return Reading("DATE", month_value(year, month), anchor)
    unit = match.meaning("u", "UNIT")
    if unit == "D":
        day = days_in(year, month) if number < 0 else number
        return Reading("DATE", day_value(year, month, day), anchor) if day <= days_in(year, month) else None
    # A week belongs to the month of its Thursday, as by ISO 8601 to the year.
    weekday = {"W": 4, "WE": 6}.get(unit) or int(match.meaning("w", "WEEKDAY"))
    found = _nth_weekday(year, month, weekday, number)
    if found is None:
        return None
    week = {"W": week_value(found), "WE": week_value(found) + "-WE"}
    return Reading("DATE", week.get(unit) or found.isoformat(), anchor)


def _nth_weekday(year: int, month: int, weekday: int, number: int) -> date | None:
    day = named_days.nth_weekday(year, month, weekday, number)
    return day if day.month == month else None
