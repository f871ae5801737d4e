"""Dev figures of the footer cutter, with ../shared beside the repository.

    python -m benchmarks.dev_licences [--evidence]

Prints the shared scorer's figures on licences/dev.jsonl, what is cut from corpora that hold hardly a notice (each line
is to be read: a true credit or a fault), and the speed. With `--evidence`, repetition within each source counts too.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms import boilerplate
from transforms.models import Evidence

CORPORA = Path(__file__).resolve().parent.parent.parent / "shared" / "corpora"
HEADER = re.compile(r"\s*date \d{4}-\d\d-\d\d(?: News\b)?")
"""What the dev set counts as a header; the pipeline's own is read by transforms.metadata."""


def records(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPORA / path).read_text(encoding="utf-8").splitlines()]


def learn(documents: list[dict[str, Any]]) -> dict[str, Evidence]:
    sizes = Counter(d["source"] for d in documents)
    met: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for d in documents:
        met[d["source"]].update({(s.key, s.normalised) for s in boilerplate.edge_segments(d["text"], start(d))})
    return {
        source: Evidence(
            frozenset(key for (key, form), n in forms.items() if boilerplate.verdict(form, n, sizes[source])),
            common=frozenset(key for (key, _), n in forms.items() if boilerplate.is_common(n, sizes[source])),
        )
        for source, forms in met.items()
    }


def start(document: dict[str, Any]) -> int:
    header = HEADER.match(document["text"])
    return header.end() if header else 0


def predict(document: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    body = start(document)
    spans = [{"start": 0, "end": body, "kind": "header"}] if body else []
    for r in boilerplate.find_removals(document["text"], evidence, body):
        what = {"kind": r.kind, "spdx": r.notice.spdx_id, "attribution": r.notice.rights_holder}
        spans.append({"start": r.raw_start, "end": r.raw_end, **what})
    return {"id": document["id"], "spans": spans}


def bodies() -> Iterator[tuple[str, str]]:
    for path in ("news/abc_lee.jsonl", "entities/wikigold.jsonl", "entities/ecbplus.jsonl"):
        yield from ((path, d["text"]) for d in records(path))
    yield from (("huffpost", d["short_description"]) for d in records("topics/huffpost.jsonl"))


def main() -> None:
    documents = records("licences/dev.jsonl")
    evidence = learn(documents) if "--evidence" in sys.argv else {}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(predict(d, evidence.get(d["source"], Evidence()))) + "\n" for d in documents)
        file.flush()
        scorer = [sys.executable, CORPORA / "licences/score.py", CORPORA / "licences/dev.jsonl", file.name, "-v"]
        subprocess.run([str(part) for part in scorer], check=True)
    characters = seconds = 0.0
    for source, text in bodies():
        before = time.process_time()
        removals = boilerplate.find_removals(text)
        seconds += time.process_time() - before
        characters += len(text)
        for r in removals:
            print(source, r.rule, repr(text[r.raw_start : r.raw_end])[:160])
    print(f"{characters / seconds / 1e6:.2f} Mchar per CPU second over {characters / 1e6:.1f} Mchar")


if __name__ == "__main__":
    main()
