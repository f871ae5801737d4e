"""RAW to inputs: every document met below RAW, as bytes with a uri, or the reason why it could not be read.

Memory is bounded by the largest document allowed, by the names in one folder and by the ids in one file.
"""

import codecs
import gzip
import hashlib
import json
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from flows.naming import compression, format_of, is_archive, is_input, is_passed_over, record_parts, source_of
from flows.places import local, remote
from flows.records import id_of, parse_record, text_of
from flows.rejects import Reject, RejectStore
from flows.settings import Settings
from transforms import text
from transforms.errors import DatelineError, RejectCode, Rejected, SettingsError
from transforms.models import RawDocument

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """One document met, not yet decoded."""

    source: str
    uri: str
    content_sha256: str
    data: bytes
    """The file's bytes, decompressed; for a record its line; `restored`: text and record as JSON."""
    kind: str = "file"
    """`file`, `record` or `restored` (from the warehouse, where the input is gone)."""


def discover(raw: Path, warehouse: Path | None = None) -> Iterator[Path]:
    """Every file below RAW that may be an input, in a fixed order. The names of the folders above it are held.

    The warehouse is passed over where it lies below RAW. A folder that cannot be listed stands for itself. Raises
    DatelineError where RAW itself is not there or cannot be listed.
    """
    try:
        if not stat.S_ISDIR(raw.stat().st_mode):
            yield raw
            return
        levels = [iter(_entries(raw))]
    except OSError as e:
        raise DatelineError(f"{raw}: cannot be read ({e.strerror}); name the folder or file of the raw text") from e
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif is_passed_over(entry.name, is_folder=entry.is_dir(follow_symlinks=False)):
            continue
        elif not entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)
        elif warehouse is None or not _is_same(entry, warehouse):
            try:
                levels.append(iter(_entries(Path(entry.path))))
            except OSError:
                yield Path(entry.path)


def look_apart(settings: Settings) -> None:
    """Raise SettingsError where RAW is the warehouse or lies within it: its tables would be inputs."""
    raw, warehouse = settings.raw, settings.warehouse
    if remote(raw) or remote(warehouse):
        is_within = type(raw) is type(warehouse) and f"{raw}/".startswith(f"{str(warehouse).rstrip('/')}/")
    else:
        is_within = Path(os.path.realpath(local(raw))).is_relative_to(os.path.realpath(local(warehouse)))
    if is_within:
        raise SettingsError(f"{raw}: is in the warehouse {warehouse}; name another folder for one of them")


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda e: os.fsencode(e.name))


def _is_same(entry: "os.DirEntry[str]", folder: Path) -> bool:
    return entry.name == folder.name and os.path.realpath(entry.path) == os.path.realpath(folder)


