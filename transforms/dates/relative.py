"""Senses of what is reckoned from another point: `yesterday`, `last week`, `three years later`."""

from datetime import date, timedelta

from transforms.dates.anchors import Anchors, Origin
from transforms.dates.durations import modifier
from transforms.dates.grammar import Match
from transforms.dates.numbers import quantity
from transforms.dates.senses import Reading, named_month, named_year, resolve, sense
from transforms.dates.values import Moment, month_value, shifted, value_bounds, value_moment, year_value

_UNKNOWN = {"W": "XXXX-WXX", "2W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "M": "XXXX-XX", "Q": "XXXX-QX", "Y": "XXXX",
            "DE": "XXX", "CE": "XX", "ML": "X"}  # fmt: skip
_SHORT = ("H", "MIN", "S")
# A part of a unit in the next smaller one: a year and a half ago is 18 months ago.
_FINER = {"Y": ("M", 12), "M": ("D", 30), "W": ("D", 7), "DE": ("Y", 10), "CE": ("Y", 100)}


def unit_value(origin: Origin, unit: str, count: int) -> Reading:
    """The unit `count` from the origin's, underspecified where there is no origin."""
    moment, anchor = origin
    value = shifted(moment, unit, count) if moment else _UNKNOWN.get(unit, "XXXX-XX-XX")
    return Reading("TIME", value + "TXX", anchor) if unit in _SHORT else Reading("DATE", value, anchor)


def reckoned(match: Match, anchors: Anchors, unit: str, count: int) -> Reading:
    """The unit `count` from that of the date told before. A past tense that would come to lie after publication goes
    back to what lies in the past, and is underspecified where nothing does."""
    reading = unit_value(anchors.anaphoric(unit), unit, count)
    if not _lies_ahead(reading, anchors):
        return reading
    origins = anchors.told(match, back=count < 0)
    others = (unit_value(origin, unit, count) for origin in origins)
    unknown = unit_value((None, "none"), unit, count) if origins else reading
    return next((other for other in others if not _lies_ahead(other, anchors)), unknown)


def _lies_ahead(reading: Reading, anchors: Anchors) -> bool:
    first, today = value_bounds(reading.value).earliest, anchors.published
    return bool(first and today and today.date and first > today.date)


def _day_on(day: date, days: int, anchor: str) -> Reading:
    try:
        return Reading("DATE", (day + timedelta(days)).isoformat(), anchor)
    except OverflowError:
        return Reading("DATE", "XXXX-XX-XX")


@sense
def weekday(match: Match, anchors: Anchors) -> Reading | None:
    """The most recent such day, the anchor's own day included.

    `last` asks for one before that day, `this` for the week's own, `next` for the first after that day; so do the words
    around where they say plainly that it lies ahead (`will meet on Friday`, `until Monday`).
    """
    if anchors.begins_name(match, "the") or anchors.within_name(match):
        return None  # the Sunday Times, the Harbour Sunday Post
    number = int(match.meaning("w", "WEEKDAY", "WEEKDAYABBR"))
    word = match.word("r")
    origin, anchor = anchors.deictic()
    day = origin.date if origin else None
    if day is None:
        return Reading("DATE", f"XXXX-WXX-{number}")
    if word == "this" and not match.vocabulary & {"past", "coming"}:
        return _day_on(day, number - day.isoweekday(), anchor)
    back = (day.isoweekday() - number) % 7
    ahead = word == "" and back and (anchors.direction(match) > 0 or anchors.precedes_contest(match, near=back > 2))
    if word == "next" or "coming" in match.vocabulary or ahead:
        back -= 7
    elif back == 0 and (word == "last" or "past" in match.vocabulary):
        back = 7
    return _day_on(day, -back, anchor)


@sense
def weekday_of_week(match: Match, anchors: Anchors) -> Reading | None:
    """`Monday of next week`."""
    number = int(match.meaning("w", "WEEKDAY"))
    words = match.vocabulary
    origin, anchor = anchors.deictic()
    day = origin.date if origin else None
    if day is None:
        return Reading("DATE", f"XXXX-WXX-{number}")
    weeks = bool(words & {"next", "following"}) - bool(words & {"last", "previous"})
    return _day_on(day, number - day.isoweekday() + 7 * weeks, anchor)


