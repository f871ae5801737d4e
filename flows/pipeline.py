"""A run from end to end: discover -> plan -> survey -> extract -> merge -> check -> publish -> catalog.

What runs where is the engine's business (flows/etl.py: Prefect); the order is here.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows import catalog, objects, plan, runs
from flows.courier import Courier
from flows.footers import learn_footers
from flows.ingest import Input, Reader, input_bytes
from flows.jobs import Done, Engine, Here, Job, Killed
from flows.places import Place, remote
from flows.plan import Known, Plan
from flows.rejects import Reject, RejectStore
from flows.remote import open_store
from flows.restoring import not_below, restored
from flows.runs import Run
from flows.settings import Settings
from flows.spool import Batch, Spool
from flows.staging import Staged, stage
from flows.warehouse import STAGING, Manifest, Store, remedy
from flows.work import extract, survey
from transforms.errors import DatelineError, RejectCode, SettingsError, WarehouseError
from transforms.schema import INDEX

Replay = Callable[[Reader, Store], Iterable[Input | Reject]]
"""Gives inputs of an earlier run once more."""
Progress = Callable[[str, int, int], None]
"""Called with a stage, how many of its documents are done, and how many there are (0: not known yet)."""


UNREAD = (RejectCode.UNREADABLE, RejectCode.OUTSIDE, RejectCode.VANISHED, RejectCode.CORRUPT)
"""Codes of files and folders that were not read to the end: what they held last time may still be there."""

RECORDED = "recorded"
"""The attribute by which the error of a run that failed has its row."""


def quiet(stage: str, done: int, total: int) -> None:
    """A Progress that shows nothing."""


_listeners: list[Progress] = []


@contextlib.contextmanager
def heard(listener: Progress) -> Iterator[None]:
    """While this lasts, the listener (the terminal) is told how far a run of this process is, within a flow too."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(stage: str, done: int, total: int) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(stage, done, total)


def kept(warehouse: Place, run_id: str | None) -> Replay:
    """The rejects of a run (default: the last that has any), from the bytes kept.

    Raises WarehouseError where there are none, or no such run.
    """
    chosen, rows = runs.rejects_of(warehouse, run_id)
    if not rows:
        raise WarehouseError(f"{warehouse}: no rejects" + (f" of run {chosen}" if chosen else ""))

    def inputs(reader: Reader, store: Store) -> Iterable[Input | Reject]:
        for row in rows:
            held = store.kept(row.content_sha256) if row.content_sha256 else None
            if held is None or row.code == RejectCode.DUPLICATE_ID:
                yield row
            else:
                yield from reader.kept(held, row.uri)

    return inputs


class WorkFound(Exception):
    """There is a document to work and no engine to work it."""


class _NoSpool(Spool):
    def add(self, item: Input) -> None:
        raise WorkFound(item.uri)


def run(
    settings: Settings,
    engine: Engine | None,
    progress: Progress = quiet,
    replay: Replay | None = None,
) -> dict[str, Any]:
    """Bring the warehouse up to date with RAW; returns the run's row of `runs`.

    `replay` gives the inputs instead of RAW. Without an `engine` WorkFound is raised at the first document that has to
    be worked, and nothing has happened. Raises DatelineError where nothing could be published; a run that failed after
    it had begun is recorded in `runs` as far as the warehouse can be written.
    """
    with open_store(settings.warehouse).writing(rebuild=settings.rebuild) as store:
        record = Run(settings)
        try:
            row = _Pipeline(store, settings, engine, progress, record).run(replay)
        except WorkFound:
            raise
        except (DatelineError, OSError) as e:
            _record_failure(store, record, e)
            raise
        except Exception as e:
            what = f"{store.root}: {type(e).__name__}: {' '.join(str(e).split())}; nothing new was published"
            error = WarehouseError(f"{what}{remedy(e) or '; --debug shows where'}")
            _record_failure(store, record, error)
            raise error from e
        _refresh(store)
        return row


def recorded(error: BaseException) -> dict[str, Any] | None:
    """The row of `runs` of the run that this error ended; None where there is none."""
    row: dict[str, Any] | None = getattr(error, RECORDED, None)
    return row


def _record_failure(store: Store, record: Run, error: Exception) -> None:
    try:
        store.read_manifest()  # or it is another version's: that stays as it is
        row = record.row(str(error))
        store.publish(runs.stage(store, row, record.rejects), None if store.exists() else Manifest(), keep_rows=True)
        setattr(error, RECORDED, row)
        catalog.refresh(store.root)
    except (OSError, DatelineError, duckdb.Error):
        return


