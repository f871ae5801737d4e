"""Killed with -9 at random instants, parent or worker, then run again: byte-identical to an undisturbed run?

    python -m benchmarks.kill_harness [--kills 50] [--documents 500] [--engine pool|prefect] [--seed 0]

The documents are made by recombining sentences of our own corpus under raw/. `pool`: two worker processes and a
regular expression for a model, so that 50 kills take minutes. `prefect`: `dateline run` itself, with the model.
Of every three kills one hits a worker, which the run has to survive or to fail of in good order, and two hit the
parent. After each kill of the parent the run is started again, and killed again with a probability of one half.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.flows import houses

ROOT = Path(__file__).parents[1]
BATCH = "25"


def sentences() -> list[str]:
    """Sentences of the sample corpus, a paragraph at most."""
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in sorted((ROOT / "raw").rglob("*.txt"))]
    with (ROOT / "raw/agency/items.jsonl").open(encoding="utf-8") as lines:
        texts += [json.loads(line)["text"] for line in lines if '"text"' in line and line.rstrip().endswith("}")]
    return [s.strip() for text in texts for s in text.replace("\n", " ").split(". ") if 30 < len(s.strip()) < 400]


def make(raw: Path, count: int, seed: int) -> None:
    """`count` documents of recombined sentences, in every form, with some that are refused."""
    chance, known = random.Random(seed), sentences()
    records = []
    for i in range(count):
        text = ". ".join(chance.sample(known, chance.randrange(4, 14))) + f".\n\n{houses.FOOTERS[i % 3]}\n"
        day = f"2024-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        if i % 3 == 0:
            records.append(json.dumps({"id": i, "text": text, "published_on": day} if i % 30 else {"id": i}))
        else:
            data = f"date {day} Story {i}\n{text}".encode() if i % 25 else b"\0" * 400
            name = f"source{i % 4}/{i}.txt"
            houses.write(raw, {f"{name}.gz": gzip.compress(data, mtime=0)} if i % 2 else {name: data})
    houses.write(raw, {"wire/items.jsonl": "\n".join(records)})


def start(raw: Path, warehouse: Path, engine: str) -> "subprocess.Popen[bytes]":
    """A run in a process group of its own."""
    if engine == "pool":
        command = [sys.executable, "-m", "benchmarks.kill_harness", "--work", str(raw), str(warehouse)]
    else:
        code = "from flows.cli import main; main()"
        command = [
            sys.executable,
            "-c",
            code,
            "run",
            str(raw),
            "--warehouse",
            str(warehouse),
            "--workers",
            "2",
            "--quiet",
        ]
    return subprocess.Popen(
        command, cwd=raw.parent / "code", start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def work(raw: Path, warehouse: Path) -> None:
    """One run with two worker processes and no model, in this process."""
    from flows import pipeline
    from flows.settings import Settings
    from tests.flows.test_promises import Processes

    houses.without_model()
    pipeline.run(Settings(raw=raw, warehouse=warehouse, batch_documents=int(BATCH)), Processes(2))


def children(pid: int) -> list[int]:
    """Process ids below one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except (OSError, IndexError, ValueError):
            continue
    return found


def finish(run: "subprocess.Popen[bytes]") -> str:
    """Wait for a run that nobody kills; returns the last line of its complaint, if it failed."""
    _, complaint = run.communicate(timeout=600)
    return (complaint.decode().strip() or "killed").splitlines()[-1] if run.returncode else ""


def disturbed(raw: Path, warehouse: Path, engine: str, seconds: float, chance: random.Random) -> list[str]:
    """Start runs and kill them until one is let through; returns what was killed."""
    hits: list[str] = []
    while True:
        run = start(raw, warehouse, engine)
        time.sleep(chance.uniform(0, seconds))
        below = children(run.pid)
        if chance.random() < 1 / 3 and below:
            os.kill(chance.choice(below), signal.SIGKILL)
            hits.append("worker")
            finish(run)
        else:
            hits.append("parent" if run.poll() is None else "late")
            run.kill()
            finish(run)
        if chance.random() < 0.5:
            return hits


def main() -> None:
    """Make the corpus, run undisturbed, then disturbed so many times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--engine", choices=["pool", "prefect"], default="pool")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", nargs=2, type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.work:
        work(*told.work)
        return
    folder = Path(tempfile.mkdtemp(prefix="dateline-kills-"))
    chance = random.Random(told.seed)
    try:
        make(folder / "raw", told.documents, told.seed)
        for name in ("flows", "transforms", "tests", "benchmarks"):  # an edit meanwhile would be other work
            shutil.copytree(ROOT / name, folder / "code" / name)
        began = time.monotonic()
        if finish(start(folder / "raw", folder / "undisturbed", told.engine)):
            raise SystemExit("the undisturbed run failed")
        seconds = time.monotonic() - began
        wanted = houses.files(folder / "undisturbed")
        print(f"{told.documents} documents, {len(wanted)} files, {seconds:.1f} s undisturbed", flush=True)
        kills = wrong = rounds = 0
        while kills < told.kills:
            rounds += 1
            warehouse = folder / f"killed-{rounds}"
            hits = disturbed(folder / "raw", warehouse, told.engine, seconds, chance)
            kills += sum(hit != "late" for hit in hits)
            complaint = finish(start(folder / "raw", warehouse, told.engine))
            found = houses.files(warehouse)
            other = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
            wrong += bool(other or complaint)
            what = f"DIFFERENT: {complaint} {len(other)} files, such as {other[:2]}" if other or complaint else "same"
            print(f"{kills:3d} after {', '.join(hits)}: {what}", flush=True)
            shutil.rmtree(warehouse)
        print(f"{kills} kills, {wrong} wrong")
        sys.exit(bool(wrong))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
