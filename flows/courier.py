"""Between us and workers that share no disk with us: what a job needs and what it makes go by the object store.

A job names files below one folder of ours. The worker has the same names below a folder of its own, and what carries
them from one to the other is a prefix of the store.
"""

import functools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from upath import UPath

from flows.jobs import Done, Engine, Job, Killed
from flows.warehouse import REJECTS

R = TypeVar("R")
"""What work gives: the path of a file, or a Done."""


class Courier:
    """An engine whose workers are reached by an object store: `place` carries what lies below `here`."""

    def __init__(self, engine: Engine, place: UPath, here: Path) -> None:
        self.engine = engine
        self.place = place
        self.here = here
        self.sent: set[Path] = set()

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """As Engine says."""
        for result in self.engine.run(work, map(self._send, jobs)):
            if not isinstance(result, Killed):
                self._fetch(result)
            yield result

    def _send(self, job: Job) -> Job:
        for path in _needed(job):
            if path not in self.sent and path.exists():
                self.place.fs.put_file(str(path), _key(self.place, path, self.here))
                self.sent.add(path)
        return replace(job, carrier=str(self.place), base=str(self.here))

    def _fetch(self, result: object) -> None:
        for path in [*result.files, *self._rejected(result)] if isinstance(result, Done) else [Path(str(result))]:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.place.fs.get_file(_key(self.place, path, self.here), str(path))

    def _rejected(self, result: Done) -> set[Path]:
        return {self.here / REJECTS / sha256 for _, sha256, *_ in result.refused.values() if sha256}


def carried(work: Callable[[Job], R]) -> Callable[[Job], R]:
    """The same work, for jobs that come by a Courier too."""

    @functools.wraps(work)
    def run(job: Job) -> R:
        if not job.carrier:
            return work(job)
        with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
            return _carry(work, job, UPath(job.carrier, use_listings_cache=False), Path(folder))

    return run


def _carry(work: Callable[[Job], R], job: Job, place: UPath, folder: Path) -> R:
    base = Path(job.base)

    def mine(path: str) -> str:
        return str(folder / Path(path).relative_to(base)) if path else ""

    own: dict[str, Any] = {name: mine(getattr(job, name)) for name in ("batch", "out", "rejects", "survey", "evidence")}
    local = replace(job, **own, carrier="")
    fetched = {path for path in _needed(local) if _get(place, path, folder)}
    result: Any = work(local)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path not in fetched:
            place.fs.put_file(str(path), _key(place, path, folder))
    if isinstance(result, Done):
        result = replace(result, folder=str(base / Path(result.folder).relative_to(folder)))
    else:
        result = str(base / Path(result).relative_to(folder))
    return cast(R, result)


def _get(place: UPath, path: Path, base: Path) -> bool:
    key = _key(place, path, base)
    if not place.fs.exists(key):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    place.fs.get_file(key, str(path))
    return True


def _needed(job: Job) -> list[Path]:
    """The files that a job reads, if they are there."""
    return [Path(path) for path in (job.batch, job.evidence, job.survey_file) if path]


def _key(place: UPath, path: Path, base: Path) -> str:
    return f"{place.path.rstrip('/')}/{path.relative_to(base).as_posix()}"
