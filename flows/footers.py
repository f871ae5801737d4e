"""Repeated footers: what stands in many documents of a source, counted over the whole corpus before the work."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.dataset import dataset

from flows import duck
from flows.jobs import SURVEY
from flows.settings import Settings
from flows.warehouse import Store
from transforms import boilerplate, segments
from transforms.identity import digest, fingerprint
from transforms.models import EVIDENCE
from transforms.schema import FOOTERS, INDEX

BATCH = 10_000
"""Rows that are looked at in Python at a time."""
FILES = 64
"""Surveyed batches whose texts are looked at in SQL at a time."""
SLICE = 50_000
"""Known documents of which what touches them is held in memory."""
Known = dict[str, dict[str, set[int]]]
"""Source -> for each of EVIDENCE the keys of its segments."""


@dataclass(frozen=True, slots=True)
class Footers:
    """The repeated segments as they are now known."""

    table: pa.Table
    evidence: Path
    """The file of them that workers read."""
    rework: list[str]
    """doc_ids of known documents that they, or other work, would read otherwise; sorted."""


def learn_footers(
    store: Store,
    surveys: Sequence[str],
    *,
    drop: Sequence[str],
    refused: Iterable[str],
    work: str,
    settings: Settings,
    from_nothing: bool,
) -> Footers:
    """Count the segments of all documents: those known, less `drop`, and those surveyed, less `refused` from both.

    `from_nothing`: nothing that is known counts, since everything was surveyed anew. Holds the repeated segments in
    memory: those of MIN_DOCUMENTS documents and more.
    """
    con = duck.connect(store.staging / "tmp", threads=settings.workers)
    con.register("dropped", _ids(drop))
    con.register("refused", _ids(refused))
    con.register("surveyed", dataset(list(surveys), SURVEY, format="ipc"))
    con.register("published", _published([] if from_nothing else store.files(FOOTERS)))
    _count(con, [] if from_nothing else store.files(INDEX))
    _find_texts(con, surveys)
    evidence = _told(settings)
    tables = [_judged(batch, evidence, settings) for batch in _counted(con).to_arrow_reader(BATCH)]
    path = _write(store.staging, evidence)
    rework = sorted(_outdated(con, evidence, work))
    con.close()
    return Footers(pa.concat_tables([FOOTERS.arrow.empty_table(), *tables]), path, rework)


def _ids(doc_ids: Iterable[str]) -> pa.Table:
    return pa.table({"doc_id": pa.array(list(doc_ids), pa.string())})


def _count(con: duckdb.DuckDBPyConnection, known: Sequence[Path]) -> None:
    """Make `documents`, and `counted`: how many documents of a source, and how many contents, have a segment."""
    con.execute(f"""
        CREATE TABLE documents AS
        SELECT ('0x' || doc_id)::UBIGINT AS id, source, list_distinct(segments) AS segments, fingerprint,
            doc_id = min(doc_id) OVER (PARTITION BY source, hash(segments)) AS first_of_its_content
        FROM (
            SELECT doc_id, source, segments, fingerprint FROM {duck.scan(INDEX, known)}
            WHERE doc_id NOT IN (FROM dropped) AND doc_id NOT IN (FROM refused)
            UNION ALL SELECT doc_id, source, segments, NULL FROM surveyed WHERE doc_id NOT IN (FROM refused)
        );
        CREATE VIEW met AS SELECT id, source, first_of_its_content, unnest(segments) AS key FROM documents;
        CREATE TABLE counted AS
        SELECT source, key, count(*) AS documents, count(*) FILTER (first_of_its_content) AS contents,
            min(id) AS example
        FROM met GROUP BY source, key HAVING count(*) >= {boilerplate.MIN_DOCUMENTS};
    """)  # noqa: S608


def _find_texts(con: duckdb.DuckDBPyConnection, surveys: Sequence[str]) -> None:
    """Make `texts`: the counted segments in words, as far as they were surveyed."""
    con.execute("CREATE TABLE texts (key BIGINT, text VARCHAR)")
    for first in range(0, len(surveys), FILES):  # at once it would take the memory of all texts, repeated or not
        con.register("slice", dataset(surveys[first : first + FILES], SURVEY, format="ipc"))
        con.execute("""
            INSERT INTO texts
            SELECT key, any_value(text) FROM (SELECT unnest(segments) AS key, unnest(texts) AS text FROM slice)
            WHERE key IN (SELECT key FROM counted) AND key NOT IN (SELECT key FROM texts) GROUP BY key
        """)


def _counted(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """The counted segments in words, each with the number of documents `of` its source."""
    return con.sql("""
        SELECT source, coalesce(texts.text, published.segment) AS segment, counted.documents, contents,
            sizes.documents AS of, format('{:016x}', example) AS example_doc_id
        FROM counted JOIN (SELECT source, count(*) AS documents FROM documents GROUP BY source) AS sizes USING (source)
        LEFT JOIN texts USING (key) LEFT JOIN published USING (key) ORDER BY source, segment
    """)


def _write(folder: Path, evidence: Known) -> Path:
    """Write the file of evidence that workers read; its name follows from what it holds."""
    marks = {source: {kind: sorted(keys) for kind, keys in told.items()} for source, told in evidence.items()}
    held = json.dumps(marks, sort_keys=True)
    path = folder / f"evidence-{digest(held)}.json"
    new = path.with_suffix(".new")
    new.write_text(held, encoding="utf-8")
    new.replace(path)
    return path


def _published(files: Sequence[Path]) -> pa.Table:
    """Key and segment of the footers that the warehouse holds."""
    held = {
        segments.key(text): text
        for file in files
        for batch in pq.ParquetFile(file).iter_batches(columns=["segment"])
        for text in batch["segment"].to_pylist()
    }
    return pa.table({"key": pa.array(held, pa.int64()), "segment": pa.array(held.values(), pa.string())})


def _told(settings: Settings) -> Known:
    """What the settings say of segments."""
    evidence: Known = defaultdict(lambda: {kind: set() for kind in EVIDENCE})
    for source, told in settings.sources.items():
        evidence[source]["forced"].update(map(segments.key, _named(told.cut)))
        evidence[source]["forbidden"].update(map(segments.key, _named(told.keep)))
    return evidence


def _named(told: Iterable[str]) -> set[str]:
    return {form for words in told for form in segments.named(words)}


def _judged(counted: pa.RecordBatch, evidence: Known, settings: Settings) -> pa.Table:
    """Rows of `footers` for segments that were counted; adds what is to be cut to the evidence."""
    rows = counted.to_pylist()
    keep = {source: _named(told.keep) for source, told in settings.sources.items()}
    cut = {source: _named(told.cut) for source, told in settings.sources.items()}
    for row in rows:
        source, segment, of = row["source"], row["segment"], row["of"]
        row["share"] = row["documents"] / of
        if segment in keep.get(source, ()):
            row["verdict"] = "forbidden"
        elif segment in cut.get(source, ()):
            row["verdict"] = "forced"
        elif boilerplate.verdict(segment, row["contents"], of):
            row["verdict"] = "cut"
            key = segments.key(segment)
            evidence[source]["cut"].add(key)
            if boilerplate.is_common(row["documents"], of):
                evidence[source]["common"].add(key)
        else:
            row["verdict"] = "kept"
    return pa.Table.from_pylist(rows, schema=FOOTERS.arrow)


def _outdated(con: duckdb.DuckDBPyConnection, evidence: Known, work: str) -> Iterator[str]:
    """The known documents that other work or other evidence would read otherwise: their fingerprint is not what it
    would be now."""
    marks = [(source, kind, key) for source, told in evidence.items() for kind, keys in told.items() for key in keys]
    columns = list(zip(*marks, strict=True)) or [(), (), ()]
    types = {"source": pa.string(), "kind": pa.string(), "key": pa.int64()}
    con.register("marks", pa.table([pa.array(c, t) for c, t in zip(columns, types.values(), strict=True)], list(types)))
    documents = con.execute("SELECT count(*) FROM documents WHERE fingerprint IS NOT NULL").fetchall()[0][0]
    slices = documents // SLICE + 1
    for part in range(slices):
        states = con.sql(
            """
            WITH slice AS (SELECT * FROM documents WHERE id % ? = ? AND fingerprint IS NOT NULL),
            met AS (SELECT id, source, unnest(segments) AS key FROM slice),
            touched AS (
                SELECT id, list(kind || ' ' || key) AS touching FROM met JOIN marks USING (source, key) GROUP BY id)
            SELECT format('{:016x}', id), fingerprint, coalesce(touching, []) FROM slice LEFT JOIN touched USING (id)
            """,
            params=[slices, part],
        ).to_arrow_reader(BATCH)
        for batch in states:
            for doc_id, held, touching in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if held != fingerprint(work, touching):
                    yield doc_id
