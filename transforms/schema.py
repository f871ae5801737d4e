"""Every table and every column, declared once.

The Arrow schemas, the checks, the data dictionary, the DuckDB views and their comments derive from here.
"""

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

SCHEMA_VERSION = "1"
"""Goes up when a column is renamed, dropped or changes its meaning; stands in the metadata of every file."""

PARTITION = "published_month"
UNKNOWN_MONTH = "unknown"

TEXT, INT, REAL, DAY, TIME = pa.string(), pa.int32(), pa.float64(), pa.date32(), pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.field("element", TEXT, nullable=False))


@dataclass(frozen=True)
class Column:
    name: str
    type: pa.DataType
    description: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partitioned: bool = True
    """By month of publication; False for the tables that speak of the whole corpus."""
    deterministic: bool = True
    """False for the tables that hold clock times and run ids."""

    @cached_property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of the table's files, with the schema version in its metadata."""
        fields = [pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns]
        return pa.schema(fields, metadata={"dateline.schema_version": SCHEMA_VERSION, "dateline.table": self.name})

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]


def _opt(name: str, type_: pa.DataType, description: str) -> Column:
    return Column(name, type_, description, nullable=True)


_DOC_ID = Column("doc_id", TEXT, "The document: 16 hex digits, a function of source and uri alone.")
_CLEAN = (
    Column("start", INT, "First code point of it in `documents.text`, from 0."),
    Column("end", INT, "One past its last code point in `documents.text`."),
)
_RAW = (
    Column("raw_start", INT, "First code point of it in the raw text, from 0."),
    Column("raw_end", INT, "One past its last code point in the raw text."),
)
_NOTICE = (
    _opt("spdx_id", TEXT, "The licence: an SPDX identifier, or `LicenseRef-…` where SPDX has none."),
    _opt("licence_url", TEXT, "The address of the licence: the notice's, or else the deed of its id."),
    _opt("rights_holder", TEXT, "Who holds the rights, as the notice names them."),
)
_SENTENCE = Column("sentence", INT, "The sentence that it begins in: `sentences.sentence`.")
_VERBATIM = Column("text", TEXT, "The text itself: `documents.text` from start to end.")
_ENTITY_LABEL = "PERSON, ORG, GPE, LOC, NORP, FAC, EVENT, LAW, PRODUCT or WORK_OF_ART."

DOCUMENTS = Table(
    "documents",
    "One row a document: its clean text and what it says about itself.",
    ("doc_id",),
    (
        _DOC_ID,
        Column(
            "source", TEXT, "The first folder below RAW, or what the record says; `local` for files directly in RAW."
        ),
        Column("uri", TEXT, "The path relative to RAW; `path#id` or `path#L<line>` for a record of a .jsonl."),
        _opt("url", TEXT, "Where it was published, as the record says."),
        Column("content_sha256", TEXT, "SHA-256 of its bytes: the decompressed file, or the record's line."),
        _opt("title", TEXT, "The headline: from the record, the header line, or the text's own first line."),
        _opt("byline", TEXT, "Who wrote it."),
        _opt("dateline_place", TEXT, "The place of the dateline (`TEHRAN — …`)."),
        _opt("dateline_agency", TEXT, "The agency of the dateline (`LONDON (Reuters) — …`)."),
        _opt("language", TEXT, "ISO 639-1 code; null where it cannot be told."),
        Column("language_confidence", REAL, "0…1; 1 where the record states the language, 0 where it cannot be told."),
        _opt("published_on", DAY, "The day it was published; null where nothing says so."),
        Column("published_method", TEXT, "Where that day comes from: `record`, `header`, `text` or `none`."),
        _opt("published_earliest", DAY, "The earliest day it can have been published, where that is bounded."),
        _opt("published_latest", DAY, "The latest day it can have been published, where that is bounded."),
        Column("text", TEXT, "The clean text: the raw text without the spans of `removals`."),
        Column("raw_chars", INT, "Length of the raw text in code points."),
        Column("chars", INT, "Length of the clean text in code points."),
        Column("tokens", INT, "Tokens of the clean text, as the model counts; 0 where no model reads the language."),
        Column("sentences", INT, "Sentences of the clean text."),
        *_NOTICE,
        _opt(
            "duplicate_of", TEXT, "doc_id of the earliest document with the same text (by published_on, then doc_id)."
        ),
        _opt("record", TEXT, "The record's fields other than its text, as JSON with sorted keys; null for a .txt."),
        Column("fingerprint", TEXT, "Identifies code, rules, model, settings and footer evidence that made its rows."),
    ),
)

