"""Whether a text writes the day or the month first, by its own unambiguous dates."""

from collections.abc import Sequence

from transforms.dates.grammar import Match


def day_comes_first(matches: Sequence[Match]) -> bool | None:
    """True for `31/12/2002` and `31 December`, False for `12/31/2002` and `December 31`, None for neither or both.

    Figures count before words: they are what is asked about.
    """
    figures: set[bool] = set()
    for match in matches:
        if match.rule.id == "numeric" and "/" in match.word("x"):
            first, second, _ = match.word("x").split("/")
            if (int(first) > 12) != (int(second) > 12):
                figures.add(len(first) <= 2 and int(first) > 12)
    words = {match.rule.day_first for match in matches if match.rule.day_first is not None}
    evidence = figures or words
    return evidence.pop() if len(evidence) == 1 else None
