"""From the command line to a run, with as little started as the run needs."""

import os
from collections.abc import Iterable
from typing import Any

from flows import objects, pipeline, prefect_env, report, runs
from flows.ingest import Input, Reader
from flows.jobs import Here
from flows.pipeline import Progress
from flows.rejects import Reject
from flows.server import EmbeddedServer
from flows.settings import Settings
from flows.warehouse import Store
from transforms.errors import RejectCode, WarehouseError


def run(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Run the flow, in Prefect; where nothing is new, only record that, without it."""
    objects.look(settings)  # before anything is written
    try:
        return _drawn(pipeline.run(settings, None, progress), settings)
    except pipeline.WorkFound:
        pass
    pipeline.LISTENERS.append(progress)
    prefect_env.prepare(settings.warehouse)
    server = None if "PREFECT_API_URL" in os.environ else EmbeddedServer()
    if server:
        # before Prefect is imported: its threads know no other way, and would each start a server of their own
        os.environ["PREFECT_API_URL"] = server.api_url
    # from here the server loads beside us
    from prefect import tags  # noqa: PLC0415
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # noqa: PLC0415

    from flows import engine, etl  # noqa: PLC0415

    engine.start(settings, etl.TASKS)
    changed: dict[Any, Any] = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    if server:
        server.wait()
        changed[PREFECT_API_URL] = server.api_url
    with temporary_settings(changed), tags("dateline", "one-off"):
        row: dict[str, Any] = etl.etl(settings)
    return row


def replay(settings: Settings, run_id: str | None) -> dict[str, Any]:
    """Work the rejects of a run again (default: the last that has any), from the bytes kept.

    Raises WarehouseError where there are none, or no such run.
    """
    chosen, rows = runs.rejects_of(settings.warehouse, run_id)
    if not rows:
        raise WarehouseError(f"{settings.warehouse}: no rejects" + (f" of run {chosen}" if chosen else ""))

    def inputs(reader: Reader, store: Store) -> Iterable[Input | Reject]:
        for row in rows:
            kept = store.kept(row.content_sha256) if row.content_sha256 else None
            if kept is None or row.code == RejectCode.DUPLICATE_ID:
                yield row
            else:
                yield from reader.kept(kept, row.uri)

    these_only = {"prune": False, "rebuild": False, "max_reject_rate": 1.0}
    return _drawn(pipeline.run(settings.model_copy(update=these_only), Here(), replay=inputs), settings)


def _drawn(row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The same row, after the report is drawn: the flow does that itself."""
    report.draw(settings.warehouse)
    return row
