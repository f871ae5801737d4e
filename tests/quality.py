"""The marked answers under `tests/gold/`, and how well a warehouse agrees with them.

A marked document is the raw text itself with its answers inside, below a TOML head with its metadata:

    ⟦GPE oslo|OSLO⟧, ⟦DATE 2024-03-12|12 March 2024⟧ — …
    ⟦licence CC-BY-4.0; Harbour News|Stories by Harbour News may be shared …⟧

What stands before the bar is a mention's label and its key (the same key: the same thing in the world, within and
across documents), a TIMEX3 type and its value, or a removal's kind with its SPDX id and its rights holder. Texts are
marked in full: what is not marked is wrong to find. Offsets count code points of the raw text.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import Warehouse

GOLD = Path(__file__).parent / "gold"
MARK = re.compile(r"⟦(?P<tag>[A-Za-z_]+)(?: (?P<answer>[^|⟧]*))?\|(?P<text>[^⟧]*)⟧")
TIMEX = frozenset(("DATE", "TIME", "DURATION", "SET"))
Row = dict[str, Any]
Answer = tuple[Any, ...]
METADATA = ("title", "byline", "dateline_place", "dateline_agency", "url", "published_on", "published_method",
            "language", "spdx_id", "rights_holder", "duplicate_of")  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """One marked answer: where it stands in the raw text, what it is, and which."""

    start: int
    end: int
    tag: str
    answer: str


@dataclass(frozen=True)
class Marked:
    """One marked document."""

    uri: str
    raw: str
    marks: tuple[Mark, ...]
    metadata: Mapping[str, Any]
    """By the names of the columns of `documents`; `duplicate_of` is a uri. A name that is missing has to be null."""
    topics: tuple[str, ...]
    """The topics that may come first; none where no topic may be given."""

    @property
    def mentions(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.tag.isupper() and mark.tag not in TIMEX)

    @property
    def dates(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.tag in TIMEX)

    @property
    def removals(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.tag.islower())


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def parse(marked: str) -> Marked:
    """A marked document from its file's text. Raises ValueError for a bracket that is no mark."""
    _, head, body = marked.split("+++\n", 2)
    metadata = {"language": "en"} | tomllib.loads(head)
    if metadata.pop("newline", "lf") == "crlf":
        body = body.replace("\n", "\r\n")
    raw: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for match in MARK.finditer(body):
        raw += body[at : match.start()], match["text"]
        length += match.start() - at
        marks.append(Mark(length, length + len(match["text"]), match["tag"], match["answer"] or ""))
        length += len(match["text"])
        at = match.end()
    text = "".join(raw) + body[at:]
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"{metadata['uri']}: a bracket that is no mark")
    topics = tuple(metadata.pop("topics"))
    metadata.pop("encoding", None)
    return Marked(metadata.pop("uri"), text, tuple(marks), metadata, topics)


def load() -> list[Marked]:
    """All marked documents, by path."""
    return [parse(path.read_text(encoding="utf-8")) for path in sorted(GOLD.rglob("*.txt"))]


@dataclass(frozen=True)
class Tables:
    """The rows of a warehouse as dicts, by the uri of their document."""

    documents: dict[str, Row]
    """`duplicate_of` is a uri."""
    removals: dict[str, list[Row]]
    mentions: dict[str, list[Row]]
    dates: dict[str, list[Row]]
    topics: dict[str, list[Row]]
    entity_of: dict[str, str]
    """alias_id to entity_id."""
    rejects: dict[str, str]
    """uri to code."""


def read(path: Path) -> Tables:
    """The tables of a warehouse that are scored."""
    warehouse = Warehouse(path)

    def rows(name: str) -> list[Any]:
        table = warehouse.table(name)
        return [dict(row) for row in table.astype(object).where(table.notna(), None).to_dict("records")]

    def by_uri(name: str) -> dict[str, list[Row]]:
        found = defaultdict(list)
        for row in rows(name):
            found[uris[row["doc_id"]]].append(row)
        return found

    documents = rows("documents")
    uris = {row["doc_id"]: row["uri"] for row in documents}
    return Tables(
        documents={row["uri"]: row | {"duplicate_of": uris.get(row["duplicate_of"])} for row in documents},
        removals=by_uri("removals"),
        mentions=by_uri("mentions"),
        dates=by_uri("dates"),
        topics=by_uri("topics"),
        entity_of={row["alias_id"]: row["entity_id"] for row in rows("aliases")},
        rejects={row["uri"]: row["code"] for row in rows("rejects")},
    )


def figures(gold: list[Marked], tables: Tables) -> dict[str, Score]:
    """How well the tables agree with the marked documents, by the names of `floors.toml`."""
    names = answers(gold, "mentions"), rows_of(tables.mentions, "label")
    dates = answers(gold, "dates"), rows_of(tables.dates, "type", "value")
    return {
        "removals": agreement(*removals(gold, tables)),
        "notices": agreement(*notices(gold, tables)),
        "mentions": agreement(first(names[0], 4), names[1]),
        "names": agreement(first(names[0], 3), first(names[1], 3)),
        "entities": b_cubed(*clusters(gold, tables)),
        "dates": agreement(first(dates[0], 4), first(dates[1], 4)),
        "date_values": agreement(*({(*x[:3], x[4]) for x in side} for side in dates)),
        "topics": share(topics(gold, tables)),
        "metadata": share(metadata(gold, tables)),
    }


