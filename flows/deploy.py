"""The flow on a schedule: `dateline serve`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import prefect_env
from flows.server import EmbeddedServer
from flows.settings import Settings
from transforms.errors import SettingsError

if TYPE_CHECKING:
    from prefect.client.schemas.schedules import CronSchedule

NAME = "scheduled"
PORT = 4200
"""Where our own server listens; Prefect's usual port."""


def serve(settings: Settings, cron: str, *, port: int = PORT, say: Any = print) -> None:
    """Run the flow whenever `cron` says (UTC), one run at a time, until stopped.

    Prefect's server is the user's, where PREFECT_API_URL names one; otherwise our own, with its UI, on `port` of this
    machine. Raises SettingsError where `cron` is no schedule or the port is taken.
    """
    for handler in ("", "HANDLERS_CONSOLE_"):
        os.environ.setdefault(f"PREFECT_LOGGING_{handler}LEVEL", "INFO")
    prefect_env.prepare(settings.warehouse)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    server = None if "PREFECT_API_URL" in os.environ else EmbeddedServer(scheduler=True, port=port)
    if server:
        # in the environment, and before Prefect is imported: its threads and the runs' processes read it there
        os.environ["PREFECT_API_URL"] = server.api_url
    try:
        when = schedule(cron)
        # before the server answers, which takes many seconds; a browser waits for it too
        say(f"runs of {settings.raw} to {settings.warehouse} at {cron!r} (UTC); Ctrl-C ends it")
        say(f"watch them at {os.environ['PREFECT_API_URL'].removesuffix('/api')}")
        from flows.etl import etl  # noqa: PLC0415

        if server:
            server.wait()
        etl.serve(
            NAME,
            schedules=[when],
            parameters={"settings": parameters(settings)},
            tags=["dateline", "scheduled"],
            description=f"Brings {settings.warehouse} up to date with {settings.raw}.",
            limit=1,
            print_starting_message=False,
        )
    finally:
        if server:
            server.stop()


def schedule(cron: str) -> "CronSchedule":
    """The schedule that `cron` writes, in UTC. Raises SettingsError where it is none."""
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415 - importing Prefect takes seconds

    try:
        return CronSchedule(cron=cron, timezone="UTC")
    except ValueError as e:
        raise SettingsError(
            f"--cron {cron!r}: is no schedule; write five fields, as in '0 6 * * *' for each day at six"
        ) from e


def parameters(settings: Settings) -> dict[str, Any]:
    """The settings as a deployment keeps them: JSON, with absolute paths, since a run may start in another folder."""
    absolute: dict[str, Any] = {name: value.resolve() for name, value in settings if isinstance(value, Path)}
    absolute["taxonomies"] = {name: path.resolve() for name, path in settings.taxonomies.items()}
    return settings.model_copy(update=absolute).model_dump(mode="json")
