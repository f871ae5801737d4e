"""The rules compiled over one lexicon, and the matches that they find in a text."""

import re
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any

from transforms.dates.patterns import Language, literals
from transforms.dates.words import MEANINGS, MODIFIERS, Lexicon, Tokens
from transforms.rules import rules

_MOST_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 12
_LOOK_AHEAD = 12
"""More symbols than any rule looks at beyond the end of what it matches."""
_TESTED = ("example", "value")
"""What of a row is for the tests alone."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of `dates.toml`: what it recognises and which sense reads it. Its marks are explained there."""

    id: str
    pattern: str
    sense: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    joins_day: bool = False
    day_first: bool | None = None
    bounds_publication: bool = False
    takes_modifier: bool = False
    is_day: bool = False
    is_time: bool = False
    is_deictic: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule over the symbols of one lexicon."""

    rule: Rule
    pattern: re.Pattern[str]
    needs: int
    """A bit for each set of symbols of which a text must hold one for the rule to match; see `Grammar`."""
    captures: tuple[tuple[str, str], ...]
    """The groups of the pattern, each with the capture that it is in the rule: `r1` is another `r`."""
    spans: tuple[str, ...]
    """The groups that mark what is tagged; where none took part, that is the whole."""

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The tokens that are tagged."""
        for name in self.spans:
            if match.start(name) >= 0:
                return match.span(name)
        return match.span()


@dataclass(slots=True)
class Match:
    """A rule that matched: the tokens of the span and of each capture."""

    rule: Rule
    first: int
    last: int
    """Tokens, the last excluded."""
    tokens: list[str] = field(default_factory=list)
    """The words of the span."""
    captures: dict[str, list[str]] = field(default_factory=dict)
    """The words of each capture that took part."""
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
        return set(self.tokens)

    def word(self, name: str) -> str:
        """The first word of a capture, empty where it did not take part."""
        words = self.captures.get(name)
        return words[0] if words else ""

    def words(self, name: str) -> list[str]:
        return self.captures.get(name, [])

    def meaning(self, name: str, *classes: str) -> Any:
        """What the first word of a capture means in the first of the classes that knows it, else None."""
        word = self.word(name)
        return next((MEANINGS[c][word] for c in classes if word in MEANINGS[c]), None)


_Found = tuple[int, int, int, Compiled, re.Match[str]]
"""First token, last token negative, number of the rule, the rule, what it matched."""
_PRECEDENCE = itemgetter(0, 1, 2)


