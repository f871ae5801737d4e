"""Tokens and their embeddings, worked once for each word instead of once for each place where it stands.

spaCy's tokeniser cuts between two runs of white space without a look at what is beyond them, and the first layers of
tok2vec see a token's word alone (its ORTH and NORM, and what follows from them). So both are kept: a stretch of text is
looked up, not read again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import IS_SPACE, LENGTH, NORM, ORTH

WORDS = 1 << 17
"""Words held at most, in some 50 MB; 900,000 words of news have 47,000."""
STRETCHES = 1 << 18
"""Stretches of text held at most, in some 50 MB; 900,000 words of news have 86,000."""
_STRETCH = re.compile(r"\S+ ?|\s+")
_LONG = 150
"""Characters of a stretch that is not kept: it will hardly come again."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some texts, one after the other."""

    lengths: list[int]
    """Tokens of each text."""
    text: npt.NDArray[np.intp]
    """Which text each token is of."""
    starts: npt.NDArray[np.intp]
    """Where each token starts in its text, in characters."""
    ends: npt.NDArray[np.intp]
    blank: npt.NDArray[np.bool_]
    """Which tokens are white space."""
    embeddings: npt.NDArray[np.float32]


class Words:
    """What is known of words: bounded, since all is forgotten when it is full."""

    def __init__(self, tokenizer: Any, embed: Any) -> None:
        self._tokenizer = tokenizer
        self._embed = embed
        self._stretches: dict[str, list[int]] = {}
        """The tokens of a stretch: twice the number of the word, and one more where a space follows."""
        self._words: dict[tuple[int, int], int] = {}
        self._vectors = np.empty((WORDS, embed.get_dim("nO")), dtype=np.float32)
        self._lengths = np.empty(WORDS, dtype=np.intp)
        self._blank = np.empty(WORDS, dtype=np.bool_)

    def read(self, texts: Sequence[str]) -> Tokens:
        """The tokens of some texts."""
        cut = [_STRETCH.findall(text) for text in texts]
        self._learn(dict.fromkeys(chain.from_iterable(cut)))
        codes = [list(chain.from_iterable(map(self._stretches.__getitem__, stretches))) for stretches in cut]
        for stretch in chain.from_iterable(cut):
            if len(stretch) > _LONG:
                self._stretches.pop(stretch, None)
        both = np.fromiter(chain.from_iterable(codes), dtype=np.intp)
        words, space = both >> 1, both & 1
        lengths = [len(tokens) for tokens in codes]
        text = np.repeat(np.arange(len(texts)), lengths)
        ends = np.cumsum(self._lengths[words] + space) - space
        ends -= np.cumsum([0, *map(len, texts)])[text]
        return Tokens(lengths, text, ends - self._lengths[words], ends, self._blank[words], self._vectors[words])

    def _learn(self, stretches: Iterable[str]) -> None:
        new = sorted((stretch for stretch in stretches if stretch not in self._stretches), key=str.isspace)
        docs, places = self._tokenize(new)
        if not docs:
            return
        tokens = np.concatenate([doc.to_array([ORTH, NORM, LENGTH, IS_SPACE]) for doc in docs])
        words = list(zip(tokens[:, 0].tolist(), tokens[:, 1].tolist(), strict=True))
        first = {word: position for position, word in reversed(list(enumerate(words))) if word not in self._words}
        start, end = len(self._words), len(self._words) + len(first)
        if self._stretches and (end > WORDS or len(self._stretches) + len(new) > STRETCHES):
            self._stretches.clear()
            self._words.clear()
            self._learn(stretches)
            return
        if first:
            positions = np.fromiter(first.values(), dtype=np.intp)
            self._words.update(zip(first, range(start, end), strict=True))
            self._make_room(end)
            (self._vectors[start:end],) = self._embed.predict([_Some(docs, positions)])
            self._lengths[start:end] = tokens[positions, 2]
            self._blank[start:end] = tokens[positions, 3]
        codes = [2 * self._words[word] for word in words]
        for stretch, (begin, stop) in zip(new, places, strict=True):
            self._stretches[stretch] = codes[begin:stop]
            if stretch[-1] == " " and not stretch.isspace():
                self._stretches[stretch][-1] += 1

    def _tokenize(self, stretches: Sequence[str]) -> tuple[list[Any], list[tuple[int, int]]]:
        """Documents of the stretches, white space last, and where the tokens of each stretch stand in them all."""
        docs, places = [], []
        words = [stretch.rstrip() for stretch in stretches if not stretch.isspace()]
        if words:
            # A document costs as much as ten words, so all share one; a line break keeps each from the next.
            docs.append(self._tokenizer("\n".join(words)))
            breaks = [-1, *np.flatnonzero(docs[0].to_array(IS_SPACE)).tolist(), len(docs[0])]
            places = [(before + 1, after) for before, after in pairwise(breaks)]
        for blank in stretches[len(words) :]:
            docs.append(self._tokenizer(blank))
            start = places[-1][1] if places else 0
            places.append((start, start + len(docs[-1])))
        return docs, places

    def _make_room(self, words: int) -> None:
        """More room, for a text that alone has more words than are held."""
        more = words - len(self._blank)
        if more > 0:
            self._vectors = np.pad(self._vectors, ((0, more), (0, 0)))
            self._lengths = np.pad(self._lengths, (0, more))
            self._blank = np.pad(self._blank, (0, more))


class _Some:
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
