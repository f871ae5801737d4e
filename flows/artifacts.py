"""What a run leaves in Prefect for whoever watches it: its progress, its counts, its rejects, its report, its failure.

None of it may fail a run: where the server does not take one, that is logged.
"""

import logging
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from uuid import UUID

from prefect import Flow, State
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.schemas.objects import FlowRun
from upath import UPath

from flows import catalog
from flows.settings import Settings
from flows.terminal import COUNTS

P = ParamSpec("P")
EVERY = 2.0
"""Seconds between two updates of the progress."""
ROWS = 100
"""Rejects in the table at most."""


def _harmless(make: Callable[P, None]) -> Callable[P, None]:
    @wraps(make)
    def try_to(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            make(*args, **kwargs)
        except Exception:
            logging.getLogger(__name__).warning("an artifact was not made", exc_info=True)

    return try_to


class Progress:
    """The share of the batches' documents that are done, as an artifact that grows."""

    def __init__(self) -> None:
        self.artifact: UUID | None = None
        self.updated = 0.0

    @_harmless
    def show(self, stage: str, done: int, total: int) -> None:
        """A stage has done so many of its documents; a total of 0 is not known."""
        now = time.monotonic()
        if stage != "extracting" or not total or (done < total and now - self.updated < EVERY):
            return
        self.updated = now
        percent, description = 100 * done / total, f"{done:,} of {total:,} documents extracted"
        if self.artifact is None:
            made = create_progress_artifact(percent, key="dateline-progress", description=description)
            self.artifact = made if isinstance(made, UUID) else None
        else:
            update_progress_artifact(self.artifact, percent, description=description)


@_harmless
def summary(row: dict[str, Any], warehouse: Path | UPath) -> None:
    """The run's counts and its rejects as tables, and a link to the report."""
    counts = [{"count": row[name], "what": meaning} for name, meaning in COUNTS.items()]
    counts.append({"count": row["seconds"], "what": "seconds"})
    create_table_artifact(
        counts, key="dateline-run", description=f"Run {row['run_id']} of {warehouse}: {row['status']}"
    )
    with closing(catalog.connect(warehouse)) as con:
        query = "SELECT uri, stage, code, detail FROM rejects WHERE run_id = $1 ORDER BY uri LIMIT $2"
        rejects = catalog.rows(con, query, [row["run_id"], ROWS])
    if rejects:
        create_table_artifact(
            rejects,
            key="dateline-rejects",
            description=f"{len(rejects)} of {row['rejected']} rejects; `dateline rejects list` shows all",
        )


@_harmless
def report(path: Path | UPath | None) -> None:
    """A link to the report."""
    if path:
        create_link_artifact(path.resolve().as_uri(), path.name, key="dateline-report", description=str(path.resolve()))


@_harmless
def failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's hook
    """What went wrong, and what to do: called by Prefect when a run fails or crashes."""
    warehouse = flow_run.parameters["settings"].get("warehouse", Settings.model_fields["warehouse"].default)
    with warnings.catch_warnings():
        # a crashed run has no context any more, and of that Prefect warns on the user's terminal
        warnings.simplefilter("ignore", FutureWarning)
        create_markdown_artifact(FAILURE.format(message=state.message, warehouse=warehouse), key="dateline-failure")


FAILURE = """
```
{message}
```

Unless it says above that the run is published, `{warehouse}` is as it was. The next run goes on from there.
`dateline doctor` looks at the installation and the warehouse; docs/operating.md says what to do when a run fails.
"""
