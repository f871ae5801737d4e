"""Results to rows: the document tables as Arrow, columns straight from the values."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

import orjson
import pyarrow as pa

from transforms import aliases, identity
from transforms.document import DocumentResult
from transforms.models import Mention, Notice, Timex
from transforms.offsets import OffsetMap
from transforms.schema import (
    DATES,
    DOCUMENT_TABLES,
    DOCUMENTS,
    INDEX,
    KEYPHRASES,
    MENTIONS,
    REMOVALS,
    SENTENCES,
    TABLES,
    TOPICS,
    Table,
)

_alias_id = lru_cache(maxsize=1 << 16)(aliases.alias_id)


def document_tables(
    results: Sequence[DocumentResult], fingerprints: Sequence[str], segment_keys: Sequence[Sequence[int]]
) -> dict[str, pa.Table]:
    """The rows of every document table for a batch, documents in the order given.

    `fingerprints` and `segment_keys` go with `results`. `duplicate_of` is left null: it needs the whole corpus.
    """
    rows = _Rows()
    for result, fingerprint, keys in zip(results, fingerprints, segment_keys, strict=True):
        rows.add_document(result, fingerprint, keys)
        rows.add_extractions(result)
    return {name: _table(TABLES[name], columns) for name, columns in rows.columns.items()}


def _table(table: Table, columns: Mapping[str, list[Any]]) -> pa.Table:
    return pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in table.arrow], schema=table.arrow)


class _Rows:
    def __init__(self) -> None:
        self.columns: dict[str, dict[str, list[Any]]] = {t.name: {n: [] for n in t.names} for t in DOCUMENT_TABLES}

    def _add(self, table: Table, doc_id: str, count: int, **values: Iterable[Any]) -> None:
        """Add `count` rows of one document, given as columns."""
        columns = self.columns[table.name]
        columns["doc_id"].extend(repeat(doc_id, count))
        for name, column in values.items():
            columns[name].extend(column)

    def add_document(self, result: DocumentResult, fingerprint: str, keys: Sequence[int]) -> None:
        prepared = result.prepared
        raw, about = prepared.raw, prepared.metadata
        doc_id = identity.doc_id(raw.source, raw.uri)
        stated = (about.published_earliest, about.published_latest)
        earliest, latest = stated if any(stated) else result.published_bounds
        row = {
            "source": raw.source,
            "uri": raw.uri,
            "url": about.url,
            "content_sha256": raw.content_sha256,
            "title": about.title,
            "byline": about.byline,
            "dateline_place": about.dateline_place,
            "dateline_agency": about.dateline_agency,
            "language": prepared.language,
            "language_confidence": prepared.language_confidence,
            "published_on": about.published_on,
            "published_method": about.published_method,
            "published_earliest": earliest,
            "published_latest": latest,
            "text": prepared.text,
            "raw_chars": len(raw.text),
            "chars": len(prepared.text),
            "tokens": result.tokens,
            "sentences": len(prepared.sentences),
            "spdx_id": prepared.notice.spdx_id,
            "licence_url": prepared.notice.licence_url,
            "rights_holder": prepared.notice.rights_holder,
            "duplicate_of": None,
            "record": None if raw.record is None else _json(raw.record),
            "fingerprint": fingerprint,
        }
        index = {
            "published_month": identity.month(about.published_on),
            "text_key": identity.text_key(prepared.text),
            "segments": keys,
        }
        self._add(DOCUMENTS, doc_id, 1, **{name: (value,) for name, value in row.items()})
        shared = {name: row[name] for name in INDEX.names if name in row}
        self._add(INDEX, doc_id, 1, **{name: (value,) for name, value in {**shared, **index}.items()})

    def add_extractions(self, result: DocumentResult) -> None:
        prepared = result.prepared
        raw, cut = prepared.raw, prepared.removals
        doc_id = identity.doc_id(raw.source, raw.uri)
        self._add(
            REMOVALS,
            doc_id,
            len(cut),
            raw_start=[r.raw_start for r in cut],
            raw_end=[r.raw_end for r in cut],
            text=[raw.text[r.raw_start : r.raw_end] for r in cut],
            replacement=[r.replacement for r in cut],
            kind=[r.kind for r in cut],
            rule=[r.rule for r in cut],
            witness=[r.witness for r in cut],
            **_notices([r.notice for r in cut]),
        )
        sentences = prepared.sentences
        self._add(
            SENTENCES,
            doc_id,
            len(sentences),
            sentence=range(len(sentences)),
            start=[start for start, _ in sentences],
            end=[end for _, end in sentences],
        )
        offsets, starts = OffsetMap(cut), [start for start, _ in sentences]
        mentions, timexes = result.mentions, result.dates
        self._add(
            MENTIONS,
            doc_id,
            len(mentions),
            **_places(mentions, prepared.text, offsets, starts),
            label=[m.label for m in mentions],
            name=[m.name for m in mentions],
            alias_id=[_alias_id(m.name, m.label) for m in mentions],
        )
        self._add(
            DATES,
            doc_id,
            len(timexes),
            **_places(timexes, prepared.text, offsets, starts),
            **{name: [getattr(t, name) for t in timexes] for name in _OF_A_TIMEX},
        )
        self._add(
            TOPICS,
            doc_id,
            len(result.topics),
            rank=range(1, len(result.topics) + 1),
            **{name: [getattr(t, name) for t in result.topics] for name in _OF_A_TOPIC},
        )
        self._add(
            KEYPHRASES,
            doc_id,
            len(result.keyphrases),
            rank=range(1, len(result.keyphrases) + 1),
            phrase=[k.phrase for k in result.keyphrases],
            score=[k.score for k in result.keyphrases],
        )


def _json(record: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # lone surrogates, integers beyond 64 bits
        return json.dumps(record, sort_keys=True)


_OF_A_TIMEX = ("type", "value", "mod", "granularity", "earliest", "latest", "anchor", "rule")
_OF_A_TOPIC = ("scheme", "topic_id", "label", "score", "evidence")


def _places(
    found: Sequence[Mention] | Sequence[Timex], text: str, offsets: OffsetMap, sentence_starts: Sequence[int]
) -> dict[str, Iterable[Any]]:
    """The columns that say where each of `found` stands, in the clean text and in the raw."""
    spans = [(f.start, f.end) for f in found]
    return {
        "start": [start for start, _ in spans],
        "end": [end for _, end in spans],
        "raw_start": [offsets.raw_start(start) for start, _ in spans],
        "raw_end": [offsets.raw_end(end) for _, end in spans],
        "sentence": [max(bisect_right(sentence_starts, start) - 1, 0) for start, _ in spans],
        "text": [text[start:end] for start, end in spans],
    }


def _notices(notices: Sequence[Notice]) -> dict[str, Iterable[Any]]:
    return {name: [getattr(n, name) for n in notices] for name in ("spdx_id", "licence_url", "rights_holder")}
