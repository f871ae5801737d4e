"""Hostile input at its real size: what each does to a run, in seconds and megabytes.

    python -m benchmarks.hostile [CASE ...]        # all of them take some minutes

Each case is a RAW of its own and runs in a process of its own, without a model unless `--model` is given: what is
measured is reading, planning, merging and checking. `rss` is the process's peak; `wall` and `cpu` are the run's seconds.
"""

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.flows import fuzz, houses

ROOT = Path(__file__).parents[1]
LINE = json.dumps({"text": houses.story(1, day=None), "published_on": "2024-03-01"})


def long_line(raw: Path) -> None:
    """A .txt and a .jsonl with a line of 200 MB, before a good one."""
    (raw / "a.txt").write_bytes(b"a rainy day " * (200_000_000 // 12))
    with (raw / "b.jsonl").open("wb") as file:
        file.write(b'{"text": "' + b"a rainy day " * (200_000_000 // 12) + b'"}\n' + LINE.encode())


def long_document(raw: Path) -> None:
    """15 MB on one line, just within the limit."""
    (raw / "a.txt").write_bytes(b"Rain fell on Oslo in May. " * (15_000_000 // 26))
    (raw / "b.txt").write_bytes(b"x" * 15_000_000)


def million_lines(raw: Path) -> None:
    """A .txt of a million lines and a .jsonl of a million bad ones."""
    (raw / "a.txt").write_bytes(b"Rain.\n" * 1_000_000)
    with (raw / "b.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f'{{"id": {i}, "txt": "no text"}}\n' for i in range(1_000_000))


def million_blank_records(raw: Path) -> None:
    """A .jsonl of 200,000 records whose text is blank: refused by the workers, and remembered."""
    with (raw / "b.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f'{{"id": {i}, "text": " "}}\n' for i in range(200_000))


def many_files(raw: Path) -> None:
    """100,000 files in one folder, of which a tenth is empty."""
    (raw / "s").mkdir()
    for i in range(100_000):
        (raw / f"s/{i}.txt").write_text("" if i % 10 == 0 else f"Regen fiel auf Halle {i} und auf die Saale.", "utf-8")


def bombs(raw: Path) -> None:
    """A gigabyte of one character, out of a megabyte: as a text, as a record, as blank lines."""
    for name, piece in (("a.txt.gz", b"a"), ("b.jsonl.gz", b"a"), ("c.jsonl.gz", b"\n")):
        with gzip.open(raw / name, "wb", 6) as file:
            for _ in range(1_000):
                file.write(piece * 1_000_000)


def mutants(raw: Path) -> None:
    """2,000 mutated inputs."""
    houses.write(raw, dict(fuzz.mutants(fuzz.real_inputs(ROOT / "raw"), 2_000)))


def nothing_new(raw: Path) -> None:
    """20,000 documents, of which the second run finds none new."""
    for i in range(20_000):
        houses.write(raw, {f"s{i % 20}/{i // 100}/{i}.txt": houses.story(i, houses.FOOTERS[i % 3])})


CASES: dict[str, Callable[[Path], None]] = {
    f.__name__: f
    for f in (long_line, long_document, million_lines, million_blank_records, many_files, bombs, mutants, nothing_new)
}


def peak() -> float:
    """The most memory that this process has had resident, in MB. (`ru_maxrss` would count the parent's, too.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def work(raw: Path, warehouse: Path, *, model: bool) -> None:
    """Two runs over a case, the first of which works, in this process."""
    from flows import doctor, pipeline
    from flows.settings import Settings

    if not model:
        houses.without_model()
    for _ in range(2):
        began, cpu = time.monotonic(), time.process_time()
        try:
            row = pipeline.run(Settings(raw=raw, warehouse=warehouse), None)
        except pipeline.WorkFound:
            row = houses.run(raw, warehouse)
        wall = time.monotonic() - began
        rss = peak()
        if not houses.accounted(row):
            raise SystemExit(f"not accounted for: {row}")
        counts = " ".join(f"{name}={row[name]}" for name in ("seen", "new", "unchanged", "rejected"))
        cpu = time.process_time() - cpu
        print(f"  wall {wall:7.1f} s  cpu {cpu:7.1f} s  rss {rss:6.0f} MB  {counts}", flush=True)
    began = time.monotonic()
    breaches = doctor.check(warehouse)
    print(f"  check {time.monotonic() - began:6.1f} s  {len(breaches)} breaches {breaches[:1] or ''}", flush=True)
    failed = [row for row in houses.rows(warehouse, "rejects") if row["code"] == "stage_failed"]
    if failed:
        print(f"  {len(failed)} stage_failed, such as {failed[0]['detail']}")


def main() -> None:
    """Make each case and run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", choices=[[], *CASES], help="default: all")
    parser.add_argument("--model", action="store_true", help="with the default model")
    parser.add_argument("--work", nargs=2, type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.work:
        work(*told.work, model=told.model)
        return
    for name in told.cases or CASES:
        print(f"{name}: {CASES[name].__doc__}", flush=True)
        folder = Path(tempfile.mkdtemp(prefix="dateline-hostile-"))
        try:
            (folder / "raw").mkdir()
            CASES[name](folder / "raw")
            command = [
                sys.executable,
                "-m",
                "benchmarks.hostile",
                "--work",
                str(folder / "raw"),
                str(folder / "warehouse"),
            ]
            subprocess.run([*command, *(["--model"] if told.model else [])], check=False, timeout=3_600)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
