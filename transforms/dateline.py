"""The dateline of a news text: where it was written, for which agency, and on what day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from transforms.published import CLOCK, DATE, MONTH, WEEKDAY, day_of
from transforms.rules import rules

HEAD = 1_000
"""Characters at the head of a text in which a dateline, a byline or a headline is looked for."""
HEADLINE = 200
"""Characters that a line has at most to be no paragraph: a dateline may still follow it."""

HEADS = rules("metadata")["heads"]
SLUGS = frozenset(HEADS["slugs"])
PARTICLES = frozenset(HEADS["particles"])
INITIALS = frozenset(HEADS["initials"])
PLACES = frozenset(place.casefold() for place in HEADS["places"])
AGENCIES = {row["name"].casefold() for row in rules("metadata")["agency"]}
TRADE = ("News", "Agency", "Press", "Wire", "Newswire", "Service", "Media", "Radio", "TV", "Business", "Foundation")

UPPER = "".join(chr(code) for code in range(0x250) if chr(code).isupper())
B = r"[^\S\r\n]"
WORD = rf"(?:(?:al|el|an|as|ad|ar)-)?[{UPPER}][^\W\d_]{{0,24}}(?:[.'’-][^\W\d_]{{1,24}}){{0,4}}\.?"
NO_DAY = rf"(?!{MONTH}{B}?\d|{WEEKDAY}\W)"
PLACE = rf"{NO_DAY}{WORD}(?:{B}(?:(?:{'|'.join(sorted(PARTICLES))}){B})?{NO_DAY}{WORD}){{0,3}}"
BARE_AGENCY = "|".join(sorted(re.escape(row["name"]) for row in rules("metadata")["agency"]))
AGENCY = (
    rf",{B}(?P<bare>{BARE_AGENCY})\b"
    rf"|[,.]?(?:{B}{{0,2}}|--?)(?:[(\[](?P<bracket>\w[\w .&/'!-]{{1,39}})[)\]]|/(?P<slash>\w[\w .&-]{{1,30}})/)"
)
DASH = rf"\.?(?:{B}{{0,3}}[—–―‒]|{B}{{0,3}}-{{2,3}}|{B}{{1,3}}[-_|]|[-|](?={B}))"
DAY, TIME = DATE.replace(" ", B), CLOCK.replace(" ", B)
DATELINE = re.compile(
    rf"(?:(?P<place>{PLACE}(?:{B}?/{B}?{PLACE}){{0,2}})(?:{B}?\[{PLACE}\]|,{B}{{1,2}}(?P<region>{PLACE}))?"
    rf"(?:(?:[,.]?{B}{{1,2}}|{B}?(?:[–—|]|--){B}?)(?:{WEEKDAY},?{B})?(?P<date>{DAY}){TIME}?|{B}\((?P<day>{DAY})\))?"
    rf"|(?P<first>{DAY})(?:,{B}|{B}?[–—|-]{B})(?P<where>{PLACE}))?"
    rf"(?:{AGENCY})?(?P<mark>{DASH}|\.|{B}?:|(?=[\r\n]|$))?{B}{{0,3}}"
)
A_DAY = re.compile(DAY)
LINE = re.compile(r"[^\r\n]+")
LETTERS = re.compile(r"[^\W\d_]+")
MIXED = re.compile(r"\b(?:Mc|Mac|al-|el-|an-|as-|ad-|ar-)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline where it stands in the text, its dash included."""

    start: int
    end: int
    place: str | None
    """As a sentence would write it: `Tehran`, `Port-au-Prince, Haiti`, `Brussels/Paris`."""
    agency: str | None
    """As written, without its brackets."""
    dated: date | None = None
    """The day, where the dateline has one with its year."""


def dateline(text: str) -> Dateline | None:
    """The dateline at the head of a text, at its very start or below headline and byline; None where there is none."""
    for start, line in head_lines(text):
        found = read(text, start) or (below_byline(text, start, line) if line.startswith("By ") else None)
        if found or len(line) > HEADLINE:
            return found
    return None


def head_lines(text: str) -> Iterator[tuple[int, str]]:
    """The first six lines that are not blank, stripped, each with its start, in the first `HEAD` characters."""
    found = 0
    for match in LINE.finditer(text, 0, 2 * HEAD):
        if match.start() >= HEAD:
            return
        if line := match[0].strip():
            yield match.start() + match[0].index(line[0]), line
            found += 1
            if found == 6:
                return


