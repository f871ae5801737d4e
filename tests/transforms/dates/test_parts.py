"""The parts of the tagger each on its own: words, patterns, numbers, named days, tense, order."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates.grammar import Grammar
from transforms.dates.named_days import easter, nth_weekday
from transforms.dates.narrative import quoted
from transforms.dates.numbers import quantity, small_number
from transforms.dates.patterns import Language
from transforms.dates.tense import direction
from transforms.dates.words import MEANINGS, TOKEN, Lexicon

LEXICON = Lexicon({"of", "the"})
LANGUAGE = Language({"DAYNUM": "(DAY | NTH)"}, LEXICON.symbols)


@given(st.text(max_size=300))
def test_tokens_stand_in_the_text(text: str) -> None:
    tokens, symbols = LEXICON.read(text)
    assert len(tokens) == len(symbols)
    reached = 0
    for token in tokens:
        assert reached <= token.start < token.end
        assert len(token.word) == token.end - token.start or not text[token.start : token.end].isascii() or " " in text
        reached = token.end


@given(st.one_of(st.text(max_size=200), st.text(alphabet="1290-/.:, 'aApPmMoO\nQsthy", max_size=60)))
def test_tokens_stand_where_the_pattern_finds_them(text: str) -> None:
    tokens, _ = LEXICON.read(text)
    assert [(t.start, t.end) for t in tokens] == [m.span() for m in TOKEN.finditer(text)]
    assert tokens.words == [t.word for t in tokens]


@pytest.mark.parametrize("gap", ["", "ordinary ", "Ordinary quite ordinary "])
def test_a_stretch_is_searched_as_the_whole_would_be(gap: str) -> None:
    grammar = Grammar()
    text = f"In the {gap}last two weeks of {gap}May 2012, {gap}on the 4th {gap}at 10 p.m., once a {gap}year."
    tokens, symbols = grammar.lexicon.read(text)
    found = [(m.rule.id, m.first, m.last) for m in grammar.matches(tokens, symbols)]
    grammar._stretches = re.compile(".+")
    assert found == [(m.rule.id, m.first, m.last) for m in grammar.matches(tokens, symbols)]
    assert found


def test_a_word_has_one_symbol_for_all_that_it_may_be() -> None:
    _, symbols = LEXICON.read("second Second may May 12 45")
    assert symbols[0] == symbols[1]
    assert symbols[0] in LEXICON.symbols.having("UNIT")
    assert symbols[0] in LEXICON.symbols.having("ORDINAL")
    assert symbols[2] not in LEXICON.symbols.having("MONTH")
    assert symbols[3] in LEXICON.symbols.having("MONTH")
    assert symbols[4] in LEXICON.symbols.having("DAY")
    assert symbols[5] not in LEXICON.symbols.having("DAY")


def test_every_class_of_words_is_used() -> None:
    grammar = Grammar()
    used = "".join(compiled.pattern for _, compiled, _ in grammar.compiled)
    code_only = {"MEASURED", "ANAPHORIC", "ADVANCE", "PART"}
    for name in set(MEANINGS) - code_only:
        assert set(grammar.lexicon.symbols.having(name)) & set(used), name


@pytest.mark.parametrize("pattern", ["n:MONTH (", "NOSUCHCLASS", "MONTH &", "MONTH ) ("])
def test_a_pattern_that_is_not_well_formed(pattern: str) -> None:
    with pytest.raises((ValueError, re.error)):
        re.compile(LANGUAGE.translate(pattern))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("MONTH DAYNUM", ["MONTH", "DAY NTH"]),
        ("(the)? MONTH of?", ["MONTH"]),
        ("MONTH{0,2} YEAR", ["YEAR"]),
        ("(?<=the) (MONTH | SEASON)", ["the", "MONTH SEASON"]),
        ("(MONTH | (the)?) YEAR", ["YEAR"]),
        ("(?!the) MONTH", ["MONTH"]),
    ],
)
def test_what_a_pattern_needs(pattern: str, words: list[str]) -> None:
    having = LEXICON.symbols.having
    expected = [frozenset("".join(having(name) for name in one_of.split())) for one_of in words]
    assert set(LANGUAGE.needed(pattern)) <= set(expected)
    assert set(expected) - set(LANGUAGE.needed(pattern)) <= {frozenset(having("the"))}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("three", 3.0),
        ("twenty - one", 21.0),
        ("two and a half", 2.5),
        ("half a", 0.5),
        ("1,500", 1500.0),
        ("2 1 / 2", 2.5),
        ("two hundred", 200.0),
        ("a dozen", 12.0),
        ("a couple of", 2.0),
        ("several", "X"),
        ("hundreds of", "X"),
        ("", None),
    ],
)
def test_quantities(words: str, number: float | str | None) -> None:
    assert quantity(words.split()) == number


def test_small_numbers() -> None:
    assert small_number(["twenty", "-", "first"]) == 21
    assert small_number(["3rd"]) == 3
    assert small_number(["of"]) is None


def test_easter() -> None:
    """Known days, the earliest and the latest of their centuries among them."""
    known = {1961: (4, 2), 1981: (4, 19), 2000: (4, 23), 2008: (3, 23), 2013: (3, 31), 2024: (3, 31), 2038: (4, 25)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known


@given(st.integers(1583, 9998))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    assert easter(year).isoweekday() == 7
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@given(st.integers(1600, 9000), st.integers(1, 12), st.integers(1, 7), st.sampled_from([1, 2, 3, 4, -1]))
def test_nth_weekday(year: int, month: int, weekday: int, nth: int) -> None:
    day = nth_weekday(year, month, weekday, nth)
    assert (day.month, day.isoweekday()) == (month, weekday)
    if nth > 0:
        assert (day.day - 1) // 7 == nth - 1
    else:
        assert day.day > 21


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The board will meet on X", 1),
        ("The board met on X", -1),
        ("The talks are to be held on X", 1),
        ("He announced that talks would resume on X", 1),
        ("It was said. On X the board", 0),
        ("X was cold", -1),
        ("set to begin on X", 1),
        ("He could not be reached on X", 0),
        ("They agreed to meet on X", 1),
        ("The house is to vote on X", 1),
        ("The shop did not open until X", -1),
        ("The shop is shut until X", 1),
        ("The fare rise takes effect X", 1),
        ("The lease expires in X", 1),
        ("Delegates meet on X", 1),
        ("Delegates met after X", -1),
        ("Mediators take Norway X", 0),
        ("Rangers sign keeper X", 0),
        ("It is said to have sunk X", -1),
        ("The winner is sworn in on X", 1),
        ("He is accused of an attack on X", -1),
        ("The review is on X", 1),
        ("The sale, set for X, drew crowds", 1),
        ("The sale was put back to X", 1),
        ("The family moved in X", -1),
        ("Copper for X delivery fell", 1),
        ("A curfew starting X was lifted", 1),
        ("Sales in the quarter beginning X rose", -1),
        ("Work on the dam ends by X", 1),
        ("All ferries back by X", 1),
        ("The ferries were back by X", -1),
        ("He ordered them to leave by X", 1),
        ("It won't open X", 1),
        ("She won X", -1),
        ("Two starts in X", 1),
        ("Housing starts in X rose", -1),
        ("She hit two home runs on X", -1),
    ],
)
def test_direction(text: str, expected: int) -> None:
    tokens, _ = LEXICON.read(text)
    place = next(i for i, token in enumerate(tokens) if token.word == "x")
    assert direction(tokens, place, place + 1) == expected


def test_quotations() -> None:
    tokens, _ = LEXICON.read('a "b c" d “e” f\n\n> g h\n\ni "j\n\nk')
    inside = [token.word for token, is_quoted in zip(tokens, quoted(tokens), strict=True) if is_quoted]
    assert "".join(word for word in inside if word.isalpha()) == "bceghj"
