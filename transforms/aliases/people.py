"""Which names of people in a corpus are one person's.

The order is from sure to unsure: romanisations (one key, before this module), spacing and order, middle names, initials
and nicknames, dropped given names, misspellings, bare surnames. A name that could be two people's joins neither.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from transforms.aliases.partition import Partition
from transforms.name_words import Likeness, is_droppable, key, likeness, nickname_of, unsettled_by
from transforms.names import LONG_SURNAME, PersonName, is_surname_first, middles

_MAX_BLOCK = 64
"""Detailed forms of one given name and surname that are compared with one another; more only join by equal keys."""
_MAX_COMPARED = 256
"""Names that each of some others is compared with: surnames that begin alike, people that an initial may stand for."""
_DOMINANCE = 20
"""How many times the documents of all other readings one needs, for a shorter name to be taken for it all the same."""
_MAX_GIVENS = 20
"""Given names that a surname may have for initials and nicknames to tell its bearers apart: not Smith, not Kim."""
_ESTABLISHED = 3
"""People that a given name needs, to tell which of `Viktor Orban` and `Orban Viktor` is in order."""


def link_people(people: Mapping[int, PersonName], partition: Partition) -> None:
    """Joins in `partition` the names of `people` (by number) that are one person's."""
    respelt = _respelt(people)
    linker = _Linker(respelt, partition)
    if respelt is not people:
        linker.link_equal()
    linker.run()


def _respelt(people: Mapping[int, PersonName]) -> Mapping[int, PersonName]:
    """The names, in which words with umlauts written out are as those without: `Soeder` where a `Söder` is met.

    Where no umlaut shows it, `ue` is no `u`: `Manuel`, `Michael`, `Boehner` stay as they are.
    """
    plain = {long: short for name in people.values() for long, short in name.umlauts}
    if not plain:
        return people
    respelt = dict(people)
    for number, name in people.items():
        if not plain.keys().isdisjoint(name.words):
            words = tuple(plain.get(word, word) for word in name.words)
            keys = tuple(
                old if word == spoken else key(word) if len(words) > 1 else word
                for old, word, spoken in zip(name.keys, words, name.words, strict=True)
            )
            respelt[number] = name._replace(words=words, keys=keys)
    return respelt


def agree(one: PersonName, other: PersonName) -> bool:
    """Whether the middle names and generations of two names do not contradict each other."""
    if one.generation != other.generation:
        if one.generation and other.generation:
            return False
        lacking, other_middles = (one, other) if other.generation else (other, one)
        if len(lacking.words) > 2 and len(other_middles.words) < 3:
            return False  # `Robert F. Kennedy` and `Robert Kennedy Jr.`: neither says more than the other
    if len(one.words) < 3 or len(other.words) < 3:
        return True
    return middles(one.words[1:-1], other.words[1:-1]) is not None


