"""How Prefect is set up before it is imported: embedded, quiet, offline, unless the user's environment says else."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from upath import UPath

from flows.places import local, remote

HOME = "_prefect"
"""The folder, below the warehouse, of the embedded server's state. One on an object store has none."""


def prepare(warehouse: Path | UPath) -> None:
    """Set what is not set yet. Logs go to the server where it is the user's; the terminal shows our own messages."""
    defaults = {
        "PREFECT_HOME": str(_passing() if remote(warehouse) else local(warehouse).resolve() / HOME),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "INFO" if "PREFECT_API_URL" in os.environ else "ERROR",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_INTERNAL_LEVEL": "ERROR",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _passing() -> Path:
    """A folder that goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-prefect-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
