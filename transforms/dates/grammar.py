"""The grammar's own language: a rule is a regular expression over words instead of characters.

    "the? n:ORDINAL '-'? quarter (of y:YEAR)?"

UPPER case is a class of words (`date_words.toml`), or a macro (`dates.toml`), lower case a word itself, quotes hold
punctuation, `name:` captures the next item. `( | ) ? * {m,n}` and lookarounds are those of `re`. A capture named `x` is
the span that is tagged, where context stands around it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.dates.words import MEANINGS, Lexicon, Token
from transforms.rules import rules

_ITEM = re.compile(
    r"\s*(?:(?P<name>[a-z]+):(?=\S)|(?P<upper>[A-Z][A-Z0-9]*)|(?P<lower>[a-z]+)|'(?P<quoted>[^']+|')'"
    r"|(?P<plain>\((?:\?(?:<?[=!]|:))?|\)|[|?*+]|\{[0-9,]+\}))"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of `dates.toml`: what it recognises and which sense reads it."""

    id: str
    pattern: str
    sense: str
    arguments: Mapping[str, Any]


@dataclass(slots=True)
class Match:
    """A rule that matched: the tokens of the span and of each capture."""

    rule: Rule
    first: int
    last: int
    """Tokens, the last excluded."""
    tokens: list[Token] = field(default_factory=list)
    captures: dict[str, list[Token]] = field(default_factory=dict)
    mod: str | None = None
    half: int | None = None
    """The half that the year is narrowed to."""
    day: "Match | None" = None
    """The date that is named after a clock time, `10 p.m. on Tuesday`, or as a quarter's end."""
    until: "Match | None" = None
    """The last date of the range that this one begins."""
    closes: bool = False
    """Whether it is the last date of a range."""
    shared_year: int | None = None
    """The year that stands with the date that this one is joined to: `March and April 1918`."""
    part: str | None = None
    """The part of the day or clock time, `TMO` or `T10:00`, that the date is narrowed to."""

    @property
    def vocabulary(self) -> set[str]:
        """All words of the match."""
        return {token.word for token in self.tokens}

    def word(self, name: str) -> str:
        """The first word of a capture, empty where it did not take part."""
        tokens = self.captures.get(name)
        return tokens[0].word if tokens else ""

    def words(self, name: str) -> list[str]:
        return [token.word for token in self.captures.get(name, ())]

    def meaning(self, name: str, *classes: str) -> Any:
        """What the first word of a capture means in the first of the classes that knows it, else None."""
        word = self.word(name)
        return next((MEANINGS[c][word] for c in classes if word in MEANINGS[c]), None)


