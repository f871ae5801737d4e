"""Clean text and raw text: cutting, putting back, and carrying positions from one to the other.

No text changes without a record of it: `restore(cut(raw, removals), removals) == raw`, always.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from transforms.models import Removal

Edit = tuple[int, str, str]
"""A removal as the tables hold it: start in the raw text, what stood there, what stands there now."""


def edits(raw: str, removals: Iterable[Removal]) -> list[Edit]:
    """The removals of `raw` as (raw_start, text, replacement), for `restore`."""
    return [(r.raw_start, raw[r.raw_start : r.raw_end], r.replacement) for r in removals]


def cut(raw: str, removals: Sequence[Removal]) -> str:
    """The clean text: `raw` without the spans of `removals`, their replacements in their place.

    Raises ValueError unless the removals are sorted, apart from one another and within the text.
    """
    pieces: list[str] = []
    at = 0
    for removal in removals:
        if not at <= removal.raw_start < removal.raw_end <= len(raw):
            raise ValueError(f"removal {removal.raw_start}-{removal.raw_end} by {removal.rule} overlaps or is outside")
        pieces += raw[at : removal.raw_start], removal.replacement
        at = removal.raw_end
    pieces.append(raw[at:])
    return "".join(pieces)


def restore(text: str, edits: Iterable[Edit]) -> str:
    """The raw text, from the clean text and what was taken out of it (sorted by raw_start)."""
    pieces: list[str] = []
    raw_length = at = 0
    for raw_start, removed, replacement in edits:
        kept = text[at : at + raw_start - raw_length]
        pieces += kept, removed
        raw_length += len(kept) + len(removed)
        at += len(kept) + len(replacement)
    pieces.append(text[at:])
    return "".join(pieces)


class OffsetMap:
    """Carries spans of the clean text into the raw text."""

    def __init__(self, removals: Sequence[Removal]) -> None:
        replaced = [len(r.replacement) for r in removals]
        shifts = list(accumulate(r.raw_end - r.raw_start - n for r, n in zip(removals, replaced, strict=True)))
        ends = [r.raw_end - shift for r, shift in zip(removals, shifts, strict=True)]
        self._ends = ends
        self._starts = [end - n for end, n in zip(ends, replaced, strict=True)]
        self._shifts = [0, *shifts]
        self._removals = removals

    def raw_start(self, start: int) -> int:
        """Where the character at `start` stands in the raw text; in a replacement, where the replaced span begins."""
        i = bisect_right(self._ends, start)
        if i < len(self._starts) and start >= self._starts[i]:
            return self._removals[i].raw_start
        return start + self._shifts[i]

    def raw_end(self, end: int) -> int:
        """Where a span that ends at `end` ends in the raw text; in a replacement, where the replaced span ends."""
        last = end - 1
        i = bisect_right(self._ends, last)
        if i < len(self._starts) and last >= self._starts[i]:
            return self._removals[i].raw_end
        return end + self._shifts[i]
