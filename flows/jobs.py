"""What is done elsewhere: a batch and where its results go, what came of it, and the engines that have it done."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import pyarrow as pa

from flows import spool
from flows.ingest import Input
from transforms.schema import DOCUMENT_TABLES, INDEX

R = TypeVar("R")

DONE = "done.json"
SURVEY = pa.schema(
    [*(INDEX.arrow.field(n) for n in ("doc_id", "source", "segments")), ("texts", pa.list_(pa.string()))]
)
"""What the survey of a batch writes: each document's segments."""


@dataclass(frozen=True, slots=True)
class Job:
    """A batch, or the inputs from `first` to before `last` of it, and what is needed to work it."""

    batch: str
    key: str
    out: str
    """The folder that results go below."""
    settings: str
    """The Settings as JSON."""
    work: str
    """`Versions.work`."""
    rejects: str
    survey: str = ""
    """The folder of what the survey found."""
    evidence: str = ""
    """The file of the repeated segments; none yet for the survey."""
    first: int = 0
    last: int = 1 << 31
    carrier: str = ""
    """The URL that files are carried by between us and a worker that does not see ours (flows/courier.py)."""
    base: str = ""
    """The folder of ours that these files lie below."""

    @property
    def survey_file(self) -> Path:
        """What the survey of these inputs writes, and `extract` need not do again."""
        return Path(self.survey) / f"{self.key}-{self.first}-{self.last}.arrow"

    def inputs(self) -> Iterator[tuple[str, Input]]:
        """The inputs with their doc_ids."""
        for position, item in enumerate(spool.read(Path(self.batch))):
            if self.first <= position < self.last:
                yield item


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: where the rows are and how they are grouped."""

    folder: str
    months: list[str]
    """Record batch i of each table holds the rows of months[i]."""
    documents: int
    refused: dict[str, list[str]]
    """doc_id -> uri, content_sha256, stage, code, detail."""

    @property
    def files(self) -> list[Path]:
        """The files in the folder."""
        return [Path(self.folder) / name for name in (*(f"{table.name}.arrow" for table in DOCUMENT_TABLES), DONE)]


@dataclass(frozen=True, slots=True)
class Killed:
    """A job of one document whose worker died of it."""

    job: Job


class Engine(Protocol):
    """Where jobs are done."""

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """Do the jobs, a bounded number at a time; yields their results in any order."""
        ...


class Here:
    """The engine of tests and of the smallest runs: this process, one job after another."""

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """As Engine says."""
        return (work(job) for job in jobs)
