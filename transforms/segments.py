"""Segments: the stretches of a text that are kept or removed as a whole.

Finer than sentences: a notice is often glued to the last word of the article, stands behind a wide gap, or follows
another notice without a full stop between them.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from transforms.models import Segment
from transforms.normalise import BLANK_LINE, Normalised, normalise
from transforms.notices import Lowered, is_notice_like, lowered, without_signs
from transforms.rules import rules

TAIL, HEAD = 6, 3
"""How many segments from either end are counted within a source."""

_SEPARATORS = " \t\n\f|*_-–—•·>»~=#"
_STOP = re.compile(
    r"""
    [.!?…\n\f\t"'] (?:                    # one set first, so that the engine skips to its next member
      (?<= [.!?…] ) [.!?…]{0,5} ["')\]»]{0,3} [*_]{0,3} (\s?) (?= [^\s.,;:!?] )   # a stop, and a blank or none
    | (?<= [\n\f\t] )
    | (?<= ["'] ) (?= \s? \( [A-Z] )                                # a bracket that opens behind a closing mark
    )
    """,
    re.VERBOSE,
)
_BAR = re.compile(r" [|•·] | -- (?=[A-Z©(])")
_LINK = re.compile(r"\[([^\]\[]{1,160})\]\((https?://[^()\s]{1,240})\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\"')]{4,200} (?=[A-Z©(])")
_BRACKETED = re.compile(r"(?<![^\n\f.!?\"')] )(?<![^\s.!?\"')])\([^()\n\f]{10,300}\) (?=[A-Z])")
"""A sentence in brackets, and the next."""
_SIGNED = (
    (_BAR, " |"), (_BAR, " •"), (_BAR, " ·"), (_BAR, " -- "), (_ADDRESS, "://"), (_ADDRESS, "www."), (_BRACKETED, ") "),
)  # fmt: skip
_LOOK_BACK, _LOOK_AHEAD = 42, 42
_LONGEST_STARTER = 12
_NARROWEST_LINE, _WIDEST_LINE = 44, 85
"""Text wrapped by hand has lines of about this many characters."""
_LINE = re.compile(rf"(?![A-Z][\w ]{{0,20}}:)[^\n\f]{{1,{_WIDEST_LINE}}}(?:[\n\f]|\Z)")

_COMPANIES = frozenset({"inc", "ltd", "corp", "co", "llc"})
_UNFINISHED = re.compile(
    r"\s(?:and|or|of|the|an?|by|under|for|from|with|in|is|are|be|been|its?|their|our|your|(?:a|the) Creative)\Z"
)
"""How a line ends on which a sentence does not."""

_SPEC = rules("footers")["segments"]
_ABBREVIATIONS = frozenset(_SPEC["abbreviations"].split())
_CAPITALISED = frozenset(_SPEC["capitalised"].split())
_STARTERS = frozenset(rules("sentences")["starters"]["words"].split())
_ACRONYM = re.compile(r"(?:[a-z]\.){1,4}[a-z]")
_MARKED_YEAR = re.compile(r"(?:©|\(c\)|copyright)\W{1,3}(?:\(c\)\W)?\d{4}\Z", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"\b(?:19|20)\d\d ?\Z")
_DOMAINS = frozenset(_SPEC["domains"].split())


def _by_first_word(openers: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for opener in openers:
        if word := re.match(r"\w+|©|\(\w+|\*{3}", opener):
            found[word[0]] = (*found.get(word[0], ()), opener)
    return found


_OPENERS = _by_first_word(_SPEC["openers"])


def _opener_words() -> str:
    """A pattern for the first words of openers and for words in capitals, behind their first character."""
    rest: dict[str, list[str]] = {}
    for word in _OPENERS:
        rest.setdefault(word[0].upper(), []).append(re.escape(word[1:]))
    found = [
        rf"(?<={re.escape(first)})(?i:{'|'.join(words)})(?!\w)" for first, words in rest.items() if first.isalpha()
    ]
    found += [rf"(?<={re.escape(first)})(?i:{'|'.join(words)})" for first, words in rest.items() if not first.isalpha()]
    return "|".join([*found, r"(?<=[A-Z])[A-Z]{3,}(?!\w)"])


_OPENER_WORD = re.compile(f"[A-Z©(*](?:{_opener_words()})")
_WORD_END = re.compile(r"\w*\Z")
_DATELINE = re.compile(
    r"[A-Z]{4,20}(?:, [A-Z][a-z]{2,12}\.?(?: \d{1,2})?)? (?:\([A-Z][\w. ]{1,24}\) ?)?[—–-]{1,2} (?=[A-Z\"'])"
)
_BEFORE_DATELINE = frozenset('abcdefghijklmnopqrstuvwxyz0123456789.)"')
_MARKS = ("©", "(c)")
_SLOT = re.compile(r"(?:[A-Z][\w'.&-]*+ ?+)++|[\d£$€][\w.,:/]*+")
_TEMPLATE_WORD = re.compile(r"#|[^\W\d_A-Z]+(?:'[a-z]+)?")
_OPENS_SENTENCE = re.compile(r"^\W{0,3}[A-Z][a-z]+(?= [a-z])")
_NAME_JOINERS = frozenset({"and", "of", "for", "the", "de", "von", "van", "in", "at"})
_NUMBER = re.compile(r"\d+")
_MIN_WORDS, _MAX_SHORT = 2, 40
"""Words of a template besides its slots; characters of a segment with fewer."""
_DIGIT, _KEPT = re.compile(r"\d"), re.compile(r"[\w©&@/.:'-]+")
_COPYRIGHTED = ("copyright", "copr.", "text", "photo", "story", "image", "images", "content")
_NUMBER_WORD = re.compile(r"v?\d[\d.]*")
_SITE = re.compile(r"\.(?:com|org|net|edu|gov|int|info|uk|eu|de|fr|au|nz|ca|in|ng|za)\Z", re.IGNORECASE)
_SENTENCE_BEGINS = re.compile(r"[A-Z][a-z]+(?:'s)? [\w(]|A [a-z]|[A-Z]{3,}[, ]")
_SHORT_WORDS = frozenset({"it", "us", "me", "him", "up", "on", "so", "do", "go", "in", "to", "by", "of"})
_WEB = ("http://", "https://", "www.")
_DEED = re.compile(r"creativecommons\.org/[a-z]{1,14}/[a-z+-]{1,10}/[\d.]{1,4}(?:/(?:[a-z-]{2,8}/)?)?", re.IGNORECASE)


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
    cuts = sorted({0, len(text), *_boundaries(text), *_openings(text)})
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


def _boundaries(text: str) -> Iterator[int]:
    line_start = 0
    for match in _STOP.finditer(text):
        at, end = match.span()
        gap = match[1]
        if gap is None:
            line = text[at] in "\n\f\t"
            if not line or _line_ends(text, line_start, at):
                yield at if line else end
            line_start = end if line else line_start
        elif gap == " " or not gap:
            if (_sentence_ends if gap else _glued)(text, at, end):
                yield end
        else:
            yield end
            line_start = end
    for pattern, sign in _SIGNED:
        if sign in text:
            yield from (match.end() for match in pattern.finditer(text))


def _line_ends(text: str, line_start: int, at: int) -> bool:
    if text[at] == BLANK_LINE:
        return True
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if text[at] == "\t":
        return after in "©([" or after.isupper() or before in ".!?\"')"
    if before in ".!?\"')" or not after.isalnum():
        return True
    if _UNFINISHED.search(text, max(line_start, at - 12), at):
        return False
    return not (after.islower() or _wrapped(text, line_start, at))


def _wrapped(text: str, line_start: int, at: int) -> bool:
    """Whether two lines are one sentence set by hand to a narrow measure."""
    below = _LINE.match(text, at + 1)
    return _NARROWEST_LINE <= at - line_start <= _WIDEST_LINE and below is not None


def _sentence_ends(text: str, at: int, end: int) -> bool:
    """Whether a stop and a blank end a sentence, or belong to an abbreviation or an initial."""
    if end - at > 2:
        return text[at - 2 : at + 2].lower() != "(c.)"
    if text[at] in "!?…":
        return not text[end].islower()
    written = _word_before(text, at).strip(")]")
    word = written.lower()
    dated = word[:2] in ("19", "20") and _MARKED_YEAR.search(text, max(0, at - 24), at)
    if dated or _is_short_for_more(written, text[end]):
        return False
    if text[end].islower():
        return len(word) > 2 and word.replace("-", "").isalnum()
    if _ACRONYM.fullmatch(word):
        return text[end : end + _LONGEST_STARTER].split(None, 1)[0] in _STARTERS
    return not (len(word) == 1 and word.isalpha())


def _is_short_for_more(word: str, following: str) -> bool:
    """Whether a word before a full stop is an abbreviation, by the first character behind it."""
    lower = word.lower()
    if lower in _ABBREVIATIONS or (lower in _CAPITALISED and word != lower):
        return True
    return (lower in _COMPANIES and following == "(") or (lower == "no" and following.isdigit())


def _glued(text: str, at: int, end: int) -> bool:
    """Whether two sentences meet here without a blank; a web address, an acronym or a number is no such place."""
    following, word = text[end], _word_before(text, at)
    if following in "–—" or text.startswith("- ", end):
        return (len(word) > 2 and word.isalpha() and word.lower() not in _ABBREVIATIONS) or text[end - 1] in "\"')]"
    if not (following.isalpha() or following in "©™([" or text.startswith("--", end)):
        return False
    if text.startswith(_WEB, end):
        return len(word) > 2 and word.isalnum()
    if (
        _NUMBER_WORD.fullmatch(word)
        or _SITE.search(word)
        or any(mark in word for mark in "/@.")
        or "www" in word.lower()
    ):
        return _glued_to_sign(text, end, word)
    asked = text[at] in "!?" and following.isupper()
    if asked or following in "©™([-" or text[end - 1] in "\"')]" or text[at - 1 : at] in "\"')]":
        return True
    return _words_meet(word, re.split(r"[\s\"')\]]", text[end : end + _LOOK_AHEAD], maxsplit=1)[0])


def _glued_to_sign(text: str, end: int, word: str) -> bool:
    """Whether a sentence begins behind a number or an address and its stop."""
    following, second = text[end], text[end + 1 : end + 2]
    if _NUMBER_WORD.fullmatch(word):
        begins = "." in word or second.islower() or (len(word) == len("2004") and second.isalpha())
        return following in "©([" or (following.isupper() and begins)
    return (_SITE.search(word) is not None or "@" in word) and _SENTENCE_BEGINS.match(text, end) is not None


def _words_meet(before: str, after: str) -> bool:
    """Whether a stop between two words without a blank ends a sentence rather than stands in a web address."""
    bare = after.rstrip(",;:!?")
    if "/" in bare or "@" in bare or _is_domain(bare.split(".")[0]):
        return False
    if bare[:1].islower() or before.isupper():
        return len(before) > 3 and len(bare) > 1 and before.isalpha() and bare.isalpha() and len(after) < _LOOK_AHEAD
    return (len(before) > 2 or before in _SHORT_WORDS) and (len(bare) > 1 or bare in "AO")


def _is_domain(word: str) -> bool:
    """Whether a web address ends in a word: `in`, `COM`, `Com`, but `In` begins a sentence."""
    return word.lower() in _DOMAINS and (len(word) > 2 or not word.istitle())


def _word_before(text: str, at: int) -> str:
    words = text[max(0, at - _LOOK_BACK) : at].rsplit(None, 1)
    return words[-1].lstrip("\"'([*_") if words and not text[at - 1].isspace() else ""


def _openings(text: str) -> Iterator[int]:
    """Where a notice or an article begins that no full stop sets off from what stands before it."""
    for match in _OPENER_WORD.finditer(text):
        word, at = match[0], match.start()
        if text[at - 1 : at].isalnum() and word[0].isalpha() and _in_word(text, at):
            continue
        openers = _OPENERS.get(word.lower())
        if openers:
            if _opens(text, at, openers):
                yield at
        elif word.isupper() and len(word) > 3 and _begins_article(text, at):
            yield at
    if "creativecommons.org/" in text:
        yield from (match.end() for match in _DEED.finditer(text) if text[match.end() : match.end() + 1].isupper())


def _in_word(text: str, at: int) -> bool:
    """Whether a capital letter stands before it in its word, as in `McCopyright` but not in `endCopyright`."""
    before = _WORD_END.search(text, max(0, at - _LOOK_BACK), at)
    return before is not None and any("A" <= letter <= "Z" for letter in before[0])


def _begins_article(text: str, at: int) -> bool:
    return text[at - 2 : at - 1] in _BEFORE_DATELINE and _DATELINE.match(text, at) is not None


def _opens(text: str, at: int, openers: tuple[str, ...]) -> bool:
    """Whether one of the openers stands here, behind something that it cannot go on with."""
    ahead = text[at : at + _LOOK_AHEAD]
    opener = next((o for o in openers if ahead.lower().startswith(o)), None)
    if opener is None or (ahead[len(opener) : len(opener) + 1].isalpha() and opener[-1].isalpha()):
        return False
    back = text[max(0, at - 16) : at].rstrip()
    if opener in _MARKS and back.lower().rstrip(" (").endswith(_COPYRIGHTED):
        return False
    if opener == "copyright" and back.lower().endswith(_MARKS):
        return False
    if back.endswith(('"', "'")):
        return back[-2:-1] in tuple(".!?,")
    if not back[-1:].isalnum():
        return back[-1:] in tuple(".!?)]|*/")
    return _opens_behind_word(text, at, opener)


def _opens_behind_word(text: str, at: int, opener: str) -> bool:
    """Whether an opener behind a word, where no stop stands between, begins a notice."""
    if opener in _MARKS and (year := _YEAR_BEFORE.search(text, max(0, at - 5), at)):
        before = text[max(0, year.start() - 2) : year.start()].strip()
        begins_line = not before or before[-1] in ".!?"
        return not begins_line and text[at + len(opener) : at + len(opener) + 2].lstrip()[:1].isalnum()
    if opener in _MARKS:
        return not text[at - 1].isspace() or _long_before(text, at)
    if opener == "copyright":
        back = text[max(0, at - 16) : at]
        dated = re.match(r"copyright [©(12]", text[at : at + 11], re.IGNORECASE)
        return dated is not None and back.rstrip()[-1:].islower() and not any(mark in back for mark in _MARKS)
    words = text[at : at + len(opener)].split()
    return len(words) > 1 and words[0][0].isupper() and words[-1].islower()


def _long_before(text: str, at: int) -> bool:
    """Whether a whole sentence stands before a copyright mark, not just what is copyrighted."""
    clause = re.split(r"[.!?|\n\f\t]", text[max(0, at - 60) : at])[-1]
    return len(clause.split()) > 5 and text[at + 1 : at + 6].strip(" c)")[:2].isdigit()
