"""The quality gate: the sample corpus against its marked answers, with floors that must not be undercut.

A change that lowers a figure below its floor is a regression, unless the marked answers were wrong. Whoever raises a
figure raises its floor too: `pytest tests/test_quality.py -s` prints the table, `benchmarks/dev_quality.py` each error.
"""

import sys
import tomllib
from pathlib import Path

import pytest

from tests import quality
from tests.quality import GOLD, Marked, Score, Tables, agreement, b_cubed
from transforms.offsets import restore

FLOORS: dict[str, float] = tomllib.loads((GOLD / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def gold() -> list[Marked]:
    return quality.load()


@pytest.fixture(scope="module")
def tables(sample_warehouse: Path) -> Tables:
    return quality.read(sample_warehouse)


@pytest.fixture(scope="module")
def figures(gold: list[Marked], tables: Tables) -> dict[str, Score]:
    scores = quality.figures(gold, tables)
    sys.stdout.write(f"{quality.table(scores, FLOORS)}\n")
    return scores


def test_every_document_is_there_and_every_broken_one_refused(gold: list[Marked], tables: Tables) -> None:
    assert set(tables.documents) == {doc.uri for doc in gold}
    assert tables.rejects == tomllib.loads((GOLD / "rejects.toml").read_text(encoding="utf-8"))


def test_the_marked_texts_are_the_raw_texts(gold: list[Marked], tables: Tables) -> None:
    for doc in gold:
        rows = sorted(tables.removals[doc.uri], key=lambda row: row["raw_start"])
        edits = [(row["raw_start"], row["text"], row["replacement"]) for row in rows]
        assert restore(tables.documents[doc.uri]["text"], edits) == doc.raw, doc.uri


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(name: str, figures: dict[str, Score]) -> None:
    assert figures[name].f1 >= FLOORS[name]


def test_every_figure_has_a_floor(figures: dict[str, Score]) -> None:
    assert figures.keys() == FLOORS.keys()


def test_nothing_is_read_in_a_language_without_a_model(gold: list[Marked], tables: Tables) -> None:
    foreign = [doc.uri for doc in gold if doc.metadata["language"] != "en"]
    assert foreign
    assert not any(rows[uri] for uri in foreign for rows in (tables.mentions, tables.dates, tables.topics))


def parse(body: str) -> Marked:
    return quality.parse(f'+++\nuri = "a.txt"\ntopics = []\n+++\n{body}')


def test_marks_become_offsets() -> None:
    doc = parse("⟦GPE oslo|OSLO⟧, ⟦DATE 2024-03-12|12 March⟧ — It rained.\n⟦copyright ; Acme|© Acme⟧")
    assert doc.raw == "OSLO, 12 March — It rained.\n© Acme"
    assert [(doc.raw[m.start : m.end], m.tag, m.answer) for m in doc.marks] == [
        ("OSLO", "GPE", "oslo"),
        ("12 March", "DATE", "2024-03-12"),
        ("© Acme", "copyright", "; Acme"),
    ]
    assert [len(part) for part in (doc.mentions, doc.dates, doc.removals)] == [1, 1, 1]
    with pytest.raises(ValueError, match="no mark"):
        parse("⟦GPE oslo OSLO⟧")


def test_a_warehouse_that_agrees_scores_one_and_an_empty_one_nothing() -> None:
    doc = parse("⟦GPE oslo|Oslo⟧ froze on ⟦DATE XXXX-WXX-1|Monday⟧. ⟦licence CC-BY-4.0; Acme|CC BY 4.0, Acme⟧")
    place, day, notice = doc.marks
    span = {"raw_start": place.start, "raw_end": place.end}
    perfect = Tables(
        documents={"a.txt": dict.fromkeys(quality.METADATA) | {"language": "en"}},
        removals={"a.txt": [{"raw_start": notice.start, "raw_end": notice.end, "kind": "licence",
                             "spdx_id": "CC-BY-4.0", "rights_holder": "Acme"}]},
        mentions={"a.txt": [span | {"label": "GPE", "alias_id": "1"}]},
        dates={"a.txt": [{"raw_start": day.start, "raw_end": day.end, "type": "DATE", "value": "XXXX-WXX-1"}]},
        topics={"a.txt": []},
        entity_of={"1": "x"},
        rejects={},
    )  # fmt: skip
    assert {score.f1 for score in quality.figures([doc], perfect).values()} == {1.0}
    nothing: dict[str, list[quality.Row]] = {"a.txt": []}
    empty = Tables(perfect.documents, nothing, nothing, nothing, {"a.txt": [{"rank": 1, "topic_id": "x"}]}, {}, {})
    assert {name for name, score in quality.figures([doc], empty).items() if score.f1} == {"metadata"}


def test_scores_by_hand() -> None:
    assert agreement({1, 2, 3}, {2, 3, 4, 5}) == Score(0.5, 2 / 3)
    assert agreement(set(), set()).f1 == 1
    assert Score(0.0, 0.0).f1 == 0
    # five, two and five things, of which the last two groups were taken for one: the example of Bagga and Baldwin 1998
    gold = {(at,): "a" if at < 5 else "b" if at < 7 else "c" for at in range(12)}
    found = {(at,): at < 5 for at in range(12)}
    score = b_cubed(gold, found)
    assert score.precision == pytest.approx((5 + 2 * 2 / 7 + 5 * 5 / 7) / 12)
    assert score.recall == 1
