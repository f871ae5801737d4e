"""What a run shows while it runs and when it is done: a bar and a table on a terminal, plain lines elsewhere."""

import contextlib
import time
from types import TracebackType
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from flows.report import REPORT
from flows.settings import Settings

EVERY = 5.0
"""Seconds between two plain lines."""
SPEED_OVER = 120.0
"""Seconds that the speed shown is a mean of: several batches."""

COUNTS = {
    "seen": "inputs met",
    "new": "documents not met before",
    "changed": "documents that changed, or whose code, rules, model or settings did",
    "unchanged": "documents left as they were",
    "reworked": "documents worked again although their input is the same",
    "removed": "documents dropped, their input being gone or rejected now",
    "missing": "documents kept although their input is gone",
    "rejected": "inputs not taken",
}
"""The counts of a run, and what they mean to a reader."""
ALWAYS = ("seen", "new", "changed", "unchanged", "rejected")
"""Those shown even where they are 0."""


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
        self.stage = ""
        self.began = self.shown = 0.0

    def progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.began, self.shown = stage, now, 0.0
        if now - self.shown > EVERY or (total and done == total):
            self.shown = now
            self.console.print(_line(stage, done, total, now - self.began), highlight=False, markup=False)


def _line(stage: str, done: int, total: int, seconds: float) -> str:
    """`extracting 400/1000, 25 documents/s, 24 s left`, as far as it is known."""
    if not total:
        return f"{stage} {done or ''}".rstrip()
    line = f"{stage} {done}/{total}"
    if done and seconds > 1:
        line += f", {done / seconds:.3g} documents/s"
        if done < total:
            line += f", {(total - done) * seconds / done:.0f} s left"
    return line


class _Bar(View):
    def __init__(self, console: Console) -> None:
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(), TextColumn("{task.fields[left]}"), console=console, expand=True, transient=True,
            speed_estimate_period=SPEED_OVER,
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
            self.tasks[stage] = self.bar.add_task(stage, total=total or None, rate="", left="")
        speed = self.bar.tasks[self.tasks[stage]].speed
        rate = f"{speed:.3g} documents/s" if speed and total else ""
        self.bar.update(self.tasks[stage], completed=done, total=total or None, rate=rate, left="left" if total else "")


def view(*, quiet: bool) -> View:
    """The view that fits where stderr goes."""
    if quiet:
        return View()
    console = Console(stderr=True)
    return _Bar(console) if console.is_terminal else _Lines(console)


class _Account(Console):
    """What is printed when all is done: that nobody reads it to its end, as with `| head`, is no failure."""

    def on_broken_pipe(self) -> None:
        with contextlib.suppress(SystemExit):
            super().on_broken_pipe()  # so that nothing more is written, at the end of the process too


def out(line: str) -> None:
    """Print a line as it is."""
    _Account().out(line, highlight=False)


def summary(row: dict[str, Any], settings: Settings, console: Console | None = None) -> None:
    """Print what a run did, and what to do next."""
    console = console or _Account()
    worked = row["new"] + max(row["changed"], row["reworked"])
    speed = f", {worked / row['seconds']:.3g} documents a second" if worked and row["seconds"] else ""
    console.print(Text(f"Run {row['run_id']}: {row['status']} in {row['seconds']:.1f} s{speed}", style="bold"))
    table = Table(show_header=False, box=box.SIMPLE, pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    for name, meaning in COUNTS.items():
        if row[name] or name in ALWAYS:
            style = "yellow" if name == "rejected" and row[name] else ""
            table.add_row(Text(f"{row[name]:,}", style=style), Text(meaning, style=style))
    console.print(table)
    where = "" if str(settings.warehouse) == "warehouse" else f" --warehouse {settings.warehouse}"
    hints = [("read the report", str(settings.warehouse / REPORT))]
    if row["rejected"]:
        hints.append(("see why not", f"dateline rejects list{where}"))
    question = "SELECT name, label, mentions FROM entities ORDER BY mentions DESC LIMIT 10"
    hints.append(("ask a question", f'dateline sql "{question}"{where}'))
    for what, command in hints:
        console.print(f"{what + ':':<17}{command}", highlight=False, soft_wrap=True, markup=False)
