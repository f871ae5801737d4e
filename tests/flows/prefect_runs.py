"""Run by test_etl in a process of its own, since Prefect's server takes seconds: prints what came of each job."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from flows import prefect_env
from flows.jobs import Killed
from flows.server import EmbeddedServer
from flows.settings import Settings
from flows.work import Job

POISON, GREEDY = 5, 9
"""The positions of the document that kills whoever touches it, and of one that memory never suffices for."""


def touch(job: Job) -> str:
    """Stands for the work on a batch of documents, two of which are poison."""
    if job.first <= POISON < job.last:
        os.kill(os.getpid(), signal.SIGKILL)
    if job.first <= GREEDY < job.last:
        raise MemoryError
    return f"{job.first}-{job.last}"


def main(folder: Path) -> None:
    prefect_env.prepare(folder)
    server = EmbeddedServer()
    os.environ["PREFECT_API_URL"] = server.api_url
    # Prefect, and the engine with it, is imported once its environment is set, as by flows/launch.py.
    from prefect import flow, task  # noqa: PLC0415

    from flows import engine  # noqa: PLC0415

    server.wait()
    tasks = {touch: task(touch, name="touch", persist_result=False)}
    jobs = [Job("b", "k", "o", "{}", "w", "r", first=n, last=n + 4) for n in range(0, 12, 4)]

    @flow(name="poisoned", persist_result=False)
    def poisoned() -> list[Any]:
        with engine.PrefectEngine(Settings(workers=2), tasks) as workers:
            return list(workers.run(touch, jobs))

    for result in poisoned():
        print(f"killed {result.job.first}-{result.job.last}" if isinstance(result, Killed) else f"done {result}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
