"""The documentation as data: its questions, run; its answers and plots, made anew by `python -m tests.documents`."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbclient import NotebookClient

from flows import Warehouse, pipeline
from flows.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
QUESTION = re.compile(
    r"^## (?P<title>\d+\. [^\n]+)\n(?:(?!^## ).)*?"
    r"^```sql\n(?P<sql>.*?)^```\n\n```python\n(?P<python>.*?)^```\n\n```text\n(?P<text>.*?)^```\n",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Question:
    title: str
    sql: str
    python: str
    printed: str

    def by_sql(self, warehouse: Any) -> pd.DataFrame:
        answer: pd.DataFrame = warehouse.sql(self.sql)
        return answer

    def by_pandas(self, warehouse: Any) -> pd.DataFrame:
        names: dict[str, Any] = {"warehouse": warehouse, "pd": pd, "date": date}
        exec(compile(self.python, self.title, "exec"), names)
        answer: pd.DataFrame = names["answer"]
        return answer.reset_index(drop=True)


def questions(text: str) -> Iterator[Question]:
    for found in QUESTION.finditer(text):
        yield Question(found["title"], found["sql"], found["python"], found["text"])


def printed(answer: pd.DataFrame) -> str:
    """The answer as the documentation shows it."""
    cells = [[_cell(value) for value in row] for row in answer.itertuples(index=False)]
    widths = [max(map(len, column)) for column in zip(answer.columns, *cells, strict=True)]
    lines = ["  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)) for row in [list(answer.columns), *cells]]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        return ", ".join(map(str, value))
    return "-" if value is None or value is pd.NA or value is pd.NaT else " ".join(str(value).split())


def answered(text: str, warehouse: Any) -> str:
    """The text with the answers of now."""

    def answer(found: re.Match[str]) -> str:
        question = Question(found["title"], found["sql"], found["python"], found["text"])
        start, end = found.start("text") - found.start(), found.end("text") - found.start()
        return found[0][:start] + printed(question.by_sql(warehouse)) + found[0][end:]

    return QUESTION.sub(answer, text)


def run_notebook(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook after a kernel of this Python has run it, in docs/."""
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(DOCS)}})
    ran: nbformat.NotebookNode = client.execute()
    for cell in ran.cells:
        cell.metadata.pop("execution", None)  # clock times
    return ran


def main(warehouse: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if warehouse is None:
            pipeline.run(Settings(raw=ROOT / "raw", warehouse=Path(folder)), pipeline.Here())
        path = DOCS / "querying.md"
        path.write_text(answered(path.read_text(encoding="utf-8"), Warehouse(warehouse or folder)), encoding="utf-8")
        os.environ["DATELINE_WAREHOUSE"] = str(Path(warehouse or folder).resolve())
        nbformat.write(run_notebook(nbformat.read(DOCS / "plots.ipynb", as_version=4)), DOCS / "plots.ipynb")


if __name__ == "__main__":
    main(*sys.argv[1:])
