"""Canonical names against the dev data: B-cubed over ECB+ and pairs of person names.

    python -m benchmarks.dev_aliases [--errors]

B-cubed: Bagga and Baldwin, Entity-based cross-document coreferencing, 1998. Gold mentions; the fullest form within a
document first (`entities.names`), then `aliases.cluster` over all documents.
"""

import csv
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

from transforms.aliases import cluster
from transforms.entities.context import Context
from transforms.entities.names import full_names
from transforms.models import AliasCount, Span

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "entities"
Key = tuple[str, int]


def b_cubed(gold: Mapping[Key, Hashable], found: Mapping[Key, Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 in percent, over the mentions of `gold`."""
    true, said = defaultdict(set), defaultdict(set)
    for mention in gold:
        true[gold[mention]].add(mention)
        said[found[mention]].add(mention)
    precision = recall = 0.0
    for mention in gold:
        both = len(true[gold[mention]] & said[found[mention]])
        precision += both / len(said[found[mention]])
        recall += both / len(true[gold[mention]])
    precision, recall = 100 * precision / len(gold), 100 * recall / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def ecb_documents() -> Iterator[tuple[dict[str, Any], list[tuple[str, str]]]]:
    """Each document with the fullest form of each of its mentions and its label."""
    for line in (CORPORA / "ecbplus.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        spans = [Span(m["start"], m["end"], m["label"]) for m in document["mentions"]]
        context = Context(document["text"], [(0, len(document["text"]))])
        yield document, [(n, s.label) for n, s in zip(full_names(context, spans), spans, strict=True)]


def ecb_names() -> list[tuple[str, str, str]]:
    """Document, name and label of each mention."""
    return [(document["id"], *name) for document, names in ecb_documents() for name in names]


def ecb() -> None:
    gold: dict[Key, str] = {}
    exact: dict[Key, str] = {}
    within: dict[Key, tuple[str, str]] = {}
    documents: dict[tuple[str, str], set[str]] = defaultdict(set)
    mentions: Counter[tuple[str, str]] = Counter()
    for document, names in ecb_documents():
        for number, (mention, name) in enumerate(zip(document["mentions"], names, strict=True)):
            key = (document["id"], number)
            gold[key], exact[key] = mention["cluster"], document["text"][mention["start"] : mention["end"]]
            within[key] = name
            documents[name].add(document["id"])
            mentions[name] += 1
    aliases = [AliasCount(*name, len(documents[name]), mentions[name]) for name in sorted(documents)]
    begun = time.process_time()
    entities = cluster(aliases)
    spent = time.process_time() - begun
    entity = {(aliases[p].name, aliases[p].label): e.entity_id for e in entities for p in e.members}
    found = {key: entity[name] for key, name in within.items()}
    for title, answer in (("exact string", exact), ("within document", within), ("entities", found)):
        precision, recall, f1 = b_cubed(gold, answer)
        print(f"ecb+  {title:16} P {precision:.1f} R {recall:.1f} F1 {f1:.1f}")
    print(f"      {len(aliases)} names, {len(entities)} entities, {spent:.2f} s")
    if "--errors" in sys.argv:
        ecb_errors(gold, within, found)


def ecb_errors(gold: dict[Key, str], within: dict[Key, tuple[str, str]], found: dict[Key, str]) -> None:
    said, true = defaultdict(list), defaultdict(list)
    for key in gold:
        said[found[key]].append(key)
        true[gold[key]].append(key)
    for keys in said.values():
        if len({gold[key] for key in keys}) > 1:
            names = defaultdict(Counter)
            for key in keys:
                names[gold[key]][within[key][0]] += 1
            print("MERGED", " || ".join(str(dict(v)) for v in names.values()))
    for keys in true.values():
        if len({found[key] for key in keys}) > 1:
            names = defaultdict(Counter)
            for key in keys:
                names[found[key]][within[key][0]] += 1
            print("SPLIT", len(keys), " || ".join(str(dict(v)) for v in names.values()))


def is_one_entity(one: str, other: str) -> bool:
    """Whether a corpus of two names, the second of them rare, has one entity."""
    return len(cluster([AliasCount(one, "PERSON", 9, 9), AliasCount(other, "PERSON", 2, 2)])) == 1


def pairs() -> None:
    rows = list(csv.DictReader((CORPORA / "name_pairs.csv").open(encoding="utf-8")))
    count: Counter[tuple[bool, bool]] = Counter()
    for row in rows:
        answer = (row["is_match"] == "true", is_one_entity(row["name1"], row["name2"]))
        count[answer] += 1
        if "--errors" in sys.argv and answer[0] != answer[1]:
            print("WRONG" if answer[1] else "MISSED", row["name1"], "|", row["name2"])
    right, wrong, missed = count[True, True], count[False, True], count[True, False]
    print(f"pairs precision {right / (right + wrong):.3f} recall {right / (right + missed):.3f} ({len(rows)} pairs)")


if __name__ == "__main__":
    ecb()
    pairs()
