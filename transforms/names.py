"""Names of people: what they are made of, and whether the middle names of two agree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from transforms.name_words import Likeness, key, likeness
from transforms.rules import rules
from transforms.spelling import words
from transforms.umlauts import written_out

_INSERTED = re.compile(
    r"""\s(?:"([^"]{1,40})"|“([^”]{1,40})”|'([^']{1,40})'|‘([^’]{1,40})’|\(([^)]{1,40})\))(?=\s|,|$)"""
)
LONG_SURNAME = 8
"""Letters from which on a name of one word is known in another romanisation: `Zelensky`; `Luck` and `Lock` are two."""

_SERVANT = frozenset({"abd", "abdul", "abdel", "abdal", "abdol", "abdur", "abder"})
_ARTICLES = frozenset({"al", "el", "ul", "ar", "er", "ur", "as", "es", "us", "an", "en", "un", "ad", "ed", "ud"})
_INITIALS = frozenset(a + b for a in "bcdfghjkmnprtvw" for b in "bcdfgjkpstvw") - {"st", "dr", "mr", "jr", "fr"}
"""Two letters that are no name but initials written as one: `JK Rowling`, `TJ Hooker`."""
_FAITH = frozenset({"din", "deen", "dine"})


class PersonName(NamedTuple):
    """A name without titles, degrees, inserted nicknames and particles, given name first where the form shows it."""

    words: tuple[str, ...]
    keys: tuple[str, ...]
    """Each word as `key` has it: equal for romanisations of one name."""
    generation: str
    """`jr`, `sr`, `ii`, … or empty."""
    called: str = ""
    """The given name that stands in quotation marks or brackets inside the name: `Luis "Jerry" Soto`."""

    double: bool = False
    """Whether a hyphen joins its last two words: `Reza Amir-Abdi`, `Kim Jong-un`."""

    umlauts: tuple[tuple[str, str], ...] = ()
    """Each word that has umlauts, with these written out, and as it stands in `words`: `soeder`, `soder`."""

    def with_marks(self, other: "PersonName") -> "PersonName":
        """This name, with what only another spelling of the same name shows."""
        if other[3:] in (self[3:], _NO_MARKS):
            return self
        return self._replace(
            double=self.double or other.double,
            called=self.called or other.called,
            umlauts=tuple(sorted({*self.umlauts, *other.umlauts})),
        )

    @property
    def key(self) -> str:
        """Equal for romanisations of one name; empty for a name without letters."""
        return " ".join((*self.keys, self.generation)) if self.generation else " ".join(self.keys)


_NO_MARKS = PersonName((), (), "")[3:]


@dataclass(frozen=True, slots=True)
class _Lists:
    titles: frozenset[str]
    titles_before_two: frozenset[str]
    after: frozenset[str]
    generations: dict[str, str]
    particles: frozenset[str]
    given_particles: frozenset[str]
    surname_first: frozenset[str]


@cache
def _lists() -> _Lists:
    table = rules("people")
    return _Lists(
        frozenset(word for row in table["titles"] if not row.get("with_two") for word in row["words"]),
        frozenset(word for row in table["titles"] if row.get("with_two") for word in row["words"]),
        frozenset(table["after"]["words"]),
        table["generations"],
        frozenset(table["particles"]["words"]),
        frozenset(table["particles"]["given_too"]),
        frozenset(table["surname_first"]["words"]),
    )


def parse_person(name: str) -> PersonName:
    """What a person's name is made of. Any string gives a result; one without letters gives no words."""
    parsed = _parsed(name)
    if (other := written_out(name)) == name:
        return parsed
    pairs = zip(_parsed(other).words, parsed.words, strict=False)
    return parsed._replace(umlauts=tuple(pair for pair in pairs if pair[0] != pair[1]))


def _parsed(name: str) -> PersonName:
    called = ""
    if not name.replace(" ", "").isalpha():
        inserted = _INSERTED.search(name[:400])
        if inserted and inserted.start():
            called = " ".join(words(inserted[inserted.lastindex or 0]))
            name = f"{name[: inserted.start()]} {name[inserted.end() : 400]}"
    if "," in name:
        name = _given_first(name)
    spoken, generation = _without_titles(words(name))
    if not spoken:
        return PersonName((), (), generation, called)
    bare = f" {spoken[0]} " in f" {name}" or f"{spoken[0]}-" in name.lower()
    kept = _without_particles(spoken, bare)
    if len(kept) > 1 and "-" in name and " " not in name.strip():
        kept = ["".join(kept)]  # `Amir-Abdollahian` is a surname, not a full name
    if len(kept) == 1 and len(kept[0]) < LONG_SURNAME:
        return PersonName((kept[0],), (kept[0],), generation, called)
    double = len(kept) > 2 and "-" in name and " " not in name.strip().rpartition("-")[2]
    return PersonName(tuple(kept), tuple(map(key, kept)), generation, called, double)


def _without_titles(spoken: list[str]) -> tuple[list[str], str]:
    """The words without titles before and degrees after, initials parted, and the generation (`jr`) or nothing."""
    lists = _lists()
    generation = ""
    while len(spoken) > 1 and (spoken[0] in lists.titles or (len(spoken) > 2 and spoken[0] in lists.titles_before_two)):
        spoken = spoken[1:]
    while len(spoken) > 1 and (spoken[-1] in lists.generations or (len(spoken) > 2 and spoken[-1] in lists.after)):
        generation = lists.generations.get(spoken[-1], generation)
        spoken = spoken[:-1]
    if len(spoken) > 1 and spoken[0] in _INITIALS:
        spoken = [*spoken[0], *spoken[1:]]
    return spoken, generation


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


def is_surname_first(word: str) -> bool:
    """Whether a word at the head of a name is a surname, as in Chinese, Korean and Vietnamese."""
    return word in _lists().surname_first


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
