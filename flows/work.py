"""What a worker does with a batch. Plain functions of paths: Prefect, Dask or a loop may call them.

Results are files named by what made them, put in place by one rename: doing a batch twice is the same as once.
"""

import json
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from flows import spool
from flows.courier import carried
from flows.ingest import Input, input_bytes, raw_document
from flows.jobs import DONE, SURVEY, Done, Job
from flows.nlp import Recogniser
from flows.rejects import RejectStore
from flows.settings import Settings
from transforms import boilerplate, identity, metadata, tables, topics
from transforms.document import DocumentResult, Prepared, finish, prepare, validate
from transforms.errors import RejectCode, Rejected
from transforms.models import EVIDENCE, Evidence, RawDocument, Segment, Span
from transforms.schema import INDEX, PARTITION


class Worked(NamedTuple):
    """A document with its results."""

    doc_id: str
    item: Input
    result: DocumentResult
    fingerprint: str
    keys: Sequence[int]
    """Of its segments."""


@carried
def survey(job: Job) -> str:
    """Read the head and tail segments of each document; returns a file of them, with the schema SURVEY."""
    settings = Settings.model_validate_json(job.settings)
    rows: list[dict[str, Any]] = []
    for doc_id, item in job.inputs():
        try:
            raw = raw_document(item, settings.fields)
            validate(raw, settings.day_first(item.source))
        except Exception:  # noqa: S112 - `extract` meets the same and says so
            continue
        segments = edge_segments(raw)
        rows.append(
            {
                "doc_id": doc_id,
                "source": item.source,
                "segments": [s.key for s in segments],
                "texts": [s.normalised for s in segments],
            }
        )
    spool.write_ipc(job.survey_file, [pa.Table.from_pylist(rows, schema=SURVEY)], SURVEY)
    return str(job.survey_file)


def edge_segments(raw: RawDocument) -> list[Segment]:
    """The segments of a document that are counted within its source."""
    header = metadata.header(raw.text) if raw.record is None else None
    return boilerplate.edge_segments(raw.text, header.raw_end if header else 0)


@carried
def extract(job: Job) -> Done:
    """Work a batch: a folder with a file for each document table; what is refused is named in the result.

    Raises MemoryError where there is too little, OSError where the disk fails: for the engine to try again.
    """
    folder = Path(job.out) / identity.digest(job.key, job.work, _file_key(job.evidence), str(job.first), str(job.last))
    if (folder / DONE).exists():
        return Done(**json.loads((folder / DONE).read_bytes()))
    settings = Settings.model_validate_json(job.settings)
    refused: dict[str, list[str]] = {}
    store = RejectStore(Path(job.rejects))

    def refuse(doc_id: str, item: Input, error: Exception) -> None:
        if isinstance(error, MemoryError):  # no fault of the document's alone: the engine tries it with nothing beside
            raise error
        rejected = error if isinstance(error, Rejected) else Rejected(RejectCode.STAGE_FAILED, _short(error), "extract")
        sha256 = store.keep(input_bytes(item, settings.fields))
        refused[doc_id] = [item.uri, sha256, rejected.stage, rejected.code, rejected.detail]

    prepared: list[tuple[str, Input, Prepared]] = []
    evidence = _evidence(job.evidence)
    for doc_id, item in job.inputs():
        try:
            raw = raw_document(item, settings.fields)
            known, habit = evidence.get(item.source, Evidence()), settings.day_first(item.source)
            prepared.append((doc_id, item, prepare(raw, known, settings.model_language, habit)))
        except Exception as e:
            refuse(doc_id, item, e)
    surveyed = _surveyed(job)
    worked: list[Worked] = []
    for doc_id, item, result in _finish(prepared, settings, job.work, refuse):
        keys = surveyed[doc_id] if doc_id in surveyed else [s.key for s in edge_segments(result.prepared.raw)]
        told = identity.fingerprint(job.work, evidence.get(item.source, Evidence()).touching(keys))
        worked.append(Worked(doc_id, item, result, told, keys))
    worked.sort(key=lambda w: w.doc_id)
    try:
        rows = _rows(worked)
    except Exception:
        worked = [w for w in worked if _fits(w, refuse)]
        rows = _rows(worked)
    return Done(str(folder), _write(rows, folder, refused, len(worked)), len(worked), refused)


def _rows(worked: Sequence[Worked]) -> dict[str, pa.Table]:
    return tables.document_tables([w.result for w in worked], [w.fingerprint for w in worked], [w.keys for w in worked])


