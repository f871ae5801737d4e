"""The engine that spreads batches over worker processes, or over a Dask cluster, as Prefect tasks."""

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any, TypeVar

from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from flows.jobs import Job, Killed
from flows.server import exit_with
from flows.settings import Settings
from transforms.errors import SettingsError

R = TypeVar("R")
Tasks = Mapping[Callable[[Job], Any], Any]
"""What is to be done with a job -> the Prefect task that does it."""
WINDOW = 3
"""Batches in flight for each worker: enough to keep it busy, few enough to hold none in memory."""
LOOK = 1.0
"""Seconds between two looks at what the engine depends on, while it waits for a result."""


def well() -> None:
    """Nothing to look at."""


class PrefectEngine:
    """Runs jobs as Prefect tasks; survives the death of a worker.

    `check` raises where no result can come any more, because the server is gone.
    """

    def __init__(self, settings: Settings, tasks: Tasks, check: Callable[[], None] = well) -> None:
        self.settings = settings
        self.tasks = tasks
        self.check = check
        self._open = contextlib.ExitStack()
        self._runner: TaskRunner[Any] | None = None

    def __enter__(self) -> "PrefectEngine":
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        self._close(at_once=kind is not None)

    def warm(self) -> None:
        """Start the workers and have each load the model; returns at once."""
        executor = getattr(self._started(), "_executor", None)
        if executor is not None:  # no public way to reach the pool before a task, which needs the server
            # what is born now is deaf to Ctrl-C from its first instruction on, not only when `_begin` says so
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            for _ in range(self.settings.workers):
                executor.submit(_load, self.settings.model)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """Do the jobs; where a worker dies, those that were in flight are done again, each alone."""
        todo = iter(jobs)
        flying: deque[tuple[Job, PrefectFuture[R]]] = deque()
        window = self.settings.workers * WINDOW
        while True:
            while len(flying) < window and (job := next(todo, None)):
                flying.append((job, self._submit(work, job)))
            if not flying:
                return
            job, future = flying.popleft()
            try:
                yield self._result(future)
            except Exception as error:
                if not _worker_died(error):
                    raise
                suspects = [job, *(other for other, _ in flying)]
                flying.clear()
                self._close(at_once=True)
                for suspect in suspects:
                    yield from self._alone(work, suspect)

    def _alone(self, work: Callable[[Job], R], job: Job) -> Iterator[R | Killed]:
        """Do one job with nothing beside it; if it kills its worker, its halves; if it is one document, give it up."""
        try:
            yield self._result(self._submit(work, job))
        except Exception as error:
            if not _worker_died(error):
                raise
            self._close(at_once=True)
            if job.last - job.first <= 1:
                yield Killed(job)
                return
            middle = (job.first + job.last) // 2
            for half in (replace(job, last=middle), replace(job, first=middle)):
                yield from self._alone(work, half)

    def _submit(self, work: Callable[[Job], R], job: Job) -> "PrefectFuture[R]":
        future: PrefectFuture[R] = self._started().submit(self.tasks[work], {"job": job})
        return future

    def _result(self, future: "PrefectFuture[R]") -> R:
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while not done.wait(LOOK):
            self.check()
        return future.result()

    def _started(self) -> TaskRunner[Any]:
        if self._runner is None:
            self._runner = self._open.enter_context(_runner(self.settings))
        return self._runner

    def _close(self, *, at_once: bool) -> None:
        """End the workers: when they have done what they have begun, or at once."""
        if at_once and isinstance(self._runner, ProcessPoolTaskRunner):
            _kill(self._runner)
        with contextlib.suppress(Exception):  # closing a broken pool may say again that it is broken
            self._open.close()
        self._runner = None


_warm: list[PrefectEngine] = []


@contextlib.contextmanager
def started(settings: Settings, tasks: Tasks, check: Callable[[], None] = well) -> Iterator[None]:
    """While this lasts, `engine` gives one that is warm already, where it is asked for with the same settings."""
    with PrefectEngine(settings, tasks, check) as warm:
        _warm.append(warm)
        try:
            warm.warm()
            yield
        finally:
            _warm.remove(warm)


def engine(settings: Settings, tasks: Tasks) -> PrefectEngine:
    """The engine that was started for these settings, or a new one."""
    return next((warm for warm in _warm if warm.settings == settings), None) or PrefectEngine(settings, tasks)


def _kill(runner: ProcessPoolTaskRunner) -> None:
    """End a runner's workers at once; there is no public way to reach them."""
    if queue := getattr(runner, "_subprocess_message_queue", None):
        queue.cancel_join_thread()  # who died while it wrote there holds its lock for ever
    for worker in list((getattr(runner._executor, "_processes", None) or {}).values()):
        worker.kill()


def _worker_died(error: Exception) -> bool:
    """Whether it was the process that failed, not the work: a broken pool here, a killed worker on a cluster, or one
    that had too little memory."""
    return isinstance(error, BrokenProcessPool | MemoryError) or type(error).__name__ == "KilledWorker"


def _runner(settings: Settings) -> TaskRunner[Any]:
    if settings.dask_address:
        try:
            from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - an extra
        except ImportError as e:
            raise SettingsError("dask_address: needs the extra; pip install 'dateline[dask]'") from e
        runner: TaskRunner[Any] = DaskTaskRunner(address=settings.dask_address)
        return runner
    return ProcessPoolTaskRunner(max_workers=settings.workers, initializer=_begin, initargs=(os.getpid(),))


def _begin(parent: int) -> None:
    """Begin a worker: it ends with its parent, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    exit_with(parent)


def _load(model: str) -> None:
    """Load what the first batch needs; if it fails, the batch says so."""
    import prefect.task_engine  # noqa: F401, PLC0415

    from flows.nlp import Recogniser  # noqa: PLC0415

    with contextlib.suppress(Exception):
        Recogniser.load(model)
