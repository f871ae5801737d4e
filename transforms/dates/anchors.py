"""The points that relative expressions are reckoned from: the day of publication, or the date last met in the text.

A news item reckons from its publication; a narrative (history, biography) from the date that it told last. Which of the
two a text is, is decided by its own dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from transforms.dates.grammar import Match
from transforms.dates.values import Moment, value_moment
from transforms.dates.words import MEANINGS, Token

Origin = tuple[Moment | None, str]
"""What is reckoned from, and its name for `Timex.anchor`."""
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_WINDOW = 12
_LONGEST_SENTENCE = 80
_OPENING = frozenset(("“", '"'))
_NOT_PAST = frozenset(("indeed", "speed", "hundred", "united", "exceed", "proceed", "succeed", "breed"))
_STOPS = frozenset((".", ";", "!", "?", "\n\n"))
_DEICTIC_SENSES = frozenset(
    ("weekday", "today", "tonight", "unit_relative", "ago", "from_now", "weekday_of_week", "month_relative")
)


def quoted(tokens: Sequence[Token]) -> list[bool]:
    """For each token whether it stands between double quotation marks or in a paragraph quoted with `>`.

    A paragraph's end closes what was left open.
    """
    inside = False
    opening = True
    out: list[bool] = []
    for token in tokens:
        if token.word in _OPENING:
            inside = token.word == "“" or not inside
        elif token.word == "”" or token.kind == "BREAK":
            inside = False
        elif opening and token.word == ">":
            inside = True
        opening = token.kind == "BREAK"
        out.append(inside)
    return out


def narrates(matches: Sequence[Match], quotes: Sequence[bool], published: date | None) -> bool:
    """Whether the text tells of the past from date to date, rather than reports from its day of publication.

    Evidence: dates with a year of their own that lie more than a year before publication, against expressions that only
    a writer with a present uses (`yesterday`, `last week`, a bare weekday), quotations aside.
    """
    years = [y for match in matches if (y := explicit_year(match)) is not None]
    past = sum(1 for y in years if published is None or y < published.year - 1)
    recent = len(years) - past
    deictic = sum(
        m.rule.sense in _DEICTIC_SENSES and m.word("r") not in MEANINGS["ANAPHORIC"] and not quotes[m.first]
        for m in matches
    )
    return past >= 4 and past > 4 * deictic + recent


def first_told(matches: Sequence[Match]) -> Moment | None:
    """The first year that a text names: where a narrative begins, whatever stands before it."""
    years = (explicit_year(match) for match in matches)
    return next((Moment(year) for year in years if year), None)


def explicit_year(match: Match) -> int | None:
    """The year that a calendar date names in full; B.C. negative."""
    digits = match.word("y")
    if match.rule.sense == "era":
        return -int(digits) if match.meaning("e", "ERA") == -1 else int(digits)
    return int(digits) if match.rule.sense in ("calendar", "season") and len(digits) == 4 and digits.isdigit() else None


def month_number(match: Match) -> int | None:
    """The month that a date names; of a season its first."""
    name = match.meaning("s", "SEASON")
    if name is not None:
        return SEASON_MONTHS[name]
    month = match.meaning("m", "MONTH", "MONTHABBR")
    return int(month) if month is not None else None


@dataclass(slots=True)
class Anchors:
    """What is known while a text is read from start to end."""

    published: Moment | None
    narrative: bool
    day_first: bool | None
    tokens: Sequence[Token]
    quotes: Sequence[bool]
    previous: Moment | None = None
    """The last date that the text gave with its year, as fine as it gave it."""
    previous_day: Moment | None = None
    last_value: str = ""
    last_at: int = -1
    """The calendar value last met, as fine as it was, and the token after it."""
    last_quarter: str = ""

    def remember(self, value: str | None, match: Match) -> None:
        """Take a value as the date last met, where it names one."""
        met = value_moment((value or "").split("T")[0])
        if met is None or value is None or self.quotes[match.first]:
            return
        self.last_value, self.last_at = value, match.last
        if "-Q" in value:
            self.last_quarter = value
        # A year in passing (`declassified in 2005`) is no step of the narrative; `In 1941, …` is.
        if self.narrative and self.previous and met.month is None and not self._moves_to(met.year, match):
            return
        self.previous = met
        if met.day:
            self.previous_day = met

    def _moves_to(self, year: int, match: Match) -> bool:
        """Whether a year alone is the narrative's next step: another, at the head of its sentence, no range's end."""
        opening = len(self._sentence(self.tokens[max(0, match.first - 4) : match.first][::-1])) < 3
        return opening and not match.closes and (self.previous is None or year != self.previous.year)

    def deictic(self) -> Origin:
        """For `last year`, `in October`: the writer's present; in a narrative the date last told."""
        if self.narrative and self.previous:
            return self.previous, "previous"
        return self.published, "published" if self.published else "none"

    def anaphoric(self, unit: str = "Y") -> Origin:
        """For `the following day`, `three years later`: the date last met, in news only one that is fine enough."""
        fine = unit in ("DE", "CE", "ML", "Y") or self.narrative
        met = (
            self.previous
            if fine or (unit in ("M", "Q") and self.previous and self.previous.month)
            else self.previous_day
        )
        if met:
            return met, "previous"
        return self.published, "published" if self.published else "none"

    def named(self, unit: str, match: Match) -> str | None:
        """The value that `the day`, `the year` goes back to, where the text has just named one."""
        if self.narrative:
            return None
        if unit == "Q" and self.last_quarter:
            return self.last_quarter
        near = self.near(match, _WINDOW * 4 if unit == "D" else 0)
        length = {"D": 10, "M": 7, "Y": 4}.get(unit, 0)
        if not length or len(near) < length or (unit == "M" and not near[5:7].isdigit()):
            return None
        return near[:length]

    def near(self, match: Match, reach: int = 0) -> str:
        """The calendar value last met in the same sentence, or at most `reach` tokens before; else an empty string."""
        gap = match.first - self.last_at
        if self.last_at < 0 or gap > _LONGEST_SENTENCE:
            return ""
        between = self.tokens[self.last_at : match.first]
        return self.last_value if gap <= reach or len(self._sentence(between)) == gap else ""

    def day(self, match: Match) -> Origin:
        """The day that a clock time falls on: that which its sentence names, else the anchor's."""
        near = value_moment(self.near(match).split("T")[0])
        if near and near.day and not self.narrative:
            return near, "previous"
        return self.deictic()

    def year_of(self, month: int, day: int | None, match: Match) -> tuple[int | None, str]:
        """The year of a month or day that is named without one, and its anchor."""
        if match.shared_year is not None:
            return match.shared_year, "none"
        origin, anchor = self.deictic()
        if origin is None:
            return None, "none"
        if self.narrative:
            return self._told_year(origin, month), anchor
        here = origin.month or 1
        distance = (month - here) * 31 + ((day or 0) - (origin.day or 0) if day else 0)
        direction = self.direction(match)
        if distance > 0 and (direction < 0 or (direction == 0 and distance > 60)):
            return origin.year - 1, anchor
        if distance < -31 and direction > 0:
            return origin.year + 1, anchor
        return origin.year, anchor

    def _told_year(self, origin: Moment, month: int) -> int:
        """The year of a month in a narrative: of those in reach, the one nearest to the month last told."""
        if origin.month is None:
            return origin.year
        distance = month - origin.month
        return (origin.year + (distance < -6) - (distance > 6)) or 1

    def full_year(self, two_digits: int) -> int:
        """`98` in full: the latest such year that is not far after the anchor's."""
        origin = self.previous if self.narrative and self.previous and self.previous.year > 0 else self.published
        limit = origin.year + 20 if origin else 2029
        return limit - (limit - two_digits) % 100

    def direction(self, match: Match) -> int:
        """1 where the words nearest to a date say that it lies ahead, -1 where they are in the past tense, else 0."""
        before = self._sentence(self.tokens[max(0, match.first - _WINDOW) : match.first][::-1])
        for position, word in enumerate(before):
            following = before[position - 1] if position else ""
            preceding = before[position + 1] if position + 1 < len(before) else ""
            if found := _tense(word, preceding, following):
                return found
        after = self._sentence(self.tokens[match.last : match.last + _WINDOW])
        for position, word in enumerate(after):
            preceding = after[position - 1] if position else ""
            if found := _tense(word, preceding, ""):
                return found
        return 0

    @staticmethod
    def _sentence(tokens: Sequence[Token]) -> list[str]:
        """The words up to the end of the sentence."""
        return [t.word for t in takewhile(lambda t: t.word not in _STOPS, tokens)]

    def begins_name(self, match: Match, article: str = "") -> bool:
        """Whether a capital word stands before another, as in `the Daily Mail`; with `article` only after that word."""
        after = self.tokens[match.last].kind if match.last < len(self.tokens) else ""
        before = self.tokens[match.first - 1].word if match.first else ""
        return after == "CAPITAL" == self.tokens[match.last - 1].kind and article in ("", before)

    def generic_today(self, match: Match) -> bool:
        """Whether `today` means the present age: `more than can be done today`."""
        if self.narrative:
            return True
        before = self._sentence(self.tokens[max(0, match.first - 6) : match.first][::-1])
        return bool({"than", "still", "even"} & set(before))


def _tense(word: str, preceding: str, following: str) -> int:
    if preceding in ("be", "to"):
        return 1 if preceding == "be" or word == "be" else 0
    if word in MEANINGS["AHEAD"] or (word == "set" and following in ("to", "for")):
        return 1
    if word in MEANINGS["BEHIND"] or (word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST):
        return -1
    return 0
