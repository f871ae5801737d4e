"""Where a name begins and ends: no article, no title, no possessive, no figure."""

import re
from collections.abc import Iterator
from functools import cache

from transforms.dateline import SLUGS
from transforms.entities.companies import closes_sentence
from transforms.entities.context import PARTICLES, UPPER, Context, settle
from transforms.models import Span
from transforms.rules import rules

_HEAD = re.compile(
    r"(?:[\s\"'“”‘’`(\[,;:.*/|+&–—-]+|(?:[Tt]he|THE|an?|A|An|[Oo]f|[Aa]nd|[Ii]n|[Aa]t|[Ff]or|[Bb]y|[Tt]o|[Ff]rom|to)\s)+"
)
_WHOLE = ("The Hague", "The Gambia")
"""Of these names the article is a part."""
_TAIL = re.compile(r"(?:\s*['’`]\s?[sS]|[\s\"'“”‘’`,;:*/|!?&–—-]+|\s(?:[a-zà-ÿ-]{1,16}|Q[1-4]|[1-4]Q|H[12]))\Z")
_COLUMNS = re.compile(r"(?:[A-Z] ){1,9}[A-Z]")
_SLUG = re.compile(r"([A-Z][A-Za-z]{3,12})(?: \d)?-(?=[A-Z])")
_LOWER = re.compile(rf"(?:(?!(?:{'|'.join(PARTICLES)}|abu)[ ])[a-z]{{3,}}[ ]){{1,3}}(?=[{UPPER}])")
_TICKER = re.compile(r"[ ][<(]?\b[A-Z0-9]{2,6}\.[A-Z]{1,2}[>)]?\Z")
_RIC = re.compile(r"[A-Z0-9]{2,6}\.[A-Z]{1,2}")
_SCORE = re.compile(r"[ ]\d{1,3}(?:-\d{1,3}|,\d{3})\Z")
_NUMBER = re.compile(r"[ ]\d{1,4}\Z")
_UNIT = re.compile(r"[ ](?:million|billion|mln|bln|euros?|pounds|dollars|yen|percent|pct|points|tonnes)\b")
DESKS = SLUGS | {"RTRS"}
"""What the desk writes in capitals before a name: `FOCUS-`, `RTRS -`."""
_WORD = re.compile(r"\S+")
_ABBREVIATION = re.compile(r"(?<!\w)(?:\w|[A-Z][a-z]{1,4})\.\Z")
_SHORTENED = re.compile(r"\.(?=[,;)]|[ ][a-z(])")
_SHORT_WORD = re.compile(r"(?<!\w)[A-Z][a-z]{1,4}\Z|\.[A-Z]\Z")
_MONEY = re.compile(r"\$\d")
_CODE_ENDS = frozenset("0123456789=")
_ARTICLES = ("The", "An", "A")
_NO_NAME = ("$", " Minister", " Secretary")
_NUMBERS = re.compile(r"\s+[\d(][\d\s:.,/+()-]*\Z")


@cache
def _titles() -> tuple[frozenset[str], frozenset[str]]:
    """Words before a person's name that are no part of it; those of the second set only before two words."""
    rows = rules("people")["titles"]
    return (
        frozenset(word for row in rows if not row.get("with_two") for word in row["words"]),
        frozenset(word for row in rows if row.get("with_two") for word in row["words"]),
    )


def is_title(word: str) -> bool:
    """Whether a word stands before a person's name: `Queen`."""
    return any(word.lower() in titles for titles in _titles())


@cache
def _offices() -> frozenset[str]:
    return frozenset(rules("heads")["offices"]["words"].split())


@cache
def no_given_names() -> frozenset[str]:
    """Capitalised words before a surname that are no given name: titles, offices, and what opens a sentence."""
    titles = {word.capitalize() for words in _titles() for word in words}
    roles = {word for word, label in _every_opener() if label == "PERSON"}
    return _offices() | titles | roles | frozenset(rules("heads")["no_names"]["words"].split()) | _bodies()


@cache
def _bodies() -> frozenset[str]:
    return frozenset(word for row in rules("heads")["head"] for word in row["words"].split())


