"""What a run has to do: which documents are new, changed, unchanged or gone, and what made the rows that are there."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from flows import nlp
from flows.entities import read_overrides
from flows.ingest import Input
from flows.naming import source_of
from flows.rejects import Reject, RejectStore
from flows.settings import Settings
from flows.spool import Batch, Spool
from transforms.errors import RejectCode, SettingsError
from transforms.identity import digest, doc_id

CORPUS_CODE = ("aliases/", "countries.py", "name_words.py", "names.py", "spelling.py")
"""Modules that only the whole corpus is worked with; a change of theirs leaves the documents' rows be."""
FLOW_CODE = ("embeddings.py", "ingest.py", "naming.py", "ner.py", "nlp.py", "records.py", "work.py")
"""Modules of flows that decide a document's rows."""
LIBRARIES = ("charset-normalizer", "numpy", "py3langid", "python-dateutil", "spacy", "thinc")
"""Packages whose version may decide a document's row."""
CORPUS_LIBRARIES = ("anyascii", "rapidfuzz")
"""Packages whose version may decide a row of the whole corpus, and no other."""

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Versions:
    """What makes the rows."""

    project: str
    model: str
    rules: str
    """Fingerprint of code and rules."""
    work: str
    """Fingerprint of all that decides a document's rows, save the document and the footer evidence."""
    corpus: str
    """Fingerprint of all that decides the tables of the whole corpus, save the documents' rows."""


@dataclass
class Plan:
    """What a run found and has to do."""

    batches: list[Batch] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    again: int = 0
    """Those of the changed whose input is the same."""
    rejects: list[Reject] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)
    """doc_ids whose rows go: changed, or no documents any more."""
    retried: set[str] = field(default_factory=set)
    """doc_ids that were refused by an earlier run and are tried again."""
    refused: dict[str, list[str]] = field(default_factory=dict)
    """doc_id -> fields of the Reject, of refusals by an earlier run that still hold."""
    displaced: list[str] = field(default_factory=list)
    """doc_ids in whose place there is a Reject now; they are among those to `drop`."""
    gone: list[str] = field(default_factory=list)
    """doc_ids whose input was not met."""

    @property
    def seen(self) -> int:
        """Inputs met."""
        return self.new + self.changed + self.unchanged + len(self.rejects)


class Known:
    """The documents of a warehouse: 16 bytes each, and one more for whether this run met it.

    `refused`: doc_id -> the fields of the Reject that a worker made of it last time.
    """

    def __init__(self, index_files: Iterable[Path], refused: Mapping[str, list[str]]) -> None:
        self.refused = refused
        tables = [pq.read_table(file, columns=["doc_id", "content_sha256"]) for file in index_files]
        ids = [_hex64(table["doc_id"]) for table in tables]
        shas = [_hex64(pa.compute.utf8_slice_codeunits(table["content_sha256"], 0, 16)) for table in tables]
        all_ids: Keys = np.concatenate(ids) if ids else np.empty(0, np.uint64)
        order = np.argsort(all_ids)
        self.ids = all_ids[order]
        self.shas: Keys = (np.concatenate(shas) if shas else all_ids)[order]
        self.met = np.zeros(len(self.ids), np.bool_)

    def __len__(self) -> int:
        return len(self.ids)

    def position(self, doc_id: str) -> int | None:
        """Where the document is, or None."""
        key = np.uint64(int(doc_id, 16))
        at = int(np.searchsorted(self.ids, key))
        return at if at < len(self.ids) and self.ids[at] == key else None

    def same(self, position: int, sha256: str) -> bool:
        """Whether the document there has this content (by the first 64 bits of its hash)."""
        return int(self.shas[position]) == int(sha256[:16], 16)

    def refusal(self, doc_id: str, sha256: str) -> Reject | None:
        """The Reject of the same content in an earlier run, or None."""
        held = self.refused.get(doc_id)
        return Reject(*held) if held and held[1] == sha256 else None

    def displaced(self, rejects: Iterable[Reject]) -> Iterator[str]:
        """The doc_ids not met in whose place there is a Reject now: marks them as met. Without bytes it is no input
        that took the place, but one that could not be read."""
        for reject in rejects:
            identity = doc_id(reject.source or source_of(reject.uri), reject.uri)
            at = self.position(identity) if reject.content_sha256 else None
            if at is not None and not self.met[at]:
                self.met[at] = True
                yield identity

    def gone(self) -> list[str]:
        """The doc_ids not met, sorted."""
        return [f"{int(key):016x}" for key in self.ids[~self.met]]


