"""Who may import what: transforms are pure, Prefect lives in a few modules, and importing the package is cheap."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
IMPURE = {"prefect", "duckdb", "pandas", "flows", "pathlib", "os", "io", "shutil", "tempfile", "glob", "subprocess",
          "socket", "urllib", "http", "requests", "time", "random", "secrets", "uuid", "threading", "multiprocessing",
          "asyncio", "logging"}  # fmt: skip
"""Modules that reach for a disk, a network, a clock, chance or another process."""
BUILDS = {"transforms/rules/build_topics.py"}
"""Scripts that make rules, which no stage imports."""
ALLOWED = {"transforms/aliases/overrides.py": {"io"}}
"""A module that reads a text as a file: no disk."""
CLOCKS = {"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter"}
PREFECT = {"flows/etl.py", "flows/deploy.py", "flows/launch.py", "flows/server.py", "flows/engine.py",
           "flows/artifacts.py", "flows/prefect_env.py"}  # fmt: skip


def modules(folder: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.py"))


def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imports(code: ast.Module) -> Iterator[str]:
    """The top-level names of what is imported anywhere in a module."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def impurities(code: ast.Module) -> Iterator[str]:
    """Calls that open a file or ask for the time."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in (
                "open",
                "input",
                "print",
                "__import__",
                "eval",
                "exec",
            ):
                yield node.func.id
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                yield node.func.attr


@pytest.mark.parametrize("module", [m for m in modules("transforms") if m not in BUILDS])
def test_transforms_are_pure(module: str) -> None:
    code = tree(module)
    assert not (set(imports(code)) & IMPURE) - ALLOWED.get(module, set())
    assert not list(impurities(code))


def test_scripts_are_no_stages() -> None:
    names = {script.rsplit("/", 1)[-1].removesuffix(".py") for script in BUILDS}
    for module in (*modules("transforms"), *modules("flows")):
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ImportFrom):
                assert not names & {*(node.module or "").split("."), *(alias.name for alias in node.names)}


def test_only_a_few_modules_know_prefect() -> None:
    assert {module for module in modules("flows") if "prefect" in set(imports(tree(module)))} <= PREFECT


def test_what_is_imported_is_declared() -> None:
    """And not only there because another package happens to need it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    known = packages_distributions()
    for module in (*modules("flows"), *modules("transforms")):
        for name in set(imports(tree(module))) - sys.stdlib_module_names - {"flows", "transforms"}:
            assert declared & {canonicalize_name(held) for held in known.get(name, [name])}, f"{module}: {name}"


def test_no_module_is_named_from_the_future() -> None:
    """`from __future__ import annotations` breaks served flows with a pydantic parameter."""
    for module in (*modules("flows"), *modules("transforms")):
        assert "__future__" not in set(imports(tree(module)))


def test_the_rules_of_this_test_can_fail() -> None:
    bad = ast.parse(
        "import os.path\nfrom prefect import flow\ndef f():\n    import random\n    return open('x'), d.today()"
    )
    assert set(imports(bad)) & IMPURE == {"os", "prefect", "random"}
    assert set(impurities(bad)) == {"open", "today"}


def test_importing_the_reader_is_cheap() -> None:
    code = (
        "import sys, flows; sys.exit(' '.join({'spacy', 'prefect', 'pandas', 'thinc', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.stderr.strip() == ""
