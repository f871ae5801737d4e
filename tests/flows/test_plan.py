"""What a run decides to do; who may write; what happens where it cannot."""

import ast
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from flows import merge, nlp, plan
from flows.warehouse import Store
from tests.flows import houses
from transforms.errors import SettingsError, WarehouseError
from transforms.schema import DOCUMENT_TABLES, INDEX

ROOT = Path(__file__).parents[2]
OTHER_WORK = ("other", "other")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    files = {f"a/{i}.txt": houses.story(i, houses.FOOTERS[0]) for i in range(4)}
    return houses.write(tmp_path / "raw", files | {"b/x.jsonl": houses.record(1), "c/bad.txt": ""})


@pytest.fixture
def warehouse(raw: Path, tmp_path: Path, no_model: None) -> Path:
    houses.run(raw, tmp_path / "warehouse")
    return tmp_path / "warehouse"


def counts(row: dict[str, Any]) -> dict[str, int]:
    names = ("seen", "new", "changed", "unchanged", "removed", "missing", "reworked", "rejected")
    return {name: row[name] for name in names if row[name]}


def test_other_work_is_done_on_every_document(
    raw: Path, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on those whose input is gone, and on what was refused."""
    (raw / "a/0.txt").unlink()
    (raw / "b/x.jsonl").unlink()
    before = houses.files(warehouse)
    monkeypatch.setattr(plan, "_code", lambda: OTHER_WORK)
    row = houses.run(raw, warehouse)
    assert counts(row) == {"seen": 4, "changed": 3, "missing": 2, "reworked": 5, "rejected": 1}
    assert houses.files(warehouse) != before
    assert len({row["fingerprint"] for row in houses.rows(warehouse, "documents")}) == 2  # with the footer and without
    houses.write(raw, {"a/0.txt": houses.story(0, houses.FOOTERS[0]), "b/x.jsonl": houses.record(1)})
    assert counts(houses.run(raw, warehouse)) == {"seen": 6, "unchanged": 5, "rejected": 1}
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")


@pytest.mark.parametrize(
    "settings",
    [
        {"model_language": "de"},
        {"fields": {"title": "headline"}},
        {"sources": {"a": {"day_first": True}}},
    ],
)
def test_a_setting_that_matters_is_other_work(
    raw: Path, warehouse: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nlp, "check_language", lambda *_: None)  # of German there is no model here
    assert houses.run(raw, warehouse, **settings)["changed"] == 5
    assert houses.run(raw, warehouse, **settings)["unchanged"] == 5


@pytest.mark.parametrize(
    "settings", [{"workers": 3}, {"batch_documents": 2}, {"max_reject_rate": 0.9}, {"max_document_mb": 3}]
)
def test_a_setting_that_does_not_matter_is_not(raw: Path, warehouse: Path, settings: dict[str, Any]) -> None:
    assert houses.run(raw, warehouse, **settings)["unchanged"] == 5


def test_a_segment_that_the_settings_cut_or_keep(raw: Path, warehouse: Path, tmp_path: Path) -> None:
    """Only documents that have it are worked again: also where too few have it to be listed as a footer."""
    footers = {row["segment"]: row["verdict"] for row in houses.rows(warehouse, "footers")}
    [segment] = [segment for segment, verdict in footers.items() if verdict == "cut"]
    alone = "the gulls of lima have no say in this at all"
    houses.write(raw, {"a/9.txt": houses.story(9, "The gulls of Lima have no say in this at all.")})
    houses.run(raw, warehouse)
    for told, reworked in ({"keep": [segment]}, 4), ({"cut": [segment]}, 4), ({"cut": [segment, alone]}, 1), ({}, 5):
        settings = {"sources": {"a": told}}
        row = houses.run(raw, warehouse, **settings)
        assert counts(row) == {"seen": 7, "unchanged": 6, "rejected": 1, "reworked": reworked}
        houses.run(raw, tmp_path / f"once-{told}", **settings)
        assert houses.files(warehouse) == houses.files(tmp_path / f"once-{told}")


def test_a_segment_may_be_named_as_the_text_has_it(raw: Path, tmp_path: Path, no_model: None) -> None:
    for number, told in enumerate(("Visit our website for more stories.", "visit our website for more stories")):
        houses.write(raw, {f"c/{n}.txt": houses.story(20 + n, "Visit our website for more stories.") for n in range(4)})
        for kind, verdict in ("keep", "forbidden"), ("cut", "forced"):
            made = tmp_path / f"{kind}{number}"
            houses.run(raw, made, sources={"c": {kind: [told]}})
            footers = {row["segment"]: row["verdict"] for row in houses.rows(made, "footers")}
            assert footers["visit our website for more stories"] == verdict
            texts = [row["text"] for row in houses.rows(made, "documents") if row["source"] == "c"]
            assert all(("Visit our" in text) == (kind == "keep") for text in texts)


def test_a_warehouse_of_nothing_has_tables_that_can_be_read(raw: Path, tmp_path: Path, no_model: None) -> None:
    nothing, made = tmp_path / "nothing", tmp_path / "made"
    nothing.mkdir()
    assert counts(houses.run(nothing, made)) == {}
    assert counts(houses.run(nothing, made)) == {}
    for table in set(DOCUMENT_TABLES) - {INDEX}:
        frame = pd.read_parquet(made / table.name)
        assert frame.empty
        assert set(frame.columns) == {*table.names, "published_month"}
    empty = houses.files(made)
    houses.run(raw, made)
    houses.run(raw, tmp_path / "once")
    assert houses.files(made) == houses.files(tmp_path / "once")
    houses.run(nothing, made, prune=True)
    assert houses.files(made) == empty


def test_other_aliases_leave_the_documents_be(raw: Path, warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text("name,label,entity\nMaria Hale,PERSON,Q1\nOlga Brandt,PERSON,Q1\n", "utf-8")
    before = houses.files(warehouse)
    row = houses.run(raw, warehouse, aliases=tmp_path / "aliases.csv")
    assert counts(row) == {"seen": 6, "unchanged": 5, "rejected": 1}
    after = houses.files(warehouse)
    other = {name for name in after if after[name] != before[name]}
    assert other <= {"aliases/part-0000.parquet", "entities/part-0000.parquet"}
    with pytest.raises(SettingsError, match=r"none\.csv: cannot be read"):
        houses.run(raw, warehouse, aliases=tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("content", "told"),
    [("name,label,entity\nJosé,PERSON,Q1\n".encode("latin-1"), r"aliases\.csv: is not UTF-8 \(at byte 21\)"),
     (b"name,label,entity\nMaria Hale,PERSN,Q1\n", "unknown label 'PERSN'")],
)  # fmt: skip
def test_an_alias_file_is_looked_at_before_any_work(raw: Path, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "aliases.csv").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SettingsError, match=told):
        patch.setattr(plan, "make", None)
        houses.run(raw, tmp_path / "new", aliases=tmp_path / "aliases.csv")


def test_prune(raw: Path, warehouse: Path, tmp_path: Path) -> None:
    (raw / "a/0.txt").unlink()
    (raw / "b/x.jsonl").unlink()
    assert counts(houses.run(raw, warehouse)) == {"seen": 4, "unchanged": 3, "missing": 2, "rejected": 1}
    assert len(houses.uris(warehouse)) == 5
    row = houses.run(raw, warehouse, prune=True)
    assert counts(row) == {"seen": 4, "unchanged": 3, "removed": 2, "rejected": 1}
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")


def test_one_file_as_raw_prunes_none_of_another(raw: Path, warehouse: Path, tmp_path: Path) -> None:
    """Each input but that file would be gone; the records that are gone from it are pruned."""
    before = houses.files(warehouse)
    with pytest.raises(
        SettingsError, match=r"1\.txt: is one file, and --prune would drop 5 documents that are not of it"
    ):
        houses.run(raw / "a/1.txt", warehouse, prune=True)
    assert houses.files(warehouse) == before
    one = houses.write(tmp_path / "one", {"x.jsonl": f"{houses.record(1)}\n{houses.record(2)}"}) / "x.jsonl"
    houses.run(one, tmp_path / "of_one")
    one.write_text(houses.record(2))
    assert counts(houses.run(one, tmp_path / "of_one", prune=True)) == {"seen": 1, "unchanged": 1, "removed": 1}


@pytest.mark.parametrize(
    ("file", "told"),
    [("x.jsonl", {"id": "1"}), ("x.jsonl", {"id": "https://e.org/1"}), ("x#y.jsonl", {"id": "https://e.org/1#2"}),
     ("a#b/x.jsonl", {"id": "1"}), ("b/x.jsonl", {"id": "1", "source": "wire"}), ("x.jsonl", {"id": None})],
)  # fmt: skip
@pytest.mark.parametrize("broken", [{"text": 5}, {"text": "Rain. " * 9_000}])
def test_a_record_that_is_refused_leaves_no_old_row(
    tmp_path: Path, no_model: None, file: str, told: dict[str, str], broken: dict[str, Any]
) -> None:
    """Whatever its id looks like, and whatever source it states; nothing is pruned."""
    raw = houses.write(tmp_path / "raw", {file: f"{houses.record(1, **told)}\n{houses.record(2)}"})
    houses.run(raw, tmp_path / "warehouse", max_document_mb=0.05)
    houses.write(raw, {file: f"{houses.record(1, **told, **broken)}\n{houses.record(2)}"})
    row = houses.run(raw, tmp_path / "warehouse", max_document_mb=0.05)
    is_named = told["id"] is None or broken["text"] == 5  # the id of a line that is too long is not read
    assert counts(row) == {"seen": 2, "unchanged": 1, "rejected": 1} | ({"removed": 1} if is_named else {"missing": 1})
    assert houses.uris(tmp_path / "warehouse") == {f"{file}#r2"} | (set() if is_named else {f"{file}#{told['id']}"})


def test_an_empty_raw_and_back(raw: Path, tmp_path: Path, no_model: None) -> None:
    empty, warehouse = tmp_path / "empty", tmp_path / "warehouse"
    empty.mkdir()
    assert counts(houses.run(empty, warehouse)) == {}
    assert counts(houses.run(empty, warehouse)) == {}
    assert houses.run(raw, warehouse)["new"] == 5
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")
    assert counts(houses.run(empty, warehouse, prune=True)) == {"removed": 5}
    assert houses.rows(warehouse, "documents") == []
    bad = houses.write(tmp_path / "bad", {"x.txt": "", "y.txt": b"\0" * 99})
    assert counts(houses.run(bad, warehouse)) == {"seen": 2, "rejected": 2}
    assert houses.run(raw, warehouse)["new"] == 5


def test_rebuild(raw: Path, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (raw / "a/0.txt").unlink()
    monkeypatch.setattr(merge, "PART_CHARS", 5_000)
    assert counts(houses.run(raw, warehouse, rebuild=True)) == {"seen": 5, "new": 4, "rejected": 1}
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")
    assert len(houses.rows(warehouse, "runs")) == 2


@pytest.mark.parametrize("harm", ["manifest", "journal", "part", "lost part", "version"])
def test_a_damaged_or_older_warehouse_is_refused_with_what_helps(
    raw: Path, warehouse: Path, tmp_path: Path, harm: str
) -> None:
    path = next((warehouse / "_index").rglob("*.parquet"))
    if harm == "manifest":
        (warehouse / "_manifest.json").write_text("{", encoding="utf-8")
    elif harm == "journal":
        (warehouse / "_journal.json").write_text('{"steps": [["_staging/x", "dates/x"]], "manifest": null}', "utf-8")
    elif harm == "part":
        path.write_bytes(b"PAR1 no more")
    elif harm == "lost part":
        path.unlink()
    else:
        held = json.loads((warehouse / "_manifest.json").read_text(encoding="utf-8"))
        (warehouse / "_manifest.json").write_text(json.dumps(held | {"schema_version": "0"}), encoding="utf-8")
        for old in warehouse.glob("runs/*.parquet"):  # as an older version may have written it
            pq.write_table(pq.read_table(old, partitioning=None).select(["run_id"]), old)
    houses.write(raw, {"a/7.txt": houses.story(7)})
    with pytest.raises(WarehouseError) as refused:
        houses.run(raw, warehouse)
    assert "\n" not in str(refused.value)
    if harm in ("manifest", "journal", "version"):
        assert "`dateline run --rebuild`" in str(refused.value)
    houses.run(raw, warehouse, rebuild=True)
    houses.run(raw, tmp_path / "once")
    assert houses.files(warehouse) == houses.files(tmp_path / "once")
    assert len(houses.rows(warehouse, "runs")) >= 1


def test_a_failed_rebuild_leaves_an_older_warehouse_as_it_is(
    raw: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = (warehouse / "_manifest.json").read_text(encoding="utf-8")
    manifest = manifest.replace('"schema_version": "1"', '"schema_version": "0"')
    (warehouse / "_manifest.json").write_text(manifest, encoding="utf-8")
    before = houses.files(warehouse)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(merge, "write_table", fail)
    with pytest.raises(WarehouseError, match="No space"):
        houses.run(raw, warehouse, rebuild=True)
    assert (warehouse / "_manifest.json").read_text(encoding="utf-8") == manifest
    assert houses.files(warehouse) == before


def test_a_run_over_its_reject_limit_publishes_nothing(raw: Path, warehouse: Path, tmp_path: Path) -> None:
    before = houses.files(warehouse)
    houses.write(raw, {"c/worse.txt": "", "c/good.txt": houses.story(8)})
    with pytest.raises(WarehouseError, match=r"2 of 8 inputs were rejected, more than max_reject_rate 0\.2"):
        houses.run(raw, warehouse, max_reject_rate=0.2)
    assert houses.files(warehouse) == before
    last = houses.rows(warehouse, "runs")[-1]
    assert (last["status"], last["seen"], last["rejected"]) == ("failed", 8, 2)
    assert "max_reject_rate" in last["error"]
    assert set(houses.rejected(warehouse, last["run_id"])) == {"c/bad.txt", "c/worse.txt"}
    assert houses.run(raw, warehouse, max_reject_rate=0.25)["new"] == 1


def test_a_first_run_that_fails_can_be_asked_why(raw: Path, tmp_path: Path, no_model: None) -> None:
    warehouse = tmp_path / "warehouse"
    with pytest.raises(WarehouseError):
        houses.run(raw, warehouse, max_reject_rate=0)
    [row] = houses.rows(warehouse, "runs")
    assert houses.rejected(warehouse, row["run_id"]) == {"c/bad.txt": "empty"}
    assert (warehouse / "_manifest.json").exists()
    assert houses.run(raw, warehouse)["new"] == 5


def test_a_bug_of_ours_is_one_line_and_leaves_a_row(
    raw: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("what\nnow")

    houses.write(raw, {"a/7.txt": houses.story(7)})
    monkeypatch.setattr(merge, "write_table", bug)
    with pytest.raises(WarehouseError, match="ZeroDivisionError: what now; nothing new was published"):
        houses.run(raw, warehouse)
    assert houses.rows(warehouse, "runs")[-1]["status"] == "failed"


def test_rows_that_fail_a_data_test_are_not_published(
    raw: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = houses.files(warehouse)
    houses.write(raw, {"a/7.txt": houses.story(7)})
    monkeypatch.setattr("transforms.tables.OffsetMap.raw_end", lambda self, end: 10**6)
    with pytest.raises(WarehouseError, match="fail a data test"):
        houses.run(raw, warehouse)
    assert houses.files(warehouse) == before


def test_a_lock_is_free_when_its_holder_died(raw: Path, warehouse: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from flows.warehouse import Store\n"
        "with Store(Path(sys.argv[1])).writing(): print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(warehouse)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        with pytest.raises(WarehouseError, match=f"process {child.pid} on .* is writing to it; wait"):
            houses.run(raw, warehouse)
        assert (Store(warehouse).holder() or {})["pid"] == child.pid
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(30)
        assert child.stdout
        child.stdout.close()
    assert houses.run(raw, warehouse)["unchanged"] == 5
    assert Store(warehouse).holder() is None


def test_readers_never_wait(raw: Path, warehouse: Path) -> None:
    with Store(warehouse).writing(), (warehouse / "_lock").open() as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert len(houses.rows(warehouse, "documents")) == 5


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A file system of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "dateline-test", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a file system takes root's rights")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(raw: Path, tmp_path: Path, small_disk: Path, no_model: None) -> None:
    warehouse = small_disk / "warehouse"
    houses.run(raw, warehouse)
    before = houses.files(warehouse)
    houses.write(raw, {f"d/{i}.txt": os.urandom(20_000).hex() + houses.story(i) for i in range(60)})
    with pytest.raises(WarehouseError, match="No space left on device"):
        houses.run(raw, warehouse)
    assert houses.files(warehouse) == before
    for path in (raw / "d").iterdir():
        path.unlink()
    houses.write(raw, {"a/8.txt": houses.story(8)})
    assert houses.run(raw, warehouse)["new"] == 1


def test_a_read_only_warehouse(raw: Path, small_disk: Path, no_model: None) -> None:
    warehouse = small_disk / "warehouse"
    houses.run(raw, warehouse)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(WarehouseError, match=r"warehouse.*: (cannot be written \()?Read-only file system"):
        houses.run(raw, warehouse)
    with pytest.raises(WarehouseError, match="Read-only file system"):
        houses.run(raw, small_disk / "new")
    assert len(houses.uris(warehouse)) == 5


def test_a_warehouse_that_is_a_file(raw: Path, no_model: None) -> None:
    with pytest.raises(WarehouseError, match="cannot be written"):
        houses.run(raw, raw / "a/0.txt")


def test_nothing_new_imports_neither_nlp_nor_prefect(raw: Path, warehouse: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from flows import launch, plan; from flows.settings import Settings\n"
        "plan._code = lambda: tuple(sys.argv[3:])\n"  # of the parent, whose sources may have changed since it read them
        "row = launch.run(Settings(raw=Path(sys.argv[1]), warehouse=Path(sys.argv[2])), lambda *told: None)\n"
        "heavy = {'spacy', 'thinc', 'prefect', 'torch', 'fastapi', 'wordfreq'} & set(sys.modules)\n"
        "sys.exit(f'{row[\"unchanged\"]} unchanged, imported {sorted(heavy)}')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(raw), str(warehouse), *plan._code()], cwd=ROOT, check=False,
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    assert done.stderr.strip() == "5 unchanged, imported []"


def closure(module: str) -> set[str]:
    """The modules of transforms that a module imports, and those that they import."""
    found: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        path = ROOT / name.replace(".", "/")
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name in found or not name.startswith("transforms") or not file.exists():
            continue
        found.add(name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                todo += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def test_what_only_the_corpus_is_worked_with_is_not_used_on_documents() -> None:
    """A change of it does not work the documents again: so no stage of a document may depend on it."""
    document = {name.removeprefix("transforms.").replace(".", "/") + ".py" for name in closure("transforms.document")}
    assert "entities/names.py" in document
    assert not [name for name in document if name.startswith(plan.CORPUS_CODE)]
    sources = [name for name, _ in plan._sources(plan.files("transforms"), "")]
    assert all(any(name.startswith(prefix) for name in sources) for prefix in plan.CORPUS_CODE)


PACKAGES = {"charset_normalizer": "charset-normalizer", "dateutil": "python-dateutil"}
"""Module -> package, where the names differ."""


def imported(paths: Iterable[Path]) -> set[str]:
    """The packages that are not Python's own which modules import, ours left out."""
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return {PACKAGES.get(name, name) for name in found - sys.stdlib_module_names - {"flows", "transforms"}}


def test_the_version_of_every_library_that_decides_rows_is_in_the_fingerprint() -> None:
    """Libraries that hold and hand on values, and decide none, are named here."""
    modules = {path.relative_to(ROOT / "transforms").as_posix(): path for path in ROOT.glob("transforms/**/*.py")}
    corpus = {path for name, path in modules.items() if name.startswith(plan.CORPUS_CODE)}
    document = {*modules.values(), *(ROOT / "flows" / name for name in plan.FLOW_CODE)} - corpus
    assert imported(document) - {"orjson", "pyarrow", "threadpoolctl"} == set(plan.LIBRARIES)
    assert imported(corpus) - set(plan.LIBRARIES) == set(plan.CORPUS_LIBRARIES)


@pytest.mark.parametrize(("library", "other"), [("python-dateutil", (True, False)), ("rapidfuzz", (False, True))])
def test_another_version_of_a_library_is_other_work(
    library: str, other: tuple[bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the documents, or of the corpus alone."""
    code = plan._code.__wrapped__
    before = code()
    real = plan.version
    monkeypatch.setattr(plan, "version", lambda name: "0" if name == library else real(name))
    after = code()
    assert (before[0] != after[0], before[1] != after[1]) == other
