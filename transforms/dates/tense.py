"""Whether the words around a date say that it lies ahead, or are in the past tense."""

from collections.abc import Sequence
from itertools import takewhile

from transforms.dates.words import MEANINGS, Token

_WINDOW = 12
_STOPS = frozenset((".", ";", "!", "?", "\n\n"))
_DENIED = frozenset(("did", "didn", "was", "were", "wasn", "weren", "had", "hadn"))
_UNTIL = frozenset(("until", "till"))
_NOT_PAST = frozenset(("indeed", "speed", "hundred", "united", "exceed", "proceed", "succeed", "breed"))


def sentence(tokens: Sequence[Token]) -> list[str]:
    """The words up to the end of the sentence; of reversed tokens, down to its beginning. The month is `May`."""
    whole = takewhile(lambda t: t.word not in _STOPS, tokens)
    return ["May" if t.word == "may" and t.kind == "CAPITAL" else t.word for t in whole]


def direction(tokens: Sequence[Token], first: int, last: int) -> int:
    """1 where the words nearest to the tokens `first` to `last` look ahead, -1 where they are in the past, else 0.

    The words before count first, since English mostly puts its dates after its verbs.
    """
    before = sentence(tokens[max(0, first - _WINDOW) : first][::-1])
    if {"not", "t"} & set(before) and not _DENIED.isdisjoint(before) and not _UNTIL.isdisjoint(before[:2]):
        return -1  # `did not open until Monday`
    for position, word in enumerate(before):
        preceding = before[position + 1] if position + 1 < len(before) else ""
        if found := _tense(word, preceding, before[position - 1] if position else ""):
            return found
    after = sentence(tokens[last : last + _WINDOW])
    for position, word in enumerate(after):
        if found := _tense(word, after[position - 1] if position else "", ""):
            return found
    return 0


def _tense(word: str, preceding: str, following: str) -> int:
    if word == "to" and preceding in ("is", "are"):
        return 1  # `is to vote on Tuesday`
    if preceding == "to":
        return int(word == "be")
    if preceding == "be" or following == "not":
        return 0  # what comes before decides: `will be held`, but `could not be reached on Monday`
    if word in MEANINGS["AHEAD"] or (word in MEANINGS["INTENT"] and following == "to"):
        return 1
    if word in MEANINGS["BEHIND"] or (word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST):
        return -1
    return 0
