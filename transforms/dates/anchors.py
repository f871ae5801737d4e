"""The points that relative expressions are reckoned from: the day of publication, or the date last met in the text.

A news item reckons from its publication; a narrative (history, biography) from the date that it told last. Which of the
two a text is, is decided by its own dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date

from transforms.dates.grammar import Match
from transforms.dates.stops import STOPS, ends_sentence
from transforms.dates.tense import (
    direction,
    is_appointed,
    is_habit,
    precedes_contest,
    tells_past,
    words_after,
    words_before,
)
from transforms.dates.values import Moment, moment, value_moment
from transforms.dates.words import MEANINGS, Tokens

Origin = tuple[Moment | None, str]
"""What is reckoned from, and its name for `Timex.anchor`."""
_COARSE = frozenset(("M", "Q", "Y", "DE", "CE", "ML"))
_NEARBY = 48
_TELLING = 100
_EVENT_DAYS = 7
_REPORTING_MONTHS = 3
_NAMING_DAYS = frozenset(MEANINGS["WEEKDAY"]) | {"today", "yesterday", "tomorrow", "tonight", "this", "last"}
_LONGEST_SENTENCE = 80
_HEADLINE = 6
"""So many words on both sides tell a headline, whose words are capital ones, from a sentence."""


@dataclass(slots=True)
class Anchors:
    """What is known while a text is read from start to end."""

    published: Moment | None
    narrative: bool
    day_first: bool | None
    tokens: Tokens
    quotes: Sequence[bool]
    previous: Moment | None = None
    """The last date that the text gave with its year, as fine as it gave it."""
    previous_day: Moment | None = None
    last_value: str = ""
    last_at: int = -1
    """The calendar value last met, as fine as it was, and the token after it."""
    last_quarter: str = ""
    events: dict[bool, tuple[date, int]] = field(default_factory=dict)
    """The days last named that lie before publication and after it (True), each with the token after it."""
    of_grain: dict[str, tuple[Moment, int]] = field(default_factory=dict)
    """The month and the year last met that were given as such, by `M` and `Y`, each with the token after it."""

    def remember(self, value: str | None, match: Match) -> None:
        """Take a value as the date last met, where it names one."""
        met = value_moment((value or "").split("T")[0])
        if met is None or value is None or self.quotes[match.first]:
            return
        self.last_value, self.last_at = value, match.last
        if "-Q" in value:
            self.last_quarter = value
        if grain := {4: "Y", 7: "M"}.get(len(value)) if value[-2:].isdigit() else None:
            self.of_grain[grain] = met, match.last
        # A year in passing (`declassified in 2005`) is no step of the narrative; `In 1941, …` is.
        if self.narrative and self.previous and met.month is None and not self._moves_to(met.year, match):
            return
        self.previous = met
        if met.day and "W" not in value:
            self.previous_day = met
            # `said Monday` on the day of publication does not end the talk of what happened on Sunday
            if met.date and self.published and self.published.date and met != self.published:
                self.events[met.date > self.published.date] = met.date, match.last

    def _moves_to(self, year: int, match: Match) -> bool:
        """Whether a year alone is the narrative's next step: another, at the head of its sentence, no range's end."""
        opening = len(words_before(self.tokens, match.first, 4)) < 3
        return opening and not match.closes and (self.previous is None or year != self.previous.year)

    def deictic(self) -> Origin:
        """For `last year`, `in October`: the writer's present; in a narrative the date last told."""
        if self.narrative and self.previous:
            return self.previous, "previous"
        return self.published, "published" if self.published else "none"

    def anaphoric(self, unit: str = "Y") -> Origin:
        """For `the following day`, `three years later`: the date last met, in news only one that is fine enough."""
        met = self.previous
        if met and not self.narrative:
            same, at = self.of_grain.get(unit, (met, -_NEARBY))
            if self.last_at - at < _NEARBY:
                return same, "previous"
            fine = {"M": met.month, "Q": met.month}.get(unit, met.year) if unit in _COARSE else met.day
            if unit == "D" and "W" in self.last_value:
                fine = None
            met = met if fine else self.previous_day
        if met:
            return met, "previous"
        return self.published, "published" if self.published else "none"

    def named(self, unit: str, match: Match) -> str | None:
        """The value that `the day`, `the year` goes back to, where the text has just named one."""
        if self.narrative:
            return None
        if unit == "Q" and self.last_quarter:
            return self.last_quarter
        if unit == "Y" and (over := self._year_that_is_over(match)):
            return over
        near = self.near(match, _NEARBY if unit == "D" else 0)
        length = {"D": 10, "M": 7, "Y": 4}.get(unit, 0)
        if not length or len(near) < length or (unit == "M" and not near[5:7].isdigit()):
            return None
        return near[:length]

    def _year_that_is_over(self, match: Match) -> str | None:
        """Last year, where news of the first months reports on its last quarter: `Sales for the year rose`."""
        today, told = self.published, value_moment(self.last_quarter or self.last_value)
        if today is None or told is None or (today.month or 12) > _REPORTING_MONTHS or told.year != today.year - 1:
            return None
        return str(told.year).zfill(4) if (told.month or 0) >= 10 and self.direction(match) < 0 else None

    def near(self, match: Match, reach: int = 0) -> str:
        """The calendar value last met in the same sentence, or at most `reach` tokens before; else an empty string."""
        gap = match.first - self.last_at
        if self.last_at < 0 or gap > _LONGEST_SENTENCE:
            return ""
        between = range(self.last_at, match.first)
        return "" if gap > reach and any(ends_sentence(self.tokens, number) for number in between) else self.last_value

    def day(self, match: Match) -> Origin:
        """The day that a clock time falls on: that which its sentence names, the event's, else the anchor's."""
        near = value_moment(self.near(match).split("T")[0])
        if near and near.day and not self.narrative and not self._tells_back(near, match):
            return near, "previous"
        event = self._event(match)
        return (moment(event), "previous") if event else self.deictic()

    def _tells_back(self, near: Moment, match: Match) -> bool:
        """Whether a past tense leads back from a day to come: `will leave by Christmas, having come at 5 a.m.`"""
        ahead = near.date and self.published and self.published.date and near.date > self.published.date
        return bool(ahead) and tells_past(self.tokens, self.last_at, match.first)

    def told(self, match: Match, *, back: bool) -> Sequence[Origin]:
        """What a past tense is reckoned from that does not belong to a date to come: the past day told last, the day of
        publication. Forwards, only where the tense stands between that date and the expression."""
        today = self.published.date if self.published else None
        if self.narrative or today is None or self.direction(match) >= 0:
            return ()
        if not back and self.near(match) and not tells_past(self.tokens, self.last_at, match.first):
            return ()  # `was set for Sunday, with the parade the following day`
        day, at = self.events.get(False, (today, -_TELLING - 1))
        return [*([(moment(day), "previous")] if match.first - at <= _TELLING else []), (self.published, "published")]

    def tells_of_night(self) -> bool:
        """Whether the date last met is a night, whose small hours are the next day's."""
        return not self.narrative and self.last_value.endswith(("TNI", "TEV"))

    def _event(self, match: Match) -> date | None:
        """The day that news goes on about, having named it just before: `It struck on Monday. It hit at 4 a.m.`"""
        today = self.published.date if self.published else None
        if self.narrative or today is None or not self.events:
            return None
        if not _NAMING_DAYS.isdisjoint(words_after(self.tokens, match.last, 6)):
            return None  # `at about 1 a.m. local time this morning`
        ahead = self.direction(match) > 0
        day, at = self.events.get(ahead, (today, 0))
        # What is to come is on the day named last, or else today: `It opens on Sunday. The mayor will speak at 6 p.m.`
        if match.first - at > (_NEARBY if ahead else _TELLING) or (ahead and at < self.events.get(False, (day, 0))[1]):
            return None
        return day if 0 < abs((day - today).days) <= _EVENT_DAYS else None

    def year_of(
        self, month: int, day: int | None, match: Match, *, ahead: int = 60, over: int = 31
    ) -> tuple[int | None, str]:
        """The year of a month or day that is named without one, and its anchor.

        What looks ahead is next year's where this year's lies more than `over` days back; what looks nowhere is this
        year's where it lies at most `ahead` days ahead.
        """
        if match.shared_year is not None:
            return match.shared_year, "none"
        if match.closes and (begun := value_moment(self.near(match))) and begun.month:
            return begun.year + (month < begun.month) or 1, "previous"
        origin, anchor = self.deictic()
        if origin is None or (not self.narrative and is_habit(self.tokens, match.first)):
            return None, "none"
        if self.narrative:
            return self._told_year(origin, month), anchor
        # News: the last such month, or where the words around look ahead the next.
        distance = (month - (origin.month or 1)) * 31 + ((day or 0) - (origin.day or 0) if day else 0)
        direction = self.direction(match)
        if direction < 0 and day and is_appointed(self.tokens, match.first, match.last):
            direction = 0  # `the deadline was Aug. 31`
        if distance > 0 and (direction < 0 or (direction == 0 and distance > ahead)):
            return origin.year - 1, anchor
        return origin.year + (distance < -over and direction > 0), anchor

    def year_reported(self, year: int | None, quarter: int) -> int | None:
        """The year of a quarter: in the first months of a year its fourth is the one that is reported on then."""
        today = self.published
        if self.narrative or today is None or quarter != 4 or (today.month or 12) >= _REPORTING_MONTHS:
            return year
        return min(year or today.year, today.year - 1)

    def _told_year(self, origin: Moment, month: int) -> int:
        """The year of a month in a narrative: of those in reach, the one nearest to the month last told."""
        if origin.month is None:
            return origin.year
        distance = month - origin.month
        return (origin.year + (distance < -6) - (distance > 6)) or 1

    def full_year(self, two_digits: int) -> int:
        """`98` in full: the latest such year that is not far after the anchor's."""
        origin = self.previous if self.narrative and self.previous and self.previous.year > 0 else self.published
        limit = min(max(origin.year + 20, 100), MAXYEAR) if origin else 2029
        return limit - (limit - two_digits) % 100

    def direction(self, match: Match) -> int:
        """1 where the words around say that the date lies ahead, -1 where they are in the past tense, else 0."""
        return direction(self.tokens, match.first, match.last)

    def precedes_contest(self, match: Match, *, near: bool) -> bool:
        """Whether the day is that of a contest to come; `near` says that the next such day is nearer than the last."""
        return precedes_contest(self.tokens, match.first, match.last, near=near)

    def begins_name(self, match: Match, article: str = "") -> bool:
        """Whether a capital word stands before another, as in `the Daily Mail`; with `article` only after that word."""
        before = self.tokens.words[match.first - 1] if match.first else ""
        kinds = self.tokens.kind(match.last - 1), self.tokens.kind(match.last)
        return kinds == ("CAPITAL", "CAPITAL") and article in ("", before)

    def within_name(self, match: Match) -> bool:
        """Whether a capital word stands between two others within a sentence that is no headline."""
        kind, first, last = self.tokens.kind, match.first, match.last
        if first < 2 or self.tokens.words[first - 2] in STOPS or not kind(first - 1) == kind(last) == "CAPITAL":
            return False
        around = [kind(n) for n in range(max(0, first - _HEADLINE), last + _HEADLINE)]
        return around.count("CAPITAL") <= around.count("WORD")

    def generic_today(self, match: Match) -> bool:
        """Whether `today` means the present age: `more than can be done today`."""
        if self.narrative:
            return True
        return not {"than", "still", "even"}.isdisjoint(words_before(self.tokens, match.first, 6))
