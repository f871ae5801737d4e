"""A user's own topics from labelled examples: a linear model, saved as JSON and used without scikit-learn.

Trained on just what `transforms.taxonomies` sees at run time (the head of a text, its known words and pairs of words,
present or absent, as a vector of length 1), so that the model means the same in both places and is explained by words.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from transforms.errors import SettingsError
from transforms.rules import rules
from transforms.taxonomies import Scheme, classify_scheme, find_terms, parse_model, phrase_openings
from transforms.topics import head

LEAST_EXAMPLES = 5
"""Labelled texts that a topic needs."""
WORD_DOCUMENTS, PAIR_DOCUMENTS = 2, 3
"""Texts that must have a word, or a pair of words, for it to be a term."""
FOLDS = 5
REGULARISATION = 12.0

Example = tuple[str, str]
"""A text, and the id of its topic."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a model does on labelled texts."""

    texts: int
    accuracy: float
    """Share of all texts whose topic it gives; a text without an answer counts as wrong."""
    answered: float
    """Share of the texts to which it gives a topic."""
    macro_f1: float
    """Mean over the topics of the F1 of each."""
    topics: dict[str, tuple[float, float, int]]
    """Topic to precision, recall and number of texts."""
    reliability: list[tuple[float, float, int]]
    """For each tenth of the score: mean score, share right, number of answers."""


def train(examples: Iterable[Example], out: Path) -> Evaluation:
    """Trains on (text, topic) pairs, writes the model to `out`, returns how five-fold cross-validation says it does.

    Raises SettingsError for fewer than two topics, a topic with fewer than five texts, or without scikit-learn.
    """
    pairs = [(text, topic.strip()) for text, topic in examples if text.strip()]
    counts = Counter(topic for _, topic in pairs)
    if len(counts) < 2:
        raise SettingsError(f"topics train: {len(counts)} topic in the examples; at least two are needed")
    if poor := sorted(topic for topic, count in counts.items() if count < LEAST_EXAMPLES):
        raise SettingsError(f"topics train: fewer than {LEAST_EXAMPLES} texts for {', '.join(poor)}; label more")
    answers: list[tuple[str, str | None, float]] = []
    for fold in range(FOLDS):
        held_out = _fold(pairs, fold)
        model = _fit([pair for i, pair in enumerate(pairs) if i not in held_out])
        answers += [_answer(model, *pairs[i]) for i in sorted(held_out)]
    model = _fit(pairs)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_as_json(model), encoding="utf-8")
    return _evaluation(answers)


def evaluate(examples: Iterable[Example], model: Path) -> Evaluation:
    """How a saved model does on labelled texts that it has not seen. Raises SettingsError where it is no model."""
    try:
        scheme = parse_model(model.read_text(encoding="utf-8"), model.stem)
    except OSError as error:
        raise SettingsError(f"topics evaluate: cannot read {model}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"topics evaluate: {model} is no trained model ({error}); train it again") from None
    return _evaluation([_answer(scheme, text, topic.strip()) for text, topic in examples if text.strip()])


def _fold(pairs: Sequence[Example], fold: int) -> frozenset[int]:
    """Every fifth text of each topic."""
    seen: Counter[str] = Counter()
    chosen = []
    for i, (_, topic) in enumerate(pairs):
        if seen[topic] % FOLDS == fold:
            chosen.append(i)
        seen[topic] += 1
    return frozenset(chosen)


def _fit(pairs: Sequence[Example]) -> Scheme:
    try:
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional extra
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    except ImportError:
        raise SettingsError("topics train: scikit-learn is missing; pip install 'dateline[topics]'") from None
    topics = sorted({topic for _, topic in pairs})
    heads = [head(None, text) for text, _ in pairs]
    terms = _vocabulary([words for words, _ in heads])
    columns = {term: column for column, term in enumerate(terms)}
    openings = phrase_openings(terms)
    found = [[columns[term] for term in find_terms(words, weights, columns, openings)] for words, weights in heads]
    values = [1 / math.sqrt(len(row)) for row in found for _ in row]
    ends = np.cumsum([0] + [len(row) for row in found])
    features = csr_matrix((values, [column for row in found for column in row], ends), (len(pairs), len(terms)))
    labels = [topics.index(topic) for _, topic in pairs]
    fitted: Any = LogisticRegression(C=REGULARISATION, max_iter=1000).fit(features, labels)
    coefficients, bias = fitted.coef_, fitted.intercept_
    if len(topics) == 2:  # scikit-learn gives one row for two classes
        coefficients, bias = np.vstack([-coefficients, coefficients]) / 2, np.array([-bias[0], bias[0]]) / 2
    weights_of = {term: tuple(enumerate(coefficients[:, column].round(4).tolist())) for term, column in columns.items()}
    return Scheme(
        "trained", tuple((topic, topic) for topic in topics), weights_of, openings, tuple(bias.round(4).tolist())
    )


def _vocabulary(texts: Sequence[Sequence[str]]) -> list[str]:
    """The words and pairs of words that enough texts have, in alphabetical order."""
    stop = frozenset(rules("keyphrases")["stop"].replace("\n", " ").split(", "))
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts:
        low = [word.lower() for word in text]
        words.update({word for word in low if len(word) > 1 and word not in stop})
        pairs.update({f"{a} {b}" for a, b in pairwise(low) if a not in stop and b not in stop})
    enough = [word for word, count in words.items() if count >= WORD_DOCUMENTS]
    return sorted(enough + [pair for pair, count in pairs.items() if count >= PAIR_DOCUMENTS])


def _as_json(model: Scheme) -> str:
    weights = {term: [value for _, value in row] for term, row in model.weights.items()}
    content = {"topics": [topic for topic, _ in model.topics], "bias": model.bias, "weights": weights}
    return json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def _answer(model: Scheme, text: str, topic: str) -> tuple[str, str | None, float]:
    """The right topic, the one given, and its score."""
    found = classify_scheme(*head(None, text), model)
    return (topic, found[0].topic_id, found[0].score) if found else (topic, None, 0.0)


def _evaluation(answers: Sequence[tuple[str, str | None, float]]) -> Evaluation:
    if not answers:
        raise SettingsError("topics evaluate: no labelled texts")
    topics = {}
    for topic in sorted({right for right, _, _ in answers}):
        hits = sum(right == given == topic for right, given, _ in answers)
        given_it = sum(given == topic for _, given, _ in answers)
        texts = sum(right == topic for right, _, _ in answers)
        topics[topic] = (hits / given_it if given_it else 0.0, hits / texts, texts)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for right, given, score in answers:
        if given is not None:
            bins.setdefault(min(int(score * 10), 9), []).append((score, right == given))
    f1 = [2 * p * r / (p + r) if p + r else 0.0 for p, r, _ in topics.values()]
    return Evaluation(
        texts=len(answers),
        accuracy=sum(right == given for right, given, _ in answers) / len(answers),
        answered=sum(given is not None for _, given, _ in answers) / len(answers),
        macro_f1=sum(f1) / len(f1),
        topics=topics,
        reliability=[
            (sum(s for s, _ in pairs) / len(pairs), sum(ok for _, ok in pairs) / len(pairs), len(pairs))
            for _, pairs in sorted(bins.items())
        ],
    )
