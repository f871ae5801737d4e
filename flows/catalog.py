"""The DuckDB views over a warehouse: one a table, with a comment on every column, and the two that join."""

import contextlib
from pathlib import Path
from typing import Any

import duckdb

from flows import duck
from transforms import licences
from transforms.schema import PARTITION, PUBLIC_TABLES, Column, Table
from transforms.schema import TEXT as TEXT_TYPE

CATALOG = "dateline.duckdb"
MONTH = Column(PARTITION, TEXT_TYPE, "Month of publication, `YYYY-MM`, or `unknown`: the partition.")

ENTITY_MENTIONS = """
SELECT m.*, a.entity_id, e.name AS entity_name, e.label AS entity_label, e.country
FROM mentions m JOIN aliases a USING (alias_id) JOIN entities e USING (entity_id)
"""
REDISTRIBUTABLE = "SELECT * FROM documents WHERE spdx_id IN ({ids})"
VIEWS = {
    "entity_mentions": "Mentions joined to their entities.",
    "redistributable": "Documents whose licence lets you pass on the cleaned text: docs/licences.md.",
}


def columns(table: Table) -> list[Column]:
    """The columns of the table's view: the schema's, and the partition."""
    return [*table.columns, MONTH] if table.partitioned else list(table.columns)


def statements(root: Path) -> list[str]:
    """The SQL that makes the views over the warehouse at `root`."""
    sql: list[str] = []
    for table in PUBLIC_TABLES:
        sql.append(f"CREATE VIEW {table.name} AS {_select(root, table)}")
        sql.append(f"COMMENT ON VIEW {table.name} IS {duck.quote(table.description)}")
        sql += [
            f'COMMENT ON COLUMN {table.name}."{column.name}" IS {duck.quote(column.description)}'
            for column in columns(table)
        ]
    ids = ", ".join(duck.quote(i) for i in sorted(licences.redistributable()))
    sql.append(f"CREATE VIEW entity_mentions AS {ENTITY_MENTIONS}")
    sql.append(f"CREATE VIEW redistributable AS {REDISTRIBUTABLE.format(ids=ids)}")
    sql += [f"COMMENT ON VIEW {name} IS {duck.quote(comment)}" for name, comment in VIEWS.items()]
    return sql


def connect(root: Path) -> duckdb.DuckDBPyConnection:
    """A connection in memory with the views over the warehouse at `root`."""
    con = duck.connect()
    for sql in statements(root):
        con.execute(sql)
    return con


def rows(con: duckdb.DuckDBPyConnection, query: str, values: Any = None) -> list[dict[str, Any]]:
    """The answer to a query, a dict a row; `values` for its parameters."""
    answer: list[dict[str, Any]] = con.sql(query, params=values).to_arrow_table().to_pylist()
    return answer


def refresh(root: Path) -> None:
    """Make `dateline.duckdb` anew; readers of the old file keep it until they close it."""
    new = root / f".{CATALOG}.new"
    new.unlink(missing_ok=True)
    with contextlib.closing(duckdb.connect(new)) as con:
        con.begin()
        for sql in statements(root.resolve()):
            con.execute(sql)
        con.commit()
    new.replace(root / CATALOG)


def _select(root: Path, table: Table) -> str:
    files = _glob(root, table)
    named = ", ".join(f'"{column.name}"' for column in columns(table))
    if not files:
        missing = f", NULL::VARCHAR AS {PARTITION}" if table.partitioned else ""
        return f"SELECT {named} FROM (SELECT *{missing} FROM {duck.scan(table, [])})"  # noqa: S608
    pattern = duck.quote(str(root / files))
    hive = f", hive_partitioning = true, hive_types = {{'{PARTITION}': VARCHAR}}" if table.partitioned else ""
    return f"SELECT {named} FROM read_parquet({pattern}{hive})"  # noqa: S608


def _glob(root: Path, table: Table) -> str | None:
    pattern = f"{table.name}/{PARTITION}=*/*.parquet" if table.partitioned else f"{table.name}/*.parquet"
    return pattern if next(root.glob(pattern), None) else None
