"""Data tests: SQL that returns a row for each breach. The queries lie in `flows/data_tests/`, one a file.

A query's first comment line says what must hold. What follows from the schema alone (columns, keys, nulls) is made
from the schema.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from flows import duck
from transforms.schema import DATES, DOCUMENTS, MENTIONS, PARTITION, PUBLIC_TABLES, SCHEMA_VERSION, TABLES, Table

OVER_CORPUS = "-- over: corpus"
"""The line that marks a query which makes sense over the whole warehouse only."""
VERBATIM = (MENTIONS, DATES)
"""Tables whose rows quote their document."""
SHOWN = 20
"""Breaches shown of each check."""


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
    con = duck.connect(scratch, threads=threads)
    for table in TABLES.values():
        con.execute(f"CREATE VIEW {table.name} AS FROM {duck.scan(table, tables.get(table.name, []))}")
    for name, (must, sql) in queries().items():
        if not corpus and OVER_CORPUS in sql:
            continue
        breaches += _breaches(con, name, must, sql)
    con.close()
    for table in VERBATIM:
        breaches += islice(_not_verbatim(table, tables), SHOWN)
    return breaches


def _not_verbatim(table: Table, tables: Mapping[str, Sequence[Path]]) -> Iterator[Breach]:
    """Rows whose text is not the document's from start to end. Not in SQL, where a long document times its many rows
    takes gigabytes: here a part is held at a time."""
    rows_of = {_part(path): path for path in tables.get(table.name, ())}
    for path in tables.get(DOCUMENTS.name, ()):
        if _part(path) not in rows_of:
            continue
        held = pq.read_table(path, columns=["doc_id", "text"], partitioning=None)
        texts = dict(zip(held["doc_id"].to_pylist(), held["text"].to_pylist(), strict=True))
        file = pq.ParquetFile(rows_of[_part(path)])
        for batch in file.iter_batches(columns=["doc_id", "start", "end", "text"]):
            for doc_id, start, end, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if doc_id in texts and texts[doc_id][start:end] != text:
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
