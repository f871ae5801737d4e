"""The one place where the steps are put together: aliases in, entities out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from transforms.aliases.overrides import Override
from transforms.aliases.partition import Partition
from transforms.aliases.people import link_people
from transforms.aliases.things import Thing, link_things, parse_thing
from transforms.countries import place
from transforms.models import AliasCount, Entity
from transforms.names import PersonName, parse_person

Node = PersonName | Thing
"""All aliases with one normalised name: what the steps join."""


def alias_id(name: str, label: str) -> str:
    """16 hex digits, a function of name and label alone."""
    return _hash("alias", name, label)


def entity_id(*key: str) -> str:
    """16 hex digits, a function of an entity's key alone."""
    return _hash("entity", *key)


def _hash(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def cluster(aliases: Sequence[AliasCount], overrides: Iterable[Override] = ()) -> list[Entity]:
    """The entities behind `aliases`, each position in exactly one, sorted by `entity_id`.

    A pure function of the set of aliases and the overrides: their order does not matter. Names of people and of things
    never meet. An override wins over every step.
    """
    forced = {(override.name, override.label): override.entity for override in overrides}
    order = sorted(range(len(aliases)), key=lambda position: (aliases[position].name, aliases[position].label))
    numbers: dict[tuple[str, str, str], int] = {}
    nodes: list[Node] = []
    tags: list[str] = []
    members: list[list[int]] = []
    for position in order:
        alias = aliases[position]
        node = parse_person(alias.name) if alias.label == "PERSON" else parse_thing(alias.name, alias.label)
        tag = forced.get((alias.name, alias.label), "")
        number = numbers.setdefault((*_key(node, alias.name), tag), len(nodes))
        if number == len(nodes):
            nodes.append(node)
            tags.append(tag)
            members.append([])
        members[number].append(position)
    documents = [sum(aliases[position].documents for position in positions) for positions in members]
    partition = Partition(documents, tags)
    _link_forced(numbers, nodes, partition)
    link_people({number: node for number, node in enumerate(nodes) if isinstance(node, PersonName)}, partition)
    link_things({number: node for number, node in enumerate(nodes) if isinstance(node, Thing)}, partition)
    keys = {number: key for key, number in numbers.items()}
    entities = [_entity(group, keys, documents, members, aliases) for group in partition.sets()]
    return sorted(entities, key=lambda entity: entity.entity_id)


def _key(node: Node, name: str) -> tuple[str, str]:
    if isinstance(node, PersonName):
        return "PERSON", " ".join((*node.keys, node.generation)) if node.keys else name
    return node.kind, node.key or name


def _link_forced(numbers: Mapping[tuple[str, str, str], int], nodes: Sequence[Node], partition: Partition) -> None:
    """Joins what a user calls one entity, and to it the untouched aliases of the same normalised name."""
    by_tag: dict[tuple[bool, str], int] = {}
    by_key: dict[tuple[str, str], list[int]] = {}
    for (kind, key, tag), number in numbers.items():
        if tag:
            person = isinstance(nodes[number], PersonName)
            partition.union(by_tag.setdefault((person, tag), number), number)
            by_key.setdefault((kind, key), []).append(number)
    for (kind, key), tagged in by_key.items():
        untouched = numbers.get((kind, key, ""))
        meant = partition.only(tagged)
        if untouched is not None and meant is not None:
            partition.union(untouched, meant)


def _entity(
    group: Sequence[int],
    keys: Mapping[int, tuple[str, str, str]],
    documents: Sequence[int],
    members: Sequence[Sequence[int]],
    aliases: Sequence[AliasCount],
) -> Entity:
    leader = min(group, key=lambda number: (-documents[number], keys[number]))
    kind, key, tag = keys[leader]
    tagged = next((keys[number][2] for number in group if keys[number][2]), "")
    positions = sorted(position for number in group for position in members[number])
    labels: Counter[str] = Counter()
    for position in positions:
        labels[aliases[position].label] += aliases[position].mentions
    label = min(labels, key=lambda known: (-labels[known], known))
    name = tagged or _best_name([aliases[position] for position in positions])
    known_place = place(name, label)
    return Entity(
        entity_id("override", "PERSON" if kind == "PERSON" else "", tagged) if tagged else entity_id(kind, key),
        name,
        label,
        known_place.country if known_place else None,
        tuple(positions),
    )


def _best_name(aliases: Sequence[AliasCount]) -> str:
    """The most used full form: of two words or more where there is one."""
    best = min(aliases, key=lambda alias: (" " not in alias.name, -alias.documents, -alias.mentions, alias.name))
    return best.name
