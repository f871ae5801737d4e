"""Numbers in words and figures: `twenty-one`, `a couple of`, `two and a half`, `1,500`."""

from collections.abc import Sequence

from transforms.dates.words import MEANINGS

_SMALL, _TENS, _HUNDRED = MEANINGS["SMALL"], MEANINGS["TENS"], MEANINGS["HUNDRED"]
_ORDINAL, _FRACTION = MEANINGS["ORDINAL"], MEANINGS["FRACTION"]


def small_number(words: Sequence[str]) -> int | None:
    """The whole number that cardinal or ordinal words or figures say: `twenty-first`, `3rd`, `twelve`; None for none."""
    total: int | None = None
    for word in words:
        number = _SMALL.get(word) or _TENS.get(word) or _ORDINAL.get(word)
        if number is None and word[:1].isdigit():
            figure = word.rstrip("stndrh")
            number = int(figure) if figure.isdigit() else None
        if number is not None:
            total = (total or 0) + int(number)
    return total


def quantity(words: Sequence[str]) -> float | str | None:
    """How many units the words of a count say; `X` where they leave it open (`several`), None for no words.

    `a couple` is two and `a dozen` twelve, as TIMEX3 asks for the number that is named.
    """
    if not words:
        return None
    if any(w in ("few", "several", "many", "some", "countless", "numerous", "various", "multiple", "dozens", "hundreds",
                 "thousands", "scores", "tens") for w in words):  # fmt: skip
        return "X"
    total = 0.0
    if "/" in words:
        whole, above, below = (float(w) for w in words if w.isdigit())
        return whole + above / below if below else None
    for word in words:
        if word in _FRACTION:
            total += float(_FRACTION[word])
        elif word[0].isdigit():
            total += float(word.replace(",", ""))
        elif word == "half":
            total += 0.5
        elif word in _HUNDRED:
            total = max(total, 1.0) * float(_HUNDRED[word])
        elif word == "dozen":
            total = max(total, 1.0) * 12
        elif word == "couple":
            total = 2.0
        else:
            total += float(_SMALL.get(word) or _TENS.get(word) or 0)
    return total or 1.0
