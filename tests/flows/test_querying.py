"""docs/querying.md: every question answered both ways, alike, and as the page prints it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from flows import Warehouse, query
from tests import documents
from tests.documents import DOCS, Question
from transforms.errors import SettingsError

PAGE = (DOCS / "querying.md").read_text(encoding="utf-8")
QUESTIONS = list(documents.questions(PAGE))


@pytest.fixture(scope="module")
def warehouse(sample_warehouse: Path) -> Warehouse:
    return Warehouse(sample_warehouse)


def test_the_page_has_ten_questions_and_each_is_found() -> None:
    assert len(QUESTIONS) == PAGE.count("\n## ") == 10
    assert PAGE.count("```sql") == PAGE.count("```python") == PAGE.count("```text") == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.title)
def test_both_ways_answer_alike_and_as_printed(question: Question, warehouse: Warehouse) -> None:
    sql, pandas = question.by_sql(warehouse), question.by_pandas(warehouse)
    assert len(sql) > 0, "an example without an answer teaches nothing"
    assert list(sql.columns) == list(pandas.columns)
    assert rows(sql) == rows(pandas)
    assert documents.printed(sql) == question.printed, "the answers changed: python -m tests.documents"


def rows(answer: pd.DataFrame) -> list[list[str]]:
    return [line.split("  ") for line in documents.printed(answer).splitlines()]


def test_columns_of_one_name_are_told_apart(warehouse: Warehouse, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Here, on the terminal and in every format."""
    asked = "SELECT 1 AS a, 2 AS a_1, 3 AS a, 4 AS b, 5 AS a"
    wanted = {"a": 1, "a_1": 2, "a_2": 3, "b": 4, "a_3": 5}
    assert warehouse.sql(asked).to_dict("records") == [wanted]
    query.write(warehouse.path, asked, "json")
    assert json.loads(capfdbinary.readouterr().out) == [wanted]
    query.write(warehouse.path, asked, "table")
    assert capfdbinary.readouterr().out.split()[-5:] == b"1 2 3 4 5".split()


def test_a_statement_without_an_answer_is_said_to_have_none(warehouse: Warehouse) -> None:
    for ask in (warehouse.sql, lambda statement: query.write(warehouse.path, statement, "table")):
        with pytest.raises(SettingsError, match="has no answer; ask with SELECT"):
            ask("-- only a comment")


def test_every_question_of_the_command_line_on_the_page_works(warehouse: Warehouse) -> None:
    query = PAGE.split('dateline sql "')[1].split('"')[0]
    assert list(warehouse.sql(query).columns) == ["name", "label", "mentions"]
