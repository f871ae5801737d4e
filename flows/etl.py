"""Prefect's part: the flow and its two tasks.

A task is one batch. Tasks get and return paths and counts, never rows.
"""

from typing import Any

from prefect import flow, get_run_logger, task

from flows import engine, pipeline, work
from flows.settings import Settings
from flows.work import Done, Job


@task(name="survey", task_run_name="survey {job.key}", persist_result=False)
def survey(job: Job) -> str:
    """Read the head and tail segments of a batch."""
    return work.survey(job)


@task(name="extract", task_run_name="extract {job.key}", persist_result=False)
def extract(job: Job) -> Done:
    """Work a batch of documents."""
    return work.extract(job)


TASKS: engine.Tasks = {work.survey: survey, work.extract: extract}


@flow(name="dateline", flow_run_name="{settings.raw} to {settings.warehouse}", persist_result=False)
def etl(settings: Settings) -> dict[str, Any]:
    """Bring the warehouse up to date with RAW; returns the run's row of `runs`."""
    logger = get_run_logger()

    def progress(stage: str, done: int, total: int) -> None:
        logger.info("%s %s/%s", stage, done, total or "?")
        pipeline.tell(stage, done, total)

    with engine.engine(settings, TASKS) as workers:
        row = pipeline.run(settings, workers, progress)
    return {k: v if isinstance(v, str | int | float | dict | None) else str(v) for k, v in row.items()}
