"""Token embeddings computed once for each word instead of once for each token.

The first layers of spaCy's tok2vec see a token's word alone (its ORTH and NORM, and what follows from them), not its
neighbours; they were over a third of its cost (5.3 s of CPU, then 3.4). Rows are the same to the bit, since the matrix
products do not depend on how many rows there are (`flows.nlp`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import NORM, ORTH
from thinc.api import Model

HELD = 1 << 16
"""Words held at most: some 25 MB."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


def cache(ner_model: Any) -> bool:
    """Put a cache before the embedding of a recogniser's model; says whether it has the shape that allows that."""
    chain = ner_model.get_ref("tok2vec").layers[0]
    embed = chain.layers[0] if chain.layers else None
    if embed is None or not embed.name.startswith("extract_features") or not embed.has_dim("nO"):
        return False
    width = embed.get_dim("nO")
    chain.layers[0] = Model("cached_embedding", _Cache(embed, width), dims={"nO": width})
    return True


class _Words:
    """Some tokens of some documents, as much of a document as the embedding asks for."""

    def __init__(self, docs: Sequence[Any], positions: npt.NDArray[np.intp]) -> None:
        self.docs = docs
        self.positions = positions
        self.vocab = docs[0].vocab

    def __len__(self) -> int:
        return len(self.positions)

    def to_array(self, attributes: Any) -> npt.NDArray[np.uint64]:
        columns = np.concatenate([doc.to_array(attributes) for doc in self.docs])
        return np.ascontiguousarray(columns[self.positions])


class _Cache:
    def __init__(self, embed: Any, width: int) -> None:
        self.embed = embed
        self.rows = np.zeros((HELD, width), dtype=np.float32)
        self.where: dict[int, int] = {}

    def __call__(self, model: Any, docs: Sequence[Any], is_train: bool) -> tuple[list[Any], Callable[[Any], list[Any]]]:  # noqa: ARG002
        pairs = np.concatenate([doc.to_array([ORTH, NORM]) for doc in docs])
        words, first, of_token = np.unique(pairs[:, 0] * _MIX + pairs[:, 1], return_index=True, return_inverse=True)
        rows = self._rows(docs, words.tolist(), first)[of_token]
        ends = np.cumsum([len(doc) for doc in docs])
        return np.split(rows, ends[:-1]), lambda _: []

    def _rows(self, docs: Sequence[Any], words: list[int], first: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        new = [i for i, word in enumerate(words) if word not in self.where]
        if len(words) > HELD:
            (found,) = self.embed.predict([_Words(docs, first)])
            return np.asarray(found)
        if len(self.where) + len(new) > HELD:
            self.where.clear()
            new = list(range(len(words)))
        if new:
            (found,) = self.embed.predict([_Words(docs, first[new])])
            start = len(self.where)
            self.rows[start : start + len(new)] = found
            self.where.update((words[i], start + n) for n, i in enumerate(new))
        return self.rows[[self.where[word] for word in words]]
