"""The network of spaCy's named-entity recogniser worked in numpy: the same entities at half the cost or less.

spaCy asks one token of each text for its scores, chooses, and asks the next. But outside an entity a token's scores
depend on nothing chosen before, so they are worked for all tokens at once; and from each token that may open an entity,
where that entity would end. What is left is to walk from one entity to the next. Between layers nothing is kept for
training, and a block of rows stays in the processor's cache from one step to the next.

What is found in a text does not depend on the texts beside it, to the bit: see `Matrix`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

_BLOCK = 240
"""Rows of each matrix product: a multiple of the 12, 16 or 24 that BLAS works at once."""
_COLUMNS = 288
"""Columns of each matrix product, at most: more of them are cut in other places by some kernels."""
_AHEAD = 16
"""Tokens of an entity that are worked for all that may open; a longer one is followed only where it did open."""
_RESIDUAL = "residual(expand_window>>maxout>>layernorm>>dropout)"


class Matrix:
    """A matrix to multiply rows with, so that what becomes of a row depends, to the bit, on that row alone.

    BLAS chooses its kernel by the shape, and kernels round differently: a text could be read differently beside another
    text. So each product is of 240 rows and at most 288 columns. Kernels for AVX2 also round the outermost columns of
    every other six rows differently, which `margin` columns on both sides keep from being ours.
    """

    def __init__(self, weights: Floats, margin: int | None = None) -> None:
        self._margin = _margin() if margin is None else margin
        self._width = weights.shape[1]
        self._parts = []
        for start in range(0, self._width, _COLUMNS):
            part = weights[:, start : start + _COLUMNS]
            after = self._margin + -part.shape[1] % 16
            self._parts.append(np.pad(part, ((0, 0), (self._margin, after))) if after else part)

    def of_block(self, rows: Floats) -> Floats:
        """The product with `_BLOCK` rows."""
        made: list[Floats] = [rows @ part for part in self._parts]
        inner = [part[:, self._margin : self._margin + _COLUMNS] for part in made]
        return (inner[0] if len(inner) == 1 else np.concatenate(inner, axis=1))[:, : self._width]

    def of(self, rows: Floats) -> Floats:
        """The product with any number of rows."""
        out = np.empty((len(rows), self._width), dtype=rows.dtype)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            if len(block) < _BLOCK:
                block = np.pad(block, ((0, _BLOCK - len(block)), (0, 0)))
            out[start : start + _BLOCK] = self.of_block(block)[: len(out) - start]
        return out


@lru_cache(1)
def _margin() -> int:
    """The margin that this machine's BLAS needs, found by a trial."""
    chance = np.random.default_rng(0)
    weights = chance.standard_normal((96, _COLUMNS), dtype=np.float32)
    rows = np.repeat(chance.standard_normal((1, 96), dtype=np.float32), _BLOCK, axis=0)
    made = Matrix(weights, 0).of(rows)
    return 0 if (made == made[0]).all() else 8


@dataclass(frozen=True, slots=True)
class _Layer:
    """A convolution over three tokens, the largest of its pieces, and their normalisation."""

    weights: Matrix
    """(3 * width, pieces * width)"""
    bias: Floats
    scale: Floats
    shift: Floats

    def add(self, rows: Floats) -> Floats:
        """`rows`, in blocks between a row of zeros and another, and what the layer makes of them."""
        count, width = len(rows) - 2, rows.shape[1]
        windows = np.lib.stride_tricks.as_strided(rows, (count, 3 * width), rows.strides, writeable=False)
        out = np.empty_like(rows)
        out[[0, -1]] = 0
        for start in range(0, count, _BLOCK):
            held = windows[start : start + _BLOCK].copy()
            made = self.weights.of_block(held)
            made += self.bias
            best = _largest(made, width)
            best -= best.mean(axis=1, keepdims=True)
            best *= ((best * best).mean(axis=1, keepdims=True) + 1e-08) ** -0.5
            best *= self.scale
            best += self.shift
            np.add(best, held[:, width : 2 * width], out=out[start + 1 : start + 1 + _BLOCK])
        return out


