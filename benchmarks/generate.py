"""A corpus of any size, made by recombining the sentences of what is at hand.

Sentences come from `../shared/corpora` where it is there, else from `raw/`; nothing of them is kept in the repository.
"""

import json
import random
from datetime import date, timedelta
from pathlib import Path

from transforms import sentences

SHARED = Path("../shared/corpora")
WORDS = 400
"""Words of a document, about."""
MONTHS = 24
FOOTERS = (
    "All content by Northern Wire is licensed under a Creative Commons Attribution 4.0 International License.",
    "© 2021 Harbour Daily. All rights reserved.",
    "Reporting by the Capital Desk; editing by A. Reader.",
    "",
)


def texts() -> list[str]:
    """Texts to take sentences from."""
    jsonl = [SHARED / "news/abc_lee.jsonl", SHARED / "dates/meantime.jsonl", SHARED / "entities/ecbplus.jsonl"]
    found = [
        json.loads(line)["text"] for path in jsonl if path.exists() for line in path.read_text("utf-8").splitlines()
    ]
    return found or [path.read_text("utf-8") for path in sorted(Path("raw").rglob("*.txt"))]


def pool() -> list[str]:
    """Sentences of 5 to 60 words."""
    cut = [text[a:b] for text in texts() for a, b in sentences.split(text)]
    return [s for s in cut if 5 <= len(s.split()) <= 60]


def document(number: int, stock: list[str], source: str, days: range) -> dict[str, str]:
    """The record of one document of some day among those, the same for the same number, stock and days."""
    chance = random.Random(number)
    words, chosen = 0, []
    while words < WORDS:
        chosen.append(chance.choice(stock))
        words += len(chosen[-1].split())
    day = date(2021, 1, 1) + timedelta(days=chance.choice(days))
    body = "LONDON — " + " ".join(chosen) + " " + FOOTERS[number % len(FOOTERS)]
    return {"id": f"d{number:07d}", "source": source, "published_on": day.isoformat(), "text": body}


ALL = range(MONTHS * 30)
LATEST = range((MONTHS - 1) * 30, MONTHS * 30)
"""Days: those of all documents, and of what comes in at the end."""


def write(folder: Path, first: int, last: int, *, days: range = ALL, per_file: int = 5_000) -> None:
    """Documents `first` to before `last` as `.jsonl` files below `folder`."""
    stock = pool()
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(first, last, per_file):
        with (folder / f"batch-{start:07d}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(start, min(start + per_file, last)):
                record = document(number, stock, f"source{number % 7}", days)
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
