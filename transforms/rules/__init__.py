"""Rules and word lists: data, each row with an example that a test runs. Code reads them through `rules`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules(name: str) -> dict[str, Any]:
    """The parsed `transforms/rules/<name>.toml`, read once a process. Treat it as read-only."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
