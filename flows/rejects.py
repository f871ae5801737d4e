"""What was not taken: the reason, and the bytes, so that it can be tried again after RAW is gone."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from transforms.errors import WarehouseError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was not taken."""

    uri: str
    content_sha256: str | None
    """SHA-256 of the bytes kept for it; None where none could be read."""
    stage: str
    code: str
    detail: str
    source: str | None = None
    """The source that the input would have had; None where its uri says it."""


class RejectStore:
    """The folder of rejected bytes, each file named by its SHA-256; bytes that are there are not written again.

    With `writing=False` nothing is kept, only hashed. Where bytes cannot be kept, WarehouseError is raised: a full
    disk is no fault of the input.
    """

    def __init__(self, folder: Path, *, writing: bool = True) -> None:
        self.folder = folder
        self.writing = writing

    def path(self, sha256: str) -> Path:
        """Where the bytes of that hash are put."""
        return self.folder / sha256

    def keep(self, data: bytes) -> str:
        """Keep the bytes; returns their SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        return sha256 if self._has(sha256) else self.keep_stream([data])

    def keep_file(self, file: BinaryIO) -> str:
        """Keep an open file's bytes from its beginning; returns their SHA-256. OSError where they cannot be read."""
        file.seek(0)
        digest = hashlib.sha256()
        for chunk in _chunks(file):
            digest.update(chunk)
        if self._has(digest.hexdigest()):
            return digest.hexdigest()
        file.seek(0)
        return self.keep_stream(_chunks(file))

    def keep_stream(self, chunks: Iterable[bytes]) -> str:
        """Keep bytes that come in pieces, never holding more than one; returns their SHA-256."""
        digest = hashlib.sha256()
        if not self.writing:
            for chunk in chunks:
                digest.update(chunk)
            return digest.hexdigest()
        kept = _Kept(self.folder)
        try:
            for chunk in chunks:
                digest.update(chunk)
                kept.write(chunk)
            kept.become(self.path(digest.hexdigest()))
        except BaseException:
            kept.discard()
            raise
        return digest.hexdigest()

    def _has(self, sha256: str) -> bool:
        return not self.writing or self.path(sha256).exists()


class _Kept:
    """A file below the reject store while it is written, whose failures are the warehouse's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=".", dir=folder)
        except OSError as e:
            raise self._error(e) from e
        self.path = Path(name)
        self.file = os.fdopen(descriptor, "wb")

    def write(self, chunk: bytes) -> None:
        try:
            self.file.write(chunk)
        except OSError as e:
            raise self._error(e) from e

    def become(self, path: Path) -> None:
        try:
            self.file.close()
            self.path.replace(path)
        except OSError as e:
            raise self._error(e) from e

    def discard(self) -> None:
        try:
            self.file.close()
        except OSError:  # what is buffered does not fit either
            pass
        finally:
            self.path.unlink(missing_ok=True)

    def _error(self, e: OSError) -> WarehouseError:
        return WarehouseError(
            f"{self.folder}: a rejected input cannot be kept ({e.strerror}); free some disk or mend its rights"
        )


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
