"""Which names of people in a corpus are one person's.

The order is from sure to unsure: romanisations (one key, before this module), middle names, initials and nicknames,
misspellings, bare surnames. A name that could be two people's joins neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from transforms.aliases.partition import Partition
from transforms.names import Likeness, PersonName, is_surname_first, key, likeness, middles, nickname_of

_MAX_BLOCK = 64
"""Detailed variants of one given name and surname that are compared with one another: beyond it only equal keys join."""
_DOMINANCE = 10
"""How many times the documents of all others together one reading needs, for a shorter name to be taken for it."""


def link_people(people: Mapping[int, PersonName], partition: Partition) -> None:
    """Joins in `partition` the names of `people` (by number) that are one person's."""
    blocks: dict[str, dict[str, list[int]]] = {}
    for number, name in people.items():
        if len(name.keys) > 1:
            blocks.setdefault(name.keys[-1], {}).setdefault(name.keys[0], []).append(number)
    _link_spacings(people, partition)
    for givens in blocks.values():
        for numbers in givens.values():
            if len(numbers) > 1:
                _link_middles(numbers, people, partition)
    for givens in blocks.values():
        if len(givens) > 1:
            _link_short_givens(givens, people, partition)
    _link_dropped_givens(people, partition)
    _link_misspelt(blocks, people, partition)
    _link_surnames(blocks, people, partition)


def _link_spacings(people: Mapping[int, PersonName], partition: Partition) -> None:
    """`Kim Jong-un` and `Kim Jongun`; `Jinping Xi` and `Xi Jinping`."""
    joined: dict[str, list[int]] = {}
    for number, name in people.items():
        if len(name.keys) > 1:
            text = "".join(name.words)
            if len(text) > 7:
                joined.setdefault(text + name.generation, []).append(number)
            if len(name.keys) < 4 and is_surname_first(name.words[-1]) and not is_surname_first(name.words[0]):
                text = "".join((name.words[-1], *name.words[:-1]))
                joined.setdefault(text + name.generation, []).append(number)
    for numbers in joined.values():
        for number in numbers[1:]:
            partition.union(numbers[0], number)


def agree(one: PersonName, other: PersonName) -> bool:
    """Whether two names of one given name and surname do not contradict each other."""
    if one.generation and other.generation and one.generation != other.generation:
        return False
    return middles(one.words[1:-1], other.words[1:-1]) is not None


def _link_middles(numbers: Sequence[int], people: Mapping[int, PersonName], partition: Partition) -> None:
    """Joins the names that agree with exactly the same others; the plain name then joins if one reading is left."""
    plain = [number for number in numbers if len(people[number].keys) == 2 and not people[number].generation]
    detailed = [number for number in numbers if number not in plain]
    if 1 < len(detailed) <= _MAX_BLOCK:
        agreeing = {number: {number} for number in detailed}
        for one, other in combinations(detailed, 2):
            if agree(people[one], people[other]):
                agreeing[one].add(other)
                agreeing[other].add(one)
        readings: dict[frozenset[int], int] = {}
        for number in detailed:
            partition.union(readings.setdefault(frozenset(agreeing[number]), number), number)
    meant = partition.only(detailed, _DOMINANCE)
    if plain and meant is not None:
        partition.union(plain[0], meant)


def _link_short_givens(givens: Mapping[str, list[int]], people: Mapping[int, PersonName], partition: Partition) -> None:
    """`S. Lavrov` and `Bill Gates` join the one person of the surname whose given name they may shorten."""
    by_initial: dict[str, list[str]] = {}
    for given in givens:
        if len(given) > 1:
            by_initial.setdefault(people[givens[given][0]].words[0][0], []).append(given)
    for given, numbers in givens.items():
        if len(given) == 1:
            full: Iterable[str] = by_initial.get(given, ())
        else:
            full = sorted(nickname_of(people[numbers[0]].words[0]) & givens.keys())
        for number in numbers:
            others = [other for long in full for other in givens[long] if agree(people[number], people[other])]
            meant = partition.only(others, _DOMINANCE)
            if meant is not None:
                partition.union(number, meant)


def _link_dropped_givens(people: Mapping[int, PersonName], partition: Partition) -> None:
    """`W. Mark Felt` and `Mark Felt`; `Luis "Jerry" Soto` and `Jerry Soto`: where only one name is shortened so."""
    plain: dict[tuple[str, ...], int] = {}
    longer: dict[tuple[str, ...], list[int]] = {}
    for number, name in people.items():
        if len(name.keys) > 1:
            plain.setdefault(name.keys, number)
        if len(name.keys) > 3 or (len(name.keys) == 3 and len(name.keys[0]) == 1 < len(name.keys[1])):
            longer.setdefault(name.keys[1:], []).append(number)
        if name.called and len(name.keys) > 1:
            longer.setdefault((key(name.called), name.keys[-1]), []).append(number)
    for keys, numbers in longer.items():
        meant = partition.only(numbers)
        if meant is not None and keys in plain:
            partition.union(plain[keys], meant)


def _link_misspelt(
    blocks: Mapping[str, Mapping[str, list[int]]], people: Mapping[int, PersonName], partition: Partition
) -> None:
    """Joins a rare surname, met under one given name only, to the far commoner one that it misspells."""
    halves: dict[tuple[str, str], list[int]] = {}
    for surname, givens in blocks.items():
        if len(surname) < 6:
            continue
        for given, numbers in givens.items():
            if len(given) < 3:
                continue
            for half in (surname[:3], "-" + surname[-3:]):
                halves.setdefault((given, half), []).append(numbers[0])
    for numbers in halves.values():
        if not 1 < len(numbers) <= 4 * _MAX_BLOCK:
            continue
        for one, other in combinations(numbers, 2):
            x, y = people[one], people[other]
            if likeness(x.words[-1], y.words[-1]) != Likeness.TYPO or not agree(x, y):
                continue
            rare, common = sorted((one, other), key=lambda number: (partition.documents(number), number))
            alone = len(blocks[people[rare].keys[-1]]) == 1
            if alone and partition.documents(common) >= 2 * partition.documents(rare):
                partition.union(rare, common)


def _link_surnames(
    blocks: Mapping[str, Mapping[str, list[int]]], people: Mapping[int, PersonName], partition: Partition
) -> None:
    """A bare surname joins the only person of that name in the corpus, unless it is somebody's given name too."""
    given_names = {given for givens in blocks.values() for given in givens}
    first: dict[str, list[int]] = {}
    for number, name in people.items():
        if len(name.words) > 1 and is_surname_first(name.words[0]):
            first.setdefault(name.keys[0], []).append(number)
    for number, name in people.items():
        if len(name.keys) != 1 or len(name.words[0]) < 2:
            continue
        word = name.keys[0]
        if word in given_names and word not in first:
            continue
        candidates = [other for numbers in blocks.get(word, {}).values() for other in numbers]
        meant = partition.only([*candidates, *first.get(word, ())])
        if meant is not None:
            partition.union(number, meant)
