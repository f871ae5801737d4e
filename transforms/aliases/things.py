"""Which names of organisations, laws, places and other things are one thing's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from transforms.aliases.partition import Partition
from transforms.countries import PLACE_LABELS, Place, place
from transforms.rules import rules
from transforms.spelling import fold
from transforms.umlauts import written_out

_DOMINANCE = 10
"""How many times the documents of all others together one full form needs, for an acronym to be taken for it."""
_SLIP = 8
"""A one-word name under two labels is one thing if one label has this many times the documents of the other."""


_HOUSEHOLD = 5
"""Documents up to which an acronym is taken for a full form that only one document has."""
_NUMERALS = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix"})


class Thing(NamedTuple):
    """A name that is no person's, made comparable."""

    kind: str
    """`place`, `people` (NORP) or the label."""
    key: str
    """Equal for spellings of one name."""
    words: tuple[str, ...]
    """Its words without small words (but for places) and legal forms; of a country those of its usual name."""
    acronym: str
    """The name itself where it is written like an acronym, or empty."""
    acronyms: tuple[str, ...]
    """The acronyms that its words make."""
    plural: bool = False
    """Whether it ends like the names of teams do: `Red Sox`, `Colts`."""
    written_out: str = ""
    """Its key with umlauts as two letters (`Muenchner`), where that is another one."""
    place: Place | None = None
    """The country, nationality or well-known city that it is."""

    def with_marks(self, other: "Thing") -> "Thing":
        """This thing, an acronym or a plural also where another spelling of the same name is."""
        kept = other if other.plural and not self.plural else self
        acronym, long = self.acronym or other.acronym, self.written_out or other.written_out
        same = kept.acronym == acronym and kept.written_out == long
        return kept if same else kept._replace(acronym=acronym, written_out=long)


@dataclass(frozen=True, slots=True)
class _Lists:
    stop_words: frozenset[str]
    legal: frozenset[str]
    inner: frozenset[str]
    spelling: dict[str, str]
    initialisms: tuple[tuple[str, str], ...]
    short: frozenset[str]
    heads: frozenset[str]
    kinds: frozenset[str]
    common: frozenset[str]


@cache
def _lists() -> _Lists:
    table = rules("organisations")
    return _Lists(
        frozenset(table["stop_words"]),
        frozenset(table["legal"]["words"]),
        frozenset(table["legal"]["inner"]),
        table["spelling"],
        tuple((full, short) for short, full in table["initialisms"].items()),
        frozenset(table["initialisms"]),
        frozenset(table["either_order"]["words"]),
        frozenset(table["kinds"]["words"]),
        frozenset(table["common"]["words"]),
    )


def parse_thing(name: str, label: str) -> Thing:
    """What a name under any label but PERSON is made of. Any string gives a result."""
    parsed = _parsed(name, label)
    if (other := written_out(name)) == name or parsed.place:
        return parsed
    long = _parsed(other, label).key
    return parsed if long == parsed.key else parsed._replace(written_out=long)


def _parsed(name: str, label: str) -> Thing:
    name = name.partition(" (")[0] or name
    folded = fold(name)
    known = place(name, label, folded)
    if known:
        kind = "people" if known.kind == "people" else "place"
        return Thing(kind, f"{known.kind} {known.name}", tuple(known.name.split()), "", (), place=known)
    kind = "place" if label in PLACE_LABELS else "people" if label == "NORP" else label
    lists = _lists()
    for full_form, short in lists.initialisms:
        if full_form in folded:
            folded = f" {folded} ".replace(f" {full_form} ", f" {short} ").strip()
    spoken = [lists.spelling.get(word, word) for word in folded.split()] or [name]
    if spoken[:1] == ["the"] and len(spoken) > 1:
        spoken = spoken[1:]
    if kind in ("place", "people"):
        text = " ".join(spoken)
        return Thing(kind, _singular(text) if kind == "people" else text, tuple(spoken), _acronym(name, text), ())
    full = len(spoken)
    while len(spoken) > 1 and (spoken[-1] in lists.legal or (spoken[-1] in lists.inner and len(spoken) < full)):
        spoken.pop()
    words = [word for word in spoken if word not in lists.stop_words] or spoken
    if len(words) > 1 and words[-1] in lists.heads:
        words = [words[-1], *words[:-1]]
    key = " ".join(map(_singular, words)) if len(words) > 1 else words[0]
    plural = spoken[-1].endswith(("s", "sox")) and lists.stop_words.isdisjoint(spoken)
    return Thing(kind, key, tuple(words), _acronym(name, folded), _acronyms(spoken, lists), plural)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "siu" else word


def _acronym(name: str, folded: str) -> str:
    return folded if 2 <= len(folded) <= 8 and folded.isalpha() and name.removesuffix("'s").isupper() else ""


def _acronyms(spoken: Sequence[str], lists: _Lists) -> tuple[str, ...]:
    """The initials of all words and of those that are no small words; `US` and `II` count whole (`USGS`, `WWII`)."""
    if len(spoken) < 2:
        return ()
    initials = [word if word in lists.short or word in _NUMERALS else word[0] for word in spoken]
    every = "".join(initials)
    if lists.stop_words.isdisjoint(spoken):
        return (every,)
    main = "".join(initial for initial, word in zip(initials, spoken, strict=True) if word not in lists.stop_words)
    return tuple(sorted({every, main} - {""}))


