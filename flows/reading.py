"""The documents that the report lets one read: a sample, with everything known of each marked in its text."""

from collections import defaultdict
from typing import Any

import duckdb

from flows.catalog import rows
from flows.marking import Cut, Mark, clip, pieces, shown, words

DOCUMENTS = 200
"""Documents in the sample: those with the smallest doc_ids, which are hashes of source and uri."""
LONGEST = 100_000
"""Characters of a document that may be in the sample."""
HEAD, TAIL = 7_000, 3_000
"""Characters shown of a document's beginning and end, what was cut included."""

KINDS = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "ORG": "org"}

Row = dict[str, Any]


def sample(con: duckdb.DuckDBPyConnection) -> Row:
    """`total` documents of which `documents` are in the sample, each with its pieces; the newest first."""
    con.execute(SAMPLE)
    cuts, mentions, dates, topics = (_by_document(con, query) for query in (CUTS, MENTIONS, DATES, TOPICS))
    documents = [
        _document(row, cuts[row["doc_id"]], mentions[row["doc_id"]] + dates[row["doc_id"]], topics[row["doc_id"]])
        for row in rows(con, "SELECT * FROM chosen ORDER BY published_on DESC NULLS LAST, doc_id")
    ]
    total = rows(con, "SELECT count(*) AS n FROM documents")[0]["n"]
    return {"total": total, "shown": len(documents), "longest": LONGEST, "documents": documents}


def _document(row: Row, cuts: list[Row], marked: list[Row], topics: list[Row]) -> Row:
    text = row["text"]
    marks = [Mark(m["start"], m["end"], _kind(m), _note(m)) for m in marked]
    evidence = {word: f"topic: {t['label']}" for t in reversed(topics) for word in t["evidence"]}
    whole = pieces(text, [Cut(c["raw_start"], c["text"], c["replacement"], _why(c)) for c in cuts],
                   [*marks, *words(text, evidence)])  # fmt: skip
    return {
        "id": row["doc_id"],
        "title": shown(row["title"] or text.strip()[:80] or row["uri"]),
        "published": str(row["published_on"]) if row["published_on"] else None,
        "facts": [[name, shown(str(row[name]))] for name in FACTS if row[name] is not None],
        "topics": [[t["label"], round(t["score"], 2)] for t in topics],
        "pieces": [
            [p.text, " ".join(p.kinds), shown(p.note)] if p.kinds else [p.text] for p in clip(whole, HEAD, TAIL)
        ],
    }


def _kind(mark: Row) -> str:
    return "date" if mark["label"] == "date" else KINDS.get(mark["label"], "thing")


def _note(mark: Row) -> str:
    if mark["label"] == "date":
        value = mark["note"] or "value not known"
        span = "" if mark["detail"] is None or mark["detail"] == value else f" ({mark['detail']})"
        return f"date: {value}{span}"
    return f"{mark['label']}: {mark['note']}" + (f" ({mark['detail']})" if mark["detail"] else "")


def _why(cut: Row) -> str:
    told = [f"cut: {cut['kind']}, by {'repetition' if cut['witness'] == 'repeated' else 'rule ' + cut['rule']}"]
    if cut["replacement"]:
        told = [f"replaced: {cut['kind']}, by rule {cut['rule']}"]
    return ", ".join(told + [value for value in (cut["spdx_id"], cut["rights_holder"]) if value])


def _by_document(con: duckdb.DuckDBPyConnection, query: str) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(con, query):
        grouped[row["doc_id"]].append(row)
    return grouped


FACTS = (
    "uri", "source", "url", "byline", "dateline_place", "dateline_agency", "published_on", "published_method",
    "language", "spdx_id", "licence_url", "rights_holder", "duplicate_of", "doc_id",
)  # fmt: skip
SAMPLE = f"""
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT doc_id, published_month, title, text, {", ".join(f for f in FACTS if f != "doc_id")} FROM documents
WHERE doc_id IN (SELECT doc_id FROM documents WHERE raw_chars <= {LONGEST} ORDER BY doc_id LIMIT {DOCUMENTS})
"""  # noqa: S608
CUTS = "SELECT r.* FROM removals r SEMI JOIN chosen USING (doc_id, published_month) ORDER BY doc_id, raw_start"
MENTIONS = """
SELECT m.doc_id, m.start, m."end", m.label, coalesce(e.name, m.name) AS note, e.country AS detail
FROM mentions m SEMI JOIN chosen USING (doc_id, published_month)
LEFT JOIN aliases a USING (alias_id) LEFT JOIN entities e USING (entity_id) ORDER BY ALL
"""
DATES = """
SELECT doc_id, start, "end", 'date' AS label, value AS note,
       CASE WHEN earliest = latest THEN earliest::VARCHAR
            WHEN earliest IS NOT NULL OR latest IS NOT NULL THEN concat_ws(' to ', earliest, latest) END AS detail
FROM dates SEMI JOIN chosen USING (doc_id, published_month) ORDER BY ALL
"""
TOPICS = "SELECT t.* FROM topics t SEMI JOIN chosen USING (doc_id, published_month) ORDER BY doc_id, rank"
