"""A run from end to end: discover -> plan -> survey -> extract -> merge -> check -> publish -> catalog.

What runs where is the engine's business (flows/etl.py: Prefect); the order is here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from flows import catalog, checks, corpus, plan, runs
from flows.ingest import Input, Reader
from flows.merge import Merge, Merged
from flows.plan import Known, Plan
from flows.rejects import Reject, RejectStore
from flows.runs import Run
from flows.settings import Settings
from flows.spool import Batch, Spool
from flows.warehouse import Manifest, Store, corpus_path, write_table
from flows.work import Done, Job, extract, survey
from transforms.errors import DatelineError, RejectCode, WarehouseError
from transforms.schema import ALIASES, DOCUMENT_TABLES, ENTITIES, FOOTERS, INDEX, MENTIONS, Table

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Killed:
    """A job of one document whose worker died of it."""

    job: Job


class Engine(Protocol):
    """Where jobs are done."""

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """Do the jobs, a bounded number at a time; yields their results in any order."""
        ...


class Here:
    """The engine of tests and of the smallest runs: this process, one job after another."""

    def run(self, work: Callable[[Job], R], jobs: Iterable[Job]) -> Iterator[R | Killed]:
        """As Engine says."""
        return (work(job) for job in jobs)


Progress = Callable[[str, int, int], None]
"""Called with a stage, how many of its documents are done, and how many there are (0: not known yet)."""


def quiet(stage: str, done: int, total: int) -> None:  # noqa: ARG001
    """A Progress that shows nothing."""


LISTENERS: list[Progress] = []
"""Who else wants to know how far a run of this process is: the terminal."""


def tell(stage: str, done: int, total: int) -> None:
    """Tell the listeners."""
    for listener in LISTENERS:
        listener(stage, done, total)


def nothing_to_do(settings: Settings) -> bool:
    """Whether a run would find every input known and unchanged, made by the code, rules and model of now."""
    store = Store(settings.warehouse)
    if settings.rebuild or not (store.root / "_manifest.json").exists() or (store.root / "_journal.json").exists():
        return False
    store.manifest = store.read_manifest()
    now = plan.versions(settings)
    if (store.manifest.work, store.manifest.corpus) != (now.work, now.corpus):
        return False
    known = Known(store.files(INDEX), store.manifest.refused)
    return plan.up_to_date(settings, Reader(settings.raw, settings, RejectStore(store.rejects)), known)


def run(
    settings: Settings,
    engine: Engine,
    progress: Progress = quiet,
    replay: Callable[[Reader], Iterable[Input | Reject]] | None = None,
) -> dict[str, Any]:
    """Bring the warehouse up to date with RAW; returns the run's row of `runs`.

    `replay` gives the inputs instead of RAW. Raises DatelineError where nothing could be published; a run that failed
    after it had begun is recorded in `runs` as far as the warehouse can be written.
    """
    with Store(settings.warehouse).writing(rebuild=settings.rebuild) as store:
        record = Run(settings)
        try:
            return _Pipeline(store, settings, engine, progress, record).run(replay)
        except DatelineError as e:
            _record_failure(store, record, str(e))
            raise
        except Exception as e:
            _record_failure(store, record, f"{type(e).__name__}: {e}")
            raise


def _record_failure(store: Store, record: Run, error: str) -> None:
    try:
        store.publish(runs.stage(store, record.row(error), record.rejects), store.manifest)
        catalog.refresh(store.root)
    except (OSError, DatelineError):
        return


class _Pipeline:
    def __init__(self, store: Store, settings: Settings, engine: Engine, progress: Progress, record: Run) -> None:
        self.store = store
        self.settings = settings
        self.engine = engine
        self.progress = progress
        self.record = record
        self.rejects = RejectStore(store.rejects)
        self.versions = record.versions = plan.versions(settings)
        self.from_nothing = settings.rebuild
        self.reworked: list[str] = []
        """doc_ids of known documents that are worked again from the warehouse."""
        self.unmet: set[str] = set()
        """Those of them whose input was not met."""

    def run(self, replay: Callable[[Reader], Iterable[Input | Reject]] | None) -> dict[str, Any]:
        todo = self._plan(replay)
        removed = self._gone(todo)
        surveys = self._survey(todo.batches)
        footers = corpus.learn_footers(
            self.store, surveys, [*todo.drop, *removed, *self.reworked], self.settings, from_nothing=self.from_nothing
        )
        done = self._extract(self._rework(footers.rework), footers.evidence)
        self._accept(todo, done)
        return self._publish(done, [*todo.drop, *removed, *self.reworked], footers.table)

    def _all_again(self) -> bool:
        return self.store.manifest.work != self.versions.work

    def _plan(self, replay: Callable[[Reader], Iterable[Input | Reject]] | None) -> Plan:
        held = [] if self.from_nothing else self.store.files(INDEX)
        known = Known(held, {} if replay or self.from_nothing else self.store.manifest.refused)
        self.spool = Spool(self.store.staging / "inputs", self.settings.batch_chars, self.settings.batch_documents)
        reader = Reader(self.settings.raw, self.settings, self.rejects)
        inputs = replay(reader) if replay else reader.inputs()
        again = self._all_again()
        todo = plan.make(
            self._watched(inputs), known, self.spool, self.rejects, all_again=again, replaying=replay is not None
        )
        self.record.plan = todo
        self.record.rejects = list(todo.rejects)
        if again and not self.settings.prune:
            self.unmet = set(known.gone())
            todo.batches = self._rework(sorted(self.unmet))
        return todo

    def _watched(self, inputs: Iterable[Input | Reject]) -> Iterator[Input | Reject]:
        for number, item in enumerate(inputs, 1):
            if number % 100 == 0:
                self.progress("reading", number, 0)
            yield item

    def _gone(self, todo: Plan) -> list[str]:
        if self.settings.prune:
            self.record.removed = len(todo.gone)
            return todo.gone
        self.record.missing = len(todo.gone)
        return []

    def _rework(self, doc_ids: Sequence[str]) -> list[Batch]:
        """Spool known documents from the warehouse, to be worked again; returns all batches."""
        self.reworked += doc_ids
        self.record.reworked = len(self.reworked)
        if doc_ids:
            for item in corpus.restored(self.store, doc_ids):
                self.spool.add(item)
        return self.spool.close()

    def _job(self, batch: Batch, out: Path, evidence: str = "") -> Job:
        return Job(
            batch=str(batch.path),
            key=batch.key,
            out=str(out),
            settings=self.settings.model_dump_json(),
            work=self.versions.work,
            rejects=str(self.store.rejects),
            evidence=evidence,
            last=batch.documents,
        )

    def _survey(self, batches: Sequence[Batch]) -> list[str]:
        out = self.store.staging / "survey"
        jobs = (self._job(batch, out) for batch in batches)
        surveyed: list[str] = []
        for result in self.engine.run(survey, jobs):
            if not isinstance(result, Killed):
                surveyed.append(result)
        return sorted(surveyed)

    def _extract(self, batches: Sequence[Batch], evidence: Path) -> list[Done]:
        out = self.store.staging / "rows"
        out.mkdir(parents=True, exist_ok=True)
        total = sum(batch.documents for batch in batches)
        self.progress("extracting", 0, total)
        done: list[Done] = []
        for result in self.engine.run(extract, (self._job(b, out, str(evidence)) for b in batches)):
            done.append(self._killed(result.job) if isinstance(result, Killed) else result)
            self.progress("extracting", sum(d.documents + len(d.refused) for d in done), total)
        return sorted(done, key=lambda d: d.folder)

    def _killed(self, job: Job) -> Done:
        (doc_id, item), *_ = job.inputs()
        detail = "its worker process died of it twice: out of memory, or a bug in a library"
        refused = [item.uri, self.rejects.keep(item.data), "extract", RejectCode.WORKER_KILLED, detail]
        return Done("", [], 0, {doc_id: refused})

    def _accept(self, todo: Plan, done: Sequence[Done]) -> None:
        """Count what the workers refused; raises WarehouseError where rejects pass the limit."""
        refused = {doc_id: fields for d in done for doc_id, fields in d.refused.items()}
        fresh_start = self.from_nothing or self._all_again()
        self.refused = refused if fresh_start else {**self.store.manifest.refused, **refused}
        todo.rejects += [Reject(*fields) for fields in refused.values()]
        self.record.rejects = list(todo.rejects)
        changed, reworked = set(todo.drop), set(self.reworked)
        for doc_id in refused:
            if doc_id in changed:
                todo.changed -= 1
            elif doc_id not in reworked:
                todo.new -= 1
            elif doc_id not in self.unmet:
                todo.unchanged -= 1
        rate = len(todo.rejects) / todo.seen if todo.seen else 0.0
        if rate > self.settings.max_reject_rate:
            raise WarehouseError(
                f"{self.settings.raw}: {len(todo.rejects)} of {todo.seen} inputs were rejected, more than max_reject_rate "
                f"{self.settings.max_reject_rate:g}; nothing was published; `dateline rejects list` says why"
            )

    def _publish(self, done: Sequence[Done], drop: Sequence[str], footers: pa.Table) -> dict[str, Any]:
        self.progress("writing", 0, 0)
        store, manifest = self.store, self.store.manifest
        done = [d for d in done if d.folder]
        steps: list[tuple[Path | None, str]] = []
        staged = Manifest(work=self.versions.work, corpus=self.versions.corpus, refused=self.refused)
        if done or drop or self.from_nothing or manifest.corpus != staged.corpus or not manifest.files:
            merged = Merge(store, done, drop, from_nothing=self.from_nothing).write()
            staged.parts, staged.files = merged.parts, merged.files
            steps = [*self._corpus_tables(staged, merged, footers), *merged.first, *merged.then]
            self._check(staged, steps)
            steps = self._cleared(staged) + steps
        else:
            staged.parts, staged.files = manifest.parts, manifest.files
        row = self.record.row()
        store.publish([*steps, *runs.stage(store, row, self.record.rejects)], staged)
        catalog.refresh(store.root)
        return row

    def _cleared(self, staged: Manifest) -> list[tuple[Path | None, str]]:
        """What an earlier warehouse held and this one does not."""
        return (
            [(None, f) for f in sorted(self.store.manifest.files) if f not in staged.files] if self.from_nothing else []
        )

    def _corpus_tables(self, staged: Manifest, merged: Merged, footers: pa.Table) -> list[tuple[Path | None, str]]:
        current = {target: path for path, target in merged.then if path}

        def files(table: Table) -> list[Path]:
            names = sorted(f for f in merged.files if f.startswith(f"{table.name}/"))
            return [current.get(name, self.store.root / name) for name in names]

        scratch = self.store.staging / "tmp"
        alias_rows, entity_rows = corpus.entities(scratch, files(MENTIONS), files(INDEX), self.settings)
        steps: list[tuple[Path | None, str]] = []
        for table, rows in ((FOOTERS, footers), (ALIASES, alias_rows), (ENTITIES, entity_rows)):
            target = corpus_path(table)
            write_table(rows, self.store.staging / "publish" / target)
            steps.append((self.store.staging / "publish" / target, target))
            staged.files[target] = rows.num_rows
        return steps

    def _check(self, staged: Manifest, steps: Sequence[tuple[Path | None, str]]) -> None:
        """The data tests over what is about to be published; raises WarehouseError on a breach."""
        new = {target: path for path, target in steps if path}
        tables = {
            name: [path for target, path in sorted(new.items()) if target.startswith(f"{name}/")]
            for name in [t.name for t in DOCUMENT_TABLES] + [FOOTERS.name, ALIASES.name, ENTITIES.name]
        }
        breaches = checks.run(tables, self.store.staging / "tmp", corpus=False)
        lost = [
            t for t, p in new.items() if pq.read_metadata(p).num_rows != staged.files[t] and "/first/" not in str(p)
        ]
        if breaches or lost:
            what = f"{breaches[0].must}: {breaches[0].row}" if breaches else f"{lost[0]}: rows are missing"
            raise WarehouseError(f"{self.store.root}: the new rows fail a data test ({what}); nothing was published")
