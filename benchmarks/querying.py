"""How long the questions of docs/querying.md and the report take over 100,000 documents.

    python -m benchmarks.querying WAREHOUSE OUT [DOCUMENTS]

makes OUT from the rows of WAREHOUSE, copied until there are DOCUMENTS, spread over ten years, their names over many
entities; then prints the seconds of each question, best of three, and of the report.
"""

import shutil
import sys
import time
from contextlib import closing
from pathlib import Path

from flows import catalog, report
from tests.documents import DOCS, questions
from transforms.schema import DOCUMENT_TABLES, PARTITION, PUBLIC_TABLES

MONTHS = 120
WORLDS = 500
"""Copies of the entities: as many as copies of the documents share their names."""
LENGTHENED = 6
"""Times that a text is repeated: the openings that we have are shorter than news stories are, some 3,300 characters."""
BEGINS = f"(DATE '2015-01-01' + INTERVAL 1 MONTH * (copy % {MONTHS})::INTEGER)::DATE"
MONTH = f"strftime({BEGINS}, '%Y-%m')"
PUBLISHED = f"({BEGINS} + ((day({{was}}) - 1) % 28)::INTEGER)::DATE"
"""The same day of the copy's month; the dates of a text move with it."""
DATES = "(SELECT t.*, d.published_on AS was FROM dates t JOIN documents d USING (doc_id, published_month))"


def make(source: Path, out: Path, documents: int) -> None:
    """A warehouse of so many documents at `out`, from the rows of the one at `source`."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    shutil.copy(source / "_manifest.json", out)
    with closing(catalog.connect(source)) as con:
        con.execute("SET memory_limit = '6GB'")
        there = catalog.rows(con, "SELECT count(*) AS n FROM documents")[0]["n"]
        copies = -(-documents // there)
        for table in PUBLIC_TABLES:
            columns = ", ".join(f'{_copied(table.name, column.name)} AS "{column.name}"' for column in table.columns)
            rows = DATES if table.name == "dates" else table.name
            number = copies if table in DOCUMENT_TABLES else WORLDS if table.name in {"aliases", "entities"} else 1
            query = f"SELECT {columns}, {MONTH} AS {PARTITION} FROM {rows}, range({number}) AS copies(copy)"
            folder = out / table.name
            if table.partitioned:
                order = ", ".join(f'"{key}"' for key in table.key)
                con.execute(f"""COPY ({query} ORDER BY {PARTITION}, {order}) TO '{folder}'
                    (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192, PARTITION_BY ({PARTITION}))""")
            else:
                folder.mkdir()
                con.execute(f"COPY (SELECT * EXCLUDE {PARTITION} FROM ({query})) TO '{folder}/part-0000.parquet'")
    catalog.refresh(out)


def _copied(table: str, column: str) -> str:
    if column in {"doc_id", "duplicate_of", "example_doc_id"}:
        return f'substring(md5("{column}" || copy), 1, 16)'
    if column in {"alias_id", "entity_id"}:
        return f'substring(md5("{column}" || copy % {WORLDS}), 1, 16)'
    if column in {"published_on", "published_earliest", "published_latest"}:
        return PUBLISHED.format(was=f'"{column}"')
    if column in {"earliest", "latest"}:
        return f'("{column}" + ({PUBLISHED.format(was="was")} - was)::INTEGER)'
    if (table, column) in {("aliases", "name"), ("entities", "name")}:
        return f"name || if(copy % {WORLDS} = 0, '', ' ' || copy % {WORLDS})"
    if (table, column) == ("documents", "text"):
        return f"repeat(text, {LENGTHENED})"
    return f'"{column}"'


def measure(root: Path) -> None:
    """Print the seconds of each question and of the report."""
    with closing(catalog.connect(root)) as con:
        for question in questions((DOCS / "querying.md").read_text(encoding="utf-8")):
            query = question.sql.replace("'2016-02'", "'2020-01'")
            seconds, rows = [], 0
            for _ in range(3):
                start = time.perf_counter()
                rows = con.sql(query).to_arrow_table().num_rows
                seconds.append(time.perf_counter() - start)
            print(f"{min(seconds):6.2f} s  {rows:6} rows  {question.title}")
    start = time.perf_counter()
    path = report.write(root)
    print(f"{time.perf_counter() - start:6.2f} s  {path.stat().st_size / 1e6:.2f} MB  the report")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        make(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 100_000)
    measure(Path(sys.argv[-1] if len(sys.argv) == 2 else sys.argv[2]))
