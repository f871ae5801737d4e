"""What was not taken: the reason, and the bytes, so that it can be tried again after RAW is gone."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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


class RejectStore:
    """The folder of rejected bytes, each file named by its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the bytes of that hash are kept."""
        return self.folder / sha256

    def keep(self, data: bytes) -> str:
        """Keep the bytes; returns their SHA-256."""
        return self.keep_stream([data])

    def keep_file(self, path: Path) -> str | None:
        """Keep a file's bytes as they are; None where they cannot be read."""
        try:
            with path.open("rb") as file:
                return self.keep_stream(_chunks(file))
        except OSError:
            return None

    def keep_stream(self, chunks: Iterable[bytes]) -> str:
        """Keep bytes that come in pieces, never holding more than one; returns their SHA-256."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        descriptor, name = tempfile.mkstemp(prefix=".", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
            Path(name).replace(self.path(digest.hexdigest()))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest.hexdigest()


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
