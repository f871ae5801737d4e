"""Topics that explain themselves: the 17 top levels of IPTC Media Topics, and a user's own taxonomies (`taxonomies`).

A document is a weighted bag of terms (words and phrases); each adds its row of a terms x topics table (`lexicon`), and
the sum says the topics. Only the head of a document is read, its title and first words: there news says what it is.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transforms.lexicon import Rows, lexicon
from transforms.models import Topic
from transforms.rules import rules
from transforms.taxonomies import Scheme, classify_scheme, parse_model, parse_scheme

__all__ = ["Scheme", "classify", "head", "parse_model", "parse_scheme", "read"]

TITLE_CHARS, TEXT_CHARS, TEXT_WORDS = 300, 680, 100
TITLE_WEIGHT, LEAD_WEIGHT, LEAD_WORDS = 1.5, 1.25, 40
REPEATED = 0.5
"""What a term adds when it comes again, as a share of what it added the time before."""
MOST = 3
"""IPTC topics given to a document, at most."""
LEAST_FIRST, LEAST_FURTHER = 0.25, 0.3
"""The score below which a document's first topic, and any further one, is not given."""
EVIDENCE, LEAST_EVIDENCE = 6, 0.3
"""Terms shown for a topic, at most, and what each must have added."""

_WORD = re.compile(r"[^\W_]+")
_BODY_WEIGHTS = [LEAD_WEIGHT] * LEAD_WORDS + [1.0] * (TEXT_WORDS - LEAD_WORDS)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the head of a document says."""

    words: list[str]
    first: list[tuple[int, int]]
    """Of each term that speaks for a topic: where its first mention begins and ends, in words."""
    added: npt.NDArray[np.float32]
    """terms x 17: what each adds to each top level, all its mentions together."""


def classify(title: str | None, text: str, schemes: Sequence[Scheme] = ()) -> list[Topic]:
    """The document's IPTC top levels, best first, at most three, then those of each scheme; none where none fits.

    `score` is the share of such answers that is right, as measured (`benchmarks/dev_topics.py`); for a taxonomy of seed
    words it only orders. `evidence` is at most six words or phrases as the document has them.
    """
    words, weights = head(title, text)
    topics = _iptc(_read(words, weights))
    for scheme in schemes:
        topics += classify_scheme(words, weights, scheme)
    return topics


def read(title: str | None, text: str) -> Reading:
    """The terms of the document's head that speak for a topic."""
    return _read(*head(title, text))


def head(title: str | None, text: str) -> tuple[list[str], list[float]]:
    """The words of a document that are read, in order, and what each weighs by where it stands."""
    title = (title or "")[:TITLE_CHARS].strip()
    opening = text[: TEXT_CHARS + TITLE_CHARS].lstrip()
    if title and opening.startswith(title) and not opening[len(title) : len(title) + 1].isalnum():
        opening = opening[len(title) :]
    titled = _WORD.findall(title)
    body = _WORD.findall(opening[:TEXT_CHARS])[:TEXT_WORDS]
    return titled + body, [TITLE_WEIGHT] * len(titled) + _BODY_WEIGHTS[: len(body)]


def _read(words: list[str], weights: Sequence[float]) -> Reading:
    lex = lexicon()
    speaks, openings = lex.speaks, lex.openings
    rows = list(map(lex.rows.__getitem__, words))
    sums: dict[int, float] = {}
    again: dict[int, float] = {}
    first: list[tuple[int, int]] = []
    end = 0
    for start, pair in enumerate(pairwise([*rows, 0])):
        row = pair[0]
        if start < end or not (speaks[row] or pair in openings):  # within a phrase, or nothing of ours
            continue
        end = start + 1
        if pair in openings:
            row, end = _longest(words, start, openings[pair], lex.rows) or (row, end)
        if not speaks[row]:
            continue
        if row in sums:
            again[row] *= REPEATED
            sums[row] += again[row] * weights[start]
        else:
            again[row] = 1.0
            sums[row] = weights[start]
            first.append((start, end))
    added = lex.weights.take(list(sums), axis=0) * np.array(list(sums.values()), np.float32)[:, None]
    return Reading(words, first, added)


def _longest(words: Sequence[str], start: int, most: int, rows: Rows) -> tuple[int, int] | None:
    """The row and the end of the longest phrase, of `most` words at most, that begins there."""
    for end in range(min(start + most, len(words)), start + 1, -1):
        phrase = " ".join(words[start:end])
        if row := rows.get(phrase) or rows.get(phrase.lower()):
            return row, end
    return None


def _iptc(reading: Reading) -> list[Topic]:
    if not reading.first:
        return []
    sums: list[float] = reading.added.sum(axis=0).tolist()
    ranked = sorted(range(len(sums)), key=lambda column: -sums[column])[:MOST]
    found = []
    for rank, column in enumerate(ranked):
        score = _score(sums[column], sums[ranked[0 if rank else 1]])
        if score < (LEAST_FURTHER if rank else LEAST_FIRST):
            break
        topic_id, label = _top_levels()[column]
        found.append(Topic("iptc", topic_id, label, round(score, 3), _evidence(reading, column)))
    return found


def _score(added: float, rival: float) -> float:
    """The share of such answers that is right, for a topic to which the words added so much, and most to another."""
    fitted = rules("topics")["calibration"]
    smooth = fitted["smooth"]
    margin, mass = math.log((added + smooth) / (rival + smooth)), math.log(added + smooth)
    return float(1 / (1 + math.exp(-fitted["bias"] - fitted["margin"] * margin - fitted["mass"] * mass)))


def _evidence(reading: Reading, column: int) -> tuple[str, ...]:
    """The terms that added most to a topic, most first; one at least."""
    added: list[float] = reading.added[:, column].tolist()
    best = sorted(range(len(added)), key=lambda term: -added[term])[:EVIDENCE]
    spans = [reading.first[term] for term in best if term == best[0] or added[term] >= LEAST_EVIDENCE]
    return tuple(" ".join(reading.words[start:end]) for start, end in spans)


@cache
def _top_levels() -> tuple[tuple[str, str], ...]:
    return tuple((topic["id"], topic["label"]) for topic in rules("topics")["topic"])
