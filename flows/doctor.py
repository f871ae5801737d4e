"""Is the installation sound, and the warehouse? `dateline doctor`, and the data tests of `dateline check`."""

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from packaging.requirements import Requirement
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from upath import UPath

from flows import catalog, checks, nlp
from flows.checks import Breach
from flows.places import local, remote
from flows.reader import Warehouse
from flows.remote import open_store
from flows.settings import Settings
from flows.surroundings import outside
from flows.warehouse import JOURNAL, LOCK, MANIFEST, Store, named
from transforms.errors import DatelineError, WarehouseError
from transforms.schema import TABLES

NAMED = ("prefect", "fastapi", "sqlalchemy", "spacy", "pandas", "pyarrow", "duckdb")
"""Packages whose versions are shown whether or not they are amiss."""
ROOM = 1_000_000_000
"""Free bytes below which a run is likely to fail."""
PATIENCE = 3.0
"""Seconds to wait for a Prefect server."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    sound: bool
    detail: str


def show(settings: Settings, console: Console | None = None) -> bool:
    """Print what was found, in one screen; returns whether all of it is sound."""
    found = [finding for look in LOOKS for finding in _found(look, settings)]
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    for finding in found:
        mark = Text("ok", style="green") if finding.sound else Text("amiss", style="bold red")
        table.add_row(mark, finding.what, Text(finding.detail))
    (console or Console()).print(table)
    return all(finding.sound for finding in found)


def _found(look: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    """What a look finds; where it cannot look, that."""
    try:
        yield from look(settings)
    except Exception as e:
        yield Finding(look.__name__.strip("_"), False, outside(e) or f"{type(e).__name__}: {' '.join(str(e).split())}")


def _python(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001 - all looks are called alike
    """Versions of Python and of every package, against what pyproject.toml asks for."""
    yield Finding("versions", True, f"Dateline {version('dateline')}, Python {platform.python_version()}")
    named: list[str] = []
    for line in requires("dateline") or []:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            held = version(wanted.name)
        except PackageNotFoundError:
            yield Finding("packages", False, f"{wanted.name} is not installed; pip install -r requirements.lock")
            continue
        if not wanted.specifier.contains(held, prereleases=True):
            yield Finding("packages", False, f"{wanted.name} {held}, not {wanted.specifier}; see requirements.lock")
        elif wanted.name in NAMED:
            named.append(f"{wanted.name} {held}")
    yield Finding("packages", True, ", ".join(named))


def _model(settings: Settings) -> Iterator[Finding]:
    """Whether the model loads and finds names."""
    try:
        nlp.Recogniser.load(settings.model)
        yield Finding("model", True, f"{nlp.model_version(settings.model)}, loads")
    except DatelineError as e:
        yield Finding("model", False, str(e))


def _server(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """Whether the Prefect server that the environment names answers."""
    url = os.environ.get("PREFECT_API_URL")
    if url is None:
        yield Finding("server", True, "its own for each run (PREFECT_API_URL is not set)")
        return
    try:
        with urlopen(f"{url}/health", timeout=PATIENCE):  # noqa: S310 - the user's own setting
            yield Finding("server", True, f"{url} answers")
    except (URLError, OSError, ValueError) as e:
        yield Finding("server", False, f"{url} does not answer ({e}); start it, or unset PREFECT_API_URL")


def _raw(settings: Settings) -> Iterator[Finding]:
    there = settings.raw.exists()
    yield Finding("raw", there, f"{settings.raw}" if there else f"{settings.raw}: there is no such folder or file")


def _warehouse(settings: Settings) -> Iterator[Finding]:
    """What the warehouse holds and how its last run ended."""
    root = settings.warehouse
    if not (root / MANIFEST).exists():
        yield Finding("warehouse", True, f"{root}: none yet; `dateline run` makes it")
        return
    try:
        manifest = open_store(root).read_manifest()
        documents = sum(rows for file, rows in manifest.files.items() if file.startswith("documents/"))
        detail = f"{root}: schema {manifest.schema_version}, {documents:,} documents, {len(manifest.files):,} files"
        yield Finding("warehouse", True, detail + (", a publish to finish" if (root / JOURNAL).exists() else ""))
        with closing(catalog.connect(root)) as con:
            for run in catalog.rows(con, "SELECT run_id, status, error FROM runs ORDER BY run_id DESC LIMIT 1"):
                error = f": {run['error']}" if run["error"] else ""
                yield Finding("last run", run["status"] == "done", f"{run['run_id']} {run['status']}{error}")
    except DatelineError as e:
        yield Finding("warehouse", False, str(e))


def _lock(settings: Settings) -> Iterator[Finding]:
    """Whether a run is writing. The lock is the system's: one whose process is gone is free."""
    root = settings.warehouse
    try:
        held = open_store(root).holder()
        yield Finding("lock", True, "free" if held is None else f"held: {named(held)} is writing")
    except OSError as e:
        yield Finding("lock", False, f"{root / LOCK}: {e.strerror or e}; mend the rights of the folder")


def _disk(settings: Settings) -> Iterator[Finding]:
    """Room for a run: it writes what it replaces beside it before it deletes anything."""
    url = remote(settings.warehouse)
    folder = (Path(tempfile.gettempdir()) if url else local(settings.warehouse)).resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    held = url.fs.du(url.path) if url else sum(f.stat().st_size for f in settings.warehouse.rglob("*") if f.is_file())
    room = free > max(ROOM, held)
    yield Finding("disk", room, f"{free / 1e9:.1f} GB free; the warehouse takes {held / 1e9:.3f} GB")


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python, _model, _server, _raw, _warehouse, _lock, _disk,
)  # fmt: skip


def check(root: Path | UPath) -> list[Breach]:
    """Every breach in the warehouse: of the data tests, and files that are missing or that nobody published.

    Raises WarehouseError where there is no warehouse, one of another schema version, or one that a run is publishing
    to or was killed at it: its files are those of two runs.
    """
    Warehouse(root)
    store = open_store(root)
    store.unfinished()
    store.manifest = store.read_manifest()
    breaches = _breaches(store)
    if breaches:  # or did a run publish meanwhile?
        store.unfinished()
        if store.read_manifest() != store.manifest:
            raise WarehouseError(f"{root}: a run published while it was checked; check again")
    return breaches


def _breaches(store: Store) -> list[Breach]:
    listed = {name: store.listed(table) for name, table in TABLES.items()}
    managed = {file for name, files in listed.items() if TABLES[name].deterministic for file in files}
    held = store.manifest.files.keys()
    must = "the files are those of the manifest"
    breaches = [Breach("manifest_files", must, f"{file} is missing") for file in sorted(held - managed)]
    breaches += [Breach("manifest_files", must, f"{file} is not in it") for file in sorted(managed - held)]
    return breaches + checks.run({name: store.paths(files) for name, files in listed.items()})
