"""What needs every document: repeated footers before the work, aliases and entities after it."""

import gc
import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.dataset import dataset

from flows import duck
from flows.ingest import Input
from flows.jobs import SURVEY
from flows.settings import Settings
from flows.warehouse import Store
from transforms import aliases, boilerplate, segments
from transforms.identity import digest, fingerprint
from transforms.models import EVIDENCE, AliasCount, Entity
from transforms.offsets import Edit, restore
from transforms.schema import ALIASES, DOCUMENTS, ENTITIES, FOOTERS, INDEX, MENTIONS, REMOVALS

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
    """Count the segments of all documents: those known, less `drop`, and those surveyed, less `refused`.

    `from_nothing`: nothing that is known counts, since everything was surveyed anew. Holds the repeated segments in
    memory: those of MIN_DOCUMENTS documents and more.
    """
    con = duck.connect(store.staging / "tmp", threads=settings.workers)
    known = [] if from_nothing else store.files(INDEX)
    con.register("dropped", pa.table({"doc_id": pa.array(drop, pa.string())}))
    con.register("refused", pa.table({"doc_id": pa.array(list(refused), pa.string())}))
    con.register("surveyed", dataset(list(surveys), SURVEY, format="ipc"))
    con.register("published", _published([] if from_nothing else store.files(FOOTERS)))
    con.execute(f"""
        CREATE TABLE documents AS
        SELECT ('0x' || doc_id)::UBIGINT AS id, source, list_distinct(segments) AS segments, fingerprint,
            doc_id = min(doc_id) OVER (PARTITION BY source, hash(segments)) AS first_of_its_content
        FROM (
            SELECT doc_id, source, segments, fingerprint FROM {duck.scan(INDEX, known)}
            WHERE doc_id NOT IN (FROM dropped)
            UNION ALL SELECT doc_id, source, segments, NULL FROM surveyed WHERE doc_id NOT IN (FROM refused)
        );
        CREATE VIEW met AS SELECT id, source, first_of_its_content, unnest(segments) AS key FROM documents;
        CREATE TABLE counted AS
        SELECT source, key, count(*) AS documents, count(*) FILTER (first_of_its_content) AS contents,
            min(id) AS example
        FROM met GROUP BY source, key HAVING count(*) >= {boilerplate.MIN_DOCUMENTS};
        CREATE TABLE texts (key BIGINT, text VARCHAR);
    """)  # noqa: S608
    for first in range(0, len(surveys), FILES):  # at once it would take the memory of all texts, repeated or not
        con.register("slice", dataset(surveys[first : first + FILES], SURVEY, format="ipc"))
        con.execute("""
            INSERT INTO texts
            SELECT key, any_value(text) FROM (SELECT unnest(segments) AS key, unnest(texts) AS text FROM slice)
            WHERE key IN (SELECT key FROM counted) AND key NOT IN (SELECT key FROM texts) GROUP BY key
        """)
    counted = con.sql("""
        SELECT source, coalesce(texts.text, published.segment) AS segment, counted.documents, contents,
            sizes.documents AS of, format('{:016x}', example) AS example_doc_id
        FROM counted JOIN (SELECT source, count(*) AS documents FROM documents GROUP BY source) AS sizes USING (source)
        LEFT JOIN texts USING (key) LEFT JOIN published USING (key) ORDER BY source, segment
    """)
    evidence = _told(settings)
    tables = [_judged(batch, evidence, settings) for batch in counted.to_arrow_reader(BATCH)]
    marks = {source: {kind: sorted(keys) for kind, keys in told.items()} for source, told in evidence.items()}
    held = json.dumps(marks, sort_keys=True)
    path = store.staging / f"evidence-{digest(held)}.json"
    new = path.with_suffix(".new")
    new.write_text(held, encoding="utf-8")
    new.replace(path)
    rework = sorted(_outdated(con, evidence, work))
    con.close()
    return Footers(pa.concat_tables([FOOTERS.arrow.empty_table(), *tables]), path, rework)


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


def restored(store: Store, doc_ids: Sequence[str]) -> Iterator[Input]:
    """The inputs of known documents, made from the warehouse: their raw text is their text with the removals put back.

    Holds a part at a time.
    """
    wanted = pa.array(doc_ids, pa.string())
    columns = ["doc_id", "source", "uri", "content_sha256", "text", "record"]
    for name in sorted(f for f in store.manifest.files if f.startswith(f"{DOCUMENTS.name}/")):
        path = store.path(name)
        ids = pq.read_table(path, columns=["doc_id"], partitioning=None)["doc_id"]
        if not pc.any(pc.is_in(ids, wanted)).as_py():
            continue
        edits: dict[str, list[Edit]] = defaultdict(list)
        removals = store.path(f"{REMOVALS.name}{name.removeprefix(DOCUMENTS.name)}")
        for row in _some(removals, ["doc_id", "raw_start", "text", "replacement"], wanted):
            edits[row["doc_id"]].append((row["raw_start"], row["text"], row["replacement"]))
        for row in _some(path, columns, wanted):
            record = None if row["record"] is None else json.loads(row["record"])
            held = {"text": restore(row["text"], edits[row["doc_id"]]), "record": record}
            yield Input(row["source"], row["uri"], row["content_sha256"], json.dumps(held).encode(), "restored")


