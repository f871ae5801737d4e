"""A document as a reader sees it: its clean text in pieces, each with its marks, and what was cut in its old place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

CONTROLS: dict[int, int | str] = {
    **{c: 0x2400 + c for c in range(32) if chr(c) not in "\t\n"},
    0x7F: 0x2421,
    # overrides turn letters round and make a text say what it does not: shown by name, as the standard names them
    0x202D: "⟦LRO⟧",
    0x202E: "⟦RLO⟧",
}


class Mark(NamedTuple):
    """A stretch of the clean text and what is known of it."""

    start: int
    end: int
    kind: str
    """`person`, `place`, `org`, `thing`, `date` or `topic`."""
    note: str
    """Its canonical name or value, for a reader."""


class Cut(NamedTuple):
    """A row of `removals`."""

    raw_start: int
    text: str
    replacement: str
    note: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch to show: with no kinds, plain text; of the kind `cut`, text that is no longer there."""

    text: str
    kinds: tuple[str, ...] = ()
    note: str = ""


def shown(text: str) -> str:
    """The text with control characters and direction overrides made visible."""
    return text.translate(CONTROLS)


def pieces(text: str, cuts: Sequence[Cut], marks: Iterable[Mark]) -> list[Piece]:
    """The clean text with its marks, and between them what was cut; white space that was repaired is passed over.

    Where marks overlap, the stretch that they share is a piece of its own with the kinds and notes of both.
    """
    struck = {at: cut for at, cut in _placed(cuts).items() if cut.text.strip() or cut.replacement.strip()}
    opening: dict[int, list[Mark]] = {}
    edges = {0, len(text), *struck}
    for mark in marks:
        opening.setdefault(mark.start, []).append(mark)
        edges |= {mark.start, mark.end}
    result: list[Piece] = []
    active: list[Mark] = []
    ordered = sorted(edges)
    for start, end in zip(ordered, [*ordered[1:], len(text)], strict=True):
        if start in struck:
            result.append(Piece(shown(struck[start].text), ("cut",), struck[start].note))
        active = [m for m in active if m.end > start] + opening.get(start, [])
        if start < end:
            notes = "; ".join(dict.fromkeys(m.note for m in active))
            result.append(Piece(shown(text[start:end]), tuple(dict.fromkeys(m.kind for m in active)), notes))
    return result


def _placed(cuts: Sequence[Cut]) -> dict[int, Cut]:
    """Each cut with its place in the clean text; cuts that meet there are joined into one."""
    shift = 0
    placed: dict[int, Cut] = {}
    for cut in cuts:
        at = cut.raw_start - shift
        shift += len(cut.text) - len(cut.replacement)
        placed[at] = _joined(placed[at], cut) if at in placed else cut
    return placed


def _joined(one: Cut, other: Cut) -> Cut:
    text, replacement = one.text + other.text, one.replacement + other.replacement
    return Cut(one.raw_start, text, replacement, f"{one.note}; {other.note}")


def words(text: str, evidence: dict[str, str], limit: int = 300) -> list[Mark]:
    """Where the words of a topic's evidence stand in the text: at most `limit` marks of the kind `topic`.

    `evidence`: word -> note.
    """
    notes = {word.casefold(): note for word, note in evidence.items() if word.strip()}
    if not notes:
        return []
    longest_first = "|".join(re.escape(word) for word in sorted(notes, key=lambda w: (-len(w), w)))
    found: list[Mark] = []
    for match in re.finditer(rf"\b(?:{longest_first})\b", text, re.IGNORECASE):
        note = notes.get(match[0].casefold())
        if note and match.end() > match.start():
            found.append(Mark(match.start(), match.end(), "topic", note))
        if len(found) == limit:
            break
    return found


def clip(whole: Sequence[Piece], head: int, tail: int) -> list[Piece]:
    """The pieces of the first `head` and the last `tail` characters; between them, how many are left out."""
    total = sum(len(p.text) for p in whole)
    if total <= head + tail:
        return list(whole)
    result: list[Piece] = []
    at = 0
    left_out = False
    for piece in whole:
        start, at = at, at + len(piece.text)
        if start < head:
            result.append(Piece(piece.text[: head - start], piece.kinds, piece.note))
        if at > head and not left_out:
            result.append(Piece(f"\n\n[… {total - head - tail:,} characters left out …]\n\n", ("gap",)))
            left_out = True
        if at > total - tail:
            result.append(Piece(piece.text[max(0, total - tail - start) :], piece.kinds, piece.note))
    return result
