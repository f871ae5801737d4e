"""What a run publishes: the parts that changed, the tables of the whole corpus, and the data tests over both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from flows import checks, entities
from flows.jobs import Done
from flows.merge import Merge, Merged
from flows.settings import Settings
from flows.warehouse import Put, Step, Store, corpus_path, write_table
from transforms.errors import WarehouseError
from transforms.schema import ALIASES, DOCUMENT_TABLES, DOCUMENTS, ENTITIES, FOOTERS, INDEX, MENTIONS, TABLES, Table


@dataclass(frozen=True, slots=True)
class Staged:
    """Files that are written and checked, and what they make of the warehouse."""

    first: list[Step]
    """What is to be published before `steps`."""
    steps: list[Put]
    parts: dict[str, int]
    """As Manifest has it."""
    files: dict[str, int]
    """As Manifest has it."""


def stage(
    store: Store,
    settings: Settings,
    done: Sequence[Done],
    drop: Sequence[str],
    footers: pa.Table,
    *,
    from_nothing: bool,
) -> Staged:
    """Write the files that change, and check them. Raises WarehouseError where a data test is breached."""
    worked = [d for d in done if d.folder]
    merged = Merge(store, worked, drop, threads=settings.workers, from_nothing=from_nothing).write()
    tables = _corpus_tables(store, settings, merged, footers)
    first = [*(_cleared(store) if from_nothing else []), *merged.first]
    steps = [*(_written(store, table, rows) for table, rows in tables.items()), *merged.then]
    files = merged.files | {corpus_path(table): rows.num_rows for table, rows in tables.items()}
    new = {target: path for path, target in [*first, *steps] if path and target in files}
    _check(store, new, settings.workers)
    held = sum(rows for file, rows in files.items() if file.startswith(f"{DOCUMENTS.name}/"))
    if held != merged.documents:
        raise WarehouseError(f"{store.root}: {merged.documents} documents, but {held} rows; nothing was published")
    return Staged(first, steps, merged.parts, files)


def _cleared(store: Store) -> list[Step]:
    """What lies in a warehouse that is made anew. What is said of earlier runs stays, if it can be read."""
    files = [(table, file) for table in TABLES.values() for file in store.listed(table)]
    return [(None, file) for table, file in files if table.deterministic or _is_alien(store, table, file)]


def _is_alien(store: Store, table: Table, file: str) -> bool:
    return checks.schema_problem(table, store.path(file)) is not None


def _corpus_tables(store: Store, settings: Settings, merged: Merged, footers: pa.Table) -> dict[Table, pa.Table]:
    new = {target: path for path, target in merged.then}

    def files(table: Table) -> list[Path]:
        names = sorted(f for f in merged.files if f.startswith(f"{table.name}/"))
        old = [name for name in names if name not in new]
        found = new | dict(zip(old, store.paths(old), strict=True))
        return [found[name] for name in names]

    parts = list(zip(files(MENTIONS), files(INDEX), strict=True))
    alias_rows, entity_rows = entities.resolve(store.staging / "tmp", parts, settings)
    return {FOOTERS: footers, ALIASES: alias_rows, ENTITIES: entity_rows}


def _written(store: Store, table: Table, rows: pa.Table) -> Put:
    target = corpus_path(table)
    write_table(rows, store.staging / "publish" / target)
    return store.staging / "publish" / target, target


def _check(store: Store, new: dict[str, Path], threads: int) -> None:
    """The data tests over what is about to be published; raises WarehouseError on a breach."""
    tables = {
        table.name: [path for target, path in sorted(new.items()) if target.startswith(f"{table.name}/")]
        for table in (*DOCUMENT_TABLES, FOOTERS, ALIASES, ENTITIES)
    }
    if breaches := checks.run(tables, store.staging / "tmp", corpus=False, threads=threads):
        what = f"{breaches[0].must}: {breaches[0].row}"
        raise WarehouseError(f"{store.root}: the new rows fail a data test ({what}); nothing was published")
