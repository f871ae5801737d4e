"""How many mention rows keep their `entity_id` when a corpus grows by a tenth.

    python -m benchmarks.aliases_growth

Over ECB+ (gold names, random tenths of its documents added) and over a made-up corpus in Zipf's proportions.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

from benchmarks.aliases_million import World
from benchmarks.dev_aliases import ecb_names
from transforms.aliases import cluster
from transforms.models import AliasCount

Rows = Sequence[tuple[str, str, str]]
"""Document, name, label of each mention."""


def ids(rows: Rows) -> dict[tuple[str, str], str]:
    documents: dict[tuple[str, str], set[str]] = defaultdict(set)
    mentions: Counter[tuple[str, str]] = Counter()
    for document, name, label in rows:
        documents[name, label].add(document)
        mentions[name, label] += 1
    aliases = [AliasCount(*name, len(documents[name]), mentions[name]) for name in documents]
    return {(aliases[p].name, aliases[p].label): e.entity_id for e in cluster(aliases) for p in e.members}


def kept(rows: Rows, seed: int, show: bool = False) -> float:
    """The share of the old mentions whose entity has the same id after the last eleventh of the documents came."""
    documents = sorted({document for document, _, _ in rows})
    random.Random(seed).shuffle(documents)
    late = set(documents[: len(documents) // 11])
    old = [row for row in rows if row[0] not in late]
    before, after = ids(old), ids(rows)
    lost = Counter(row[1:] for row in old if before[row[1:]] != after[row[1:]])
    if show:
        print(lost.most_common(25))
    return 1 - lost.total() / len(old)


def made_up(documents: int, seed: int) -> Rows:
    """Documents of about 15 mentions each; a thing goes by its first name two times in three."""
    world = World(seed, documents)
    things = []
    for forms, label in world.things():
        things.append((forms, label))
        if len(things) == documents * 2:
            break
    weights = [1 / (rank + 10) for rank in range(len(things))]
    rows = []
    for number in range(documents):
        for forms, label in world.random.choices(things, weights, k=6):
            for _ in range(world.random.randint(1, 4)):
                form = forms[0] if world.random.random() < 0.66 else world.random.choice(forms)
                rows.append((str(number), form, label))
    return rows


if __name__ == "__main__":
    shares = [kept(ecb_names(), seed) for seed in range(20)]
    print(f"ecb+     kept {100 * sum(shares) / len(shares):.2f} % (worst of 20: {100 * min(shares):.2f} %)")
    for size in (2_000, 20_000):
        shares = [kept(made_up(size, seed), seed) for seed in range(3)]
        print(f"made up  {size} documents: kept {100 * sum(shares) / 3:.2f} % (worst of 3: {100 * min(shares):.2f} %)")