def below_byline(text: str, start: int, line: str) -> Dateline | None:
    """A dateline with an agency behind a byline on the same line: `By Ada Lund OSLO (Reuters) - The ferry left.`"""
    for word in LETTERS.finditer(line, 3, HEADLINE):
        if word[0].isupper() and len(word[0]) > 2 and (found := read(text, start + word.start())) and found.agency:
            return found
    return None


def read(text: str, start: int) -> Dateline | None:
    """The dateline that begins at `start`, if one does."""
    match = DATELINE.match(text, start, start + HEADLINE)
    if match is None or match.end() == start:
        return None
    place, region = match["place"] or match["where"], match["region"]
    day = match["date"] or match["day"] or match["first"]
    mark = (match["mark"] or "").strip(" .") or match["mark"]
    agency = match["bare"] or match["bracket"] or match["slash"]
    if region and not agency and is_known(region):  # `Tehran, IRNA – …`
        region, agency = None, region
    known = agency is not None and is_known(agency)
    rest = text[match.end() : match.end() + 60]
    if place is None:
        believed = known and mark not in (None, "", ":", ".")
    elif agency:
        believed = is_place(place) and (known or (in_capitals(place) and is_agency(agency, place) and bool(mark)))
        believed = believed and (bool(mark) or not rest[:1].islower())
    else:
        believed = is_place(place) and stands_alone(place, region, day, mark, rest)
    if not believed:
        return None
    where = [cased(place)] if place else []
    where += [cased(region)] if region else []
    end = start + len(match[0].rstrip())
    return Dateline(start, end, ", ".join(where) or None, agency, day_of(day) if day else None)


def stands_alone(place: str, region: str | None, day: str | None, mark: str | None, rest: str) -> bool:
    """Whether a place without an agency behind it is a dateline, by its date, its mark and what follows."""
    if mark == "":  # the end of the line: `LONDON 1996-08-30`
        return day is not None and day_of(day) is not None and (in_capitals(place) or is_city(place))
    if mark in (None, ".") or rest[:1].islower() or A_DAY.match(rest):
        return False
    if is_city(place) or (day and mark != ":"):
        return True
    word = " " not in place or mark != ":"  # `IN PICTURES: …`
    return in_capitals(place) and not rest.isupper() and word and (len(place) > 4 or region is not None)


def is_place(name: str) -> bool:
    """Whether it is written in one way throughout and no word of it is the desk's (`FACTBOX`, `UPDATE`)."""
    words = [word for word in MIXED.sub("", name).split() if word not in PARTICLES and word.strip(".") not in INITIALS]
    capitals = sum(word.isupper() and len(word) > 2 for word in words)
    return capitals in (0, len([word for word in words if len(word) > 2])) and not SLUGS.intersection(
        LETTERS.findall(name.upper())
    )


def is_city(name: str) -> bool:
    return all(part.strip().casefold() in PLACES for part in name.split("/"))


def is_known(agency: str) -> bool:
    """Whether every name in it is an agency's in the rules, or that of a desk of one: `AP/Reuters`, `Reuters Life!`."""
    return all(
        name.strip().casefold() in AGENCIES or (len(name) > 3 and name.split()[0].casefold() in AGENCIES)
        for name in agency.split("/")
        if name.strip()
    )


def in_capitals(name: str) -> bool:
    """Whether a place is written in capitals, as `McMURDO` and `RIO de JANEIRO` are."""
    return all(word.isupper() or word in PARTICLES for word in MIXED.sub("", name).split())


def is_agency(name: str, place: str) -> bool:
    """Whether a name in brackets may be an agency that no row knows, and is not what the capitals stand for."""
    words = name.split()
    initials = "".join(word[0] for word in words)
    return initials.upper() != place and (len(words) == 1 or words[-1].title() in TRADE)


def cased(name: str) -> str:
    """A place as a sentence would write it: `PORT-AU-PRINCE` as `Port-au-Prince`, `McMURDO` as `McMurdo`."""
    if len(name) <= 3:  # `NY`, `UAE`
        return name

    def word(match: re.Match[str]) -> str:
        letters = match[0]
        if letters.startswith("Mc") and letters[2:].isupper():
            return "Mc" + letters[2:].capitalize()
        if not letters.isupper() or letters in INITIALS:
            return letters
        before = name[match.start() - 1 : match.start()]
        if len(letters) == 1:
            return letters.lower() if before and before in "'’" else letters
        return letters.lower() if before and before in " -" and letters.lower() in PARTICLES else letters.capitalize()

    return LETTERS.sub(word, name)
