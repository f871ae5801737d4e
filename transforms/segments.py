"""Segments: the stretches of a text that are kept or removed as a whole.

Finer than sentences: a notice is often glued to the last word of the article, stands behind a wide gap, or follows
another notice without a full stop between them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from transforms.models import Segment
from transforms.normalise import BLANK_LINE, Normalised
from transforms.rules import rules

TAIL, HEAD = 6, 3
"""How many segments from either end are counted within a source (findings.md: the last 6)."""

_SEPARATORS = " \t\n\f|*_-–—•·>»~=#"
_BOUNDARY = re.compile(
    r"""
      [.!?…]+ ["')\]»]{0,3} (?: [*_]{1,3} )? (?P<gap>\s?) (?= (?P<next>[^\s.,;:!?]) )
    | (?P<line>[\n\f\t])
    | \ (?P<bar>[|•·]) (?=\ )
    | ["')\]] (?P<open> \s? ) (?= \( [A-Z] )
    | (?: https?:// | www\. ) [^\s"')]{4,200} (?P<address>\ ) (?= [A-Z©(] )
    """,
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\s\"'(\[]{1,40}\Z")
_TOKEN_AFTER = re.compile(r"[^\s\"')\]]{1,40}")
_LOOK_BACK = 42
_NARROWEST_LINE, _WIDEST_LINE = 55, 85
"""Text wrapped by hand has lines of about this many characters."""

_SPEC = rules("footers")["segments"]
_ABBREVIATIONS = frozenset(_SPEC["abbreviations"].split())
_DOMAINS = frozenset(_SPEC["domains"].split())
_OPENER_WORD = re.compile(r"[A-Z]\w*|©|\([A-Za-z]\w*|\*{3}")
_OPENERS: dict[str, list[str]] = {}
for _opener in _SPEC["openers"]:
    _OPENERS.setdefault(
        _first.group().lower() if (_first := _OPENER_WORD.match(_opener.capitalize())) else "", []
    ).append(_opener)
_DATELINE = re.compile(
    r"[A-Z]{4,20}(?:, [A-Z][a-z]{2,12}\.?(?: \d{1,2})?)? (?:\([A-Z][\w. ]{1,24}\) ?)?[—–-]{1,2} (?=[A-Z\"'])"
)
_BEFORE_DATELINE = frozenset('abcdefghijklmnopqrstuvwxyz0123456789.)"')
_DEED_GLUED = re.compile(
    r"creativecommons\.org/[a-z]{1,14}/[a-z+-]{1,10}/[\d.]{1,4}(?:/(?:[a-z-]{2,8}/)?)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment: where it stands in the normalised copy, and its text on one line."""

    start: int
    end: int
    text: str
    alone: bool
    """Whether it is a paragraph or line of its own."""


def pieces(copy: Normalised) -> list[Piece]:
    """The segments of a normalised text in order; what lies between them holds no letter or digit."""
    text = copy.text
    cuts = sorted({0, len(text), *_boundaries(text), *_openings(text)})
    found = []
    for low, high in zip(cuts, cuts[1:], strict=False):
        start, end = _trim(text, low, high)
        if start < end:
            found.append((start, end))
    return [Piece(start, end, " ".join(text[start:end].split()), _alone(text, start, end)) for start, end in found]


def identify(piece: Piece, copy: Normalised) -> Segment:
    """The segment as other documents of its source can know it again: case, edges and digits do not count."""
    normalised = normal_form(piece.text)
    return Segment(copy.raw(piece.start), copy.raw(piece.end), key(normalised), normalised)


def normal_form(text: str) -> str:
    """The text by which a segment is known again: folded case, bare edges, every digit a zero, every year the same."""
    folded = re.sub(r"\d", "0", text.casefold())
    return " ".join(re.sub(r"[^\w©&@/.:'-]+", " ", folded).split()).strip(" .:'-/")


def key(normalised: str) -> int:
    """The 63-bit hash of a normal form, never negative."""
    return int.from_bytes(blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    stripped = inner.lstrip(_SEPARATORS)
    start += len(inner) - len(stripped)
    end = start + len(stripped.rstrip(" \t\n\f|-–—•·>~=#"))
    return (start, end) if any(map(str.isalnum, text[start:end])) else (start, start)


def _alone(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 12) : start].strip(" \t|*_-–—")
    after = text[end : end + 12].strip(" \t|*_-–—.")
    return (not before or before[-1] in "\n\f") and (not after or after[0] in "\n\f")


def _boundaries(text: str) -> Iterator[int]:
    line_start = 0
    for match in _BOUNDARY.finditer(text):
        if match["line"] is not None:
            if _line_ends(text, line_start, match.start()):
                yield match.start()
            line_start = match.end()
        elif match["bar"] or match["address"] or match["open"] is not None:
            yield match.end()
        elif match["gap"]:
            if match["gap"] != " " or _sentence_ends(text, match):
                yield match.end()
                line_start = match.end() if match["gap"] != " " else line_start
        elif _glued(text, match):
            yield match.end()


def _line_ends(text: str, line_start: int, at: int) -> bool:
    if text[at] == BLANK_LINE:
        return True
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if text[at] == "\t":
        return after in "©([" or after.isupper() or before in ".!?\"')"
    if before in ".!?\"')" or not after.isalnum():
        return True
    return not (after.islower() or _wrapped(text, line_start, at))


def _wrapped(text: str, line_start: int, at: int) -> bool:
    """Whether two lines are one sentence set by hand to a narrow measure."""
    following = text.find("\n", at + 1, at + 1 + 2 * _WIDEST_LINE)
    return _NARROWEST_LINE <= at - line_start <= _WIDEST_LINE and 0 < following - at <= _WIDEST_LINE


def _sentence_ends(text: str, match: re.Match[str]) -> bool:
    if text[match.start()] in "!?…" or match.end() - match.start() > 2:
        return match["next"] not in ",;"
    before = _WORD_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    word = before.group().lower().strip(")]") if before else ""
    if match["next"].islower():
        return len(word) > 2 and word.isalnum() and word not in _ABBREVIATIONS
    return (
        (len(word) != 1 or not word.isalpha())
        and word not in _ABBREVIATIONS
        and not re.fullmatch(r"(?:[a-z]\.){1,4}[a-z]", word)
    )


def _glued(text: str, match: re.Match[str]) -> bool:
    """Whether two sentences meet here without a blank; a web address, an acronym or a number is no such place."""
    following = match["next"]
    if not (following.isalpha() or following in "©([" or text.startswith("--", match.end())):
        return False
    before = _WORD_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    word = before.group() if before else ""
    if any(mark in word for mark in "/@.") or "www" in word.lower():
        return False
    if following in "©([-" or text[match.end() - 1] in "\"')]" or text[match.start() - 1 : match.start()] in "\"')]":
        return True
    token = _TOKEN_AFTER.match(text, match.end())
    after = token.group().rstrip(",;:!?") if token else ""
    if "/" in after or "@" in after or after.lower().split(".")[0] in _DOMAINS:
        return False
    if following.islower() or word.isupper():
        return (
            len(word) > 3
            and len(after) > 1
            and word.isalpha()
            and after.isalpha()
            and text[(stop := match.end() + len(after)) : stop + 1] in " ',:!"
        )
    return len(word) > 2 and (len(after) > 1 or after in "A")


def _openings(text: str) -> Iterator[int]:
    """Where a notice or an article begins that no full stop sets off from what stands before it."""
    lower = text.lower()
    for match in _OPENER_WORD.finditer(text):
        at, word = match.start(), match.group()
        if any(lower.startswith(o, at) and _opens(text, at, len(o)) for o in _OPENERS.get(word.lower(), ())):
            yield at
        elif (
            word.isupper() and len(word) > 3 and _DATELINE.match(text, at) and text[at - 2 : at - 1] in _BEFORE_DATELINE
        ):
            yield at
    for match in _DEED_GLUED.finditer(text) if "creativecommons.org/" in lower else ():
        if text[match.end() : match.end() + 1].isupper():
            yield match.end()


def _opens(text: str, at: int, length: int) -> bool:
    after = text[at + length : at + length + 1]
    if after.isalpha() and text[at + length - 1].isalpha():
        return False
    back = text[max(0, at - 16) : at]
    before = back.rstrip()[-1:]
    if not before:
        return True
    if text[at] == "©" or text[at : at + 3].lower() == "(c)":
        if (
            back.lower()
            .rstrip(" (")
            .endswith(("copyright", "copr.", "text", "photo", "story", "image", "images", "content"))
        ):
            return False
        return before in ".!?\"')]|*/" or (before.isalnum() and (back[-1:].isalnum() or _long_before(text, at)))
    if before in "\"'":
        return back.rstrip()[-2:-1] in ".!?,"
    if before in ".!?)]|*/":
        return True
    if text.startswith(("Copyright ", "COPYRIGHT "), at):
        return before.islower() and text[at + 10 : at + 11] in "©(12"
    words = text[at : at + length].split()
    return len(words) > 1 and words[0][0].isupper() and words[-1].islower() and before.isalnum()


def _long_before(text: str, at: int) -> bool:
    """Whether a whole sentence stands before a copyright mark, not just what is copyrighted."""
    clause = re.split(r"[.!?|\n\f\t]", text[max(0, at - 60) : at])[-1]
    return len(clause.split()) > 5 and text[at + 1 : at + 6].strip(" c)")[:2].isdigit()
