"""Data tests: SQL that returns a row for each breach. The queries lie in `flows/data_tests/`, one a file.

A query's first comment line says what must hold. What follows from the schema alone (columns, keys, nulls) is made
from the schema.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows import duck
from transforms.schema import (
    DATES,
    DOCUMENT_TABLES,
    DOCUMENTS,
    MENTIONS,
    PARTITION,
    PUBLIC_TABLES,
    SCHEMA_VERSION,
    TABLES,
    Table,
)

OVER_CORPUS = "-- over: corpus"
"""The line that marks a query which makes sense over the whole warehouse only."""
DOCUMENTS_HELD = 500
"""Documents whose text is compared at a time."""
VERBATIM = (MENTIONS, DATES)
"""Tables whose rows quote their document."""
SHOWN = 20
"""Breaches shown of each check, of a group of parts."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that should not be."""

    check: str
    must: str
    """What must hold."""
    row: str


def queries() -> dict[str, tuple[str, str]]:
    """Name of each check -> what must hold, and the SQL that returns the breaches."""
    found: dict[str, tuple[str, str]] = {}
    for table in PUBLIC_TABLES:
        key = ", ".join(table.key)
        needed = " OR ".join(f'"{c.name}" IS NULL' for c in table.columns if not c.nullable)
        repeated = f"SELECT {key}, count(*) AS times FROM {table.name} GROUP BY {key} HAVING count(*) > 1"  # noqa: S608
        found[f"{table.name}_key"] = (f"{table.name}: each ({key}) stands once", repeated)
        nulls = f"SELECT {key} FROM {table.name} WHERE {needed}"  # noqa: S608
        found[f"{table.name}_nulls"] = (f"{table.name}: no null where the schema has none", nulls)
    for file in sorted(files("flows").joinpath("data_tests").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".sql"):
            sql = file.read_text(encoding="utf-8")
            found[file.name.removesuffix(".sql")] = (sql.splitlines()[0].removeprefix("-- "), sql)
    return found


def run(
    tables: Mapping[str, Sequence[Path]],
    scratch: Path | None = None,
    *,
    corpus: bool = True,
    threads: int | None = None,
) -> list[Breach]:
    """The breaches in the files given for each table; tables not given count as empty.

    `corpus`: the files are the whole warehouse's; if not, what needs all of it is passed over.
    """
    breaches = list(_schemas(tables))
    if breaches:
        return breaches
    asked = {name: query for name, query in queries().items() if corpus or OVER_CORPUS not in query[1]}
    by_part = {name: query for name, query in asked.items() if _is_by_part(query[1])}
    whole = {name: query for name, query in asked.items() if name not in by_part}
    for some, of in [*((by_part, portion) for portion in _portions(tables)), (whole, tables)]:
        with duck.connect(scratch, threads=threads) as con:
            breaches += _asked(some, of, con)
    for table in VERBATIM:
        breaches += islice(_not_verbatim(table, tables), SHOWN)
    return breaches


def _is_by_part(sql: str) -> bool:
    """Whether a query is about documents and looks no further than one at a time, so that parts can be asked apart."""
    about_documents = re.search(rf"\b(?:{'|'.join(table.name for table in DOCUMENT_TABLES)})\b", sql)
    return bool(about_documents) and OVER_CORPUS not in sql


def _portions(tables: Mapping[str, Sequence[Path]]) -> list[dict[str, list[Path]]]:
    """The tables about documents some parts at a time, each time with the tables of the whole corpus."""
    parts: dict[tuple[str, str], dict[Path, str]] = defaultdict(dict)
    for table in DOCUMENT_TABLES:
        for path in tables.get(table.name, ()):
            parts[_part(path)][path] = table.name
    portions = []
    for some in duck.portions([tuple(part) for part in parts.values()]) or [[]]:
        portion = {name: list(paths) for name, paths in tables.items() if TABLES[name] not in DOCUMENT_TABLES}
        for part in some:
            for path in part:
                portion.setdefault(parts[_part(path)][path], []).append(path)
        portions.append(portion)
    return portions


def _asked(
    some: Mapping[str, tuple[str, str]], files: Mapping[str, Sequence[Path]], con: duckdb.DuckDBPyConnection
) -> Iterator[Breach]:
    for table in TABLES.values():
        con.execute(f"CREATE VIEW {table.name} AS FROM {duck.scan(table, files.get(table.name, []))}")
    for name, (must, sql) in some.items():
        yield from _breaches(con, name, must, sql)


def _not_verbatim(table: Table, tables: Mapping[str, Sequence[Path]]) -> Iterator[Breach]:
    """Rows whose text is not the document's from start to end. Not in SQL, where a long document times its many rows
    takes gigabytes: here some documents are held at a time."""
    rows_of = {_part(path): path for path in tables.get(table.name, ())}
    for path in tables.get(DOCUMENTS.name, ()):
        if _part(path) not in rows_of:
            continue
        rows = pq.read_table(rows_of[_part(path)], columns=["doc_id", "start", "end", "text"], partitioning=None)
        for held in pq.ParquetFile(path).iter_batches(DOCUMENTS_HELD, columns=["doc_id", "text"]):
            texts = dict(zip(*(column.to_pylist() for column in held.columns), strict=True))
            theirs = rows.filter(pc.is_in(rows["doc_id"], held["doc_id"]))
            for doc_id, start, end, text in zip(*(column.to_pylist() for column in theirs.columns), strict=True):
                if texts[doc_id][start:end] != text:
                    must = f"{table.name}: the text of a row is the document's from start to end"
                    yield Breach(f"{table.name}_text", must, f"{doc_id=}, {start=}, {end=}, {text=:.80}")


def _part(path: Path) -> tuple[str, str]:
    """What tells the parts of a table apart."""
    return (path.parent.name, path.name) if path.parent.name.startswith(PARTITION) else ("", "")


def _breaches(con: duckdb.DuckDBPyConnection, name: str, must: str, sql: str) -> Iterator[Breach]:
    result = con.execute(sql)
    columns = [column[0] for column in result.description or ()]
    for row in result.fetchmany(SHOWN):
        yield Breach(name, must, ", ".join(f"{c}={v!r:.80}" for c, v in zip(columns, row, strict=True)))


def _schemas(tables: Mapping[str, Sequence[Path]]) -> Iterator[Breach]:
    for name, paths in tables.items():
        for path in paths:
            if problem := schema_problem(TABLES[name], path):
                yield Breach(
                    f"{name}_schema", f"{name}: its files have the columns of the schema", f"{path}: {problem}"
                )


def schema_problem(table: Table, path: Path) -> str | None:
    """What is wrong with the columns or the version of a file; None where nothing is."""
    try:
        schema = pq.read_schema(path)
    except (OSError, ValueError) as e:
        return f"cannot be read: {e}"
    if (schema.metadata or {}).get(b"dateline.schema_version") != SCHEMA_VERSION.encode():
        return f"not of schema version {SCHEMA_VERSION}"
    if not schema.equals(table.arrow):
        return "columns differ from the schema's"
    return None
