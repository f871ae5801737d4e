"""The points that relative expressions are reckoned from: the day of publication, or the date last met in the text.

A news item reckons from its publication; a narrative (history, biography) from the date that it told last. Which of the two
a text is, is decided by its own dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from transforms.dates.grammar import Match
from transforms.dates.values import Moment, moment, value_moment
from transforms.dates.words import MEANINGS, Token

_WINDOW = 12
_STOPS = frozenset((".", ";", "!", "?", "\n\n"))
_DEICTIC_SENSES = frozenset(
    ("weekday", "today", "tonight", "unit_relative", "ago", "from_now", "weekday_of_week", "month_relative")
)


def narrates(matches: Sequence[Match], published: date | None) -> bool:
    """Whether the text tells of the past from date to date, rather than reports from its day of publication.

    Evidence: dates with a year of their own that lie more than a year before publication, against expressions that only a
    writer with a present uses (`yesterday`, `last week`, a bare weekday).
    """
    years = [y for match in matches if (y := explicit_year(match)) is not None]
    past = sum(1 for y in years if published is None or y < published.year - 1)
    recent = len(years) - past
    deictic = sum(1 for match in matches if match.rule.sense in _DEICTIC_SENSES)
    return past >= 4 and past > 2 * deictic + recent


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
        return {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    month = match.meaning("m", "MONTH", "MONTHABBR")
    return int(month) if month is not None else None


@dataclass(slots=True)
class Anchors:
    """What is known while a text is read from start to end."""

    published: Moment | None
    narrative: bool
    day_first: bool | None
    tokens: Sequence[Token]
    previous: Moment | None = None
    """The last date that the text gave with its year, as fine as it gave it."""
    history: list[Moment] = field(default_factory=list)

    def remember(self, value: str | None) -> None:
        """Take a value as the date last met, where it names one."""
        met = value_moment((value or "").split("T")[0])
        if met is not None:
            self.previous = met

    def deictic(self) -> tuple[Moment | None, str]:
        """For `last year`, `today`: the writer's present."""
        if self.narrative and self.previous:
            return self.previous, "previous"
        return self.published, "published" if self.published else "none"

    def anaphoric(self) -> tuple[Moment | None, str]:
        """For `the following day`, `three years later`: the date last met."""
        if self.previous:
            return self.previous, "previous"
        return self.published, "published" if self.published else "none"

    def partial(self) -> tuple[Moment | None, str]:
        """For a date that leaves out its year or month."""
        return self.deictic()

    def current(self, unit: str) -> tuple[Moment | None, str]:
        """For `the year`, `the day`."""
        return self.deictic()

    def day(self) -> tuple[Moment | None, str]:
        """The day that a clock time falls on."""
        return self.deictic()

    def year_of(self, month: int, day: int | None, match: Match) -> tuple[int | None, str]:
        """The year of a month or day that is named without one, and its anchor."""
        if match.shared_year is not None:
            return match.shared_year, "none"
        origin, anchor = self.partial()
        if origin is None:
            return None, "none"
        if self.narrative:
            return self._told_year(origin, month), anchor
        here = origin.month or 1
        distance = (month - here) * 31 + ((day or 0) - (origin.day or 0) if day else 0)
        ahead, behind = self.ahead(match), self.behind(match)
        if distance > 0 and not ahead and (behind or distance > 60):
            return origin.year - 1, anchor
        if distance < -31 and ahead and not behind:
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

    def _clause(self, match: Match, before: int, after: int) -> list[Token]:
        out: list[Token] = []
        for token in reversed(self.tokens[max(0, match.first - before) : match.first]):
            if token.word in _STOPS:
                break
            out.append(token)
        for token in self.tokens[match.last : match.last + after]:
            if token.word in _STOPS:
                break
            out.append(token)
        return out

    def ahead(self, match: Match) -> bool:
        """Whether the words around say that the date lies ahead."""
        return any(t.word in MEANINGS["AHEAD"] for t in self._clause(match, _WINDOW, 4))

    def behind(self, match: Match) -> bool:
        """Whether the words around are in the past tense."""
        return any(
            t.word in MEANINGS["BEHIND"]
            or (t.word.endswith("ed") and len(t.word) > 4 and t.word not in MEANINGS["AHEAD"])
            for t in self._clause(match, _WINDOW, 4)
        )

    def generic_today(self, match: Match) -> bool:
        """Whether `today` means the present age: `more than can be done today`."""
        if self.narrative or self.published is None:
            return True
        before = [t.word for t in self._clause(match, 6, 0)]
        return bool({"than", "still", "even", "until"} & set(before))


def start(published: date | None, narrative: bool, day_first: bool | None, tokens: Sequence[Token]) -> Anchors:
    """The anchors at the beginning of a text."""
    return Anchors(moment(published) if published else None, narrative, day_first, tokens)
