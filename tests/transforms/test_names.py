"""Names of people: their parts, and whether two are one person's. All are invented or in the history books."""

import csv
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_linear
from transforms.aliases import cluster
from transforms.models import AliasCount
from transforms.name_words import Likeness, likeness
from transforms.names import parse_person
from transforms.rules import rules

PAIRS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "entities" / "name_pairs.csv"


def one_entity(one: str, other: str) -> bool:
    """Whether a corpus of two names, the second of them rare, has one entity: what a run says of them."""
    return len(cluster([AliasCount(one, "PERSON", 9, 9), AliasCount(other, "PERSON", 2, 2)])) == 1


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. Anna Svensson, Ph.D.", "anna svensson"),
        ("SVENSSON, Anna Maria", "anna maria svensson"),
        ("Anna Svensson, 45", "anna svensson"),
        ("Anna Svensson, the mayor", "anna svensson"),
        ('Anna "Nan" Svensson', "anna svensson"),
        ("Ludwig van Beethoven", "ludwig beethoven"),
        ("von Bismarck", "bismarck"),
        ("Van der Aalst", "aalst"),
        ("Al Capone", "al capone"),
        ("al-Farabi", "farabi"),
        ("President al-Farabi", "farabi"),
        ("Sheikh Al-Farabi", "farabi"),
        ("Abd al-Karim Qasim", "abdulkarim qasim"),
        ("Abdel Karim Qasim", "abdulkarim qasim"),
        ("Nasr al-Din Khan", "nasruddin khan"),
        ("C.S. Lewis", "c s lewis"),
        ("CS Lewis", "c s lewis"),
        ("Saint-Exupéry", "saintexupery"),
        ("Antoine de Saint-Exupéry", "antoine saint exupery"),
        ("King Leopold", "king leopold"),
        ("King Leopold Aumann", "leopold aumann"),
        ("President", "president"),
        ("Ирина Попова", "irina popova"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_parts(name: str, parts: str) -> None:
    assert " ".join(parse_person(name).words) == parts


def test_generation_and_nickname_are_kept_apart() -> None:
    assert parse_person("Karl Aumann, Jr.").generation == "jr"
    assert parse_person("Karl Aumann III").generation == "iii"
    assert parse_person("Luis (Jerry) Soto").called == "jerry"


@pytest.mark.parametrize(
    "names",
    [
        "Sergei Prokofiev|Sergey Prokofiev|Sergej Prokofiev|Sergei Sergeyevich Prokofiev|S. Prokofiev",
        "Fyodor Dostoyevsky|Fyodor Dostoevsky|Fyodor Mikhailovich Dostoyevsky",
        "Mohammed Karim Harthi|Muhammad Karim al-Harthi|Mohamed Karim el-Harthi",
        "Gamal Abdel Nasser|Gamal Abd al-Nasser|Jamal Abdul Nasser|Jamal Abd el Nasser",
        "Saad bin Khalid|Saad ibn Khalid|Sa'ad ben Khaled",
        "Zhao Mingde|Mingde Zhao|Zhao Ming-de|ZHAO Mingde",
        "Pak Chol-su|Pak Chol Su|Pak Cholsu",
        "Zoltán Kodály|Zoltan Kodaly|Kodály, Zoltán",
        "José Luis Soto Vidal|Jose Luis Soto Vidal|Jose L. Soto Vidal",
        "Jean-Baptiste Colbert|Jean Baptiste Colbert|J.-B. Colbert",
        "Otto von Bismarck|Otto Von Bismarck|Otto Bismarck|Prince Otto von Bismarck",
        "Willem van der Veen|Willem Van Der Veen|Willem van der Veen Jr.",
        "Harald Jónsson|Harald Jonsson",
        "Pyotr Tchaikovsky|Pyotr Chaikovsky|Pyotr Ilyich Tchaikovsky",
        "William Harlow|Bill Harlow|Billy Harlow",
        "Dr. Anna Svensson|Anna Svensson, M.D.|Prof. Anna K. Svensson",
        "Wendelin Bockmann|Wendelin Bokmann",
        "习近平|Xi Jinping",
        "Иван Тургенев|Ivan Turgenev",
    ],
)
def test_one_person(names: str) -> None:
    first, *others = names.split("|")
    for other in others:
        assert one_entity(first, other), other
        assert one_entity(other, first), other


@pytest.mark.parametrize(
    "names",
    [
        "George W. Bush|George H. W. Bush",
        "Kim Jong Un|Kim Jong Il|Kim Il Sung",
        "Hans Friedrich|Friedrich Hans",
        "John Quincy Adams|John Emory Adams|Samuel Adams|Adams",
        "Karl Aumann Sr.|Karl Aumann Jr.",
        "Maria Soto|Mario Soto|Marisol Soto",
        "Sergei Ivanovich Popov|Sergei Petrovich Popov",
        "Lyudmila Popova|Lyudmil Popov",
        "Hassan Harthi|Hussein Harthi|Hashim Harthi",
        "Salman bin Khalid al-Harthi|Khalid bin Salman al-Harthi",
        "Khalid al-Harthi|Khalid al-Dosari",
        "Pak Chol Su|Pak Chol Min|Pak Song Su",
        "Zhao Mingde|Zhao Minghui|Zhou Mingde",
        "Alan Miller|Allen Miller",
        "Juan Soto Vidal|Juan Vidal Soto",
        "Peter Hansen|Peter Johansen",
        "Elizabeth I|Elizabeth II",
        "A. Harlow|William Harlow",
        "William Harlow|President Harlow",
        "Tom Lind|Tom Lindberg",
        "John Smith|John Smit",
    ],
)
def test_different_people(names: str) -> None:
    for one, other in combinations(names.split("|"), 2):
        if min(len(parse_person(name).words) for name in (one, other)) > 1:  # a bare surname joins its only bearer
            assert not one_entity(one, other), (one, other)
            assert not one_entity(other, one), (other, one)


@pytest.mark.parametrize("row", rules("people")["titles"], ids=lambda row: row["kind"])
def test_titles_are_no_part_of_a_name(row: dict[str, str]) -> None:
    assert " ".join(parse_person(row["example"]).words) == row["expected"]


def test_what_follows_a_name_is_no_part_of_it() -> None:
    row = rules("people")["after"]
    assert " ".join(parse_person(row["example"]).words) == row["expected"]


@pytest.mark.parametrize("list_name", ["particles", "surname_first"])
def test_examples_of_word_lists(list_name: str) -> None:
    for one, other in rules("people")[list_name]["examples"]:
        assert one_entity(one, other) or parse_person(one).words == parse_person(other).words


@pytest.mark.parametrize("row", rules("people")["forms"], ids=lambda row: row[0])
def test_forms_of_one_given_name(row: list[str]) -> None:
    for one, other in combinations(row, 2):
        assert one_entity(f"{one} Bergstrom", f"{other} Bergstrom"), (one, other)


@pytest.mark.parametrize("row", rules("people")["apart"], ids="-".join)
def test_names_that_only_sound_alike(row: list[str]) -> None:
    assert not one_entity(f"{row[0]} Bergstrom", f"{row[1]} Bergstrom")


@pytest.mark.parametrize("row", rules("people")["nicknames"], ids=lambda row: row["short"][0])
def test_nicknames_shorten_but_do_not_equal(row: dict[str, list[str]]) -> None:
    for full in row["of"]:
        for short in row["short"]:
            assert likeness(short, full) in (Likeness.SHORT, Likeness.SAME), (short, full)


def test_no_title_is_a_particle_or_generation() -> None:
    table = rules("people")
    titles = {word for row in table["titles"] for word in row["words"]}
    assert not titles & set(table["generations"])
    assert set(table["particles"]["given_too"]) <= set(table["particles"]["words"])


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_strings_compare_the_same_both_ways(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(
    st.lists(
        st.sampled_from(
            [
                "Anna",
                "Karl",
                "von",
                "bin",
                "al",
                "Jr.",
                "Soto",
                "K.",
                "M.",
                "Pak",
                "Mohammed",
                "Abdul",
                ",",
                "(",
                '"',
                "'",
            ]
        ),
        max_size=7,
    )
)
def test_names_of_odd_parts_equal_themselves(parts: list[str]) -> None:
    name = " ".join(parts)
    assert one_entity(name, name)


@pytest.mark.parametrize(
    "text", ["'" * 10**6, " (" * 10**6, ' "a' * 10**6, "Anna, " * 10**6, "bin " * 10**6, "A" * 10**6]
)
def test_a_megabyte_takes_linear_time(text: str) -> None:
    assert_linear(lambda t: one_entity(t, t + "b"), text[: len(text) // 8], text)


def test_pairs_of_the_dev_set() -> None:
    if not PAIRS.exists():
        pytest.skip("the shared corpora are not here")
    rows = list(csv.DictReader(PAIRS.open(encoding="utf-8")))
    said = [(one_entity(row["name1"], row["name2"]), row["is_match"] == "true") for row in rows]
    right, wrong, missed = said.count((True, True)), said.count((True, False)), said.count((False, True))
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.51
