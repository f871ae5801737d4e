"""What needs every document: repeated footers before the work, aliases and entities after it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows import duck
from flows.ingest import Input
from flows.settings import Settings
from flows.warehouse import Store
from transforms import aliases, boilerplate, segments
from transforms.identity import digest
from transforms.models import AliasCount
from transforms.offsets import restore
from transforms.schema import ALIASES, DOCUMENTS, ENTITIES, FOOTERS, INDEX, MENTIONS, REMOVALS

CUTTING = ("cut", "forced")


@dataclass(frozen=True, slots=True)
class Footers:
    """The repeated segments as they are now known."""

    table: pa.Table
    evidence: Path
    """The file of them that workers read."""
    rework: list[str]
    """doc_ids of known documents whose verdict they change, sorted."""


def learn_footers(
    store: Store, surveys: Sequence[str], drop: Sequence[str], settings: Settings, *, from_nothing: bool
) -> Footers:
    """Count the segments of all documents: those known, less `drop`, and those surveyed.

    `from_nothing`: nothing that is known counts, since everything was surveyed anew.
    """
    con = duck.connect(store.staging / "tmp")
    index = duck.scan(INDEX, [] if from_nothing else store.files(INDEX))
    con.register("dropped", pa.table({"doc_id": pa.array(drop, pa.string())}))
    con.execute(
        f"CREATE TABLE old AS SELECT doc_id, source, segments FROM {index} WHERE doc_id NOT IN (FROM dropped)"  # noqa: S608
    )
    _load_surveys(con, surveys)
    con.execute("""
        CREATE TABLE documents_of AS
        SELECT source, count(*) AS documents FROM
            (SELECT doc_id, source FROM old UNION ALL SELECT doc_id, source FROM new) GROUP BY source;
        CREATE TABLE met AS
        SELECT DISTINCT doc_id, source, key FROM (
            SELECT doc_id, source, unnest(segments) AS key FROM old
            UNION ALL SELECT doc_id, source, unnest(segments) AS key FROM new);
    """)
    before = _published(store, from_nothing=from_nothing)
    texts = {_key(row["segment"]): row["segment"] for row in before}
    texts.update(con.execute("SELECT key, min(text) FROM texts GROUP BY key HAVING count(*) > 0").fetchall())
    counted = con.execute(
        """
        SELECT source, key, count(*) AS documents, any_value(documents_of.documents) AS of, min(doc_id) AS example
        FROM met JOIN documents_of USING (source) GROUP BY source, key HAVING count(*) >= ? ORDER BY source, key
        """,
        [boilerplate.MIN_DOCUMENTS],
    ).fetchall()
    rows = sorted(_verdicts(counted, texts, settings), key=lambda row: (row["source"], row["segment"]))
    evidence = _evidence(rows, settings)
    path = store.staging / f"evidence-{digest(json.dumps(evidence, sort_keys=True))}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(evidence, sort_keys=True), encoding="utf-8")
    rework = _flipped(con, before, rows)
    con.close()
    return Footers(pa.Table.from_pylist(rows, schema=FOOTERS.arrow), path, rework)


def _load_surveys(con: duckdb.DuckDBPyConnection, surveys: Sequence[str]) -> None:
    con.execute("CREATE TABLE new (doc_id VARCHAR, source VARCHAR, segments BIGINT[])")
    con.execute("CREATE TABLE texts (key BIGINT, text VARCHAR)")
    for path in surveys:
        with pa.memory_map(path) as file, pa.ipc.open_file(file) as reader:
            surveyed = reader.read_all()
        con.register("surveyed", surveyed)
        con.execute("INSERT INTO new SELECT doc_id, source, segments FROM surveyed")
        con.execute("INSERT INTO texts SELECT DISTINCT unnest(segments), unnest(texts) FROM surveyed")
        con.unregister("surveyed")


def _published(store: Store, *, from_nothing: bool) -> list[dict[str, Any]]:
    con = duck.connect()
    rows: list[dict[str, Any]] = (
        con.sql(f"FROM {duck.scan(FOOTERS, [] if from_nothing else store.files(FOOTERS))}").to_arrow_table().to_pylist()
    )
    con.close()
    return rows


def _key(segment: str) -> int:
    return segments.key(segment)


def _verdicts(counted: list[tuple[Any, ...]], texts: dict[int, str], settings: Settings) -> Iterator[dict[str, Any]]:
    for source, key, documents, of, example in counted:
        segment = texts[key]
        told = settings.sources.get(source)
        if told and segment in told.keep:
            verdict = "forbidden"
        elif told and segment in told.cut:
            verdict = "forced"
        else:
            verdict = "cut" if boilerplate.verdict(documents, of) else "kept"
        yield {
            "source": source,
            "segment": segment,
            "documents": documents,
            "share": documents / of,
            "verdict": verdict,
            "example_doc_id": example,
        }


def _evidence(rows: Sequence[dict[str, Any]], settings: Settings) -> dict[str, dict[str, list[int]]]:
    cut: dict[str, set[int]] = {name: {_key(s) for s in told.cut} for name, told in settings.sources.items()}
    forbidden = {name: {_key(s) for s in told.keep} for name, told in settings.sources.items()}
    for row in rows:
        if row["verdict"] in CUTTING:
            cut.setdefault(row["source"], set()).add(_key(row["segment"]))
    names = sorted(cut.keys() | forbidden.keys())
    return {n: {"cut": sorted(cut.get(n, ())), "forbidden": sorted(forbidden.get(n, ()))} for n in names}


def _flipped(
    con: duckdb.DuckDBPyConnection, before: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]
) -> list[str]:
    """Known documents that have a segment which is cut now and was not, or the other way round."""

    def touched(footers: Sequence[dict[str, Any]]) -> set[tuple[str, int, str]]:
        verdicts = {"forced": "cut", "cut": "cut", "forbidden": "forbidden"}
        return {(f["source"], _key(f["segment"]), verdicts[f["verdict"]]) for f in footers if f["verdict"] in verdicts}

    flips = sorted(touched(before) ^ touched(rows))
    if not flips:
        return []
    con.register(
        "flips", pa.table({"source": [f[0] for f in flips], "key": pa.array([f[1] for f in flips], pa.int64())})
    )
    found = con.execute("""
        SELECT DISTINCT doc_id FROM met JOIN flips USING (source, key)
        WHERE doc_id IN (SELECT doc_id FROM old) ORDER BY doc_id
    """)
    return [row[0] for row in found.fetchall()]


def restored(store: Store, doc_ids: Sequence[str]) -> Iterator[Input]:
    """The inputs of known documents, made from the warehouse: their raw text is their text with the removals put back."""
    con = duck.connect(store.staging / "tmp")
    con.register("wanted", pa.table({"doc_id": pa.array(doc_ids, pa.string())}))
    query = f"""
        SELECT d.doc_id, source, uri, content_sha256, d.text, record,
            list({{'a': r.raw_start, 'b': r.text, 'c': r.replacement}} ORDER BY r.raw_start) FILTER (r.doc_id IS NOT NULL)
        FROM (FROM {duck.scan(DOCUMENTS, store.files(DOCUMENTS))} WHERE doc_id IN (FROM wanted)) d
        LEFT JOIN {duck.scan(REMOVALS, store.files(REMOVALS))} r ON r.doc_id = d.doc_id
        GROUP BY ALL ORDER BY d.doc_id
    """  # noqa: S608
    result = con.execute(query)
    while rows := result.fetchmany(500):
        for _, source, uri, sha256, text, record, removals in rows:
            raw = restore(text, [(r["a"], r["b"], r["c"]) for r in removals or ()])
            held = {"text": raw, "record": None if record is None else json.loads(record)}
            yield Input(source, uri, sha256, json.dumps(held).encode(), "restored")
    con.close()


def entities(
    scratch: Path, mentions: Sequence[Path], index: Sequence[Path], settings: Settings
) -> tuple[pa.Table, pa.Table]:
    """The rows of `aliases` and `entities`, over all mentions of the corpus.

    Holds every distinct name in memory: some 1 kB each.
    """
    con = duck.connect(scratch)
    con.execute(f"CREATE TABLE m AS SELECT doc_id, alias_id, text, name, label FROM {duck.scan(MENTIONS, mentions)}")  # noqa: S608
    found = con.execute("""
        SELECT alias_id, name, label, count(DISTINCT doc_id), count(*) FROM m GROUP BY ALL ORDER BY alias_id
    """).fetchall()
    overrides = read_overrides(settings.aliases) if settings.aliases else ()
    clustered = aliases.cluster([AliasCount(*row[1:]) for row in found], overrides)
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
    con.register("clustered", pa.Table.from_pylist(
        [{"entity_id": e.entity_id, "name": e.name, "label": e.label, "country": e.country, "external_id": e.external_id}
         for e in clustered],
        schema=pa.schema([ENTITIES.arrow.field(n) for n in ("entity_id", "name", "label", "country", "external_id")]),
    ))  # fmt: skip
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
