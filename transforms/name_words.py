"""Words of people's names: which are forms of one, short for one, or one with a slip."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from transforms.rules import rules
from transforms.spelling import frame, sound


class Likeness(IntEnum):
    """How two words of names can be one."""

    NONE = 0
    SHORT = 1
    """One is the initial or a nickname of the other."""
    TYPO = 2
    """A letter or two differ."""
    SAME = 3
    """The same, or romanisations of the same."""


@dataclass(frozen=True, slots=True)
class _Lists:
    by_word: dict[str, str]
    """The first form of its row for each form of a name."""
    by_sound: dict[str, str]
    """The same for each sound that one row alone has."""
    apart: dict[str, frozenset[str]]
    """The words that each of some words is never a form of."""


@cache
def _lists() -> _Lists:
    by_word: dict[str, str] = {}
    by_sound: dict[str, set[str]] = {}
    for row in rules("people")["forms"]:
        for word in row:
            by_word[word] = f"={row[0]}"
            by_sound.setdefault(sound(word), set()).add(f"={row[0]}")
    return _Lists(
        by_word,
        {heard: min(first) for heard, first in by_sound.items() if len(first) == 1 and len(heard) > 3},
        {word: frozenset(row) for row in rules("people")["apart"] for word in row},
    )


@cache
def _nicknames() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """The keys of what each short form stands for, and of what it might stand for too."""
    settled: dict[str, set[str]] = {}
    unsettling: dict[str, set[str]] = {}
    for row in rules("people")["nicknames"]:
        for short in row["short"]:
            settled.setdefault(short, set()).update(map(key, row["of"]))
            unsettling.setdefault(short, set()).update(map(key, row.get("also", ())))
    frozen = [{short: frozenset(keys) for short, keys in table.items()} for table in (settled, unsettling)]
    return frozen[0], frozen[1]


@cache
def _droppable() -> frozenset[str]:
    return frozenset(map(key, rules("people")["droppable"]["words"]))


@lru_cache(maxsize=1 << 17)
def key(word: str) -> str:
    """One spelling for all romanisations of a word of a name; words of up to three letters only equal themselves."""
    lists = _lists()
    if word in lists.by_word:
        return lists.by_word[word]
    if len(word) < 4 or word in lists.apart:
        return word
    heard = sound(word)
    return lists.by_sound.get(heard, heard)


@lru_cache(maxsize=1 << 16)
def likeness(one: str, other: str) -> Likeness:
    """How two folded words of names can be one."""
    if one == other or key(one) == key(other):
        return Likeness.SAME
    if len(one) > len(other):
        one, other = other, one
    if (len(one) == 1 and other.startswith(one)) or key(other) in nickname_of(one) or key(one) in nickname_of(other):
        return Likeness.SHORT
    if len(one) < 5 or _gender(one, other) or other in _lists().apart.get(one, ()):
        return Likeness.NONE
    distance = OSA.distance(one, other, score_cutoff=2)
    allowed = 2 if len(one) > 8 or (frame(one) == frame(other) and len(one) > 4) else 1
    return Likeness.TYPO if distance <= allowed and one[0] == other[0] else Likeness.NONE


def _gender(one: str, other: str) -> bool:
    """Whether two words differ only in an ending that tells women from men: `angelo`, `angela`; `popov`, `popova`."""
    stems = {word[:-1] if word[-1] in "aoe" else word for word in (one, other)}
    return len(stems) == 1


def nickname_of(short: str) -> frozenset[str]:
    """The keys of the given names that `short` may stand for."""
    return _nicknames()[0].get(short, frozenset())


def unsettled_by(short: str) -> frozenset[str]:
    """The keys of given names that `short` might stand for too: where one is met, nobody can tell."""
    return _nicknames()[1].get(short, frozenset())


def is_droppable(word: str) -> bool:
    """Whether a first given name is one that its bearers often go without: `Mohammad Javad Zarif`, `Javad Zarif`."""
    return key(word) in _droppable()
