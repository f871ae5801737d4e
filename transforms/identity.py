"""Ids and fingerprints: functions of values alone, the same in every run and on every machine."""

import hashlib
from collections.abc import Iterable
from datetime import date

from transforms.schema import UNKNOWN_MONTH


def digest(*parts: str, size: int = 8) -> str:
    """Hex digits (two a byte of `size`) that stand for the parts, in their order; lone surrogates are allowed."""
    h = hashlib.blake2b(digest_size=size)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        h.update(len(data).to_bytes(8, "big"))
        h.update(data)
    return h.hexdigest()


def doc_id(source: str, uri: str) -> str:
    """The document's id: 16 hex digits."""
    return digest("document", source, uri)


def fingerprint(work: str, touching: Iterable[str] = ()) -> str:
    """What made a document's rows: the work (code, rules, model, settings) and the footer evidence that touches it, as
    `Evidence.touching` gives it."""
    return digest("fingerprint", work, *sorted(touching))


def text_key(text: str) -> int:
    """63 bits that stand for a text, to find documents with the same one."""
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") >> 1


def month(published_on: date | None) -> str:
    """The partition: `YYYY-MM`, or `unknown`."""
    return f"{published_on.year:04d}-{published_on.month:02d}" if published_on else UNKNOWN_MONTH
