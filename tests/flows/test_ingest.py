"""Hostile input: each gives rows, a reject, or one clear error, in bounded memory; nothing else in the run suffers."""

import gzip
import json
import os
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pytest

from flows import ingest, launch, pipeline, work
from flows.ingest import Input, Reader, discover
from flows.rejects import Reject, RejectStore
from flows.settings import Settings
from tests.flows import houses
from transforms.errors import DatelineError, SettingsError, WarehouseError

GOOD = houses.story(1)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return houses.write(tmp_path / "raw", {"good/1.txt": GOOD})


def read(raw: Path, **settings: Any) -> dict[str, Input | Reject]:
    """uri -> what became of it; each uri once."""
    chosen = Settings(raw=raw, warehouse=raw.parent / "warehouse", **settings)
    items = list(Reader(chosen, RejectStore(raw.parent / "warehouse" / "_rejects")).inputs())
    found = {item.uri: item for item in items}
    assert len(found) == len(items)
    return found


def codes(raw: Path, **settings: Any) -> dict[str, str]:
    """uri -> the code of its reject, or `input`."""
    return {uri: item.code if isinstance(item, Reject) else "input" for uri, item in read(raw, **settings).items()}


LINE = json.dumps({"text": GOOD, "id": "ok"}).encode()
CASES: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "blanks.txt": (b" \n\t \r\n\xc2\xa0 ", "empty"),
    "mark-only.txt": (b"\xef\xbb\xbf", "empty"),
    "nul.txt": (b"\0" * 5_000, "not_text"),
    "a-few-nuls.txt": (GOOD.encode() + b"\0\0", "document"),
    "random.txt": (bytes((i * 197 + i // 7 * 31) % 256 for i in range(4_000)), "not_text"),
    "latin.txt": (("Café à Genève, où le maire a dit que non. " * 9).encode("cp1252"), "document"),
    "utf16.txt": (GOOD.encode("utf-16"), "document"),
    "utf32.txt": (GOOD.encode("utf-32"), "document"),
    "broken-utf8.txt": ("日本の首相は火曜日に述べた。".encode() * 9 + b"\xe3\x81", "undecodable"),
    "surrogate.txt": (b"\xed\xa0\x80" + GOOD.encode(), "undecodable"),
    "right-to-left.txt": (("قال رئيس الوزراء يوم الثلاثاء إن العمل يبدأ.\u200f\u202e " * 9).encode(), "document"),
    "emoji.txt": (("👩‍👩‍👧‍👦🏳️‍🌈 Rain fell on Oslo. " * 9).encode(), "document"),
    "combining.txt": (("e" + "\u0301" * 50 + " rain ") .encode() * 40, "document"),
    "no-spaces.txt": (b"a" * 300_000, "document"),
    "newlines.txt": (b"\n" * 100_000 + b"Rain.", "document"),
    "crlf.txt": (GOOD.replace("\n", "\r\n").encode(), "document"),
    "half.txt.gz": (gzip.compress(GOOD.encode() * 50)[:200], "corrupt_archive"),
    "no.txt.gz": (b"plain text, no archive", "corrupt_archive"),
    "nothing.txt.gz": (b"", "empty"),
    "padded.txt.gz": (gzip.compress(GOOD.encode()) + bytes(700), "document"),
    "trailed.txt.gz": (gzip.compress(GOOD.encode()) + b"and more", "corrupt_archive"),
    "flipped.txt.gz": (gzip.compress(GOOD.encode() * 50)[:-8] + bytes(8), "corrupt_archive"),
    "two-members.txt.gz": (gzip.compress(b"Rain fell on ") + gzip.compress(b"Oslo and Turin."), "document"),
    "garbage.txt.zst": (b"\x28\xb5\x2f\xfd" + b"\x99" * 30, "corrupt_archive"),
    "picture.jpg": (b"\xff\xd8\xff\xe0", "unknown_format"),
    "noextension": (b"Rain.", "unknown_format"),
}  # fmt: skip


def test_every_kind_of_bytes_gives_a_document_or_a_reject(raw: Path, tmp_path: Path, no_model: None) -> None:
    houses.write(raw, {f"odd/{name}": data for name, (data, _) in CASES.items()})
    row = houses.run(raw, tmp_path / "warehouse")
    assert houses.accounted(row)
    assert row["seen"] == len(CASES) + 1
    got = dict.fromkeys(houses.uris(tmp_path / "warehouse"), "document")
    got |= houses.rejected(tmp_path / "warehouse", row["run_id"])
    assert got == {f"odd/{name}": outcome for name, (_, outcome) in CASES.items()} | {"good/1.txt": "document"}


RECORDS: dict[bytes, str] = {
    b"{": "bad_json",
    b"[1, 2]": "bad_json",
    b"null": "bad_json",
    b'"text"': "bad_json",
    b"\xff\xfe\x00": "bad_json",
    b"[" * 100_000: "bad_json",
    b'{"text": "Rain.", "deep": ' + b"[" * 400 + b"]" * 400 + b"}": "bad_field",
    b'{"text": "Rain.", "big": NaN, "bigger": ' + b"9" * 30 + b"}": "bad_field",
    b'{"text": "Rain.", "big": ' + b"9" * 5_000 + b', "n": NaN}': "bad_json",
    b'{"text": "Rain.", "title": "\\ud800"}': "bad_field",
    b'{"text": "Rain.", "id": "\\udfff"}': "bad_field",
    b'{"text": "Rain.", "source": "\\udfff"}': "bad_field",
    b'{"text": "Rain.", "\\ud800": 1}': "bad_field",
    b'{"text": "Rain \\ud800."}': "undecodable",
    b'{"text": "Rain fell on Oslo.", "note": NaN}': "document",
    b'{"text": ""}': "empty",
    b'{"text": null}': "no_text_field",
    b'{"text": 5}': "no_text_field",
    b'{"body": "Rain."}': "no_text_field",
    b'{"text": "Rain.", "source": ["a"]}': "bad_field",
    b'{"text": "Rain.", "published_on": "soon"}': "bad_field",
    b'{"text": "Rain.", "published_on": {"a": 1}}': "bad_field",
    b'{"text": "Rain.", "published_on": 99999999999999999}': "bad_field",
    b'{"text": "Rain.", "title": {"a": 1}}': "bad_field",
    b'{"text": "Rain fell on Oslo.", "id": {"a": [1]}}': "bad_field",
    b'{"text": "Rain fell on Oslo.", "id": "L1\\n#?/ \\u0000"}': "document",
    b'{"text": "Rain fell on Oslo.", "text_in_file": 3, "source": ""}': "document",
    b'{"text": "Rain fell on Oslo.", "text": "Snow fell on Oslo."}': "document",
}


def test_bad_records_among_good_ones(raw: Path, tmp_path: Path, no_model: None) -> None:
    lines = [part for line in RECORDS for part in (line, b"", b"  ")]
    houses.write(raw, {"b/x.jsonl": b"\xef\xbb\xbf" + LINE + b"\n" + b"\n".join(lines) + b"\n\n" + LINE})
    row = houses.run(raw, tmp_path / "warehouse")
    assert houses.accounted(row)
    assert row["seen"] == 1 + len(RECORDS) + 2
    rejects = houses.rows(tmp_path / "warehouse", "rejects")
    kept = {r["content_sha256"]: (tmp_path / "warehouse/_rejects" / r["content_sha256"]).read_bytes() for r in rejects}
    wanted = {line: code for line, code in RECORDS.items() if code != "document"} | {LINE: "duplicate_id"}
    assert {kept[r["content_sha256"]]: r["code"] for r in rejects} == wanted


def test_duplicate_ids(raw: Path) -> None:
    lines = [{"id": 1, "text": "a"}, {"id": "1", "text": "b"}, {"text": "c"}, {"id": "L3", "text": "d"}, {"id": "L6"},
             {"text": "e"}, {"id": "L6", "text": 2}]  # fmt: skip
    houses.write(raw, {"b/x.jsonl": "\n".join(map(json.dumps, lines))})
    items = Reader(Settings(raw=raw), RejectStore(raw.parent / "rejects")).inputs()
    found = [(item.uri.rpartition("#")[2], getattr(item, "code", "input")) for item in items if "#" in item.uri]
    assert found == [("1", "input"), ("L2", "duplicate_id"), ("L3", "input"), ("L4", "duplicate_id"),
                     ("L6", "no_text_field"), ("L6", "duplicate_id"), ("L7", "duplicate_id")]  # fmt: skip


def test_what_collided_is_told(raw: Path) -> None:
    """A line without an id is called by its number, which another line may have as its id."""
    lines = [
        {"text": "a"},
        {"id": "L1", "text": "b"},
        {"id": "L4", "text": "c"},
        {"text": "d"},
        {"id": "L4", "text": "e"},
    ]
    houses.write(raw, {"b/x.jsonl": "\n".join(map(json.dumps, lines))})
    items = Reader(Settings(raw=raw), RejectStore(raw.parent / "rejects")).inputs()
    assert [item.detail for item in items if isinstance(item, Reject)] == [
        "line 2: its id is 'L1'; line 1 has no id and is called so",
        "line 4: it has no id and is called 'L4', an id met before in this file",
        "line 5: the id 'L4' was met before in this file",
    ]


@pytest.mark.parametrize("given", [True, False, ["x"], {"x": 1}])
def test_an_id_that_is_neither_a_string_nor_a_number_is_refused(raw: Path, given: Any) -> None:
    houses.write(raw, {"b/x.jsonl": json.dumps({"id": given, "text": "Rain."})})
    items = Reader(Settings(raw=raw), RejectStore(raw.parent / "rejects")).inputs()
    [reject] = [item for item in items if isinstance(item, Reject)]
    assert (reject.uri, reject.code) == ("b/x.jsonl#L1", "bad_field")
    assert reject.detail == f"id: {type(given).__name__} instead of a string or a number"


def test_rejects_of_one_uri_are_told_apart(raw: Path, tmp_path: Path, no_model: None) -> None:
    houses.write(raw, {"b/x.jsonl": '{"id": "L2"}\n{'})
    row = houses.run(raw, tmp_path / "warehouse")
    found = [(r["reject"], r["uri"], r["code"]) for r in houses.rows(tmp_path / "warehouse", "rejects")]
    assert sorted(found) == [(1, "b/x.jsonl#L2", "no_text_field"), (2, "b/x.jsonl#L2", "bad_json")]
    assert row["rejected"] == 2


def test_what_is_passed_over(raw: Path) -> None:
    for name in (".hidden.txt", "_draft.txt", "README", "readme.md", "ReadMe.txt", ".git/a.txt", "a/_b.txt"):
        houses.write(raw, {name: "Rain."})
    houses.write(raw, {"_folder/a.txt": "Rain.", "a/readme-first.txt": "Rain.", "a/x_.txt": "Rain."})
    assert read(raw).keys() == {"good/1.txt", "_folder/a.txt", "a/readme-first.txt", "a/x_.txt"}


def test_a_warehouse_below_raw_is_no_input(raw: Path, no_model: None) -> None:
    houses.run(raw, raw / "warehouse")
    row = houses.run(raw, raw / "warehouse")
    assert (row["seen"], row["unchanged"]) == (1, 1)


def test_a_raw_in_the_warehouse_is_an_error(raw: Path, tmp_path: Path, no_model: None) -> None:
    """Its tables and its own rejects would be inputs of the next run."""
    (tmp_path / "link").symlink_to(raw)
    for warehouse in (raw, raw.parent, tmp_path / "link", raw / "good/.."):
        with pytest.raises(SettingsError, match=f"{raw}: is in the warehouse"):
            launch.run(Settings(raw=raw, warehouse=warehouse), pipeline.quiet)
        with pytest.raises(SettingsError, match="is in the warehouse"):
            list(Reader(Settings(raw=raw / "good/1.txt", warehouse=warehouse), RejectStore(tmp_path / "r")).inputs())
    assert {path.name for path in raw.iterdir()} == {"good"}


def test_one_file_as_raw(raw: Path, tmp_path: Path, no_model: None) -> None:
    row = houses.run(raw / "good/1.txt", tmp_path / "warehouse")
    assert row["new"] == 1
    [document] = houses.rows(tmp_path / "warehouse", "documents")
    assert (document["uri"], document["source"]) == ("1.txt", "local")


@pytest.mark.parametrize("name", ["absent", "locked"])
def test_a_raw_that_cannot_be_read_is_an_error(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "locked":  # root may read all, so that the system is asked to refuse

        def scandir(path: Path) -> None:
            raise PermissionError(13, "Permission denied")

        (tmp_path / name).mkdir()
        monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(DatelineError, match=f"{name}: cannot be read"):
        list(discover(tmp_path / name))


def test_names(raw: Path) -> None:
    names = [b"a\nb.txt", b"c#d.txt", b"x.jsonl#1.txt", b"\xff\xfe.txt", b" .txt", b"%00.txt", b"-rf.txt", b"'\".txt",
             "日本.txt".encode(), ("\u202e" + "a.txt").encode(), b"a" * 250 + b".txt"]  # fmt: skip
    for name in names:
        path = os.fsencode(raw / "good") + b"/" + name
        with open(path, "wb") as file:  # noqa: PTH123 - a name that is no text
            file.write(b"Rain.")
    assert set(codes(raw).values()) == {"input"}
    assert len(codes(raw)) == len(names) + 1
    assert {"good/a\nb.txt", "good/c#d.txt", "good/\\xff\\xfe.txt"} <= codes(raw).keys()


def test_names_that_come_to_the_same_uri(raw: Path, tmp_path: Path, no_model: None) -> None:
    houses.write(raw, {"b/x.jsonl": '{"id": "1.txt", "text": "Rain fell."}', "b/x.jsonl#1.txt": "Snow fell."})
    houses.write(raw, {"b/\\xff.txt": "Hail fell."})
    with open(os.fsencode(raw / "b") + b"/\xff.txt", "wb") as file:  # noqa: PTH123
        file.write(b"Sleet fell.")
    for _ in range(2):
        row = houses.run(raw, tmp_path / "warehouse")
        assert (row["seen"], row["rejected"]) == (5, 2)
        assert set(houses.rejected(tmp_path / "warehouse", row["run_id"]).values()) == {"duplicate_id"}


def test_deep_folders(raw: Path) -> None:
    """Deeper than Python recurses, and than a path may be long."""
    os.chdir(raw)
    try:
        for _ in range(1_100):
            Path("d").mkdir()
            os.chdir("d")
        Path("deep.txt").write_text("Rain.", encoding="utf-8")
        for _ in range(1_200):
            Path("d").mkdir()
            os.chdir("d")
        Path("too-deep.txt").write_text("Rain.", encoding="utf-8")
        found = codes(raw)
    finally:
        os.chdir(raw.parent)
        subprocess.run(["rm", "-rf", str(raw)], check=True)  # Python's own would recurse
    assert found.pop("good/1.txt") == found.pop("d/" * 1_100 + "deep.txt") == "input"
    assert list(found.values()) == ["unreadable"]


def test_links(raw: Path, tmp_path: Path) -> None:
    houses.write(tmp_path, {"secret.txt": "Secret.", "secret": "Secret."})
    for link, target in {"out.txt": tmp_path / "secret.txt", "out": tmp_path / "secret", "in.txt": raw / "good/1.txt",
                         "nowhere.txt": raw / "gone.txt", "loop.txt": raw / "good/loop.txt", "up": raw,
                         "away.txt": Path("/etc")}.items():  # fmt: skip
        (raw / "good" / link).symlink_to(target)
    found = codes(raw)
    wanted = {"out.txt": "outside_raw", "out": "outside_raw", "in.txt": "input", "nowhere.txt": "unreadable",
              "loop.txt": "unreadable", "up": "unreadable", "away.txt": "outside_raw", "1.txt": "input"}  # fmt: skip
    assert found == {f"good/{name}": code for name, code in wanted.items()}
    assert not (tmp_path / "warehouse").exists()  # nothing of the secret was kept


def test_a_raw_that_is_a_link(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(raw)
    assert codes(tmp_path / "link") == {"good/1.txt": "input"}


def test_what_is_no_file(raw: Path) -> None:
    os.mkfifo(raw / "good/pipe.txt")
    os.mkfifo(raw / "good/pipe")
    os.mkfifo(raw / "good/pipe.jsonl.gz")
    (raw / "good/folder.txt").mkdir()
    assert codes(raw) == {"good/1.txt": "input"} | dict.fromkeys(
        ("good/pipe.txt", "good/pipe", "good/pipe.jsonl.gz"), "unreadable"
    )


class Failing:
    """A file that fails, or is gone, when it is read."""

    def __init__(self, file: BinaryIO, error: OSError, after: int) -> None:
        self.file, self.error, self.after = file, error, after

    def __enter__(self) -> "Failing":
        return self

    def __exit__(self, *args: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def read(self, size: int = -1) -> bytes:
        if self.after <= 0:
            raise self.error
        self.after -= 1
        return self.file.read(size)


@pytest.mark.parametrize("name", ["b.txt", "b.txt.gz", "b.jsonl", "b.jsonl.gz", "b.pdf"])
def test_a_file_that_fails_while_it_is_read(raw: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    houses.write(raw, {f"good/{name}": gzip.compress(os.urandom(90_000)) if name.endswith("gz") else LINE + b"\n"})
    original = Reader._open

    def fail(self: Reader, path: Path) -> Any:
        file = original(self, path)
        return Failing(file, OSError(5, "Input/output error"), 0) if path.name == name else file

    monkeypatch.setattr(Reader, "_open", fail)
    found = read(raw)
    assert isinstance(found["good/1.txt"], Input)
    reject = found[f"good/{name}"]
    assert isinstance(reject, Reject)
    assert (reject.code, reject.detail, reject.content_sha256) == ("unreadable", "Input/output error", None)


def test_a_file_that_vanishes_or_may_not_be_read(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    houses.write(raw, {"good/gone.txt": "Rain.", "good/locked.txt": "Rain."})
    original = os.open

    def opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if Path(os.fsdecode(path)).name == "gone.txt":
            Path(path).unlink()
        if Path(os.fsdecode(path)).name == "locked.txt":
            raise PermissionError(13, "Permission denied")
        return original(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", opened)
    assert codes(raw) == {"good/1.txt": "input", "good/gone.txt": "vanished", "good/locked.txt": "unreadable"}


def test_an_unreadable_document_stays_as_it_was(
    raw: Path, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its input may be there: it is not pruned. An input that is there and refused takes its place."""
    houses.write(raw, {"good/2.txt": houses.story(2), "good/3.txt.gz": gzip.compress(houses.story(3).encode())})
    houses.write(raw, {"good/x.jsonl": LINE, "sub/4.txt": houses.story(4)})
    houses.run(raw, tmp_path / "warehouse")
    whole = houses.uris(tmp_path / "warehouse")
    original = Reader._open

    def locked(self: Reader, path: Path) -> Any:
        if path.name in ("2.txt", "x.jsonl", "sub"):
            raise PermissionError(13, "Permission denied")
        return original(self, path)

    def no_entry() -> Any:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "_open", locked)
        patch.setattr(ingest, "_entries", lambda f, real=ingest._entries: no_entry() if f.name == "sub" else real(f))
        row = houses.run(raw, tmp_path / "warehouse", prune=True)
    assert (row["rejected"], row["removed"], row["missing"]) == (3, 0, 3)
    assert houses.uris(tmp_path / "warehouse") == whole
    houses.write(raw, {"good/3.txt.gz": b"\x1f\x8b broken"})
    row = houses.run(raw, tmp_path / "warehouse")
    assert (row["rejected"], row["unchanged"], row["missing"]) == (1, 4, 0)
    assert houses.uris(tmp_path / "warehouse") == whole - {"good/3.txt.gz"}


def test_a_file_that_changes_while_it_is_read_is_read_once(raw: Path, tmp_path: Path, no_model: None) -> None:
    """What was hashed is what is worked: the spool, not the file, is read by the workers."""

    def survey(job: Any) -> str:
        houses.write(raw, {"good/1.txt": houses.story(2)})
        return work.survey(job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "survey", survey)
        houses.run(raw, tmp_path / "warehouse")
    assert "Bridge 1" in houses.rows(tmp_path / "warehouse", "documents")[0]["title"]
    assert houses.run(raw, tmp_path / "warehouse")["changed"] == 1


def test_sizes(raw: Path) -> None:
    long = b'{"text": "' + b"a" * 60_000 + b'"}'
    files = {"a.txt": b"a" * 60_000, "a.txt.gz": gzip.compress(b"a" * 60_000), "just.txt": b"a" * 50_000,
             "x.jsonl": LINE + b"\n" + long + b"\n" + LINE.replace(b"ok", b"two") + b"\n" + long,
             "y.jsonl.gz": gzip.compress(LINE + b"\n" + long + b"\n\n" + LINE.replace(b"ok", b"two"))}  # fmt: skip
    houses.write(raw, {f"big/{name}": data for name, data in files.items()})
    found = codes(raw, max_document_mb=0.05)
    wanted = {"a.txt": "too_large", "a.txt.gz": "too_large", "just.txt": "input", "x.jsonl#ok": "input",
              "x.jsonl#L2": "too_large", "x.jsonl#two": "input", "x.jsonl#L4": "too_large", "y.jsonl.gz#ok": "input",
              "y.jsonl.gz#L2": "too_large", "y.jsonl.gz#two": "input"}  # fmt: skip
    assert found == {f"big/{name}": code for name, code in wanted.items()} | {"good/1.txt": "input"}


@pytest.mark.parametrize("chunk", [1, 2, 7, 64, 1 << 20])
def test_lines_do_not_depend_on_how_a_file_is_read(raw: Path, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b'{"text": "%d"}' % i + b" " * (i % 5) for i in range(9)]
    lines[3] = b'{"text": "' + b"a" * 90 + b'"}'
    lines[5] = b""
    houses.write(raw, {"b/x.jsonl": b"\n".join(lines)})
    whole = codes(raw, max_document_mb=0.00005)
    monkeypatch.setattr(ingest, "CHUNK", chunk)
    assert codes(raw, max_document_mb=0.00005) == whole
    assert [uri for uri, code in whole.items() if code == "too_large"] == ["b/x.jsonl#L4", "good/1.txt"]
    assert "b/x.jsonl#L6" not in whole
    assert len(whole) == 9


def peak_mb(read: Iterator[Any]) -> float:
    """Megabytes at most that Arrow and Python held while reading."""
    tracemalloc.start()
    for _ in read:
        pass
    peak = tracemalloc.get_traced_memory()[1] / 1e6 + pa.total_allocated_bytes() / 1e6
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("name", ["bomb.txt.gz", "bomb.jsonl.gz", "lines.jsonl.gz", "line.jsonl"])
def test_a_bomb_is_read_in_bounded_memory(raw: Path, name: str) -> None:
    """60 MB of one character out of some kilobytes; benchmarks/hostile.py has the gigabyte."""
    data = (b"\n" if name.startswith("lines") else b"a") * 60_000_000
    houses.write(raw, {f"b/{name}": gzip.compress(data, 1) if name.endswith("gz") else data})
    reader = Reader(Settings(raw=raw, max_document_mb=1), RejectStore(raw.parent / "rejects"))
    assert peak_mb(reader.inputs()) < 12
    found = codes(raw, max_document_mb=1)
    assert list(found.values()) == (["input"] if name.startswith("lines") else ["too_large", "input"])


def test_a_full_disk_is_the_warehouse_s_fault_not_the_input_s(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    houses.write(raw, {"b/x.pdf": b"%PDF", "b/y.jsonl": "{"})

    def full(**kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    with pytest.raises(WarehouseError, match="cannot be kept"):
        read(raw)