@sense
def today(match: Match, anchors: Anchors) -> Reading | None:
    """`today`, `yesterday`, `the day after tomorrow`."""
    words = match.vocabulary
    if words == {"today"} and anchors.generic_today(match):
        return Reading("DATE", "PRESENT_REF")
    count = ("tomorrow" in words) - ("yesterday" in words)
    return unit_value(anchors.deictic(), "D", count * (2 if words & {"before", "after"} else 1))


@sense
def tonight(match: Match, anchors: Anchors) -> Reading | None:
    """`tonight`, `last night`, `this morning`; not in a name, `the Tonight Show`."""
    if anchors.begins_name(match):
        return None
    words = match.vocabulary
    day = unit_value(anchors.deictic(), "D", -("last" in words))
    part = next((p for w, p in (("morning", "TMO"), ("afternoon", "TAF"), ("evening", "TEV")) if w in words), "TNI")
    return Reading("TIME", day.value + part, day.anchor)


def fiscal_year(anchors: Anchors, count: int) -> Reading:
    origin, anchor = anchors.deictic()
    return Reading("DATE", f"FY{year_value(origin.year + count if origin else None)}", anchor)


@sense
def unit_relative(match: Match, anchors: Anchors) -> Reading | None:
    """`last week`, `this year`, `next quarter`."""
    unit, count = match.meaning("u", "UNIT"), match.meaning("r", "DEICTIC")
    if match.vocabulary & {"fiscal", "financial"} and unit == "Y":
        return fiscal_year(anchors, count)
    if unit in ("S", "MIN") or (unit == "D" and count < 0):
        return None
    return unit_value(anchors.deictic(), unit, count)


@sense
def unit_before_last(match: Match, anchors: Anchors) -> Reading | None:
    """`the week before last`."""
    return unit_value(anchors.deictic(), match.meaning("u", "UNIT"), -2 if match.word("r") == "before" else 2)


@sense
def unit_anaphoric(match: Match, anchors: Anchors) -> Reading | None:
    """`the following year`, `that month`, `the year before`."""
    unit, word = match.meaning("u", "UNIT", "UNITS"), match.word("r")
    if unit in _SHORT:
        return None
    count = {"previous": -1, "preceding": -1, "prior": -1, "before": -1, "earlier": -1, "same": 0, "that": 0}.get(
        word, 1
    )
    return reckoned(match, anchors, unit, count)


@sense
def unit_current(match: Match, anchors: Anchors) -> Reading | None:
    """`the year`, `the day`: what the sentence has just named, else the anchor's own; `the quarter ended June 30`.

    `the weekend` and `the quarter` are those that are over, unless the words around look ahead.
    """
    unit = match.meaning("u", "UNIT", "MIDDLE")
    fiscal = unit == "Y" and match.vocabulary & {"fiscal", "financial"}
    ended = resolve(match.day, anchors) if match.day else None
    if ended and (end := value_moment(ended.value)):
        year = unit_value((end, ended.anchor), unit, 0)
        return year._replace(value=f"FY{year.value}") if fiscal and end.month != 12 else year
    if fiscal:
        return fiscal_year(anchors, 0)
    named = anchors.named(unit, match)
    if named:
        return Reading("DATE", named, "previous")
    moment, anchor = anchors.deictic()
    day = moment.date if moment else None
    direction = 1 if anchors.narrative else anchors.direction(match)
    over = direction <= 0
    if unit == "WE" and day and over and day.isoweekday() <= (5 if direction < 0 else 4):
        return Reading("DATE", shifted(Moment(day.year, day.month, day.day), "WE", -1), anchor)
    return unit_value((moment, anchor), unit, -1 if unit == "Q" and over else 0)


@sense
def period(_: Match, anchors: Anchors) -> Reading | None:
    """`the period` of a firm's report: the quarter that the text named last."""
    return Reading("DATE", anchors.last_quarter, "previous") if anchors.last_quarter and not anchors.narrative else None


