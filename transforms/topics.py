"""Topics that explain themselves: the top levels of IPTC Media Topics, and a user's own taxonomies.

A document is a weighted bag of words and phrases; each adds its row of a words x topics table (`lexicon`), and the sum
says the topics. Only the head of a document is read, its title and first words: there news says what it is.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from transforms.errors import SettingsError
from transforms.lexicon import lexicon
from transforms.models import Topic
from transforms.rules import rules

WEAK_SEED = 0.4
"""What a weak seed weighs; a seed weighs 1."""
TITLE_CHARS, TEXT_CHARS = 300, 1_200
TEXT_WORDS = 150
TITLE_WEIGHT, LEAD_WEIGHT, LEAD_WORDS = 1.5, 1.25, 40
REPEATED = 0.5
"""What a term adds when it comes again, as a share of what it added the time before."""
EVIDENCE = 6

_WORD = re.compile(r"[^\W_]+")


def seed_terms(seeds: str | Iterable[str]) -> list[str]:
    """Seed words as terms: words joined by one blank, without punctuation; a string is split at its commas."""
    parts = seeds.split(",") if isinstance(seeds, str) else seeds
    return list(dict.fromkeys(term for part in parts if (term := " ".join(_WORD.findall(part)))))


@dataclass(frozen=True, slots=True)
class Scheme:
    """A taxonomy of the user's, by weighted words."""

    name: str
    topics: tuple[tuple[str, str], ...]
    """Id and label of each topic."""
    weights: Mapping[str, tuple[tuple[int, float], ...]]
    """Term to its topics (positions in `topics`) and what it adds to each."""
    phrases: Mapping[str, int]
    """The first word of a phrase, in lower case, to the most words that such a phrase has."""


def _words(title: str | None, text: str) -> list[tuple[str, float]]:
    """The words that count, in order, each with its weight by where it stands."""
    title = (title or "")[:TITLE_CHARS].strip()
    head = text[: TEXT_CHARS + TITLE_CHARS].lstrip()
    if title and head.startswith(title):
        head = head[len(title) :]
    words = [(word, TITLE_WEIGHT) for word in _WORD.findall(title)]
    body = _WORD.findall(head[:TEXT_CHARS])[:TEXT_WORDS]
    words += [(word, LEAD_WEIGHT if i < LEAD_WORDS else 1.0) for i, word in enumerate(body)]
    return words


def _terms(
    words: Sequence[tuple[str, float]], known: Mapping[str, Any], phrases: Mapping[str, int]
) -> dict[str, tuple[float, str]]:
    """The known terms of a document: weight, and the term as it was first written. The longest phrase wins."""
    found: dict[str, tuple[float, str, float]] = {}
    i, n = 0, len(words)
    while i < n:
        word, weight = words[i]
        low = word.lower()
        size, term, surface = 1, None, word
        for length in range(min(phrases.get(low, 1), n - i), 1, -1):
            surface = " ".join([w for w, _ in words[i : i + length]])
            term = surface if surface in known else surface.lower() if surface.lower() in known else None
            if term:
                size = length
                break
        else:
            term, surface = (word if word in known else low if low in known else None), word
        i += size
        if term:
            total, first, share = found.get(term, (0.0, surface, 1.0))
            found[term] = (total + weight * share, first, share * REPEATED)
    return {term: (total, surface) for term, (total, surface, _) in found.items()}


@cache
def _iptc() -> tuple[tuple[str, str], ...]:
    return tuple((topic["id"], topic["label"]) for topic in rules("topics")["topic"])


def classify(title: str | None, text: str, schemes: Sequence[Scheme] = ()) -> list[Topic]:
    """The document's IPTC top levels, best first, then those of each scheme; none where none fits.

    `score` is the share of such answers that is right, as measured (`benchmarks/dev_topics.py`); for a scheme of the
    user's own seed words it only orders. `evidence` is at most six words or phrases as the document has them.
    """
    words = _words(title, text)
    topics = _classify_iptc(words)
    for scheme in schemes:
        topics += _classify_scheme(words, scheme)
    return topics


def scores(title: str | None, text: str) -> tuple[dict[str, tuple[float, str]], Any]:
    """The terms found, and what they sum to for each top level."""
    words = _words(title, text)
    lex = lexicon()
    terms = _terms(words, lex.rows, lex.phrases)
    rows = [lex.rows[term] for term in terms]
    return terms, np.array([w for w, _ in terms.values()], np.float32) @ lex.weights[rows]


def _classify_iptc(words: Sequence[tuple[str, float]]) -> list[Topic]:
    lex = lexicon()
    terms = _terms(words, lex.rows, lex.phrases)
    if not terms:
        return []
    added = lex.weights[[lex.rows[term] for term in terms]] * np.array([[w] for w, _ in terms.values()], np.float32)
    sums = added.sum(axis=0)
    found = []
    surfaces = [surface for _, surface in terms.values()]
    total = float(sums.sum()) + 3.0
    for column in np.argsort(-sums, kind="stable")[:3].tolist():
        score = float(sums[column]) / total
        if score < 0.15:
            break
        best = np.argsort(-added[:, column], kind="stable")[:EVIDENCE].tolist()
        evidence = tuple(surfaces[row] for row in best if added[row, column] >= 0.3)
        if evidence:
            topic_id, label = _iptc()[column]
            found.append(Topic("iptc", topic_id, label, round(score, 3), evidence))
    return found


def _classify_scheme(words: Sequence[tuple[str, float]], scheme: Scheme) -> list[Topic]:
    sums = [0.0] * len(scheme.topics)
    evidence: list[list[tuple[float, str]]] = [[] for _ in scheme.topics]
    for term, (weight, surface) in _terms(words, scheme.weights, scheme.phrases).items():
        for column, value in scheme.weights[term]:
            sums[column] += weight * value
            evidence[column].append((weight * value, surface))
    found = []
    for column, total in enumerate(sums):
        score = 1 - math.exp(-total / 2)
        if score >= 0.5:
            best = sorted(evidence[column], key=lambda pair: -pair[0])[:EVIDENCE]
            found.append(Topic(scheme.name, *scheme.topics[column], round(score, 3), tuple(s for _, s in best)))
    return sorted(found, key=lambda topic: -topic.score)


def parse_scheme(toml_text: str, name: str) -> Scheme:
    """A taxonomy from TOML: tables `[[topic]]` with `id`, `label` (default: the id), `seeds` and `weak` (lists of words
    and phrases, or one string with commas). Raises SettingsError where it is no such TOML.
    """
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
    return Scheme(name, tuple(topics), rows, _phrases(rows))


def _phrases(terms: Iterable[str]) -> dict[str, int]:
    """The first word of each phrase, in lower case, to the most words that such a phrase has."""
    phrases: dict[str, int] = {}
    for term in terms:
        words = term.lower().split(" ")
        if len(words) > 1:
            phrases[words[0]] = max(len(words), phrases.get(words[0], 0))
    return phrases


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
