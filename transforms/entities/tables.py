"""Results and standings: lines that no model of prose reads, by the patterns of `rules/tables.toml`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from transforms.entities.context import PARTICLES, UPPER, Context, overlay
from transforms.entities.gazetteer import is_country
from transforms.models import Span
from transforms.rules import rules

_WORD = rf"[{UPPER}][\w.'’/-]{{0,24}}"
_SMALL = rf"(?:{'|'.join(PARTICLES)}|do|of|y)"
_NAME = rf"{_WORD}(?: (?:{_SMALL} ){{0,2}}{_WORD}){{0,4}}"
_PERSON = re.compile(rf"{_NAME}(?=[ ,;.(]|$)")
_IN_LIST = re.compile(rf"(?<!\w)({_NAME})(?: ?\( ?({_NAME}) ?\))?")
_DIGIT = re.compile(r"\d")
_MAX_LINE = 400
_MAX_FIXTURE = 60
_NOT_PEOPLE = frozenset(("Halftime", "Attendance", "Extras", "Total", "Fall", "Bowling", "Penalty", "OT", "Own"))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of `rules/tables.toml`."""

    pattern: re.Pattern[str]
    find: bool
    """Whether the pattern is searched for, not matched against the whole line."""
    needs: str
    together: bool
    """Whether it counts only where a neighbouring line has it too."""


_NO_ROW = _Row(re.compile(""), find=False, needs="", together=False)


@cache
def _rows() -> list[_Row]:
    runs = r"\d{1,3}(?:-\d{1,2}|~for~[a-z]{2,6})?(?:~(?:dec|declared|all~out))?"
    parts = {"{NAME}": _NAME, "{RUNS}": runs, "{N}": r"\d{1,3}", "~?": r"[ \t]{0,9}", "~": r"[ \t]{1,9}"}
    compiled = []
    for row in rules("tables")["line"]:
        pattern = row["pattern"]
        for part, expression in parts.items():
            pattern = pattern.replace(part, expression)
        options = row.get("find", False), row.get("needs", ""), row.get("together", False)
        compiled.append(_Row(re.compile(pattern), *options))
    return compiled


def read_tables(context: Context, spans: list[Span]) -> list[Span]:
    """The names in lines of results, tables and line-ups; nothing that the model saw there is believed."""
    lines = [(number, *_read(line, start)) for number, start, line in _lines(context.text)]
    together = {number for number, row, _ in lines if row.together}
    found: list[Span] = []
    for number, row, names in lines:
        if not row.together or not together.isdisjoint((number - 1, number + 1)):
            found += names
    return overlay(spans, found)


_CODE = re.compile(r"(?<=[\w.] \()([A-Z]{3})(?=\))")


@cache
def _codes() -> frozenset[str]:
    return frozenset(rules("regions")["codes"].split())


def read_codes(context: Context, spans: list[Span]) -> list[Span]:
    """Codes of two countries or more in brackets are GPE: `Ada Lund (NOR)`."""
    codes = _codes()
    if len(context.words.keys() & codes) < 2:
        return spans
    found = [Span(*match.span(1), "GPE") for match in _CODE.finditer(context.text) if match[1] in codes]
    return overlay(spans, found) if len(found) > 1 else spans


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines that could be of a table, with their number and start: short, in capitals or with a figure, brackets or
    `A at B`.

    A line of capitals that ends like a sentence is a headline.
    """
    start = 0
    for number, line in enumerate(text.split("\n")):
        if 4 < len(line) <= _MAX_LINE and (
            ":" in line
            or _DIGIT.search(line)
            or line.count("(") > 2
            or (line.isupper() and line[-1] != ".")
            or (len(line) < _MAX_FIXTURE and (" at " in line or " v " in line))
        ):
            yield number, start, line
        start += len(line) + 1


def _read(line: str, offset: int) -> tuple[_Row, list[Span]]:
    """The first row that finds names in the line, and these."""
    end = len(line.rstrip())
    start = len(line) - len(line.lstrip())
    for row in _rows():
        if row.needs not in line or (row.find and _is_prose(line)):
            continue
        whole = None if row.find else row.pattern.fullmatch(line, start, end)
        matches = row.pattern.finditer(line) if row.find else (whole,) if whole else ()
        if found := [span for match in matches for span in _named(match, offset)]:
            return row, found
    return _NO_ROW, []


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
            yield from _pair(offset + start, match[name], _label(kind, match[name]))


def _pair(start: int, name: str, label: str) -> Iterator[Span]:
    """The name; the two of `Ada Hale/Moss`, where they are people."""
    parts = name.split("/") if label == "PERSON" else [name]
    for part in parts:
        if part:
            yield Span(start, start + len(part), label)
        start += len(part) + 1


def _label(kind: str, name: str) -> str:
    if kind == "team":
        return "GPE" if is_country(name) else "ORG"
    return "GPE" if kind in ("place", "site") else "PERSON"


def _people(line: str, start: int, end: int, offset: int, teams: bool) -> Iterator[Span]:
    for match in _IN_LIST.finditer(line, start, end):
        beside = match[2] and (teams or is_country(match[2]))
        label = "GPE" if is_country(match[1]) else "PERSON"
        if match[1].split()[0] not in _NOT_PEOPLE:
            yield Span(offset + match.start(1), offset + match.start(1) + len(match[1].rstrip(".")), label)
        if beside:
            yield Span(offset + match.start(2), offset + match.end(2), _label("team", match[2]))
