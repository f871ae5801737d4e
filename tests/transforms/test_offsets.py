"""Cutting, putting back, and carrying positions: for any text and any removals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.models import Removal
from transforms.offsets import OffsetMap, cut, edits, restore


def removal(start: int, end: int, replacement: str = "") -> Removal:
    return Removal(start, end, "repair", "test", replacement=replacement)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Removal]]:
    """A text, astral characters and newlines included, and removals of it: touching, at its ends, replaced or not."""
    text = draw(st.text(st.characters(codec="utf-8"), max_size=40))
    marks = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    replacements = st.sampled_from(["", "", " ", "new", "a longer one than it was"])
    removals = [removal(a, b, draw(replacements)) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if removals and draw(st.booleans()) and removals[-1].raw_end < len(text):
        removals.append(removal(removals[-1].raw_end, len(text), draw(replacements)))
    return text, removals


@given(cases())
def test_what_is_cut_can_be_put_back(case: tuple[str, list[Removal]]) -> None:
    raw, removals = case
    assert restore(cut(raw, removals), edits(raw, removals)) == raw


@given(cases())
def test_positions_lead_to_the_same_characters(case: tuple[str, list[Removal]]) -> None:
    raw, removals = case
    clean, offsets = cut(raw, removals), OffsetMap(removals)
    kept = [i for i in range(len(raw)) if not any(r.raw_start <= i < r.raw_end for r in removals)]
    found = [offsets.raw_start(i) for i in range(len(clean))]
    assert [i for i in found if i in set(kept)] == kept
    for i, at in enumerate(found):
        assert 0 <= at < offsets.raw_end(i + 1) <= len(raw)
        if at in set(kept):
            assert raw[at] == clean[i]
            assert offsets.raw_end(i + 1) == at + 1


@given(cases())
def test_spans_keep_their_order(case: tuple[str, list[Removal]]) -> None:
    raw, removals = case
    clean, offsets = cut(raw, removals), OffsetMap(removals)
    starts = [offsets.raw_start(i) for i in range(len(clean))]
    ends = [offsets.raw_end(i + 1) for i in range(len(clean))]
    assert starts == sorted(starts)
    assert ends == sorted(ends)


def test_by_hand() -> None:
    raw = "OSLO - Rain  fell. © Acme"
    removals = [removal(11, 13, " "), removal(18, 25)]
    offsets = OffsetMap(removals)
    clean = cut(raw, removals)
    assert clean == "OSLO - Rain fell."
    assert raw[offsets.raw_start(7) : offsets.raw_end(11)] == "Rain"
    assert raw[offsets.raw_start(12) : offsets.raw_end(17)] == "fell."
    assert raw[offsets.raw_start(7) : offsets.raw_end(17)] == "Rain  fell."
    assert edits(raw, removals) == [(11, "  ", " "), (18, " © Acme", "")]


@pytest.mark.parametrize(
    "removals", [[removal(0, 0)], [removal(3, 2)], [removal(0, 9)], [removal(0, 3), removal(2, 4)],
                 [removal(2, 4), removal(0, 1)]]
)  # fmt: skip
def test_removals_that_make_no_sense_are_refused(removals: list[Removal]) -> None:
    with pytest.raises(ValueError, match="overlaps or is outside"):
        cut("Rain", removals)
