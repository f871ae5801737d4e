"""Batches of inputs on disk: what the planner writes and the workers read, who so work what was hashed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from flows.ingest import Input
from transforms.identity import digest, doc_id

SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("uri", pa.string()),
        ("content_sha256", pa.string()),
        ("data", pa.large_binary()),
        ("kind", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some inputs in one file."""

    path: Path
    documents: int
    chars: int
    """Bytes of input, which is characters or a little more."""
    key: str
    """Stands for the inputs and their order, and names the file: a worker that outlived its run reads what it was
    meant to, or nothing."""


class Spool:
    """Collects inputs into batches of at most so many characters and documents."""

    def __init__(self, folder: Path, batch_chars: int, batch_documents: int) -> None:
        self.folder = folder
        self.batch_chars = batch_chars
        self.batch_documents = batch_documents
        self.batches: list[Batch] = []
        self._held: list[Input] = []
        self._chars = 0

    def add(self, item: Input) -> None:
        """Add an input; writes a batch when it is full."""
        self._held.append(item)
        self._chars += len(item.data)
        if self._chars >= self.batch_chars or len(self._held) >= self.batch_documents:
            self.close()

    def close(self) -> list[Batch]:
        """Write what is held; returns all batches."""
        if self._held:
            key = digest(
                *(part for item in self._held for part in (item.source, item.uri, item.content_sha256, item.kind))
            )
            path = self.folder / f"{key}.arrow"
            columns = [[getattr(item, name) for item in self._held] for name in SCHEMA.names]
            rows = pa.table([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)
            write_ipc(path, [rows], SCHEMA, "zstd")
            self.batches.append(Batch(path, len(self._held), self._chars, key))
            self._held, self._chars = [], 0
        return self.batches


def write_ipc(path: Path, tables: Sequence[pa.Table], schema: pa.Schema, compression: str | None = None) -> None:
    """Write an Arrow file with one record batch a table, put in place by one rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with pa.ipc.new_file(new, schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        for table in tables:
            batches = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=schema)]
            writer.write_batch(batches[0])
    new.replace(path)


def read(path: Path) -> Iterator[tuple[str, Input]]:
    """The inputs of a batch with their doc_ids, in order."""
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        for row in reader.read_all().to_pylist():
            yield doc_id(row["source"], row["uri"]), Input(**row)