def _refresh(store: Store) -> None:
    try:
        catalog.refresh(store.root)
    except (OSError, duckdb.Error) as e:
        raise WarehouseError(
            f"{store.root}: the run is published, but {catalog.CATALOG} could not be made anew ({e}); "
            f"the next run tries again"
        ) from e


class _Pipeline:
    def __init__(
        self, store: Store, settings: Settings, engine: Engine | None, progress: Progress, record: Run
    ) -> None:
        self.store = store
        self.settings = settings
        self.engine = self._reaching(engine or Here())
        self.idle = engine is None
        self.progress = progress
        self.record = record
        self.rejects = RejectStore(store.rejects)
        self.versions = record.versions = plan.versions(settings)
        self.from_nothing = settings.rebuild
        self.all_again = store.manifest.work != self.versions.work
        self.unmet: list[str] = []
        """doc_ids whose input was not met, but which all the same are worked again from the warehouse."""
        self.reworked: list[str] = []
        """These, and the doc_ids that new footer evidence reads otherwise."""

    def _reaching(self, engine: Engine) -> Engine:
        """The engine; by an object store, where its workers are other machines and the warehouse lies on one."""
        url = remote(self.settings.warehouse)
        if url is None or self.settings.dask_address is None:
            return engine
        return Courier(engine, url / STAGING / "carried", self.store.here)

    def run(self, replay: Replay | None) -> dict[str, Any]:
        todo = self._plan(replay)
        drop = [*todo.drop, *self._gone(todo)]
        held = self.store.manifest
        staged, refused = Staged([], [], held.parts, held.files), todo.refused
        self._check_limit(todo)  # the work can only add to the rejects
        if not self._is_current(todo, drop):
            done, footers = self._work(drop, self._survey(todo.batches))
            refused |= self._accept(todo, done)
            self._check_limit(todo)
            self.progress("writing", 0, 0)
            drop += self.reworked
            staged = stage(self.store, self.settings, done, drop, footers, from_nothing=self.from_nothing)
        row = self.record.row()
        manifest = Manifest(
            work=self.versions.work,
            corpus=self.versions.corpus,
            parts=staged.parts,
            files=staged.files,
            refused=refused,
        )
        steps = [*staged.steps, *runs.stage(self.store, row, self.record.rejects)]
        self.store.publish(steps, manifest, first=staged.first)
        return row

    def _plan(self, replay: Replay | None) -> Plan:
        held = [] if self.from_nothing else self.store.files(INDEX)
        self.known = Known(held, {} if self.from_nothing else self.store.manifest.refused)
        self.spool = (_NoSpool if self.idle else Spool)(
            self.store.staging / "inputs", self.settings.batch_chars, self.settings.batch_documents
        )
        reader = objects.reader(self.settings, self.rejects)
        inputs = self._watched(replay(reader, self.store) if replay else reader.inputs())
        again, replaying = self.all_again, replay is not None
        todo = plan.make(inputs, self.known, self.spool, self.rejects, all_again=again, replaying=replaying)
        self.record.plan = todo
        self.record.rejects = list(todo.rejects)
        if again and not self.settings.prune:
            self.unmet = self.known.gone()
            todo.batches = self._rework(self.unmet)
        return todo

    def _is_current(self, todo: Plan, drop: Sequence[str]) -> bool:
        """Whether the tables are as they should be."""
        held = self.store.manifest
        untouched = not (todo.batches or drop or self.from_nothing or self.all_again)
        return untouched and held.corpus == self.versions.corpus and bool(held.files)

    def _watched(self, inputs: Iterable[Input | Reject]) -> Iterator[Input | Reject]:
        for number, item in enumerate(inputs, 1):
            if number % 100 == 0:
                self.progress("reading", number, 0)
            yield item

    def _gone(self, todo: Plan) -> list[str]:
        """doc_ids to drop because their input is gone; one that could not be read may still be there.

        Raises SettingsError where RAW is one file and one of them is not of it.
        """
        pruned: list[str] = []
        if self.settings.prune:
            unread = {r.uri for r in todo.rejects if r.code in UNREAD}
            pruned = not_below(self.store, todo.gone, unread) if unread else todo.gone
            raw = self.settings.raw
            if raw.is_file() and (others := not_below(self.store, pruned, {raw.name})):
                raise SettingsError(
                    f"{raw}: is one file, and --prune would drop {len(others)} documents that are not of it; "
                    "name the folder, or leave --prune out"
                )
        self.record.removed = len(pruned) + len(todo.displaced)
        self.record.missing = len(todo.gone) - len(pruned)
        return pruned

    def _rework(self, doc_ids: Iterable[str]) -> list[Batch]:
        """Spool known documents from the warehouse, to be worked again; returns all batches."""
        fresh = sorted(set(doc_ids).difference(self.reworked))
        self.reworked += fresh
        self.record.reworked = self.record.plan.again + len(self.reworked)
        if fresh:
            for item in restored(self.store, fresh):
                self.spool.add(item)
        return self.spool.close()

    def _work(self, drop: Sequence[str], surveys: Sequence[str]) -> tuple[list[Done], pa.Table]:
        """What came of the work, and the rows of `footers`. Where documents are refused that the footers were learnt
        from, they are learnt once more without them, and where that changes the evidence, the work is done again."""
        done: list[Done] = []
        refused: set[str] = set()
        evidence: Path | None = None
        while True:
            footers = learn_footers(
                self.store,
                surveys,
                drop=[*drop, *self.unmet],
                refused=refused,
                work=self.versions.work,
                settings=self.settings,
                from_nothing=self.from_nothing,
            )
            if footers.evidence == evidence:
                return done, footers.table
            evidence = footers.evidence
            done = self._extract(self._rework(footers.rework), evidence)
            late = {doc_id for d in done for doc_id in d.refused} - refused
            if not late:
                return done, footers.table
            refused |= late

    def _job(self, batch: Batch, evidence: str = "") -> Job:
        staging = self.store.staging.resolve()  # workers may have another working folder
        return Job(
            batch=str(batch.path.resolve()),
            key=batch.key,
            out=str(staging / "rows"),
            settings=self.settings.model_dump_json(),
            work=self.versions.work,
            rejects=str(self.store.rejects.resolve()),
            survey=str(staging / "survey"),
            evidence=evidence,
            last=batch.documents,
        )

    def _survey(self, batches: Sequence[Batch]) -> list[str]:
        jobs = (self._job(batch) for batch in batches)
        return sorted(found for found in self.engine.run(survey, jobs) if not isinstance(found, Killed))

    def _extract(self, batches: Sequence[Batch], evidence: Path) -> list[Done]:
        total = sum(batch.documents for batch in batches)
        self.progress("extracting", 0, total)
        done: list[Done] = []
        for result in self.engine.run(extract, (self._job(b, str(evidence.resolve())) for b in batches)):
            done.append(self._killed(result.job) if isinstance(result, Killed) else result)
            self.progress("extracting", sum(d.documents + len(d.refused) for d in done), total)
        return sorted(done, key=lambda d: d.folder)

    def _killed(self, job: Job) -> Done:
        (doc_id, item), *_ = job.inputs()
        detail = (
            "its worker process died of it twice, or had too little memory: a large document, or a bug in a library"
        )
        sha256 = self.rejects.keep(input_bytes(item, self.settings.fields))
        return Done("", [], 0, {doc_id: [item.uri, sha256, "extract", RejectCode.WORKER_KILLED, detail]})

    def _accept(self, todo: Plan, done: Sequence[Done]) -> dict[str, list[str]]:
        """Count what the workers refused; returns what of it is known to be refused from now on. What killed a worker
        is not: with more memory, or less beside it, it may be taken next time."""
        refused = {doc_id: fields for d in done for doc_id, fields in d.refused.items()}
        todo.rejects += [Reject(*fields) for fields in refused.values()]
        self.record.rejects = list(todo.rejects)
        changed, gone = set(todo.drop), set(todo.gone)
        for doc_id in refused:
            at = self.known.position(doc_id)
            self.record.removed += at is not None
            if at is None:
                todo.new -= 1
            elif doc_id in changed:
                todo.changed -= 1
            elif self.known.met[at]:
                todo.unchanged -= 1
            elif doc_id in gone:
                self.record.missing -= 1
        return {doc_id: fields for doc_id, fields in refused.items() if fields[3] != RejectCode.WORKER_KILLED}

    def _check_limit(self, todo: Plan) -> None:
        """Raise WarehouseError where rejects pass the limit."""
        limit = self.settings.max_reject_rate
        if len(todo.rejects) > limit * todo.seen:
            raise WarehouseError(
                f"{self.settings.raw}: {len(todo.rejects)} of {todo.seen} inputs were rejected, more than "
                f"max_reject_rate {limit:g}; nothing was published; `dateline rejects list` says why"
            )
