"""DuckDB as the engine for what needs every document: it spills to disk beyond its share of memory."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from upath import UPath

from flows.places import listing_once, remote
from transforms.schema import Table

MEMORY = "2GB"
PORTION = 16_000_000
"""Bytes of files that a query over parts reads at once: what it holds is bounded by them."""


def connect(
    scratch: Path | None = None,
    reads: Path | UPath | None = None,
    threads: int | None = None,
    file: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection, in memory or to the database `file`, that loads no extension; beyond its memory it spills to
    `scratch`. It can read what lies at `reads`, on an object store too, and takes so many `threads` (default: one a
    core)."""
    con = duckdb.connect(
        file or ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    con.execute(f"SET memory_limit = '{MEMORY}'")
    con.execute("SET TimeZone = 'UTC'")
    if threads:
        con.execute(f"SET threads = {threads}")
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
        con.execute(f"SET temp_directory = {quote(str(scratch))}")
    if reads and (url := remote(reads)):
        con.register_filesystem(listing_once(url))
    return con


def quote(value: str) -> str:
    """The value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def reason(e: duckdb.Error) -> str:
    """What went wrong, without the excerpt of the query that DuckDB sets below it."""
    return str(e).partition("\n")[0]


def literal(path: Path | UPath) -> str:
    """The path as a pattern that nothing else matches: DuckDB takes each path that it reads for one."""
    return "".join(f"[{c}]" if c in "[*?" else c for c in str(path))


def scan(table: Table, files: Sequence[Path]) -> str:
    """An SQL relation over the files, with the table's columns and types even where there is no file."""
    if not files:
        nulls = ", ".join(f"NULL::{sql_type(c.type)} AS {c.name}" for c in table.columns)
        return f"(SELECT {nulls} WHERE false)"
    listed = ", ".join(quote(literal(f)) for f in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def portions(parts: Sequence[tuple[Path, ...]]) -> list[list[tuple[Path, ...]]]:
    """The parts, each the files of some documents, in groups of PORTION bytes; a larger part is a group of its own."""
    groups: list[list[tuple[Path, ...]]] = []
    size = PORTION
    for part in parts:
        weight = sum(path.stat().st_size for path in part)
        if size + weight > PORTION:
            groups.append([])
            size = 0
        groups[-1].append(part)
        size += weight
    return groups


def sql_type(type_: pa.DataType) -> str:
    """DuckDB's name of an Arrow type that the schema uses."""
    if pa.types.is_list(type_):
        return f"{sql_type(type_.value_type)}[]"
    if pa.types.is_struct(type_):
        return "STRUCT(" + ", ".join(f"{f.name} {sql_type(f.type)}" for f in type_) + ")"
    if pa.types.is_timestamp(type_):
        return "TIMESTAMP WITH TIME ZONE"
    return {"string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE", "date32[day]": "DATE"}[
        str(type_)
    ]
