"""The record of a run: its row of `runs` and its rows of `rejects`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.plan import Plan, Versions
from flows.rejects import Reject
from flows.settings import Settings
from flows.warehouse import Store, write_table
from transforms.schema import REJECTS, RUNS


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
        self.run_id = self.run_id or f"{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"

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


def stage(store: Store, row: dict[str, Any], rejects: Sequence[Reject]) -> list[tuple[Path | None, str]]:
    """Write the run's rows below the staging folder; returns the steps that publish them."""
    steps: list[tuple[Path | None, str]] = []
    run_id = row["run_id"]
    rows = [{"run_id": run_id, **_fields(reject)} for reject in sorted(rejects, key=lambda r: r.uri)]
    for table, records in ((REJECTS, rows), (RUNS, [row])):
        target = f"{table.name}/run-{run_id}.parquet"
        write_table(pa.Table.from_pylist(records, schema=table.arrow), store.staging / "publish" / target)
        steps.append((store.staging / "publish" / target, target))
    return steps


def _fields(reject: Reject) -> dict[str, str | None]:
    return {
        "uri": reject.uri,
        "content_sha256": reject.content_sha256 or None,
        "stage": reject.stage,
        "code": reject.code,
        "detail": reject.detail,
    }
