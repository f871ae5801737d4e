"""The rules compiled over one lexicon, and the matches that they find in a text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.dates.patterns import Language, literals
from transforms.dates.words import MEANINGS, Lexicon, Token
from transforms.rules import rules


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

    def __init__(self) -> None:
        data = rules("dates")
        rows = list(self._named_days())
        rows += (Rule(r["id"], r["pattern"], r["sense"], r.get("arguments", {})) for r in data["rule"])
        self.before: dict[str, str] = data["before"]
        """What may stand before a date and is taken into it, by what it does."""
        self.after: dict[str, str] = data["after"]
        tables = (data["macros"], self.before, self.after)
        patterns = [*(p for table in tables for p in table.values()), *(rule.pattern for rule in rows)]
        self.lexicon = Lexicon({word for pattern in patterns for word in literals(pattern)})
        language = Language(data["macros"], self.lexicon.symbols)
        self.translate = language.translate
        self.compiled = [
            (rule, re.compile(self.translate(rule.pattern)), language.needed(rule.pattern)) for rule in rows
        ]

    @staticmethod
    def _named_days() -> Iterator[Rule]:
        """A rule for each row of `named_days.toml`, with an optional year after the name."""
        for row in rules("named_days")["day"]:
            tail = "" if "year" in row else " u:weekend? ((',' | of | in)? (y:YEARLIKE | r:THATYEAR))?"
            yield Rule("named-day", f"k:DEICTIC? ({row['pattern']}){tail}", "day_with_name", row)

    def matches(self, tokens: list[Token], symbols: str) -> list[Match]:
        """The matches that stand: leftmost, then longest, then the rule that comes first; none overlap."""
        found: list[tuple[int, int, int, Rule, re.Match[str]]] = []
        present = frozenset(symbols)
        for order, (rule, compiled, needed) in enumerate(self.compiled):
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
    """What is tagged: the capture `x` that took part, else the whole."""
    marked = (name for name in match.re.groupindex if name.rstrip("123") == "x" and match.start(name) >= 0)
    return match.span(next(marked, 0))
