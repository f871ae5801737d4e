"""The record of runs: the row of `runs` and the rows of `rejects` that each leaves, and how these are put together."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from upath import UPath

from flows.plan import Plan, Versions
from flows.rejects import Reject
from flows.remote import open_store
from flows.settings import Settings
from flows.warehouse import Put, Store, write_table
from transforms.errors import WarehouseError
from transforms.schema import REJECTS, RUNS, Table


@dataclass
class Run:
    """A run while it runs."""

    settings: Settings
    run_id: str = ""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    plan: Plan = field(default_factory=Plan)
    versions: Versions | None = None
    rejects: list[Reject] = field(default_factory=list)
    removed: int = 0
    missing: int = 0
    reworked: int = 0

    def __post_init__(self) -> None:
        self.run_id = self.run_id or f"{self.started_at:%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}"

    def row(self, error: str | None = None) -> dict[str, Any]:
        """The run's row of `runs`, as of now."""
        now = datetime.now(UTC)
        plan, versions = self.plan, self.versions
        return {
            "run_id": self.run_id,
            "started_at": self.started_at,
            "finished_at": now,
            "status": "failed" if error else "done",
            "seen": plan.seen,
            "new": plan.new,
            "changed": plan.changed,
            "unchanged": plan.unchanged,
            "removed": self.removed,
            "missing": self.missing,
            "reworked": self.reworked,
            "rejected": len(plan.rejects),
            "seconds": round((now - self.started_at).total_seconds(), 3),
            "versions": {
                "project": versions.project if versions else "",
                "model": versions.model if versions else "",
                "rules": versions.rules if versions else "",
            },
            "settings": self.settings.shown(),
            "error": error,
        }


def stage(store: Store, row: dict[str, Any], rejects: Sequence[Reject]) -> list[Put]:
    """Write the run's rows below the staging folder; returns the steps that publish them."""
    run_id = row["run_id"]
    steps = [_staged(store, RUNS, run_id, pa.Table.from_pylist([row], schema=RUNS.arrow))]
    if rejects or not store.listed(REJECTS):
        steps.append(_staged(store, REJECTS, run_id, _reject_rows(run_id, rejects)))
    return steps


def _staged(store: Store, table: Table, run_id: str, rows: pa.Table) -> Put:
    target = f"{table.name}/run-{run_id}.parquet"
    write_table(rows, store.staging / "publish" / target)
    return store.staging / "publish" / target, target


def _reject_rows(run_id: str, rejects: Sequence[Reject]) -> pa.Table:
    ordered = sorted(rejects, key=lambda r: r.uri)
    columns = [
        [run_id] * len(ordered),
        range(1, len(ordered) + 1),
        [r.uri for r in ordered],
        [r.content_sha256 or None for r in ordered],
        [r.stage for r in ordered],
        [r.code for r in ordered],
        [r.detail for r in ordered],
    ]
    arrays = [pa.array(values, f.type) for values, f in zip(columns, REJECTS.arrow, strict=True)]
    return pa.Table.from_arrays(arrays, schema=REJECTS.arrow)


def _rows(store: Store, table: Table) -> pa.Table:
    """The rows of `runs` or `rejects`, of all runs."""
    held = [pq.read_table(store.path(f), schema=table.arrow, partitioning=None) for f in store.listed(table)]
    return pa.concat_tables([table.arrow.empty_table(), *held])


def rejects_of(root: Path | UPath, run_id: str | None = None) -> tuple[str | None, list[Reject]]:
    """The run and its rejects, by default of the last run that has any (None: none has). Raises WarehouseError where
    there is no such run."""
    store = open_store(root)
    if run_id and run_id not in _rows(store, RUNS)["run_id"].to_pylist():
        raise WarehouseError(f'{root}: there is no run {run_id}; `dateline sql "FROM runs"` lists them')
    rows = _rows(store, REJECTS)
    chosen = run_id or pc.max(rows["run_id"]).as_py()
    rows = rows.filter(pc.equal(rows["run_id"], pa.scalar(chosen, pa.string()))).sort_by("reject")
    columns = [rows[name].to_pylist() for name in ("uri", "content_sha256", "stage", "code", "detail")]
    return chosen, [Reject(*fields) for fields in zip(*columns, strict=True)]


def compact(root: Path | UPath) -> tuple[int, int, int]:
    """Put the small files of `runs` and `rejects` together, one a table, and remove what nobody needs any more: staged
    files of dead runs, and rejected bytes that no row names.

    Returns how many files were put together, how many bytes of rejects were removed, and how many files of them.
    Raises WarehouseError where a run is writing, or where there is no warehouse.
    """
    store = open_store(root)
    if not store.exists():
        raise WarehouseError(f"{root}: there is no warehouse here; `dateline run RAW --warehouse {root}` makes one")
    with store.writing():
        old = {table: files for table in (REJECTS, RUNS) if len(files := store.listed(table)) > 1}
        steps = [_together(store, table) for table in old]
        first = [(None, file) for files in old.values() for file in files]  # so that no row is there twice
        store.publish(steps, None, first=first)
        freed = _unnamed(store)
    return len(first), sum(freed), len(freed)


def _together(store: Store, table: Table) -> Put:
    """Put the rows of a table's files in one."""
    rows = _rows(store, table).sort_by([(name, "ascending") for name in table.key])
    target = f"{table.name}/until-{pc.max(rows['run_id']).as_py() or ''}.parquet"
    write_table(rows, store.staging / "publish" / target)
    return store.staging / "publish" / target, target


def _unnamed(store: Store) -> list[int]:
    """Remove the rejected bytes that no row of `rejects` names; returns the sizes of the files."""
    named = {fields[1] for fields in store.manifest.refused.values()}
    named.update(_rows(store, REJECTS)["content_sha256"].to_pylist())
    return store.forget(named)
