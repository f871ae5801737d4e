"""What a document says about itself: title, byline, dateline, publication date and how that was found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from transforms.dateline import UPPER, Dateline, cased, dateline, head_lines
from transforms.errors import RejectCode, Rejected
from transforms.models import Metadata
from transforms.published import MONTH, WEEKDAY, interval, stated
from transforms.rules import rules

__all__ = ["Dateline", "Header", "dateline", "header", "read"]

TITLE = 300
"""Characters of a title, at most: a longer line is a paragraph."""
HEADER = re.compile(
    rf"\s{{0,100}}date[ \t]{{1,20}}(\d{{4}}-\d{{2}}-\d{{2}})(?![^\s])[ \t]{{0,20}}([^\r\n]{{0,{TITLE + 1}}})"
)
BLANKS = re.compile(r"\s*")

ROLE = "|".join(re.escape(role) for role in rules("metadata")["heads"]["roles"])
NAME = rf"[{UPPER}][\w.'’-]{{0,30}}"
PARTICLE = r"(?:de|da|del|della|der|den|di|du|el|al|bin|ibn|la|le|ten|ter|van|von|y|of)"
PERSON = rf"{NAME}(?: (?:{PARTICLE} ){{0,2}}(?!(?:{ROLE})\b){NAME}){{1,4}}"
AGENCY = "|".join(re.escape(row["name"]) for row in rules("metadata")["agency"] if len(row["name"]) > 3)
BYLINE = re.compile(
    rf"(?:By|BY):? (?!{MONTH}|{WEEKDAY})"
    rf"(?P<names>(?:The )?(?:{AGENCY})|{PERSON}(?:(?:, {PERSON}){{0,4}},? (?:and|AND|&|with) {PERSON})?)"
    rf"(?: ?[,|–—(·•-].{{0,80}}| (?:{ROLE})\b.{{0,60}})?$"
)
SENTENCE_END = (".", ",", ";", ":", "…")
QUOTES = "\"'”’» "


@dataclass(frozen=True, slots=True)
class Header:
    """The first line ` date YYYY-MM-DD Title…` of a `.txt`, with the blank lines after it."""

    raw_start: int
    raw_end: int
    """Where the body begins."""
    published_on: date
    title: str | None


def header(raw: str) -> Header | None:
    """The header line of a raw text; None where there is none, or where its date is in no calendar.

    If nothing follows the line, or it is too long to be a title, it is the text as well: the header then ends where the
    title begins.
    """
    match = HEADER.match(raw)
    if match is None:
        return None
    try:
        published_on = date.fromisoformat(match[1])
    except ValueError:
        return None
    if len(match[2]) > TITLE:
        return Header(0, match.start(2), published_on, None)
    blanks = BLANKS.match(raw, match.end())
    body = blanks.end() if blanks else match.end()
    return Header(0, body if body < len(raw) else match.start(2), published_on, match[2].strip() or None)


def read(
    text: str,
    header: Header | None = None,
    record: Mapping[str, Any] | None = None,
    day_first: bool | None = None,
) -> Metadata:
    """What a clean text, its header line and its record say about the document.

    A record's word counts more than the header's, and that more than what stands in the text. `day_first` is the
    source's habit for `01/02/2003`. Raises `Rejected` with `BAD_FIELD` for a record's field that has no such value, as
    a `published_on` that is no date.
    """
    record = record or {}
    line = dateline(text)
    title, byline = field(record, "title"), field(record, "byline")
    earliest, latest, method = published(text, header, record, line, day_first)
    return Metadata(
        title=title or (header.title if header else None) or headline(text, line),
        byline=byline or by(text, line),
        dateline_place=line.place if line else None,
        dateline_agency=line.agency if line else None,
        url=field(record, "url"),
        language=language(record),
        published_on=earliest if earliest == latest else None,
        published_method=method if earliest == latest else "none",
        published_earliest=earliest,
        published_latest=latest,
    )


def published(
    text: str,
    header: Header | None,
    record: Mapping[str, Any],
    line: Dateline | None,
    day_first: bool | None,
) -> tuple[date | None, date | None, str]:
    """First and last day on which the document can have been published, and who says so.

    `May 2013` in a record gives the whole month: the two days differ, and the day itself stays unknown.
    """
    value = record.get("published_on")
    if value is not None and value != "" and not (isinstance(value, str) and value.isspace()):
        try:
            return *interval(value, day_first), "record"
        except ValueError as error:
            raise bad("published_on", value, f"no date ({error})") from None
    if header:
        return header.published_on, header.published_on, "header"
    day = (line.dated if line else None) or stated(text)
    return day, day, "text" if day else "none"


def field(record: Mapping[str, Any], name: str) -> str | None:
    """A record's field as one line of text; None where it is missing or blank. Several bylines are joined by commas."""
    value = record.get(name)
    if name == "byline" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(item for item in value if item.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise bad(name, value, "neither text nor number")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad(name, value, "half a surrogate pair") from None
    return " ".join(value.split()) or None


def language(record: Mapping[str, Any]) -> str | None:
    """The ISO 639-1 code that a record states (`en`, `EN-gb`, `en_US`); None where it has none or names it by words."""
    code = (field(record, "language") or "").lower().replace("_", "-").split("-")[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def bad(name: str, value: object, why: str) -> Rejected:
    return Rejected(RejectCode.BAD_FIELD, f"{name} = {ascii(value)[:80]}: {why}", stage="metadata")


def headline(text: str, line: Dateline | None) -> str | None:
    """The first line of a text, if it is plainly a headline: short, no sentence, and what follows is set apart from it
    (a blank line, a byline, a dateline, a paragraph much longer)."""
    heads = list(head_lines(text))
    if len(heads) < 2 or (line and line.start <= heads[0][0]):
        return None
    (start, first), (second_start, second) = heads[:2]
    words = first.split()
    if (
        len(first) > TITLE // 2
        or len(words) < 2
        or first.rstrip(QUOTES).endswith(SENTENCE_END)
        or not words[0][0].isupper()
    ):
        return None
    if BYLINE.match(first) or stated(first):
        return None
    between = text[start + len(first) : second_start].replace("\r\n", "\n")
    apart = (
        between.count("\n") + between.count("\r") > 1
        or BYLINE.match(second)
        or stated(second)
        or (line and line.start == second_start)
    )
    longer = len(second) > 2 * len(first) and second.lstrip(QUOTES + "“‘«")[:1].isupper()
    return first if apart or longer else None


def by(text: str, line: Dateline | None) -> str | None:
    """The names in a byline, `By JANE DOE, Staff Writer` as `Jane Doe`; None where there is none."""
    for start, head in head_lines(text):
        end = line.start - start if line and start < line.start < start + len(head) else len(head)
        match = BYLINE.match(" ".join(head[:end].split())) if end <= TITLE else None
        if match and not match[0].endswith("."):
            return cased(match["names"])
    return None
