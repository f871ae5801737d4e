"""What a match means: from its words and the anchors to a TIMEX3 type and value. One function a `sense` of `dates.toml`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.dates.anchors import Anchors
from transforms.dates.grammar import Match
from transforms.dates.named_days import approximate, day_of
from transforms.dates.numbers import quantity, small_number
from transforms.dates.values import (
    Moment,
    century_value,
    day_value,
    days_in,
    decade_value,
    moment,
    month_value,
    shifted,
    value_moment,
    week_value,
    year_value,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression says. `anchor` is what the value was reckoned from: `none`, `published` or `previous`."""

    type: str
    value: str | None
    anchor: str = "none"
    mod: str | None = None


Sense = Callable[[Match, Anchors], Reading | None]
SENSES: dict[str, Sense] = {}

_FISCAL_UNITS = {"D": "P{}D", "W": "P{}W", "2W": "P{}W", "WE": "P{}WE", "M": "P{}M", "Q": "P{}Q", "Y": "P{}Y",
                 "DE": "P{}DE", "CE": "P{}CE", "ML": "P{}ML", "H": "PT{}H", "MIN": "PT{}M", "S": "PT{}S"}  # fmt: skip
_YEARS_OF = {"DE": 10, "CE": 100, "ML": 1000}


def sense(function: Sense) -> Sense:
    SENSES[function.__name__] = function
    return function


def resolve(match: Match, anchors: Anchors) -> Reading | None:
    """The reading of `match`, None where its words make no date after all (`February 31`)."""
    reading = SENSES[match.rule.sense](match, anchors)
    if reading is None:
        return None
    value, kind = reading.value, reading.type
    if match.half and value and len(value) == 4:
        value = f"{value}-H{match.half}"
    if match.part and value:
        value, kind = narrowed(value, match.part), "TIME"
    return Reading(kind, value, reading.anchor, match.mod or reading.mod)


def narrowed(value: str, part: str) -> str:
    """A day narrowed to a part of it; a value that is no day is some day of it."""
    day = value.split("T")[0]
    if len(day) == 4 and "W" not in day:
        day += "-XX-XX"
    elif len(day) == 7 and day[5] not in "WQH":
        day += "-XX"
    elif day.endswith(("-SP", "-SU", "-FA", "-WI")):
        day = day[:-3] + "-XX-XX"
    return day + part


# --- calendar dates --------------------------------------------------------------------------------------------------


def _year(match: Match, anchors: Anchors) -> tuple[int | None, str]:
    """The year that the expression itself gives, and its anchor; (None, "") where it gives none."""
    word = match.word("y")
    if word:
        digits = word.lstrip("'’‘`")
        if len(digits) == 2:
            return anchors.full_year(int(digits)), "none"
        return int(digits), "none"
    words = set(match.words("r"))
    if not words:
        return None, ""
    if words & {"last", "this", "next"}:
        origin, anchor = anchors.deictic()
        delta = -1 if "last" in words else 1 if "next" in words else 0
    else:
        origin, anchor = anchors.anaphoric()
        delta = -1 if words & {"previous", "preceding"} else 1 if "following" in words else 0
    return (origin.year + delta if origin else None), anchor if origin else "none"


def _month(match: Match) -> int | None:
    month = match.meaning("m", "MONTH", "MONTHABBR")
    return int(month) if month is not None else None


def _day(match: Match) -> int | None:
    digits = match.word("d").rstrip("stndrh")
    return int(digits) if digits else None


@sense
def calendar(match: Match, anchors: Anchors) -> Reading | None:
    month, day = _month(match), _day(match)
    year, anchor = _year(match, anchors)
    if match.rule.id == "weekday-nth":
        return nth(match, anchors)
    if month is None:
        return Reading("DATE", year_value(year), anchor)
    if not anchor:
        year, anchor = anchors.year_of(month, day, match)
    if day is not None and not 1 <= day <= days_in(year or 4, month):
        return None
    value = month_value(year, month) if day is None else day_value(year, month, day)
    return Reading("DATE", value, anchor)


@sense
def day_in_month(match: Match, anchors: Anchors) -> Reading | None:
    year, anchor = _year(match, anchors)
    return Reading("DATE", day_value(year, _month(match), None), anchor)