def link_things(things: Mapping[int, Thing], partition: Partition) -> None:
    """Joins in `partition` the names of `things` (by number) that are one thing's."""
    _link_umlauts(things, partition)
    _link_spacings(things, partition)
    _link_labels(things, partition)
    _link_acronyms(things, partition)
    _link_short_forms(things, partition)


def _link_umlauts(things: Mapping[int, Thing], partition: Partition) -> None:
    """`Düsseldorfer Bank` and `Duesseldorfer Bank`."""
    wanted = {(thing.kind, thing.written_out): number for number, thing in things.items() if thing.written_out}
    if wanted:
        for number, thing in things.items():
            if (meant := wanted.get((thing.kind, thing.key))) is not None:
                partition.union(meant, number)


def _link_spacings(things: Mapping[int, Thing], partition: Partition) -> None:
    """`SeaMicro` and `Sea Micro`."""
    joined: dict[str, int] = {}
    for number, thing in things.items():
        if len(thing.words) < 4 and len(thing.key) > 7 and min(map(len, thing.words)) > 2:
            text = f"{thing.kind} {thing.key.replace(' ', '')}"
            partition.union(joined.setdefault(text, number), number)


def _link_labels(things: Mapping[int, Thing], partition: Partition) -> None:
    """One name under several labels: a slip of the model more often than two things, if the name is long or an acronym.

    A single word is two things (the city, its team) unless one label is met far more often.
    """
    names: dict[str, list[int]] = {}
    for number, thing in things.items():
        if thing.kind != "people":
            names.setdefault(_across_labels(thing), []).append(number)
    for numbers in names.values():
        if len(numbers) < 2:
            continue
        places = [number for number in numbers if things[number].kind == "place"]
        others = [number for number in numbers if things[number].kind != "place"]
        sample = things[numbers[0]]
        initialism = max((things[number].acronym for number in numbers), key=len)
        if len(sample.words) > 1 or initialism:
            _join(others, partition)
        else:
            _join([number for number in others if things[number].kind in ("ORG", "LAW")], partition)
        meant = partition.only(numbers, _SLIP)
        if meant is not None:
            _join([meant, *numbers], partition)
        elif len(sample.words) > 2 or len(initialism) > 2 or initialism in _lists().short:
            _join([*places, *others], partition)


def _across_labels(thing: Thing) -> str:
    """What a name under one label and under another have in common, whatever each label's key leaves out."""
    if thing.place:
        return thing.place.name if thing.place.kind == "city" else thing.key
    if len(thing.words) < 3:
        return thing.key
    return " ".join(_singular(word) for word in thing.words if word not in _lists().stop_words)


def _join(numbers: Iterable[int], partition: Partition) -> None:
    first, *rest = [*numbers] or [0]
    for number in rest:
        partition.union(first, number)


def _link_acronyms(things: Mapping[int, Thing], partition: Partition) -> None:
    """An acronym joins the only full form that makes it, or the one that outweighs all others."""
    wanted = {thing.acronym for thing in things.values() if thing.acronym}
    full: dict[str, list[int]] = {}
    for number, thing in things.items():
        for acronym in thing.acronyms:
            if acronym in wanted:
                full.setdefault(acronym, []).append(number)
    for number, thing in things.items():
        if thing.acronym:
            candidates = full.get(thing.acronym, ())
            meant = partition.only(candidates, _DOMINANCE)
            if meant is not None and any(_may_abbreviate(things, partition, number, other) for other in candidates):
                partition.union(number, meant)


def _may_abbreviate(things: Mapping[int, Thing], partition: Partition, number: int, full: int) -> bool:
    """Whether an acronym and a full form suit each other by their labels and documents."""
    kinds = {things[number].kind, things[full].kind}
    if len(kinds) > 1 and (partition.documents(full) < 2 or "place" in kinds or "people" in kinds):
        return False
    return _outweighs(partition, full, number)


def _link_short_forms(things: Mapping[int, Thing], partition: Partition) -> None:
    """`Colts` and `Indianapolis Colts`, `Harvard` and `Harvard University`, where only one full form is met."""
    lists = _lists()
    organisations = {number: thing for number, thing in things.items() if thing.kind == "ORG"}
    wanted = {" ".join(thing.words) for thing in organisations.values() if len(thing.words) < 3}
    places = {thing.key for thing in things.values() if thing.kind == "place"}
    longer: dict[str, list[int]] = {}
    local = set()
    for number, thing in organisations.items():
        words = thing.words
        for size in range(1, min(3, len(words))):
            tail, head = " ".join(words[-size:]), " ".join(words[:size])
            if thing.plural and tail in wanted and words[-1] not in lists.common:
                longer.setdefault(tail, []).append(number)
                if " ".join(words[:-size]) in places:
                    local.add(number)
            if head in wanted and all(word in lists.kinds for word in words[size:]):
                longer.setdefault(head, []).append(number)
    for number, thing in organisations.items():
        candidates = longer.get(" ".join(thing.words), ())
        meant = partition.only(candidates)
        if meant is None or thing.words[0] in lists.common:
            continue
        if local.isdisjoint(candidates) and not _outweighs(partition, meant, number):
            continue
        if not any(things[other].kind == "place" for other in partition.members(number)):
            partition.union(number, meant)


def _outweighs(partition: Partition, full: int, short: int) -> bool:
    """Whether a full form is more than a headline's words, met once, beside a household name."""
    return partition.documents(full) > 1 or partition.documents(short) <= _HOUSEHOLD
