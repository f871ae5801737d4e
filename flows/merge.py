"""New rows and old rows to new part files: only the parts that something changes in are written again.

A month's documents lie in `n` parts by the first hex digits of their doc_id; `n` is a power of two that follows from
the documents of the month alone. So the layout is the same however the documents came. Memory is bounded by a part for
each thread.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock, get_ident

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows import duck
from flows.jobs import Done
from flows.warehouse import Put, Step, Store, part_path, write_table
from transforms.schema import DOCUMENT_TABLES, DOCUMENTS, INDEX, PARTITION, UNKNOWN_MONTH, Table

PART_CHARS = 32_000_000
"""A month is split into parts of at most about so many characters: some 10 MB of Parquet."""
DOCUMENT_CHARS = 2_000
"""What a document counts for besides its characters."""
DIGITS = 8
"""Hex digits of the doc_id that decide the part."""
HASHES: int = 16**DIGITS
OPEN_FILES = 256
"""Files of batches held open: each is asked for every month that it has documents of."""


@dataclass
class Merged:
    """What a run changes on disk."""

    first: list[Step] = field(default_factory=list)
    """Steps that take documents out of files that they leave: to be done before any other. No two concern one file."""
    then: list[Put] = field(default_factory=list)
    """Steps that put the new parts in their place."""
    files: dict[str, int] = field(default_factory=dict)
    """Rows of each file of the document tables, after all steps."""
    parts: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    """Documents in the warehouse, after all steps."""


class Merge:
    """Works out what changes, then writes the parts that do."""

    def __init__(
        self, store: Store, done: Sequence[Done], drop: Sequence[str], *, threads: int, from_nothing: bool
    ) -> None:
        self.store = store
        self.threads = threads
        self.lock = Lock()
        """Held to ask `con`, which is of one thread at a time."""
        self.out = store.staging / "publish"
        self.old_parts = {} if from_nothing else store.manifest.parts
        self.old_files = {} if from_nothing else store.manifest.files
        self.batches = _by_month(done)
        self.con = duck.connect(store.staging / "tmp", threads=threads)
        self._load(done, drop, [] if from_nothing else store.files(INDEX))

    def _load(self, done: Sequence[Done], drop: Sequence[str], index: Sequence[Path]) -> None:
        con = self.con
        columns = f"doc_id, {PARTITION} AS month, published_on, raw_chars, text_key"
        con.register("dropped", pa.table({"doc_id": pa.array(drop, pa.string())}))
        con.execute(f"CREATE TABLE old AS SELECT {columns}, duplicate_of FROM {duck.scan(INDEX, index)}")  # noqa: S608
        con.execute("CREATE TABLE next AS SELECT *, false AS fresh FROM old WHERE doc_id NOT IN (FROM dropped)")
        for batch in done:
            con.register("batch", _read(Path(batch.folder), INDEX))
            con.execute(f"INSERT INTO next SELECT {columns}, NULL, true FROM batch")  # noqa: S608
        con.execute("""
            CREATE TABLE duplicates AS
            SELECT doc_id, nullif(first_value(doc_id) OVER
                (PARTITION BY text_key ORDER BY published_on NULLS LAST, doc_id), doc_id) AS earliest
            FROM next WHERE text_key IN (SELECT text_key FROM next GROUP BY text_key HAVING count(*) > 1)
        """)
        weights = con.execute(
            f"SELECT month, sum(raw_chars + {DOCUMENT_CHARS})::BIGINT FROM next GROUP BY month ORDER BY month"  # noqa: S608
        ).fetchall()
        # a warehouse of nothing has tables that can be read: one part of each, without a row
        self.parts = {month: _parts(weight) for month, weight in weights} or {UNKNOWN_MONTH: 1}

    def write(self) -> Merged:
        """Write the parts that change, below the staging folder; says what to do with them."""
        names = tuple(f"{table.name}/" for table in DOCUMENT_TABLES)
        merged = Merged(files={f: rows for f, rows in self.old_files.items() if f.startswith(names)}, parts=self.parts)
        self._count(merged)
        self._leave(merged)
        affected = self._affected()
        with ThreadPoolExecutor(self.threads) as pool:
            parts = [(table, *where) for table in DOCUMENT_TABLES for where in affected]
            for target, rows in pool.map(lambda part: self._write(*part), parts):
                merged.then.append((self.out / target, target))
                merged.files[target] = rows
        self.con.close()
        _reader.cache_clear()
        return merged

    def _write(self, table: Table, month: str, part: int) -> tuple[str, int]:
        rows = self._rows(table, month, part)
        target = part_path(table, month, part)
        write_table(rows, self.out / target)
        return target, rows.num_rows

    def _count(self, merged: Merged) -> None:
        rows, ids = self.con.execute("SELECT count(*), count(DISTINCT doc_id) FROM next").fetchall()[0]
        if rows != ids:
            raise AssertionError(f"{rows} rows of {ids} documents: a document was worked that is still there")
        merged.documents = rows

    def _affected(self) -> list[tuple[str, int]]:
        """The parts, in the new layout, that some document enters, leaves or changes in."""
        months = sorted(self.parts)
        parts = [self.parts[month] for month in months]
        self.con.register(
            "layout", pa.table({"month": pa.array(months, pa.string()), "parts": pa.array(parts, pa.int64())})
        )
        touched = self.con.execute(f"""
            SELECT DISTINCT month, (('0x' || doc_id[1:{DIGITS}])::BIGINT * parts) // {HASHES} FROM (
                SELECT doc_id, month FROM next WHERE fresh
                UNION ALL SELECT doc_id, month FROM old WHERE doc_id IN (FROM dropped)
                UNION ALL SELECT doc_id, month FROM next LEFT JOIN duplicates USING (doc_id)
                    WHERE earliest IS DISTINCT FROM duplicate_of
            ) JOIN layout USING (month)
        """).fetchall()  # noqa: S608
        resized = {(m, part) for m, n in self.parts.items() if self.old_parts.get(m) != n for part in range(n)}
        return sorted(resized.union(touched))

    def _leave(self, merged: Merged) -> None:
        """Files that documents leave for another file go, or are written without them: so that none is there twice."""
        for month, parts in sorted(self.old_parts.items()):
            if self.parts.get(month) != parts:
                for table in DOCUMENT_TABLES:
                    gone = [part_path(table, month, part) for part in range(parts)]
                    merged.first += [(None, path) for path in gone]
                    for path in gone:
                        merged.files.pop(path, None)
        for (month, part), doc_ids in sorted(self._moving().items()):
            for table in DOCUMENT_TABLES:
                target = part_path(table, month, part)
                rows = self._old(table, target)
                staged = self.out / "first" / target
                write_table(rows.filter(pc.invert(pc.is_in(rows["doc_id"], pa.array(doc_ids)))), staged)
                merged.first.append((staged, target))

    def _moving(self) -> dict[tuple[str, int], list[str]]:
        """(old month, old part) -> the documents in it that go to another month. Months that are split anew are whole
        files' matter."""
        moving = defaultdict(list)
        for doc_id, month in self.con.execute(
            "SELECT doc_id, o.month FROM old o JOIN next n USING (doc_id) WHERE o.month <> n.month"
        ).fetchall():
            if self.parts.get(month) == self.old_parts[month]:
                moving[month, _part(doc_id, self.old_parts[month])].append(doc_id)
        return moving

    def _old(self, table: Table, path: str) -> pa.Table:
        return pq.read_table(self.store.path(path), schema=table.arrow, partitioning=None)

    def _rows(self, table: Table, month: str, part: int) -> pa.Table:
        rows = pa.concat_tables([table.arrow.empty_table(), *self._pieces(table, month, part)])
        rows = rows.sort_by([(name, "ascending") for name in table.key])
        if table in (DOCUMENTS, INDEX):
            rows = self._mark_duplicates(rows)
        return rows.combine_chunks()

    def _pieces(self, table: Table, month: str, part: int) -> Iterator[pa.Table]:
        """The rows of a part, from the old parts that overlap with it and from each batch."""
        parts, old_parts = self.parts[month], self.old_parts.get(month, 0)
        bounds = _bound(part, parts), _bound(part + 1, parts)
        for old_part in range(part * old_parts // parts, -(-(part + 1) * old_parts // parts)):
            rows = _within(self._old(table, part_path(table, month, old_part)).combine_chunks(), *bounds)
            yield rows.filter(pc.invert(pc.is_in(rows["doc_id"], self._dropped(month))))
        for folder, group in self.batches.get(month, ()):
            yield _within(_read(folder, table, group), *bounds)

    def _dropped(self, month: str) -> pa.Array:
        with self.lock:
            rows = self.con.execute("SELECT doc_id FROM old WHERE month = ? AND doc_id IN (FROM dropped)", [month])
            return pa.array([row[0] for row in rows.fetchall()], pa.string())

    def _mark_duplicates(self, rows: pa.Table) -> pa.Table:
        with self.lock:
            self.con.register("ids", rows.select(["doc_id"]))
            found = self.con.execute("SELECT doc_id, earliest FROM duplicates WHERE doc_id IN (FROM ids)").fetchall()
        earliest = dict(found)
        column = pa.array([earliest.get(d) for d in rows["doc_id"].to_pylist()], pa.string())
        at = rows.schema.get_field_index("duplicate_of")
        return rows.set_column(at, rows.schema.field(at), column)


def _parts(weight: int) -> int:
    parts = 1
    while weight > parts * PART_CHARS:
        parts *= 2
    return parts


def _part(doc_id: str, parts: int) -> int:
    return (int(doc_id[:DIGITS], 16) * parts) // HASHES


def _bound(part: int, parts: int) -> str:
    """The first digits of the first doc_id that may lie in the part; a `g` beyond the last."""
    first = part * HASHES // parts
    return f"{first:0{DIGITS}x}" if first < HASHES else "g"


def _within(rows: pa.Table, first: str, end: str) -> pa.Table:
    """The rows, sorted by doc_id, of the documents from `first` to before `end`: without reading the others."""
    ids = rows["doc_id"]
    low = bisect_left(range(len(ids)), first, key=lambda i: ids[i].as_py())
    high = bisect_left(range(len(ids)), end, key=lambda i: ids[i].as_py())
    return rows.slice(low, high - low)


def _by_month(done: Sequence[Done]) -> dict[str, list[tuple[Path, int]]]:
    batches: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for batch in done:
        for group, month in enumerate(batch.months):
            batches[month].append((Path(batch.folder), group))
    return batches


def _read(folder: Path, table: Table, group: int | None = None) -> pa.Table:
    reader = _reader(str(folder / f"{table.name}.arrow"), get_ident())
    return reader.read_all() if group is None else pa.Table.from_batches([reader.get_batch(group)])


@lru_cache(OPEN_FILES)
def _reader(path: str, thread: int) -> pa.ipc.RecordBatchFileReader:  # noqa: ARG001 - a reader is of one thread
    return pa.ipc.open_file(pa.memory_map(path))
