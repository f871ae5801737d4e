"""RAW to inputs: every document met below RAW, as bytes with a uri, or the reason why it could not be read.

Memory is bounded by the largest document allowed and by the names in one folder.
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

from flows.places import local, remote
from flows.records import parse_record, text_of
from flows.rejects import Reject, RejectStore
from flows.settings import Settings
from transforms import text
from transforms.errors import DatelineError, RejectCode, Rejected
from transforms.models import RawDocument

LOCAL_SOURCE = "local"
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
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


def is_passed_over(name: str, *, is_folder: bool) -> bool:
    """Whether a file or folder of that name is none of ours: hidden, a file that begins with `_`, or a README."""
    is_ours = is_folder or not (name.startswith("_") or name.partition(".")[0].upper() == "README")
    return name.startswith(".") or not is_ours


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
        """Every input below RAW: an Input, or the Reject that stands for it."""
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
        file_uri, hash_, key = uri.rpartition("#")
        with path.open("rb") as file:
            begin = file.read(4)
            if hash_ and _is_records(file_uri) and (begin[:1] == b"{" or not _is_input(uri)):
                yield self._kept_record(path, file_uri, key)
                return
            file.seek(0)
            stem, dot, suffix = uri.rpartition(".")
            magic = MAGIC.get(dot + suffix.lower())
            # what a later stage refused was kept decompressed
            name = uri if magic is None or begin.startswith(magic) else stem
            yield from self._contents(file, uri, name)

    def _kept_record(self, path: Path, file_uri: str, key: str) -> Input | Reject:
        number = key if key[:1] == "L" and key[1:].isdigit() else "L0"
        if path.stat().st_size > self.limit:
            return Reject(
                f"{file_uri}#{key}", path.name, "ingest", RejectCode.TOO_LARGE, self._too_large("on one line")
            )
        return self.record(path.read_bytes(), file_uri, number, set())

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
            suffix, compression = _format(name)
            stream = _plain(file, compression)
            if suffix == ".txt":
                yield Input(source_of(uri), uri, *self._whole(stream))
            else:
                yield from self._records(stream, uri, bool(compression))
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

    def _records(self, stream: BinaryIO, uri: str, compressed: bool) -> Iterator[Input | Reject]:
        met: set[str] = set()
        for number, line in self._lines(stream, spill=not compressed):
            if isinstance(line, str):
                detail = self._too_large("on one line")
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
            text_of(record, self.settings.fields)
            source = record.get("source")
            if source is not None and not isinstance(source, str):
                raise Rejected(RejectCode.BAD_FIELD, f"source: {type(source).__name__} instead of a string")
            return Input(source or source_of(uri), f"{uri}#{key}", sha256, line, "record")
        except Rejected as e:
            where = number if e.code is RejectCode.DUPLICATE_ID else key
            return Reject(f"{uri}#{where}", self.rejects.keep(line), e.stage, e.code, e.detail)

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


def source_of(uri: str) -> str:
    """The source of the input at `uri`, unless its record says another: the first folder, or `local`."""
    folder, slash, _ = uri.partition("/")
    return folder if slash else LOCAL_SOURCE


def _is_records(path: str) -> bool:
    return _is_input(path) and _format(path)[0] == ".jsonl"


def _is_input(path: str) -> bool:
    try:
        return bool(_format(path))
    except Rejected:
        return False


def _plain(file: BinaryIO, compression: str | None) -> Any:
    """The file's bytes, decompressed as they are read."""
    if (
        compression == "gzip"
    ):  # Arrow's stream refuses the zeros that tapes and block devices leave behind the last member
        return gzip.GzipFile(fileobj=file, mode="rb")
    return pa.CompressedInputStream(pa.PythonFile(file, "r"), compression) if compression else file


def _format(name: str) -> tuple[str, str | None]:
    lower = name.lower()
    compression = next((c for suffix, c in COMPRESSIONS.items() if lower.endswith(suffix)), None)
    plain = lower.rpartition(".")[0] if compression else lower
    suffix = next((f for f in FORMATS if plain.endswith(f)), None)
    if suffix is None:
        raise Rejected(RejectCode.UNKNOWN_FORMAT, f"{name!r} is neither .txt nor .jsonl, plain or with .gz or .zst")
    return suffix, compression
