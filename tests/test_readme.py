"""README.md: its snippets run, and print what it says they print."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def beside_a_warehouse(tmp_path: Path, sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "warehouse").symlink_to(sample_warehouse)
    monkeypatch.chdir(tmp_path)


def test_there_is_a_snippet_for_pandas_and_one_for_duckdb() -> None:
    assert ["pandas" in code for code, _ in SNIPPETS] == [True, False]
    assert ["duckdb" in code for code, _ in SNIPPETS] == [False, True]


@pytest.mark.parametrize(("code", "printed"), SNIPPETS, ids=["pandas", "duckdb"])
@pytest.mark.usefixtures("beside_a_warehouse")
def test_a_snippet_prints_what_the_page_says(code: str, printed: str) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "README.md", "exec"), {})
    assert said.getvalue().rstrip() == printed.rstrip()


@pytest.mark.parametrize("target", ["run", "test"])
def test_the_two_commands_are_targets_of_the_makefile(target: str) -> None:
    assert f"    make {target} " in PAGE
    subprocess.run(["make", "--dry-run", target, f"PYTHON={sys.executable}"], cwd=ROOT, check=True, capture_output=True)


def test_every_page_it_leads_to_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert link.startswith("http") or (ROOT / link).exists(), link
