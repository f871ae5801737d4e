"""What is no running text: datelines, bylines, credits, headlines in capitals."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from transforms.dateline import is_known
from transforms.entities.companies import without_form
from transforms.entities.consistency import longest_form
from transforms.entities.context import PARTICLES, UPPER, Context, fill, overlay, settle
from transforms.entities.gazetteer import in_capitals, label_of
from transforms.models import Span

_WORD = rf"[{UPPER}][\w.'’-]{{0,24}}"
_NAME = rf"{_WORD}(?:[ \t](?:(?:{'|'.join(PARTICLES)})[ \t]){{0,2}}{_WORD}){{1,4}}"

_AGENCY = re.compile(r"[(\[]\s?([^()\[\]\n]{2,40}?)\s?[)\]]|(?<=\s)/([^/\n]{2,30})/")
_PLACE = rf"{_WORD}(?:[ \t]{_WORD}|[ \t](?:de|la|da|al|el|of)(?=[ \t])){{0,4}}"
_PLACES = re.compile(rf"\s*({_PLACE}(?:\s?/\s?{_PLACE}){{0,2}})")
_REGION = re.compile(rf",[ \t]{{1,3}}({_WORD}(?:[ \t]{_WORD}){{0,3}})")
_DAY = re.compile(
    r"(?<!\w)(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)(?!\w)",
    re.IGNORECASE,
)


def read_dateline(context: Context, spans: list[Span]) -> list[Span]:
    """The places of the dateline are GPE, its agencies ORG; a line of a name alone above it is the writer's."""
    dateline = _dateline(context)
    if dateline is None:
        return spans
    start, end = dateline
    found = list(_agencies(context.text, start, end))
    stop = min((span.start for span in found if span.label == "ORG"), default=end)
    found += _places(context.text, start, stop)
    return overlay(spans, [*found, *_bylines(context.text, start)])


_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_DATED_LINE = re.compile(rf"(?m)^[ \t]{{0,8}}{_WORD}[^\n\d]{{0,60}}[ \t](?:19|20)\d\d-\d\d-\d\d[ \t]*$")


_AGENCY_LINE = re.compile(
    rf"(?m)^[ \t]{{0,8}}[{UPPER}]{{3}}[^\n()]{{0,60}}\([ ]?[{UPPER}][\w/ .&-]{{1,30}}[ ]?\)"
    r"[ \t]{0,3}(?:[–—_]|--?)(?=[ \t])"
)


def _dateline(context: Context) -> tuple[int, int] | None:
    """The dateline that was handed over; the line that ends in a date where that is but the slug of a headline."""
    text = context.text
    if context.dateline:
        end = context.dateline[1]
        rest = text[end : end + 120].partition("\n")[0]
        if not (rest.strip() and rest.isupper()):
            return context.dateline
    found = _DATED_LINE.search(text, 0, 1_000) if _DATE.search(text, 0, 1_000) else None
    if found is None and text.find("(", 0, 1_000) > 0:
        found = _AGENCY_LINE.search(text, 0, 1_000)
    return found.span() if found else None