class Grammar:
    """The rules compiled over one lexicon."""

    def __init__(self, table: str = "dates") -> None:
        data = rules(table)
        self._macros: dict[str, str] = data["macros"]
        self.rules = [Rule(r["id"], r["pattern"], r["sense"], r.get("arguments", {})) for r in data["rule"]]
        self.rules += self._named_days()
        self.before: dict[str, str] = data["before"]
        self.after: dict[str, str] = data["after"]
        patterns = [
            *self._macros.values(),
            *self.before.values(),
            *self.after.values(),
            *(rule.pattern for rule in self.rules),
        ]
        self.lexicon = Lexicon({word for pattern in patterns for word in _literals(pattern)})
        self._compiled = [
            (rule, re.compile(self.translate(rule.pattern)), self._needed(rule.pattern)) for rule in self.rules
        ]

    @staticmethod
    def _named_days() -> Iterator[Rule]:
        """A rule for each row of `named_days.toml`, with an optional year after the name."""
        for row in rules("named_days")["day"]:
            tail = "" if "year" in row else " u:weekend? ((',' | of | in)? (y:YEARLIKE | r:THATYEAR))?"
            yield Rule("named-day", f"k:DEICTIC? ({row['pattern']}){tail}", "day_with_name", row)

    def translate(self, pattern: str) -> str:
        """The pattern as a regular expression over symbols. Raises ValueError where it is not well formed."""
        out: list[str] = []
        names: list[str] = []
        pending = ""
        for item in _items(pattern):
            if item["name"]:
                names.append(item["name"])
                # `re` wants each name once: the second alternative's `r` is `r1`
                pending = item["name"] + (str(names.count(item["name"]) - 1) if names.count(item["name"]) > 1 else "")
                continue
            piece = self._piece(item)
            if pending and piece == "(":
                piece = f"(?P<{pending}>"
            elif pending:
                piece = f"(?P<{pending}>{piece})"
            elif piece == "(":
                piece = "(?:"
            pending = ""
            out.append(piece)
        return "".join(out)

    def _piece(self, item: re.Match[str]) -> str:
        if item["plain"]:
            return str(item["plain"])
        if item["upper"] in self._macros:
            return f"(?:{self.translate(self._macros[item['upper']])})"
        name = item["upper"] or item["lower"] or item["quoted"]
        symbols = self.lexicon.symbols.having(name)
        if not symbols:
            raise ValueError(f"the date grammar knows no class {name!r}")
        return symbols if len(symbols) == 1 else f"[{symbols}]"

    def _needed(self, pattern: str) -> list[frozenset[str]]:
        """Sets of symbols of each of which a text must hold one for the rule to match: most texts need few rules."""
        pattern = pattern.strip()
        alternatives: list[list[frozenset[str]]] = [[]]
        items = [item for item in _items(pattern) if not item["name"]]
        position = 0
        while position < len(items):
            item = items[position]
            position = _closing(items, position) + 1
            optional = position < len(items) and (items[position]["plain"] or "").startswith(("?", "*", "{0"))
            if item["plain"] == "|":
                alternatives.append([])
            elif item["plain"] == "(" and not optional:
                inner = pattern[item.end() : items[position - 1].start("plain")]
                alternatives[-1] += self._needed(inner)
            elif not item["plain"] and not optional:
                alternatives[-1] += self._needed_by(item)
        if len(alternatives) == 1:
            return alternatives[0]
        if not all(alternatives):
            return []
        return [frozenset().union(*(min(needs, key=len) for needs in alternatives))]

    def _needed_by(self, item: re.Match[str]) -> list[frozenset[str]]:
        if item["upper"] in self._macros:
            return self._needed(self._macros[item["upper"]])
        return [frozenset(self.lexicon.symbols.having(item["upper"] or item["lower"] or item["quoted"]))]

    def matches(self, tokens: list[Token], symbols: str) -> list[Match]:
        """The matches that stand: leftmost, then longest, then the rule that comes first; none overlap."""
        found: list[tuple[int, int, int, Rule, re.Match[str]]] = []
        present = frozenset(symbols)
        for order, (rule, compiled, needed) in enumerate(self._compiled):
            if any(present.isdisjoint(one_of) for one_of in needed):
                continue
            for match in compiled.finditer(symbols):
                first, last = _span(match)
                if last > first:
                    found.append((first, -last, order, rule, match))
        found.sort(key=lambda f: f[:3])
        chosen: list[Match] = []
        reached = 0
        for first, negative_last, _, rule, match in found:
            if first < reached:
                continue
            captures = {
                name.rstrip("123"): tokens[slice(*match.span(name))]
                for name in match.re.groupindex
                if match.start(name) >= 0
            }
            reached = -negative_last
            chosen.append(Match(rule, first, reached, tokens[first:reached], captures))
        return chosen


def _span(match: re.Match[str]) -> tuple[int, int]:
    """What is tagged: the capture `x` where it took part, else the whole."""
    return match.span("x" if "x" in match.re.groupindex and match.start("x") >= 0 else 0)


def _items(pattern: str) -> Iterator[re.Match[str]]:
    position = 0
    pattern = pattern.strip()
    while position < len(pattern):
        item = _ITEM.match(pattern, position)
        if item is None:
            raise ValueError(f"cannot read the date rule {pattern!r} at {pattern[position:]!r}")
        position = item.end()
        yield item


def _closing(items: list[re.Match[str]], position: int) -> int:
    """Where the group that opens at `position` closes; `position` itself where none opens."""
    depth = 0
    for place in range(position, len(items)):
        plain = items[place]["plain"] or ""
        depth += plain.startswith("(") - (plain == ")")
        if depth == 0:
            return place
    raise ValueError("a group of a date rule is not closed")


def _literals(pattern: str) -> Iterator[str]:
    for item in _items(pattern):
        if item["lower"] or item["quoted"]:
            yield item["lower"] or item["quoted"]
