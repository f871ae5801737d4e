"""Results to rows: every value in its column, every position where it belongs."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from transforms import identity
from transforms.document import DocumentResult, finish, prepare
from transforms.models import Evidence, RawDocument, Span
from transforms.offsets import restore
from transforms.schema import DOCUMENT_TABLES, TABLES
from transforms.tables import document_tables

TEXT = (
    "OSLO, March 12 - Maria Hale opened the bridge on Tuesday. 🎈 Olga Brandt had asked for it in May 2021.\n\n"
    "The work took three years, and Hale thanked the crews. © 2024 Harbour Desk. All rights reserved.\n"
)


def result(uri: str = "a/1.txt", text: str = TEXT, record: Mapping[str, Any] | None = None) -> DocumentResult:
    raw = RawDocument(uri.split("/", maxsplit=1)[0], uri, "ab" * 32, text, record)
    prepared = prepare(raw, Evidence(), "en")
    names = ("Maria Hale", "Olga Brandt")
    at = [(prepared.text.find(name), name) for name in names]
    spans = [Span(start, start + len(name), "PERSON") for start, name in at if start >= 0]
    return finish(prepared, spans, 40)


def rows(*results: DocumentResult) -> dict[str, list[dict[str, Any]]]:
    tables = document_tables(results, ["f" * 16] * len(results), [[1, 2]] * len(results))
    assert tables.keys() == {table.name for table in DOCUMENT_TABLES}
    assert all(table.schema.equals(TABLES[name].arrow, check_metadata=True) for name, table in tables.items())
    return {name: table.to_pylist() for name, table in tables.items()}


def test_every_position_leads_to_its_text() -> None:
    found = rows(result(record={"published_on": "2024-03-12"}))
    [document] = found["documents"]
    assert found["removals"]
    assert found["mentions"]
    assert len(found["dates"]) >= 3
    for table in ("mentions", "dates"):
        for row in found[table]:
            assert document["text"][row["start"] : row["end"]] == row["text"]
            assert TEXT[row["raw_start"] : row["raw_end"]] == row["text"]
            sentence = found["sentences"][row["sentence"]]
            assert sentence["start"] <= row["start"] < sentence["end"]
    for row in found["removals"]:
        assert TEXT[row["raw_start"] : row["raw_end"]] == row["text"]
    edits = [(row["raw_start"], row["text"], row["replacement"]) for row in found["removals"]]
    assert restore(document["text"], edits) == TEXT


def test_a_document_s_own_columns() -> None:
    record = {"published_on": "2024-03-12T23:50:00", "title": "A bridge", "extra": {"b": 1, "a": [None]}, "id": "7"}
    found = rows(result("a/x.jsonl#7", record=record))
    [document], [index] = found["documents"], found["_index"]
    assert document["doc_id"] == identity.doc_id("a", "a/x.jsonl#7")
    assert (document["title"], document["published_on"]) == ("A bridge", date(2024, 3, 12))
    assert (document["raw_chars"], document["chars"]) == (len(TEXT), len(document["text"]))
    assert (document["tokens"], document["sentences"]) == (40, len(found["sentences"]))
    assert (document["fingerprint"], document["duplicate_of"]) == ("f" * 16, None)
    assert json.loads(document["record"]) == record
    assert document["record"] == json.dumps(record, sort_keys=True, separators=(",", ":"))
    assert (index["published_month"], index["segments"]) == ("2024-03", [1, 2])
    assert index["text_key"] == identity.text_key(document["text"])
    assert all(index[name] == document[name] for name in index.keys() & document.keys())


def test_documents_one_by_one_or_together() -> None:
    results = [result(f"a/{i}.txt", text) for i, text in enumerate((TEXT, "Regen.", "Rain fell. " * 5))]
    together = document_tables(results, ["f"] * 3, [[]] * 3)
    alone = [document_tables([one], ["f"], [[]]) for one in results]
    assert {name: pa.concat_tables([part[name] for part in alone]).to_pylist() for name in together} == {
        name: table.to_pylist() for name, table in together.items()
    }


def test_no_documents() -> None:
    assert all(found == [] for found in rows().values())


def test_ids_are_functions_of_values() -> None:
    assert identity.doc_id("a", "b/c") != identity.doc_id("a/b", "c")
    assert identity.digest("ab", "c") != identity.digest("a", "bc")
    assert identity.digest("\ud800") != identity.digest("\udfff")
    told = [identity.fingerprint("w"), identity.fingerprint("w", ["cut 1"]), identity.fingerprint("w", ["common 1"]),
            identity.fingerprint("w", ["cut 1", "cut 2"]), identity.fingerprint("x", ["cut 1"])]  # fmt: skip
    assert len(set(told)) == len(told)
    assert identity.fingerprint("w", ["cut 2", "cut 1"]) == identity.fingerprint("w", ["cut 1", "cut 2"])
    assert 0 <= identity.text_key("Rain.") < 1 << 63
    assert (identity.month(date(987, 1, 2)), identity.month(None)) == ("0987-01", "unknown")
