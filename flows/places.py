"""Where RAW and the warehouse may be: a folder of this machine, or a place on an object store (fsspec)."""

from pathlib import Path
from typing import Annotated, Any

from fsspec import AbstractFileSystem
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from upath import UPath

LOCAL = "file"


def place(value: Any) -> Path | UPath:
    """`s3://bucket/folder` and the like as a UPath that sees what others write; anything else, `file://` too, as a
    Path. Raises ValueError where the URL's kind is not known or its package is not installed."""
    if not isinstance(value, str | Path | UPath):
        raise ValueError(f"{type(value).__name__} instead of a path or URL")
    text = str(value)
    scheme, separator, rest = text.partition("://")
    if isinstance(value, UPath):
        return value
    if not separator or scheme == LOCAL:
        return Path(rest if separator else text)
    try:
        found = UPath(text.rstrip("/"), use_listings_cache=False)
        assert found.fs  # loads its package
        return found
    except ImportError as e:
        raise ValueError(f"{scheme}:// needs a package that is not installed ({e})") from e


Place = Annotated[
    Path | UPath,
    PlainValidator(place),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "format": "path"}),
]
"""A folder or file, here or on an object store."""


def local(where: Path | UPath) -> Path:
    """The place, which is one of this machine."""
    assert isinstance(where, Path), f"{where} is on an object store"
    return where


def listing_once(where: UPath) -> AbstractFileSystem:
    """The file system of a place for one that reads: it lists each folder once, since a query asks for the same files
    again and again."""
    return type(where.fs)(**{**where.fs.storage_options, "use_listings_cache": True, "skip_instance_cache": True})


def remote(where: Path | UPath) -> UPath | None:
    """The place, if it is on an object store."""
    return None if isinstance(where, Path) else where
