"""The words that topics and keyphrases know: how it speaks for each topic, how rare it is, can it be a noun.

Made by `rules/build_topics.py` from our seed words and the word vectors of the default model; read once a process.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms import rules

WEIGHT_SCALE = 250
"""A weight of 1.0 as it is stored in a byte."""
RARITY_SCALE = 16
"""Stored bytes to one nat of rarity."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    rows: Mapping[str, int]
    """Term to row. A term is a word or phrase in lower case, or with capitals where it counts only so written;
    row 0 is no term."""
    openings: frozenset[tuple[int, int]]
    """The rows of the first two words of every phrase."""
    speaks: bytes
    """By row: does the term speak for any topic?"""
    weights: npt.NDArray[np.float32]
    """terms x 17: what a term adds to each top level, 0…1, in the order of `topics.toml`."""
    rarity: tuple[float, ...]
    """−ln of a word's share of running text, from its rank by Zipf's law; a phrase's is 0."""
    kind: bytes
    """Can the word stand in a noun phrase? 0 no, 1 before a noun, 2 as its head; 3 it is a name."""
    meta: Mapping[str, Any]
    """What it was built from: `seeds_sha256`, `model`, `version`."""


def _row(word: str, rows: Mapping[str, int]) -> int:
    return rows.get(word) or rows[word.lower()]


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package, read once a process (about 40 ms)."""
    with files(rules).joinpath("topics.npz").open("rb") as file, np.load(file) as arrays:
        terms = arrays["terms"].tobytes().decode().split("\n")
        rows = {term: row for row, term in enumerate(terms)}
        openings = (term.split(" ")[:2] for term in terms if " " in term)
        return Lexicon(
            rows=rows,
            openings=frozenset((_row(first, rows), _row(second, rows)) for first, second in openings),
            speaks=arrays["weights"].any(axis=1).tobytes(),
            weights=arrays["weights"].astype(np.float32) / WEIGHT_SCALE,
            rarity=tuple((arrays["rarity"] / RARITY_SCALE).tolist()),
            kind=arrays["kind"].tobytes(),
            meta=json.loads(arrays["meta"].tobytes()),
        )
