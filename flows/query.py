"""Answers from the warehouse, written to a terminal or a pipe."""

import os
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
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from upath import UPath

from flows import catalog, reader, runs
from flows.reader import Warehouse
from transforms.errors import SettingsError, WarehouseError

SHOWN = 100
"""Rows that the answer to a query has on the terminal at most."""
WIDE = 1_000
"""Columns that a table may take where there is no terminal to say."""


def write(root: Path | UPath, query: str, format_: str) -> None:
    """Write the answer to `query` on stdout as `table`, `csv`, `json` (an array of objects) or `parquet`.

    Raises SettingsError where DuckDB refuses the query, or where it has no answer.
    """
    Warehouse(root)
    try:
        with catalog.connect(root) as con:
            answer = reader.answer(con, query)
    except duckdb.Error as e:
        raise SettingsError(f"the query cannot be answered: {str(e).splitlines()[0]}") from e
    if format_ == "table":
        _console(WIDE).print(_table(answer, most=SHOWN))
    elif format_ == "csv":
        pa_csv.write_csv(_flat(answer), sys.stdout.buffer)
    elif format_ == "json":
        sys.stdout.buffer.write(orjson.dumps(answer.to_pylist(), option=orjson.OPT_APPEND_NEWLINE, default=str))
    else:
        pq.write_table(answer, sys.stdout.buffer, compression="zstd")


def explain(root: Path | UPath, document: str) -> None:
    """Print what is known of one document (its doc_id or uri). Raises WarehouseError where there is none."""
    Warehouse(root)
    console = _console(EXPLAINED)
    with catalog.connect(root) as con:
        found = catalog.rows(con, "SELECT * EXCLUDE text FROM documents WHERE doc_id = $1 OR uri = $1", [document])
        if not found:
            raise WarehouseError(
                f'{document!r} is no doc_id or uri of this warehouse; `dateline sql "FROM documents"` lists them'
            )
        for about in found:
            known = {name: catalog.rows(con, query, [about["doc_id"]]) for name, query in EXPLAIN.items()}
            console.print(_facts(about))
            console.print(_heading("What was cut, and why", known["cuts"]))
            for cut in known["cuts"]:
                console.print(Text(f"  {_reason(cut)}"))
                console.print(Padding(Text(_excerpt(cut["text"]), style="strike"), (0, 0, 0, 4)))
            for title in ("Mentions", "Dates", "Topics"):
                console.print(_heading(title, known[title]))
                if known[title]:
                    console.print(_table(pa.Table.from_pylist(known[title])))
            console.print(_heading("Keyphrases", known["keyphrases"]))
            console.print(Padding(Text(", ".join(_shown(k["phrase"]) for k in known["keyphrases"])), (0, 0, 1, 2)))


EXPLAINED = 100
"""Columns that the explanation of a document takes where there is no terminal to say."""
EXPLAIN = {
    "cuts": "SELECT * FROM removals WHERE doc_id = $1 ORDER BY raw_start",
    "Mentions": """
        SELECT m.start AS at, m.text, m.label, coalesce(e.name, m.name) AS entity, e.country
        FROM mentions m LEFT JOIN aliases a USING (alias_id) LEFT JOIN entities e USING (entity_id)
        WHERE doc_id = $1 ORDER BY start""",
    "Dates": """
        SELECT start AS at, text, concat_ws(' ', value, "mod") AS value,
               if(earliest = latest, earliest::VARCHAR, concat_ws(' – ', earliest, latest)) AS means,
               concat_ws(', ', if(anchor = 'none', NULL, 'from ' || anchor), rule) AS how
        FROM dates WHERE doc_id = $1 ORDER BY start""",
    "Topics": """
        SELECT round(score, 2) AS score, label AS topic, topic_id AS id, evidence AS because
        FROM topics WHERE doc_id = $1 ORDER BY rank""",
    "keyphrases": "SELECT phrase FROM keyphrases WHERE doc_id = $1 ORDER BY rank",
}


def _heading(title: str, known: list[dict[str, Any]]) -> Text:
    return Text(f"\n{title} ({len(known)})" if known else f"\n{title}: none", style="bold")


def _reason(cut: dict[str, Any]) -> str:
    witness = {"rule": "rule {rule}", "repeated": "repeated in its source", "both": "rule {rule}, and repeated"}
    told = [
        f"raw text {cut['raw_start']}–{cut['raw_end']}", cut["kind"], witness[cut["witness"]].format(rule=cut["rule"]),
        cut["spdx_id"], cut["rights_holder"], cut["replacement"] and f"now {cut['replacement'][:40]!r}",
    ]  # fmt: skip
    return _shown(" · ".join(part for part in told if part))


def _excerpt(text: str) -> str:
    one_line = _shown(" ".join(text.split()))
    return one_line if len(one_line) <= LONGEST else f"{one_line[:LONGEST]}… ({len(text):,} characters)"


LONGEST = 300
"""Characters shown of one thing that was cut."""


def rejects(root: Path | UPath, run_id: str | None) -> None:
    """Print all rejects of a run; by default of the last that has any. Raises WarehouseError where there is no such
    run."""
    Warehouse(root)
    chosen, found = runs.rejects_of(root, run_id)
    names = ("uri", "stage", "code", "detail")
    rows = pa.table({name: pa.array([getattr(r, name) for r in found], pa.string()) for name in names})
    title = f"Rejects of run {chosen} ({len(found)})" if chosen else "No run has rejects"
    _console(WIDE).print(_table(rows, title))


def _console(width: int) -> Console:
    """A console as wide as the terminal, or as `COLUMNS` says; `width` where neither is known."""
    told = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if told else width)


def _facts(about: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False)
    for name, value in about.items():
        if value is not None:
            table.add_row(Text(name, style="bold"), Text(_shown(value)))
    return table


def _table(answer: pa.Table, title: str | None = None, most: int | None = None) -> Table:
    table = Table(title=title, box=box.SIMPLE, title_justify="left")
    for name in answer.schema.names:
        table.add_column(Text(name))
    for row in answer.slice(0, most).to_pylist():
        table.add_row(*(Text("" if value is None else _shown(value)) for value in row.values()))
    if most and answer.num_rows > most:
        table.caption = f"{most} of {answer.num_rows} rows; --format csv writes them all"
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
