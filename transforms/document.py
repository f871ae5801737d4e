"""The one place where the stages are composed: a raw document in, its results out.

`prepare` does what needs no model, `finish` what needs the model's spans; between them the caller runs the model over
a batch of prepared documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from transforms import boilerplate, dates, entities, keyphrases, language, metadata, sentences, text, topics
from transforms.models import (
    Evidence,
    Keyphrase,
    Mention,
    Metadata,
    Notice,
    RawDocument,
    Removal,
    Span,
    Timex,
    Topic,
)
from transforms.offsets import cut

HEADER_RULE = "date-header"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cleaned and described, ready for the model."""

    raw: RawDocument
    text: str
    removals: tuple[Removal, ...]
    metadata: Metadata
    notice: Notice
    language: str | None
    language_confidence: float
    sentences: tuple[tuple[int, int], ...]
    readable: bool
    """Whether the model reads its language; if not, nothing is extracted from it."""
    day_first: bool | None = None
    """The habit of its source, where it is known."""


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """All that is known of one document by itself."""

    prepared: Prepared
    tokens: int = 0
    mentions: tuple[Mention, ...] = ()
    dates: tuple[Timex, ...] = ()
    published_bounds: tuple[date | None, date | None] = (None, None)
    topics: tuple[Topic, ...] = ()
    keyphrases: tuple[Keyphrase, ...] = ()


def validate(raw: RawDocument, day_first: bool | None = None) -> None:
    """Raises Rejected where `prepare` would: the text is none, or a field of the record cannot be read."""
    text.check(raw.text)
    metadata.read("", None, raw.record, day_first)


def prepare(raw: RawDocument, evidence: Evidence, model_language: str, day_first: bool | None = None) -> Prepared:
    """Clean and describe a document; `day_first` is its source's habit for `01/02/2003`, in its record and its text.

    Raises Rejected where its text is none (empty, control characters) or a field of its record cannot be read.
    """
    text.check(raw.text)
    header = metadata.header(raw.text) if raw.record is None else None
    body = header.raw_end if header else 0
    removals = boilerplate.find_removals(raw.text, evidence, body)
    if header:
        removals = [Removal(header.raw_start, header.raw_end, "header", HEADER_RULE), *removals]
    clean = cut(raw.text, removals)
    about = metadata.read(clean, header, raw.record, day_first)
    code, confidence = (about.language, 1.0) if about.language else language.detect(clean)
    readable = code in (model_language, None)  # what cannot be told is mostly names and figures: no reason not to read
    return Prepared(
        raw=raw,
        text=clean,
        removals=tuple(removals),
        metadata=about,
        notice=boilerplate.document_notice(removals),
        language=code,
        language_confidence=confidence,
        sentences=tuple(sentences.split(clean)),
        readable=readable,
        day_first=day_first,
    )


def finish(
    prepared: Prepared,
    spans: Sequence[Span],
    tokens: int,
    schemes: Sequence[topics.Scheme] = (),
) -> DocumentResult:
    """What a prepared document holds, from the model's spans over its clean text and the number of its tokens."""
    clean, about = prepared.text, prepared.metadata
    line = metadata.dateline(clean)
    timexes = dates.tag(clean, about.published_on, day_first=prepared.day_first)
    return DocumentResult(
        prepared=prepared,
        tokens=tokens,
        mentions=tuple(entities.mentions(clean, spans, prepared.sentences, (line.start, line.end) if line else None)),
        dates=tuple(timexes),
        published_bounds=dates.bounds(timexes) if about.published_on is None else (None, None),
        topics=tuple(topics.classify(about.title, clean, schemes)),
        keyphrases=tuple(keyphrases.keyphrases(about.title, clean)),
    )
