"""TIMEX3 values: how they are written and which days they cover. Knows nothing of texts.

Written as in ISO-TimeML and HeidelTime: `1998-03-04`, `1998-03`, `1998-W12`, `1998-W12-WE`, `1998-Q1`, `1998-H2`,
`1998-SU`, `1998`, `199` (decade), `19` (century), `2` (millennium), `BC0044`, `FY1998`, `1998-03-04T10:30`,
`1998-03-04TMO`, `P3D`, `PXW`, `PRESENT_REF`. An X stands for a digit that is not known.
"""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import NamedTuple

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REMEMBERED = 4096
"""Values whose days and moments are remembered: the texts of a day name much the same ones."""
REFERENCES = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")

_CALENDAR = re.compile(
    r"(?P<era>BC|FY)?(?P<year>[0-9X]{4})"
    r"(?:-(?:W(?P<week>[0-9X]{2})(?:-(?P<weekpart>WE|[1-7X]))?|Q(?P<quarter>[1-4X])|H(?P<half>[12X])"
    r"|(?P<season>SP|SU|FA|WI)|(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?))?"
    r"(?P<time>T(?:MO|MI|AF|EV|NI|DT|XX|[0-9X]{2}(?::[0-9X]{2}(?::[0-9X]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?))?"
)
_SPAN = re.compile(r"(?P<era>BC)?(?P<digits>[0-9X]{1,3})")
_AMOUNT = r"(?:[0-9]+(?:\.[0-9]+)?|X)"
_DURATION = re.compile(
    rf"P(?:{_AMOUNT}(?:ML|CE|DE|Y))?(?:{_AMOUNT}Q)?(?:{_AMOUNT}M)?(?:{_AMOUNT}WE)?(?:{_AMOUNT}W)?(?:{_AMOUNT}D)?"
    rf"(?:T(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?)?"
)
_DURATION_UNITS = {"S": "second", "H": "hour", "D": "day", "W": "week", "WE": "weekend", "Q": "quarter", "Y": "year",
                   "DE": "decade", "CE": "century", "ML": "millennium"}  # fmt: skip
_SPANS = {1: ("millennium", 1000), 2: ("century", 100), 3: ("decade", 10)}
# The northern, meteorological seasons. Some name a winter by its December, some by its January: its bounds hold both.
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value names: its grain, and the first and last day where both are known."""

    granularity: str | None = None
    earliest: date | None = None
    latest: date | None = None


class Moment(NamedTuple):
    """A point to reckon from, known to the day, the month or the year. A negative year is B.C.; there is no year 0."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> date | None:
        """The day, where it is known and Python can hold it."""
        try:
            return date(self.year, self.month, self.day) if self.month and self.day else None
        except ValueError:
            return None


def moment(day: date) -> Moment:
    return Moment(day.year, day.month, day.day)


def days_in(year: int, month: int) -> int:
    """The days of a month; of a leap year where the calendar of `year` is none of Python's."""
    return 29 if month == 2 and (isleap(year) or not MINYEAR <= year <= MAXYEAR) else _DAYS[month - 1]


def year_value(year: int | None) -> str:
    """`1998`, `BC0044`; `XXXX` for a year that is not known or that four figures cannot write."""
    if not year or abs(year) > MAXYEAR:
        return "XXXX"
    return f"BC{-year:04d}" if year < 0 else f"{year:04d}"


def month_value(year: int | None, month: int | None) -> str:
    return f"{year_value(year)}-{_two(month)}"


def day_value(year: int | None, month: int | None, day: int | None) -> str:
    return f"{year_value(year)}-{_two(month)}-{_two(day)}"


