"""Prefect's part: the flow, its two tasks, and the engine that spreads batches over processes or a Dask cluster.

A task is one batch. Tasks get and return paths and counts, never rows.
"""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any, TypeVar

from prefect import flow, get_run_logger, task
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from flows import pipeline, work
from flows.pipeline import Killed
from flows.server import exit_with
from flows.settings import Settings
from flows.work import Done, Job

R = TypeVar("R")
WINDOW = 3
"""Batches in flight for each worker: enough to keep it busy, few enough to hold none in memory."""


@task(name="survey", task_run_name="survey {job.batch}", persist_result=False)
def survey(job: Job) -> str:
    """Count the head and tail segments of a batch."""
    return work.survey(job)


@task(name="extract", task_run_name="extract {job.batch}", persist_result=False)
def extract(job: Job) -> Done:
    """Work a batch of documents."""
    return work.extract(job)


TASKS: dict[Callable[[Job], Any], Any] = {work.survey: survey, work.extract: extract}


class PrefectEngine:
    """Runs jobs as Prefect tasks in worker processes; survives the death of a worker."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._runner: TaskRunner[Any] | None = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> "PrefectEngine":
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """Do the jobs; where a worker dies, those that were in flight are done again, each alone."""
        todo = iter(jobs)
        flying: deque[tuple[Job, PrefectFuture[R]]] = deque()
        suspects: list[Job] = []
        window = self.settings.workers * WINDOW
        while True:
            while len(flying) < window and (job := next(todo, None)):
                flying.append((job, self._submit(work, job)))
            if not flying:
                break
            job, future = flying.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                suspects += [job, *(other for other, _ in flying)]
                flying.clear()
                self._restart()
                for suspect in suspects:
                    yield from self._alone(work, suspect)
                suspects = []

    def _alone(self, work: Callable[[Job], R], job: Job) -> Iterator[R | Killed]:
        """Do one job with nothing beside it; if it kills its worker, its halves; if it is one document, give it up."""
        try:
            yield self._submit(work, job).result()
        except BrokenProcessPool:
            self._restart()
            if job.last - job.first <= 1:
                yield Killed(job)
                return
            middle = (job.first + job.last) // 2
            for half in (replace(job, last=middle), replace(job, first=middle)):
                yield from self._alone(work, half)

    def _submit(self, work: Callable[[Job], R], job: Job) -> "PrefectFuture[R]":
        if self._runner is None:
            self._runner = self._open.enter_context(_runner(self.settings))
        future: PrefectFuture[R] = self._runner.submit(TASKS[work], {"job": job})
        return future

    def _restart(self) -> None:
        with contextlib.suppress(Exception):  # the pool is broken: closing it may say so again
            self._open.close()
        self._runner = None


def _runner(settings: Settings) -> TaskRunner[Any]:
    if settings.dask_address:
        from prefect_dask import DaskTaskRunner  # noqa: PLC0415 - an extra

        runner: TaskRunner[Any] = DaskTaskRunner(address=settings.dask_address)
        return runner
    return ProcessPoolTaskRunner(max_workers=settings.workers, initializer=start_worker, initargs=(settings.model,))


def start_worker(model: str) -> None:
    """Make a worker process end with its parent, and load the model while the first batch is on its way."""
    exit_with(os.getppid())
    threading.Thread(target=_warm, args=(model,), daemon=True).start()


def _warm(model: str) -> None:
    with contextlib.suppress(Exception):  # the first batch meets the same and says so
        work.Recogniser.load(model)


@flow(name="dateline", flow_run_name="{settings.raw} to {settings.warehouse}", persist_result=False)
def etl(settings: Settings) -> dict[str, Any]:
    """Bring the warehouse up to date with RAW; returns the run's row of `runs`."""
    logger = get_run_logger()

    def progress(stage: str, done: int, total: int) -> None:
        logger.info("%s %s/%s", stage, done, total or "?")
        pipeline.tell(stage, done, total)

    with PrefectEngine(settings) as engine:
        row = pipeline.run(settings, engine, progress)
    return {k: v if isinstance(v, str | int | float | dict | None) else str(v) for k, v in row.items()}
