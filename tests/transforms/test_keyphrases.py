"""Keyphrases: noun-like, cased as in the text, none within another, from one document alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_bounded
from transforms.keyphrases import keyphrases
from transforms.rules import rules

TITLE = "Harbour town votes on offshore wind farm"
TEXT = (
    "Residents of Port Ellery voted on Tuesday for an offshore wind farm that will power 90,000 homes. The "
    "offshore wind farm, planned by Norcross Energy, had divided the harbour town for years. Fishermen said "
    "the turbines would close their best grounds. Norcross Energy promised a compensation fund for the "
    "fishermen. Mayor Elsie Grant called the vote a turning point. Grant has asked the ministry to speed up "
    "the grid connection."
)


def phrases(text: str, title: str | None = None) -> list[str]:
    return [found.phrase for found in keyphrases(title, text)]


@pytest.mark.parametrize("example", rules("keyphrases")["examples"])
def test_the_examples_of_the_rules(example: dict[str, str]) -> None:
    assert phrases(example["text"]) == example["phrases"]


def test_the_phrases_say_what_the_text_is_about() -> None:
    found = phrases(TEXT, TITLE)
    assert {"offshore wind farm", "Norcross Energy", "Port Ellery"} <= set(found[:6])
    assert "compensation fund" in found


def test_a_full_name_stands_for_the_surname() -> None:
    found = phrases(TEXT)
    assert any(phrase.endswith("Elsie Grant") for phrase in found)
    assert "Grant" not in found


def test_phrases_end_in_a_noun_and_begin_with_no_stop_word() -> None:
    assert phrases("They quickly announced that it was very good and then they slowly went.") == []
    assert set(phrases("The new bridge across the river collapsed.")) == {"bridge", "river"}


def test_a_sentence_end_breaks_a_phrase() -> None:
    found = phrases("Smoke came from the engine. Passengers left the ferry.")
    assert {"engine", "Passengers"} <= set(found)
    assert {"ferry", "Heatwave"} <= set(phrases("Smoke on the ferry\nHeatwave continues"))


def test_a_possessive_is_no_part_of_a_phrase() -> None:
    assert phrases("Ellery's lighthouse keeper") == ["lighthouse keeper", "Ellery"]


def test_frequent_and_rare_come_first() -> None:
    found = keyphrases(
        None, "The lighthouse was dark. The lighthouse keeper lit the lighthouse. A plan was made. The money came."
    )
    assert found[0].phrase.startswith("lighthouse")
    assert found[0].score == 1.0


@given(title=st.none() | st.text(max_size=100), text=st.text(max_size=1_000))
def test_any_text_is_taken(title: str | None, text: str) -> None:
    found = keyphrases(title, text)
    assert len(found) <= 10
    assert [phrase.score for phrase in found] == sorted((phrase.score for phrase in found), reverse=True)
    assert all(0 <= phrase.score <= 1 for phrase in found)
    assert all(1 <= len(phrase.phrase.split(" ")) <= 4 for phrase in found)


WORDS = st.sampled_from(
    [
        "Norcross",
        "Energy",
        "offshore",
        "wind",
        "farm",
        "the",
        "of",
        "said",
        "town.",
        "Elsie",
        "Grant,",
        "vaccine",
        "new",
    ]
)


@given(st.lists(WORDS, max_size=80))
def test_no_phrase_stands_within_another_and_all_stand_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    found = phrases(text)
    assert all(phrase in text for phrase in found)
    low = [f" {phrase.lower()} " for phrase in found]
    assert not [(a, b) for a in low for b in low if a is not b and a in b]
    assert phrases(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "\n" * 1_000_000,
        "\n " * 500_000,
        "wind farm " * 100_000,
        "a-" * 500_000,
        "a'" * 500_000,
        "A.B." * 250_000,
        "_" * 1_000_000,
        "\0" * 1_000_000,
        "farm\n" * 200_000,
    ],
)
def test_a_megabyte_takes_no_longer_than_a_page(text: str) -> None:
    assert_bounded(lambda t: keyphrases(t, t), text[:20_000], text)
