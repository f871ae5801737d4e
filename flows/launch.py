"""From the command line to a run, with as little started as the run needs."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow.parquet as pq

from flows import pipeline, prefect_env
from flows.ingest import Input, Reader
from flows.pipeline import Here, Progress
from flows.rejects import Reject
from flows.server import EmbeddedServer
from flows.settings import Settings
from transforms.errors import WarehouseError
from transforms.schema import REJECTS


def run(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Run the flow, in Prefect; where nothing is new, only record that, without it."""
    if pipeline.nothing_to_do(settings):
        return pipeline.run(settings, Here(), progress)
    pipeline.LISTENERS.append(progress)
    prefect_env.prepare(settings.warehouse)
    server = None if "PREFECT_API_URL" in os.environ else EmbeddedServer()
    # from here the server loads beside us
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # noqa: PLC0415

    from flows import engine, etl  # noqa: PLC0415

    engine.start(settings, etl.TASKS)
    changed: dict[Any, Any] = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    if server:
        server.wait()
        changed[PREFECT_API_URL] = server.api_url
    with temporary_settings(changed):
        row: dict[str, Any] = etl.etl(settings)
    return row


def replay(settings: Settings, run_id: str | None) -> dict[str, Any]:
    """Work the rejects of a run again (default: the last that has any), from the bytes kept.

    Raises WarehouseError where there are none.
    """
    folder = settings.warehouse / REJECTS.name
    files = sorted(folder.glob(f"run-{run_id or '*'}.parquet"))
    if not files:
        raise WarehouseError(f"{settings.warehouse}: no rejects" + (f" of run {run_id}" if run_id else ""))
    rows = pq.read_table(files[-1], partitioning=None).to_pylist()

    def inputs(reader: Reader) -> Iterable[Input | Reject]:
        for row in rows:
            yield from _again(reader, row)

    return pipeline.run(settings.model_copy(update={"prune": False}), Here(), replay=inputs)


def _again(reader: Reader, row: dict[str, Any]) -> Iterator[Input | Reject]:
    sha256 = row["content_sha256"]
    kept = reader.rejects.path(sha256) if sha256 else None
    if kept is None or not kept.exists():
        yield Reject(row["uri"], sha256, row["stage"], row["code"], row["detail"])
        return
    yield from reader.kept(kept, row["uri"])
