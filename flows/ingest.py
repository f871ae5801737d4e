"""RAW to inputs: every document met below RAW, as bytes with a uri, or the reason why it could not be read.

Memory is bounded by the largest document allowed and by the names in one folder.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from flows.rejects import Reject, RejectStore
from flows.settings import FIELDS, Settings
from transforms import text
from transforms.errors import DatelineError, Rejected, RejectCode
from transforms.models import RawDocument

LOCAL_SOURCE = "local"
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
FORMATS = (".txt", ".jsonl")
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


def discover(raw: Path) -> Iterator[Path]:
    """Every file below RAW that may be an input, in a fixed order. A folder's names are held at a time.

    Raises DatelineError where RAW itself is not there.
    """
    if not raw.exists():
        raise DatelineError(f"{raw}: there is no such file or folder; name the folder that holds the raw text")
    if not raw.is_dir():
        yield raw
        return
    yield from _walk(raw)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda e: os.fsencode(e.name))
    except OSError:
        yield folder
        return
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            continue
        path = folder / name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        elif not name.startswith("_") and not name.upper().startswith("README"):
            yield path


class Reader:
    """Reads inputs from RAW, putting what cannot be read into a reject store."""

    def __init__(self, raw: Path, settings: Settings, rejects: RejectStore) -> None:
        self.raw = raw
        self.root = Path(os.path.realpath(raw))
        self.settings = settings
        self.limit = settings.max_document_bytes
        self.rejects = rejects

    def inputs(self) -> Iterator[Input | Reject]:
        """Every input below RAW: an Input, or the Reject that stands for it."""
        for path in discover(self.raw):
            yield from self.file(path, self.uri(path))

    def uri(self, path: Path) -> str:
        """The path relative to RAW, as text whatever its bytes are."""
        relative = path.relative_to(self.raw) if path != self.raw else Path(path.name)
        return os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")

    def file(self, path: Path, uri: str) -> Iterator[Input | Reject]:
        """The inputs of one file below RAW."""
        yield from self._contents(path, uri, path.name)

    def _contents(self, path: Path, uri: str, name: str) -> Iterator[Input | Reject]:
        try:
            suffix, compression = _format(name)
            with self._open(path) as file:
                stream: Any = pa.CompressedInputStream(pa.PythonFile(file, "r"), compression) if compression else file
                if suffix == ".txt":
                    yield Input(_source(uri), uri, *self._whole(stream))
                else:
                    yield from self._records(stream, uri, bool(compression))
        except Rejected as e:
            unreadable = e.code in (RejectCode.OUTSIDE, RejectCode.UNREADABLE)
            yield Reject(uri, None if unreadable else self.rejects.keep_file(path), e.stage, e.code, e.detail)
        except OSError as e:
            yield self._unreadable(path, uri, e)

    def kept(self, path: Path, uri: str) -> Iterator[Input | Reject]:
        """The inputs of bytes that were rejected under that uri, and kept in a file."""
        file_uri, hash_, key = uri.rpartition("#")
        if hash_ and _is_records(file_uri):
            line = path.read_bytes()
            number = key if key[:1] == "L" and key[1:].isdigit() else "L0"
            yield self.record(line, file_uri, number, set())
            return
        yield from self._contents(path, uri, uri)

    def _unreadable(self, path: Path, uri: str, e: OSError) -> Reject:
        if isinstance(e, FileNotFoundError):
            return Reject(uri, None, "ingest", RejectCode.VANISHED, "was listed, and gone when it was read")
        if e.errno is None:
            return Reject(uri, self.rejects.keep_file(path), "ingest", RejectCode.CORRUPT, f"does not decompress: {e}")
        return Reject(uri, None, "ingest", RejectCode.UNREADABLE, e.strerror or str(e))

    def _open(self, path: Path) -> BinaryIO:
        real = Path(os.path.realpath(path))
        inside = (self.root, Path(os.path.realpath(self.rejects.folder)))
        if real not in inside and not any(folder in real.parents for folder in inside):
            raise Rejected(RejectCode.OUTSIDE, "a link that leads out of RAW; copy the file instead")
        descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Rejected(RejectCode.UNREADABLE, "is no regular file")
        return os.fdopen(descriptor, "rb")

    def _whole(self, stream: BinaryIO) -> tuple[str, bytes]:
        data = stream.read(self.limit + 1)
        if len(data) > self.limit:
            raise Rejected(RejectCode.TOO_LARGE, f"more than {self.settings.max_document_mb:g} MB (max_document_mb)")
        return hashlib.sha256(data).hexdigest(), data

    def _records(self, stream: BinaryIO, uri: str, compressed: bool) -> Iterator[Input | Reject]:
        met: set[str] = set()
        for number, line in self._lines(stream, spill=not compressed):
            if isinstance(line, str):
                detail = f"more than {self.settings.max_document_mb:g} MB on one line (max_document_mb)"
                yield Reject(f"{uri}#L{number}", line or None, "ingest", RejectCode.TOO_LARGE, detail)
            elif line.strip():
                yield self.record(line, uri, f"L{number}", met)

    def record(self, line: bytes, uri: str, number: str, met: set[str]) -> Input | Reject:
        """One record of the `.jsonl` at `uri`; `met` holds the ids met so far in it, and gains this one."""
        line = line.strip()
        sha256 = hashlib.sha256(line).hexdigest()
        key = number
        try:
            record = parse_record(line, self.settings.fields)
            key = str(record["id"]) if record.get("id") not in (None, "") else number
            if key in met:
                raise Rejected(
                    RejectCode.DUPLICATE_ID, f"line {number[1:]}: the id {key!r} was met before in this file"
                )
            met.add(key)
            source = record.get("source")
            if source is not None and not isinstance(source, str):
                raise Rejected(RejectCode.BAD_FIELD, f"source: {type(source).__name__} instead of a string")
            return Input(source or _source(uri), f"{uri}#{key}", sha256, line, "record")
        except Rejected as e:
            where = number if e.code is RejectCode.DUPLICATE_ID else key
            return Reject(f"{uri}#{where}", self.rejects.keep(line), e.stage, e.code, e.detail)

    def _lines(self, stream: BinaryIO, *, spill: bool) -> Iterator[tuple[int, bytes | str]]:
        """Numbered lines; in place of one beyond the limit, the SHA-256 under which its bytes are kept ("" if not)."""
        number, held = 1, b""
        while chunk := stream.read(CHUNK):
            *whole, held = (held + chunk).split(b"\n")
            for line in whole:
                yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                number += 1
            if len(held) > self.limit:
                sha256, held = self._skip_line(stream, held, spill=spill)
                yield number, sha256
                number += 1
        for line in held.split(b"\n"):
            yield number, line
            number += 1

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


def parse_record(line: bytes, fields: dict[str, str]) -> dict[str, Any]:
    """A record under our names (`fields`: our name -> its name in the file); what has no name of ours keeps its own.

    Raises Rejected where the line is no JSON object, or has no text.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = _parse_leniently(line)
    if not isinstance(record, dict):
        raise Rejected(RejectCode.BAD_JSON, f"a JSON {type(record).__name__} instead of an object")
    theirs = {fields.get(name, name): name for name in FIELDS}
    ours: dict[str, Any] = {}
    for name, value in record.items():
        if name in theirs:
            ours[theirs[name]] = value
        else:
            ours[f"{name}_in_file" if name in FIELDS else name] = value
    if not isinstance(ours.get("text"), str):
        given = fields.get("text", "text")
        raise Rejected(RejectCode.NO_TEXT_FIELD, f"{given!r} is missing or no string; [fields] maps other names")
    return ours