class Reader:
    """Reads inputs from RAW, putting what cannot be read into a reject store."""

    def __init__(self, settings: Settings, rejects: RejectStore) -> None:
        self.settings = settings
        self.limit = settings.max_document_bytes
        self.rejects = rejects

    def inputs(self) -> Iterator[Input | Reject]:
        """Every input below RAW: an Input, or the Reject that stands for it. Raises SettingsError as `look_apart`."""
        look_apart(self.settings)
        raw, warehouse = local(self.settings.raw), self.settings.warehouse
        for path in discover(raw, None if remote(warehouse) else Path(os.path.realpath(local(warehouse)))):
            relative = path.relative_to(raw) if path != raw else Path(path.name)
            uri = os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")  # text, whatever its bytes are
            yield from self.file(path, uri)

    def file(self, path: Any, uri: str) -> Iterator[Input | Reject]:
        """The inputs of one file below RAW, whose name ends as its uri; no fault of the file is raised."""
        try:
            with self._open(path) as file:
                yield from self._contents(file, uri, uri.rpartition("/")[2])
        except Rejected as e:
            yield Reject(uri, None, e.stage, e.code, e.detail)
        except FileNotFoundError:
            yield Reject(uri, None, "ingest", RejectCode.VANISHED, "was listed, and gone when it was read")
        except OSError as e:
            yield Reject(uri, None, "ingest", RejectCode.UNREADABLE, e.strerror or str(e))

    def kept(self, path: Path, uri: str) -> Iterator[Input | Reject]:
        """The inputs of bytes that were rejected under that uri, and kept in a file."""
        file_uri, key = record_parts(uri)
        with path.open("rb") as file:
            begin = file.read(4)
            file.seek(0)
            if key and not is_input(uri) and is_archive(file_uri, begin):
                yield from self._kept_line(file, file_uri, key)
            elif key and (begin[:1] == b"{" or not is_input(uri)):
                yield self._kept_record(path, file_uri, key)
            else:  # what a later stage refused was kept decompressed
                is_whole = compression(uri) is None or is_archive(uri, begin)
                yield from self._contents(file, uri, uri if is_whole else uri.rpartition(".")[0])

    def _kept_line(self, file: BinaryIO, file_uri: str, key: str) -> Iterator[Input | Reject]:
        """The record on line `key` of an archive, which was kept whole for it."""
        stream = _plain(file, compression(file_uri))
        line = next(line for number, line in self._lines(stream, spill=False) if f"L{number}" == key)
        if isinstance(line, bytes):
            yield self.record(line, file_uri, key, {})
        else:
            yield self._long_line(file_uri, key, self.rejects.keep_file(file))

    def _kept_record(self, path: Path, file_uri: str, key: str) -> Input | Reject:
        number = key if key[:1] == "L" and key[1:].isdigit() else "L0"
        if path.stat().st_size > self.limit:
            return self._long_line(file_uri, key, path.name)
        return self.record(path.read_bytes(), file_uri, number, {})

    def _long_line(self, file_uri: str, key: str, sha256: str) -> Reject:
        detail, source = self._too_large("on one line"), source_of(file_uri)
        return Reject(f"{file_uri}#{key}", sha256, "ingest", RejectCode.TOO_LARGE, detail, source)

    def _open(self, path: Any) -> BinaryIO:
        if path.is_symlink():
            path = self._target(path)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            os.close(descriptor)
            what = "a folder whose names cannot be read, or a link to a folder" if stat.S_ISDIR(mode) else "no file"
            raise Rejected(RejectCode.UNREADABLE, f"is {what}")
        return os.fdopen(descriptor, "rb")

    def _target(self, link: Path) -> Path:
        try:
            real = Path(os.path.realpath(link, strict=True))
        except FileNotFoundError:
            raise Rejected(RejectCode.UNREADABLE, "a link that leads nowhere") from None
        root = Path(os.path.realpath(local(self.settings.raw)))
        if real != root and root not in real.parents:
            raise Rejected(RejectCode.OUTSIDE, "a link that leads out of RAW; copy the file instead")
        return real

    def _contents(self, file: BinaryIO, uri: str, name: str) -> Iterator[Input | Reject]:
        """The inputs of an open file; a fault of its bytes gives a Reject with them, one of the disk an OSError."""
        try:
            suffix, packed = format_of(name)
            stream = _plain(file, packed)
            if suffix == ".txt":
                yield Input(source_of(uri), uri, *self._whole(stream))
            else:
                yield from self._records(stream, uri, file if packed else None)
        except Rejected as e:
            yield Reject(uri, self.rejects.keep_file(file), e.stage, e.code, e.detail)
        except (OSError, EOFError, zlib.error) as e:
            if getattr(e, "errno", None) is not None or isinstance(e, FileNotFoundError):
                raise
            detail = f"does not decompress: {e}"
            yield Reject(uri, self.rejects.keep_file(file), "ingest", RejectCode.CORRUPT, detail)

    def _whole(self, stream: BinaryIO) -> tuple[str, bytes]:
        data = stream.read(self.limit + 1)
        if len(data) > self.limit:
            raise Rejected(RejectCode.TOO_LARGE, self._too_large())
        return hashlib.sha256(data).hexdigest(), data

    def _too_large(self, where: str = "") -> str:
        return " ".join(f"more than {self.settings.max_document_mb:g} MB {where} (max_document_mb)".split())

    def _records(self, stream: BinaryIO, uri: str, archive: BinaryIO | None) -> Iterator[Input | Reject]:
        """The records of a stream; `archive`: the file that it is decompressed from."""
        met: dict[str, bool] = {}
        kept = ""
        for number, line in self._lines(stream, spill=archive is None):
            if isinstance(line, bytes):
                if line.strip():
                    yield self.record(line, uri, f"L{number}", met)
                continue
            if archive and not kept:  # once for all its long lines, which may be terabytes
                kept = self._keep_in_mid_read(archive)
            yield self._long_line(uri, f"L{number}", line or kept)

    def _keep_in_mid_read(self, file: BinaryIO) -> str:
        at = file.tell()
        try:
            return self.rejects.keep_file(file)
        finally:
            file.seek(at)

    def record(self, line: bytes, uri: str, number: str, met: dict[str, bool]) -> Input | Reject:
        """One record of the `.jsonl` at `uri`. `met`: what the records so far in it are called, and whether by an id of
        their own; it gains this one."""
        line = line.strip()
        sha256 = hashlib.sha256(line).hexdigest()
        key, source = number, source_of(uri)
        try:
            record = parse_record(line, self.settings.fields)
            own = id_of(record)
            key = own or number
            if key in met:
                raise Rejected(RejectCode.DUPLICATE_ID, f"line {number[1:]}: {_collision(own, key, met)}")
            met[key] = own is not None
            stated = record.get("source")
            if stated is not None and not isinstance(stated, str):
                raise Rejected(RejectCode.BAD_FIELD, f"source: {type(stated).__name__} instead of a string")
            source = stated or source
            text_of(record, self.settings.fields)
            return Input(source, f"{uri}#{key}", sha256, line, "record")
        except Rejected as e:
            where = number if e.code is RejectCode.DUPLICATE_ID else key
            return Reject(f"{uri}#{where}", self.rejects.keep(line), e.stage, e.code, e.detail, source)

    def _lines(self, stream: BinaryIO, *, spill: bool) -> Iterator[tuple[int, bytes | str]]:
        """Numbered lines; in place of one beyond the limit, the SHA-256 under which its bytes are kept ("" if not)."""
        number, held = 1, b""
        while chunk := stream.read(CHUNK):
            if not held and chunk.isspace():
                number += chunk.count(b"\n")
                continue
            *whole, held = (held + chunk).split(b"\n")
            for line in whole:
                yield number, self._fit(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line, spill=spill)
                number += 1
            if len(held) > self.limit:
                sha256, held = self._skip_line(stream, held, spill=spill)
                yield number, sha256
                number += 1
        for line in held.split(b"\n"):
            yield number, self._fit(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line, spill=spill)
            number += 1

    def _fit(self, line: bytes, *, spill: bool) -> bytes | str:
        if len(line) <= self.limit:
            return line
        return self.rejects.keep(line) if spill else ""

    def _skip_line(self, stream: BinaryIO, begun: bytes, *, spill: bool) -> tuple[str, bytes]:
        rest = b""

        def line() -> Iterator[bytes]:
            nonlocal rest
            yield begun
            while chunk := stream.read(CHUNK):
                head, newline, rest = chunk.partition(b"\n")
                yield head
                if newline:
                    return

        if spill:
            return self.rejects.keep_stream(line()), rest
        for _ in line():
            pass
        return "", rest


