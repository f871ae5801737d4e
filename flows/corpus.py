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

from flows import duck
from flows.ingest import Input
from flows.settings import Settings
from flows.warehouse import Store
from transforms import aliases, boilerplate, segments
from transforms.identity import digest, fingerprint
from transforms.models import EVIDENCE, AliasCount
from transforms.offsets import Edit, restore
from transforms.schema import ALIASES, DOCUMENTS, ENTITIES, FOOTERS, INDEX, MENTIONS, REMOVALS


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
    index = duck.scan(INDEX, [] if from_nothing else store.files(INDEX))
    con.register("dropped", pa.table({"doc_id": pa.array(drop, pa.string())}))
    con.register("refused", pa.table({"doc_id": pa.array(list(refused), pa.string())}))
    con.execute(f"""
        CREATE TABLE old AS
        SELECT doc_id, source, segments, fingerprint FROM {index} WHERE doc_id NOT IN (FROM dropped)
    """)  # noqa: S608
    _load_surveys(con, surveys)
    con.execute("""
        CREATE TABLE documents_of AS
        SELECT source, count(*) AS documents FROM
            (SELECT doc_id, source FROM old UNION ALL SELECT doc_id, source FROM new) GROUP BY source;
        CREATE TABLE met AS
        SELECT DISTINCT doc_id, source, content, key FROM (
            SELECT doc_id, source, hash(segments) AS content, unnest(segments) AS key FROM old
            UNION ALL SELECT doc_id, source, hash(segments) AS content, unnest(segments) AS key FROM new);
    """)
    counted = con.execute(
        """
        WITH counted AS (
            SELECT source, key, count(*) AS documents, count(DISTINCT content) AS contents,
                any_value(documents_of.documents) AS of, min(doc_id) AS example
            FROM met JOIN documents_of USING (source) GROUP BY source, key HAVING count(*) >= ?
        ), named AS (SELECT key, min(text) AS text FROM texts WHERE key IN (SELECT key FROM counted) GROUP BY key)
        SELECT source, key, text, documents, contents, of, example FROM counted LEFT JOIN named USING (key)
        """,
        [boilerplate.MIN_DOCUMENTS],
    ).fetchall()
    rows = list(_verdicts(counted, _published(store, from_nothing=from_nothing), settings))
    rows.sort(key=lambda row: (row["source"], row["segment"]))
    evidence = _evidence(rows, settings)
    path = store.staging / f"evidence-{digest(json.dumps(evidence, sort_keys=True))}.json"
    new = path.with_suffix(".new")
    new.write_text(json.dumps(evidence, sort_keys=True), encoding="utf-8")
    new.replace(path)
    rework = _outdated(con, evidence, work)
    con.close()
    return Footers(pa.Table.from_pylist(rows, schema=FOOTERS.arrow), path, rework)


def _load_surveys(con: duckdb.DuckDBPyConnection, surveys: Sequence[str]) -> None:
    con.execute("CREATE TABLE new (doc_id VARCHAR, source VARCHAR, segments BIGINT[])")
    con.execute("CREATE TABLE texts (key BIGINT, text VARCHAR)")
    for path in surveys:
        with pa.memory_map(path) as file, pa.ipc.open_file(file) as reader:
            surveyed = reader.read_all()
        con.register("surveyed", surveyed)
        con.execute("INSERT INTO new SELECT doc_id, source, segments FROM surveyed WHERE doc_id NOT IN (FROM refused)")
        con.execute("INSERT INTO texts SELECT DISTINCT unnest(segments), unnest(texts) FROM surveyed")
        con.unregister("surveyed")


def _published(store: Store, *, from_nothing: bool) -> dict[int, str]:
    """Key -> segment, of the footers that the warehouse holds."""
    held = [] if from_nothing else [pq.read_table(f, columns=["segment"]) for f in store.files(FOOTERS)]
    return {segments.key(segment): segment for table in held for segment in table["segment"].to_pylist()}


def _verdicts(counted: list[tuple[Any, ...]], known: dict[int, str], settings: Settings) -> Iterator[dict[str, Any]]:
    for source, key, text, documents, contents, of, example in counted:
        segment = known[key] if text is None else text
        told = settings.sources.get(source)
        if told and segment in told.keep:
            verdict = "forbidden"
        elif told and segment in told.cut:
            verdict = "forced"
        else:
            verdict = "cut" if boilerplate.verdict(segment, contents, of) else "kept"
        yield {
            "source": source,
            "segment": segment,
            "documents": documents,
            "share": documents / of,
            "verdict": verdict,
            "example_doc_id": example,
        }


