"""Documentation that cannot rot: what there is, is documented; what is documented, is there."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import typer.main
from pydantic import BaseModel

from flows import dictionary
from flows.catalog import VIEWS, columns
from flows.cli import app
from flows.settings import FIELDS, Settings, SourceSettings
from tests.conftest import ROOT
from transforms.errors import RejectCode
from transforms.schema import PUBLIC_TABLES

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md"])


def commands() -> Iterator[tuple[str, typer.main.TyperCommand]]:
    """Every command with its full name."""
    todo = [("dateline", typer.main.get_command(app))]
    while todo:
        name, command = todo.pop()
        if subcommands := getattr(command, "commands", None):
            todo += [(f"{name} {sub}", found) for sub, found in subcommands.items()]
        else:
            yield name, command


COMMANDS = dict(commands())
SHARED = {"--warehouse", "--settings", "--help"}
"""Options that docs/commands.md tells of once."""


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading!r}"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_each_of_its_options_is_documented(name: str) -> None:
    told = section(page("commands.md"), name)
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")}
    assert f"    {name}" in told, "an example"
    assert not {option for option in options - SHARED if f"`{option}" not in told and f"`{option} " not in told}


def test_no_command_or_option_is_documented_that_there_is_not() -> None:
    text = page("commands.md")
    assert set(re.findall(r"^## (dateline .*)$", text, re.MULTILINE)) == set(COMMANDS)
    options = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
    of_all = {"--debug", "--version", "--help", "--install-completion", "--show-completion"}
    assert set(re.findall(r"(?<!-)--[a-z][a-z-]+", text)) <= options | of_all


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_shows_an_example_that_is_one_of_it(name: str) -> None:
    example = re.search(r"Example: (dateline .*)", COMMANDS[name].help or "")
    assert example, "the docstring has no `Example: …`"
    assert example[1].startswith(name)


@pytest.mark.parametrize("model", [Settings, SourceSettings])
def test_each_setting_is_documented_with_its_default(model: type[BaseModel]) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", page("settings.md"), re.MULTILINE))
    for name, field in model.model_fields.items():
        assert name in rows, name
        if isinstance(field.default, bool | int | float | str | Path):
            shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert rows[name].replace("`", "") == shown, name


def test_no_setting_is_documented_that_there_is_not() -> None:
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", page("settings.md"), re.MULTILINE))
    assert rows == set(Settings.model_fields) | set(SourceSettings.model_fields)
    assert all(f"`{field}`" in page("settings.md") for field in FIELDS)


def test_the_settings_file_of_the_page_can_be_read(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", page("settings.md"), re.DOTALL)
    assert example
    file = tmp_path / "dateline.toml"
    file.write_text(example[1], encoding="utf-8")
    assert Settings.read(file).sources["capital-wire"].day_first


def test_the_dictionary_is_that_of_the_schema() -> None:
    assert page("dictionary.md") == dictionary.markdown(), "python -m flows.dictionary > docs/dictionary.md"
    for table in PUBLIC_TABLES:
        told = section(page("dictionary.md"), table.name)
        assert all(f"| `{column.name}` |" in told for column in columns(table))
    for view, (_, described) in VIEWS.items():
        told = section(page("dictionary.md"), view)
        assert all(f"| `{column.name}` |" in told for column in described)


def test_every_view_and_column_of_the_duckdb_file_has_a_comment(sample_warehouse: Path) -> None:
    with duckdb.connect(sample_warehouse / "dateline.duckdb", read_only=True) as con:
        views = con.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
        silent = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
    assert {name for name, _ in views} == {table.name for table in PUBLIC_TABLES} | set(VIEWS)
    assert all(comment for _, comment in views)
    assert not silent


def test_make_help_tells_of_every_target_that_is_explained() -> None:
    explained = re.findall(r"^([\w-]+):.*## (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [tuple(line.split(maxsplit=2)[1:]) for line in told.splitlines()] == explained


def test_each_benchmark_is_explained_and_started_in_one_way() -> None:
    told = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    for script in (ROOT / "benchmarks").glob("[!_]*.py"):
        assert f"`{script.stem}" in told, script.stem
    for path in [*PAGES, *(ROOT / "benchmarks").glob("*")]:
        if path.is_file():
            assert "python benchmarks/" not in path.read_text(encoding="utf-8"), path.name


def test_the_reject_codes_are_documented_and_no_others() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", page("rejects.md"), re.MULTILINE)) == set(RejectCode)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_pages_link_to_pages_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (path.parent / target).exists(), target
    for target in re.findall(r"\bdocs/[a-z_]+\.(?:md|ipynb|png)", text):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", DOCS / "commands.md", DOCS / "operating.md"], ids=lambda p: p.name
)
def test_a_page_says_how_the_command_comes_to_be_on_the_path(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = re.search(r"^(?: {4}dateline |```python)", text, re.MULTILINE)
    assert first
    assert re.search(r"^ {4}\. \.venv/bin/activate\b", text[: first.start()], re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_commands_on_the_pages_are_commands(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for line in re.findall(r"^ {4}(?:.*/)?(dateline .*)$", text, re.MULTILINE):
        words = [word for word in line.split() if word != "--debug"]
        assert any(" ".join(words).startswith(name) for name in COMMANDS) or words[1].startswith("--"), line