class Network:
    """What lies between the embeddings of tokens and their entities."""

    def __init__(self, pipe: Any) -> None:
        tok2vec = pipe.model.get_ref("tok2vec")
        encoder, linear = tok2vec.layers[0].layers[1], tok2vec.layers[2]
        self._pad: int = encoder.attrs["pad"]
        self._layers = [_layer(residual) for residual in encoder.layers[0].layers]
        self._linear, self._linear_bias = Matrix(linear.get_param("W").T), linear.get_param("b")

        # A state is up to three tokens: the next one, the first of the open entity, and the last that is in it.
        lower, upper = pipe.model.get_ref("lower"), pipe.model.get_ref("upper")
        weights = lower.get_param("W").swapaxes(1, 2)  # token of the state, piece, output, input
        self._width: int = weights.shape[2]
        self._lower = Matrix(weights.reshape(-1, weights.shape[3]).T)
        self._lower_bias = lower.get_param("b").T.ravel()
        self._none = np.ascontiguousarray(lower.get_param("pad")[0].swapaxes(1, 2)).reshape(3, -1)

        names = [pipe.moves.get_class_name(move) for move in range(pipe.moves.n_moves)]
        self._names = [name for name in names if name == "O" or (name[:2] in ("B-", "U-") and name[2:])]
        moves = [names.index(name) for name in self._names]
        scores, score_bias = upper.get_param("W"), upper.get_param("b")
        self._opening, self._opening_bias = Matrix(scores[moves].T), score_bias[moves]
        self._begins = np.array([name[0] == "B" for name in self._names])
        self._units = np.array([name[0] == "U" for name in self._names])
        going_on = [names.index(f"I-{name[2:]}") if name[0] == "B" else 0 for name in self._names]
        ending = [names.index(f"L-{name[2:]}") if name[0] == "B" else 0 for name in self._names]
        self._more, self._more_bias = scores[going_on], score_bias[going_on]
        self._last, self._last_bias = scores[ending], score_bias[ending]
        self._tie_goes_on = np.array(going_on) < np.array(ending)

    @staticmethod
    def fits(pipe: Any) -> bool:
        """Whether a recogniser is of the shape that this module knows: that of spaCy's small to large models."""
        model = pipe.model
        tok2vec = model.get_ref("tok2vec")
        names = [layer.name for layer in tok2vec.layers]
        if names[1:] != ["list2array", "linear"] or not names[0].startswith("extract_features"):
            return False
        embed, *encoders = tok2vec.layers[0].layers
        lower = model.get_ref("lower")
        return (
            len(encoders) == 1
            and encoders[0].name == "with_array(" + ">>".join([_RESIDUAL] * len(encoders[0].layers[0].layers)) + ")"
            and all(node.attrs.get("window_size", 1) == 1 for node in encoders[0].walk())
            and encoders[0].attrs["pad"] >= len(encoders[0].layers[0].layers)
            and embed.has_dim("nO") is True
            and model.attrs["has_upper"]
            and not model.attrs["unseen_classes"]
            and lower.get_dim("nF") == 3
            and lower.get_dim("nP") > 1
            and pipe.cfg["beam_width"] == 1
        )

    def entities(self, embeddings: Floats, lengths: Sequence[int], blank: Bools) -> list[tuple[int, int, str]]:
        """First token, end and label of each entity of some texts, in order.

        `lengths` are the numbers of tokens of the texts, `blank` says which tokens are white space.
        """
        if not len(embeddings):
            return []
        features = self._lower.of(self.vectors(embeddings, lengths)).reshape(len(embeddings), 3, -1)
        last = np.zeros(len(embeddings), dtype=np.bool_)
        last[[end - 1 for end in np.cumsum(lengths).tolist() if end]] = True
        opened = self._opened(features, blank, last)
        starts = np.flatnonzero(self._begins[opened])
        ends = np.arange(1, len(opened) + 1)
        at, open_ = starts, starts
        for _ in range(_AHEAD):
            at = at + 1
            more = self._continues(features, open_, at, opened[open_], last)
            ends[open_] = at + 1
            ends[open_[more]] = 0
            at, open_ = at[more], open_[more]
            if not len(open_):
                break
        found = []
        end = 0
        for start in np.flatnonzero(self._begins[opened] | self._units[opened]).tolist():
            if start >= end:
                end = ends[start] or self._end(features, start, opened, last)
                found.append((start, int(end), self._names[opened[start]][2:]))
        return found

    def vectors(self, embeddings: Floats, lengths: Sequence[int]) -> Floats:
        """The vector of each token of some texts in its context."""
        where = np.arange(len(embeddings)) + np.repeat(np.arange(1, len(lengths) + 1) * self._pad + 1, lengths)
        count = len(embeddings) + (len(lengths) + 1) * self._pad
        rows = np.zeros((-(-count // _BLOCK) * _BLOCK + 2, embeddings.shape[1]), dtype=np.float32)
        rows[where] = embeddings
        for layer in self._layers:
            rows = layer.add(rows)
        vectors = self._linear.of(rows[where])
        vectors += self._linear_bias
        return vectors

    def _hidden(self, state: Floats) -> Floats:
        state += self._lower_bias
        return _largest(state, self._width)

    def _opened(self, features: Floats, blank: Bools, last: Bools) -> Ints:
        """What is chosen at each token where no entity is open: the number of a name."""
        hidden = self._hidden(features[:, 0] + self._none[1] + self._none[2])
        scores = self._opening.of(hidden)
        scores += self._opening_bias
        scores[np.ix_(last | blank, self._begins)] = -np.inf
        scores[np.ix_(blank, self._units)] = -np.inf
        chosen: Ints = scores.argmax(axis=1)
        return chosen

    def _continues(self, features: Floats, starts: Ints, at: Ints, labels: Ints, last: Bools) -> Bools:
        """Whether the entity that is open since a token of `starts` goes on after that of `at`, or ends with it."""
        hidden = self._hidden(features[at, 0] + features[starts, 1] + features[at - 1, 2])
        more = (hidden * self._more[labels]).sum(axis=1) + self._more_bias[labels]
        end = (hidden * self._last[labels]).sum(axis=1) + self._last_bias[labels]
        goes_on: Bools = ((more > end) | ((more == end) & self._tie_goes_on[labels])) & ~last[at]
        return goes_on

    def _end(self, features: Floats, start: int, opened: Ints, last: Bools) -> int:
        """The end of an entity of which the first tokens were worked ahead."""
        only = np.array([start])
        at = only + _AHEAD + 1
        while self._continues(features, only, at, opened[only], last)[0]:
            at += 1
        return int(at[0]) + 1


def _layer(residual: Any) -> _Layer:
    nodes = {node.name: node for node in residual.walk()}
    maxout, norm = nodes["maxout"], nodes["layernorm"]
    weights, bias = maxout.get_param("W"), maxout.get_param("b")
    # Pieces outermost, so that the largest is found column by column.
    pieces_first = np.ascontiguousarray(weights.swapaxes(0, 1)).reshape(-1, weights.shape[2])
    return _Layer(
        Matrix(np.ascontiguousarray(pieces_first.T)), bias.T.ravel(), norm.get_param("G"), norm.get_param("b")
    )


def _largest(rows: Floats, width: int) -> Floats:
    """The largest of the pieces, each `width` columns."""
    best = np.maximum(rows[:, :width], rows[:, width : 2 * width])
    for start in range(2 * width, rows.shape[1], width):
        np.maximum(best, rows[:, start : start + width], out=best)
    return best