def _agencies(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _AGENCY.finditer(text, start, end):
        group = 1 if match[1] else 2
        at = match.start(group)
        for name in match[group].split("/"):
            if name.strip() and not any(map(str.isdigit, name)):
                first = at + len(name) - len(name.lstrip())
                is_place = label_of(name.strip()) == "GPE"  # `New Delhi [India]`
                yield Span(first, first + len(name.strip()), "GPE" if is_place else "ORG")
            at += len(name) + 1


def _places(text: str, start: int, end: int) -> Iterator[Span]:
    places = _PLACES.match(text, start, end)
    if places is None:
        return
    at = places.start(1)
    for name in places[1].split("/"):
        first = at + len(name) - len(name.lstrip())
        clean = name.strip()
        day = _DAY.search(clean)
        clean = clean[: day.start()].strip() if day else clean
        if clean:
            yield Span(first, first + len(clean), "GPE")
        at += len(name) + 1
    region = _REGION.match(text, places.end(), end)
    if region and not _DAY.match(region[1]):
        yield Span(region.start(1), region.end(1), "ORG" if is_known(region[1]) else "GPE")


_BYLINE = re.compile(rf"(?:^|\n)[ \t]*(?:By[ \t]+)?({_NAME})[ \t]*\n\s*\Z")


_BYLINES = re.compile(rf"(?:^|\n)[ \t]*By[ \t]+({_NAME}(?:,[ \t]{_NAME}){{0,4}}[ \t]and[ \t]{_NAME})[ \t]*\n\s*\Z")


def _bylines(text: str, start: int) -> Iterator[Span]:
    """The writers of the line above the dateline: one name, or several behind `By`."""
    match = _BYLINE.search(text, max(0, start - 80), start)
    if match and (match[0].lstrip().startswith("By") or not match[1].isupper()) and label_of(match[1]) is None:
        yield Span(match.start(1), match.end(1), "PERSON")
    elif several := _BYLINES.search(text, max(0, start - 200), start):
        for name in re.finditer(_NAME, several[1]):
            yield Span(several.start(1) + name.start(), several.start(1) + name.end(), "PERSON")


_CREDIT = re.compile(
    r"\b(?:[Rr]eporting|[Ee]diting|[Ww]riting|[Cc]ompiled|[Pp]hoto(?:graph)?(?:ed)?|[Tt]ranslated|[Gg]raphics?)[ \t]"
    r"(?:and[ \t](?:writing|editing|additional[ \t]reporting)[ \t])?by:?[ \t]+([^\n;()]{3,300})"
)
_CREDIT_WORDS = (
    "porting by",
    "porting and ",
    "iting by",
    "iting and ",
    "ompiled by",
    "hoto by",
    "raphed by",
    "lated by",
    "raphics by",
)
_PHOTO_AGENCIES = ("REUTERS", "Reuters", "AFP", "AP", "EPA", "EFE", "DPA", "ANSA", "TASS", "Getty Images")
_FIRST_WORDS = frozenset(name.split()[0] for name in _PHOTO_AGENCIES)
_PHOTO = re.compile(
    rf"\b({'|'.join(_PHOTO_AGENCIES)})(?:[ ]PHOTO|[ ]Photo)?\s?/\s?({_NAME})"
    r"(?![ \t]?Images)"
)
_TAKEN_BY = re.compile(
    rf"(?m)(?:^|(?<=[.)?]) )(?!(?:AP|AFP) )({_NAME})/(?!File |Handout)({_WORD}(?: {_WORD}){{0,3}})"
    r"(?:/(?:Handout|Pool))?(?: via REUTERS)?[ \t]*$"
)
_PERSON = re.compile(rf"(in[ \t])?(?<![\w-])({_NAME}|{_WORD})(?![ \t]by\b|\w)")
_DESK = re.compile(
    rf"(?:--|\(\(|—|^)[ \t]{{0,3}}({_WORD}(?:[ \t]{_WORD}){{0,3}}?[ \t](?:[Nn]ewsroom|[Nn]ewsdesk|[Bb]ureau|[Dd]esk))"
    r"(?=[ \t]{0,3}(?:[,:+(\d]|$))",
    re.MULTILINE,
)


def read_credits(context: Context, spans: list[Span]) -> list[Span]:
    """Who reported, edited or took the picture is a PERSON, the agency before a slash and the desk an ORG."""
    text = context.text
    found: list[Span] = []
    if any(word in text for word in ("ewsroom", "ewsdesk", " Bureau", " bureau", " Desk", " desk")):
        found += [Span(*match.span(1), "ORG") for match in _DESK.finditer(text)]
    if not context.words.keys().isdisjoint(_FIRST_WORDS):
        for photo in _PHOTO.finditer(text):
            found += [Span(*photo.span(1), "ORG"), Span(*photo.span(2), "PERSON")]
        for photo in _TAKEN_BY.finditer(text) if "/" in text else ():
            found += [Span(*photo.span(1), "PERSON"), Span(*photo.span(2), "ORG")]
    if any(word in text for word in _CREDIT_WORDS):
        for credit in _CREDIT.finditer(text):
            found += _credited(text, *credit.span(1))
    return overlay(spans, found)


def _credited(text: str, start: int, end: int) -> Iterator[Span]:
    """People between commas and `and`, up to the end of the sentence; places after `in`."""
    at = start
    for match in _PERSON.finditer(text, start, end):
        between = text[at : match.start()]
        if at > start and (between.strip(" ,\t") not in ("", "and", "in") or "\n" in between):
            return
        stop = match[2].endswith(".") and len(match[2].split()[-1]) > 3
        yield Span(match.start(2), match.end(2) - stop, "GPE" if match[1] else "PERSON")
        if stop:
            return
        at = match.end()


_ITEM = re.compile(
    r"(?m)^[ \t]{0,4}(?:\*{1,3}[ \t])?([A-Z][A-Z'’.-]{1,20}(?: [A-Z][A-Z'’.-]{1,20}){0,2})[ \t](?:-{1,2}|–|—)[ \t]"
)
_ITEMS = 3


def read_items(context: Context, spans: list[Span]) -> list[Span]:
    """In a list of three items or more that begin in capitals, two of them with known places, all do with a place."""
    if context.text.count("\n") < _ITEMS:
        return spans
    items = [match.span(1) for match in _ITEM.finditer(context.text)]
    names = [context.text[start:end] for start, end in items]
    if len(items) < _ITEMS or sum(label_of(name) in ("GPE", "LOC") for name in names) < 2:
        return spans
    return overlay(
        spans,
        [
            Span(*item, label_of(name) or "GPE")
            for item, name in zip(items, names, strict=True)
            if label_of(name.partition(" ")[0]) != "ORG"
        ],
    )


_GROUPS = (" DIVISION", " CONFERENCE", " LEAGUE")
_FIRST_WORD = re.compile(r"[^\w]")


def read_headlines(context: Context, spans: list[Span]) -> list[Span]:
    """In lines of capitals only names are believed that the rest of the text has, or that the gazetteer knows."""
    lines = list(_capital_lines(context.text))
    if lines and (dateline := _dateline(context)):
        lines = [line for line in lines if not line[0] <= dateline[0] < line[1]]
    if not lines:
        return spans

    starts = [start for start, _ in lines]

    def inside(span: Span) -> bool:
        at = bisect_right(starts, span.start)
        return at > 0 and span.start < lines[at - 1][1]

    text = context.text
    outside = longest_form(context, [span for span in spans if not inside(span)])
    names = {text[s.start : s.end].upper(): s.label for s in reversed(outside) if s.end - s.start > 2}
    for span in outside:
        name = text[span.start : span.end]
        if span.label == "PERSON":
            names.setdefault(name.split()[-1].upper(), "PERSON")
        elif span.label == "ORG" and (short := without_form(name)):
            names.setdefault(short.upper(), "ORG")
    for word in context.words.keys() & _capital_places().keys():
        for name, label in _capital_places()[word]:
            names.setdefault(name, label)
    known = context.occurrences(names)
    kept = [
        span
        for span in spans
        if not inside(span)
        or (span.label == "ORG" and (name := text[span.start : span.end]) not in names and _is_initialism(name))
    ]
    return fill(kept, settle(span for span in known if inside(span) and not text.startswith(_GROUPS, span.end)))


@cache
def _capital_places() -> dict[str, list[tuple[str, str]]]:
    """The gazetteer in capitals, by first word."""
    places: dict[str, list[tuple[str, str]]] = {}
    for name, label in in_capitals().items():
        places.setdefault(_FIRST_WORD.split(name)[0], []).append((name, label))
    return places


_DIGEST = re.compile(r"\b(?:press digest|newspapers?|front pages?|headlines|leading stories)\b", re.IGNORECASE)
_NEWSPAPER = re.compile(rf"(?m)^[ \t]{{0,8}}([{UPPER}][{UPPER}' &.-]{{2,30}})[ \t]*$")


def read_digests(context: Context, spans: list[Span]) -> list[Span]:
    """In a digest of the press a line of capitals between the items is the newspaper's name."""
    text = context.text
    if "\n" not in text or not _DIGEST.search(text, 0, 400):
        return spans
    lines = [match.span(1) for match in _NEWSPAPER.finditer(text)]
    return overlay(spans, [Span(start, start + len(text[start:end].rstrip()), "ORG") for start, end in lines])


def _capital_lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if 12 < len(line) < 300 and line.isupper() and " " in line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _is_initialism(name: str) -> bool:
    return " " not in name and 2 < len(name) < 6
