"""The parts of the tagger each on its own: words, patterns, numbers, named days, tense, order."""

import re
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dates import words
from transforms.dates.grammar import Grammar
from transforms.dates.named_days import easter, nth_weekday
from transforms.dates.narrative import quoted
from transforms.dates.numbers import quantity, small_number
from transforms.dates.patterns import Language
from transforms.dates.senses import narrowed
from transforms.dates.tense import direction
from transforms.dates.words import MEANINGS, TOKEN, Lexicon
from transforms.rules import rules

EXAMPLES = [re.sub(r"[\[\]]", "", row["example"]) for row in (*rules("dates")["rule"], *rules("named_days")["day"])]
GRAMMAR = Grammar()
LEXICON = Lexicon({"of", "the"})
LANGUAGE = Language({"DAYNUM": "(DAY | NTH)"}, LEXICON.symbols)


PLACES = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="1290-/.:, 'aApPmMoO\n\rQsthy", max_size=60),
    st.lists(
        st.sampled_from(["a. m.", "b. c. e", "10", "x.", "\n", " ", "  \n\t\n", "d", "'98", "’s", "\x1c"]), max_size=20
    ).map("".join),
)


@given(PLACES)
def test_tokens_stand_where_the_pattern_finds_them(text: str) -> None:
    """White space parts a text into chunks, and these into tokens, as one search of the whole would."""
    tokens = LEXICON.read(text)
    expected = list(TOKEN.finditer(text))
    assert [tokens.span(n, n + 1) for n in range(len(tokens))] == [match.span() for match in expected]
    assert len(tokens.words) == len(tokens.symbols) == len(expected)
    assert [tokens.kind(n) for n in range(len(tokens))] == [
        "CAPITAL" if m.lastgroup == "WORD" and len(m[0]) < 15 and m[0] != m[0].lower() else m.lastgroup
        for m in expected
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_paragraphs_end_at_an_empty_line(end: str) -> None:
    text = f"a{end}b{end}{end}c{end} \t{end}d{end}{end}{end}e"
    assert [word for word in LEXICON.read(text).words if word == words.BREAK] == [words.BREAK] * 3
    assert len(LEXICON.read(text)) == 8


def test_what_the_lexicon_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST_REMEMBERED", 10)
    lexicon = Lexicon({"of", "the"})
    text = " ".join(f"word{n}x of" for n in range(50))
    assert lexicon.read(text).symbols == LEXICON.read(text).symbols
    assert len(lexicon) <= 10


@pytest.mark.parametrize("gap", ["", "ordinary ", "Ordinary quite ordinary "])
def test_a_stretch_is_searched_as_the_whole_would_be(gap: str) -> None:
    grammar = Grammar()
    text = f"In the {gap}last two weeks of {gap}May 2012, {gap}on the 4th {gap}at 10 p.m., once a {gap}year."
    tokens = grammar.lexicon.read(text)
    found = [(m.rule.id, m.first, m.last) for m in grammar.matches(tokens)]
    grammar._stretches = re.compile(".+")
    assert found == [(m.rule.id, m.first, m.last) for m in grammar.matches(tokens)]
    assert found


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_rules_are_left_out_only_where_they_cannot_match(examples: list[str], chance: Random) -> None:
    """With every rule tried on the whole text nothing else is found, whatever words of the examples stand together."""
    pieces = " ".join(examples).split()
    chance.shuffle(pieces)
    for text in (" ".join(examples), " ".join(pieces)):
        tokens = GRAMMAR.lexicon.read(text)
        everywhere = {
            compiled.span(match) for compiled in GRAMMAR.compiled for match in compiled.pattern.finditer(tokens.symbols)
        }
        taken = {(m.first, m.last) for m in GRAMMAR.matches(tokens)}
        reached = 0
        for first, last in sorted(everywhere, key=lambda span: (span[0], -span[1])):
            if first >= reached and last > first:
                assert (first, last) in taken
                reached = last


def test_a_word_has_one_symbol_for_all_that_it_may_be() -> None:
    symbols = LEXICON.read("second Second may May 12 45").symbols
    assert symbols[0] == symbols[1]
    assert symbols[0] in LEXICON.symbols.having("UNIT")
    assert symbols[0] in LEXICON.symbols.having("ORDINAL")
    assert symbols[2] not in LEXICON.symbols.having("MONTH")
    assert symbols[3] in LEXICON.symbols.having("MONTH")
    assert symbols[4] in LEXICON.symbols.having("DAY")
    assert symbols[5] not in LEXICON.symbols.having("DAY")


def test_every_class_of_words_is_used() -> None:
    grammar = Grammar()
    used = "".join(compiled.pattern.pattern for compiled in grammar.compiled)
    code_only = {"MEASURED", "ANAPHORIC", "ADVANCE", "PART", "FUNCTION"}
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
        ("2 / 3", 2 / 3),
        ("1 / 0", None),
        ("2 1 / 0", None),
        ("0", 0.0),
        ("a", 1.0),
        ("", 1.0),
    ],
)
def test_quantities(words: str, number: float | str | None) -> None:
    assert quantity(words.split()) == number


def test_a_number_that_is_not_named() -> None:
    assert [quantity(words, "X") for words in ([], ["a"], ["0"])] == ["X", "X", 0.0]


@pytest.mark.parametrize(
    ("value", "morning"),
    [
        ("2013-03-22", "2013-03-22TMO"),
        ("2013-03-22TNI", "2013-03-22TMO"),
        ("2013-W12-WE", "2013-W12-WETMO"),
        ("2013-03", "2013-03-XXTMO"),
        ("2013-SU", "2013-XX-XXTMO"),
        ("2013", "2013-XX-XXTMO"),
        ("BC0044", "BC0044-XX-XXTMO"),
        ("201", "XXXX-XX-XXTMO"),
        ("2", "XXXX-XX-XXTMO"),
        ("PRESENT_REF", "XXXX-XX-XXTMO"),
    ],
)
def test_part_of_a_day(value: str, morning: str) -> None:
    assert narrowed(value, "TMO") == morning


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
    tokens = LEXICON.read(text)
    place = tokens.words.index("x")
    assert direction(tokens, place, place + 1) == expected


def test_quotations() -> None:
    tokens = LEXICON.read('a "b c" d “e” f\n\n> g h\n\ni "j\n\nk')
    inside = [word for word, is_quoted in zip(tokens.words, quoted(tokens), strict=True) if is_quoted]
    assert "".join(word for word in inside if word.isalpha()) == "bceghj"
