"""Senses of clock times and parts of the day."""

from transforms.dates.anchors import Anchors
from transforms.dates.grammar import Match
from transforms.dates.numbers import small_number
from transforms.dates.relative import reckoned, unit_value
from transforms.dates.senses import Reading, narrowed, resolve, sense

LATE = ("TAF", "TEV", "TNI")


def clock_part(match: Match) -> str | None:
    """`T19:30` and the like from the words of a clock time; None where there is no such hour."""
    word = match.word("c")
    if word.isalpha():
        pieces = [str(small_number([word]))]
    elif len(word) == 4 and word.isdigit():
        pieces = [word[:2], word[2:]]
    else:
        pieces = word.replace(".", ":", 1).split(":") if ":" not in word else word.split(":")
    hour, minute = int(pieces[0]), pieces[1] if len(pieces) > 1 else "00"
    half = match.meaning("a", "MERIDIEM")
    if half is None and match.word("p"):
        half = 12 if match.word("p") in ("afternoon", "evening", "night") else 0
    if half is not None and hour <= 12:
        hour = hour % 12 + int(half)
    seconds = pieces[2] if len(pieces) > 2 else ""
    if len(minute) != 2 or int(minute) > 59 or hour > 24 or (hour == 24 and float(minute + seconds)):
        return None
    zone = "Z" if match.meaning("z", "ZONE") == "Z" else ""
    return f"T{hour:02d}:{minute}{seconds and ':'}{seconds}{zone}"


@sense
def clock(match: Match, anchors: Anchors) -> Reading | None:
    """`7:30 p.m.`, on the day that the sentence names."""
    part = clock_part(match)
    return _part_of_day(part, match, anchors) if part else None


@sense
def daypart(match: Match, anchors: Anchors) -> Reading | None:
    """`the next morning`, `that night`, `midnight`."""
    part = str(match.meaning("p", "DAYPART"))
    days = {"following": 1, "next": 1, "previous": -1, "before": -1, "same": 0, "that": 0}.get(match.word("r"))
    if days is None:
        return _part_of_day(part, match, anchors)
    day = reckoned(match, anchors, "D", days)
    return Reading("TIME", day.value + part, day.anchor)


def _part_of_day(part: str, match: Match, anchors: Anchors) -> Reading:
    day = resolve(match.day, anchors) if match.day else None
    if day and day.value.endswith(LATE) and not match.word("a"):
        part = after_noon(part)
    origin = anchors.day(match)
    small_hours = origin[1] == "previous" and part[:3] < "T05" and anchors.tells_of_night()
    day = day or unit_value(origin, "D", int(small_hours))
    return Reading("TIME", narrowed(day.value, part), day.anchor)


def after_noon(part: str) -> str:
    """`4:30 on Sunday afternoon` is 16:30."""
    hour = part[1:3]
    return f"T{int(hour) + 12}{part[3:]}" if hour.isdigit() and 1 <= int(hour) < 12 else part


@sense
def daypart_generic(match: Match, _: Anchors) -> Reading | None:
    """`at night`: of any day."""
    return Reading("TIME", f"XXXX-XX-XX{match.meaning('p', 'DAYPART')}")


@sense
def race_time(match: Match, _: Anchors) -> Reading | None:
    """`finished in 2:24:17`: how long, not when."""
    hours, minutes, seconds = match.word("c").split(":")
    return Reading("DURATION", f"PT{int(hours)}H{int(minutes)}M{float(seconds):g}S")
