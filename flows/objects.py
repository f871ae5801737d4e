"""RAW on an object store: every object below a prefix, read a bounded number at a time."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_SET, BufferedReader, BytesIO, RawIOBase
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from upath import UPath

from flows import ingest
from flows.ingest import Input, Reader
from flows.naming import is_passed_over
from flows.places import local, remote
from flows.rejects import Reject, RejectStore
from flows.settings import Settings
from transforms.errors import DatelineError

AT_ONCE = 256
"""Objects fetched side by side."""
HELD = 64_000_000
"""Bytes held of objects that were fetched side by side; a larger object is streamed alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object below RAW."""

    key: str
    uri: str
    """Its name relative to RAW."""
    size: int


def discover(raw: UPath, warehouse: UPath | None = None) -> Iterator[Found]:
    """Every object below RAW that may be an input, in the order of names within each folder; the names of the folders
    above it are held. The warehouse is passed over where it lies below RAW.

    Raises DatelineError where there is nothing at RAW, or where it cannot be listed.
    """
    root = raw.path.rstrip("/")
    try:
        first = raw.fs.info(root)
        if first["type"] == "file" and not root.endswith("/"):
            yield Found(root, PurePosixPath(root).name, int(first["size"] or 0))
            return
        levels = [_listed(raw, root)]
        while levels:
            entry = next(levels[-1], None)
            if entry is None:
                levels.pop()
                continue
            key = entry["name"].rstrip("/")
            is_folder = entry["type"] == "directory"
            if is_passed_over(key.rpartition("/")[2], is_folder=is_folder):
                continue
            if not is_folder:
                yield Found(entry["name"], entry["name"][len(root) + 1 :], int(entry["size"] or 0))
            elif warehouse is None or warehouse.path.rstrip("/") != key:
                levels.append(_listed(raw, key))
    except OSError as e:
        raise DatelineError(f"{raw}: cannot be listed ({e}); name the place of the raw text") from e


def _listed(raw: UPath, folder: str) -> Iterator[dict[str, Any]]:
    entries = raw.fs.ls(folder, detail=True)
    # a folder may be listed within itself: some tools leave an empty object of its name
    return iter(sorted((e for e in entries if e["name"].rstrip("/") != folder), key=lambda e: e["name"]))


class ObjectReader(Reader):
    """Reads inputs from an object store. There are no links on one, so nothing can lead out of RAW."""

    def __init__(self, settings: Settings, rejects: RejectStore) -> None:
        super().__init__(settings, rejects)
        self.raw = UPath(settings.raw)

    def inputs(self) -> Iterator[Input | Reject]:
        """Every input below RAW: an Input, or the Reject that stands for it. Raises SettingsError as `look_apart`."""
        ingest.look_apart(self.settings)
        held: list[Found] = []
        size = 0
        for found in discover(self.raw, remote(self.settings.warehouse)):
            if len(held) == AT_ONCE or size + found.size > HELD:
                yield from self._together(held)
                held, size = [], 0
            held.append(found)
            size += found.size
        yield from self._together(held)

    def _together(self, some: list[Found]) -> Iterator[Input | Reject]:
        small = [f.key for f in some if f.size <= HELD]
        # not `cat`, which takes a name with brackets for a pattern
        fetched = self.raw.fs.cat_ranges(small, [None] * len(small), [None] * len(small), on_error="return")
        held = dict(zip(small, fetched, strict=True))
        for found in some:
            yield from self.file(held.pop(found.key, found.key), found.uri)

    def _open(self, path: Any) -> BinaryIO:
        """`path`: what was fetched (bytes, or the error in their place), or the key of a larger object."""
        try:
            if isinstance(path, Exception):
                raise path
            return BytesIO(path) if isinstance(path, bytes) else BufferedReader(_Streamed(self.raw.fs.open(path, "rb")))
        except OSError:
            raise
        except Exception as e:  # a client's own kind of error
            raise OSError(f"{type(e).__name__}: {e}") from e


class _Streamed(RawIOBase):
    """An object that is read as it comes: a failure of the store's is an OSError with a number, so that none is taken
    for a fault of the object's bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        try:
            data = self.file.read(len(buffer))
        except FileNotFoundError:
            raise
        except Exception as e:  # a client's own kind of error
            if isinstance(e, OSError) and e.errno is not None:
                raise
            raise OSError(errno.EIO, f"{type(e).__name__}: {e}") from e
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


def reader(settings: Settings, rejects: RejectStore) -> Reader:
    """What reads RAW, wherever it is."""
    return ObjectReader(settings, rejects) if remote(settings.raw) else Reader(settings, rejects)


def look(settings: Settings) -> None:
    """Raise DatelineError where there is no RAW, where it cannot be listed, or where it is in the warehouse."""
    ingest.look_apart(settings)
    raw = remote(settings.raw)
    next(iter(discover(raw) if raw else ingest.discover(local(settings.raw))), None)