def not_below(store: Store, doc_ids: Sequence[str], uris: Container[str]) -> list[str]:
    """Those of the known documents whose input is neither one of `uris` nor a record or file below one."""
    wanted = pa.array(doc_ids, pa.string())
    rows = (row for path in store.files(DOCUMENTS) for row in _some(path, ["doc_id", "uri"], wanted))
    return [row["doc_id"] for row in rows if not any(part in uris for part in _above(row["uri"]))]


def _above(uri: str) -> Iterator[str]:
    yield uri
    yield from (uri[:at] for at, character in enumerate(uri) if character in "/#")


def _some(path: Path, columns: Sequence[str], wanted: pa.Array) -> Iterator[dict[str, Any]]:
    rows = pq.read_table(path, columns=columns, partitioning=None)
    for batch in rows.filter(pc.is_in(rows["doc_id"], wanted)).to_batches(max_chunksize=100):
        yield from batch.to_pylist()


def entities(scratch: Path, parts: Sequence[tuple[Path, Path]], settings: Settings) -> tuple[pa.Table, pa.Table]:
    """The rows of `aliases` and `entities`, over all mentions of the corpus: `parts` are its files of mentions,
    each with the index of the same documents.

    Holds every distinct name in memory, some 1 kB each, and PORTION bytes of files at a time.
    """
    con = duck.connect(scratch, threads=settings.workers)
    con.execute("""
        CREATE TABLE names (alias_id VARCHAR, name VARCHAR, label VARCHAR, documents BIGINT, mentions BIGINT);
        CREATE TABLE texts (alias_id VARCHAR, text VARCHAR);
        CREATE TABLE counts (entity_id VARCHAR, documents BIGINT, mentions BIGINT, first DATE, last DATE);
    """)
    portions = list(_portions(parts))
    for mentions, _ in portions:
        con.execute(f"""
            INSERT INTO names
            SELECT alias_id, name, label, count(DISTINCT doc_id), count(*) FROM {mentions} GROUP BY ALL;
            INSERT INTO texts SELECT DISTINCT alias_id, text FROM {mentions};
        """)  # noqa: S608
    found = con.execute("""
        SELECT alias_id, name, label, sum(documents)::BIGINT, sum(mentions)::BIGINT FROM names
        GROUP BY ALL ORDER BY alias_id
    """).fetchall()
    clustered = _clustered([AliasCount(*row[1:]) for row in found], settings)
    entity_of = ["" for _ in found]
    for entity in clustered:
        for position in entity.members:
            entity_of[position] = entity.entity_id
    alias_columns = [*([row[i] for row in found] for i in range(3)), entity_of]
    alias_rows = pa.table([pa.array(column, pa.string()) for column in alias_columns], schema=ALIASES.arrow)
    con.register("alias_of", alias_rows)
    for mentions, index in portions:
        con.execute(f"""
            INSERT INTO counts
            SELECT entity_id, count(DISTINCT doc_id), count(*), min(published_on), max(published_on)
            FROM {mentions} AS mentions JOIN alias_of USING (alias_id) JOIN {index} AS index USING (doc_id)
            GROUP BY entity_id
        """)  # noqa: S608
    columns = ("entity_id", "name", "label", "country", "external_id")
    schema = pa.schema([ENTITIES.arrow.field(name) for name in columns])
    found_entities = [{name: getattr(entity, name) for name in columns} for entity in clustered]
    con.register("clustered", pa.Table.from_pylist(found_entities, schema=schema))
    entity_rows = con.sql(f"""
        WITH forms AS (
            SELECT entity_id, text AS form FROM texts JOIN alias_of USING (alias_id)
            UNION SELECT entity_id, name FROM alias_of
        ), listed AS (SELECT entity_id, list(form ORDER BY form) AS aliases FROM forms GROUP BY entity_id
        ), counted AS (
            SELECT entity_id, sum(documents)::INTEGER AS documents, sum(mentions)::INTEGER AS mentions,
                min(first) AS first_published_on, max(last) AS last_published_on FROM counts GROUP BY entity_id
        )
        SELECT {", ".join(ENTITIES.names)} FROM clustered JOIN listed USING (entity_id) JOIN counted USING (entity_id)
        ORDER BY entity_id
    """).to_arrow_table()  # noqa: S608
    con.close()
    return alias_rows, entity_rows.cast(ENTITIES.arrow)


def _portions(parts: Sequence[tuple[Path, Path]]) -> Iterator[tuple[str, str]]:
    """SQL relations over the mentions and the index of some parts; no document is in two of them."""
    for some in duck.portions(parts):
        mentions, index = zip(*some, strict=True)
        yield duck.scan(MENTIONS, mentions), duck.scan(INDEX, index)


def _clustered(names: list[AliasCount], settings: Settings) -> list[Entity]:
    overrides = read_overrides(settings.aliases) if settings.aliases else ()
    gc.disable()  # nothing of it is garbage, and looking through a million names takes a quarter of the time
    try:
        return aliases.cluster(names, overrides)
    finally:
        gc.enable()


def read_overrides(path: Path) -> Sequence[aliases.Override]:
    """The user's alias file. Raises SettingsError where a row of it makes no sense."""
    return aliases.parse_overrides(path.read_text(encoding="utf-8"), path.suffix.lower().lstrip("."))
