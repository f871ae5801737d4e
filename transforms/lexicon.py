"""The words that topics and keyphrases know: how it speaks for each topic, how rare it is, can it be a noun.

Made by `rules/build_topics.py` from our seed words and the word vectors of the default model; read once a process.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms import rules

WEIGHT_SCALE = 250
"""A weight of 1.0 as it is stored in a byte."""
RARITY_SCALE = 16
"""Stored bytes to one nat of rarity."""


class Rows(dict[str, int]):
    """Term to row. A term is a word or phrase in lower case, or with capitals where it counts only so written; a word
    written otherwise counts as in lower case, and one that is unknown has row 0.
    """

    def __missing__(self, word: str) -> int:
        return self.get(word.lower(), 0)


@dataclass(frozen=True, slots=True)
class Lexicon:
    rows: Rows
    openings: Mapping[tuple[int, int], int]
    """The rows of the first two words of each phrase, as they are written in it, in lower case, with capitals; and how
    many words the longest phrase has that begins so."""
    speaks: bytes
    """By row: 1 where the term speaks for a topic."""
    weights: npt.NDArray[np.float32]
    """terms x 17: what a term adds to each top level, 0…1, in the order of `topics.toml`."""
    rarity: tuple[float, ...]
    """−ln of a word's share of running text, from its rank by Zipf's law; a phrase's is 0."""
    kind: bytes
    """Can the word stand in a noun phrase? 0 no, 1 before a noun, 2 as its head; 3 it is a name."""
    meta: Mapping[str, Any]
    """What it was built from: `topics_sha256`, `keyphrases_sha256`, `model`, `version`."""


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package, read once a process (some 40 ms)."""
    with files(rules).joinpath("topics.npz").open("rb") as file, np.load(file) as arrays:
        terms = arrays["terms"].tobytes().decode().split("\n")
        rows = Rows(zip(terms, range(len(terms)), strict=True))
        openings: dict[tuple[int, int], int] = {}
        for words in (term.split(" ") for term in terms if " " in term):
            for pair in product(_spelt(words[0]), _spelt(words[1])):
                opening = (rows[pair[0]], rows[pair[1]])
                openings[opening] = max(len(words), openings.get(opening, 2))
        return Lexicon(
            rows=rows,
            openings=openings,
            speaks=arrays["weights"].any(axis=1).tobytes(),
            weights=arrays["weights"].astype(np.float32) / WEIGHT_SCALE,
            rarity=tuple((arrays["rarity"] / RARITY_SCALE).tolist()),
            kind=arrays["kind"].tobytes(),
            meta=json.loads(arrays["meta"].tobytes()),
        )


def _spelt(word: str) -> tuple[str, str, str]:
    return word, word.lower(), word.capitalize()
