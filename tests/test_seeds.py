"""The three stories that Dateline was asked for. They lie beside the repository, not in it."""

from datetime import date
from pathlib import Path

import pytest

from flows import Warehouse, pipeline
from flows.settings import Settings

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not beside this clone")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("seeds")
    row = pipeline.run(Settings(raw=SEEDS, warehouse=folder), pipeline.Here())
    assert (row["seen"], row["new"], row["rejected"]) == (3, 3, 0)
    return Warehouse(folder)


def test_footers_are_cut_to_the_character(seeds: Warehouse) -> None:
    cut = seeds.sql("SELECT text, spdx_id, rights_holder FROM removals WHERE kind <> 'header'")
    assert len(cut) == 2
    for row in cut.itertuples():
        assert row.text.strip().startswith("All Content by Mehr") and row.text.endswith("International License.")
        assert (row.spdx_id, row.rights_holder) == ("CC-BY-4.0", "Mehr News Agency")
    documents = seeds.table("documents").set_index("uri")
    assert sorted(documents.spdx_id.fillna("")) == ["", "CC-BY-4.0", "CC-BY-4.0"]
    assert not documents.text.str.contains("Creative Commons").any()


def test_the_header_gives_date_and_title(seeds: Warehouse) -> None:
    third = seeds.sql("FROM documents WHERE uri LIKE '003%'").iloc[0]
    assert third.published_on == date(2022, 9, 1) and third.published_method == "header"
    assert third.title.startswith("Russia & Iran growing closer")
    assert third.text.startswith("Iran's Foreign Minister")


def test_weekdays_are_resolved_where_the_day_is_known_and_left_open_where_not(seeds: Warehouse) -> None:
    dates = seeds.sql("SELECT uri, d.* FROM dates d JOIN documents USING (doc_id)")
    wednesday = dates[dates.uri.str.startswith("003") & dates.text.str.contains("Wednesday")]
    assert set(wednesday.value) == {"2022-08-31"} and set(wednesday.earliest) == {date(2022, 8, 31)}
    monday = dates[~dates.uri.str.startswith("003") & dates.text.str.contains("Monday")]
    assert len(monday) == 2
    assert all(value.startswith("XXXX-WXX-1") for value in monday.value)
    assert monday.earliest.isna().all()


@pytest.mark.parametrize(
    "forms",
    [
        ["Hossein Amir Abdollahian", "Amir Abdollahian", "Hossein Amir-Abdollahian", "Amir-Abdollahian"],
        ["Sergey Lavrov", "Sergei Lavrov", "Lavrov"],
        ["JCPOA", "Joint Comprehensive Plan of Action"],
        ["IAEA", "International Atomic Energy Agency"],
    ],
)
def test_one_thing_is_one_entity(seeds: Warehouse, forms: list[str]) -> None:
    mentions = seeds.sql("SELECT text, entity_id FROM entity_mentions")
    found = mentions[mentions.text.isin(forms)]
    assert set(found.text) == set(forms)
    assert found.entity_id.nunique() == 1


def test_no_lavrov_is_an_organisation_and_nothing_is_found_in_a_footer(seeds: Warehouse) -> None:
    mentions = seeds.sql("FROM mentions")
    assert set(mentions[mentions.text.str.contains("Lavrov")].label) == {"PERSON"}
    inside = seeds.sql("""
        SELECT m.text FROM mentions m JOIN removals r USING (doc_id)
        WHERE m.raw_start < r.raw_end AND m.raw_end > r.raw_start
    """)
    assert inside.empty
