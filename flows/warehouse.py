"""The warehouse on disk: who may write, what belongs to it, and how a run's files replace the old ones.

Publishing is by journal. A run stages every file it wants below `_staging/`, then writes `_journal.json`, which says
what to move where and what to delete. From that instant the run has happened: whoever comes next carries out what is
left of the journal. Before that instant it has not: what is staged is thrown away. Each step can be done twice, each
file is replaced in one rename, and the manifest comes last.
"""

import contextlib
import errno
import json
import os
import shutil
import socket
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from upath import UPath

from transforms.errors import WarehouseError
from transforms.schema import PARTITION, SCHEMA_VERSION, Table

MANIFEST = "_manifest.json"
JOURNAL = "_journal.json"
LOCK = "_lock"
HOLDER = "_lock.json"
STAGING = "_staging"
REJECTS = "_rejects"
PATIENCE = 1.0
"""Seconds to wait for the lock: who asks for its holder takes it for an instant."""
ROW_GROUP = 8192
Step = tuple[Path | None, str]
"""(staged file, file it becomes below the warehouse), or (None, file to delete)."""
Put = tuple[Path, str]
"""A Step that deletes nothing."""
ANEW = "`dateline run --rebuild` makes the warehouse anew from RAW"


@dataclass
class Manifest:
    """What the warehouse holds."""

    schema_version: str = SCHEMA_VERSION
    work: str = ""
    """Fingerprint of what made the documents' rows."""
    corpus: str = ""
    """Fingerprint of what made the tables of the whole corpus."""
    parts: dict[str, int] = field(default_factory=dict)
    """Partition -> number of its parts."""
    files: dict[str, int] = field(default_factory=dict)
    """Path below the warehouse -> rows, of every published file but those of runs and rejects."""
    refused: dict[str, list[str]] = field(default_factory=dict)
    """doc_id -> uri, content_sha256, stage, code and detail of inputs that the workers refused; tried again when the
    input or the work changes."""


@dataclass
class Journal:
    """What is left to do to publish a run."""

    first: list[tuple[str | None, str]] = field(default_factory=list)
    """(staged file, file it becomes), or (None, file to delete); paths below the warehouse."""
    steps: list[tuple[str, str]] = field(default_factory=list)
    """(staged file, file it becomes), once all of `first` is done."""
    manifest: dict[str, Any] | None = None
    """What to write as the manifest; None: the one that is there stays."""
    keep_rows: bool = False
    """Whether finished batches stay staged, for the run after a failed one."""


def part_path(table: Table, month: str, part: int) -> str:
    """Where a part of a table about documents lies, below the warehouse."""
    return f"{table.name}/{PARTITION}={month}/part-{part:04d}.parquet"


def corpus_path(table: Table) -> str:
    """Where a table about the whole corpus lies, below the warehouse."""
    return f"{table.name}/part-0000.parquet"


