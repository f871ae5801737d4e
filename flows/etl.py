"""Prefect's part: the flow, the one that replays rejects, and their two tasks.

A task is one batch. Tasks get and return paths and counts, never rows.
"""

from typing import Any

from prefect import State, flow, get_run_logger, task
from prefect.tasks import exponential_backoff

from flows import artifacts, engine, pipeline, report, work
from flows.jobs import Done, Job
from flows.settings import Settings


def transient(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether a batch is worth another try: the disk or the network failed. Our own bugs fail again the same way."""
    return isinstance(state.data, OSError)


again: dict[str, Any] = {
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(backoff_factor=2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": transient,
}


@task(name="survey", task_run_name="survey {job.key}", tags=["dateline"], persist_result=False, **again)
def survey(job: Job) -> str:
    """Read the head and tail segments of a batch."""
    return work.survey(job)


@task(name="extract", task_run_name="extract {job.key}", tags=["dateline"], persist_result=False, **again)
def extract(job: Job) -> Done:
    """Work a batch of documents."""
    return work.extract(job)


TASKS: engine.Tasks = {work.survey: survey, work.extract: extract}


told: dict[str, Any] = {
    "persist_result": False,
    "on_failure": [artifacts.failure],
    "on_crashed": [artifacts.failure],
}


@flow(name="dateline", flow_run_name="{settings.raw} to {settings.warehouse}", **told)
def etl(settings: Settings) -> dict[str, Any]:
    """Bring the warehouse up to date with RAW; returns the run's row of `runs`."""
    return _run(settings)


@flow(name="dateline rejects replay", flow_run_name="rejects of {settings.warehouse}", **told)
def replay(settings: Settings, run_id: str | None = None) -> dict[str, Any]:
    """Work the rejects of a run again, by default of the last that has any; returns the run's row of `runs`."""
    return _run(settings, pipeline.kept(settings.warehouse, run_id))


def _run(settings: Settings, inputs: pipeline.Replay | None = None) -> dict[str, Any]:
    logger = get_run_logger()
    shown = artifacts.Progress()

    def progress(stage: str, done: int, total: int) -> None:
        logger.info("%s %s/%s", stage, done, total or "?")
        shown.show(stage, done, total)
        pipeline.tell(stage, done, total)

    with engine.engine(settings, TASKS) as workers:
        row = pipeline.run(settings, workers, progress, inputs)
    artifacts.summary(row, settings.warehouse)
    artifacts.report(report.draw(settings.warehouse))
    return {k: v if isinstance(v, str | int | float | dict | None) else str(v) for k, v in row.items()}
