"""The report: what it says, that it is safe and whole by itself, and that it stays of bounded size."""

import json
import re
from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import catalog, pipeline, reading, report
from flows.marking import Cut, Mark, clip, pieces, shown, words
from flows.settings import Settings
from tests import hostile
from transforms.errors import WarehouseError

INK = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u202d\u202e"), max_size=40)


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.data = ""
        self.now: tuple[str, dict[str, str | None]] = ("", {})
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attributes
        self.now = (tag, dict(attributes))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.now
        if attributes.get("id") == "data":
            self.data += data
        elif tag not in {"script", "style"}:
            self.text.append(data)


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> str:
    return report.render(report.collect(sample_warehouse))


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("attacked")
    hostile.write(folder / "raw")
    pipeline.run(Settings(raw=folder / "raw", warehouse=folder / "warehouse"), pipeline.Here())
    return Page(report.write(folder / "warehouse").read_text(encoding="utf-8"))


def test_it_tells_what_the_tables_hold(sample: str, sample_warehouse: Path) -> None:
    with closing(catalog.connect(sample_warehouse)) as con:
        names = catalog.rows(
            con, "SELECT name FROM entities WHERE label = 'PERSON' ORDER BY mentions DESC, name LIMIT 5"
        )
        rejects = catalog.rows(con, "SELECT code FROM rejects")
        documents = catalog.rows(con, "SELECT count(*) AS n FROM documents")[0]["n"]
    page = Page(sample)
    text = " ".join(page.text)
    assert all(row["name"] in text for row in names)
    assert all(row["code"] in text for row in rejects)
    assert f"All {documents} documents." in text
    data = json.loads(page.data)
    assert sum(row["n"] for row in data["plots"]["documents"]["rows"]) + 6 >= documents > 0
    assert len(data["documents"]) == documents


def test_it_asks_nothing_of_a_network(sample: str) -> None:
    page = Page(sample)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert not [(name, value) for name, value in page.attributes if name in {"src", "srcset", "action", "data"}]
    assert all((value or "").startswith("#") for name, value in page.attributes if name == "href")
    assert not re.search(r"url\(|@import", sample.partition("</style>")[0])
    assert "default-src 'none'" in sample


def test_the_policy_names_each_script_and_no_other(sample: str) -> None:
    policy = next(
        value or "" for name, value in Page(sample).attributes if name == "content" and "script-src" in (value or "")
    )
    assert policy.count("'sha256-") == sample.count("<script>") == 3
    assert "unsafe" not in policy.partition("script-src")[2]


def test_texts_that_try_to_become_markup_stay_text(attacked: Page, sample: str) -> None:
    assert set(attacked.tags) <= set(Page(sample).tags)
    assert not [name for name, _ in attacked.attributes if name.startswith("on")]
    assert hostile.SOURCE in attacked.text, "the source's name is shown as it is"
    stories = json.loads(attacked.data)["documents"]
    whole = ["".join(piece[0] for piece in story["pieces"]) for story in stories]
    for attack in hostile.ATTACKS:
        assert any(shown(attack) in text for text in whole), attack
    assert not any("\u202e" in text for text in whole)


@given(INK)
def test_embedded_json_cannot_end_its_script(text: str) -> None:
    embedded = report.as_json({text: [text]})
    assert not re.search("[<>&\u2028\u2029]", embedded)
    assert json.loads(embedded) == {text: [text]}


@given(INK, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), INK), max_size=4))
def test_pieces_hold_the_whole_clean_text_in_order(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = [Mark(a, min(a + n, len(text)), "person", note) for a, n, note in spans if a < len(text)]
    assert "".join(piece.text for piece in pieces(text, [], marks)) == shown(text)


def test_a_piece_tells_all_its_marks_and_what_was_cut_stands_in_its_old_place() -> None:
    text = "Ann met Bob on May Day."
    marks = [Mark(0, 3, "person", "Ann Lee"), Mark(15, 22, "thing", "May Day"), Mark(15, 18, "date", "XXXX-05")]
    cuts = [Cut(0, "(c) X ", "", "cut: copyright"), Cut(29, "\n\nFoot", "", "cut: licence")]
    shape = [(p.text, p.kinds, p.note) for p in pieces(text, cuts, marks)]
    assert shape == [
        ("(c) X ", ("cut",), "cut: copyright"),
        ("Ann", ("person",), "Ann Lee"),
        (" met Bob on ", (), ""),
        ("May", ("thing", "date"), "May Day; XXXX-05"),
        (" Day", ("thing",), "May Day"),
        (".", (), ""),
        ("\n\nFoot", ("cut",), "cut: licence"),
    ]


def test_two_cuts_in_one_place_are_one_and_repaired_blanks_are_passed_over() -> None:
    cuts = [Cut(2, "\r\n", "\n", "repair"), Cut(5, " A.", "", "one"), Cut(8, " B.", "", "two")]
    assert [(p.text, p.note) for p in pieces("ab\nc", cuts, [])] == [("ab\nc", ""), (" A. B.", "one; two")]


def test_words_of_the_evidence_are_found_whole_and_without_regard_to_case() -> None:
    found = words("Rain, rainy days; RAIN again.", {"rain": "weather", "": "nothing", "(": "odd"})
    assert [(m.start, m.end, m.note) for m in found] == [(0, 4, "weather"), (18, 22, "weather")]


def test_a_long_document_is_shown_by_its_ends() -> None:
    short = pieces("x" * 50_000 + "Foot", [Cut(50_004, " (c) Y", "", "cut")], [Mark(50_000, 50_004, "org", "Foot")])
    clipped = clip(short, head=100, tail=20)
    assert [p.kinds for p in clipped] == [(), ("gap",), (), ("org",), ("cut",)]
    assert sum(len(p.text) for p in clipped if p.kinds != ("gap",)) == 120
    assert "49,890 characters left out" in clipped[1].text


@pytest.mark.parametrize(
    ("last", "unit"),
    [((2021, 1, 1), "day"), ((2021, 4, 1), "day"), ((2024, 1, 1), "month"), ((2090, 1, 1), "year"),
     ((9999, 12, 31), "century")],
)  # fmt: skip
def test_bars_are_as_wide_as_the_time_asks_for(last: tuple[int, int, int], unit: str) -> None:
    assert report.unit_of(date(2021, 1, 1), date(*last))[0] == unit


def test_the_sample_is_stated_and_bounds_the_page(
    sample: str, sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "DOCUMENTS", 3)
    monkeypatch.setattr(reading, "SAMPLE", reading.SAMPLE.replace("LIMIT 200", "LIMIT 3"))
    page = report.render(report.collect(sample_warehouse))
    assert "A sample: 3 of " in page
    assert len(json.loads(Page(page).data)["documents"]) == 3
    assert len(page) < len(sample)


def test_an_empty_warehouse_has_a_report(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    pipeline.run(Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse"), pipeline.Here())
    assert "All 0 documents." in report.write(tmp_path / "warehouse").read_text(encoding="utf-8")


def test_a_folder_without_a_warehouse_has_none(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="there is no warehouse here"):
        report.write(tmp_path)


def test_a_report_that_cannot_be_drawn_fails_no_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert report.draw(tmp_path) is None
    assert "the tables are published all the same" in caplog.text