@sense
def named_day(match: Match, anchors: Anchors) -> Reading | None:
    """Christmas and the like, in the year that is named or that the words around ask for."""
    row = match.rule.arguments
    year, anchor = _year(match, anchors)
    year = row.get("year", year)
    if year is None:
        year, anchor = anchors.year_of(*approximate(row), match)
    day = day_of(row, year) if year is not None else None
    if day is None:
        return Reading("DATE", day_value(year, row.get("month"), row.get("day")), anchor or "none")
    if match.word("u") == "weekend":
        return Reading("DATE", week_value(day - timedelta(day.isoweekday() == 1)) + "-WE", anchor or "none")
    return Reading("DATE", day.isoformat(), anchor or "none")


@sense
def iso(match: Match, anchors: Anchors) -> Reading | None:
    word = match.word("x").upper()
    known = value_moment(word[:10])
    if known is None or known.date is None:
        return None
    return Reading("TIME" if "T" in word else "DATE", word)


@sense
def numeric(match: Match, anchors: Anchors) -> Reading | None:
    """`31/12/2002`, `12/31/02`, `31.12.2002`: the source's habit where both readings make a day."""
    word = match.word("x")
    separator = next(c for c in word if not c.isdigit())
    parts = word.split(separator)
    first, second, third = (int(p) for p in parts)
    if len(parts[0]) == 4:
        return _checked(first, second, third)
    if len(parts[0]) > 2 or len(parts[2]) == 3 or (len(parts[2]) == 2 and separator == "-"):
        return None
    year = anchors.full_year(third) if len(parts[2]) == 2 else third
    day_first = separator == "." or anchors.day_first
    if second > 12 >= first or (not day_first and day_first is not None and first <= 12):
        return _checked(year, first, second)
    if first > 12 >= second or day_first:
        return _checked(year, second, first)
    if first == second:
        return _checked(year, first, second)
    return Reading("DATE", day_value(year, None, None)) if max(first, second) <= 12 and min(first, second) > 0 else None


def _checked(year: int, month: int, day: int) -> Reading | None:
    return Reading("DATE", day_value(year, month, day)) if Moment(year, month, day).date else None


@sense
def nth(match: Match, anchors: Anchors) -> Reading | None:
    day = _day(match)
    origin, anchor = anchors.partial()
    if match.word("r"):
        origin, anchor = anchors.deictic()
    if day is None or not 1 <= day <= 31:
        return None
    if origin is None or origin.month is None:
        return Reading("DATE", day_value(origin.year if origin else None, None, day), anchor if origin else "none")
    return Reading("DATE", day_value(origin.year, origin.month, day), anchor)