def write_table(rows: pa.Table, path: Path) -> None:
    """Write a Parquet file whose bytes depend on the rows alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, write_statistics=True)


class Store:
    """A warehouse folder, as its writer sees it. flows/remote.py has the same for one on an object store."""

    root: Path | UPath
    here: Path
    """The folder of this machine that it lies in or, on an object store, is worked in."""
    staging: Path
    """What a run makes before it is published."""
    rejects: Path
    """The rejected bytes, or, on an object store, those of this run."""

    def __init__(self, root: Path) -> None:
        self.root = self.here = root
        self.staging = root / STAGING
        self.rejects = root / REJECTS
        self.manifest = Manifest()

    def exists(self) -> bool:
        """Whether a run was ever published here."""
        return (self.root / MANIFEST).exists()

    def path(self, file: str) -> Path:
        """Where a published file can be read."""
        return self.here / file

    def paths(self, files: Sequence[str]) -> list[Path]:
        """Where published files can be read."""
        return [self.path(file) for file in files]

    def kept(self, sha256: str) -> Path | None:
        """Where rejected bytes can be read; None where they are not kept."""
        path = self.rejects / sha256
        return path if path.exists() else None

    def forget(self, named: Container[str | None]) -> list[int]:
        """Remove the rejected bytes that are not among those named; returns the sizes of what was removed."""
        gone = [path for path in sorted(self.rejects.glob("*")) if path.name not in named]
        sizes = [path.stat().st_size for path in gone]
        for path in gone:
            path.unlink()
        return sizes

    def listed(self, table: Table) -> list[str]:
        """Every file that lies in a table's folder, published or not, in a fixed order."""
        return sorted(path.relative_to(self.here).as_posix() for path in (self.here / table.name).rglob("*.parquet"))

    def read_manifest(self, *, any_version: bool = False) -> Manifest:
        """What was published last; an empty manifest in an empty warehouse.

        Raises WarehouseError where another schema version wrote it, or where it is damaged; `any_version`: then it is
        taken for empty.
        """
        path = self.root / MANIFEST
        try:
            held = json.loads(path.read_bytes())
            version = held["schema_version"]
            if version != SCHEMA_VERSION:
                if any_version:
                    return Manifest()
                raise WarehouseError(
                    f"{self.root}: was written with schema version {version}, this Dateline writes {SCHEMA_VERSION}; "
                    f"{ANEW}, or name another folder with --warehouse"
                )
            return Manifest(**held)
        except FileNotFoundError:
            return Manifest()
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            if any_version:
                return Manifest()
            raise WarehouseError(f"{path}: is damaged ({e}); {ANEW}") from e

    def files(self, table: Table, manifest: Manifest | None = None) -> list[Path]:
        """The published files of a table, in a fixed order."""
        held = (manifest or self.manifest).files
        return self.paths(sorted(f for f in held if f.startswith(f"{table.name}/")))

    @contextlib.contextmanager
    def writing(self, *, rebuild: bool = False) -> Iterator["Store"]:
        """Hold the warehouse as its one writer; an unfinished publish is carried out first.

        Raises WarehouseError where another run holds it, or where the folder cannot be written.
        """
        with self._locked():
            try:
                self._announce()
                self.recover(rebuild=rebuild)
                self.staging.mkdir(exist_ok=True)
                self.manifest = self.read_manifest(any_version=rebuild)
                yield self
            except OSError as e:
                said = f"{e.filename or self.root}: {e.strerror or e}; nothing new was published"
                raise WarehouseError(f"{said}{remedy(e)}") from e

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.staging.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.here / LOCK)
            lock.acquire(timeout=PATIENCE)
        except Timeout:
            raise WarehouseError(f"{self.root}: {self._holder()} is writing to it; wait until that run ends") from None
        except OSError as e:
            raise WarehouseError(
                f"{self.root}: cannot be written ({e.strerror}); mend its rights or free some disk"
            ) from e
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                self._delete(HOLDER)
            lock.release()

    def _announce(self) -> None:
        """Say who holds the lock."""
        self._write_json(HOLDER, me())

    def holder(self) -> dict[str, Any] | None:
        """Who is writing (pid, host, since; nothing where that is not known), or None.

        The lock is the system's: one whose process is gone is free.
        """
        if not (self.root / LOCK).exists():
            return None
        try:
            with FileLock(self.here / LOCK).acquire(timeout=0):
                return None
        except Timeout:
            pass
        try:
            held: dict[str, Any] = json.loads((self.root / HOLDER).read_bytes())
        except (OSError, ValueError):
            return {}
        return held

    def _holder(self) -> str:
        return named(self.holder())

    def recover(self, *, rebuild: bool = False) -> None:
        """Carry out an unfinished publish; what a dead writer left goes, but for finished batches.

        Raises WarehouseError where it cannot be carried out; `rebuild`: then it is forgotten.
        """
        path = self.root / JOURNAL
        try:
            if path.exists():
                self._carry_out(Journal(**json.loads(path.read_bytes())))
        except (ValueError, TypeError, FileNotFoundError) as e:
            if not rebuild:
                raise WarehouseError(f"{path}: cannot be carried out ({e}); {ANEW}") from e
            self._delete(JOURNAL)
        self._clean(keep_rows=True)

    def publish(
        self, steps: Sequence[Put], manifest: Manifest | None, *, first: Sequence[Step] = (), keep_rows: bool = False
    ) -> None:
        """Make the staged files the warehouse's: all of them, or, if the machine stops before the journal, none.

        `first`: what takes documents out of files that they leave, so that none is there twice. Raises WarehouseError
        where it stops half way: then the next writer carries out the rest.
        """
        self.unfinished()
        staged = self._staged([path for path, _ in (*first, *steps) if path])
        journal = Journal(
            [(staged[path] if path else None, target) for path, target in first],
            [(staged[path], target) for path, target in steps],
            asdict(manifest) if manifest else None,
            keep_rows,
        )
        self._write_json(JOURNAL, asdict(journal))
        try:
            self._carry_out(journal)
        except OSError as e:
            raise WarehouseError(
                f"{self.root}: the disk failed while the run was published ({e.strerror or e}); "
                f"mend it, and the next run carries out the rest"
            ) from e
        if manifest:
            self.manifest = manifest

    def _staged(self, paths: Sequence[Path]) -> dict[Path, str]:
        """Where a later writer finds the staged files: their paths below the warehouse."""
        os.sync()
        return {path: str(path.relative_to(self.here)) for path in paths}

    def unfinished(self) -> None:
        """Raise WarehouseError where a publish was begun and not carried out."""
        if (self.root / JOURNAL).exists():
            raise WarehouseError(f"{self.root}: a publish is unfinished; the next run carries it out")

    def _carry_out(self, journal: Journal) -> None:
        """Do the steps that are left.

        Raises OSError; FileNotFoundError where a file is neither staged nor in its place.
        """
        placed = self._missing([staged for staged, _ in journal.steps])
        if not placed:
            left = self._missing([staged for staged, _ in journal.first if staged])
            self._do([step for step in journal.first if step[0] not in left])
        self._do([step for step in journal.steps if step[0] not in placed])
        targets = [target for staged, target in (*journal.first, *journal.steps) if staged]
        for lost in self._missing(targets):
            raise FileNotFoundError(errno.ENOENT, "is neither staged nor in its place", lost)
        if journal.manifest is not None:
            self._write_json(MANIFEST, journal.manifest)
        self._delete(JOURNAL)
        self._clean(keep_rows=journal.keep_rows)

    def _missing(self, files: Sequence[str]) -> list[str]:
        """Those of the files below the warehouse that are not there."""
        return [file for file in files if not (self.here / file).exists()]

    def _do(self, steps: Sequence[tuple[str | None, str]]) -> None:
        """Do steps, no two of which concern one file."""
        for staged, target in steps:
            if staged is None:
                self._delete(target)
            else:
                self._move(staged, target)

    def _move(self, staged: str, target: str) -> None:
        """Put a staged file in its place, in one step for whoever reads."""
        path = self.here / target
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.here / staged).replace(path)

    def _delete(self, file: str) -> None:
        """Remove a file, and the partition that it leaves empty."""
        path = self.here / file
        path.unlink(missing_ok=True)
        if path.parent != self.here:
            with contextlib.suppress(OSError):
                path.parent.rmdir()

    def _clean(self, *, keep_rows: bool) -> None:
        """Empty the staging folder. A worker that outlived its run may still write there: what it leaves goes later."""
        for left in self.rejects.glob(".*"):
            left.unlink(missing_ok=True)
        if not keep_rows:
            shutil.rmtree(self.staging, ignore_errors=True)
        elif self.staging.exists():
            for entry in (*self.staging.iterdir(), *self.staging.glob("rows/.*")):  # in rows: what no worker finished
                if entry.name != "rows":
                    shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)

    def _write_json(self, name: str, value: Any) -> None:
        """Write a JSON file, durably and in one step for whoever reads."""
        path = self.here / f".{name}.new"
        with path.open("w", encoding="utf-8") as file:
            json.dump(value, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        path.replace(self.here / name)


def named(holder: dict[str, Any] | None) -> str:
    """Who holds a warehouse, in words."""
    return f"process {holder['pid']} on {holder['host']} (since {holder['since']})" if holder else "another process"


def remedy(e: Exception) -> str:
    """What to do about an error of reading published files, to be added to it; empty where it is none."""
    unread = isinstance(e, FileNotFoundError | pa.ArrowInvalid) and "parquet" in str(e).lower()
    if not unread or STAGING in str(e):
        return ""
    return f"; that file is lost or damaged, as `dateline check` says of all that are; {ANEW}"


def me() -> dict[str, Any]:
    """Who writes, for whoever finds the warehouse locked."""
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
