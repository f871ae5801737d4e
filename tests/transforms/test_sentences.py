from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_linear
from transforms.rules import rules
from transforms.sentences import MAX_CHARS, split, unwrap


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize("row", rules("sentences")["abbreviation"] + [rules("sentences")["starters"]])
def test_rule_example(row: dict[str, Any]) -> None:
    assert len(sentences(row["example"])) == row["splits"], sentences(row["example"])


@pytest.mark.parametrize(
    "expected",
    [
        ["The rate rose to 3.5 percent.", "Nobody was surprised!", "Why?", "Nobody knows."],
        ["“We will not leave,” she said.", "“Never!”", "The crowd cheered."],
        ['"Is it over?" he asked.', '"It is."', "He sat down."],
        ["The talks ... went on until dawn.", "They ended well…", "Then came the rain."],
        ["J. R. Hale and W. Brandt met at 6 p.m. on Monday.", "They parted at 7 p.m.", "It rained."],
        ["(He was late.)", "The train was not."],
        ["1. Germany beat Italy.", "2. France lost."],
        ["彼は来た。", "彼女も来た。"],
    ],
)
def test_one_line(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_glued_sentences() -> None:
    assert sentences("They signed the deal.The minister left.“Good,” he said.") == [
        "They signed the deal.",
        "The minister left.",
        "“Good,” he said.",
    ]
    assert len(sentences("He works at node.js and www.example.com in Dr.Hale's lab.")) == 1


def test_paragraph_and_headline_end_without_a_stop() -> None:
    assert sentences("Rain stops play\n\nThe match was called off.\nSmith 3-1 Brown\nHale 2-0 Ruiz") == [
        "Rain stops play",
        "The match was called off.",
        "Smith 3-1 Brown",
        "Hale 2-0 Ruiz",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_carriage_returns(end: str) -> None:
    text = f"By Ada Lund{end}{end}OSLO (Reuters) - The ferry left.{end}Smith 3-1 Brown"
    spans = split(text)
    assert [text[s:e] for s, e in spans] == ["By Ada Lund", "OSLO (Reuters) - The ferry left.", "Smith 3-1 Brown"]
    assert unwrap(text, spans) == text.replace("\r\n", " \n").replace("\r", "\n")


def test_wrapped_lines_are_one_sentence() -> None:
    text = (
        "The harbour was closed for a third day on Wednesday after the port of\n"
        "Trieste reported waves of six metres, and the ferry company Adria\n"
        "Lines said that nobody would sail before Friday.\n"
        "   The mayor said so too.\n"
    )
    assert len(sentences(text)) == 2
    assert unwrap(text, split(text)) == text.replace("of\nT", "of T").replace("Adria\nL", "Adria L")
    assert split(text.replace("\n", "\r")) == split(text)


def test_long_lines_of_results_are_not_wrapped() -> None:
    line = (
        "Race: 1. Ada Hale (Norway) 43.52 seconds 2. Per Moss (Chile) 43.90 3. Jo Lund (Kenya) 44.07 4. Bo Ruiz (Peru)"
    )
    text = "\n".join(["The results of the races on the third day of the meeting:", *[line] * 6])
    assert unwrap(text, split(text)) == text


@given(st.text(alphabet=st.sampled_from('aB. \n\r!?"”(1\u00a0\u3002é.')) | st.text())
def test_covers_every_character_once(text: str) -> None:
    spans = split(text)
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    assert all(text[s:e] == text[s:e].strip() for s, e in spans)
    assert len(unwrap(text, spans)) == len(text)
    assert all({"\n", "\r"}.isdisjoint(unwrap(text, spans)[s:e]) for s, e in spans)


@pytest.mark.parametrize("unit", ["\r", "\r\n", "a\r", "\r a"])
def test_many_carriage_returns_take_linear_time(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    assert_linear(lambda text: unwrap(text, split(text)), text[:50_000], text)


@pytest.mark.parametrize(
    "unit",
    ["word ", "a", ".", "\n", " ", "A. ", ". A", '."', "\n\n", "é. É", "St. ", "a.B", "\n a", "\u2028", "(((", "1."],
)
def test_a_hostile_text_is_split_in_linear_time(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    assert_linear(split, text[:50_000], text)
    assert all(end - start <= MAX_CHARS for start, end in split(text))
