"""The dev figures of the date tagger: `python -m benchmarks.dev_dates [--errors]` over `../shared/corpora/dates`."""

import importlib.util
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from transforms import dates

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "dates"


def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", CORPORA / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    score = scorer()
    for name in [a for a in sys.argv[1:] if not a.startswith("-")] or ["meantime", "wikiwars"]:
        gold = score.load_gold(CORPORA / f"{name}.jsonl")
        system: dict[str, list[dict[str, Any]]] = defaultdict(list)
        characters, started = 0, time.process_time()
        for doc, d in gold.items():
            characters += len(d["text"])
            for t in dates.tag(d["text"], date.fromisoformat(d["dct"])):
                system[doc].append(
                    {
                        "start": t.start,
                        "end": t.end,
                        "type": t.type,
                        "value": t.value,
                        "rule": t.rule,
                        "anchor": t.anchor,
                    }
                )
        seconds = time.process_time() - started
        errors: list[tuple[Any, ...]] | None = [] if "--errors" in sys.argv else None
        r = score.score(gold, system, errors)
        print(name, " ".join(f"{k}={v * 100:.1f}" if isinstance(v, float) else f"{k}={v}" for k, v in r.items()))
        print(f"{name} {characters} characters, {characters / seconds:,.0f} a CPU second")
        for e in errors or []:
            print("\t".join(str(x) for x in e))


if __name__ == "__main__":
    main()
