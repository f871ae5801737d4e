"""Rules and word lists: data, each row with an example that a test runs. Code reads them through `rules`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules(name: str) -> dict[str, Any]:
    """The parsed `transforms/rules/<name>.toml`, read once a process. Treat it as read-only."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def pattern_of(row: dict[str, Any]) -> str:
    """The pattern of a row, with the alternatives of its `one_of` in it."""
    return str(row["pattern"]).replace("{one_of}", f"(?:{any_of(row.get('one_of', []))})")


def any_of(alternatives: str | list[str]) -> str:
    """A regular expression for any of some alternatives, which a file gives on one line or on several."""
    return alternatives if isinstance(alternatives, str) else "|".join(alternatives)