def answers(gold: list[Marked], kind: str) -> set[Answer]:
    """(uri, start, end, tag, answer) of the marked `mentions` or `dates`."""
    return {(doc.uri, m.start, m.end, m.tag, m.answer) for doc in gold for m in getattr(doc, kind)}


def rows_of(table: dict[str, list[Row]], *columns: str) -> set[Answer]:
    """(uri, start, end, …) of the rows of `mentions` or `dates`, in the raw text."""
    return {
        (uri, row["raw_start"], row["raw_end"], *(row[column] for column in columns))
        for uri, rows in table.items()
        for row in rows
    }


def first(found: set[Answer], count: int) -> set[Answer]:
    return {answer[:count] for answer in found}


def removals(gold: list[Marked], tables: Tables) -> tuple[set[Answer], set[Answer]]:
    """(uri, character) of what is to be cut and what is. White space does not count, nor repairs, nor the header line,
    which cannot be missed."""
    right, given = set(), set()
    for doc in gold:
        rows = [row for row in tables.removals[doc.uri] if row["kind"] not in ("header", "repair")]
        right |= characters(doc, ((mark.start, mark.end) for mark in doc.removals if mark.tag != "header"))
        given |= characters(doc, ((row["raw_start"], row["raw_end"]) for row in rows))
    return right, given


def characters(doc: Marked, spans: Iterable[tuple[int, int]]) -> set[Answer]:
    return {(doc.uri, at) for start, end in spans for at in range(start, end) if not doc.raw[at].isspace()}


def notices(gold: list[Marked], tables: Tables) -> tuple[set[Answer], set[Answer]]:
    """(uri, start, end, SPDX id, holder) of the licence and copyright notices marked, and what the first row that
    overlaps each of them says."""
    right, given = set(), set()
    for doc in gold:
        for mark in doc.removals:
            if mark.tag in ("licence", "copyright"):
                spdx, _, holder = (part.strip() for part in mark.answer.partition(";"))
                right.add((doc.uri, mark.start, mark.end, spdx or None, holder or None))
                rows = (r for r in tables.removals[doc.uri] if r["raw_start"] < mark.end and mark.start < r["raw_end"])
                given |= {(doc.uri, mark.start, mark.end, r["spdx_id"], r["rights_holder"]) for r in list(rows)[:1]}
    return right, given


def clusters(gold: list[Marked], tables: Tables) -> tuple[dict[Answer, str], dict[Answer, str]]:
    """(uri, start, end) of names to what they stand for, over all documents."""
    given = {
        (uri, row["raw_start"], row["raw_end"]): tables.entity_of[row["alias_id"]]
        for uri, rows in tables.mentions.items()
        for row in rows
    }
    return {(doc.uri, mark.start, mark.end): mark.answer for doc in gold for mark in doc.mentions}, given


def topics(gold: list[Marked], tables: Tables) -> dict[str, str | None]:
    """For each document None, if its first topic is one that an editor could put first or it rightly has none; else
    what is wrong."""
    wrong: dict[str, str | None] = {}
    for doc in gold:
        given = [row["topic_id"] for row in tables.topics[doc.uri] if row["rank"] == 1]
        right = given[0] in doc.topics if given else not doc.topics
        wrong[doc.uri] = None if right else f"{given} for {doc.topics}"
    return wrong


def metadata(gold: list[Marked], tables: Tables) -> dict[str, str | None]:
    """For each field of each document None, if it is as marked; else what is wrong."""
    wrong: dict[str, str | None] = {}
    for doc in gold:
        for field in METADATA:
            given, right = tables.documents[doc.uri][field], doc.metadata.get(field)
            wrong[f"{doc.uri} {field}"] = None if given == right else f"{given!r} for {right!r}"
    return wrong


def share(wrong: Mapping[str, str | None]) -> Score:
    """The share of answers that are right, as a score."""
    right = sum(why is None for why in wrong.values()) / len(wrong)
    return Score(right, right)


def agreement(gold: Iterable[object], found: Iterable[object]) -> Score:
    """Precision and recall of a set of answers against the marked ones: equal or wrong."""
    right, given = set(gold), set(found)
    common = len(right & given)
    return Score(common / len(given) if given else 1.0, common / len(right) if right else 1.0)


def b_cubed(gold: Mapping[Answer, object], found: Mapping[Answer, object]) -> Score:
    """B-cubed precision and recall of two clusterings, `{item: cluster}`, over the items that both have.

    Source: Bagga and Baldwin 1998, each item with the same weight.
    """
    items = gold.keys() & found.keys()
    if not items:
        return Score(0.0, 0.0)
    ours: dict[object, set[Answer]] = defaultdict(set)
    theirs: dict[object, set[Answer]] = defaultdict(set)
    for item in items:
        ours[found[item]].add(item)
        theirs[gold[item]].add(item)
    common = {item: len(ours[found[item]] & theirs[gold[item]]) for item in items}
    return Score(
        sum(common[item] / len(ours[found[item]]) for item in items) / len(items),
        sum(common[item] / len(theirs[gold[item]]) for item in items) / len(items),
    )


def table(scores: Mapping[str, Score], floors: Mapping[str, float]) -> str:
    """The figures as lines of text, beside their floors."""
    lines = [f"\n{'':12}{'P':>8}{'R':>8}{'F1':>8}{'floor':>8}"]
    for name, score in scores.items():
        lines.append(f"{name:12}{score.precision:8.3f}{score.recall:8.3f}{score.f1:8.3f}{floors.get(name, 0):8.3f}")
    return "\n".join(lines)
