"""A seeded fuzzer: real inputs with bits turned, ends cut off, stretches swapped, and bytes that mean nothing."""

import random
from collections.abc import Iterator
from pathlib import Path

NASTY = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1f\x8b\x08", b"\r"),
    *("\u202e".encode(), "👩\u200d👩".encode(), b"\n" * 500, b" " * 2_000),
    *(b"{" * 300, b"9" * 5_000, b'{"text": "', b"\\ud800", b"]]]}}}", b"date 2024-02-30 "),
)


def mutants(seeds: list[tuple[str, bytes]], count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """`count` files: a name with the ending of the real one, and its bytes after one to four mutations."""
    chance = random.Random(seed)
    for number in range(count):
        name, data = chance.choice(seeds)
        for _ in range(chance.randrange(1, 5)):
            data = mutated(data, chance.choice(seeds)[1], chance)
        yield f"s{number % 7}/{number:05d}-{Path(name).name}", data[:200_000]


def mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The bytes after one mutation."""
    at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    kind = chance.randrange(7)
    if kind == 0 and data:  # a bit
        at = min(at, len(data) - 1)
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if kind == 1:  # cut off
        return data[:at]
    if kind == 2:  # a stretch lost
        return data[:at] + data[to:]
    if kind == 3:  # a stretch of another file
        begin = chance.randrange(len(other) + 1)
        return data[:at] + other[begin : begin + chance.randrange(400)] + data[to:]
    if kind == 4:  # noise
        return data[:at] + chance.randbytes(chance.randrange(60)) + data[at:]
    if kind == 5:  # a stretch again and again
        return data[:to] + data[at:to][:300] * chance.randrange(30) + data[to:]
    return data[:at] + chance.choice(NASTY) + data[at:]


def real_inputs(raw: Path) -> list[tuple[str, bytes]]:
    """The files of the sample corpus."""
    return [
        (path.name, path.read_bytes()) for path in sorted(raw.rglob("*")) if path.is_file() and path.stem != "README"
    ]
