"""Days with a name, from the rows of `named_days.toml`: Christmas, Labor Day, Good Friday."""

from collections.abc import Mapping
from datetime import MAXYEAR, date, timedelta
from typing import Any

GREGORIAN = 1583
"""The first whole year of the Gregorian calendar, by which Easter is reckoned here."""


def easter(year: int) -> date:
    """Easter Sunday of the western churches in a Gregorian year (J.-M. Oudin, 1940)."""
    golden, century = year % 19, year // 100
    correction = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    full_moon = correction - correction // 28 * (1 - 29 // (correction + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + full_moon + 2 - century + century // 4) % 7
    day = full_moon - weekday
    month = 3 + (day + 40) // 44
    return date(year, month, day + 28 - 31 * (month // 4))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` such weekday of a month, 1 Monday to 7 Sunday; -1 is the last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
    return last - timedelta((last.isoweekday() - weekday) % 7)


def day_of(row: Mapping[str, Any], year: int) -> date | None:
    """The day of a named day in `year`; None in years that the reckoning does not reach."""
    if not GREGORIAN <= year < MAXYEAR:
        return None
    if "easter" in row:
        return easter(year) + timedelta(row["easter"])
    if "weekday" in row:
        return nth_weekday(year, row["month"], row["weekday"], row["nth"]) + timedelta(row.get("offset", 0))
    return date(year, row["month"], row["day"])


def approximate(row: Mapping[str, Any]) -> tuple[int, int]:
    """Month and day about which a named day falls in any year."""
    if "easter" in row:
        middle = date(2001, 4, 8) + timedelta(row["easter"])
        return middle.month, middle.day
    return row["month"], row.get("day") or 7 * row["nth"] % 29
