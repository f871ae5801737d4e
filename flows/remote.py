"""A warehouse on an object store, as its writer sees it.

What is published lies on the store; what a run makes, and what it reads of the published files, lies in a folder of
this machine that ends with the run. An object is replaced whole or not at all, which is what a rename is on a disk, so
publishing is the same journal (flows/warehouse.py). The staged files are put on the store before the journal, so that
any machine can carry it out.
"""

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from upath import UPath

from flows.lease import Lease, LeaseLost
from flows.places import local, remote
from flows.warehouse import LOCK, REJECTS, STAGING, Journal, Manifest, Store
from transforms.errors import WarehouseError
from transforms.schema import Table

AT_ONCE = 16
"""Requests side by side."""
Item = TypeVar("Item")
Result = TypeVar("Result")


class RemoteStore(Store):
    """A warehouse on an object store."""

    def __init__(self, root: UPath) -> None:
        self.root = root
        self.fs = root.fs
        self.base = root.path.rstrip("/")
        self._folder = tempfile.TemporaryDirectory(prefix="dateline-")
        self.here = Path(self._folder.name)
        self.staging = self.here / STAGING
        self.rejects = self.here / REJECTS
        self.manifest = Manifest()
        self.lease = Lease(self.fs, f"{self.base}/{LOCK}")

    def path(self, file: str) -> Path:
        """A copy of a published file. Raises OSError where it cannot be had."""
        copy = self._copy(file)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_suffix(".part")
            self.fs.get_file(self._key(file), str(part))
            part.replace(copy)
        return copy

    def paths(self, files: Sequence[str]) -> list[Path]:
        """Copies of published files, fetched side by side."""
        return _each(self.path, files)

    def kept(self, sha256: str) -> Path | None:
        """A copy of rejected bytes; None where they are not kept."""
        try:
            return super().kept(sha256) or self.path(f"{REJECTS}/{sha256}")
        except FileNotFoundError:
            return None

    def forget(self, named: Container[str | None]) -> list[int]:
        """Remove the rejected bytes that are not among those named; returns the sizes of what was removed."""
        gone = [entry for entry in self._entries(REJECTS) if entry["name"].rpartition("/")[2] not in named]
        self._remove([entry["name"] for entry in gone])
        return [int(entry["size"]) for entry in gone]

    def listed(self, table: Table) -> list[str]:
        """Every file that lies below a table's prefix, published or not, in a fixed order."""
        keys = [entry["name"] for entry in self._entries(table.name)]
        return sorted(key[len(self.base) + 1 :] for key in keys if key.endswith(".parquet"))

    def holder(self) -> dict[str, Any] | None:
        """Who is writing (pid, host, since), or None."""
        return self.lease.holder()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            held = self.lease.acquire()
        except OSError as e:
            raise WarehouseError(f"{self.root}: cannot be written ({e}); mend the address or its rights") from e
        if not held:
            raise WarehouseError(f"{self.root}: {self._holder()} is writing to it; wait until that run ends")
        try:
            self.staging.mkdir(parents=True, exist_ok=True)
            yield
        finally:
            with contextlib.suppress(OSError):
                self.lease.release()
            shutil.rmtree(self.staging, ignore_errors=True)

    def _announce(self) -> None:
        """The lease says it."""

    def _staged(self, paths: Sequence[Path]) -> dict[Path, str]:
        """Put rejected bytes and staged files on the store; the latter's names there."""
        rejected = {f"{REJECTS}/{path.name}": path for path in sorted(self.rejects.glob("*"))}
        fresh = {self.rejects / Path(name).name: name for name in self._missing(list(rejected))}
        staged = {path: f"{STAGING}/{self.lease.token}/{number:06d}" for number, path in enumerate(paths)}
        _each(lambda named: self.fs.put_file(str(named[0]), self._key(named[1])), [*fresh.items(), *staged.items()])
        self._confirm("nothing new was published")  # before the journal: another's run may have published meanwhile
        return staged

    def _carry_out(self, journal: Journal) -> None:
        self._confirm("the run that holds it now carries out what is left")
        super()._carry_out(journal)

    def _confirm(self, otherwise: str) -> None:
        try:
            self.lease.confirm()
        except LeaseLost as e:
            raise WarehouseError(f"{self.root}: {e}; {otherwise}") from e

    def _missing(self, files: Sequence[str]) -> list[str]:
        folders = {file.partition("/")[0] for file in files}
        there = {entry["name"] for folder in folders for entry in self._entries(folder)}
        return [file for file in files if self._key(file) not in there]

    def _do(self, steps: Sequence[tuple[str | None, str]]) -> None:
        _each(lambda step: super(RemoteStore, self)._do([step]), steps)

    def _move(self, staged: str, target: str) -> None:
        self.fs.cp_file(self._key(staged), self._key(target))  # `_clean` removes what is staged, in one request
        self._copy(target).unlink(missing_ok=True)

    def _delete(self, file: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self._key(file))

    def _clean(self, *, keep_rows: bool) -> None:  # noqa: ARG002 - what is here goes with the run
        """Remove what is staged on the store."""
        self._remove([entry["name"] for entry in self._entries(STAGING)])

    def _write_json(self, name: str, value: Any) -> None:
        self.fs.pipe_file(self._key(name), json.dumps(value, indent=1, sort_keys=True).encode())

    def _copy(self, file: str) -> Path:
        return self.here / "published" / file

    def _key(self, file: str) -> str:
        return f"{self.base}/{file}"

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.fs.find(self._key(folder), detail=True)
        return [entry for _, entry in sorted(found.items())]

    def _remove(self, keys: Sequence[str]) -> None:
        if keys:
            self.fs.rm(list(keys))


def _each(do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Do it for each item, some side by side: a store answers slowly, and many at once. Raises the first error."""
    if not items:
        return []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, items))


def open_store(root: Path | UPath) -> Store:
    """The warehouse at `root`, wherever that is."""
    url = remote(root)
    return RemoteStore(url) if url else Store(local(root))
