"""What the name of an input says: whether it is one, its format and compression, its source, the record."""

from transforms.errors import RejectCode, Rejected

LOCAL_SOURCE = "local"
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
FORMATS = (".txt", ".jsonl")


def is_passed_over(name: str, *, is_folder: bool) -> bool:
    """Whether a file or folder of that name is none of ours: hidden, a file that begins with `_`, or a README."""
    is_ours = is_folder or not (name.startswith("_") or name.partition(".")[0].upper() == "README")
    return name.startswith(".") or not is_ours


def source_of(uri: str) -> str:
    """The source of the input at `uri`, unless its record says another: the first folder, or `local`."""
    folder, slash, _ = uri.partition("/")
    return folder if slash else LOCAL_SOURCE


def record_parts(uri: str) -> tuple[str, str]:
    """The file and the id, or `L` and the line, that a record's uri is made of; the id is empty where it is none's. An
    id may hold `#` too: the file's name ends before the first one behind the name of a `.jsonl`."""
    for at, character in enumerate(uri):
        if character == "#" and _is_records(uri[:at]):
            return uri[:at], uri[at + 1 :]
    return uri, ""


def _is_records(path: str) -> bool:
    return is_input(path) and format_of(path)[0] == ".jsonl"


def is_input(path: str) -> bool:
    """Whether the name says a format."""
    try:
        return bool(format_of(path))
    except Rejected:
        return False


def compression(name: str) -> str | None:
    """What a file of that name is compressed with, as Arrow calls it; None for nothing."""
    return next((c for suffix, c in COMPRESSIONS.items() if name.lower().endswith(suffix)), None)


def is_archive(name: str, begin: bytes) -> bool:
    """Whether a file of that name that begins with these bytes is compressed as its name says."""
    return any(name.lower().endswith(suffix) and begin.startswith(magic) for suffix, magic in MAGIC.items())


def format_of(name: str) -> tuple[str, str | None]:
    """`.txt` or `.jsonl`, and the compression. Raises Rejected where the name says neither."""
    lower = name.lower()
    packed = compression(name)
    plain = lower.rpartition(".")[0] if packed else lower
    suffix = next((f for f in FORMATS if plain.endswith(f)), None)
    if suffix is None:
        raise Rejected(RejectCode.UNKNOWN_FORMAT, f"{name!r} is neither .txt nor .jsonl, plain or with .gz or .zst")
    return suffix, packed
