"""The one place where the steps are put together: aliases in, entities out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from transforms.aliases.overrides import Override
from transforms.aliases.partition import Partition
from transforms.aliases.people import link_people
from transforms.aliases.things import Thing, link_things, parse_thing
from transforms.dateline import cased, in_capitals
from transforms.models import AliasCount, Entity
from transforms.names import PersonName, parse_person

_ODD_ENDS = ("'", "’", "'s", "’s", ")")
_FULL_WORD = 8
"""Letters from which on a name of one word (`SeaMicro`) is no acronym and seldom a short form."""
_MIXED_CASE = frozenset({"PERSON", "NORP", "GPE", "LOC", "FAC"})
"""Labels whose names are in capitals in headlines and abbreviations alone."""
_CASED = frozenset({"PERSON", "GPE", "LOC"})
"""Those whose names are seldom abbreviations either."""
_VOWELS = frozenset("AEIOUY")


@dataclass(slots=True)
class Node:
    """All aliases with one normalised name: what the steps join."""

    kind: str
    key: str
    """With `kind` and `tag` unique."""
    tag: str
    """The entity that the user says these aliases are, or empty."""
    parsed: PersonName | Thing
    positions: list[int]
    documents: int

    @property
    def weight(self) -> int:
        """How strongly this node claims to give its entity the key that its id is made of.

        A document with a full form outweighs 16 with an acronym, a bare surname or a short word: full forms come late
        and stay, so an id that hangs on them changes less often than one on the most frequent name.
        """
        words = self.parsed.words
        full = len(words) > 1 or (self.kind != "PERSON" and len(words[0]) >= _FULL_WORD)
        return self.documents * (16 if full else 1)


def alias_id(name: str, label: str) -> str:
    """16 hex digits, a function of name and label alone."""
    return _hash("alias", name, label)


def _hash(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def cluster(aliases: Sequence[AliasCount], overrides: Iterable[Override] = ()) -> list[Entity]:
    """The entities behind `aliases`, each position in exactly one, sorted by `entity_id`.

    A pure function of the set of aliases and the overrides: their order does not matter. Names of people and of things
    never meet. An override wins over every step.
    """
    overrides = list(overrides)
    nodes = _nodes(aliases, {(override.name, override.label): override.entity for override in overrides})
    partition = Partition([node.documents for node in nodes], [node.tag for node in nodes])
    _link_forced(nodes, partition)
    link_people(
        {number: node.parsed for number, node in enumerate(nodes) if isinstance(node.parsed, PersonName)}, partition
    )
    link_things({number: node.parsed for number, node in enumerate(nodes) if isinstance(node.parsed, Thing)}, partition)
    external = {
        (override.label == "PERSON", override.entity): override.external_id
        for override in overrides
        if override.external_id
    }
    entities = [_entity([nodes[number] for number in group], aliases, external) for group in partition.sets()]
    return sorted(entities, key=lambda entity: entity.entity_id)


def _nodes(aliases: Sequence[AliasCount], forced: Mapping[tuple[str, str], str]) -> list[Node]:
    """All aliases by normalised name, in an order that depends on their set alone."""
    nodes: dict[str, Node] = {}
    for position in sorted(range(len(aliases)), key=lambda place: (aliases[place].name, aliases[place].label)):
        alias = aliases[position]
        name, label = alias.name, alias.label
        parsed = parse_person(name) if label == "PERSON" else parse_thing(name, label)
        tag = forced.get((name, label), "") if forced else ""
        kind, key = ("PERSON", parsed.key) if isinstance(parsed, PersonName) else (parsed.kind, parsed.key)
        key = key or name
        node = nodes.get(unique := f"{kind}\x1f{key}\x1f{tag}")
        if node is None:
            nodes[unique] = Node(kind, key, tag, parsed, [position], alias.documents)
        else:
            node.positions.append(position)
            node.documents += alias.documents
            node.parsed = _with_marks(node.parsed, parsed)
    return list(nodes.values())


def _with_marks(known: PersonName | Thing, other: PersonName | Thing) -> PersonName | Thing:
    if isinstance(known, PersonName):
        return known.with_marks(other) if isinstance(other, PersonName) else known
    return known.with_marks(other) if isinstance(other, Thing) else known


def _link_forced(nodes: Sequence[Node], partition: Partition) -> None:
    """Joins what a user calls one entity, and to it the untouched aliases of the same normalised name."""
    by_tag: dict[tuple[bool, str], int] = {}
    by_key: dict[tuple[str, str], list[int]] = {}
    for number, node in enumerate(nodes):
        if node.tag:
            partition.union(by_tag.setdefault((node.kind == "PERSON", node.tag), number), number)
            by_key.setdefault((node.kind, node.key), []).append(number)
    for number, node in enumerate(nodes):
        meant = partition.only(by_key.get((node.kind, node.key), ())) if by_key else None
        if meant is not None and not node.tag:
            partition.union(number, meant)


def _entity(group: Sequence[Node], aliases: Sequence[AliasCount], external: Mapping[tuple[bool, str], str]) -> Entity:
    leader = min(group, key=lambda node: (-node.weight, node.kind, node.key)) if len(group) > 1 else group[0]
    person = leader.kind == "PERSON"
    tag = max([node.tag for node in group])
    positions = sorted([position for node in group for position in node.positions])
    known = leader.parsed.place if isinstance(leader.parsed, Thing) else None
    if tag or known:
        name = tag or (known.title if known else "")
    elif len(positions) == 1:
        name = aliases[positions[0]].name
    else:
        name = _best_name(group, aliases)
    label = "PERSON" if person else _main_label([aliases[position] for position in positions])
    return Entity(
        _hash("override", "PERSON" if person else "", tag) if tag else _hash("entity", leader.kind, leader.key),
        name if tag or known or label not in _CASED else _displayed(name),
        label,
        known.country if known else None,
        tuple(positions),
        external.get((person, tag)) if tag else None,
    )


def _displayed(name: str) -> str:
    """A name that is met in capitals alone (headlines, datelines) as a sentence would write it: `Belo Horizonte`."""
    is_word = " " in name or not _VOWELS.isdisjoint(name)  # `NWFP` is none
    return cased(name) if in_capitals(name) and is_word else name


def _main_label(aliases: Sequence[AliasCount]) -> str:
    """The label of the most mentions."""
    if len(aliases) == 1:
        return aliases[0].label
    labels: Counter[str] = Counter()
    for alias in aliases:
        labels[alias.label] += alias.mentions
    return min(labels, key=lambda label: (-labels[label], label))


def _best_name(group: Sequence[Node], aliases: Sequence[AliasCount]) -> str:
    """The name in the most documents, one with a full form counting as four; capitals and commas are a last resort."""

    def rank(claim: tuple[int, AliasCount]) -> tuple[bool, int, int, int, str]:
        weight, alias = claim
        name = alias.name
        odd = "," in name or name.endswith(_ODD_ENDS) or (name.isupper() and alias.label in _MIXED_CASE)
        return odd, -weight * alias.documents, -alias.mentions, -len(name), name

    claims = [(1 if len(n.parsed.words) == 1 else 4, aliases[position]) for n in group for position in n.positions]
    return min(claims, key=rank)[1].name