@sense
def latest(match: Match, anchors: Anchors) -> Reading | None:
    """`the latest quarter`: the last that is over."""
    return unit_value(anchors.deictic(), match.meaning("u", "UNIT"), -1)


@sense
def new_year(_: Match, anchors: Anchors) -> Reading | None:
    """The year to come from July on, before that the year that has begun."""
    origin, anchor = anchors.deictic()
    return Reading("DATE", year_value(origin.year + ((origin.month or 12) > 6)) if origin else "XXXX", anchor)


@sense
def same_period(match: Match, anchors: Anchors) -> Reading | None:
    """`the same month a year ago`: what the sentence named before, a year earlier, at the grain that is asked for."""
    unit = {"month": "M", "week": "W", "quarter": "Q", "day": "D"}.get(match.word("u"), "")
    near = anchors.near(match) or (anchors.last_quarter if unit == "Q" or match.word("u") == "period" else "")
    if not near and unit == "Q" and (today := anchors.deictic()[0]):
        near = shifted(today, "Q", -1)  # what firms report is the quarter that is over
    origin, anchor = (value_moment(near), "previous") if near else anchors.deictic()
    if origin is None:
        return Reading("DATE", "XXXX")
    named, _ = named_year(match, anchors)
    if named is not None:
        origin = Moment(named + 1, origin.month, origin.day)
    if near and (not unit or (unit == "Q") == ("-Q" in near)):
        return Reading("DATE", year_value(origin.year - 1) + near[4:].split("T")[0], anchor)
    return unit_value((Moment(origin.year - 1, origin.month, origin.day), anchor), unit or "Y", 0)


@sense
def month_relative(match: Match, anchors: Anchors) -> Reading | None:
    """`last October`, `next May`, `the following March`."""
    month, word = named_month(match), match.word("r")
    origin, anchor = anchors.deictic() if word in ("last", "this", "next", "past") else anchors.anaphoric()
    if origin is None or month is None:
        return Reading("DATE", month_value(None, month))
    here, year = origin.month or 1, origin.year
    if word in ("last", "previous", "past"):
        year -= month >= here
    elif word in ("next", "following"):
        year += month <= here
    return Reading("DATE", month_value(year, month), anchor)


@sense
def this_part(match: Match, anchors: Anchors) -> Reading | None:
    """`earlier this month`, `later that year`, `late in the day`."""
    words, unit = match.vocabulary, match.meaning("u", "UNIT")
    if unit in _SHORT:
        return None
    if words & {"last", "this", "next"}:
        return unit_value(anchors.deictic(), unit, ("next" in words) - ("last" in words))
    if words & {"that", "same", "following", "previous"}:
        return reckoned(match, anchors, unit, ("following" in words) - ("previous" in words))
    return unit_current(match, anchors)


@sense
def ago(match: Match, anchors: Anchors) -> Reading | None:
    """`three years ago`, to the year."""
    one_year = match.word("u") == "year" and match.word("n") in ("", "one") and not match.word("q")
    return (_year_before(match, anchors) if one_year else None) or _distance(match, anchors.deictic(), -1)


@sense
def from_now(match: Match, anchors: Anchors) -> Reading | None:
    """`three years from now`."""
    return _distance(match, anchors.deictic(), 1)


@sense
def later(match: Match, anchors: Anchors) -> Reading | None:
    """`three years later`, `two days earlier`; later than what, only a date in the text can tell."""
    unit = match.meaning("u", "UNIT", "UNITS")
    back = match.word("r") in ("earlier", "previously", "beforehand", "before")
    if unit in _SHORT and (time := _clock_on(match, anchors.last_value, -1 if back else 1)):
        return time
    origin = anchors.anaphoric(unit)
    if not back and origin[1] != "previous" and _count(match) not in ("X", None):
        return unit_value((None, "none"), unit, 0)
    reading = _distance(match, origin, -1 if back else 1)
    if reading is None or not _lies_ahead(reading, anchors) or not (told := anchors.told(match, back=back)):
        return reading
    return _distance(match, told[0], -1) if back else unit_value((None, "none"), unit, 0)


