"""Names of people: what they are made of, and whether two can be one person's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from transforms.rules import rules
from transforms.spelling import frame, sound, words

_INSERTED = re.compile(
    r"""\s(?:"([^"]{1,40})"|“([^”]{1,40})”|'([^']{1,40})'|‘([^’]{1,40})’|\(([^)]{1,40})\))(?=\s|,|$)"""
)


_SERVANT = frozenset({"abd", "abdul", "abdel", "abdal", "abdol", "abdur", "abder"})
_ARTICLES = frozenset({"al", "el", "ul", "ar", "er", "ur", "as", "es", "us", "an", "en", "un", "ad", "ed", "ud"})
_INITIALS = frozenset(a + b for a in "bcdfghjkmnprtvw" for b in "bcdfgjkpstvw") - {"st", "dr", "mr", "jr", "fr"}
"""Two letters that are no name but initials written as one: `JK Rowling`, `TJ Hooker`."""
_FAITH = frozenset({"din", "deen", "dine"})


LONG_SURNAME = 8
"""Letters from which on a name of one word is known in another romanisation: `Zelensky`; `Luck` and `Lock` are two."""


class Likeness(IntEnum):
    """How two words of names can be one."""

    NONE = 0
    SHORT = 1
    """One is the initial or a nickname of the other."""
    TYPO = 2
    """A letter or two differ."""
    SAME = 3
    """The same, or romanisations of the same."""


class PersonName(NamedTuple):
    """A name without titles, degrees, inserted nicknames and particles, given name first where the form shows it."""

    words: tuple[str, ...]
    keys: tuple[str, ...]
    """Each word as `key` has it: equal for romanisations of one name."""
    generation: str
    """`jr`, `sr`, `ii`, … or empty."""
    called: str = ""
    """The given name that stands in quotation marks or brackets inside the name: `Luis "Jerry" Soto`."""

    @property
    def key(self) -> str:
        """Equal for romanisations of one name; empty for a name without letters."""
        return " ".join((*self.keys, self.generation)) if self.generation else " ".join(self.keys)


@dataclass(frozen=True, slots=True)
class _Lists:
    titles: frozenset[str]
    titles_before_two: frozenset[str]
    after: frozenset[str]
    generations: dict[str, str]
    particles: frozenset[str]
    given_particles: frozenset[str]
    surname_first: frozenset[str]
    droppable: frozenset[str]
    nicknames: dict[str, frozenset[str]]
    unsettling: dict[str, frozenset[str]]


@cache
def _lists() -> _Lists:
    table = rules("people")
    nicknames: dict[str, set[str]] = {}
    unsettling: dict[str, set[str]] = {}
    for row in table["nicknames"]:
        for short in row["short"]:
            nicknames.setdefault(short, set()).update(row["of"])
            unsettling.setdefault(short, set()).update(row.get("also", ()))
    return _Lists(
        frozenset(word for row in table["titles"] if not row.get("with_two") for word in row["words"]),
        frozenset(word for row in table["titles"] if row.get("with_two") for word in row["words"]),
        frozenset(table["after"]["words"]),
        table["generations"],
        frozenset(table["particles"]["words"]),
        frozenset(table["particles"]["given_too"]),
        frozenset(table["surname_first"]["words"]),
        frozenset(map(key, table["droppable"]["words"])),
        {short: frozenset(map(key, of)) for short, of in nicknames.items()},
        {short: frozenset(map(key, also)) for short, also in unsettling.items()},
    )


@cache
def _forms() -> tuple[dict[str, str], dict[str, str]]:
    """The first form of its row for each form of a name, and for each sound that one row alone has."""
    by_word: dict[str, str] = {}
    by_sound: dict[str, set[str]] = {}
    for row in rules("people")["forms"]:
        for word in row:
            by_word[word] = f"={row[0]}"
            by_sound.setdefault(sound(word), set()).add(f"={row[0]}")
    return by_word, {heard: min(first) for heard, first in by_sound.items() if len(first) == 1 and len(heard) > 3}


@cache
def _apart() -> dict[str, frozenset[str]]:
    """The words that each of some words is never a form of."""
    return {word: frozenset(row) for row in rules("people")["apart"] for word in row}