@sense
def year_end(match: Match, anchors: Anchors) -> Reading | None:
    origin, _ = anchors.anaphoric()
    digits = int(match.word("e"))
    if origin is None or digits <= origin.year % 100:
        return None
    return Reading("DATE", year_value(origin.year // 100 * 100 + digits))


@sense
def era(match: Match, anchors: Anchors) -> Reading | None:
    year = int(match.word("y"))
    if not 1 <= year <= 9999:
        return None
    year *= match.meaning("e", "ERA") or 1
    month, day = _month(match), _day(match)
    if month is None:
        return Reading("DATE", year_value(year))
    return Reading("DATE", month_value(year, month) if day is None else day_value(year, month, day))


@sense
def fiscal(match: Match, anchors: Anchors) -> Reading | None:
    digits = int(match.word("y"))
    return Reading("DATE", f"FY{digits if digits > 99 else anchors.full_year(digits):04d}")


@sense
def decade(match: Match, anchors: Anchors) -> Reading | None:
    plural = match.meaning("y", "TENSPLURAL")
    digits = str(plural * 10) if plural else match.word("y").strip("'’‘`s")
    if not digits.endswith("0"):
        return None
    if len(digits) == 4:
        return Reading("DATE", digits[:3])
    return Reading("DATE", decade_value(anchors.full_year(int(digits))))


@sense
def century(match: Match, anchors: Anchors) -> Reading | None:
    number = small_number(match.words("n"))
    if number is None or number < 1:
        return None
    before = match.meaning("e", "ERA") == -1
    return Reading("DATE", ("BC" if before else "") + f"{number - 1:02d}")


def _ordinal(match: Match) -> int | None:
    word = match.word("n")
    if word in ("last", "final"):
        return -1
    return small_number(match.words("n"))


@sense
def quarter(match: Match, anchors: Anchors) -> Reading | None:
    word = match.word("n")
    number = int(word.strip("q")) if word[0] == "q" or word.endswith("q") else _ordinal(match)
    year, anchor = _year(match, anchors)
    if number == -1 and not anchor:
        origin, anchor = anchors.deictic()
        return Reading("DATE", shifted(origin, "Q", -1) if origin else "XXXX-QX", anchor if origin else "none")
    if number is None or number > 4:
        return None
    number = 4 if number == -1 else number
    if not anchor:
        year, anchor = anchors.year_of(number * 3 - 2, None, match)
    return Reading("DATE", f"{year_value(year)}-Q{number}", anchor)


@sense
def half(match: Match, anchors: Anchors) -> Reading | None:
    number = {"first": 1, "second": 2, "latter": 2, "last": 2, "final": 2}.get(match.word("n"))
    year, anchor = _year(match, anchors)
    return Reading("DATE", f"{year_value(year)}-H{number}", anchor) if number else None


@sense
def season(match: Match, anchors: Anchors) -> Reading | None:
    name = match.meaning("s", "SEASON")
    if match.word("e"):
        year: int | None = int(match.word("y")) * (match.meaning("e", "ERA") or 1)
        return Reading("DATE", f"{year_value(year)}-{name}")
    word = match.word("r")
    if match.rule.id == "season-relative":
        origin, anchor = anchors.deictic() if word in ("last", "this", "next") else anchors.anaphoric()
        year = (
            _season_year(origin, name, {"this": 0, "last": -1, "next": 1, "previous": -1, "following": 1}.get(word, 0))
            if origin
            else None
        )
        return Reading("DATE", f"{year_value(year)}-{name}", anchor if origin else "none")
    year, anchor = _year(match, anchors)
    if not anchor:
        year, anchor = anchors.year_of({"SP": 4, "SU": 7, "FA": 10, "WI": 12}[name], None, match)
    return Reading("DATE", f"{year_value(year)}-{name}", anchor)


def _season_year(origin: Moment, name: str, direction: int) -> int:
    start = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    month = origin.month or 1
    if direction < 0:
        return (
            origin.year - (start + 2 >= month and not (name == "WI" and month >= 12))
            if name != "WI"
            else origin.year - 1
        )
    if direction > 0:
        return origin.year + (start <= month)
    return origin.year - (name == "WI" and month <= 2)


# --- relative to a point ------------------------------------------------------------------------------------------------


@sense
def weekday(match: Match, anchors: Anchors) -> Reading | None:
    """The most recent such day, the anchor's own day included; `next` the first after it, `last` the last before it."""
    number = int(match.meaning("w", "WEEKDAY", "WEEKDAYABBR"))
    origin, anchor = anchors.partial() if not match.word("r") else anchors.deictic()
    day = origin.date if origin else None
    if day is None:
        return Reading("DATE", f"XXXX-WXX-{number}")
    back = (day.isoweekday() - number) % 7
    word = match.word("r")
    if word == "next" or (word != "last" and back and anchors.direction(match) > 0):
        back -= 7
    elif word == "last" and back == 0:
        back = 7
    return _on(day, -back, anchor)


@sense
def weekday_of_week(match: Match, anchors: Anchors) -> Reading | None:
    number = int(match.meaning("w", "WEEKDAY"))
    words = match_words(match)
    origin, anchor = anchors.deictic()
    day = origin.date if origin else None
    if day is None:
        return Reading("DATE", f"XXXX-WXX-{number}")
    weeks = -1 if words & {"last", "previous"} else 1 if words & {"next", "following"} else 0
    return _on(day, number - day.isoweekday() + 7 * weeks, anchor)


def match_words(match: Match) -> set[str]:
    return {token.word for token in match.tokens}


def _on(day: date, days: int, anchor: str) -> Reading | None:
    try:
        return Reading("DATE", (day + timedelta(days)).isoformat(), anchor)
    except OverflowError:
        return Reading("DATE", "XXXX-XX-XX")


@sense
def today(match: Match, anchors: Anchors) -> Reading | None:
    words = match_words(match)
    if words == {"today"} and anchors.generic_today(match):
        return Reading("DATE", "PRESENT_REF")
    origin, anchor = anchors.deictic()
    count = -1 if "yesterday" in words else 1 if "tomorrow" in words else 0
    if "before" in words or "after" in words:
        count *= 2
    if origin is None:
        return Reading("DATE", "XXXX-XX-XX")
    return Reading("DATE", shifted(origin, "D", count), anchor)


@sense
def tonight(match: Match, anchors: Anchors) -> Reading | None:
    words = match_words(match)
    origin, anchor = anchors.deictic()
    day = shifted(origin, "D", -1 if "last" in words else 0) if origin else "XXXX-XX-XX"
    part = next((p for w, p in (("morning", "TMO"), ("afternoon", "TAF"), ("evening", "TEV")) if w in words), "TNI")
    return Reading("TIME", day + part, anchor if origin else "none")


def _unit_value(origin: Moment | None, anchor: str, unit: str, count: int) -> Reading | None:
    kind = "TIME" if unit in ("H", "MIN", "S") else "DATE"
    if origin is None:
        unknown = {"W": "XXXX-WXX", "2W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "M": "XXXX-XX", "Q": "XXXX-QX", "Y": "XXXX",
                   "DE": "XXX", "CE": "XX", "ML": "X"}.get(unit, "XXXX-XX-XX")  # fmt: skip
        return Reading(kind, unknown + ("TXX" if kind == "TIME" else ""))
    return Reading(kind, shifted(origin, unit, count) + ("TXX" if kind == "TIME" else ""), anchor)


def _fiscal_year(anchors: Anchors, count: int) -> Reading:
    origin, anchor = anchors.deictic()
    return Reading("DATE", f"FY{year_value(origin.year + count if origin else None)}", anchor if origin else "none")


@sense
def unit_relative(match: Match, anchors: Anchors) -> Reading | None:
    unit = match.meaning("u", "UNIT")
    origin, anchor = anchors.deictic()
    if match_words(match) & {"fiscal", "financial"} and unit == "Y":
        return _fiscal_year(anchors, match.meaning("r", "DEICTIC"))
    if unit in ("S", "MIN") or (unit == "D" and match.word("r") == "last"):
        return None
    return _unit_value(origin, anchor, unit, match.meaning("r", "DEICTIC"))


@sense
def unit_anaphoric(match: Match, anchors: Anchors) -> Reading | None:
    unit = match.meaning("u", "UNIT", "UNITS")
    word = match.word("r")
    if unit in ("S", "MIN", "H"):
        return None
    count = {"previous": -1, "preceding": -1, "before": -1, "earlier": -1, "same": 0, "that": 0}.get(word, 1)
    origin, anchor = anchors.anaphoric(unit)
    return _unit_value(origin, anchor, unit, count)


@sense
def unit_current(match: Match, anchors: Anchors) -> Reading | None:
    unit = match.meaning("u", "UNIT")
    if match_words(match) & {"fiscal", "financial"} and unit == "Y":
        return _fiscal_year(anchors, 0)
    named, anchor = anchors.current(unit, match)
    if named and not anchors.narrative:
        return Reading("DATE", named, anchor)
    origin, anchor = anchors.deictic()
    day = origin.date if origin else None
    if unit == "WE" and day and day.isoweekday() <= 4 and anchors.direction(match) <= 0:
        return Reading("DATE", week_value(day - timedelta(7)) + "-WE", anchor)
    if unit == "Q" and not anchors.narrative and anchors.direction(match) <= 0:
        return _unit_value(origin, anchor, unit, -1)
    return _unit_value(origin, anchor, unit, 0)


@sense
def new_year(match: Match, anchors: Anchors) -> Reading | None:
    """The year to come, from the summer on; in winter and spring the year that has begun."""
    origin, anchor = anchors.deictic()
    if origin is None:
        return Reading("DATE", "XXXX")
    return Reading("DATE", year_value(origin.year + ((origin.month or 12) > 6)), anchor)


@sense
def same_period(match: Match, anchors: Anchors) -> Reading | None:
    """`the same month a year ago`: what the sentence named before, a year earlier, at the grain that is asked for."""
    unit = {"month": "M", "week": "W", "quarter": "Q", "day": "D"}.get(match.word("u"), "")
    near = anchors.last_in_sentence(match)
    origin, anchor = (value_moment(near), "previous") if near else anchors.deictic()
    if origin is None:
        return Reading("DATE", "XXXX")
    last = Moment(origin.year - 1, origin.month, origin.day)
    if near and (not unit or (unit == "Q") == ("-Q" in near)):
        return Reading("DATE", year_value(last.year) + near[4:].split("T")[0], anchor)
    return _unit_value(last, anchor, unit or "Y", 0)


@sense
def month_relative(match: Match, anchors: Anchors) -> Reading | None:
    month = _month(match)
    word = match.word("r")
    origin, anchor = anchors.deictic() if word in ("last", "this", "next") else anchors.anaphoric()
    if origin is None or month is None:
        return Reading("DATE", month_value(None, month))
    here = origin.month or 1
    year = origin.year
    if word in ("last", "previous", "past"):
        year -= month >= here
    elif word in ("next", "following"):
        year += month <= here
    return Reading("DATE", month_value(year, month), anchor)


@sense
def ago(match: Match, anchors: Anchors) -> Reading | None:
    if [t.word for t in match.tokens] in (["a", "year", "ago"], ["one", "year", "ago"]) and (reading := _year_before(match, anchors)):
        return reading
    origin, anchor = anchors.deictic()
    return _distance(match, origin, anchor, -1)


@sense
def from_now(match: Match, anchors: Anchors) -> Reading | None:
    origin, anchor = anchors.deictic()
    return _distance(match, origin, anchor, 1)


@sense
def later(match: Match, anchors: Anchors) -> Reading | None:
    origin, anchor = anchors.anaphoric(match.meaning("u", "UNIT", "UNITS"))
    back = match.word("r") in ("earlier", "previously", "beforehand")
    return _distance(match, origin, anchor, -1 if back else 1)


@sense
def from_day(match: Match, anchors: Anchors) -> Reading | None:
    origin, anchor = anchors.deictic()
    day = origin.date if origin else None
    count = quantity(match.words("n")) or 1.0
    unit = match.meaning("u", "UNIT", "UNITS")
    if day is None or count == "X" or unit not in ("D", "W"):
        return Reading("DATE", "XXXX-XX-XX")
    word = match.word("w")
    number = match.meaning("w", "WEEKDAY")
    ahead = (number - day.isoweekday()) % 7 if number else (1 if word == "tomorrow" else -1)
    return _on(day, ahead + int(float(count) * (7 if unit == "W" else 1)), anchor)


@sense
def shifted_year(match: Match, anchors: Anchors) -> Reading | None:
    return _year_before(match, anchors) or _unit_value(*anchors.anaphoric("Y"), "Y", -1)


def _year_before(match: Match, anchors: Anchors) -> Reading | None:
    """A year before the quarter or month that the sentence reports on: `in the third quarter, up from a year earlier`."""
    near = anchors.last_in_sentence(match)
    origin = value_moment(near)
    if anchors.narrative or origin is None or len(near) != 7:
        return None
    return Reading("DATE", year_value(origin.year - 1) + near[4:], "previous")


def _distance(match: Match, origin: Moment | None, anchor: str, sign: int) -> Reading | None:
    unit = match.meaning("u", "UNIT", "UNITS")
    count = quantity(match.words("n")) or ("X" if match.meaning("u", "UNITS") else 1.0)
    mod = _modifier(match.words("q"), distance=sign)
    if count == "X" or origin is None:
        return Reading("DATE", "PAST_REF" if sign < 0 else "FUTURE_REF", mod=mod)
    number = float(count)
    if unit in ("H", "MIN", "S"):
        return Reading("TIME", shifted(origin, "D", 0) + "TXX", anchor, mod)
    if unit == "2W":
        unit, number = "W", number * 2
    if number != int(number):
        unit, number = {"Y": ("M", number * 12), "M": ("D", number * 30), "W": ("D", number * 7),
                        "DE": ("Y", number * 10), "CE": ("Y", number * 100)}.get(unit, (unit, number))  # fmt: skip
    return Reading("DATE", shifted(origin, unit, sign * round(number)), anchor, mod)


@sense
def this_part(match: Match, anchors: Anchors) -> Reading | None:
    words = match_words(match)
    unit = match.meaning("u", "UNIT")
    if unit in ("S", "MIN", "H"):
        return None
    if words & {"last", "this", "next"}:
        origin, anchor = anchors.deictic()
        return _unit_value(origin, anchor, unit, -1 if "last" in words else 1 if "next" in words else 0)
    if words & {"that", "same", "following", "previous"}:
        origin, anchor = anchors.anaphoric(unit)
        return _unit_value(origin, anchor, unit, -1 if "previous" in words else 1 if "following" in words else 0)
    return unit_current(match, anchors)


@sense
def nth_of_month(match: Match, anchors: Anchors) -> Reading | None:
    month = _month(match)
    year, anchor = _year(match, anchors)
    number = _ordinal(match)
    if month is None or number is None:
        return None
    if not anchor:
        year, anchor = anchors.year_of(month, None, match)
    unit, weekday_number = match.meaning("u", "UNIT"), match.meaning("w", "WEEKDAY")
    if year is None or not 1 <= year <= 9998:
        return Reading("DATE", "XXXX-WXX" if unit == "W" else day_value(None, month, None), "none")
    first, length = date(year, month, 1), days_in(year, month)
    if unit == "W":
        # As ISO 8601 gives a week to a year, by its Thursday.
        thursday = (4 - first.isoweekday()) % 7
        last = thursday + (length - 1 - thursday) // 7 * 7
        return Reading("DATE", week_value(first + timedelta(last if number < 0 else thursday + 7 * (number - 1))), anchor)
    if unit == "D":
        return (
            Reading("DATE", day_value(year, month, length if number < 0 else number), anchor)
            if number <= length
            else None
        )
    wanted = int(weekday_number or 6)
    ahead = (wanted - first.isoweekday()) % 7
    days = [first + timedelta(n) for n in range(ahead, length, 7)]
    if number > len(days):
        return None
    day = days[-1 if number < 0 else number - 1]
    return Reading("DATE", week_value(day) + "-WE" if unit == "WE" else day.isoformat(), anchor)


# --- clock times ----------------------------------------------------------------------------------------------------------


def clock_part(match: Match) -> str | None:
    """`T19:30` and the like from the words of a clock time; None where it is none."""
    word = match.word("c")
    number = small_number([word]) if word.isalpha() else None
    if number is not None:
        hour, minute, rest = number, 0, ""
    elif ":" in word or "." in word:
        pieces = word.replace(".", ":", 1).split(":") if ":" not in word else word.split(":")
        hour, minute = int(pieces[0]), int(pieces[1][:2])
        rest = f":{pieces[2]}" if len(pieces) > 2 else ""
        if len(pieces[1]) != 2:
            return None
    elif len(word) == 4:
        hour, minute, rest = int(word[:2]), int(word[2:]), ""
    else:
        hour, minute, rest = int(word), 0, ""
    meridiem = match.meaning("a", "MERIDIEM")
    part = match.word("p")
    if meridiem is None and part:
        meridiem = 12 if part in ("afternoon", "evening", "night") else 0
    if meridiem is not None and hour <= 12:
        hour = hour % 12 + int(meridiem)
    if hour > 24 or minute > 59:
        return None
    zone = match.meaning("z", "ZONE") or ""
    return f"T{hour:02d}:{minute:02d}{rest}{'Z' if zone == 'Z' else ''}"


@sense
def clock(match: Match, anchors: Anchors) -> Reading | None:
    part = clock_part(match)
    return _part_of_day(part, match, anchors) if part else None


@sense
def daypart(match: Match, anchors: Anchors) -> Reading | None:
    part = str(match.meaning("p", "DAYPART"))
    count = {"following": 1, "next": 1, "previous": -1}.get(match.word("r"))
    if count is not None:
        origin, anchor = anchors.anaphoric("D")
        return Reading("TIME", (shifted(origin, "D", count) if origin else "XXXX-XX-XX") + part, anchor)
    return _part_of_day(part, match, anchors)


def _part_of_day(part: str, match: Match, anchors: Anchors) -> Reading:
    if match.day is not None:
        day = resolve(match.day, anchors)
        if day is not None and day.value is not None:
            return Reading("TIME", narrowed(day.value, part), day.anchor)
    origin, anchor = anchors.day(match)
    return Reading("TIME", (shifted(origin, "D", 0) if origin else "XXXX-XX-XX") + part, anchor if origin else "none")


@sense
def daypart_generic(match: Match, anchors: Anchors) -> Reading | None:
    return Reading("TIME", f"XXXX-XX-XX{match.meaning('p', 'DAYPART')}")


@sense
def race_time(match: Match, anchors: Anchors) -> Reading | None:
    hours, minutes, seconds = match.word("c").split(":")
    return Reading("DURATION", f"PT{int(hours)}H{int(minutes)}M{float(seconds):g}S")


# --- durations, sets, references ----------------------------------------------------------------------------------------------


def _modifier(words: list[str], distance: int = 0) -> str | None:
    """The TIMEX3 `mod` of `more than`, `nearly`, `about`… `distance` is -1 for `ago`: more than a year ago is BEFORE."""
    if not words:
        return None
    text = " ".join(words)
    more = {"more than", "over", "well over", "just over", "no less than"}
    less = {"less than", "fewer than", "under", "just under", "nearly", "almost", "close to"}
    if text in ("about", "around", "approximately", "roughly", "some", "circa", "ca") or text in (
        "nearly",
        "almost",
        "close to",
    ):
        return "APPROX" if text not in ("nearly", "almost", "close to") else "LESS_THAN"
    if text == "at least":
        return "EQUAL_OR_MORE"
    if text in more:
        return "BEFORE" if distance < 0 else "AFTER" if distance > 0 else "MORE_THAN"
    if text in less:
        return "AFTER" if distance < 0 else "BEFORE" if distance > 0 else "LESS_THAN"
    return "EQUAL_OR_LESS"


def duration_value(unit: str, count: float | str) -> str:
    """`P3D`, `PT30M`, `P1.5Y`, `PXW`; decades and centuries in years."""
    if count == "X":
        return _FISCAL_UNITS[unit].format("X")
    number = float(count)
    if unit in _YEARS_OF:
        unit, number = "Y", number * _YEARS_OF[unit]
    elif unit == "2W":
        unit, number = "W", number * 2
    if unit == "H" and number < 1:
        unit, number = "MIN", number * 60
    elif unit == "Y" and number < 1:
        unit, number = "M", number * 12
    return _FISCAL_UNITS[unit].format(f"{number:.10g}")


@sense
def duration(match: Match, anchors: Anchors) -> Reading | None:
    unit = match.meaning("u", "UNIT", "UNITS")
    words = match.words("n")
    unit = unit or match.meaning("u", "LONGADJECTIVE")
    count = quantity(words) if words else ("X" if match.meaning("u", "UNITS") else 1.0)
    if count is None:
        return None
    if match.captures.get("half") and count != "X":
        count = float(count) + 0.5
    return Reading("DURATION", duration_value(unit, count), mod=_modifier(match.words("q")))


@sense
def duration_one(match: Match, anchors: Anchors) -> Reading | None:
    return Reading("DURATION", duration_value(match.meaning("u", "UNIT"), 1.0))


@sense
def duration_bare(match: Match, anchors: Anchors) -> Reading | None:
    return Reading("DURATION", duration_value(match.meaning("u", "UNITS"), "X"))


@sense
def every(match: Match, anchors: Anchors) -> Reading | None:
    words = match.words("n")
    count = 2.0 if "other" in match_words(match) else quantity(words) if words else 1.0
    return Reading("SET", duration_value(match.meaning("u", "UNIT", "UNITS"), count or 1.0))


@sense
def every_named(match: Match, anchors: Anchors) -> Reading | None:
    if match.word("u"):
        return Reading("SET", "XXXX-WXX-WE")
    if number := match.meaning("w", "WEEKDAY", "WEEKDAYS"):
        return Reading("SET", f"XXXX-WXX-{number}")
    if month := match.meaning("m", "MONTH"):
        return Reading("SET", month_value(None, month))
    if name := match.meaning("s", "SEASON"):
        return Reading("SET", f"XXXX-{name}")
    return Reading("SET", f"XXXX-XX-XX{match.meaning('p', 'DAYPART')}")


@sense
def frequency(match: Match, anchors: Anchors) -> Reading | None:
    return Reading("SET", match.meaning("f", "FREQUENCY"))


@sense
def rate(match: Match, anchors: Anchors) -> Reading | None:
    return Reading("SET", duration_value(match.meaning("u", "UNIT"), 1.0))


@sense
def narrative_past(match: Match, anchors: Anchors) -> Reading | None:
    """`former` is a time expression to those who annotate histories (TIMEX2), not to those who annotate news."""
    return Reading("DATE", "PAST_REF") if anchors.narrative else None


@sense
def reference(match: Match, anchors: Anchors) -> Reading | None:
    return Reading("DATE", match.rule.arguments.get("value") or match.meaning("w", "REFERENCE"))
