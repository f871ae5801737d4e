"""Publication dates as records write them, and as the heads of texts state them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.published import HEAD, interval, stated


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2013-05-03", date(2013, 5, 3), None),
        ("2013-05-03T23:30:00-05:00", date(2013, 5, 3), None),
        ("2013-05-03T12:00:00.000Z", date(2013, 5, 3), None),
        ("Fri, 03 May 2013 12:00:00 +0000", date(2013, 5, 3), None),
        ("May 3, 2013 at 5:30 pm EDT", date(2013, 5, 3), None),
        ("1st September 2022", date(2022, 9, 1), None),
        ("20130503", date(2013, 5, 3), None),
        (20130503, date(2013, 5, 3), None),
        (1367539200, date(2013, 5, 3), None),
        (1367539200000, date(2013, 5, 3), None),
        ("1367539200", date(2013, 5, 3), None),
        ("03.05.2013", date(2013, 5, 3), None),
        ("2013/05/03 10:00", date(2013, 5, 3), None),
        ("13/05/2013", date(2013, 5, 13), None),
        ("03/05/2013", date(2013, 3, 5), date(2013, 5, 3)),
        ("February 2012", date(2012, 2, 1), date(2012, 2, 29)),
        ("2013-05", date(2013, 5, 1), date(2013, 5, 31)),
        (2013, date(2013, 1, 1), date(2013, 12, 31)),
        ("20130503120000", date(2013, 5, 3), None),
        ("201305031200", date(2013, 5, 3), None),
        (20130503120000, date(2013, 5, 3), None),
        (852076800000, date(1997, 1, 1), None),
        ("2013-W18", date(2013, 4, 29), date(2013, 5, 5)),
        ("2013W18", date(2013, 4, 29), date(2013, 5, 5)),
        ("2013-W18-2", date(2013, 4, 30), None),
    ],
)
def test_the_days_that_a_record_s_date_can_mean(value: object, first: date, last: date | None) -> None:
    assert interval(value) == (first, last or first)


@pytest.mark.parametrize("day_first", [True, False])
@pytest.mark.parametrize(
    ("value", "day", "month"),
    [("03/05/2013", date(2013, 5, 3), date(2013, 3, 5)), ("3-5-13 10:00", date(2013, 5, 3), date(2013, 3, 5))],
)
def test_the_habit_of_the_source_decides(value: str, day: date, month: date, *, day_first: bool) -> None:
    read = day if day_first else month
    assert interval(value, day_first) == (read, read)


@pytest.mark.parametrize("day_first", [True, False])
@pytest.mark.parametrize(
    "value", ["13/05/2013", "05/13/2013", "2013/05/13", "13.05.2013", "2013-05-13", "May 13, 2013"]
)
def test_the_habit_of_the_source_leaves_what_is_plain(value: str, *, day_first: bool) -> None:
    assert interval(value, day_first) == (date(2013, 5, 13), date(2013, 5, 13))


IMPOSSIBLE = [
    "2022-13-45",
    "2013-02-30",
    "31 April 2020",
    "May 3",
    "Monday",
    "now",
    "",
    "5",
    5,
    True,
    [],
    {},
    10**40,
    float("nan"),
    float("inf"),
    10**400,
    -1367539200,
    "99991231",
    "20131305",
    "201313051200",
    "20130503126000",
    "99991231235959",
    4_102_444_800,
    4_102_444_800_000,
    "Mon, 1 Jan 99999999999999999999 00:00:00",
    "Mon, 1 Jan 2013 00:00:00 +99999999999999999999",
    "2013-W60",
    "9999-W52",
]


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_no_days(value: object) -> None:
    with pytest.raises(ValueError):
        interval(value)


@given(
    st.text(max_size=70)
    | st.integers()
    | st.floats()
    | st.from_regex(r"[0-9/.: -]{1,20}([A-Z][a-z]{2}|T)?[0-9:.]{0,9}")
    | st.from_regex(r"Mon, [0-9]{1,3} Jan [0-9]{1,24} [0-9]{1,12}:00:00( [+-][0-9]{1,24})?", fullmatch=True)
)
def test_any_value_is_a_date_or_a_value_error(value: object) -> None:
    try:
        first, last = interval(value)
    except ValueError:
        return
    assert first <= last


OPENING = "May 3, 2013"
DAY = date(2013, 5, 3)


def test_a_line_that_goes_on_beyond_the_head_does_not_end_there() -> None:
    lead = "x" * (HEAD - len(OPENING) - 1)
    assert stated(f"{lead}\n{OPENING} was the day on which the ferry left.") is None
    assert stated(f"{lead}\n{OPENING}") == DAY
    assert stated(f"{lead}\n{OPENING}\nThe ferry left.") == DAY
    assert stated(f"{OPENING} | {lead}") == DAY


@pytest.mark.parametrize(("end", "day"), [("\n", DAY), ("\r\n", DAY), ("\r", DAY), ("\x0b", None), ("\u2028", None)])
def test_a_line_ends_where_those_of_datelines_do(end: str, day: date | None) -> None:
    assert stated(f"Ferry leaves{end}{OPENING}{end}The ferry left.") == day
