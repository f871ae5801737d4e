"""Publication dates as records and the heads of texts write them.

What a string leaves open comes back as an interval, not as a guess: `May 2013` is 1 to 31 May, `03/05/2013` is 5 March
to 3 May where the habit of its source is not known. A time zone is not applied: the date as written is the one that the
text's `today` means.
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
LINE_END = re.compile(r"\r\n?|\n")

DATE_PARTS = re.compile(r"\d+|[A-Za-z]+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_SECOND, LAST_SECOND = 100_000_000, 4_102_444_800
"""The seconds since 1970 that are a date, March 1973 to 2099. Fewer are a day or a count, more are milliseconds."""
COMPACT = re.compile(r"((?:1[5-9]|2[01])\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
WEEK = re.compile(r"\d{4}(-?)W\d\d")
YEAR_FIRST = re.compile(r"\d{4}(?!\d)")
DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d")


def interval(value: object, day_first: bool | None = None) -> tuple[date, date]:
    """The first and the last day that a record's date can mean; the same day twice where it is plain.

    Reads ISO 8601, RFC 2822, `YYYYMMDD`, `YYYYMMDDhhmm` and `YYYYMMDDhhmmss`, seconds or milliseconds since 1970 (UTC)
    from March 1973 to 2099, and what dateutil reads in English. `day_first` is the source's habit for `03/05/2013`.
    Raises `ValueError` for anything else, as for a day that no calendar has.
    """
    if isinstance(value, str) and len(text := value.strip()) <= 64:
        if text.isdecimal():
            return number(int(text))
        if week := WEEK.fullmatch(text):
            return date.fromisoformat(text), date.fromisoformat(f"{text}{week[1]}7")
        for parse in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                day = parse(text).date()
            except (ValueError, TypeError, LookupError, ArithmeticError):
                continue
            return day, day
        return loose(text, day_first)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    raise ValueError("no date")


def number(value: float) -> tuple[date, date]:
    """The days of a number: a year, a day or time in figures, or a moment since 1970."""
    if 1500 <= value <= 2200:
        return date(int(value), 1, 1), date(int(value), 12, 31)
    if figures := COMPACT.fullmatch(str(value).partition(".")[0]):
        year, month, of_month, hour, minute, second = (int(figure or 0) for figure in figures.groups())
        day = datetime(year, month, of_month, hour, minute, second).date()
        return day, day
    seconds = value if value < LAST_SECOND else value // 1000
    if not FIRST_SECOND <= seconds < LAST_SECOND:
        raise ValueError("no date")
    day = (EPOCH + timedelta(seconds=seconds)).date()
    return day, day


def loose(text: str, day_first: bool | None = None) -> tuple[date, date]:
    """The days that dateutil can read in a string. What the string does not say is filled in from both ends of the
    year, and a date all in figures is read both ways round unless it begins with the year, has dots (day first) or the
    habit of its source is known."""
    orders = [False] if YEAR_FIRST.match(text) else [True] if DOTTED.match(text) else [False, True]
    if len(orders) > 1 and day_first is not None:
        orders = [day_first]
    days = []
    for order in orders:
        for default in (datetime(1804, 1, 1), datetime(2396, 12, 31)):
            try:
                days.append(parser.parse(text, default=default, dayfirst=order, ignoretz=True).date())
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
    for line in head(text):
        plain = " ".join(line.split())
        match = STATED.match(plain)
        if match and (match["label"] or match["after"] is not None):
            return day_of(match["date"])
        if match := BYLINE_TAIL.match(plain):
            return day_of(match["date"])
    return None


def head(text: str) -> list[str]:
    """The first eight lines of a text's head. What goes on beyond the head ends in `…`, or its cut would be a line's
    end."""
    cut = "" if text[HEAD : HEAD + 1] in ("", "\r", "\n") else "…"
    return LINE_END.split(text[:HEAD] + cut)[:8]
