"""Joining what stands together: `the end of` + `1998`, `early` + `May`, `10 a.m.` + `Friday`, `Friday` + `morning`."""

import re
from collections.abc import Sequence
from itertools import pairwise

from transforms.dates.clocks import LATE, after_noon, clock_part
from transforms.dates.grammar import Grammar, Match
from transforms.dates.narrative import explicit_year, month_number
from transforms.dates.words import MEANINGS, Tokens

_LONGEST_PREFIX = 6
_ENDINGS = (["ended"], ["ending"], ["that", "ended"], ["to"], ["through"])
_RANGES = frozenset(("-", "–", "—", "through"))
_SPOKEN_RANGES = frozenset((("from", "to"), ("from", "until"), ("from", "till"), ("between", "and")))
_JOINS = frozenset(("and", "or", "to", "through", "until", "till", "-", "–", "—", "/", ",", "&"))


def share_years(matches: Sequence[Match], tokens: Tokens) -> None:
    """Give a date without a year that of the date joined to it on the right: `March and April 1918`."""
    for match, following in zip(reversed(matches[:-1]), reversed(matches[1:]), strict=True):
        between = tokens.words[match.last : following.first]
        if match.word("y") or match.word("r") or match.rule.sense not in ("calendar", "season"):
            continue
        if not 1 <= len(between) <= 2 or not set(between) <= _JOINS | {"the"}:
            continue
        year = explicit_year(following) if following.word("y") else following.shared_year
        if year is not None and following.rule.sense in ("calendar", "season"):
            here, there = month_number(match), month_number(following)
            match.shared_year = year - 1 if here and there and here > there else year


def share_days(matches: Sequence[Match], tokens: Tokens) -> None:
    """Give a clock time the date that follows it, `10 p.m. local time on Tuesday`, and `the quarter` its end."""
    for match, following in reversed(list(pairwise(matches))):
        between = tokens.words[match.last : following.first]
        if match.rule.is_time and not match.part:
            if following.rule.sense == "clock" and len(between) == 1 and between[0] in _JOINS | {"("}:
                match.day = following.day
            elif following.rule.is_day and _leads_to_day(between):
                match.day = following
        elif (
            match.rule.sense == "unit_current"
            and match.word("u") in ("quarter", "week", "year")
            and between in _ENDINGS
        ):
            match.day = following if following.rule.sense == "calendar" else None


def _leads_to_day(between: Sequence[str]) -> bool:
    return len(between) <= 4 and not {"on", ","}.isdisjoint(between) and {".", ";", "and"}.isdisjoint(between)


def drop_preposition(match: Match, tokens: Tokens) -> None:
    """Leave out an `over` that means during: `a rise over two years`, but `in over two years`."""
    if match.words("q") not in (["over"], ["under"]) or not match.first:
        return
    if tokens.words[match.first - 1] not in MEANINGS["MEASURED"]:
        match.first += 1
        del match.captures["q"]


def join_ranges(matches: Sequence[Match], tokens: Tokens) -> None:
    """Mark the first date of a range with the second: `from 1939 to 1945`, `between May and June`, `5-9 May`; what ends
    a range begins none."""
    for match, following in pairwise(matches):
        before = tokens.words[match.first - 1] if match.first else ""
        between = tokens.words[match.last : following.first]
        if (
            match.day is not following
            and not match.closes
            and len(between) == 1
            and (between[0] in _RANGES or (before, between[0]) in _SPOKEN_RANGES)
        ):
            match.until, following.closes = following, True


def _may_take(kind: str, match: Match, words: list[str]) -> bool:
    """Whether a row of `[before]` belongs to what follows it: `about noon`, but not `talk about the summer`."""
    sense, the = match.rule.sense, match.tokens[0] == "the"
    if match.rule.is_time:
        return kind == "approx"
    if sense == "duration":
        return kind == "whole" and the
    refused = {
        "daypart": not match.rule.is_day or match.part is not None,
        "when": sense not in ("weekday", "today"),
        "approx": the and words[-1] == "about",
        "weekend": sense != "day_with_name" or match.word("u") != "weekend",
        "part_of_many": sense not in ("century", "decade"),
    }
    return not refused.get(kind, False)


