"""Known documents read back from the warehouse: their inputs, where these are gone, and which uris they have."""

import json
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.ingest import Input
from flows.warehouse import Store
from transforms.offsets import Edit, restore
from transforms.schema import DOCUMENTS, REMOVALS


def restored(store: Store, doc_ids: Sequence[str]) -> Iterator[Input]:
    """The inputs of known documents, made from the warehouse: their raw text is their text with the removals put back.

    Holds a part at a time.
    """
    wanted = pa.array(doc_ids, pa.string())
    columns = ["doc_id", "source", "uri", "content_sha256", "text", "record"]
    for name in sorted(f for f in store.manifest.files if f.startswith(f"{DOCUMENTS.name}/")):
        path = store.path(name)
        ids = pq.read_table(path, columns=["doc_id"], partitioning=None)["doc_id"]
        if not pc.any(pc.is_in(ids, wanted)).as_py():
            continue
        edits: dict[str, list[Edit]] = defaultdict(list)
        removals = store.path(f"{REMOVALS.name}{name.removeprefix(DOCUMENTS.name)}")
        for row in _some(removals, ["doc_id", "raw_start", "text", "replacement"], wanted):
            edits[row["doc_id"]].append((row["raw_start"], row["text"], row["replacement"]))
        for row in _some(path, columns, wanted):
            record = None if row["record"] is None else json.loads(row["record"])
            held = {"text": restore(row["text"], edits[row["doc_id"]]), "record": record}
            yield Input(row["source"], row["uri"], row["content_sha256"], json.dumps(held).encode(), "restored")


def not_below(store: Store, doc_ids: Sequence[str], uris: Container[str]) -> list[str]:
    """Those of the known documents whose input is neither one of `uris` nor a record or file below one."""
    wanted = pa.array(doc_ids, pa.string())
    rows = (row for path in store.files(DOCUMENTS) for row in _some(path, ["doc_id", "uri"], wanted))
    return [row["doc_id"] for row in rows if not any(part in uris for part in _above(row["uri"]))]


def _above(uri: str) -> Iterator[str]:
    yield uri
    yield from (uri[:at] for at, character in enumerate(uri) if character in "/#")


def _some(path: Path, columns: Sequence[str], wanted: pa.Array) -> Iterator[dict[str, Any]]:
    rows = pq.read_table(path, columns=columns, partitioning=None)
    for batch in rows.filter(pc.is_in(rows["doc_id"], wanted)).to_batches(max_chunksize=100):
        yield from batch.to_pylist()