REMOVALS = Table(
    "removals",
    "What was cut from the raw text, verbatim, and what it meant. Put back, it gives the raw text exactly.",
    ("doc_id", "raw_start"),
    (
        _DOC_ID,
        *_RAW,
        Column("text", TEXT, "What stood there, verbatim."),
        Column("replacement", TEXT, "What stands in `documents.text` instead; empty where it was cut."),
        Column("kind", TEXT, "`licence`, `copyright`, `credit`, `promo`, `header` or `repair`."),
        Column("rule", TEXT, "The rule that asked for it (transforms/rules/)."),
        Column("witness", TEXT, "`rule`, `repeated` (met again and again in the source) or `both`."),
        *_NOTICE,
    ),
)

FOOTERS = Table(
    "footers",
    "The segments met again and again at the head or tail of a source's documents, and what became of them.",
    ("source", "segment"),
    (
        Column("source", TEXT, "The source."),
        Column(
            "segment",
            TEXT,
            "The segment, normalised: folded case; digits as 0 where it reads like a notice; in a template `#` for "
            "names and numbers.",
        ),
        Column("documents", INT, "Documents of the source that have it."),
        Column("share", REAL, "The same as a share of the source's documents, 0…1."),
        Column(
            "verdict",
            TEXT,
            "`cut` if it is met often enough to go where only such stands between it and an end of the text "
            "(the removals are what went), `kept`, or `forced` / `forbidden` by the settings.",
        ),
        Column("example_doc_id", TEXT, "A document that has it: the one with the smallest doc_id."),
    ),
    partitioned=False,
)

SENTENCES = Table(
    "sentences",
    "Where the sentences of the clean text begin and end.",
    ("doc_id", "sentence"),
    (_DOC_ID, Column("sentence", INT, "Number of the sentence in its document, from 0."), *_CLEAN),
)

MENTIONS = Table(
    "mentions",
    "Named entities where they stand.",
    ("doc_id", "start"),
    (
        _DOC_ID,
        *_CLEAN,
        *_RAW,
        _SENTENCE,
        _VERBATIM,
        Column("label", TEXT, _ENTITY_LABEL),
        Column("name", TEXT, "The fullest form of it in this document."),
        Column("alias_id", TEXT, "`aliases.alias_id`: a function of name and label alone."),
    ),
)

ALIASES = Table(
    "aliases",
    "Every name under which something is mentioned, and the entity that it stands for.",
    ("alias_id",),
    (
        Column("alias_id", TEXT, "16 hex digits, a function of name and label alone."),
        Column("name", TEXT, "The name."),
        Column("label", TEXT, _ENTITY_LABEL),
        Column("entity_id", TEXT, "`entities.entity_id`."),
    ),
    partitioned=False,
)

ENTITIES = Table(
    "entities",
    "One row for each thing in the world that the corpus names, under all its names.",
    ("entity_id",),
    (
        Column("entity_id", TEXT, "16 hex digits; docs/entities.md says how it stays the same as the corpus grows."),
        Column("name", TEXT, "Its best name."),
        Column("label", TEXT, _ENTITY_LABEL),
        Column("aliases", TEXTS, "Every form in which it is mentioned, sorted."),
        _opt("country", TEXT, "ISO 3166-1 alpha-2, where it is a place or a nationality."),
        Column("documents", INT, "Documents that mention it."),
        Column("mentions", INT, "Mentions of it."),
        _opt("first_published_on", DAY, "Publication day of the earliest dated document that mentions it."),
        _opt("last_published_on", DAY, "Publication day of the latest dated document that mentions it."),
        _opt("external_id", TEXT, "The id that the user's alias file gives it (Wikidata or another)."),
    ),
    partitioned=False,
)

DATES = Table(
    "dates",
    "Expressions of time (TIMEX3) where they stand, with their values.",
    ("doc_id", "start"),
    (
        _DOC_ID,
        *_CLEAN,
        *_RAW,
        _SENTENCE,
        _VERBATIM,
        Column("type", TEXT, "TIMEX3 type: `DATE`, `TIME`, `DURATION` or `SET`."),
        _opt("value", TEXT, "TIMEX3 value; `XXXX-WXX-1` and the like where the year cannot be known."),
        _opt("mod", TEXT, "TIMEX3 modifier: `START`, `MID`, `END`, `APPROX`, `BEFORE`, `AFTER`, …"),
        _opt("granularity", TEXT, "`day`, `week`, `month`, `quarter`, `year`, `decade`, …"),
        _opt("earliest", DAY, "First day of the interval that it names; null where unknown."),
        _opt("latest", DAY, "Last day of that interval; null where unknown."),
        Column(
            "anchor", TEXT, "`none` for an absolute value, `published`, or `previous` (an earlier date in the text)."
        ),
        Column("rule", TEXT, "The rule that decided the value."),
    ),
)

