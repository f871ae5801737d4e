"""From the command line to a run, with as little started as the run needs."""

import contextlib
import os
from typing import Any

from flows import objects, pipeline, prefect_env, report
from flows.pipeline import Progress
from flows.server import EmbeddedServer
from flows.settings import Settings


def run(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Run the flow, in Prefect; where nothing is new, only record that, without it."""
    objects.look(settings)  # before anything is written
    try:
        return _drawn(pipeline.run(settings, None, progress), settings)
    except pipeline.WorkFound:
        return in_prefect(settings, progress)


def replay(settings: Settings, run_id: str | None, progress: Progress = pipeline.quiet) -> dict[str, Any]:
    """Work the rejects of a run again (default: the last that has any), from the bytes kept; in Prefect, where one of
    them can be read now.

    Raises WarehouseError where there are none, or no such run.
    """
    these_only = settings.model_copy(update={"prune": False, "rebuild": False, "max_reject_rate": 1.0})
    try:
        inputs = pipeline.kept(settings.warehouse, run_id)
        return _drawn(pipeline.run(these_only, None, progress, inputs), settings)
    except pipeline.WorkFound:
        return in_prefect(these_only, progress, replaying=True, run_id=run_id)


def in_prefect(
    settings: Settings, progress: Progress, *, replaying: bool = False, run_id: str | None = None
) -> dict[str, Any]:
    """Run the flow, or that of the rejects of a run, with a server of our own where the user names none.

    Raises DatelineError where that server does not start, ServerEnded where it ends before the run.
    """
    os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")  # what did not reach the server is none's loss
    prefect_env.prepare(settings.warehouse)
    server = None if "PREFECT_API_URL" in os.environ else EmbeddedServer()
    if server:
        # before Prefect is imported, and for good: its threads, which outlive the run, know no other way, and would
        # each start a server of their own
        os.environ["PREFECT_API_URL"] = server.api_url
    # from here the server loads beside us
    from prefect import settings as prefect  # noqa: PLC0415
    from prefect import tags  # noqa: PLC0415

    from flows import engine, etl  # noqa: PLC0415

    changed: dict[Any, Any] = {prefect.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    farewell: dict[Any, Any] = {prefect.PREFECT_CLIENT_MAX_RETRIES: 0, prefect.PREFECT_LOGGING_TO_API_ENABLED: False}
    alone = contextlib.ExitStack()

    def check() -> None:
        if server and not server.alive:
            alone.enter_context(prefect.temporary_settings(farewell))  # or Prefect would try for minutes to tell it
            raise server.ended()

    with engine.started(settings, etl.TASKS, check), pipeline.heard(progress), tags("dateline", "one-off"):
        if server:
            server.wait()
            changed[prefect.PREFECT_API_URL] = server.api_url
        try:
            with prefect.temporary_settings(changed), alone:
                row: dict[str, Any] = etl.replay(settings, run_id) if replaying else etl.etl(settings)
        except Exception as e:
            if server and not server.alive:  # then this is what is to be said, whatever Prefect made of it
                raise server.ended() from e
            raise
    return row


def _drawn(row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The same row, after the report is drawn: the flow does that itself."""
    report.draw(settings.warehouse)
    return row
