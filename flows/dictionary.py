"""The data dictionary, written from the schema: `python -m flows.dictionary > docs/dictionary.md`."""

import sys
from collections.abc import Iterator, Sequence

from flows import catalog
from flows.duck import sql_type
from transforms.schema import PARTITION, PUBLIC_TABLES, SCHEMA_VERSION, Column

HEAD = f"""# Data dictionary

Written from `transforms/schema.py` by `python -m flows.dictionary`; a test compares. Schema version {SCHEMA_VERSION}.

Offsets count Unicode code points, start included, end excluded. `start`/`end` point into `documents.text`,
`raw_start`/`raw_end` into the raw text. Times are UTC. A table about documents has one folder a month,
`{PARTITION}=YYYY-MM`, or `{PARTITION}=unknown` where no date is known. A column without "may be null" never is.

| table | key | rows |
|---|---|---|
"""


def markdown() -> str:
    """The dictionary: every table and view, every column with its type and meaning."""
    return HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    for table in PUBLIC_TABLES:
        yield f"| [{table.name}](#{table.name}) | {', '.join(f'`{k}`' for k in table.key)} | {table.description} |\n"
    yield "\nViews of `dateline.duckdb` besides those with the tables' names:\n\n"
    for name, (comment, _) in catalog.VIEWS.items():
        yield f"- [{name}](#{name}): {comment}\n"
    for table in PUBLIC_TABLES:
        yield f"\n## {table.name}\n\n{table.description}{'' if table.partitioned else ' Not partitioned.'}\n\n"
        yield from _columns(catalog.columns(table))
    for name, (comment, columns) in catalog.VIEWS.items():
        yield f"\n## {name}\n\nA view. {comment}\n\n"
        yield from _columns(columns)


def _columns(columns: Sequence[Column]) -> Iterator[str]:
    yield "| column | type | |\n|---|---|---|\n"
    for column in columns:
        null = " May be null." if column.nullable else ""
        yield f"| `{column.name}` | {sql_type(column.type)} | {column.description}{null} |\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())