@lru_cache(maxsize=1 << 17)
def key(word: str) -> str:
    """One spelling for all romanisations of a word of a name; words of up to three letters only equal themselves."""
    by_word, by_sound = _forms()
    if word in by_word:
        return by_word[word]
    if len(word) < 4 or word in _apart():
        return word
    heard = sound(word)
    return by_sound.get(heard, heard)


def parse_person(name: str) -> PersonName:
    """What a person's name is made of. Any string gives a result; one without letters gives no words."""
    called = ""
    if not name.replace(" ", "").isalpha():
        inserted = _INSERTED.search(name[:400])
        if inserted and inserted.start():
            called = " ".join(words(inserted[inserted.lastindex or 0]))
            name = f"{name[: inserted.start()]} {name[inserted.end() : 400]}"
    if "," in name:
        name = _given_first(name)
    spoken = words(name)
    lists = _lists()
    start, end = 0, len(spoken)
    while end - start > 1 and (
        spoken[start] in lists.titles or (end - start > 2 and spoken[start] in lists.titles_before_two)
    ):
        start += 1
    generation = ""
    while end - start > 1 and (
        spoken[end - 1] in lists.generations or (end - start > 2 and spoken[end - 1] in lists.after)
    ):
        generation = lists.generations.get(spoken[end - 1], generation)
        end -= 1
    if end - start > 1 and len(spoken[start]) == 2 and spoken[start] in _INITIALS:
        spoken[start : start + 1] = spoken[start]
        end += 1
    bare = name[:1].islower() or name[2:3] == "-"
    kept = _without_particles(spoken[start:end], bare)
    if len(kept) > 1 and "-" in name and " " not in name.strip():
        kept = ["".join(kept)]  # `Amir-Abdollahian` is a surname, not a full name
    if len(kept) == 1 and len(kept[0]) < LONG_SURNAME:
        return PersonName((kept[0],), (kept[0],), generation, called)
    return PersonName(tuple(kept), tuple(map(key, kept)), generation, called)


def _given_first(name: str) -> str:
    """`Frost, William W.` -> `William W. Frost`; what follows other commas (degrees, ages, descriptions) is dropped."""
    before, _, after = name.partition(",")
    following = words(after)
    lists = _lists()
    if following and following[0] in lists.generations:
        return f"{before} {following[0]}"
    surname = words(before)
    inverted = (
        following
        and not any(word.isdigit() or word in lists.after for word in following)
        and surname
        and (len(surname) == 1 or surname[0] in lists.particles or before.isupper())
    )
    return f"{after} {before}" if inverted and after.lstrip()[:1].isupper() else before


def _without_particles(spoken: Sequence[str], bare: bool) -> list[str]:
    """The words without particles; Arabic compounds of `abd` and `din` made one word.

    At the head, `bare` tells a particle (`al-Sisi`) from a given name (`Al Gore`, `Ben Stiller`).
    """
    particles, given_too = _lists().particles, _lists().given_particles
    if particles.isdisjoint(spoken) and _SERVANT.isdisjoint(spoken) and _FAITH.isdisjoint(spoken):
        return [*spoken]
    kept: list[str] = []
    servant = ""
    for word in spoken[:-1]:
        if word in _SERVANT:
            servant = "abdul"
        elif servant:
            if word not in _ARTICLES:
                kept.append(servant + word)
                servant = ""
        elif word in _FAITH and kept:
            kept[-1] += "uddin"
        elif word not in particles or (not kept and word in given_too and not bare):
            kept.append(word)
    if len(kept) == 1 and len(spoken) > 2 and kept[0] in given_too:
        kept = []  # `Van der Bellen`
    if spoken[-1] in _FAITH and kept:
        return [*kept[:-1], kept[-1] + "uddin"]
    return [*kept, servant + spoken[-1]]


