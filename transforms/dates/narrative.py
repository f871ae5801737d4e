"""Whether a text is a narrative, by the dates in it; and which of its tokens are quotations."""

from collections.abc import Sequence
from datetime import date

from transforms.dates.grammar import Match
from transforms.dates.values import SEASON_MONTHS, Moment
from transforms.dates.words import BREAK, MEANINGS, Tokens

_REPORTING = frozenset(("said", "says"))
_OPENING = frozenset(("“", '"'))
_BEGINNING = _OPENING | {">"}
_MARKS = _BEGINNING | {"”", BREAK}


def quoted(tokens: Tokens) -> list[bool]:
    """For each token whether it stands between double quotation marks or in a paragraph quoted with `>`.

    A paragraph's end closes what was left open.
    """
    words = tokens.words
    out = [False] * len(words)
    if _BEGINNING.isdisjoint(words):
        return out
    inside, since = False, 0
    for place in [n for n, word in enumerate(words) if word in _MARKS]:
        if inside:
            out[since:place] = [True] * (place - since)
        word, since = words[place], place
        if word in _OPENING:
            inside = word == "“" or not inside
        elif word == ">":
            inside = inside or place == 0 or words[place - 1] == BREAK
        else:
            inside = False
    if inside:
        out[since:] = [True] * (len(words) - since)
    return out


def narrates(matches: Sequence[Match], tokens: Tokens, quotes: Sequence[bool], published: date | None) -> bool:
    """Whether the text tells of the past from date to date, rather than reports from its day of publication.

    Evidence: dates with a year of their own that lie more than a year before publication, against expressions that only
    a writer with a present uses (`yesterday`, `last week`, a bare weekday; quotations aside) and a reporter's `said`.
    """
    years = [y for match in matches if (y := explicit_year(match)) is not None]
    past = sum(1 for y in years if published is None or y < published.year - 1)
    if past < 4:
        return False
    deictic = sum(
        m.rule.is_deictic and m.word("r") not in MEANINGS["ANAPHORIC"] and not quotes[m.first] for m in matches
    )
    words = tokens.words
    said = sum(words.count(word) for word in _REPORTING)
    return past > len(years) - past and past > 4 * deictic + 3 * said


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