def week_value(day: date) -> str:
    """The ISO week that holds `day`."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def decade_value(year: int) -> str:
    return f"BC{-year // 10:03d}" if year < 0 else f"{year // 10:03d}"


def century_value(year: int) -> str:
    return f"BC{-year // 100:02d}" if year < 0 else f"{year // 100:02d}"


def _two(number: int | None) -> str:
    return "XX" if number is None else f"{number:02d}"


@lru_cache(_REMEMBERED)
def value_moment(value: str | None) -> Moment | None:
    """The point that a calendar value gives to reckon from, as fine as the value; None for all others."""
    match = _CALENDAR.fullmatch(value or "")
    if match is None or "X" in match["year"] or match["era"] == "FY":
        return None
    year = -int(match["year"]) if match["era"] else int(match["year"])
    if year == 0:
        return None
    if match["week"]:
        monday = _monday(year, match["week"])
        return moment(monday) if monday else Moment(year)
    month = _number(match["month"])
    if match["season"]:
        month = SEASON_MONTHS[match["season"]]
    elif match["quarter"] and match["quarter"] != "X":
        month = int(match["quarter"]) * 3 - 2
    if month is not None and not 1 <= month <= 12:
        return Moment(year)
    return Moment(year, month, _number(match["day"]) if month else None)


@lru_cache(_REMEMBERED)
def value_bounds(value: str | None) -> Bounds:
    """The grain and the days of a TIMEX3 value; all None for a reference and for what cannot be read.

    An unknown month or day leaves the year's or month's days: `1998-XX-XX` is some day of 1998. A fiscal year has no
    days, since every company has its own, nor has a year B.C., which Python cannot hold.
    """
    if not value or value in REFERENCES:
        return Bounds()
    if value[0] == "P":
        return Bounds(_duration_grain(value))
    if match := _SPAN.fullmatch(value):
        grain, years = _SPANS[len(match["digits"])]
        known = not match["era"] and "X" not in value
        return _years(grain, int(match["digits"]) * years, years) if known else Bounds(grain)
    if match := _CALENDAR.fullmatch(value):
        return _calendar_bounds(match)
    return Bounds()


def _duration_grain(value: str) -> str | None:
    if len(value) < 3 or value.endswith("T") or not _DURATION.fullmatch(value):
        return None
    unit = re.sub(r".*[0-9X]", "", value)
    if unit == "M":
        return "minute" if "T" in value else "month"
    return _DURATION_UNITS[unit]


def _calendar_bounds(match: re.Match[str]) -> Bounds:
    grain, year = _grain(match), _number(match["year"])
    if year is None or match["era"]:
        return Bounds(grain)
    if match["week"]:
        return _week_bounds(grain, year, match["week"], match["weekpart"])
    first, count = _month_span(match)
    day = _number(match["day"])
    if day is None or count != 1:
        return _months(grain, year, first, count)
    known = Moment(year, first, day).date if 1 <= first <= 12 and day else None
    return Bounds(grain, known, known)


def _month_span(match: re.Match[str]) -> tuple[int, int]:
    """First month, and how many; a winter begins in December of the year before, which is month 0."""
    if match["season"]:
        first = SEASON_MONTHS[match["season"]]
        return (0, 15) if first == 12 else (first, 3)
    for part, months in (("quarter", 3), ("half", 6), ("month", 1)):
        number = _number(match[part])
        if number is not None:
            return number * months - months + 1, months
    return 1, 12


def _week_bounds(grain: str, year: int, week: str, part: str | None) -> Bounds:
    monday = _monday(year, week)
    if monday is None:
        return _months(grain, year, 1, 12) if week == "XX" else Bounds(grain)
    first, last = {None: (0, 6), "X": (0, 6), "WE": (5, 6)}.get(part) or (int(part or 1) - 1,) * 2
    return _days(grain, monday, first, last)


def _grain(match: re.Match[str]) -> str:
    time = match["time"]
    if time:
        if not time[1].isdigit():
            return "daypart"
        return ("hour", "minute", "second")[min(re.split("[Z+-]", time)[0].count(":"), 2)]
    if match["weekpart"]:
        return "weekend" if match["weekpart"] == "WE" else "day"
    named = next((n for n in ("week", "quarter", "half", "season", "day", "month") if match[n]), None)
    return named or ("fiscal year" if match["era"] == "FY" else "year")


def _number(digits: str | None) -> int | None:
    return int(digits) if digits and digits.isdigit() else None


def _monday(year: int, week: str) -> date | None:
    try:
        return date.fromisocalendar(year, int(week), 1)
    except ValueError:
        return None


def _days(grain: str, monday: date, first: int, last: int) -> Bounds:
    try:
        return Bounds(grain, monday + timedelta(first), monday + timedelta(last))
    except OverflowError:
        return Bounds(grain)


def _years(grain: str, first: int, count: int) -> Bounds:
    last = first + count - 1
    if last < MINYEAR or last > MAXYEAR:
        return Bounds(grain)
    return Bounds(grain, date(max(first, MINYEAR), 1, 1), date(last, 12, 31))


def _months(grain: str, year: int, month: int, count: int) -> Bounds:
    """The days of `count` months; the month before January is 0."""
    first, last = year * 12 + month - 1, year * 12 + month + count - 2
    if not 0 <= month <= 12 or first // 12 < MINYEAR or last // 12 > MAXYEAR:
        return Bounds(grain)
    last_year, last_month = last // 12, last % 12 + 1
    final = date(last_year, last_month, days_in(last_year, last_month))
    return Bounds(grain, date(first // 12, first % 12 + 1, 1), final)


def shifted(origin: Moment, unit: str, count: int) -> str:
    """The value `count` units from `origin`, at the grain of the unit: a month before 2013-03-22 is `2013-02`.

    What `origin` does not know stays X. `unit` is a unit of `date_words.toml`; hours and shorter give the day.
    """
    if unit in ("D", "W", "2W", "WE", "H", "MIN", "S"):
        return _shifted_days(origin, unit, count)
    if unit in ("M", "Q"):
        if origin.month is None:
            return f"{year_value(origin.year)}-XX" if unit == "M" else f"{year_value(origin.year)}-QX"
        there, month = months_on(origin, count * (3 if unit == "Q" else 1))
        return month_value(there, month) if unit == "M" else f"{year_value(there)}-Q{(month + 2) // 3}"
    year = _years_on(origin.year, count * {"Y": 1, "DE": 10, "CE": 100, "ML": 1000}[unit])
    if year is None:
        return "XXXX"
    if unit == "ML":
        return str(year // 1000) if year > 0 else "XXXX"
    return {"Y": year_value, "DE": decade_value, "CE": century_value}[unit](year)


def _shifted_days(origin: Moment, unit: str, count: int) -> str:
    start = origin.date
    if start is None:
        return (
            f"{year_value(origin.year)}-WXX"
            if unit in ("W", "2W", "WE")
            else day_value(origin.year, origin.month, None)
        )
    days = {"D": 1, "W": 7, "2W": 14, "WE": 7}.get(unit, 0) * count
    try:
        day = start + timedelta(days)
    except OverflowError:
        return "XXXX-XX-XX"
    if unit in ("W", "2W"):
        return week_value(day)
    return f"{week_value(day)}-WE" if unit == "WE" else day.isoformat()


def months_on(origin: Moment, count: int) -> tuple[int, int]:
    """Year and month `count` months from a moment whose month is known."""
    index = origin.year * 12 + (origin.month or 1) - 1 + count
    return (index // 12 or 1), index % 12 + 1


def _years_on(year: int, count: int) -> int | None:
    """There is no year 0: the year after 1 B.C. is 1."""
    there = year + count
    if year < 0 <= there:
        there += 1
    elif there <= 0 < year:
        there -= 1
    return there if -9999 <= there <= MAXYEAR else None


_WRITTEN = {"D": "P{}D", "W": "P{}W", "2W": "P{}W", "WE": "P{}WE", "M": "P{}M", "Q": "P{}Q", "Y": "P{}Y",
            "DE": "P{}DE", "CE": "P{}CE", "ML": "P{}ML", "H": "PT{}H", "MIN": "PT{}M", "S": "PT{}S"}  # fmt: skip
# Units that are written as another: a count of decades is one of years, a part of a year one of months.
_AS_OTHER = {"DE": ("Y", 10), "CE": ("Y", 100), "ML": ("Y", 1000), "2W": ("W", 2)}
_PARTS = {"H": ("MIN", 60), "Y": ("M", 12)}


def duration_value(unit: str, count: float | str) -> str:
    """`P3D`, `PT30M`, `P1.5Y`; `PXW` for a count of `X`. `unit` is a unit of `date_words.toml`."""
    if isinstance(count, str):
        return _WRITTEN[unit].format("X")
    if unit in _AS_OTHER or (unit in _PARTS and 0 < count < 1):
        unit, times = (_AS_OTHER | _PARTS)[unit]
        count *= times
    return _WRITTEN[unit].format(f"{count:.10f}".rstrip("0").rstrip("."))
