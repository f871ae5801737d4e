"""What a run shows while it runs and when it is done: a bar and a table on a terminal, plain lines elsewhere."""

import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from flows.settings import Settings

EVERY = 5.0
"""Seconds between two plain lines."""


class View:
    """Shows how far a run is; shows nothing unless a subclass does."""

    def __enter__(self) -> "View":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def progress(self, stage: str, done: int, total: int) -> None:
        """A stage has done so many of its documents; a total of 0 is not known."""


class _Lines(View):
    def __init__(self, console: Console) -> None:
        self.console = console
        self.shown = (0.0, "")

    def progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.shown[1] or now - self.shown[0] > EVERY or (total and done == total):
            self.shown = (now, stage)
            self.console.print(
                f"{stage} {done}/{total}" if total else f"{stage} {done or ''}".rstrip(), highlight=False
            )


class _Bar(View):
    def __init__(self, console: Console) -> None:
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True,
        )  # fmt: skip
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> View:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def progress(self, stage: str, done: int, total: int) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=total or None, rate="")
        speed = self.bar.tasks[self.tasks[stage]].speed
        self.bar.update(self.tasks[stage], completed=done, total=total or None, rate=f"{speed:.0f}/s" if speed else "")


def view(*, quiet: bool) -> View:
    """The view that fits where stderr goes."""
    if quiet:
        return View()
    console = Console(stderr=True)
    return _Bar(console) if console.is_terminal else _Lines(console)


def summary(row: dict[str, Any], settings: Settings) -> None:
    """Print what a run did, and what to do next."""
    console = Console()
    table = Table(title=f"Run {row['run_id']}: {row['status']}", title_justify="left", show_header=False)
    for name in ("seen", "new", "changed", "unchanged", "reworked", "removed", "missing", "rejected", "seconds"):
        table.add_row(name, f"{row[name]}")
    console.print(table)
    where = "" if str(settings.warehouse) == "warehouse" else f" --warehouse {settings.warehouse}"
    if row["rejected"]:
        console.print(f"why inputs were rejected:  dateline rejects list{where}", highlight=False, soft_wrap=True)
    question = "SELECT name, label, mentions FROM entities ORDER BY mentions DESC LIMIT 10"
    console.print(f'ask a question:            dateline sql "{question}"{where}', highlight=False, soft_wrap=True)