def _parse_leniently(line: bytes) -> Any:
    """What orjson refuses and others write: NaN, lone surrogates, legacy encodings."""
    try:
        return json.loads(text.decode(line)[0])
    except Rejected as e:
        raise Rejected(RejectCode.BAD_JSON, e.detail) from e
    except (ValueError, RecursionError) as e:
        raise Rejected(RejectCode.BAD_JSON, f"{type(e).__name__}: {str(e)[:200]}") from e


def raw_document(item: Input, fields: dict[str, str]) -> RawDocument:
    """The input decoded. Raises Rejected where it is no text."""
    if item.kind == "file":
        return RawDocument(item.source, item.uri, item.content_sha256, text.decode(item.data)[0])
    if item.kind == "record":
        record = parse_record(item.data, fields)
        return RawDocument(item.source, item.uri, item.content_sha256, record.pop("text"), record)
    held = json.loads(item.data)
    return RawDocument(item.source, item.uri, item.content_sha256, held["text"], held["record"])


def _is_records(path: str) -> bool:
    try:
        return _format(path)[0] == ".jsonl"
    except Rejected:
        return False


def _format(name: str) -> tuple[str, str | None]:
    stem, suffix = os.path.splitext(name.lower())
    compression = COMPRESSIONS.get(suffix)
    if compression:
        suffix = os.path.splitext(stem)[1]
    if suffix not in FORMATS:
        raise Rejected(RejectCode.UNKNOWN_FORMAT, f"{name!r} is neither .txt nor .jsonl, plain or with .gz or .zst")
    return suffix, compression


def _source(uri: str) -> str:
    folder, slash, _ = uri.partition("/")
    return folder if slash else LOCAL_SOURCE
