"""Names to entities, over the whole corpus, after the work."""

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows import duck
from flows.settings import Settings
from transforms import aliases
from transforms.errors import SettingsError
from transforms.models import AliasCount, Entity
from transforms.schema import ALIASES, ENTITIES, INDEX, MENTIONS

Portions = Sequence[tuple[str, str]]
"""SQL relations over the mentions and the index of some documents; no document is in two of them."""


def resolve(scratch: Path, parts: Sequence[tuple[Path, Path]], settings: Settings) -> tuple[pa.Table, pa.Table]:
    """The rows of `aliases` and `entities`, over all mentions of the corpus: `parts` are its files of mentions,
    each with the index of the same documents.

    Holds every distinct name in memory, some 1 kB each, and PORTION bytes of files at a time.
    """
    con = duck.connect(scratch, threads=settings.workers)
    portions = list(_portions(parts))
    found = _names(con, portions)
    clustered = _clustered([AliasCount(*row[1:]) for row in found], settings)
    alias_rows = _alias_rows(found, clustered)
    con.register("alias_of", alias_rows)
    _count(con, portions)
    entity_rows = _entity_rows(con, clustered)
    con.close()
    return alias_rows, entity_rows


def _portions(parts: Sequence[tuple[Path, Path]]) -> Iterator[tuple[str, str]]:
    for some in duck.portions(parts):
        mentions, index = zip(*some, strict=True)
        yield duck.scan(MENTIONS, mentions), duck.scan(INDEX, index)


def _names(con: duckdb.DuckDBPyConnection, portions: Portions) -> list[tuple[Any, ...]]:
    """alias_id, name, label, documents and mentions of every name; makes `texts`, the forms in which it was met."""
    con.execute("""
        CREATE TABLE names (alias_id VARCHAR, name VARCHAR, label VARCHAR, documents BIGINT, mentions BIGINT);
        CREATE TABLE texts (alias_id VARCHAR, text VARCHAR);
    """)
    for mentions, _ in portions:
        con.execute(f"""
            INSERT INTO names
            SELECT alias_id, name, label, count(DISTINCT doc_id), count(*) FROM {mentions} GROUP BY ALL;
            INSERT INTO texts SELECT DISTINCT alias_id, text FROM {mentions};
        """)  # noqa: S608
    return con.execute("""
        SELECT alias_id, name, label, sum(documents)::BIGINT, sum(mentions)::BIGINT FROM names
        GROUP BY ALL ORDER BY alias_id
    """).fetchall()


def _clustered(names: list[AliasCount], settings: Settings) -> list[Entity]:
    overrides = read_overrides(settings.aliases) if settings.aliases else ()
    gc.disable()  # nothing of it is garbage, and looking through a million names takes a quarter of the time
    try:
        return aliases.cluster(names, overrides)
    finally:
        gc.enable()


def _alias_rows(found: Sequence[tuple[Any, ...]], clustered: Sequence[Entity]) -> pa.Table:
    entity_of = ["" for _ in found]
    for entity in clustered:
        for position in entity.members:
            entity_of[position] = entity.entity_id
    columns = [*([row[i] for row in found] for i in range(3)), entity_of]
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=ALIASES.arrow)


def _count(con: duckdb.DuckDBPyConnection, portions: Portions) -> None:
    """Make `counts`: of each entity the documents, mentions and days, a row for each portion."""
    con.execute("CREATE TABLE counts (entity_id VARCHAR, documents BIGINT, mentions BIGINT, first DATE, last DATE)")
    for mentions, index in portions:
        con.execute(f"""
            INSERT INTO counts
            SELECT entity_id, count(DISTINCT doc_id), count(*), min(published_on), max(published_on)
            FROM {mentions} AS mentions JOIN alias_of USING (alias_id) JOIN {index} AS index USING (doc_id)
            GROUP BY entity_id
        """)  # noqa: S608


def _entity_rows(con: duckdb.DuckDBPyConnection, clustered: Sequence[Entity]) -> pa.Table:
    columns = ("entity_id", "name", "label", "country", "external_id")
    schema = pa.schema([ENTITIES.arrow.field(name) for name in columns])
    rows = [{name: getattr(entity, name) for name in columns} for entity in clustered]
    con.register("clustered", pa.Table.from_pylist(rows, schema=schema))
    found = con.sql(f"""
        WITH forms AS (
            SELECT entity_id, text AS form FROM texts JOIN alias_of USING (alias_id)
            UNION SELECT entity_id, name FROM alias_of
        ), listed AS (SELECT entity_id, list(form ORDER BY form) AS aliases FROM forms GROUP BY entity_id
        ), counted AS (
            SELECT entity_id, sum(documents)::INTEGER AS documents, sum(mentions)::INTEGER AS mentions,
                min(first) AS first_published_on, max(last) AS last_published_on FROM counts GROUP BY entity_id
        )
        SELECT {", ".join(ENTITIES.names)} FROM clustered JOIN listed USING (entity_id) JOIN counted USING (entity_id)
        ORDER BY entity_id
    """)  # noqa: S608
    return found.to_arrow_table().cast(ENTITIES.arrow)


def read_overrides(path: Path) -> Sequence[aliases.Override]:
    """The user's alias file. Raises SettingsError where it is no UTF-8, or where a row of it makes no sense."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise SettingsError(f"{path}: is not UTF-8 (at byte {e.start}); save it as such") from e
    return aliases.parse_overrides(text, path.suffix.lower().lstrip("."))