def _fits(worked: Worked, refuse: Callable[[str, Input, Exception], None]) -> bool:
    try:
        _rows([worked])
    except Exception as e:
        refuse(worked.doc_id, worked.item, e)
        return False
    return True


def _finish(
    prepared: Sequence[tuple[str, Input, Prepared]],
    settings: Settings,
    work: str,
    refuse: Callable[[str, Input, Exception], None],
) -> Iterator[tuple[str, Input, DocumentResult]]:
    readable = [p for _, _, p in prepared if p.readable]
    recognised = iter(_recognise(readable, settings.model)) if readable else iter([])
    schemes = _schemes(tuple((name, str(path)) for name, path in sorted(settings.taxonomies.items())), work)
    for doc_id, item, document in prepared:
        if not document.readable:
            yield doc_id, item, DocumentResult(document)
            continue
        found = next(recognised)
        try:
            if isinstance(found, Exception):
                raise found
            spans, tokens = found
            result = finish(document, spans, tokens, schemes)
        except Exception as e:
            refuse(doc_id, item, e)
        else:
            yield doc_id, item, result


def _recognise(documents: Sequence[Prepared], model: str) -> list[tuple[list[Span], int] | Exception]:
    """Spans and tokens of each document; where the batch fails, each alone, so that one does not spoil the rest.

    A text that stands in the batch twice is read once.
    """
    recogniser = Recogniser.load(model)

    def run(some: Sequence[Prepared]) -> list[tuple[list[Span], int] | Exception]:
        once = {d.text: d.sentences for d in some}
        found = dict(zip(once, recogniser.recognise(list(once), list(once.values())), strict=True))
        return [found[d.text] for d in some]

    try:
        return run(documents)
    except Exception as e:
        return [e] if len(documents) == 1 else [_recognise([d], model)[0] for d in documents]


def _surveyed(job: Job) -> dict[str, list[int]]:
    """doc_id -> keys of its segments, as the survey of the batch found them; empty where there was none."""
    if not job.survey_file.exists():
        return {}
    with pa.memory_map(str(job.survey_file)) as file, pa.ipc.open_file(file) as reader:
        rows = reader.read_all()
    return dict(zip(rows["doc_id"].to_pylist(), rows["segments"].to_pylist(), strict=True))


def _write(rows: dict[str, pa.Table], folder: Path, refused: dict[str, list[str]], documents: int) -> list[str]:
    """Write each table with one record batch a month, documents in the order of their ids."""
    index = rows[INDEX.name]
    months = sorted(set(index[PARTITION].to_pylist()))
    month_of = dict(zip(index["doc_id"].to_pylist(), index[PARTITION].to_pylist(), strict=True))
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        for name, table in rows.items():
            of_row = pa.array([month_of[d] for d in table["doc_id"].to_pylist()], pa.string())
            groups = [table.filter(pc.equal(of_row, month)) for month in months]
            spool.write_ipc(new / f"{name}.arrow", groups, table.schema)  # plain: `merge` can read a stretch of it
        done = Done(str(folder), months, documents, refused)
        (new / DONE).write_text(json.dumps(asdict(done)), encoding="utf-8")
        new.rename(folder)
    except BaseException as e:
        shutil.rmtree(new, ignore_errors=True)
        if not (isinstance(e, OSError) and (folder / DONE).exists()):  # another worker was first, with the same rows
            raise
    return months


@lru_cache(maxsize=2)
def _evidence(path: str) -> dict[str, Evidence]:
    held: dict[str, Any] = json.loads(Path(path).read_bytes()) if path else {}
    return {source: Evidence(*(frozenset(told[kind]) for kind in EVIDENCE)) for source, told in held.items()}


@lru_cache(maxsize=2)
def _file_key(path: str) -> str:
    return identity.digest(Path(path).read_text(encoding="utf-8")) if path else ""


@lru_cache(maxsize=2)
def _schemes(named: tuple[tuple[str, str], ...], work: str) -> list[topics.Scheme]:  # noqa: ARG001 - part of the key
    """The user's taxonomies; `work`, which has the hash of each file, tells one that was edited from what it was."""
    return [topics.parse_scheme(Path(path).read_text(encoding="utf-8"), name) for name, path in named]


def _short(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {str(error)[:200]} ({Path(frame.filename).name}:{frame.lineno})"
