"""What the tagger promises of any text, and what it makes of the hard ones."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cost import assert_linear
from transforms import dates
from transforms.dates.senses import SENSES
from transforms.dates.values import value_bounds
from transforms.models import Timex
from transforms.rules import rules

FRIDAY = date(2013, 3, 22)
TODAY_AT_FOUR = "2013-03-22T04:00"
WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "on the of last next this past three 12 1998 2013 ' s - , . ( ) May March Monday Fri Sept day days week month "
        "year years ago later earlier early late mid end summer fall quarter first second half a an and to from until "
        "will was 10:30 a.m. pm UTC 3/4/2005 4th '98 1990s B.C. AD today now recent century every each since \" “ ” "
        "more than less at least under over",
    )
)
POINT_MODS = ["START", "MID", "END", "APPROX", "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER"]
DURATION_MODS = ["START", "MID", "END", "APPROX", "LESS_THAN", "MORE_THAN", "EQUAL_OR_LESS", "EQUAL_OR_MORE"]
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join))


def found(text: str, published: date | None = FRIDAY) -> list[tuple[str, str | None]]:
    return [(text[t.start : t.end], t.value) for t in dates.tag(text, published)]


def values(text: str, published: date | None = FRIDAY) -> list[str | None]:
    return [value for _, value in found(text, published)]


def checked(text: str, timexes: list[Timex]) -> None:
    reached = 0
    for t in timexes:
        assert reached <= t.start < t.end <= len(text)
        assert text[t.start : t.end] == text[t.start : t.end].strip()
        reached = t.end
        assert t.type in ("DATE", "TIME", "DURATION", "SET")
        assert t.anchor in ("none", "published", "previous")
        assert t.mod in (None, *(POINT_MODS if t.type in ("DATE", "TIME") else DURATION_MODS))
        assert t.value
        known = value_bounds(t.value)
        assert known.granularity or t.value.endswith("_REF")
        assert t.granularity == known.granularity
        if t.rule.endswith("+range"):
            assert t.earliest and t.latest and (t.earliest == known.earliest or t.latest == known.latest)
        else:
            assert (t.earliest, t.latest) == (known.earliest, known.latest)
        assert t.earliest is None or (t.latest is not None and t.earliest <= t.latest)


@example("1900-TODAY-1900", date(2000, 1, 1))
@settings(max_examples=300, deadline=None)
@given(TEXTS, st.one_of(st.none(), st.dates()))
def test_any_text(text: str, published: date | None) -> None:
    timexes = dates.tag(text, published)
    checked(text, timexes)
    assert timexes == dates.tag(text, published)
    dates.bounds(timexes)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_without_a_date_of_publication_nothing_is_reckoned_from_it(text: str) -> None:
    assert all(t.anchor != "published" for t in dates.tag(text, None))


@given(
    st.sampled_from(["Monday", "last Tuesday", "next Friday", "Sunday morning", "late Saturday", "today", "yesterday"]),
    st.dates(date(1900, 1, 1), date(2090, 1, 1)),
    st.integers(-50, 50),
)
def test_whole_weeks_shift_weekdays_alike(expression: str, published: date, weeks: int) -> None:
    text = f"The bridge was closed {expression}."
    here, there = (dates.tag(text, day)[0] for day in (published, published + timedelta(7 * weeks)))
    assert here.earliest is not None
    assert there.earliest is not None
    assert there.earliest - here.earliest == timedelta(7 * weeks)


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(1, 7))
def test_a_weekday_is_the_most_recent_one(published: date, number: int) -> None:
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[number - 1]
    day = dates.tag(f"The bridge was closed on {name}.", published)[0].earliest
    assert day is not None
    assert day.isoweekday() == number
    assert timedelta(0) <= published - day < timedelta(7)


@given(TEXTS, st.text(alphabet="x \n", max_size=20))
@settings(max_examples=100, deadline=None)
def test_what_stands_before_moves_the_offsets_alone(text: str, before: str) -> None:
    lead = before + "x.\n\n"
    shift = len(lead)
    moved = [(t.start - shift, t.end - shift, t.value) for t in dates.tag(lead + text, FRIDAY)]
    assert moved == [(t.start, t.end, t.value) for t in dates.tag(text, FRIDAY)]


HOSTILE = [
    *("a", "1 ", "1998 ", "May ", "May 3 ", "\n", "1.", "1:", "the ", "quite early ", '"', "'", "days ", "May-", " "),
    *("a few other of ", "two hundred and ", "10:30 a.m. ", "10:30 on May 3 ", "1/2/", "1,000,", "twenty-one-", "\0"),
    *("more than ", "😀", "a. m", "the end of ", '" May 3 the day ', "شنبه ", "1" * 50 + " "),
]


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    text = (piece * (32_000 // len(piece) + 1))[:32_000]
    assert_linear(lambda t: dates.tag(t, FRIDAY), text[:4_000], text)


def test_a_million_characters_on_one_line() -> None:
    text = "The mayor spoke for three hours on Monday, March 4, 2013. " * 17_500
    assert len(dates.tag(text, FRIDAY)) == 2 * 17_500


def test_every_rule_has_its_sense() -> None:
    assert {row["sense"] for row in rules("dates")["rule"]} | {"day_with_name"} == set(SENSES)
    assert set(rules("dates")["sense"]) <= set(SENSES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # modifiers are taken in, prepositions are not
        ("It rose nearly two years ago.", [("nearly two years ago", "2011")]),
        ("It rose in the past three years.", [("the past three years", "P3Y")]),
        ("It closed at the end of last month.", [("the end of last month", "2013-02")]),
        ("They met late Monday.", [("late Monday", "2013-03-18")]),
        ("It is popular in the mid-1990s.", [("the mid-1990s", "199")]),
        # a clock time and its day
        ("They met at 10 p.m. on Tuesday.", [("10 p.m.", "2013-03-19T22:00"), ("Tuesday", "2013-03-19")]),
        ("They met at 8:30 a.m. Friday.", [("8:30 a.m. Friday", "2013-03-22T08:30")]),
        ("On Tuesday they met at 10 p.m.", [("Tuesday", "2013-03-19"), ("10 p.m.", "2013-03-19T22:00")]),
        ("They met on the morning of March 3.", [("the morning of March 3", "2013-03-03TMO")]),
        ("It sank at 4:30 on Sunday afternoon.", [("4:30", "2013-03-17T16:30"), ("Sunday afternoon", "2013-03-17TAF")]),
        ("It sank just after midnight Sunday.", [("midnight Sunday", "2013-03-17T24:00")]),
        ("He will speak at 8 p.m. tonight.", [("8 p.m. tonight", "2013-03-22T20:00")]),
        ("It fell on the twenty-first of March.", [("the twenty-first of March", "2013-03-21")]),
        ("It came three days later than planned.", [("three days", "P3D")]),
        # what is joined shares what it leaves out
        ("It fell in March and April 1918.", [("March", "1918-03"), ("April 1918", "1918-04")]),
        ("It ran from December to May 2012.", [("December", "2011-12"), ("May 2012", "2012-05")]),
        ("It ran from April to June.", [("April", "2012-04"), ("June", "2012-06")]),
        ("It ran from December 2011 to March.", [("December 2011", "2011-12"), ("March", "2012-03")]),
        ("It ran on 5-9 May 2012.", [("5", "2012-05-05"), ("9 May 2012", "2012-05-09")]),
        ("Terms of between 12 and 18 months.", [("12", "P12M"), ("18 months", "P18M")]),
        # a quarter of last year beside this one's
        (
            "Sales rose in February from the same month a year ago.",
            [("February", "2013-02"), ("the same month a year ago", "2012-02")],
        ),
        ("Up in Q3 2012 from a year earlier.", [("Q3 2012", "2012-Q3"), ("a year earlier", "2011-Q3")]),
        ("A rise over two years, the first in over six months.", [("two years", "P2Y"), ("over six months", "P6M")]),
        # ahead and behind
        ("They will meet on Monday.", [("Monday", "2013-03-25")]),
        ("It stays closed until Sunday.", [("Sunday", "2013-03-24")]),
        ("The vote is due in October.", [("October", "2013-10")]),
        ("The vote was held in October.", [("October", "2012-10")]),
        ("The fare rises Jan. 1; the old one expires Dec. 31.", [("Jan. 1", "2013-01-01"), ("Dec. 31", "2013-12-31")]),
        ("Rangers meet Celtic on Sunday.", [("Sunday", "2013-03-24")]),
        ("Copper for December delivery fell.", [("December", "2013-12")]),
        ("The trial, set for May 8, was moved to Nov. 5.", [("May 8", "2013-05-08"), ("Nov. 5", "2013-11-05")]),
        ("All ferries stop by the weekend.", [("the weekend", "2013-W12-WE")]),
        # the day of the event that was told before
        ("The dam broke Tuesday. It gave way at 4 a.m.", [("Tuesday", "2013-03-19"), ("4 a.m.", "2013-03-19T04:00")]),
        ("It burned last night. By 3 a.m. it fell.", [("last night", "2013-03-21TNI"), ("3 a.m.", "2013-03-22T03:00")]),
        ("The fair opens Sunday. Gates open at 9 a.m.", [("Sunday", "2013-03-24"), ("9 a.m.", "2013-03-24T09:00")]),
        ("On Tuesday it fell. At 4 a.m. today it rose.", [("Tuesday", "2013-03-19"), ("4 a.m. today", TODAY_AT_FOUR)]),
        # what the text named before, at the grain that is asked for
        (
            "Output fell in January, the office said Monday. The previous month it rose.",
            [("January", "2013-01"), ("Monday", "2013-03-18"), ("The previous month", "2012-12")],
        ),
        (
            "Sales rose in the three months to Dec. 31, against the same quarter of 2010.",
            [("the three months", "P3M"), ("Dec. 31", "2012-12-31"), ("the same quarter of 2010", "2010-Q4")],
        ),
        ("A loss for the fiscal year ended June 30.", [("the fiscal year", "FY2012"), ("June 30", "2012-06-30")]),
        ("A loss for the fiscal year ended Dec. 31.", [("the fiscal year", "2012"), ("Dec. 31", "2012-12-31")]),
        ("Profit fell in Q4. For the year it rose.", [("Q4", "2012-Q4"), ("the year", "2012")]),
        ("Profit fell in Q4. It may rise in the year.", [("Q4", "2012-Q4"), ("the year", "2013")]),
        ("They expect it to post first-quarter earnings.", [("first-quarter", "2013-Q1")]),
        # the verb `last`, and what lies in the past
        ("The strike will last two weeks.", [("two weeks", "P2W")]),
        ("It rose in the last two weeks.", [("the last two weeks", "P2W")]),
        ("Previously, he sold carts; she once ran a mill.", [("Previously", "PAST_REF"), ("once", "PAST_REF")]),
        ("They met once, once again, once a week.", [("once a week", "P1W")]),
        # no dates
        ("You may march on. The sun will fall. Mr Winter saw 2000 people on Flight 1549.", []),
        ("She won 6-3, 6-4; the score was 12-10 and the 7th largest crowd came.", []),
        ("It is a second chance, about a quarter of them say, in the house of the Rising Sun.", []),
        ("The Daily Mail, the Sunday Post, USA Today and 20th Century Films told of Bloody Sunday.", []),
        # figures that are durations
        ("She won the marathon, finishing in 3:07:35.", [("3:07:35", "PT3H7M35S")]),
        ("The 43-year-old and her 2 1/2-year-old son.", [("43-year-old", "P43Y"), ("2 1/2-year-old", "P2.5Y")]),
        ("It took a 1/2 hour, 0 days, 0 hours.", [("1/2 hour", "PT30M"), ("0 days", "P0D"), ("0 hours", "PT0H")]),
        ("It fell 0 years ago, and 2/3 year ago.", [("0 years ago", "2013"), ("2/3 year ago", "2012-07")]),
        ("The 2012/13 fiscal year; the post-9/11 years.", [
            ("2012", "2012"), ("13 fiscal year", "P13Y"), ("9/11", "2001-09-11"),
        ]),
        # there is no such quarter, time or part of a day
        ("It fell in the 0th quarter, at 24:59, at 24:00:30.", []),
        ("It fell at 24:00.", [("24:00", "2013-03-22T24:00")]),
        ("It fell on 1998-03-04T29:00 or 1998-03-05T1030.", [
            ("1998-03-04", "1998-03-04"), ("1998-03-05T1030", "1998-03-05T10:30"),
        ]),
        ("In 1998 it fell. That millennium midday it rose.", [
            ("1998", "1998"), ("That millennium midday", "XXXX-XX-XXTMI"),
        ]),
        ("It was more than at 3 p.m. on today.", [("3 p.m.", "XXXX-XX-XXT15:00"), ("today", "PRESENT_REF")]),
        # nothing is divided by nought
        ("1/0 years, 1/0 years ago, every 1/0 days, 1/0 hours 3 minutes, 1/0 weeks ago Monday.", []),
        ("1/0 weeks from Monday, 1/0 days later.", []),
        ("More can be done today.", [("today", "2013-03-22")]),
        ("We know more than can be done today.", [("today", "PRESENT_REF")]),
        ("It fell in '98, 44 B.C. and A.D. 410.", [("'98", "1998"), ("44 B.C.", "BC0044"), ("A.D. 410", "0410")]),
        ("It opened on 3/4/2005.", [("3/4/2005", "2005-XX-XX")]),
        ("It opened on 3/4/2005 and shut on 25/4/2005.", [("3/4/2005", "2005-04-03"), ("25/4/2005", "2005-04-25")]),
        ("On March 3 it shut; it opened 1/2/2005.", [("March 3", "2013-03-03"), ("1/2/2005", "2005-01-02")]),
    ],
)  # fmt: skip
def test_news(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


NARRATIVE = (
    "The war began on 3 May 1848. In June the king fled. He returned in November 1849, and the following day the city "
    "fell. In February the queen followed. Three years later they parted. In 1861, peace was made. The papers were "
    "opened in 1950. That October the former king died."
)


def test_a_narrative_goes_from_date_to_date() -> None:
    assert found(NARRATIVE) == [
        ("3 May 1848", "1848-05-03"),
        ("June", "1848-06"),
        ("November 1849", "1849-11"),
        ("the following day", "1849-11-XX"),
        ("February", "1850-02"),
        ("Three years later", "1853"),
        ("1861", "1861"),
        ("1950", "1950"),
        ("That October", "1861-10"),
        ("former", "PAST_REF"),
    ]
    assert {t.anchor for t in dates.tag(NARRATIVE, FRIDAY)} == {"none", "previous"}


def test_news_that_looks_back_is_news() -> None:
    text = (
        "The mill opened in 1901, burned in 1922, flooded in 1931 and shut in 1968, the owner said. A sale in February "
        "failed, he said. The council meets on Thursday."
    )
    assert values(text) == ["1901", "1922", "1931", "1968", "2013-02", "2013-03-28"]


def test_a_quoted_date_does_not_move_the_anchor() -> None:
    text = "The plant closed in 1998. “It was the worst since May 1974,” he said. It reopened the following year."
    assert values(text) == ["1998", "1974-05", "1999"]


def test_a_letter_quoted_with_its_own_date_does_not_move_the_anchor() -> None:
    text = "The plant closed in 1998.\n\n> On 3 May 1974 we wrote again.\n\nIt reopened the following year."
    assert values(text) == ["1998", "1974-05-03", "1999"]


def test_without_a_date_of_publication() -> None:
    text = "On Monday he spoke of last year, of February, of two weeks ago, of today and of 4 March 1998."
    assert values(text, None) == ["XXXX-WXX-1", "XXXX", "XXXX-02", "PAST_REF", "XXXX-XX-XX", "1998-03-04"]
    timexes = dates.tag(text, None)
    assert [t.earliest for t in timexes] == [None] * 5 + [date(1998, 3, 4)]


def test_only_since_bounds_the_day_of_publication() -> None:
    assert dates.bounds(dates.tag("It was built in 1998 and is to close in 2031.", None)) == (None, None)
    assert dates.bounds(dates.tag("It has stood empty since March 1998.", None)) == (date(1998, 3, 1), None)


@pytest.mark.parametrize(
    "text",
    ["It stood from 1914 to 1918.", "It stood between 1914 and 1918.", "It stood 1914-1918.", "It stood 1914–18."],
)
def test_both_ends_of_a_range_have_its_days(text: str) -> None:
    first, last = dates.tag(text, FRIDAY)
    assert (first.value, last.value) == ("1914", "1918")
    assert {(t.earliest, t.latest) for t in (first, last)} == {(date(1914, 1, 1), date(1918, 12, 31))}


def test_the_habit_of_the_source() -> None:
    text = "It opened on 01/02/2003."
    assert [t.value for t in dates.tag(text, FRIDAY, day_first=True)] == ["2003-02-01"]
    assert [t.value for t in dates.tag(text, FRIDAY, day_first=False)] == ["2003-01-02"]
    assert [t.value for t in dates.tag(text, FRIDAY)] == ["2003-XX-XX"]


def test_modifiers() -> None:
    text = (
        "Early May; late last year; year-end; the first half of March; mid-June; more than a week; about 20 years; "
        "less than a year ago; more than a year later; at least two days; up to a month; nearly an hour."
    )
    expected = "START END END START MID MORE_THAN APPROX AFTER AFTER EQUAL_OR_MORE EQUAL_OR_LESS LESS_THAN"
    assert " ".join(t.mod or "" for t in dates.tag(text, FRIDAY)) == expected


def test_years_before_1000_where_the_text_tells_of_them() -> None:
    text = "The league was founded in 493 BC. In 490 BC, in 480 BC and in 479 BC it fought. In 471, it fell."
    assert values(text) == ["BC0493", "BC0490", "BC0480", "BC0479", "BC0471"]
    assert values("The league was founded in 471, in 300 ways.") == []
