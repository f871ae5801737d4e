"""A normalised copy of a text for matching, with the way back: the raw text itself is never edited.

Entities, mojibake, typographic quotes, odd blanks and invisible characters differ from page to page while the notice
is the same; rules and hashes look at the copy, offsets lead back.
"""

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

BLANK_LINE = "\f"
"""What one or more empty lines become in the copy; a line break is ``\\n``, a wide gap ``\\t``, a blank `` ``."""

_PLAIN = tuple(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒−", "-"),
        **dict.fromkeys(
            "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
        ),
        **dict.fromkeys("\r\x0b\x85\u2028\u2029", "\n"),
        **dict.fromkeys("\x1c\x1d\x1e\x1f", " "),
        "İ": "I",  # the one letter that grows when lowered
    }.items()
)

# UTF-8 read as Windows-1252: a lead byte of the scripts met in news, then its continuation bytes.
_CONTINUED = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = f"[ÂÃÄÅÐÑ]{_CONTINUED}|[âà]{_CONTINUED}{{2}}|ð{_CONTINUED}{{3}}"
_BLANK = r"(?:\s|Â(?=\s)|&(?:amp;)?(?:nbsp|#160);)"
_INLINE = "a|abbr|b|cite|em|font|i|q|s|small|span|strong|sub|sup|u"
_BLOCK = "blockquote|br|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|hr|li|ol|p|section|table|td|tr|ul"
_TAG = rf"</?(?:{_INLINE}|(?P<block>{_BLOCK}))(?:\s(?:[^<>:]|:(?!//)){{0,200}})?/?>"
"""A tag of HTML without an address, which may be that of a licence."""
# The look-ahead passes over printable ASCII at one test a character.
_PIECE = re.compile(
    rf"(?=[^ -~]|[&<]|\ [\s&Â])(?:(?P<blank>{_BLANK}+)"
    r"|(?P<entity>&(?:amp;)?(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,30});)"
    rf"|(?P<mojibake>{_MOJIBAKE})|(?P<tag>(?i:{_TAG}))"
    "|(?P<invisible>[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff]+))"
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and the places where it and the raw text part."""

    text: str
    starts: tuple[int, ...]
    """Offsets in `text` from which `raw_starts` holds, ascending."""
    raw_starts: tuple[int, ...]

    def raw(self, offset: int) -> int:
        """The offset in the raw text of an offset in `text`: of the character's start, or of an end if given an end."""
        i = bisect_right(self.starts, offset) - 1
        return self.raw_starts[i] + offset - self.starts[i]


def normalise(raw: str, start: int = 0) -> Normalised:
    """The normalised copy of ``raw[start:]``; its offsets lead into `raw`. Linear, never raises."""
    parts: list[str] = []
    starts, raw_starts = [0], [start]
    length, last = 0, start
    for match in _PIECE.finditer(raw, start):
        kept = raw[last : match.start()]
        parts += kept, (piece := _replacement(match))
        starts.append(length + len(kept))
        raw_starts.append(match.start())
        length += len(kept) + len(piece)
        last = match.end()
        starts.append(length)
        raw_starts.append(last)
    parts.append(raw[last:])
    return Normalised(_plain("".join(parts)), tuple(starts), tuple(raw_starts))


def _plain(text: str) -> str:
    for sign, plain in _PLAIN:
        if sign in text:
            text = text.replace(sign, plain)
    return text


def _replacement(match: re.Match[str]) -> str:
    piece = match.group()
    if match.lastgroup == "blank":
        lines = len(_plain(piece.replace("\r\n", "\n")).split("\n")) - 1
        return BLANK_LINE if lines > 1 or "\f" in piece else "\n" if lines else "\t" if _wide(piece) else " "
    if match.lastgroup == "entity":
        return html.unescape(html.unescape(piece))
    if match.lastgroup == "mojibake":
        return _demojibake(piece)
    if match.lastgroup == "tag":
        return "\n" if match["block"] else ""
    return ""


def _wide(piece: str) -> bool:
    return len(html.unescape(piece.replace("amp;", "")).replace("Â", "")) > 1 or piece == "\t"


def _demojibake(piece: str) -> str:
    try:
        return bytes(_byte(character) for character in piece).decode("utf-8")
    except (UnicodeError, ValueError):
        return piece


def _byte(character: str) -> int:
    """The Windows-1252 byte of a character; the five bytes that it leaves undefined stand for themselves."""
    return ord(character) if ord(character) < 0x100 else character.encode("cp1252")[0]