@cache
def _possessives() -> tuple[str, ...]:
    return tuple(rules("heads")["possessive"]["words"].split())


def trim(context: Context, spans: list[Span]) -> list[Span]:
    """Articles, titles, possessives, punctuation and line breaks are no part of a name."""
    return settle(
        trimmed for span in spans for line in _lines(context.text, span) if (trimmed := _trimmed(context, line))
    )


def _lines(text: str, span: Span) -> Iterator[Span]:
    """The span; where it goes on in other lines, its part in each."""
    yield span
    line = text.find("\n", span.start, span.end)
    while line >= 0:
        start, line = line + 1, text.find("\n", line + 1, span.end)
        yield Span(start, line if line >= 0 else span.end, span.label)


def _trimmed(context: Context, span: Span) -> Span | None:
    text = context.text
    start, end, label = span.start, span.end, span.label
    if text[start : start + 1].isspace() or text.find("\n", start, end) >= 0:
        start, end = _one_sentence(context, start, end)
    name = text[start:end]
    is_long = " " in name
    if is_long and (first := name.partition(" ")[0]) in _openers() and _opens(context, start, start + len(first)):
        start, label = start + len(first), _openers()[first]
    has_signs = not name.replace(" ", "").isalpha()
    start = _without_head(text, start, end)
    if label == "PERSON" and (has_signs or is_long):
        start, end = _untitled(text, start, end)
    end = _without_tail(text, start, end)
    if has_signs and (figure := _without_figure(text, start, end)) < end:
        end = _without_tail(text, start, figure)
    end = _full_stop(context, start, end)
    if has_signs:
        end = _balanced(text, start, end)
    trimmed = span if (start, end) == (span.start, span.end) else Span(start, end, label)
    return trimmed if _is_name(text, trimmed) else None


@cache
def _openers() -> dict[str, str]:
    """What a body or person is, in a capital, as the first word of a sentence, and the label: `Chipmaker Lund`."""
    in_names = rules("heads")["in_names"]["words"].split()
    return {word: label for word, label in _every_opener() if word not in in_names}


def _every_opener() -> list[tuple[str, str]]:
    """The same, with those that begin many a body's own name."""
    rows = [row for row in rules("heads")["noun"] if row.get("opens")]
    return [(word.capitalize(), row["label"]) for row in rows for word in row["before"]]


def _opens(context: Context, start: int, end: int) -> bool:
    """Whether a word only says what the next one is the name of: it begins a sentence, and the next has a capital."""
    text = context.text
    begins = start == context.sentence_at(start)[0] or text[max(0, start - 2) : start] in ("- ", "— ", "– ")
    return begins and text[end + 1 : end + 2].isupper()


def _without_head(text: str, start: int, end: int) -> int:
    """The start behind articles, signs, slugs (`FOCUS-`) and the rest of a word."""
    head = _HEAD.match(text, start, end)
    if head and not text.startswith(_WHOLE, start, end):
        start = head.end()
    if text.find("-", start, end) > 0 and (slug := _SLUG.match(text, start, end)) and slug[1].upper() in DESKS:
        start = slug.end()
    if text[start : start + 1].islower() and (lower := _LOWER.match(text, start, end)):
        start = lower.end()
    if text[start - 1 : start].isalnum():  # inside a word: `3G Nordhus`
        start = text.find(" ", start, end) + 1 or end
        while start < end and text[start].isspace():
            start += 1
    return start


def _without_tail(text: str, start: int, end: int) -> int:
    """The end before small words, signs and a possessive that is no part of the name."""
    while _has_tail(text[start:end].rpartition(" ")[2]) and (tail := _TAIL.search(text, max(start, end - 40), end)):
        if text[tail.start() : end] in ("'s", "’s") and text[start : tail.start()].endswith(_possessives()):
            break
        end = tail.start()
    return end