class _Linker:
    """The people of a corpus, indexed by surname and given name."""

    def __init__(self, people: Mapping[int, PersonName], partition: Partition) -> None:
        self.people = people
        self.partition = partition
        self.full = {number: name for number, name in people.items() if len(name.keys) > 1}
        self.plain = {name.keys: number for number, name in self.full.items() if len(name.keys) == 2}
        self.by_surname: dict[str, list[int]] = {}
        self.bearers: Counter[str] = Counter()
        """Given name -> surnames that it is met with."""
        for number, name in self.full.items():
            self.by_surname.setdefault(name.keys[-1], []).append(number)
        self.lonely: set[str] = set()
        """Surnames that are met with one given name alone."""
        for surname, numbers in self.by_surname.items():
            givens = {people[number].keys[0] for number in numbers}
            self.bearers.update(givens)
            if len(givens) == 1:
                self.lonely.add(surname)

    def run(self) -> None:
        self.link_spacings()
        self.link_orders()
        for numbers in self.by_surname.values():
            if len(numbers) > 1:
                givens: dict[str, list[int]] = {}
                for number in numbers:
                    givens.setdefault(self.people[number].keys[0], []).append(number)
                self.link_block(givens)
        self.link_dropped_givens()
        self.link_misspelt()
        self.link_surnames()

    def link_block(self, givens: Mapping[str, list[int]]) -> None:
        """Joins names of one surname, by given name."""
        for numbers in givens.values():
            if len(numbers) > 1:
                self.link_middles(numbers)
        if 1 < len(givens) <= _MAX_GIVENS:
            self.link_short_givens(givens)

    def join(self, one: int, other: int) -> bool:
        """Joins two names and all that they stand for, unless some of it contradicts."""
        return self.partition.union(one, other, lambda x, y: agree(self.people[x], self.people[y]))

    def link_equal(self) -> None:
        """`Jan Möller` and `Jan Moeller`, which had two keys before they were respelt."""
        numbers: dict[str, int] = {}
        for number, name in self.people.items():
            if name.words:
                self.join(numbers.setdefault(name.key, number), number)

    def link_spacings(self) -> None:
        """`Kim Jong-un` and `Kim Jongun`; `Jinping Xi` and `Xi Jinping`."""
        joined: dict[str, int] = {}
        for number, name in self.full.items():
            if len(text := "".join(name.words)) > 7:
                self.join(joined.setdefault(text + name.generation, number), number)
        for number, name in self.full.items():
            if len(name.words) < 4 and is_surname_first(name.words[-1]) and not is_surname_first(name.words[0]):
                turned = joined.get("".join((name.words[-1], *name.words[:-1])) + name.generation)
                if turned is not None:
                    self.join(turned, number)

    def link_orders(self) -> None:
        """`Viktor Orban` and `Orban Viktor`, where the corpus shows which of the two is a given name."""
        for (given, surname), number in self.plain.items():
            if self.bearers[given] >= _ESTABLISHED and self.bearers[surname] == 1:
                turned = self.plain.get((surname, given))
                if turned is not None and len(self.by_surname[given]) == 1:
                    self.join(number, turned)

    def link_middles(self, numbers: Sequence[int]) -> None:
        """Joins the names that agree with exactly the same others; the plain name then joins if one reading is left."""
        plain = [number for number in numbers if len(self.people[number].keys) == 2]
        plain = [number for number in plain if not self.people[number].generation]
        detailed = [number for number in numbers if number not in plain]
        if 1 < len(detailed) <= _MAX_BLOCK:
            agreeing = {number: {number} for number in detailed}
            for one, other in combinations(detailed, 2):
                if agree(self.people[one], self.people[other]):
                    agreeing[one].add(other)
                    agreeing[other].add(one)
            readings: dict[frozenset[int], int] = {}
            for number in detailed:
                self.join(readings.setdefault(frozenset(agreeing[number]), number), number)
        meant = self.partition.only(detailed, _DOMINANCE)
        if plain and meant is not None:
            self.join(plain[0], meant)

    def link_short_givens(self, givens: Mapping[str, list[int]]) -> None:
        """`S. Lavrov` and `Bill Gates` join the one person of the surname whose given name they may shorten.

        Short names that contradict each other (`Bill J.`, `Bill B.`) join nobody: one of them is wrong.
        """
        proposed: dict[int, list[int]] = {}
        for given, full in self.shortened_givens(givens):
            if sum(len(givens[long]) for long in full) > _MAX_COMPARED:
                continue
            for number in givens[given]:
                others = [other for long in full for other in givens[long] if self.may_shorten(number, other)]
                meant = self.partition.only(others, _DOMINANCE)
                if meant is not None:
                    proposed.setdefault(meant, []).append(number)
        for meant, numbers in proposed.items():
            for number in numbers[:_MAX_BLOCK]:
                if all(agree(self.people[number], self.people[other]) for other in numbers):
                    self.join(number, meant)

    def shortened_givens(self, givens: Mapping[str, list[int]]) -> Iterator[tuple[str, Sequence[str]]]:
        """Each initial and nickname among the given names, with those that it may stand for."""
        by_initial: dict[str, list[str]] = {}
        for given, numbers in givens.items():
            if len(given) > 1:
                by_initial.setdefault(self.people[numbers[0]].words[0][0], []).append(given)
        for given, numbers in givens.items():
            word = self.people[numbers[0]].words[0]
            if len(given) == 1:
                yield given, by_initial.get(given, ())
            elif (full := nickname_of(word) & givens.keys()) and unsettled_by(word).isdisjoint(givens):
                yield given, sorted(full)

    def may_shorten(self, short: int, full: int) -> bool:
        """Whether the middle names suit too: `D. J. Moore` is not `Demi Moore`, though nobody else be called so."""
        x, y = self.people[short], self.people[full]
        return agree(x, y) and (len(x.words[0]) > 1 or len(x.words) == 2 or len(y.words) > 2)

    def link_dropped_givens(self) -> None:
        """`W. Mark Felt` and `Mark Felt`, where only one name is shortened so."""
        plain = {name.keys: number for number, name in self.full.items() if not name.generation}
        longer: dict[tuple[str, ...], list[int]] = {}
        for number, name in self.full.items():
            for keys in _shortened(name):
                sure = len(keys) > 2 or len(name.keys) < 4 or name.double
                if keys in plain and (sure or self.is_double_surname(*keys)):
                    longer.setdefault(keys, []).append(number)
        for keys, numbers in longer.items():
            meant = self.partition.only(numbers)
            if meant is not None:
                self.join(plain[keys], meant)

    def is_headline(self, number: int) -> bool:
        """Whether a long name ends in another full name: `Tapper Grills Anna Soto` is no bearer of the name Soto."""
        keys = self.people[number].keys
        return len(keys) > 3 and keys[-2:] in self.plain

    def is_double_surname(self, one: str, other: str) -> bool:
        """Whether `Soto Vidal` can be two surnames: `Soto` is one elsewhere, and nowhere else a given name."""
        return one in self.by_surname and self.bearers[one] == 1 and other in self.by_surname

    def link_misspelt(self) -> None:
        """Joins a rare surname, met under one given name only, to the commoner one that it misspells."""
        halves: dict[str, list[int] | int] = {}
        for surname, numbers in self.by_surname.items():
            if len(surname) < 6:
                continue
            for given, number in {self.people[number].keys[0]: number for number in reversed(numbers)}.items():
                if len(given) > 2:
                    _add(halves, f"{given} {surname[:3]}", number)
                    _add(halves, f"{given} {surname[0]}-{surname[-3:]}", number)
        for alike in halves.values():
            if isinstance(alike, list) and len(alike) <= _MAX_COMPARED:
                for one, other in combinations(alike, 2):
                    if self.misspelt(one, other):
                        self.join(one, other)

    def misspelt(self, one: int, other: int) -> bool:
        """Whether of two surnames one is a slip for the other: met with nobody else, in half the documents or fewer."""
        x, y = self.people[one].words[-1], self.people[other].words[-1]
        if abs(len(x) - len(y)) > 2 or likeness(x, y) != Likeness.TYPO:
            return False
        rare, common = sorted((one, other), key=self.partition.documents)
        alone = self.people[rare].keys[-1] in self.lonely
        return alone and self.partition.documents(common) >= 2 * self.partition.documents(rare)

    def link_surnames(self) -> None:
        """A bare surname joins the only person of that name in the corpus, unless it is somebody's given name too."""
        bare = {n: name.words[0] for n, name in self.people.items() if len(name.words) == 1 and len(name.words[0]) > 1}
        parted = {"".join(self.full[number].words): number for number in self.plain.values()}
        for number, word in bare.items():
            if word in parted:
                self.join(number, parted[word])  # `Amir-Abdi` and `Amir Abdi`
        heads, doubles, spelt = self.surnames()
        meant: dict[str, int | None] = {}
        for number, word in bare.items():
            heard = key(word)
            if heard in self.bearers and word not in heads:
                continue
            bearers = self.by_surname.get(heard, ())
            if heard not in meant:
                meant[heard] = self.partition.only([other for other in bearers if not self.is_headline(other)])
            by_sound = meant[heard]
            if bearers and by_sound is None:
                continue
            exact = [*heads.get(word, ()), *doubles.get(word, ())]
            only = self.partition.only(exact if by_sound is None else [by_sound, *exact])
            if only is not None and (exact or len(word) >= LONG_SURNAME or word in spelt):
                self.join(number, only)

    def surnames(self) -> tuple[dict[str, list[int]], dict[str, list[int]], set[str]]:
        """Names by a surname that stands first, by two last words written as one, and all last words as spelt."""
        heads: dict[str, list[int]] = {}
        doubles: dict[str, list[int]] = {}
        spelt = set()
        for number, name in self.full.items():
            spelt.add(name.words[-1])
            if is_surname_first(name.words[0]):
                heads.setdefault(name.words[0], []).append(number)
            if len(name.words) > 2:
                doubles.setdefault(name.words[-2] + name.words[-1], []).append(number)
        return heads, doubles, spelt


def _add(groups: dict[str, list[int] | int], name: str, number: int) -> None:
    """Adds to a group that is a list only from its second member on: most have one, and a million lists are heavy."""
    known = groups.setdefault(name, number)
    if isinstance(known, list):
        known.append(number)
    elif known != number:
        groups[name] = [known, number]


def _shortened(name: PersonName) -> Iterator[tuple[str, ...]]:
    """The keys of a name without its first given names, where people are known to go by the rest."""
    keys = name.keys
    if len(keys) > 3:
        yield keys[1:]
        yield keys[-2:]  # `José Luis Soto Vidal`, called `Soto Vidal`
    elif len(keys) == 3 and (name.double or is_droppable(name.words[0]) or (len(keys[0]) == 1 and len(keys[1]) > 1)):
        yield keys[1:]
    if name.called:
        yield (key(name.called), keys[-1])
