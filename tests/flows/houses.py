"""Small corpora, and warehouses made of them in this process, with a recogniser that is a regular expression."""

import hashlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows import pipeline, work
from flows.settings import Settings
from transforms.models import Span
from transforms.schema import TABLES

NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
PEOPLE = ("Maria Hale", "Olga Brandt", "Ines Ruiz", "Tom Okafor", "Lina Haddad", "Per Lund", "Ada Moreau", "Jun Sato")
PLACES = ("Geneva", "Osaka", "Turin", "Nairobi", "Oslo", "Lima", "Kassala", "Tampere")
FOOTERS = (
    "More from the Harbour Desk each evening at the foot of the lighthouse stairs.",
    "Our reporters thank the readers who keep the lamp of the Ledger burning each night.",
    "Find more of our weather pages at the counter of the old town hall on Mondays.",
)


class Finder:
    """Stands in for `flows.nlp.Recogniser`: two capitalised words are a person."""

    def recognise(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[tuple[list[Span], int]]:
        return [([Span(*m.span(), "PERSON") for m in NAME.finditer(text)], len(text.split())) for text in texts]


class Loader:
    """Stands in for the class: `load` gives a Finder."""

    @staticmethod
    def load(model: str) -> Finder:
        return Finder()


def without_model() -> None:
    """Use a Finder in this process from now on: for the code of subprocesses. Tests use the fixture `no_model`."""
    work.Recogniser = Loader  # type: ignore[assignment, misc]


def story(seed: int, footer: str = "", day: str | None = "2024-03-{:02d}") -> str:
    """An English news text of our own, the same for the same seed: a date header, a few sentences, a footer."""
    chance = random.Random(seed)
    lines = [
        f"{chance.choice(PEOPLE)} met {chance.choice(PEOPLE)} in {chance.choice(PLACES)} on Tuesday about pier {seed}.",
        f"The council of {chance.choice(PLACES)} spent {chance.randrange(2, 90)} million on roads since June 2021.",
        f"{chance.choice(PEOPLE)} said that work in {chance.choice(PLACES)} and {chance.choice(PLACES)} ends in May.",
        f"{chance.choice(PEOPLE)} asked {chance.choice(PEOPLE)} for a vote by April {chance.randrange(1, 29)}.",
    ]
    chance.shuffle(lines)
    header = f"date {day.format(1 + seed % 28)} Bridge {seed}\n" if day else ""
    return header + "\n\n".join(lines) + (f"\n\n{footer}" if footer else "") + "\n"


def record(number: int, **fields: Any) -> str:
    """One line of a `.jsonl`."""
    given = {"id": f"r{number}", "text": story(number, day=None), "published_on": f"2023-{1 + number % 12:02d}-05"}
    return json.dumps({k: v for k, v in {**given, **fields}.items() if v is not None})


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below `root`; returns it."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def run(raw: Path, warehouse: Path, **settings: Any) -> dict[str, Any]:
    """One run in this process; returns its row of `runs`."""
    return pipeline.run(Settings(raw=raw, warehouse=warehouse, **settings), pipeline.Here())


def in_this_process(
    settings: Settings, progress: pipeline.Progress, *, replaying: bool = False, run_id: str | None = None
) -> dict[str, Any]:
    """Stands in for `launch.in_prefect`."""
    inputs = pipeline.kept(settings.warehouse, run_id) if replaying else None
    return pipeline.run(settings, pipeline.Here(), progress, inputs)


def files(warehouse: Path) -> dict[str, str]:
    """Path -> hash of every Parquet file whose bytes are promised."""
    kept = {path: path.relative_to(warehouse).as_posix() for path in warehouse.rglob("*.parquet")}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path, name in sorted(kept.items())
        if not name.startswith(("runs/", "rejects/", "_staging/"))
    }


def rows(warehouse: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table in the order of its key, as a reader who knows nothing but the folder finds them."""
    found = [
        {**row, "file": path.relative_to(warehouse).as_posix()}
        for path in sorted((warehouse / table).rglob("*.parquet"))
        for row in pq.read_table(path, partitioning=None).to_pylist()
    ]
    return sorted(found, key=lambda row: [row[name] for name in TABLES[table].key])


def content(warehouse: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that is promised to be the same."""
    return {name: rows(warehouse, name) for name, table in TABLES.items() if table.deterministic}


def uris(warehouse: Path) -> set[str]:
    """The uris of the documents."""
    return {row["uri"] for row in rows(warehouse, "documents")}


def rejected(warehouse: Path, run_id: str) -> dict[str, str]:
    """uri -> code of a run's rejects."""
    return {row["uri"]: row["code"] for row in rows(warehouse, "rejects") if row["run_id"] == run_id}


def accounted(row: Mapping[str, Any]) -> bool:
    """Whether every input of a run became a document or a reject."""
    return bool(row["seen"] == row["new"] + row["changed"] + row["unchanged"] + row["rejected"])