@lru_cache(maxsize=1 << 16)
def likeness(one: str, other: str) -> Likeness:
    """How two folded words of names can be one."""
    if one == other or key(one) == key(other):
        return Likeness.SAME
    if len(one) > len(other):
        one, other = other, one
    if (len(one) == 1 and other.startswith(one)) or key(other) in nickname_of(one) or key(one) in nickname_of(other):
        return Likeness.SHORT
    if len(one) < 5 or _gender(one, other) or other in _apart().get(one, ()):
        return Likeness.NONE
    distance = OSA.distance(one, other, score_cutoff=2)
    allowed = 2 if len(one) > 8 or (frame(one) == frame(other) and len(one) > 4) else 1
    return Likeness.TYPO if distance <= allowed and one[0] == other[0] else Likeness.NONE


def nickname_of(short: str) -> frozenset[str]:
    """The keys of the given names that `short` may stand for."""
    return _lists().nicknames.get(short, frozenset())


def unsettled_by(short: str) -> frozenset[str]:
    """The keys of given names that `short` might stand for too: where one is met, nobody can tell."""
    return _lists().unsettling.get(short, frozenset())


def is_droppable(word: str) -> bool:
    """Whether a first given name is one that its bearers often go without: `Mohammad Javad Zarif`, `Javad Zarif`."""
    return key(word) in _lists().droppable


def is_surname_first(word: str) -> bool:
    """Whether a word at the head of a name is a surname, as in Chinese, Korean and Vietnamese."""
    return word in _lists().surname_first


def _gender(one: str, other: str) -> bool:
    """Whether two words differ only in an ending that tells women from men: `angelo`, `angela`; `popov`, `popova`."""
    stems = {word[:-1] if word[-1] in "aoe" else word for word in (one, other)}
    return len(stems) == 1


def same_person(a: str, b: str) -> bool:
    """Whether two names, with nothing else known, are one person's. A bare surname is nobody's full name.

    Set to be right where it says yes: precision before recall.
    """
    x, y = parse_person(a), parse_person(b)
    if len(x.words) > len(y.words):
        x, y = y, x
    if not x.words or (x.generation and y.generation and x.generation != y.generation):
        return False
    if x.keys == y.keys or (len(x.words) < len(y.words) and _joined(x) == _joined(y)):
        return True
    if len(x.words) == 1:
        return len(y.words) == 1 and likeness(x.words[0], y.words[0]) == Likeness.TYPO
    return any(_aligned(x.words, order) for order in _orders(x.words, y.words))


def _joined(name: PersonName) -> str:
    """How a name sounds whose words are parted otherwise: `Kim Jongun`, `SergeiLavrov`."""
    return sound("".join(name.words))


def _orders(x: tuple[str, ...], y: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """The orders in which `y` may be written: given name first, and surname first where that is a custom."""
    yield y
    surnames = _lists().surname_first
    if len(y) == len(x) and (len(y) > 2 or (y[0] in surnames) != (x[0] in surnames)):
        yield (*y[1:], y[0])
        yield (y[-1], *y[:-1])


def _aligned(x: tuple[str, ...], y: tuple[str, ...]) -> bool:
    """Whether the words of the shorter `x` stand in `y`, first and last in place, at most one of them inexact."""
    ends = [likeness(x[0], y[0]), likeness(x[-1], y[-1])]
    if Likeness.NONE in ends or ends[1] == Likeness.SHORT or len(y) - len(x) > 2:
        return False
    middle = middles(x[1:-1], y[1:-1])
    return middle is not None and [*ends, *middle].count(Likeness.TYPO) + (ends[0] == Likeness.SHORT) <= 1


def middles(x: tuple[str, ...], y: tuple[str, ...]) -> list[Likeness] | None:
    """How each word of the shorter list is found in the longer, in order; None where they contradict each other.

    An initial counts by its place: `W.` agrees with `Walker`, not with `H. W.`
    """
    if len(x) > len(y):
        x, y = y, x
    if not x:
        return []
    placed = [likeness(one, other) for one, other in zip(x, y, strict=False)]
    if Likeness.NONE not in placed:
        return placed
    if any(len(word) == 1 for word in x + y) or len(x) == len(y):
        return None
    found: list[Likeness] = []
    rest = list(y)
    for word in x:
        while rest and likeness(word, rest[0]) < Likeness.TYPO:
            rest.pop(0)
        if not rest:
            return None
        found.append(likeness(word, rest.pop(0)))
    return found