def _clock_on(match: Match, value: str, sign: int) -> Reading | None:
    """The clock time so many hours or minutes from the one that the text named last; None where it named none."""
    day, _, clock = value.partition("T")
    count, unit = _count(match), match.meaning("u", "UNIT", "UNITS")
    if len(day) != len("2013-03-22") or len(clock) != len("10:30") or not isinstance(count, float) or count > 9999:
        return None
    origin = value_moment(day)
    if origin is None or origin.date is None or not clock[:2].isdigit():
        return None
    minutes = int(clock[:2]) * 60 + int(clock[3:]) + sign * round(count * {"H": 60, "MIN": 1, "S": 0}[unit])
    there = _day_on(origin.date, minutes // 1440, "previous")
    return Reading("TIME", f"{there.value}T{minutes % 1440 // 60:02d}:{minutes % 60:02d}", "previous")


@sense
def ago_day(match: Match, anchors: Anchors) -> Reading | None:
    """`two weeks ago Tuesday`: so many weeks before the most recent such day."""
    origin, anchor = anchors.deictic()
    day, count = origin.date if origin else None, quantity(match.words("n"))
    if count is None:
        return None
    if day is None or isinstance(count, str):
        return Reading("DATE", "XXXX-XX-XX")
    number = match.meaning("w", "WEEKDAY")
    back = (day.isoweekday() - number) % 7 if number else {"today": 0, "yesterday": 1}[match.word("w")]
    return _day_on(day, -back - int(min(count, 9999)) * 7, anchor)


@sense
def weekday_before_last(match: Match, anchors: Anchors) -> Reading | None:
    """`the Tuesday before last`: a week before the last such day before the anchor's."""
    origin, anchor = anchors.deictic()
    number = int(match.meaning("w", "WEEKDAY"))
    if origin is None or origin.date is None:
        return Reading("DATE", f"XXXX-WXX-{number}")
    return _day_on(origin.date, -((origin.date.isoweekday() - number - 1) % 7 + 8), anchor)


@sense
def year_earlier(match: Match, anchors: Anchors) -> Reading | None:
    """`a year earlier`."""
    return _year_before(match, anchors) or unit_value(anchors.anaphoric(), "Y", -1)


@sense
def from_day(match: Match, anchors: Anchors) -> Reading | None:
    """`a week from Monday`: from the next Monday."""
    origin, anchor = anchors.deictic()
    day = origin.date if origin else None
    count = quantity(match.words("n"))
    if count is None:
        return None
    weeks = {"W": 7, "D": 1}.get(match.meaning("u", "UNIT", "UNITS"))
    if day is None or weeks is None or isinstance(count, str):
        return Reading("DATE", "XXXX-XX-XX")
    number = match.meaning("w", "WEEKDAY")
    ahead = (number - day.isoweekday()) % 7 if number else {"tomorrow": 1, "today": 0, "yesterday": -1}[match.word("w")]
    return _day_on(day, ahead + int(min(count, 9999)) * weeks, anchor)


def _year_before(match: Match, anchors: Anchors) -> Reading | None:
    """A year before the quarter or month that the sentence reports on: `in May, up from a year earlier`."""
    near = anchors.near(match)
    origin = value_moment(near)
    if anchors.narrative or origin is None or len(near) != len("2012-Q3"):
        return None
    return Reading("DATE", year_value(origin.year - 1) + near[4:], "previous")


def _count(match: Match) -> float | str | None:
    return quantity(match.words("n"), "X" if match.meaning("u", "UNITS") else 1.0)


def _distance(match: Match, origin: Origin, sign: int) -> Reading | None:
    unit = match.meaning("u", "UNIT", "UNITS")
    count = _count(match)
    if count is None:
        return None
    mod = modifier(match.words("q"), "ago" if sign < 0 else "later")
    moment, anchor = origin
    if isinstance(count, str) or count > 9999 or moment is None:
        return Reading("DATE", "PAST_REF" if sign < 0 else "FUTURE_REF", mod=mod)
    if unit in _SHORT:
        return Reading("TIME", shifted(moment, "D", 0) + "TXX", anchor, mod)
    if count != int(count) and unit in _FINER:
        unit, parts = _FINER[unit]
        count *= parts
    return Reading("DATE", shifted(moment, unit, sign * round(count)), anchor, mod)
