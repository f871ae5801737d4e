"""Answers from the warehouse, written to a terminal or a pipe."""

import sys
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows import catalog
from flows.reader import Warehouse
from transforms.errors import SettingsError, WarehouseError

SHOWN = 100
"""Rows that a table on the terminal shows."""


def write(root: Path, query: str, format_: str) -> None:
    """Write the answer to `query` on stdout as `table`, `csv`, `json` (an array of objects) or `parquet`.

    Raises SettingsError where DuckDB refuses the query.
    """
    Warehouse(root)
    try:
        with catalog.connect(root) as con:
            answer: pa.Table = con.sql(query).to_arrow_table()
    except (duckdb.Error, AttributeError) as e:
        raise SettingsError(f"the query cannot be answered: {str(e).splitlines()[0]}") from e
    if format_ == "table":
        Console().print(_table(answer))
    elif format_ == "csv":
        pa_csv.write_csv(_flat(answer), sys.stdout.buffer)
    elif format_ == "json":
        sys.stdout.buffer.write(orjson.dumps(answer.to_pylist(), option=orjson.OPT_APPEND_NEWLINE, default=str))
    else:
        pq.write_table(answer, sys.stdout.buffer, compression="zstd")


def explain(root: Path, document: str) -> None:
    """Print what is known of one document (its doc_id or uri). Raises WarehouseError where there is none."""
    Warehouse(root)
    console = Console()
    with catalog.connect(root) as con:
        found = _rows(con, "SELECT * EXCLUDE (text, record) FROM documents WHERE doc_id = $1 OR uri = $1", document)
        if not found:
            raise WarehouseError(
                f'{document!r} is no doc_id or uri of this warehouse; `dateline sql "FROM documents"` lists them'
            )
        for about in found:
            console.print(_facts(about))
            for title, query in EXPLAIN.items():
                answer = con.sql(query, params=[about["doc_id"]]).to_arrow_table()
                console.print(_table(answer, f"{title} ({answer.num_rows})"))


EXPLAIN = {
    "What was cut, and why": """
        SELECT raw_start, raw_end, kind, rule, witness, spdx_id, rights_holder, text FROM removals
        WHERE doc_id = $1 ORDER BY raw_start""",
    "Mentions": """
        SELECT start, text, label, name, entity_name AS entity, entity_id FROM entity_mentions
        WHERE doc_id = $1 ORDER BY start""",
    "Dates": 'SELECT start, text, type, value, "mod", earliest, latest, anchor, rule FROM dates WHERE doc_id = $1 ORDER BY start',
    "Topics": "SELECT rank, scheme, topic_id, label, round(score, 2) AS score, evidence FROM topics WHERE doc_id = $1 ORDER BY rank",
    "Keyphrases": "SELECT rank, phrase, round(score, 2) AS score FROM keyphrases WHERE doc_id = $1 ORDER BY rank",
}


def rejects(root: Path, run_id: str | None) -> None:
    """Print the rejects of a run; by default of the last."""
    Warehouse(root)
    with catalog.connect(root) as con:
        chosen = run_id or (con.execute("SELECT max(run_id) FROM runs").fetchone() or [None])[0]
        answer = con.sql(
            "SELECT uri, stage, code, detail, content_sha256 FROM rejects WHERE run_id = ? ORDER BY uri",
            params=[chosen],
        ).to_arrow_table()
    Console().print(_table(answer, f"Rejects of run {chosen} ({answer.num_rows})"))


def _rows(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.sql(query, params=list(values)).to_arrow_table().to_pylist()
    return rows


def _facts(about: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False)
    for name, value in about.items():
        if value is not None:
            table.add_row(Text(name, style="bold"), Text(str(value)))
    return table


def _table(answer: pa.Table, title: str | None = None) -> Table:
    table = Table(title=title, box=box.SIMPLE, title_justify="left")
    for name in answer.schema.names:
        table.add_column(Text(name))
    for row in answer.slice(0, SHOWN).to_pylist():
        table.add_row(*(Text("" if value is None else _shown(value)) for value in row.values()))
    if answer.num_rows > SHOWN:
        table.caption = f"{SHOWN} of {answer.num_rows} rows; --format csv writes them all"
    return table


def _shown(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(c if c.isprintable() or c == " " else " " for c in text)


def _flat(answer: pa.Table) -> pa.Table:
    """Lists and structs as JSON, since CSV has neither."""
    for i, field in enumerate(answer.schema):
        if pa.types.is_nested(field.type):
            column = pa.array(
                [None if v is None else orjson.dumps(v, default=str).decode() for v in answer[i].to_pylist()],
                pa.string(),
            )
            answer = answer.set_column(i, field.name, column)
    return answer