def _collision(own: str | None, key: str, met: dict[str, bool]) -> str:
    """Why a record with that id (None: with none) cannot be called `key`."""
    if own is None:
        return f"it has no id and is called {key!r}, an id met before in this file"
    if not met[key]:
        return f"its id is {key!r}; line {key[1:]} has no id and is called so"
    return f"the id {key!r} was met before in this file"


def raw_document(item: Input, fields: dict[str, str]) -> RawDocument:
    """The input decoded. Raises Rejected where it is no text."""
    if item.kind == "file":
        return RawDocument(item.source, item.uri, item.content_sha256, text.decode(item.data)[0])
    if item.kind == "record":
        record = parse_record(item.data, fields)
        content = text_of(record, fields)
        del record["text"]
        return RawDocument(item.source, item.uri, item.content_sha256, content, record)
    held = json.loads(item.data)
    return RawDocument(item.source, item.uri, item.content_sha256, held["text"], held["record"])


def input_bytes(item: Input, fields: dict[str, str]) -> bytes:
    """The bytes to keep of an input that is refused, so that `Reader.kept` can read them: a file's or a line's."""
    if item.kind != "restored":
        return item.data
    held = json.loads(item.data)
    if held["record"] is None:
        return str(held["text"]).encode()
    return orjson.dumps(
        {fields.get(name, name): value for name, value in {**held["record"], "text": held["text"]}.items()}
    )


def _plain(file: BinaryIO, packed: str | None) -> Any:
    """The file's bytes, decompressed as they are read."""
    if packed == "gzip":  # Arrow's stream refuses the zeros that tapes leave behind the last member
        return gzip.GzipFile(fileobj=file, mode="rb")
    return pa.CompressedInputStream(pa.PythonFile(file, "r"), packed) if packed else file
