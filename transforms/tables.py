"""Results to rows: the document tables as Arrow, columns straight from the values."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from transforms import aliases, identity
from transforms.document import DocumentResult
from transforms.models import Notice
from transforms.offsets import OffsetMap
from transforms.schema import DOCUMENT_TABLES, TABLES

Columns = dict[str, dict[str, list[Any]]]


def document_tables(
    results: Sequence[DocumentResult], fingerprints: Sequence[str], segment_keys: Sequence[Sequence[int]]
) -> dict[str, pa.Table]:
    """The rows of every document table for a batch, documents in the order given.

    `fingerprints` and `segment_keys` go with `results`. `duplicate_of` is left null: it needs the whole corpus.
    """
    columns: Columns = {table.name: {name: [] for name in table.names} for table in DOCUMENT_TABLES}
    for result, fingerprint, keys in zip(results, fingerprints, segment_keys, strict=True):
        _add_document(columns, result, fingerprint, keys)
    return {
        name: pa.Table.from_arrays(
            [pa.array(values[field.name], field.type) for field in TABLES[name].arrow], schema=TABLES[name].arrow
        )
        for name, values in columns.items()
    }


def _add(columns: Columns, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    target = columns[table]
    for row in rows:
        for name, values in target.items():
            values.append(row[name])


def _add_document(columns: Columns, result: DocumentResult, fingerprint: str, keys: Sequence[int]) -> None:
    prepared = result.prepared
    raw, about, clean = prepared.raw, prepared.metadata, prepared.text
    doc_id = identity.doc_id(raw.source, raw.uri)
    starts = [start for start, _ in prepared.sentences]
    offsets = OffsetMap(prepared.removals)

    def place(start: int, end: int) -> dict[str, Any]:
        return {
            "doc_id": doc_id,
            "start": start,
            "end": end,
            "raw_start": offsets.raw_start(start),
            "raw_end": offsets.raw_end(end),
            "sentence": max(bisect_right(starts, start) - 1, 0),
            "text": clean[start:end],
        }

    earliest, latest = result.published_bounds if about.published_on is None else (about.published_on,) * 2
    document = {
        "doc_id": doc_id,
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
        "text": clean,
        "raw_chars": len(raw.text),
        "chars": len(clean),
        "tokens": result.tokens,
        "sentences": len(starts),
        **_notice(prepared.notice),
        "duplicate_of": None,
        "record": None if raw.record is None else orjson.dumps(raw.record, option=orjson.OPT_SORT_KEYS).decode(),
        "fingerprint": fingerprint,
    }
    _add(columns, "documents", [document])
    _add(
        columns,
        "_index",
        [
            {
                **document,
                "published_month": identity.month(about.published_on),
                "text_key": identity.text_key(clean),
                "segments": keys,
            }
        ],
    )
    _add(
        columns,
        "removals",
        (
            {
                "doc_id": doc_id,
                "raw_start": r.raw_start,
                "raw_end": r.raw_end,
                "text": raw.text[r.raw_start : r.raw_end],
                "replacement": r.replacement,
                "kind": r.kind,
                "rule": r.rule,
                "witness": r.witness,
                **_notice(r.notice),
            }
            for r in prepared.removals
        ),
    )
    _add(
        columns,
        "sentences",
        ({"doc_id": doc_id, "sentence": i, "start": s, "end": e} for i, (s, e) in enumerate(prepared.sentences)),
    )
    _add(
        columns,
        "mentions",
        (
            {**place(m.start, m.end), "label": m.label, "name": m.name, "alias_id": aliases.alias_id(m.name, m.label)}
            for m in result.mentions
        ),
    )
    _add(
        columns,
        "dates",
        (
            {
                **place(t.start, t.end),
                "type": t.type,
                "value": t.value,
                "mod": t.mod,
                "granularity": t.granularity,
                "earliest": t.earliest,
                "latest": t.latest,
                "anchor": t.anchor,
                "rule": t.rule,
            }
            for t in result.dates
        ),
    )
    _add(
        columns,
        "topics",
        (
            {
                "doc_id": doc_id,
                "scheme": t.scheme,
                "topic_id": t.topic_id,
                "label": t.label,
                "score": t.score,
                "rank": rank,
                "evidence": list(t.evidence),
            }
            for rank, t in enumerate(result.topics, 1)
        ),
    )
    _add(
        columns,
        "keyphrases",
        (
            {"doc_id": doc_id, "phrase": k.phrase, "score": k.score, "rank": rank}
            for rank, k in enumerate(result.keyphrases, 1)
        ),
    )


def _notice(notice: Notice) -> dict[str, str | None]:
    return {
        "spdx_id": notice.spdx_id,
        "licence_url": notice.licence_url,
        "rights_holder": notice.rights_holder,
    }
