"""Publication dates as records and the heads of texts write them.

What a string leaves open comes back as an interval, not as a guess: `May 2013` is 1 to 31 May, `03/05/2013` is 5 March
to 3 May. A time zone is not applied: the date as written is the one that the text's `today` means.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from dateutil import parser

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
WEEKDAY = r"(?i:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)\b\.?"
DAY = r"[0-3]?\d(?i:st|nd|rd|th)?"
YEAR = r"(?:1[5-9]|20)\d\d"
DATE = rf"(?:{MONTH} {DAY}(?:,? {YEAR})?|{DAY} {MONTH}(?:,? {YEAR})?|{YEAR}-[01]\d-[0-3]\d)(?![\w-])"
"""A day as datelines and page heads write it; its blanks are single spaces."""

CLOCK = r"(?:,? (?:at )?[0-2]?\d[:.][0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\.?)?(?: \(?[A-Z]{2,5}\)?)?)"
STATED = re.compile(
    rf"(?:(?P<label>(?i:(?:(?:first )?(?:published|posted|released|issued)|publication date)(?: on| at)?:?|date:)) ?)?"
    rf"(?:{WEEKDAY},? )?(?P<date>{DATE}){CLOCK}?(?P<after> ?[|–—]| - |$)?"
)
BYLINE_TAIL = re.compile(rf"^By [^|\n]{{2,80}}?(?: ?[|–—·•] ?| - |, )(?:{WEEKDAY},? )?(?P<date>{DATE})")
HEAD = 300
"""Characters at the head of a text in which it states its own date."""

DATE_PARTS = re.compile(r"\d+|[A-Za-z]+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS = 100_000_000_000
"""A number from here on counts milliseconds since 1970 (March 1973), a smaller one seconds (until the year 5138)."""
YEAR_SECONDS = 31_536_000
"""Fewer seconds than a year since 1970 are some other number: a day, a count."""
YEAR_FIRST = re.compile(r"\d{4}(?!\d)")
DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d")


def interval(value: object) -> tuple[date, date]:
    """The first and the last day that a record's date can mean; the same day twice where it is plain.

    Reads ISO 8601, RFC 2822, seconds or milliseconds since 1970 (UTC), `YYYYMMDD`, and what dateutil reads in English.
    Raises `ValueError` for anything else, as for a day that no calendar has.
    """
    if isinstance(value, str) and len(text := value.strip()) <= 64:
        if text.isdecimal():
            return number(int(text))
        for parse in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                day = parse(text).date()
            except (ValueError, TypeError, IndexError):
                continue
            return day, day
        return loose(text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    raise ValueError("no date")


def number(value: float) -> tuple[date, date]:
    """The days of a number: a year, `YYYYMMDD`, or a moment since 1970."""
    if 1500 <= value <= 2200:
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if 15_000_000 <= value <= 22_001_231:
        day = date(int(value) // 10_000, int(value) // 100 % 100, int(value) % 100)
    elif abs(value) < YEAR_SECONDS:
        raise ValueError("no date")
    else:
        try:
            seconds = value / 1000 if abs(value) >= MILLISECONDS else value
            day = (EPOCH + timedelta(seconds=seconds)).date()
        except OverflowError as error:
            raise ValueError("no date") from error
    return day, day


def loose(text: str) -> tuple[date, date]:
    """The days that dateutil can read in a string. What the string does not say is filled in from both ends of the
    year, and a date all in figures is read both ways round unless it begins with the year or has dots (day first)."""
    orders = [False] if YEAR_FIRST.match(text) else [True] if DOTTED.match(text) else [False, True]
    days = []
    for day_first in orders:
        for default in (datetime(1804, 1, 1), datetime(2396, 12, 31)):
            try:
                days.append(parser.parse(text, default=default, dayfirst=day_first, ignoretz=True).date())
            except (ArithmeticError, LookupError, TypeError, AttributeError) as error:
                raise ValueError("no date") from error
    if {day.year for day in days} & {1804, 2396}:
        raise ValueError("no year")
    return min(days), max(days)


def day_of(text: str) -> date | None:
    """The day of a string that matches `DATE`; None without a year or where no calendar has it."""
    parts = [part.lower() for part in DATE_PARTS.findall(text)]
    figures = [int(part) for part in parts if part.isdigit()]
    month = next((MONTHS.index(part[:3]) + 1 for part in parts if part[:3] in MONTHS), None)
    try:
        if month is None:
            return date(*figures)
        day, year = figures
        return date(year, month, day)
    except (TypeError, ValueError):
        return None


def stated(text: str) -> date | None:
    """The day on which a text says, in the lines of its head, that it was published: `Published: 3 May 2013`, a line
    that is nothing but a date, `May 3, 2013 | …`, `By Ada Lund | May 3, 2013`. None where it does not."""
    for line in text[:HEAD].splitlines()[:8]:
        plain = " ".join(line.split())
        match = STATED.match(plain)
        if match and (match["label"] or match["after"] is not None):
            return day_of(match["date"])
        if match := BYLINE_TAIL.match(plain):
            return day_of(match["date"])
    return None
