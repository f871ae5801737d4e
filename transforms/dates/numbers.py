"""Numbers in words and figures: `twenty-one`, `a couple of`, `two and a half`, `1,500`."""

from collections.abc import Sequence

from transforms.dates.words import MEANINGS

_SMALL, _TENS = MEANINGS["SMALL"], MEANINGS["TENS"]
_ORDINAL, _FRACTION = MEANINGS["ORDINAL"], MEANINGS["FRACTION"]
_TIMES = MEANINGS["HUNDRED"] | MEANINGS["DOZEN"]
_OPEN = frozenset(MEANINGS["VAGUE"]) - {"couple"} | {"dozens", "hundreds", "thousands", "scores", "tens"}


def small_number(words: Sequence[str]) -> int | None:
    """The whole number that words or figures say: `twenty-first`, `3rd`, `twelve`; None for none."""
    total: int | None = None
    for word in words:
        number = _SMALL.get(word) or _TENS.get(word) or _ORDINAL.get(word)
        if number is None and word[:1].isdigit():
            figure = word.rstrip("stndrh")
            number = int(figure) if figure.isdigit() else None
        if number is not None:
            total = (total or 0) + int(number)
    return total


def quantity(words: Sequence[str], unnamed: float | str = 1.0) -> float | str | None:
    """How many units the words of a count say; `X` where they leave it open (`several`), `unnamed` where they name no
    number (`a`, or no words at all), None for a division by nought.

    `a couple` is two and `a dozen` twelve: the number that is named.
    """
    if not _OPEN.isdisjoint(words):
        return "X"
    if "/" in words:
        *whole, above, below = (float(w) for w in words if w.isdigit())
        return sum(whole) + above / below if below else None
    total: float | None = None
    for word in words:
        if word in _TIMES:
            total = (1.0 if total is None else total) * float(_TIMES[word])
        elif (number := _single(word)) is not None:
            total = (total or 0.0) + number
    return unnamed if total is None else total


def _single(word: str) -> float | None:
    """The number that one word says; None for `a`, `and` and the like."""
    if word[0].isdigit():
        return float(word.replace(",", ""))
    if word == "half":
        return 0.5
    if word == "couple":
        return 2.0
    number = _SMALL.get(word) or _TENS.get(word) or _FRACTION.get(word)
    return None if number is None else float(number)
