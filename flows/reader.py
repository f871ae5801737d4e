"""The warehouse as a reader sees it, in Python."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from upath import UPath

from flows import catalog
from flows.places import place, remote
from flows.warehouse import MANIFEST
from transforms.errors import SettingsError, WarehouseError
from transforms.schema import PARTITION, PUBLIC_TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

TRIES = 3
"""A run may replace files between listing and reading them; then the table is read again."""


class Warehouse:
    """A warehouse to read from. Raises WarehouseError where the folder holds none."""

    def __init__(self, path: str | Path | UPath) -> None:
        self.path: Path | UPath = place(path) if "://" in str(path) else Path(str(path))
        if not (self.path / MANIFEST).exists():
            raise WarehouseError(
                f"{self.path}: there is no warehouse here; `dateline run RAW --warehouse {self.path}` makes one"
            )

    def table(
        self, name: str, columns: Sequence[str] | None = None, months: Sequence[str] | None = None
    ) -> "pd.DataFrame":
        """A table as a DataFrame with Arrow-backed types, in the order of its key within each month.

        `columns`: only these; `months`: only these partitions (`2022-09`, `unknown`). Raises WarehouseError for a
        table, column or month filter that there is not.
        """
        table = self._table(name)
        known = [column.name for column in catalog.columns(table)]
        wanted = list(columns) if columns is not None else known
        if unknown := [c for c in wanted if c not in known]:
            raise WarehouseError(f"{name}: has no column {unknown[0]!r}; its columns are {', '.join(known)}")
        if months is not None and not table.partitioned:
            raise WarehouseError(f"{name}: is not partitioned by month; leave `months` out")
        return _pandas(self._read(table, months).select(wanted))

    def sql(self, query: str) -> "pd.DataFrame":
        """The answer to an SQL query over the views, as a DataFrame with Arrow-backed types; of columns with the same
        name the later ones are numbered. Raises SettingsError for a statement that has no answer.
        """
        with catalog.connect(self.path) as con:
            return _pandas(answer(con, query))

    def _table(self, name: str) -> Table:
        for table in PUBLIC_TABLES:
            if table.name == name:
                return table
        raise WarehouseError(f"{name!r} is no table; the tables are {', '.join(t.name for t in PUBLIC_TABLES)}")

    def _read(self, table: Table, months: Sequence[str] | None) -> pa.Table:
        schema = table.arrow.append(pa.field(PARTITION, pa.string())) if table.partitioned else table.arrow
        partitioning = (
            ds.partitioning(pa.schema([(PARTITION, pa.string())]), flavor="hive") if table.partitioned else None
        )
        keep = pc.field(PARTITION).isin(list(months)) if months is not None else None
        for attempt in range(TRIES):
            folder = self.path / table.name
            if not folder.exists():
                return schema.empty_table()
            try:
                url = remote(folder)
                where, how = (url.path, url.fs) if url else (folder, None)
                return ds.dataset(where, schema=schema, partitioning=partitioning, filesystem=how).to_table(filter=keep)
            except FileNotFoundError:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError


def answer(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The answer to a query. A column whose name an earlier one has is numbered: `a`, `a_1`, `a_2`.

    Raises SettingsError for a statement that has no answer, duckdb.Error where DuckDB refuses it.
    """
    relation = con.sql(query)
    if relation is None:
        raise SettingsError("the statement has no answer; ask with SELECT, FROM, DESCRIBE or SUMMARIZE")
    table = relation.to_arrow_table()
    return table.rename_columns(_told_apart(table.column_names))


def _told_apart(names: Sequence[str]) -> list[str]:
    taken, told = set(names), list[str]()
    for name in names:
        numbered = (f"{name}_{number}" for number in count(1) if f"{name}_{number}" not in taken)
        told.append(name if name not in told else next(numbered))
        taken.add(told[-1])
    return told


def _pandas(table: pa.Table) -> "pd.DataFrame":
    frame: pd.DataFrame = table.to_pandas(types_mapper=_arrow_backed)
    return frame


def _arrow_backed(type_: pa.DataType) -> "pd.ArrowDtype":
    import pandas as pd  # noqa: PLC0415 - so that importing the reader stays cheap

    return pd.ArrowDtype(type_)
