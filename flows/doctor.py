"""Is the warehouse sound? The data tests over all of it."""

from pathlib import Path

from flows import checks
from flows.checks import Breach
from flows.reader import Warehouse
from flows.warehouse import Store
from transforms.schema import TABLES


def check(root: Path) -> list[Breach]:
    """Every breach in the warehouse: of the data tests, and files that are missing or that nobody published.

    Raises WarehouseError where there is no warehouse, or one of another schema version.
    """
    Warehouse(root)
    store = Store(root)
    store.manifest = store.read_manifest()
    tables = {name: sorted((root / name).rglob("*.parquet")) for name in TABLES}
    found = {path.relative_to(root).as_posix() for paths in tables.values() for path in paths}
    managed = {f for f in found if not f.startswith(("runs/", "rejects/"))}
    must = "the files are those of the manifest"
    breaches = [
        Breach("manifest_files", must, f"{f} is missing") for f in sorted(store.manifest.files.keys() - managed)
    ]
    breaches += [
        Breach("manifest_files", must, f"{f} is not in it") for f in sorted(managed - store.manifest.files.keys())
    ]
    return breaches + checks.run(tables)
