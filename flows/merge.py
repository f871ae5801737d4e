"""New rows and old rows to new part files: only the parts that something changes in are written again.

A month's documents lie in `n` parts by the first hex digits of their doc_id; `n` is a power of two that follows from
the documents of the month alone. So the layout is the same however the documents came.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows import duck
from flows.warehouse import Store, part_path, write_table
from flows.work import Done
from transforms.schema import DOCUMENT_TABLES, DOCUMENTS, INDEX, PARTITION, Table

PART_CHARS = 32_000_000
"""A month is split into parts of at most about so many characters: some 10 MB of Parquet."""
DOCUMENT_CHARS = 2_000
"""What a document counts for besides its characters."""
HASHES = 1 << 32


@dataclass
class Merged:
    """What a run changes on disk."""

    first: list[tuple[Path | None, str]] = field(default_factory=list)
    """Steps that take documents out of files that they leave; to be done before any other."""
    then: list[tuple[Path | None, str]] = field(default_factory=list)
    """Steps that put the new parts in their place."""
    files: dict[str, int] = field(default_factory=dict)
    """Rows of each file of the document tables, after all steps."""
    parts: dict[str, int] = field(default_factory=dict)


class Merge:
    """Works out what changes, then writes the parts that do."""

    def __init__(self, store: Store, done: Sequence[Done], drop: Sequence[str], *, from_nothing: bool) -> None:
        self.store = store
        self.done = done
        self.out = store.staging / "publish"
        self.old_parts = {} if from_nothing else store.manifest.parts
        self.old_files = {} if from_nothing else store.manifest.files
        self.batches = _by_month(done)
        self.con = duck.connect(store.staging / "tmp")
        self._load(drop, [] if from_nothing else store.files(INDEX))

    def _load(self, drop: Sequence[str], index: Sequence[Path]) -> None:
        con = self.con
        columns = f"doc_id, {PARTITION} AS month, published_on, raw_chars, text_key"
        con.register("dropped", pa.table({"doc_id": pa.array(drop, pa.string())}))
        con.execute(f"CREATE TABLE old AS SELECT {columns}, duplicate_of FROM {duck.scan(INDEX, index)}")  # noqa: S608
        fresh = [_read(Path(d.folder), INDEX) for d in self.done]
        con.register("fresh", pa.concat_tables(fresh) if fresh else INDEX.arrow.empty_table())
        con.execute(f"""
            CREATE TABLE next AS
            SELECT *, false AS fresh FROM old WHERE doc_id NOT IN (FROM dropped)
            UNION ALL SELECT {columns}, NULL AS duplicate_of, true AS fresh FROM fresh;
            CREATE TABLE duplicates AS
            SELECT doc_id, nullif(first_value(doc_id) OVER
                (PARTITION BY text_key ORDER BY published_on NULLS LAST, doc_id), doc_id) AS earliest
            FROM next WHERE text_key IN (SELECT text_key FROM next GROUP BY text_key HAVING count(*) > 1);
        """)  # noqa: S608
        self.parts = {
            month: _parts(weight)
            for month, weight in con.execute(
                f"SELECT month, sum(raw_chars + {DOCUMENT_CHARS}) FROM next GROUP BY month ORDER BY month"  # noqa: S608
            ).fetchall()
        }

    def write(self) -> Merged:
        """Write the parts that change, below the staging folder; says what to do with them."""
        merged = Merged(files=dict(self.old_files), parts=self.parts)
        merged.files = {
            f: rows for f, rows in merged.files.items() if any(f.startswith(f"{t.name}/") for t in DOCUMENT_TABLES)
        }
        self._leave(merged)
        for month, part in self._affected():
            for table in DOCUMENT_TABLES:
                rows = self._rows(table, month, part)
                target = part_path(table, month, part)
                write_table(rows, self.out / target)
                merged.then.append((self.out / target, target))
                merged.files[target] = rows.num_rows
        self.con.close()
        return merged

    def _affected(self) -> list[tuple[str, int]]:
        """The parts, in the new layout, that some document enters, leaves or changes in."""
        touched = self.con.execute("""
            SELECT doc_id, month FROM next WHERE fresh
            UNION SELECT doc_id, month FROM old WHERE doc_id IN (FROM dropped)
            UNION SELECT doc_id, month FROM next LEFT JOIN duplicates USING (doc_id)
                WHERE earliest IS DISTINCT FROM duplicate_of
        """).fetchall()
        affected = {(m, _part(d, self.parts[m])) for d, m in touched if m in self.parts}
        for month, parts in self.parts.items():
            if self.old_parts.get(month, parts) != parts:
                affected.update((month, part) for part in range(parts))
        return sorted(affected)

    def _leave(self, merged: Merged) -> None:
        """Files that documents leave for another file are rewritten without them first, so that none is there twice."""
        old = [(d, m, _part(d, self.old_parts[m])) for d, m in self._moving()]
        leaving = defaultdict(list)
        for doc_id, month, part in old:
            leaving[month, part].append(doc_id)
        for month, parts in self.old_parts.items():
            for part in range(self.parts.get(month, 0), parts):
                leaving.pop((month, part), None)
                for table in DOCUMENT_TABLES:
                    merged.first.append((None, part_path(table, month, part)))
                    merged.files.pop(part_path(table, month, part), None)
        for (month, part), doc_ids in sorted(leaving.items()):
            gone = pa.array(doc_ids, pa.string())
            for table in DOCUMENT_TABLES:
                target = part_path(table, month, part)
                rows = self._old(table, target)
                staged = self.out / "first" / target
                write_table(rows.filter(pc.invert(pc.is_in(rows["doc_id"], gone))), staged)
                merged.first.append((staged, target))

    def _moving(self) -> list[tuple[str, str]]:
        """(doc_id, old month) of the documents that will lie in another file than they do."""
        rows = self.con.execute(
            """
            SELECT o.doc_id, o.month, n.month FROM old o JOIN next n USING (doc_id)
        """
            + ("" if self._resized() else "WHERE o.month <> n.month")
        ).fetchall()
        return [(d, m) for d, m, n in rows if m != n or _part(d, self.old_parts[m]) != _part(d, self.parts[n])]

    def _resized(self) -> bool:
        return any(self.parts.get(month, parts) != parts for month, parts in self.old_parts.items())

    def _old(self, table: Table, path: str) -> pa.Table:
        return pq.read_table(self.store.root / path, schema=table.arrow, partitioning=None)

    def _rows(self, table: Table, month: str, part: int) -> pa.Table:
        parts = self.parts[month]
        first, last = f"{part * HASHES // parts:08x}", f"{(part + 1) * HASHES // parts:08x}"
        pieces = list(self._pieces(table, month, part))
        rows = pa.concat_tables([table.arrow.empty_table(), *pieces])
        if parts > 1:
            ids = pc.utf8_slice_codeunits(rows["doc_id"], 0, 8)
            inside = pc.greater_equal(ids, first)
            rows = rows.filter(inside if part == parts - 1 else pc.and_(inside, pc.less(ids, last)))
        rows = rows.sort_by([(name, "ascending") for name in table.key])
        if table in (DOCUMENTS, INDEX):
            rows = self._mark_duplicates(rows)
        return rows.combine_chunks()

    def _pieces(self, table: Table, month: str, part: int) -> Iterator[pa.Table]:
        parts, old_parts = self.parts[month], self.old_parts.get(month, 0)
        for old_part in range(part * old_parts // parts, -(-(part + 1) * old_parts // parts)):
            rows = self._old(table, part_path(table, month, old_part))
            yield rows.filter(pc.invert(pc.is_in(rows["doc_id"], self._dropped(month))))
        for folder, group in self.batches.get(month, ()):
            yield _read(folder, table, group)

    def _dropped(self, month: str) -> pa.Array:
        rows = self.con.execute("SELECT doc_id FROM old WHERE month = ? AND doc_id IN (FROM dropped)", [month])
        return pa.array([row[0] for row in rows.fetchall()], pa.string())

    def _mark_duplicates(self, rows: pa.Table) -> pa.Table:
        ids = rows["doc_id"].combine_chunks()
        self.con.register("ids", pa.table({"doc_id": ids}))
        earliest = dict(
            self.con.execute("SELECT doc_id, earliest FROM duplicates WHERE doc_id IN (FROM ids)").fetchall()
        )
        column = pa.array([earliest.get(d) for d in ids.to_pylist()], pa.string())
        at = rows.schema.get_field_index("duplicate_of")
        return rows.set_column(at, rows.schema.field(at), column)


def _parts(weight: int) -> int:
    parts = 1
    while weight > parts * PART_CHARS:
        parts *= 2
    return parts


def _part(doc_id: str, parts: int) -> int:
    return int(doc_id[:8], 16) * parts // HASHES


def _by_month(done: Sequence[Done]) -> dict[str, list[tuple[Path, int]]]:
    batches: dict[str, list[tuple[Path, int]]] = defaultdict(list)
    for batch in done:
        for group, month in enumerate(batch.months):
            batches[month].append((Path(batch.folder), group))
    return batches


def _read(folder: Path, table: Table, group: int | None = None) -> pa.Table:
    with pa.memory_map(str(folder / f"{table.name}.arrow")) as file, pa.ipc.open_file(file) as reader:
        rows = reader.read_all() if group is None else pa.Table.from_batches([reader.get_batch(group)])
    return rows.cast(table.arrow)
