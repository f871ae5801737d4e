"""Each data test sees the breach that it is for."""

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows import checks, doctor
from flows.warehouse import Store, write_table
from tests.flows import houses
from transforms.errors import WarehouseError
from transforms.schema import DOCUMENT_TABLES, PARTITION, PUBLIC_TABLES, TABLES

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Harm = Callable[[list[Row]], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The rows of a sound warehouse: cuts, duplicates, undated documents, rejects, and topics with keyphrases."""
    tmp = tmp_path_factory.mktemp("checks")
    files = {f"a/{i}.txt": houses.story(i, houses.FOOTERS[0]) for i in range(4)}
    files |= {"a/twin.txt": houses.story(1, houses.FOOTERS[0]), "b/1.txt": houses.story(9, day=None), "b/2.txt": ""}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.work.Recogniser", houses.Loader)
        houses.run(houses.write(tmp / "raw", files), tmp / "warehouse")
    return {name: houses.rows(tmp / "warehouse", name) for name in TABLES}


def written(tables: Mapping[str, list[Row]], folder: Path) -> dict[str, list[Path]]:
    """A file of each table's rows."""
    for name, rows in tables.items():
        write_table(pa.Table.from_pylist(rows, schema=TABLES[name].arrow), folder / f"{name}.parquet")
    return {name: [folder / f"{name}.parquet"] for name in tables}


@pytest.fixture(scope="module")
def files(sound: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    return written(sound, tmp_path_factory.mktemp("sound"))


def test_a_sound_warehouse_has_none(sound: Tables, files: dict[str, list[Path]]) -> None:
    assert all(sound[table.name] for table in PUBLIC_TABLES), "a table without rows tests nothing"
    assert checks.run(files) == []


def first(**values: Any) -> Harm:
    """Give the first row these values; a callable makes one from the row."""

    def harm(rows: list[Row]) -> None:
        rows[0].update({name: v(rows[0]) if callable(v) else v for name, v in values.items()})

    return harm


def duplicated(rows: list[Row]) -> Row:
    return next(row for row in rows if row["duplicate_of"])


def dated(rows: list[Row]) -> Row:
    return next(row for row in rows if row["published_on"])


def an_earlier_sentence(rows: list[Row]) -> None:
    row = next(row for row in rows if row["sentence"] > 1)
    row["sentence"] -= 1


def overlap(rows: list[Row]) -> None:
    """The second row of the first document that has two begins within the first."""
    a, b = next((a, b) for a, b in pairwise(rows) if a["doc_id"] == b["doc_id"])
    for name in ("start", "raw_start"):
        if name in b:
            b[name] = a[name] + 1


GONE = "0" * 16
BREACHES: dict[str, list[tuple[str, Harm]]] = {
    "dates_sentence": [("dates", first(sentence=99)), ("dates", an_earlier_sentence)],
    "dates_spans": [("dates", first(start=lambda r: r["end"])), ("dates", first(raw_end=10**8)), ("dates", overlap)],
    "dates_text": [("dates", first(text="what it never was"))],
    "dates_values": [
        ("dates", first(type="day")),
        ("dates", first(anchor="now")),
        ("dates", first(value="2024", earliest=date(2024, 2, 1), latest=date(2024, 1, 1))),
        ("dates", first(value=None, earliest=date(2024, 2, 1), latest=None)),
    ],
    "documents_duplicates": [
        ("documents", lambda rows: duplicated(rows).update(text="another text", chars=12)),
        ("documents", lambda rows: duplicated(rows).update(duplicate_of=duplicated(rows)["doc_id"])),
        ("documents", lambda rows: duplicated(rows).update(published_on=date(1990, 1, 1))),
    ],
    "documents_identity": [
        ("documents", first(doc_id="XYZ")),
        ("documents", first(chars=1)),
        ("documents", first(raw_chars=lambda r: r["raw_chars"] + 1)),
        ("removals", lambda rows: rows.pop(0)),
    ],
    "documents_published": [
        ("documents", lambda rows: dated(rows).update(published_method="none")),
        ("documents", lambda rows: dated(rows).update(published_on=date(1990, 1, 1))),
        ("documents", first(published_earliest=date(2030, 1, 1), published_latest=date(2029, 1, 1))),
    ],
    "entities_counts": [("entities", first(mentions=999)), ("entities", first(documents=999))],
    "footers_verdicts": [("footers", first(share=1.5)), ("footers", first(share=0.0)), ("footers", first(verdict="?"))],
    "mentions_labels": [
        ("mentions", first(label="PLACE")),
        ("mentions", first(name="Nobody")),
        ("aliases", first(label="ORG")),
    ],
    "mentions_sentence": [("mentions", first(sentence=99)), ("mentions", an_earlier_sentence)],
    "mentions_spans": [("mentions", first(start=lambda r: r["end"])), ("mentions", overlap)],
    "mentions_text": [("mentions", first(text="Nobody"))],
    "references": [
        *((table.name, first(doc_id=GONE)) for table in PUBLIC_TABLES if table.partitioned and len(table.key) > 1),
        ("mentions", first(alias_id=GONE)),
        ("aliases", first(entity_id=GONE)),
    ],
    "references_corpus": [
        ("documents", lambda rows: duplicated(rows).update(duplicate_of=GONE)),
        ("rejects", first(run_id="no run")),
    ],
    "removals_kinds": [("removals", first(kind="?")), ("removals", first(witness="?"))],
    "removals_spans": [
        ("removals", first(text="")),
        ("removals", first(raw_start=10**8, raw_end=lambda r: 10**8 + len(r["text"]))),
        ("removals", lambda rows: rows.append({**rows[0], **{n: rows[0][n] + 1 for n in ("raw_start", "raw_end")}})),
    ],
    "runs_account": [("runs", first(seen=99)), ("rejects", lambda rows: rows.append({**rows[0], "reject": 2}))],
    "sentences_spans": [
        ("sentences", first(sentence=7)),
        ("sentences", first(end=lambda r: r["start"])),
        ("sentences", first(end=10**8)),
        ("sentences", overlap),
    ],
    "topics_scores": [
        ("topics", first(score=1.2)),
        ("topics", first(rank=3)),
        ("keyphrases", first(rank=99)),
    ],
}  # fmt: skip
BREACHES["documents_once"] = [("documents", lambda rows: rows.append(dict(rows[0])))]
for table in PUBLIC_TABLES:
    BREACHES[f"{table.name}_key"] = [(table.name, lambda rows: rows.append(dict(rows[0])))]


@pytest.mark.parametrize(("check", "table", "harm"), [(c, t, h) for c, harms in BREACHES.items() for t, h in harms])
def test_a_breach_is_seen(
    sound: Tables, files: dict[str, list[Path]], tmp_path: Path, check: str, table: str, harm: Harm
) -> None:
    rows = [dict(row) for row in sound[table]]
    harm(rows)
    harmed = written({table: rows}, tmp_path)
    assert check in {breach.check for breach in checks.run({**files, **harmed})}


def test_parts_are_asked_apart_and_a_document_in_two_is_seen(
    sound: Tables, files: dict[str, list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.duck, "PORTION", 1)
    parts = {}
    for table in DOCUMENT_TABLES:
        parts[table.name] = [tmp_path / table.name / f"{PARTITION}={m}" / "part-0000.parquet" for m in ("a", "b")]
        for path in parts[table.name]:
            write_table(pa.Table.from_pylist(sound[table.name], schema=table.arrow), path)
    found = {breach.check for breach in checks.run({**files, **parts})}
    assert found == {"documents_once", "entities_counts"}


def test_every_check_has_a_breach() -> None:
    nulls = {f"{table.name}_nulls" for table in PUBLIC_TABLES}
    verbatim = {f"{table.name}_text" for table in checks.VERBATIM}
    assert checks.queries().keys() | verbatim == BREACHES.keys() | nulls


@pytest.mark.parametrize("table", PUBLIC_TABLES, ids=lambda table: table.name)
def test_a_null_is_seen(sound: Tables, tmp_path: Path, table: Any) -> None:
    """Arrow would not write one where the schema has none, so that the file says that there may be: a foreign file."""
    needed = [column.name for column in table.columns if not column.nullable]
    rows = [dict(row) for row in sound[table.name]]
    rows[0][needed[-1]] = None
    loose = pa.schema([field.with_nullable(True) for field in table.arrow], table.arrow.metadata)
    pq.write_table(pa.Table.from_pylist(rows, schema=loose), tmp_path / "x.parquet")
    [breach] = checks.run({table.name: [tmp_path / "x.parquet"]})
    assert breach.check == f"{table.name}_schema"
    must, sql = checks.queries()[f"{table.name}_nulls"]
    with checks.duck.connect() as con:
        con.execute(f"CREATE VIEW {table.name} AS FROM read_parquet('{tmp_path / 'x.parquet'}')")
        assert len(con.execute(sql).fetchall()) == 1
    assert must


def test_every_check_says_what_must_hold() -> None:
    for name, (must, sql) in checks.queries().items():
        assert len(must) > 20, name
        assert "SELECT" in sql, name


@pytest.mark.parametrize(
    ("check", "table", "columns"),
    [("removals_kinds", "removals", ["kind", "witness"]), ("footers_verdicts", "footers", ["verdict"]),
     ("dates_values", "dates", ["type", "anchor"]), ("mentions_labels", "mentions", ["label"])],
)  # fmt: skip
def test_the_values_that_a_check_allows_are_those_of_the_dictionary(check: str, table: str, columns: list[str]) -> None:
    told = " ".join(column.description for column in TABLES[table].columns if column.name in columns)
    allowed = set(re.findall(r"'(\w+)'", checks.queries()[check][1]))
    assert allowed == {quoted or label for quoted, label in re.findall(r"`(\w+)`|\b([A-Z_]{3,})\b", told)}


def test_a_file_of_another_schema_is_seen(tmp_path: Path) -> None:
    pq.write_table(pa.table({"doc_id": ["a"]}), tmp_path / "plain.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    for name in ("plain", "broken"):
        [breach] = checks.run({"documents": [tmp_path / f"{name}.parquet"]})
        assert breach.check == "documents_schema"


def test_check_sees_files_that_are_lost_or_nobody_s(tmp_path: Path, no_model: None) -> None:
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(2)})
    houses.run(raw, tmp_path / "warehouse")
    assert doctor.check(tmp_path / "warehouse") == []
    part = next((tmp_path / "warehouse/topics").rglob("*.parquet"))
    shutil.copy(part, part.with_name("part-0007.parquet"))
    part.unlink()
    found = [breach.row for breach in doctor.check(tmp_path / "warehouse") if breach.check == "manifest_files"]
    assert len(found) == 2


def test_check_of_an_unfinished_publish_says_so_and_no_more(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are those of two runs: what breaches they seem to hold is no reason to start over."""
    raw = houses.write(tmp_path / "raw", {f"a/{i}.txt": houses.story(i) for i in range(2)})
    houses.run(raw, tmp_path / "warehouse")
    houses.write(raw, {f"a/{i}.txt": houses.story(i) for i in range(2, 6)})

    def stop(store: Store, steps: Any) -> None:
        raise OSError(5, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_do", stop)
        with pytest.raises(WarehouseError, match="the next run carries out the rest"):
            houses.run(raw, tmp_path / "warehouse")
    with pytest.raises(WarehouseError, match="a publish is unfinished; the next run carries it out"):
        doctor.check(tmp_path / "warehouse")
    houses.run(raw, tmp_path / "warehouse")
    assert doctor.check(tmp_path / "warehouse") == []


def test_check_beside_a_run_that_publishes_says_so(
    tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = houses.write(tmp_path / "raw", {"a/1.txt": houses.story(1)})
    houses.run(raw, tmp_path / "warehouse")
    original = checks.run

    def beside(files: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(checks, "run", original)
            houses.run(houses.write(raw, {"a/2.txt": houses.story(2)}), tmp_path / "warehouse")
        return [checks.Breach("references", "every reference leads to a row", "")]

    monkeypatch.setattr(checks, "run", beside)
    with pytest.raises(WarehouseError, match="check again"):
        doctor.check(tmp_path / "warehouse")


def test_the_sample_corpus_is_sound(sample_warehouse: Path) -> None:
    assert doctor.check(sample_warehouse) == []