TOPICS = Table(
    "topics",
    "What a document is about. A document that fits none has no row.",
    ("doc_id", "rank"),
    (
        _DOC_ID,
        Column("scheme", TEXT, "`iptc` (IPTC Media Topics, CC BY 4.0) or the name of a taxonomy of the user's."),
        Column("topic_id", TEXT, "`medtop:…`, or the id in the user's taxonomy."),
        Column("label", TEXT, "Its name."),
        Column(
            "score",
            REAL,
            "0…1: the share of such answers that was right; of a taxonomy of seed words it only orders.",
        ),
        Column("rank", INT, "1 for the best."),
        Column("evidence", TEXTS, "The words that counted most."),
    ),
)

KEYPHRASES = Table(
    "keyphrases",
    "The phrases that tell a document from others, at most ten.",
    ("doc_id", "rank"),
    (
        _DOC_ID,
        Column("phrase", TEXT, "The phrase, cased as in the text."),
        Column(
            "score",
            REAL,
            "TF-IDF weight as a share of that of the best; compare within a document only.",
        ),
        Column("rank", INT, "1 for the best."),
    ),
)

REJECTS = Table(
    "rejects",
    "What was not taken, and why. The bytes are kept below `_rejects/`.",
    ("run_id", "reject"),
    (
        Column("run_id", TEXT, "The run: `runs.run_id`."),
        Column("reject", INT, "Number of the reject in its run, from 1, in the order of their uris."),
        Column("uri", TEXT, "The input: path relative to RAW, with `#L<line>` or `#id` for a record."),
        _opt(
            "content_sha256",
            TEXT,
            "SHA-256 of its bytes, and their name below `_rejects/`; null if none could be read.",
        ),
        Column("stage", TEXT, "The stage that refused it."),
        Column("code", TEXT, "Why, for filtering: docs/rejects.md lists the codes."),
        Column("detail", TEXT, "Why, for reading."),
    ),
    partitioned=False,
    deterministic=False,
)

RUNS = Table(
    "runs",
    "One row a run.",
    ("run_id",),
    (
        Column("run_id", TEXT, "When it began and a random suffix; sorts by time."),
        Column("started_at", TIME, "When it began (UTC)."),
        Column("finished_at", TIME, "When it ended (UTC)."),
        Column("status", TEXT, "`done` or `failed`."),
        Column("seen", INT, "Inputs met: documents, lines of a .jsonl, unreadable files."),
        Column("new", INT, "Documents not met before."),
        Column("changed", INT, "Documents whose input, or whose code, rules, model or settings, changed."),
        Column("unchanged", INT, "Documents left as they were."),
        Column("removed", INT, "Documents dropped: their input is gone (`--prune`), or is rejected now."),
        Column("missing", INT, "Documents kept although their input is gone."),
        Column("reworked", INT, "Documents worked again although their input did not change."),
        Column("rejected", INT, "Inputs not taken."),
        Column("seconds", REAL, "Wall time in seconds."),
        Column("versions", pa.struct([(n, TEXT) for n in ("project", "model", "rules")]), "What made the rows."),
        Column("settings", TEXT, "The settings, as JSON."),
        _opt("error", TEXT, "Why it failed."),
    ),
    partitioned=False,
    deterministic=False,
)

INDEX = Table(
    "_index",
    "Internal: what later runs need to know of each document to plan their work. Readers pass it over.",
    ("doc_id",),
    (
        _DOC_ID,
        Column("source", TEXT, "The source."),
        Column("content_sha256", TEXT, "As in documents."),
        Column("fingerprint", TEXT, "As in documents."),
        _opt("published_on", DAY, "As in documents."),
        Column(PARTITION, TEXT, "Its partition."),
        Column("raw_chars", INT, "As in documents."),
        Column("text_key", pa.int64(), "63 bits that stand for the clean text."),
        _opt("duplicate_of", TEXT, "As in documents."),
        Column(
            "segments", pa.list_(pa.field("element", pa.int64(), nullable=False)), "Keys of its head and tail segments."
        ),
    ),
)

TABLES = {
    table.name: table
    for table in (
        DOCUMENTS, REMOVALS, FOOTERS, SENTENCES, MENTIONS, ALIASES, ENTITIES, DATES, TOPICS, KEYPHRASES, REJECTS, RUNS,
        INDEX,
    )
}  # fmt: skip
DOCUMENT_TABLES = [table for table in TABLES.values() if table.partitioned]
"""The tables about documents: partitioned by month, a document's rows in one part of each."""
PUBLIC_TABLES = [table for table in TABLES.values() if not table.name.startswith("_")]
