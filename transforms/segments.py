"""Segments: the stretches of a text that are kept or removed as a whole.

Finer than sentences: a notice is often glued to the last word of the article, stands behind a wide gap, or follows
another notice without a full stop between them.
"""

import re
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from transforms.breaks import breaks
from transforms.models import Segment
from transforms.normalise import Normalised, normalise
from transforms.notices import Lowered, is_notice_like, lowered, without_signs

TAIL, HEAD = 6, 3
"""How many segments from either end are counted within a source."""
_SEPARATORS = " \t\n\f|*_-–—•·>»~=#"
_LINK = re.compile(r"\[([^\]\[]{1,160})\]\((https?://[^()\s]{1,240})\)")
_SLOT = re.compile(r"(?:[A-Z][\w'.&-]*+ ?+)++|[\d£$€][\w.,:/]*+")
_TEMPLATE_WORD = re.compile(r"#|[^\W\d_A-Z]+(?:'[a-z]+)?")
_OPENS_SENTENCE = re.compile(r"^\W{0,3}[A-Z][a-z]+(?= [a-z])")
_NAME_JOINERS = frozenset({"and", "of", "for", "the", "de", "von", "van", "in", "at"})
_NUMBER = re.compile(r"\d+")
_MIN_WORDS, _MAX_SHORT = 2, 40
"""Words of a template besides its slots; characters of a segment with fewer."""
_DIGIT, _KEPT = re.compile(r"\d"), re.compile(r"[\w©&@/.:'-]+")


class Piece(NamedTuple):
    """One segment: where it stands in the normalised copy, and its text on one line."""

    start: int
    end: int
    text: str
    """On one line, Markdown links without their addresses."""
    lower: Lowered


def pieces(copy: Normalised) -> list[Piece]:
    """The segments of a normalised text in order; what lies between them holds no letter or digit."""
    text = copy.text
    cuts = sorted({0, len(text), *breaks(text)})
    lower = text.lower()
    words = without_signs(lower)
    found = []
    for low, high in pairwise(cuts):
        start, end = _trim(text, low, high)
        if start < end:
            line = text[start:end]
            if not line.isprintable() or "  " in line:
                line = " ".join(line.split())
            read = Lowered(lower[start:end], words[start:end].split())
            if "](" in line:
                line = _LINK.sub(_link_text, line)
                read = lowered(line)
            found.append(Piece(start, end, line, read))
    return found


def identify(piece: Piece, copy: Normalised) -> Segment:
    """The segment as other documents of its source can know it again, by its `normal_form`."""
    normalised = normal_form(piece)
    return Segment(copy.raw(piece.start), copy.raw(piece.end), key(normalised), normalised)


def named(words: str) -> frozenset[str]:
    """The normal forms that somebody means who names a segment: as `footers.segment` shows it, or as the text has it.

    What is written in small letters may be a normal form, which is not taken apart into several.
    """
    forms = frozenset(normal_form(piece) for piece in pieces(normalise(words)))
    is_normal = is_template(words) or (words == words.casefold() and len(forms) != 1)
    return frozenset({words}) if is_normal else forms | {words}


def _link_text(link: re.Match[str]) -> str:
    """The words of a Markdown link, and its address where that is a licence's."""
    return f"{link[1]} ({link[2]})" if "creativecommons.org/" in link[2] else link[1]


def normal_form(piece: Piece) -> str:
    """The text by which a segment is known again: folded case, bare edges and, if it is notice-like, zeros for digits.

    The sentences of weather, markets and sports recur with other numbers; those are not the same sentence.
    """
    folded = piece.text.casefold()
    if is_notice_like(piece.lower):
        folded = _DIGIT.sub("0", folded)
    return " ".join(_KEPT.findall(folded)).strip(" .:'-/")


def template(piece: Piece) -> str | None:
    """The words of a segment with `#` for each name and number, by which a notice is known again that names another
    author each time. Where few words are left, `#` stands for numbers alone; None where there is none of either."""
    words = _TEMPLATE_WORD.findall(_SLOT.sub(" # ", _OPENS_SENTENCE.sub(_small, piece.text)))
    if len(words) - words.count("#") < _MIN_WORDS:
        form = _NUMBER.sub("#", piece.text.casefold())
        return form if "#" in form and len(form) <= _MAX_SHORT else None
    made: list[str] = []
    for word in words:
        if word == "#":
            while made and made[-1] in _NAME_JOINERS and "#" in made[-2:-1]:
                made.pop()  # `A and B` and `A of B` are one name, as `A` is
            if made[-1:] == ["#"]:
                continue
        made.append(word)
    return " ".join(made) if "#" in made else None


def _small(found: re.Match[str]) -> str:
    return found[0].lower()


def is_template(normalised: str) -> bool:
    """Whether it is what `template` gives, rather than a `normal_form`."""
    return "#" in normalised


def key(normalised: str) -> int:
    """The 63-bit hash of a normal form, never negative."""
    return int.from_bytes(blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    stripped = inner.lstrip(_SEPARATORS)
    start += len(inner) - len(stripped)
    end = start + len(stripped.rstrip(_SEPARATORS))
    worded = text[start : start + 1].isalnum() or any(map(str.isalnum, text[start:end]))
    return (start, end) if worded else (start, start)


def alone(text: str, start: int, end: int) -> bool:
    """Whether a segment of a normalised text is a paragraph or line of its own."""
    before = text[max(0, start - 12) : start].strip(" \t|*_-–—")
    after = text[end : end + 12].strip(" \t|*_-–—.")
    return (not before or before[-1] in "\n\f") and (not after or after[0] in "\n\f")
