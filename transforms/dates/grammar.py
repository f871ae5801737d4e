"""The rules compiled over one lexicon, and the matches that they find in a text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from transforms.dates.patterns import Language, literals
from transforms.dates.words import MEANINGS, Lexicon, Token
from transforms.rules import rules

_MOST_REMEMBERED = 20_000
_LOOK_AHEAD = 12
"""More symbols than any rule looks at beyond the end of what it matches."""


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
        # No match spans a word that no rule holds, so each run of other words can be searched on its own.
        held = frozenset[str]().union(*(language.consumed(rule.pattern) for rule in rows))
        self._stretches = re.compile(f"[{''.join(sorted(held))}]+")
        self._remembered: dict[frozenset[str], list[tuple[int, Rule, re.Pattern[str]]]] = {}

    @staticmethod
    def _named_days() -> Iterator[Rule]:
        """A rule for each row of `named_days.toml`, with an optional year after the name."""
        for row in rules("named_days")["day"]:
            tail = "" if "year" in row else " u:weekend? ((',' | of | in)? (y:YEARLIKE | r:THATYEAR))?"
            yield Rule("named-day", f"k:DEICTIC? ({row['pattern']}){tail}", "day_with_name", row)

    def matches(self, tokens: Sequence[Token], symbols: str) -> list[Match]:
        """The matches that stand: leftmost, then longest, then the rule that comes first; none overlap."""
        found: list[tuple[int, int, int, Rule, re.Match[str]]] = []
        for stretch in self._stretches.finditer(symbols):
            for order, rule, compiled in self._possible(frozenset(stretch[0])):
                for match in compiled.finditer(symbols, stretch.start(), stretch.end() + _LOOK_AHEAD):
                    first, last = _span(match)
                    if last > first and match.start() < stretch.end():
                        found.append((first, -last, order, rule, match))
        found.sort(key=itemgetter(0, 1, 2))
        chosen: list[Match] = []
        reached = 0
        for first, negative_last, _, rule, match in found:
            if first < reached:
                continue
            captures = {
                name.rstrip("123"): list(tokens[slice(*match.span(name))])
                for name in match.re.groupindex
                if match.start(name) >= 0
            }
            reached = -negative_last
            chosen.append(Match(rule, first, reached, list(tokens[first:reached]), captures))
        return chosen

    def _possible(self, present: frozenset[str]) -> list[tuple[int, Rule, re.Pattern[str]]]:
        """The rules that may match in a stretch of these symbols, with their order; remembered."""
        known = self._remembered.get(present)
        if known is None:
            known = [
                (order, rule, compiled)
                for order, (rule, compiled, needed) in enumerate(self.compiled)
                if not any(present.isdisjoint(one_of) for one_of in needed)
            ]
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[present] = known
        return known


def _span(match: re.Match[str]) -> tuple[int, int]:
    """What is tagged: the capture `x` that took part, else the whole."""
    marked = (name for name in match.re.groupindex if name.rstrip("123") == "x" and match.start(name) >= 0)
    return match.span(next(marked, 0))
