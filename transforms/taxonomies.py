"""A user's own topics: seed words that he wrote down, or a linear model that his labelled examples trained.

Both are a `Scheme`: terms, and what each adds to each topic. So both say by which words they decided.
"""

import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.errors import SettingsError
from transforms.models import Topic

WEAK_SEED = 0.4
"""What a weak seed weighs; a seed weighs 1."""
REPEATED = 0.5
EVIDENCE = 6
LEAST_SEEDS = 1.25
"""What the seeds of a topic must weigh together to name it: one in the title or lead, or two further down."""
LEAST_PROBABILITY = 0.4

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A taxonomy by weighted terms."""

    name: str
    topics: tuple[tuple[str, str], ...]
    """Id and label of each topic."""
    weights: Mapping[str, tuple[tuple[int, float], ...]]
    """Term to its topics (positions in `topics`) and what it adds to each. A term is in lower case, or counts only
    as it is written; its words are joined by one blank."""
    phrases: Mapping[str, int]
    """The first word of a phrase, in lower case, to the most words that such a phrase has."""
    bias: tuple[float, ...] = ()
    """Of a trained model, one a topic; empty for seed words."""


def seed_terms(seeds: str | Iterable[str]) -> list[str]:
    """Seed words as terms: words joined by one blank, without punctuation; a string is split at its commas."""
    parts = seeds.split(",") if isinstance(seeds, str) else seeds
    return list(dict.fromkeys(term for part in parts if (term := " ".join(_WORD.findall(part)))))


def phrase_openings(terms: Iterable[str]) -> dict[str, int]:
    """The first word of each phrase, in lower case, to the most words that such a phrase has."""
    openings: dict[str, int] = {}
    for term in terms:
        words = term.lower().split(" ")
        if len(words) > 1:
            openings[words[0]] = max(len(words), openings.get(words[0], 0))
    return openings


def find_terms(
    words: Sequence[str], weights: Sequence[float], known: Mapping[str, Any], phrases: Mapping[str, int]
) -> dict[str, tuple[float, str]]:
    """The known terms among the words: what each weighs, and as it is first written. The longest phrase wins."""
    found: dict[str, tuple[float, str]] = {}
    again: dict[str, float] = {}
    i = 0
    while i < len(words):
        length = 1
        for length in range(min(phrases.get(words[i].lower(), 1), len(words) - i), 0, -1):
            written = " ".join(words[i : i + length])
            term = written if written in known else written.lower()
            if term in known:
                share = again.get(term, 1.0)
                again[term] = share * REPEATED
                total, first = found.get(term, (0.0, written))
                found[term] = (total + weights[i] * share, first)
                break
        i += length
    return found


def classify_scheme(words: Sequence[str], weights: Sequence[float], scheme: Scheme) -> list[Topic]:
    """The topics of a taxonomy, best first. Of seed words any number, `score` = 1 − exp(−weight / 2), which only
    orders; of a trained model at most one, `score` its probability.
    """
    found = find_terms(words, weights, scheme.weights, scheme.phrases)
    parts: list[list[tuple[float, str]]] = [[] for _ in scheme.topics]
    for term, (weight, written) in found.items():
        for column, value in scheme.weights[term]:
            parts[column].append((value if scheme.bias else weight * value, written))
    sums = [sum(value for value, _ in values) for values in parts]
    scores = _probabilities(sums, len(found), scheme.bias) if scheme.bias else [1 - math.exp(-s / 2) for s in sums]
    least = LEAST_PROBABILITY if scheme.bias else 1 - math.exp(-LEAST_SEEDS / 2)
    best = [column for column in sorted(range(len(scores)), key=lambda c: -scores[c]) if scores[column] >= least]
    return [
        Topic(scheme.name, *scheme.topics[column], score=round(scores[column], 3), evidence=_evidence(parts[column]))
        for column in (best[:1] if scheme.bias else best)
        if parts[column]
    ]


def _evidence(parts: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    best = sorted((part for part in parts if part[0] > 0), key=lambda part: -part[0])[:EVIDENCE]
    return tuple(written for _, written in best)


def _probabilities(sums: Sequence[float], terms: int, bias: Sequence[float]) -> list[float]:
    """The softmax of a linear model over terms present or absent, as a vector of length 1."""
    logits = [b + s / math.sqrt(max(terms, 1)) for b, s in zip(bias, sums, strict=True)]
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def parse_scheme(toml_text: str, name: str) -> Scheme:
    """A taxonomy from TOML: tables `[[topic]]` with `id`, `label` (default: the id), `seeds` and `weak` (lists of words
    and phrases, or one string with commas); or a trained model from its JSON. Raises SettingsError where it is neither.
    """
    if toml_text.lstrip().startswith("{"):
        return parse_model(toml_text, name)
    try:
        tables = tomllib.loads(toml_text).get("topic")
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"topics {name}: no valid TOML: {error}") from None
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"topics {name}: no topic in it; write a table [[topic]] with id and seeds for each")
    topics: list[tuple[str, str]] = []
    weights: dict[str, dict[int, float]] = {}
    for column, table in enumerate(tables):
        topics.append(_identity(table, name, [identifier for identifier, _ in topics]))
        for key, weight in (("weak", WEAK_SEED), ("seeds", 1.0)):
            for term in _seeds(table.get(key, []), f"topics {name}: {key} of {topics[-1][0]}"):
                weights.setdefault(term, {})[column] = weight
        if not any(column in row for row in weights.values()):
            raise SettingsError(f"topics {name}: {topics[-1][0]} has no seeds; give it some words")
    rows = {term: tuple(row.items()) for term, row in weights.items()}
    return Scheme(name, tuple(topics), rows, phrase_openings(rows))


def parse_model(json_text: str, name: str) -> Scheme:
    """A model that `flows.topics_train.train` wrote. Raises SettingsError where it is none."""
    try:
        model = json.loads(json_text)
        topics = tuple((str(topic), str(topic)) for topic in model["topics"])
        bias = tuple(float(value) for value in model["bias"])
        rows = {
            str(term): tuple((column, float(value)) for column, value in enumerate(values))
            for term, values in model["weights"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"topics {name}: no trained model ({error!r}); train it again") from None
    if not topics or len(bias) != len(topics) or any(len(row) != len(topics) for row in rows.values()):
        raise SettingsError(f"topics {name}: the model's topics, bias and weights do not fit; train it again")
    return Scheme(name, topics, rows, phrase_openings(rows), bias)


def _identity(table: Mapping[str, Any], name: str, taken: Sequence[str]) -> tuple[str, str]:
    identifier = table.get("id")
    label = table.get("label", identifier)
    if not isinstance(identifier, str) or not identifier.strip() or not isinstance(label, str):
        raise SettingsError(f"topics {name}: a [[topic]] needs an id, and id and label are strings")
    if identifier in taken:
        raise SettingsError(f"topics {name}: the id {identifier} stands twice")
    return identifier, label


def _seeds(value: Any, where: str) -> list[str]:
    if isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        return seed_terms(value)
    raise SettingsError(f"{where}: must be a list of words, or one string with commas")