class Grammar:
    """The rules compiled over one lexicon.

    Rules are searched only where they can match: in the runs of words that some rule holds, of these in those with a
    word that some rule cannot do without, and there only the rules that have each of their needs met.
    """

    def __init__(self) -> None:
        data = rules("dates")
        rows = [
            Rule(**data["sense"].get(row["sense"], {}), **{k: v for k, v in row.items() if k not in _TESTED})
            for row in (*_named_days(), *data["rule"])
        ]
        self.before: dict[str, str] = data["before"]
        """What may stand before a date and is taken into it, by what it does."""
        self.after: dict[str, str] = data["after"]
        macros = data["macros"] | {"QUANTITY": f"({' | '.join(MODIFIERS)})"}
        tables = (macros, self.before, self.after)
        patterns = [*(p for table in tables for p in table.values()), *(rule.pattern for rule in rows)]
        self.lexicon = Lexicon({word for pattern in patterns for word in literals(pattern)})
        language = Language(macros, self.lexicon.symbols)
        self.translate = language.translate
        held = frozenset[str]().union(*(language.consumed(rule.pattern) for rule in rows))
        needed = [language.needed(rule.pattern, held) for rule in rows]
        bits = {needs: 1 << n for n, needs in enumerate(dict.fromkeys(chain.from_iterable(needed)))}
        self.held_before = frozenset[str]().union(*(language.consumed(p) for p in self.before.values()))
        """The symbols of all words that may be taken in from before a date."""
        self._met = {
            symbol: sum(bit for needs, bit in bits.items() if symbol in needs) for symbol in frozenset().union(*bits)
        }
        self.compiled = [
            _compiled(rule, language, sum(bits[n] for n in set(needs)))
            for rule, needs in zip(rows, needed, strict=True)
        ]
        self._telling: dict[str, list[int]] = {}
        """The rules that cannot do without one of a set of symbols, the rarest that they need, by symbol."""
        for order, needs in enumerate(needed):
            for symbol in language.rarest(needs):
                self._telling.setdefault(symbol, []).append(order)
        self._stretches = _runs(held, frozenset(self._telling))
        self._remembered: dict[str, list[tuple[int, Compiled]]] = {}

    def matches(self, tokens: Tokens) -> list[Match]:
        """The matches that stand: leftmost, then longest, then the rule that comes first; none overlap."""
        symbols, words = tokens.symbols, tokens.words
        found: list[_Found] = []
        for stretch in self._stretches.finditer(symbols):
            start, end = stretch.span()
            possible = self._remembered.get(stretch[0])
            for order, compiled in self._possible(stretch[0]) if possible is None else possible:
                for match in compiled.pattern.finditer(symbols, start, end + _LOOK_AHEAD):
                    first, last = compiled.span(match)
                    if last > first and match.start() < end:
                        found.append((first, -last, order, compiled, match))
        found.sort(key=_PRECEDENCE)
        chosen: list[Match] = []
        reached = 0
        for place, (first, negative_last, _, compiled, match) in enumerate(found):
            if first < reached:
                if reached < -negative_last:  # the rule may match what is left: `Black [Monday], Oct. 19`
                    _try_again(found, place, reached)
                continue
            reached = -negative_last
            captures = {
                name: words[slice(*match.span(group))] for group, name in compiled.captures if match.start(group) >= 0
            }
            chosen.append(Match(compiled.rule, first, reached, words[first:reached], captures))
        return chosen

    def _possible(self, stretch: str) -> list[tuple[int, Compiled]]:
        """The rules that may match in a stretch of symbols, with their order; remembered."""
        met, told = 0, set[int]()
        for symbol in stretch:
            met |= self._met.get(symbol, 0)
            told.update(self._telling.get(symbol, ()))
        possible = [(order, c) for order in sorted(told) if not (c := self.compiled[order]).needs & ~met]
        if len(stretch) <= _LONGEST_REMEMBERED and len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[stretch] = possible
        return possible


def _named_days() -> Iterator[dict[str, Any]]:
    """A row of the grammar for each of `named_days.toml`, with an optional year after the name."""
    for day in rules("named_days")["day"]:
        tail = "" if "year" in day else " u:weekend? ((',' | of | in)? (y:YEARLIKE | r:THATYEAR))?"
        pattern = f"k:DEICTIC? ({day['pattern']}){tail}"
        yield {"id": "named-day", "pattern": pattern, "sense": "day_with_name", "arguments": day}


def _try_again(found: list[_Found], place: int, reached: int) -> None:
    """Search the rule of the match at `place` once more, from `reached` within it, and sort in what it finds."""
    _, negative_last, order, compiled, match = found[place]
    again = compiled.pattern.search(match.string, reached, match.endpos)
    if again and again.start() < -negative_last:
        first, last = compiled.span(again)
        if last > first >= reached:
            insort(found, (first, -last, order, compiled, again), place + 1, key=_PRECEDENCE)


def _compiled(rule: Rule, language: Language, needs: int) -> Compiled:
    pattern = re.compile(language.translate(rule.pattern))
    captures = tuple((group, group.rstrip("0123456789")) for group in pattern.groupindex)
    return Compiled(rule, pattern, needs, captures, tuple(group for group, name in captures if name == "x"))


def _runs(held: frozenset[str], telling: frozenset[str]) -> re.Pattern[str]:
    """The longest runs of symbols that are held and of which at least one is telling."""
    every, silent, told = ("".join(sorted(symbols)) for symbols in (held | telling, held - telling, telling))
    return re.compile(f"(?<![{every}])[{silent}]*+[{told}][{every}]*+")
