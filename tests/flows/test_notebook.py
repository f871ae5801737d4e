"""docs/plots.ipynb, run as Jupyter would: three plots over the sample warehouse."""

from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT
from tests.documents import run_notebook


def test_it_makes_three_plots(sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WAREHOUSE", str(sample_warehouse))
    notebook = nbformat.read(ROOT / "docs" / "plots.ipynb", as_version=4)
    ran = run_notebook(notebook)
    outputs = [output for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.output_type for output in outputs if output.output_type == "error"] == []
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3
    assert not [output.text for output in outputs if output.output_type == "stream"], "no warnings"
