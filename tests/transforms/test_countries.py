"""Countries, nationalities and cities by name."""

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.countries import place
from transforms.rules import rules
from transforms.spelling import fold

ROWS = rules("countries")["countries"]


def code(name: str, label: str = "GPE") -> str | None:
    found = place(name, label)
    return found.country if found else None


def test_the_table_has_every_code_once() -> None:
    codes = [row["code"] for row in ROWS]
    assert len(codes) == len(set(codes))
    assert set(codes) == {country.alpha_2 for country in pycountry.countries}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_each_row(row: dict[str, list[str]]) -> None:
    ambiguous = set(map(fold, rules("countries")["ambiguous"]))
    for name in (row["name"], *row.get("also", ())):
        found = place(str(name), "GPE")
        assert found and (found.country, found.kind) == (row["code"], "country"), name
    for people in row.get("people", ()):
        for form in (people, people.upper()):
            found = place(form, "NORP")
            assert found and (found.country, found.kind) == (row["code"], "people"), form
        assert place(people, "PERSON") is None
    for group in (*row.get("cities", ()), *row.get("parts", ()), *filter(None, [row.get("capital")])):
        for city in group.split("/"):
            assert code(city) == row["code"], city
            assert fold(city) not in ambiguous


def test_states_are_in_their_country_under_their_abbreviations() -> None:
    states = rules("countries")["states"]
    for group in states["names"]:
        name, *short = group.split(" / ")
        assert {place(each, "GPE") for each in short} <= {
            place(short[0], "GPE") if name in states["apart"] else place(name, "GPE")
        }
        assert {code(each) for each in short} <= {"US"}
        assert code(name) == (None if name in states["apart"] else "US"), name
    short, name = states["example"]
    assert place(short, "GPE") == place(name, "GPE") is not None
    assert code("Ind") is code("MASS") is code("Pa.", "PERSON") is code("la") is None


def test_official_names_of_the_standard_are_known() -> None:
    """pycountry has ISO 3166's official names: most are a style and the short name."""
    official = [(c.alpha_2, c.official_name) for c in pycountry.countries if hasattr(c, "official_name")]
    wrong = [(alpha, name) for alpha, name in official if code(name) not in (alpha, None)]
    known = [alpha for alpha, name in official if code(name) == alpha]
    assert wrong == []
    assert len(known) / len(official) > 0.85


def test_no_name_stands_in_two_rows() -> None:
    names: dict[str, str] = {}
    for row in ROWS:
        for name in map(fold, (row["name"], *row.get("also", ()), *row.get("people", ()))):
            assert names.setdefault(name, row["code"]) == row["code"], name


@pytest.mark.parametrize(
    ("name", "label", "country"),
    [
        ("the United States", "GPE", "US"),
        ("U. S.", "GPE", "US"),
        ("Us", "ORG", None),
        ("us", "GPE", None),
        ("Georgia", "GPE", None),
        ("State of Georgia", "GPE", None),
        ("Republic of Georgia", "GPE", "GE"),
        ("Korea", "GPE", None),
        ("Republic of Korea", "GPE", "KR"),
        ("Republic of the Congo", "GPE", "CG"),
        ("Democratic Republic of Congo", "GPE", "CD"),
        ("Republic of Ireland", "GPE", "IE"),
        ("Bank of France", "ORG", None),
        ("Iran's", "GPE", "IR"),
        ("IRAN", "ORG", "IR"),
        ("Islamic Republic of Iran", "GPE", "IR"),
        ("Türkiye", "GPE", "TR"),
        ("Tehran", "ORG", None),
        ("Kiev", "GPE", "UA"),
        ("Washington", "GPE", None),
        ("Germans", "NORP", "DE"),
        ("Dutchmen", "NORP", "NL"),
        ("Frenchwomen", "NORP", "FR"),
        ("Iranian-American", "NORP", None),
        ("Kurds", "NORP", None),
        ("Saudi", "GPE", "SA"),
        ("Dutch", "ORG", None),
        ("Islamic State of Iraq", "ORG", None),
        ("Laos", "NORP", "LA"),
        ("Chad", "PERSON", None),
        ("Germany", "NORP", "DE"),
    ],
)
def test_place(name: str, label: str, country: str | None) -> None:
    assert code(name, label) == country


def test_names_of_one_city_are_one_place() -> None:
    assert place("Mumbai", "GPE") == place("Bombay", "GPE")
    assert place("England", "GPE") != place("Britain", "GPE")


@given(st.text(max_size=60), st.sampled_from(["GPE", "ORG", "NORP", "PERSON", "?"]))
def test_any_name_gets_an_answer(name: str, label: str) -> None:
    assert code(name, label) is None or len(str(code(name, label))) == 2
