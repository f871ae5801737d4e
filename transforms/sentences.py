"""Where sentences begin and end, by rules: faster than any model by orders of magnitude, and as good on edited news.

A stop (`.`, `!`, `?`, `…`) ends a sentence unless what stands around it says otherwise; so does an empty line, and a
line break that does not merely wrap a long line.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from transforms.rules import rules

MAX_CHARS = 2_000
"""No sentence is longer: text without a stop is cut at white space, so that what comes after stays bounded."""

_STOP = re.compile(
    r"""
      (?<![.!?…]) [.!?…]+ [\"'”’»)\]]{0,4} (?= \s )           # a stop, its closing quotes, and a gap
    | (?<= [a-z]{3} ) [.!?] [\"”’]? (?= [\"“‘]? [A-Z][a-zA-Z] )   # two sentences glued together
    | [。！？؟।] [”’」』)]?                          # scripts that put no gap
    | \n
    """,
    re.VERBOSE,
)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’(\[]{1,24}\Z")
_NEXT = re.compile(r"\s*[\"'“‘«(\[]{0,3}(\w+)")
_NEXT_ON_LINE = re.compile(r"[ \t]*[\"'“‘«(\[]{0,3}(\w+)\S*")
_GAP = re.compile(r"\s*")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.){1,5}[A-Za-z]\Z|[A-Z]\Z")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})\Z")
_LOOK_BACK = 26
_LOOK_AHEAD = 64
_MIN_WRAP, _MAX_WRAP = 50, 100
"""Lines longer than this are paragraphs; text wrapped by hand or by a wire service has shorter ones."""

_FOLLOWS = {word: row["follows"] for row in rules("sentences")["abbreviation"] for word in row["words"].split()}
_STARTERS = frozenset(rules("sentences")["starters"]["words"].split())


def split(text: str) -> list[tuple[int, int]]:
    """The `(start, end)` of each sentence, in order, trimmed of white space, at most `MAX_CHARS` long.

    Every character that is not white space lies in exactly one. Linear in the length of the text.
    """
    text = _with_line_feeds(text)
    wrap = _wrap_width(text)
    spans: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    for match in _STOP.finditer(text):
        end = match.end()
        if end <= start:
            continue
        ends = _line_ends(text, match.start(), wrap) if match[0] == "\n" else _stop_ends(text, start, match)
        if ends:
            spans.extend(_pieces(text, start, end))
            start = _skip_space(text, end)
    spans.extend(_pieces(text, start, len(text)))
    return spans


def unwrap(text: str, sentences: Sequence[tuple[int, int]]) -> str:
    """The text with the line breaks inside its sentences as spaces, other ends of lines as line feeds: of the same
    length.
    """
    text = _with_line_feeds(text).replace("\r", " ")
    parts, at = [], 0
    for start, end in sentences:
        if text.find("\n", start, end) >= 0:
            parts += [text[at:start], text[start:end].replace("\n", " ")]
            at = end
    return "".join([*parts, text[at:]])


def _with_line_feeds(text: str) -> str:
    """The text with each lone carriage return, which ends a line too, as a line feed."""
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


def _wrap_width(text: str) -> int:
    """The width to which the text's lines were wrapped; 0 where a line break stands for itself."""
    lines = text.split("\n")
    width = max((len(line) for line in lines if len(line) <= _MAX_WRAP), default=0)
    pairs = [(line, after) for line, after in pairwise(lines) if line.strip() and after.strip()]
    full = sum(len(line) <= _MAX_WRAP and len(line) + 1 + len(after.split(None, 1)[0]) > width for line, after in pairs)
    return width if width >= _MIN_WRAP and 2 * full > len(pairs) else 0


def _line_ends(text: str, newline: int, wrap: int) -> bool:
    """Whether a line break ends the sentence: it does not where the next word would not have fitted on the line."""
    following = _NEXT_ON_LINE.match(text, newline + 1, newline + 1 + _LOOK_AHEAD)
    if following is None:
        return True
    if following[1][0].islower():
        return False
    line_start = text.rfind("\n", max(0, newline - _MAX_WRAP - 1), newline) + 1
    width = newline - max(line_start, newline - _MAX_WRAP)
    return text[newline + 1].isspace() or width + 1 + len(following[0]) <= wrap or not wrap


def _stop_ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop that was matched ends the sentence that began at `start`."""
    following = _NEXT.match(text, match.end(), match.end() + _LOOK_AHEAD)
    if following is None:
        return True
    word = following[1]
    if word[0].islower():
        return False
    if match[0][0] != "." or match[0].startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(start, match.start() - _LOOK_BACK), match.start())
    return before is None or _dot_ends(before[0], word, opens=before.start() <= start)


def _dot_ends(before: str, after: str, opens: bool) -> bool:
    """Whether a full stop between two words ends a sentence; `opens` where `before` is the first word of it."""
    if opens and _ENUMERATOR.match(before):
        return False
    if after in _STARTERS and _FOLLOWS.get(before) != "any":
        return True
    follows = _FOLLOWS.get(before)
    if follows == "any" or (follows == "number" and after[0].isdigit()):
        return False
    if follows == "name" or _ACRONYM.match(before):
        return after in _STARTERS
    return True


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence `start:end` trimmed, cut at white space where it is longer than `MAX_CHARS`."""
    while start < end:
        stop = end
        if end - start > MAX_CHARS:
            cut = max(text.rfind(" ", start, start + MAX_CHARS), text.rfind("\n", start, start + MAX_CHARS))
            stop = cut if cut > start else start + MAX_CHARS
        piece = text[start:stop].rstrip()
        if piece:
            yield start, start + len(piece)
        start = _skip_space(text, stop)


def _skip_space(text: str, start: int) -> int:
    gap = _GAP.match(text, start)
    return gap.end() if gap else start
