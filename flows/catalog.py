"""The DuckDB views over a warehouse: one a table, with a comment on every column, and the two that join."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from upath import UPath

from flows import duck
from flows.places import local, remote
from transforms import licences
from transforms.errors import WarehouseError
from transforms.schema import DOCUMENTS, MENTIONS, PARTITION, PUBLIC_TABLES, Column, Table
from transforms.schema import TEXT as TEXT_TYPE

CATALOG = "dateline.duckdb"
MONTH = Column(PARTITION, TEXT_TYPE, "Month of publication, `YYYY-MM`, or `unknown`: the partition.")


def columns(table: Table) -> list[Column]:
    """The columns of the table's view: the schema's, and the partition."""
    return [*table.columns, MONTH] if table.partitioned else list(table.columns)


ENTITY_MENTIONS = """
SELECT m.*, a.entity_id, e.name AS entity_name, e.label AS entity_label, e.country
FROM mentions m JOIN aliases a USING (alias_id) JOIN entities e USING (entity_id)
"""
REDISTRIBUTABLE = "SELECT * FROM documents WHERE spdx_id IN ({ids})"
VIEWS: dict[str, tuple[str, list[Column]]] = {
    "entity_mentions": (
        "Mentions joined to their entities.",
        [
            *columns(MENTIONS),
            Column("entity_id", TEXT_TYPE, "`entities.entity_id`."),
            Column("entity_name", TEXT_TYPE, "The entity's best name: `entities.name`."),
            Column("entity_label", TEXT_TYPE, "The entity's label: `entities.label`."),
            Column("country", TEXT_TYPE, "ISO 3166-1 alpha-2, where it is a place or a nationality.", nullable=True),
        ],
    ),
    "redistributable": (
        "Documents whose licence lets you pass on the cleaned text: docs/licences.md.",
        columns(DOCUMENTS),
    ),
}
"""The views besides those of the tables: what they are and their columns."""


def statements(root: Path | UPath) -> list[str]:
    """The SQL that makes the views over the warehouse at `root`."""
    ids = ", ".join(duck.quote(i) for i in sorted(licences.redistributable()))
    return [
        *(f"CREATE VIEW {table.name} AS {_select(root, table)}" for table in PUBLIC_TABLES),
        f"CREATE VIEW entity_mentions AS {ENTITY_MENTIONS}",
        f"CREATE VIEW redistributable AS {REDISTRIBUTABLE.format(ids=ids)}",
    ]


def comments() -> list[str]:
    """The SQL that comments on every view and on every column of it."""
    told = {table.name: (table.description, columns(table)) for table in PUBLIC_TABLES} | VIEWS
    sql: list[str] = []
    for name, (description, described) in told.items():
        sql.append(f"COMMENT ON VIEW {name} IS {duck.quote(description)}")
        sql += [f'COMMENT ON COLUMN {name}."{c.name}" IS {duck.quote(c.description)}' for c in described]
    return sql


def connect(root: Path | UPath) -> duckdb.DuckDBPyConnection:
    """A connection in memory with the views over the warehouse at `root`. Raises WarehouseError where a file of it
    cannot be read."""
    con = duck.connect(reads=root)
    with _readable():
        for sql in statements(root):
            con.execute(sql)
    return con


def rows(con: duckdb.DuckDBPyConnection, query: str, values: Any = None) -> list[dict[str, Any]]:
    """The answer to a query of ours, a dict a row; `values` for its parameters. Raises WarehouseError where a file
    cannot be read."""
    with _readable():
        answer: list[dict[str, Any]] = con.sql(query, params=values).to_arrow_table().to_pylist()
    return answer


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as e:
        raise WarehouseError(f"{duck.reason(e)}; `dateline check` says what is lost or damaged") from e


def refresh(root: Path | UPath) -> None:
    """Make `dateline.duckdb` anew; readers of the old file keep it until they close it."""
    url = remote(root)
    with tempfile.TemporaryDirectory() as scratch:  # DuckDB takes what follows a `?` in a path for options
        made = Path(scratch) / CATALOG
        _write(made, url or local(root).resolve())
        if url:
            url.fs.put_file(str(made), (url / CATALOG).path)
            return
        new = local(root) / f".{CATALOG}.new"
        shutil.copyfile(made, new)
    new.replace(local(root) / CATALOG)


def _write(path: Path, root: Path | UPath) -> None:
    with duck.connect(reads=root, file=path) as con:
        con.begin()
        for sql in [*statements(root), *comments()]:
            con.execute(sql)
        con.commit()


def _select(root: Path | UPath, table: Table) -> str:
    folder = root / table.name
    pattern = _glob(folder, table)
    named = ", ".join(f'"{column.name}"' for column in columns(table))
    if not pattern:
        missing = f", NULL::VARCHAR AS {PARTITION}" if table.partitioned else ""
        return f"SELECT {named} FROM (SELECT *{missing} FROM {duck.scan(table, [])})"  # noqa: S608
    files = duck.quote(f"{duck.literal(folder)}/{pattern}")
    hive = f", hive_partitioning = true, hive_types = {{'{PARTITION}': VARCHAR}}" if table.partitioned else ""
    return f"SELECT {named} FROM read_parquet({files}{hive})"  # noqa: S608


def _glob(folder: Path | UPath, table: Table) -> str | None:
    """The pattern of the table's files below its folder; None where there is no file yet."""
    if url := remote(folder):  # `**` is one request to list them all, `*` one for each partition
        return "**/*.parquet" if any(key.endswith(".parquet") for key in url.fs.find(url.path)) else None
    pattern = f"{PARTITION}=*/*.parquet" if table.partitioned else "*.parquet"
    return pattern if next(local(folder).glob(pattern), None) else None