def _evidence(rows: Sequence[dict[str, Any]], settings: Settings) -> dict[str, dict[str, list[int]]]:
    """For each source and each of EVIDENCE the keys of its segments."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: {kind: set() for kind in EVIDENCE})
    for source, told in settings.sources.items():
        found[source]["forced"].update(map(segments.key, told.cut))
        found[source]["forbidden"].update(map(segments.key, told.keep))
    for row in rows:
        if row["verdict"] == "cut":
            key = segments.key(row["segment"])
            found[row["source"]]["cut"].add(key)
            if boilerplate.is_common(row["documents"], round(row["documents"] / row["share"])):
                found[row["source"]]["common"].add(key)
    return {source: {kind: sorted(keys) for kind, keys in told.items()} for source, told in sorted(found.items())}


def _outdated(con: duckdb.DuckDBPyConnection, evidence: dict[str, dict[str, list[int]]], work: str) -> list[str]:
    """The known documents that other work or other evidence would read otherwise: their fingerprint is not what it
    would be now. Documents that the same segments touch are looked at together."""
    marks = [(source, kind, key) for source, told in evidence.items() for kind, keys in told.items() for key in keys]
    columns = list(zip(*marks, strict=True)) or [(), (), ()]
    types = {"source": pa.string(), "kind": pa.string(), "key": pa.int64()}
    con.register("marks", pa.table([pa.array(c, t) for c, t in zip(columns, types.values(), strict=True)], list(types)))
    con.execute("""
        CREATE TABLE state AS
        SELECT doc_id, any_value(fingerprint) AS fingerprint,
            coalesce(list(kind || ' ' || key ORDER BY kind, key) FILTER (kind IS NOT NULL), []) AS touching
        FROM old LEFT JOIN (SELECT doc_id, kind, key FROM met JOIN marks USING (source, key)) USING (doc_id)
        GROUP BY doc_id
    """)
    states = con.execute("SELECT DISTINCT fingerprint, touching FROM state").fetchall()
    stale = [state for state in states if state[0] != fingerprint(work, state[1])]
    fingerprints, touching = zip(*stale, strict=True) if stale else ((), ())
    con.register(
        "stale",
        pa.table(
            [pa.array(fingerprints, pa.string()), pa.array(touching, pa.list_(pa.string()))],
            ["fingerprint", "touching"],
        ),
    )
    found = con.execute("SELECT doc_id FROM state SEMI JOIN stale USING (fingerprint, touching) ORDER BY doc_id")
    return [row[0] for row in found.fetchall()]


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


def entities(
    scratch: Path, mentions: Sequence[Path], index: Sequence[Path], settings: Settings
) -> tuple[pa.Table, pa.Table]:
    """The rows of `aliases` and `entities`, over all mentions of the corpus.

    Holds every distinct name in memory: some 1 kB each.
    """
    con = duck.connect(scratch, threads=settings.workers)
    con.execute(f"CREATE TABLE m AS SELECT doc_id, alias_id, text, name, label FROM {duck.scan(MENTIONS, mentions)}")  # noqa: S608
    found = con.execute("""
        SELECT alias_id, name, label, count(DISTINCT doc_id), count(*) FROM m GROUP BY ALL ORDER BY alias_id
    """).fetchall()
    overrides = read_overrides(settings.aliases) if settings.aliases else ()
    gc.disable()  # nothing of it is garbage, and looking through a million names takes a quarter of the time
    try:
        clustered = aliases.cluster([AliasCount(*row[1:]) for row in found], overrides)
    finally:
        gc.enable()
    entity_of = ["" for _ in found]
    for entity in clustered:
        for position in entity.members:
            entity_of[position] = entity.entity_id
    alias_rows = pa.Table.from_arrays(
        [
            pa.array([row[0] for row in found], pa.string()),
            pa.array([row[1] for row in found], pa.string()),
            pa.array([row[2] for row in found], pa.string()),
            pa.array(entity_of, pa.string()),
        ],
        schema=ALIASES.arrow,
    )
    con.register("alias_of", alias_rows)
    columns = ("entity_id", "name", "label", "country", "external_id")
    schema = pa.schema([ENTITIES.arrow.field(name) for name in columns])
    found_entities = [{name: getattr(entity, name) for name in columns} for entity in clustered]
    con.register("clustered", pa.Table.from_pylist(found_entities, schema=schema))
    entity_rows = con.sql(f"""
        WITH forms AS (
            SELECT DISTINCT entity_id, form FROM (
                SELECT entity_id, unnest([m.text, m.name]) AS form FROM m JOIN alias_of USING (alias_id))
        ), listed AS (SELECT entity_id, list(form ORDER BY form) AS aliases FROM forms GROUP BY entity_id
        ), counted AS (
            SELECT entity_id, count(DISTINCT doc_id)::INTEGER AS documents, count(*)::INTEGER AS mentions,
                min(published_on) AS first_published_on, max(published_on) AS last_published_on
            FROM m JOIN alias_of USING (alias_id)
            JOIN (SELECT doc_id, published_on FROM {duck.scan(INDEX, index)}) USING (doc_id) GROUP BY entity_id
        )
        SELECT {", ".join(ENTITIES.names)} FROM clustered JOIN listed USING (entity_id) JOIN counted USING (entity_id)
        ORDER BY entity_id
    """).to_arrow_table()  # noqa: S608
    con.close()
    return alias_rows, entity_rows.cast(ENTITIES.arrow)


def read_overrides(path: Path) -> Sequence[aliases.Override]:
    """The user's alias file. Raises SettingsError where a row of it makes no sense."""
    return aliases.parse_overrides(path.read_text(encoding="utf-8"), path.suffix.lower().lstrip("."))