@cache
def _codes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A flight or the code of a future or rate, as a whole name and at the end of one."""
    any_code = "|".join(rules("bodies")["spurious"]["patterns"])
    return re.compile(any_code), re.compile(rf"[ ](?:{any_code})\Z")


def _without_figure(text: str, start: int, end: int) -> int:
    """The end before a score, sum, ticker or flight: `Lund 3-0`, `Hale 345 million`, `Hale Inc HALE.O`."""
    if text[end - 1] in _CODE_ENDS and (code := _codes()[1].search(text, max(start, end - 16), end)):
        return code.start()
    if text[end - 1].isdigit():
        sure = _SCORE.search(text, max(start, end - 8), end)
        figure = sure or (_NUMBER.search(text, max(start, end - 5), end) if _UNIT.match(text, end) else None)
        return figure.start() if figure else end
    ticker = _TICKER.search(text, max(start, end - 12), end) if text.find(".", start, end) > 0 else None
    return ticker.start() if ticker else end


def _is_name(text: str, span: Span) -> bool:
    """Whether it is no small word, currency (`US$3`), head of a table (`W L T`) or office (`Interior Minister`)."""
    name = text[span.start : span.end]
    if text.startswith(_NO_NAME, span.end) and (text[span.end] == "$" or name in _offices()):
        return False
    if span.label != "ORG" and _RIC.fullmatch(name):
        return False
    if name[-1:] in _CODE_ENDS and _codes()[0].fullmatch(name):
        return False
    if name in _ARTICLES or ("$" in name and _MONEY.search(name)):
        return False
    if name.isupper():
        return not (_COLUMNS.fullmatch(name) or (span.label == "PERSON" and len(name) < 4))
    return name != name.lower()


def _one_sentence(context: Context, start: int, end: int) -> tuple[int, int]:
    """The part of the span in the sentence that it begins in: a break that only wraps a line is no end."""
    text = context.text
    while start < end and text[start].isspace():
        start += 1
    line = text.find("\n", start, end)
    if line < 0:
        return start, end
    if text[line - 1] == ".":
        return start, line
    return start, min(end, max(context.sentence_at(start)[1], start))


def _untitled(text: str, start: int, end: int) -> tuple[int, int]:
    numbers = None if text[end - 1].isalpha() else _NUMBERS.search(text, max(start, end - 40), end)
    end = numbers.start() if numbers else end
    always, before_two = _titles()
    words = list(_WORD.finditer(text, start, end))
    if not words or ((first := words[0][0].strip(".,").lower()) not in always and first not in before_two):
        return start, end
    outside = text[max(0, start - 16) : start - 1].rsplit(" ", 1)[-1].strip(".,")
    if outside[:1].isupper() and outside.lower() in always:  # `Colonel Imam Hale`: the second is a given name
        return start, end
    while len(words) > 1:
        word = words[0][0].strip(".,").lower()
        if word not in always and not (word in before_two and len(words) > 2):
            break
        words.pop(0)
        start = words[0].start()
    return start, end


def _has_tail(word: str) -> bool:
    """Whether a name's last word may be more than that: it ends in a sign, or is a small word or `Q3`."""
    return not word.isalnum() or word.islower() or len(word) == 2


def _full_stop(context: Context, start: int, end: int) -> int:
    """The end with the full stop of an abbreviation, without that of a sentence."""
    text = context.text
    if text[end - 1 : end] == ".":
        closes = text.count(".", start, end) == 1 and (
            end >= context.sentence_at(start)[1] or closes_sentence(context, start, end)
        )
        if not closes and _ABBREVIATION.search(text, max(start, end - 12), end):
            return end
        return start + len(text[start : end - 1].rstrip())
    return (
        end + 1
        if text[end : end + 1] == "."
        and _SHORTENED.match(text, end)
        and _SHORT_WORD.search(text, max(start, end - 7), end)
        else end
    )


def _balanced(text: str, start: int, end: int) -> int:
    """The end before a bracket that is opened and not closed, or closed and not opened."""
    for opening, closing in ("()", "[]"):
        at = text.find(opening, start, end)
        if at > start and text.find(closing, at, end) < 0:
            end = len(text[start:at].rstrip()) + start
        at = text.find(closing, start, end)
        if at > start and text.find(opening, start, at) < 0:
            end = len(text[start:at].rstrip()) + start
    return end
