"""Each column is declared once, with a description; the contract's tables and columns are there."""

import pyarrow as pa
import pytest

from transforms.schema import DOCUMENT_TABLES, PUBLIC_TABLES, SCHEMA_VERSION, TABLES, Table

CONTRACT = {
    "documents": "doc_id source uri url content_sha256 title byline dateline_place dateline_agency language "
    "language_confidence published_on published_method published_earliest published_latest text raw_chars chars tokens "
    "sentences spdx_id licence_url rights_holder duplicate_of fingerprint",
    "removals": "doc_id raw_start raw_end text replacement kind rule witness spdx_id licence_url rights_holder",
    "footers": "source segment documents share verdict example_doc_id",
    "sentences": "doc_id sentence start end",
    "mentions": "doc_id start end raw_start raw_end sentence text label name alias_id",
    "aliases": "alias_id name label entity_id",
    "entities": "entity_id name label aliases country documents mentions first_published_on last_published_on",
    "dates": "doc_id start end raw_start raw_end sentence text type value mod granularity earliest latest anchor rule",
    "topics": "doc_id scheme topic_id label score rank evidence",
    "keyphrases": "doc_id phrase score rank",
    "rejects": "run_id uri content_sha256 stage code detail",
    "runs": "run_id started_at finished_at status seen new changed unchanged removed rejected seconds versions "
    "settings",
}
"""What users rely on: a column may be added, none dropped without a new schema version."""


def test_the_contract_s_columns_are_there() -> None:
    assert SCHEMA_VERSION == "1"
    assert {table.name for table in PUBLIC_TABLES} == CONTRACT.keys()
    for name, columns in CONTRACT.items():
        assert set(columns.split()) <= set(TABLES[name].names), name


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_is_whole(table: Table) -> None:
    assert len(table.names) == len(set(table.names))
    assert set(table.key) <= {column.name for column in table.columns if not column.nullable}
    assert table.description.endswith(".")
    assert all(column.description.endswith((".", "…")) for column in table.columns)


def test_what_a_file_says_of_itself() -> None:
    assert TABLES["dates"].arrow.metadata == {b"dateline.schema_version": b"1", b"dateline.table": b"dates"}
    assert not TABLES["dates"].arrow.field("doc_id").nullable
    assert TABLES["dates"].arrow.field("earliest").nullable


def test_only_tables_about_documents_are_partitioned() -> None:
    assert all(table.key[0] == "doc_id" for table in DOCUMENT_TABLES)
    assert {table.name for table in PUBLIC_TABLES if not table.partitioned} == {
        "footers", "aliases", "entities", "rejects", "runs"}  # fmt: skip


def test_no_table_but_two_holds_a_clock_time_or_run_id() -> None:
    for table in TABLES.values():
        clock = any(pa.types.is_timestamp(column.type) or column.name == "run_id" for column in table.columns)
        assert clock != table.deterministic
