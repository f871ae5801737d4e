"""The lock of a warehouse on an object store: a lease that its holder renews, and that ends by itself when it dies.

Each lease is an object `_lock/<number>.json` that is created only where no such object is: of two who want the next
number one gets it. A number may be taken when the one before was given back, or was not renewed in time. A holder that
slept through its time finds a higher number, or its own object gone, when it confirms, which it does before it
publishes. The clocks of the machines may differ by less than `LENGTH`.
"""

import contextlib
import json
import os
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fsspec import AbstractFileSystem

from flows.warehouse import me

LENGTH = 120.0
"""Seconds that a lease lasts unless it is renewed."""
RENEWED = 20.0
"""Seconds between renewals."""


class LeaseLost(Exception):
    """Another has taken the lease over."""


class Lease:
    """The right to write below a prefix of an object store."""

    def __init__(self, fs: AbstractFileSystem, folder: str) -> None:
        self.fs = fs
        self.folder = folder
        self.token = secrets.token_hex(8)
        self.number = 0
        self.since = ""
        self._given_back = threading.Event()
        self._renewing: threading.Thread | None = None

    def acquire(self) -> bool:
        """Take the lease; returns whether it was free. Raises OSError where the store cannot be written."""
        numbers = self._numbers()
        if numbers and self._is_alive(numbers[-1]):
            return False
        self.number = (numbers[-1] if numbers else 0) + 1
        self.since = me()["since"]
        if not self._create():
            return False
        for old in numbers:
            self._remove(old)
        self._given_back.clear()
        self._renewing = threading.Thread(target=self._renew, daemon=True)
        self._renewing.start()
        return True

    def confirm(self) -> None:
        """Raise LeaseLost where the lease is not held any more."""
        held = self._read(self.number)
        if held is None or held["token"] != self.token or self._numbers()[-1:] != [self.number]:
            raise LeaseLost("the lease on it ran out, and another run has taken it over")

    def release(self) -> None:
        """Give the lease back."""
        self._given_back.set()
        if self._renewing:
            self._renewing.join()
        held = self._read(self.number)
        if held and held["token"] == self.token:
            self._remove(self.number)

    def holder(self) -> dict[str, Any] | None:
        """Who holds the lease (pid, host, since), or None."""
        numbers = self._numbers()
        return self._read(numbers[-1]) if numbers and self._is_alive(numbers[-1]) else None

    def _renew(self) -> None:
        while not self._given_back.wait(RENEWED):
            with contextlib.suppress(OSError, LeaseLost):  # the next time, or `confirm`, says so
                self.confirm()
                self.fs.pipe_file(self._key(self.number), self._content())

    def _create(self) -> bool:
        """Create the object of our number; returns whether it is ours."""
        try:
            self.fs.pipe_file(self._key(self.number), self._content(), mode="create")
        except OSError:
            if not self.fs.exists(self._key(self.number)):
                raise
        held = self._read(self.number)
        return held is not None and held["token"] == self.token

    def _content(self) -> bytes:
        until = datetime.now(UTC) + timedelta(seconds=LENGTH)
        return json.dumps(me() | {"since": self.since, "until": until.isoformat(), "token": self.token}).encode()

    def _is_alive(self, number: int) -> bool:
        held = self._read(number)
        if held is None or datetime.fromisoformat(held["until"]) <= datetime.now(UTC):
            return False
        return held["host"] != me()["host"] or _runs(held["pid"])

    def _read(self, number: int) -> dict[str, Any] | None:
        try:
            held: dict[str, Any] = json.loads(self.fs.cat_file(self._key(number)))
        except FileNotFoundError:
            return None
        return held

    def _numbers(self) -> list[int]:
        try:
            return sorted(self._named())
        except FileNotFoundError:
            return []

    def _named(self) -> Iterator[int]:
        for key in self.fs.ls(self.folder, detail=False):
            name = key.rpartition("/")[2].removesuffix(".json")
            if name.isdigit():
                yield int(name)

    def _remove(self, number: int) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self._key(number))

    def _key(self, number: int) -> str:
        return f"{self.folder}/{number:012d}.json"


def _runs(pid: int) -> bool:
    """Whether a process of this machine is there: no need to wait for the end of a dead one's lease."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