def _hex64(column: pa.ChunkedArray) -> Keys:
    joined = bytes.fromhex("".join(column.to_pylist()))
    return np.frombuffer(joined, dtype=">u8").astype(np.uint64)


def make(
    inputs: Iterable[Input | Reject],
    known: Known,
    spool: Spool,
    store: RejectStore,
    *,
    all_again: bool,
    replaying: bool = False,
) -> Plan:
    """Read every input and spool what has to be worked. `all_again`: what is known or was refused too.

    `replaying`: the inputs are rejects of an earlier run; what is not among them is not gone, and where the warehouse
    holds another input of that uri, that one stays.
    """
    plan = Plan()
    fresh: set[int] = set()  # some 60 bytes for each new document
    for item in inputs:
        if isinstance(item, Reject):
            plan.rejects.append(item)
            continue
        identity = doc_id(item.source, item.uri)
        at = known.position(identity)
        same = at is not None and known.same(at, item.content_sha256)
        if int(identity, 16) in fresh or (at is not None and (known.met[at] or (replaying and not same))):
            detail = "another input has the same source and uri"
            plan.rejects.append(Reject(item.uri, store.keep(item.data), "plan", RejectCode.DUPLICATE_ID, detail))
            continue
        if at is not None:
            known.met[at] = True
        else:
            fresh.add(int(identity, 16))
        refusal = None if all_again or replaying else known.refusal(identity, item.content_sha256)
        if refusal:
            plan.rejects.append(refusal)
            plan.refused[identity] = known.refused[identity]
        elif same and not all_again:
            plan.unchanged += 1
        else:
            plan.again += same
            _count_work(plan, identity, known, is_known=at is not None)
            spool.add(item)
    if replaying:
        plan.refused = {} if all_again else {k: v for k, v in known.refused.items() if k not in plan.retried}
    else:
        plan.displaced = list(known.displaced(plan.rejects))
        plan.drop += plan.displaced
        plan.gone = known.gone()
    plan.batches = spool.close()
    return plan


def _count_work(plan: Plan, identity: str, known: Known, *, is_known: bool) -> None:
    """Count an input that has to be worked."""
    if identity in known.refused:
        plan.retried.add(identity)
    if is_known:
        plan.changed += 1
        plan.drop.append(identity)
    else:
        plan.new += 1


def versions(settings: Settings) -> Versions:
    """What would make the rows now. Raises SettingsError where the model is not installed or reads another language, or
    where a file that the settings name cannot be read."""
    code, corpus_code = _code()
    model = nlp.model_version(settings.model)
    nlp.check_language(settings.model, settings.model_language)
    matters = settings.model_dump(mode="json", include={"model", "model_language", "fields"}) | {
        "day_first": {name: s.day_first for name, s in sorted(settings.sources.items()) if s.day_first is not None}
    }
    taxonomies = {name: _file_hash(path) for name, path in sorted(settings.taxonomies.items())}
    work = digest(code, model, json.dumps(matters, sort_keys=True), json.dumps(taxonomies))
    told = {name: (s.cut, s.keep) for name, s in sorted(settings.sources.items())}
    named = _file_hash(settings.aliases) if settings.aliases else ""
    if settings.aliases:
        read_overrides(settings.aliases)  # what is wrong with it is said before the work, not after
    corpus = digest(corpus_code, named, json.dumps(told))
    return Versions(version("dateline"), model, digest(code, corpus_code), work, corpus)


@cache
def _code() -> tuple[str, str]:
    """Fingerprints of what decides the documents' rows, and of what only the whole corpus is worked with."""
    document, corpus = hashlib.sha256(), hashlib.sha256()
    flows = [(f"flows/{name}", files("flows").joinpath(name).read_bytes()) for name in FLOW_CODE]
    for name, data in sorted([*_sources(files("transforms"), ""), *flows]):
        target = corpus if name.startswith(CORPUS_CODE) else document
        target.update(f"{name} {len(data)}\n".encode())
        target.update(data)
    document.update(f"{_installed(LIBRARIES)} Unicode {unicodedata.unidata_version}".encode())
    corpus.update(_installed(CORPUS_LIBRARIES).encode())
    return document.hexdigest(), corpus.hexdigest()


def _installed(packages: Iterable[str]) -> str:
    return " ".join(f"{name} {version(name)}" for name in packages)


def _sources(folder: Traversable, prefix: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if not entry.name.startswith("__"):
                yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".toml", ".npz")):
            yield prefix + entry.name, entry.read_bytes()


def _file_hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as e:
        raise SettingsError(f"{path}: cannot be read ({e.strerror}); mend the path in the settings") from e