class Composer:
    """Joins the matches of one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        before = {kind: grammar.translate(pattern) for kind, pattern in grammar.before.items()}
        self._before = [(kind, re.compile(pattern)) for kind, pattern in before.items()]
        self._any_before = re.compile("|".join(before.values()))
        self._run_before = re.compile(f"[{''.join(sorted(grammar.held_before))}]+\\Z")
        self._after = re.compile(grammar.translate(grammar.after["daypart"]))

    def compose(self, matches: Sequence[Match], tokens: Tokens) -> list[Match]:
        """The matches with their modifiers taken in, and neighbours that make one expression joined."""
        out: list[Match] = []
        for match in matches:
            drop_preposition(match, tokens)
            if self._take_before(match, tokens, out) and out and match.first < out[-1].last:
                out.pop()
            self._take_daypart(match, tokens)
            if out and match.first < out[-1].last:
                continue
            if out and self._joined(out[-1], match):
                continue
            out.append(match)
        share_years(out, tokens)
        share_days(out, tokens)
        join_ranges(out, tokens)
        for match in out:
            match.tokens = tokens.words[match.first : match.last]
        return out

    def _take_before(self, match: Match, tokens: Tokens, out: Sequence[Match]) -> bool:
        """Take in what stands before: `the end of`. A part of day that was a match of its own gives way."""
        if not match.rule.takes_modifier:
            return False
        free = [m for m in out[-2:] if m.rule.sense not in ("daypart", "daypart_generic", "duration", "quarter")]
        floor = free[-1].last if free else 0
        symbols = tokens.symbols
        floor = max(floor, match.first - _LONGEST_PREFIX)
        nearest = self._run_before.search(symbols, floor, match.first)
        for first in range(nearest.start() if nearest else match.first, match.first):
            if not self._any_before.fullmatch(symbols, first, match.first):
                continue
            words = tokens.words[first : match.first]
            for kind, pattern in self._before:
                if pattern.fullmatch(symbols, first, match.first) and _may_take(kind, match, words):
                    self._apply(kind, match, words)
                    match.first = first
                    return True
        return False

    @staticmethod
    def _apply(kind: str, match: Match, words: list[str]) -> None:
        """Do what a row of `[before]` does to the match."""
        if kind == "daypart":
            match.part = next(str(MEANINGS["DAYPART"][w]) for w in words if w in MEANINGS["DAYPART"])
        elif kind == "half":
            match.half = 1 if "first" in words else 2
        elif kind == "approx":
            match.mod = "APPROX"
        elif kind in ("part", "period", "part_of_many", "advance"):
            default = "early" if "first" in words else "late"
            named = next((w for w in words if w in MEANINGS["ADVANCE"] or w in MEANINGS["PART"]), default)
            match.mod = str(MEANINGS["ADVANCE"].get(named) or MEANINGS["PART"].get(named) or "END")

    def _take_daypart(self, match: Match, tokens: Tokens) -> None:
        if not match.rule.is_day or match.part:
            return
        found = self._after.match(tokens.symbols, match.last)
        if found:
            match.part = str(MEANINGS["DAYPART"][tokens.words[found.start("p")]])
            match.last = found.end()

    @staticmethod
    def _joined(earlier: Match, match: Match) -> bool:
        """Whether a time and the day that follows it, `midnight Sunday`, were made one in place of `earlier`."""
        if earlier.last != match.first or not (match.rule.is_day or match.rule.sense == "tonight"):
            return False
        part = clock_part(earlier) if earlier.rule.sense == "clock" else earlier.meaning("p", "DAYPART")
        if part is None or not earlier.rule.joins_day or (match.part and earlier.rule.sense != "clock"):
            return False
        if match.part in LATE and not earlier.word("a"):
            part = after_noon(part)  # `9:05 Monday night`
        earlier.rule, earlier.captures, earlier.part = match.rule, match.captures, part
        earlier.last = match.last
        return True
