"""Results and standings: lines that no model of prose reads, by the patterns of `rules/tables.toml`."""

import re
from collections.abc import Iterator
from functools import cache

from transforms.entities.context import UPPER, Context, overlay
from transforms.entities.gazetteer import is_country
from transforms.models import Span
from transforms.rules import rules

_WORD = rf"[{UPPER}][\w.'’/-]{{0,24}}"
_SMALL = r"(?:de|da|do|dos|del|di|du|la|le|van|von|der|den|el|al|bin|ter|of|y)"
_NAME = rf"{_WORD}(?: (?:{_SMALL} ){{0,2}}{_WORD}){{0,4}}"
_PERSON = re.compile(rf"{_NAME}(?=[ ,;.(]|$)")
_IN_LIST = re.compile(rf"(?<!\w)({_NAME})(?: ?\( ?({_NAME}) ?\))?")
_DIGIT = re.compile(r"\d")
_MAX_LINE = 400
_NOT_PEOPLE = frozenset(("Halftime", "Attendance", "Extras", "Total", "Fall", "Bowling", "Penalty", "OT", "Own"))


@cache
def _patterns() -> list[tuple[re.Pattern[str], bool, str]]:
    """The patterns; whether each is searched for, not matched against the whole line; the sign that it needs."""
    parts = {"{NAME}": _NAME, "{N}": r"\d{1,3}", "~?": r"[ \t]{0,9}", "~": r"[ \t]{1,9}"}
    compiled = []
    for row in rules("tables")["line"]:
        pattern = row["pattern"]
        for part, expression in parts.items():
            pattern = pattern.replace(part, expression)
        compiled.append((re.compile(pattern), row.get("find", False), row.get("needs", "")))
    return compiled


def read_tables(context: Context, spans: list[Span]) -> list[Span]:
    """The names in lines of results, tables and line-ups; nothing that the model saw there is believed."""
    return overlay(spans, [span for start, line in _lines(context.text) for span in _read(line, start)])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that could be of a table: short, with a figure or nothing but capitals, and no sentence's end but one."""
    start = 0
    for line in text.split("\n"):
        if 4 < len(line) <= _MAX_LINE and (":" in line or _DIGIT.search(line) or line.isupper()):
            yield start, line
        start += len(line) + 1


def _read(line: str, offset: int) -> Iterator[Span]:
    end = len(line.rstrip())
    start = len(line) - len(line.lstrip())
    for pattern, find, needs in _patterns():
        if needs not in line or (find and _is_prose(line)):
            continue
        matches = list(pattern.finditer(line)) if find else [m for m in (pattern.fullmatch(line, start, end),) if m]
        found = [span for match in matches for span in _named(match, offset)]
        if found:
            yield from found
            return


def _is_prose(line: str) -> bool:
    """Whether most of its words are small ones."""
    words = line.split()
    return len(words) > 12 and 2 * sum(word[0].islower() for word in words) > len(words)


def _named(match: re.Match[str], offset: int) -> Iterator[Span]:
    groups = [(name, *match.span(name)) for name, value in match.groupdict().items() if value]
    if any(name == "place" and not is_country(match[name]) for name, _, _ in groups):
        return
    for name, start, end in groups:
        kind = name.rstrip("0123456789")
        if kind in ("people", "roster"):
            yield from _people(match.string, start, end, offset, teams=kind == "roster")
        else:
            yield Span(offset + start, offset + end, _label(kind, match[name]))


def _label(kind: str, name: str) -> str:
    if kind == "team":
        return "GPE" if is_country(name) else "ORG"
    return "GPE" if kind == "place" else "PERSON"


def _people(line: str, start: int, end: int, offset: int, teams: bool) -> Iterator[Span]:
    for match in _IN_LIST.finditer(line, start, end):
        beside = match[2] and (teams or is_country(match[2]))
        label = "GPE" if is_country(match[1]) else "PERSON"
        if match[1].split()[0] not in _NOT_PEOPLE:
            yield Span(offset + match.start(1), offset + match.start(1) + len(match[1].rstrip(".")), label)
        if beside:
            yield Span(offset + match.start(2), offset + match.end(2), _label("team", match[2]))
