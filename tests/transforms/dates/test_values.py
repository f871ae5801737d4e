"""Values apart from texts: grain and days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates import value_bounds
from transforms.dates.values import (
    Moment,
    century_value,
    day_value,
    decade_value,
    duration_value,
    moment,
    month_value,
    shifted,
    value_moment,
    week_value,
    year_value,
)

DAYS = st.dates()


@pytest.mark.parametrize(
    ("value", "grain", "earliest", "latest"),
    [
        ("1998-03-04", "day", date(1998, 3, 4), date(1998, 3, 4)),
        ("1998-03-04TMO", "daypart", date(1998, 3, 4), date(1998, 3, 4)),
        ("1998-03-04T24:00", "minute", date(1998, 3, 4), date(1998, 3, 4)),
        ("1998-03-04T10", "hour", date(1998, 3, 4), date(1998, 3, 4)),
        ("1998-03-04T10:30:05Z", "second", date(1998, 3, 4), date(1998, 3, 4)),
        ("2000-02", "month", date(2000, 2, 1), date(2000, 2, 29)),
        ("1900-02", "month", date(1900, 2, 1), date(1900, 2, 28)),
        ("2009-W53", "week", date(2009, 12, 28), date(2010, 1, 3)),
        ("2013-W12-WE", "weekend", date(2013, 3, 23), date(2013, 3, 24)),
        ("2013-W12-5", "day", date(2013, 3, 22), date(2013, 3, 22)),
        ("2012-Q3", "quarter", date(2012, 7, 1), date(2012, 9, 30)),
        ("2012-H2", "half", date(2012, 7, 1), date(2012, 12, 31)),
        ("2012-SU", "season", date(2012, 6, 1), date(2012, 8, 31)),
        ("2012-WI", "season", date(2011, 12, 1), date(2013, 2, 28)),
        ("1998", "year", date(1998, 1, 1), date(1998, 12, 31)),
        ("199", "decade", date(1990, 1, 1), date(1999, 12, 31)),
        ("19", "century", date(1900, 1, 1), date(1999, 12, 31)),
        ("00", "century", date(1, 1, 1), date(99, 12, 31)),
        ("1", "millennium", date(1000, 1, 1), date(1999, 12, 31)),
        ("1998-XX-XX", "day", date(1998, 1, 1), date(1998, 12, 31)),
        ("1998-03-XX", "day", date(1998, 3, 1), date(1998, 3, 31)),
        ("1998-WXX", "week", date(1998, 1, 1), date(1998, 12, 31)),
        ("1998-QX", "quarter", date(1998, 1, 1), date(1998, 12, 31)),
        ("XXXX-WXX-1", "day", None, None),
        ("XXXX-03-04", "day", None, None),
        ("XXXX", "year", None, None),
        ("BC0044", "year", None, None),
        ("BC0044-03-15", "day", None, None),
        ("BC04", "century", None, None),
        ("FY1998", "fiscal year", None, None),
        ("1998-02-31", "day", None, None),
        ("9999-WI", "season", None, None),
        ("0001-WI", "season", None, None),
        ("P3D", "day", None, None),
        ("P1.5Y", "year", None, None),
        ("PT30M", "minute", None, None),
        ("P18M", "month", None, None),
        ("PXDE", "decade", None, None),
        ("PT2H24M17S", "second", None, None),
        ("PAST_REF", None, None, None),
        ("P", None, None, None),
        ("PT", None, None, None),
        ("yesterday", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)
def test_bounds(value: str | None, grain: str | None, earliest: date | None, latest: date | None) -> None:
    found = value_bounds(value)
    assert (found.granularity, found.earliest, found.latest) == (grain, earliest, latest)


@given(DAYS)
def test_a_value_names_the_day_it_was_written_for(day: date) -> None:
    """Round trip: the days of a written value hold the day, and the moment read back is its beginning."""
    grains = {
        "day": day_value(day.year, day.month, day.day),
        "month": month_value(day.year, day.month),
        "year": year_value(day.year),
        "decade": decade_value(day.year),
        "century": century_value(day.year),
        "week": week_value(day),
    }
    for grain, value in grains.items():
        found = value_bounds(value)
        assert found.granularity == grain
        if found.earliest is None or found.latest is None:  # a week that runs out of Python's calendar
            assert day.year in (1, 9999)
            continue
        assert found.earliest <= day <= found.latest
    assert value_moment(grains["day"]) == moment(day)
    assert value_moment(grains["month"]) == Moment(day.year, day.month)
    assert value_moment(grains["year"]) == Moment(day.year)


@given(st.text(alphabet="0123456789XBCFYWQHSUITPD-:.MOE", max_size=16))
def test_any_string_is_read_without_an_error(value: str) -> None:
    found = value_bounds(value)
    assert (found.earliest is None) == (found.latest is None)
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
    value_moment(value)


@given(DAYS, st.sampled_from(["D", "W", "WE", "M", "Q", "Y", "DE", "CE", "ML"]), st.integers(-5000, 5000))
def test_shifting_there_and_back(day: date, unit: str, count: int) -> None:
    there = shifted(moment(day), unit, count)
    back = value_moment(there)
    if unit in ("D", "M", "Y") and back is not None and back.year > 0:
        assert shifted(back, unit, -count) == shifted(moment(day), unit, 0)


@given(DAYS, st.integers(-500, 500))
def test_a_week_is_seven_days(day: date, count: int) -> None:
    if 8 < (day - date.min).days + count * 7 < (date.max - date.min).days - 8:
        assert shifted(moment(day), "W", count) == week_value(day + timedelta(7 * count))


def test_there_is_no_year_nought() -> None:
    assert shifted(Moment(-1), "Y", 1) == "0001"
    assert shifted(Moment(1), "Y", -1) == "BC0001"
    assert shifted(Moment(-490), "Y", 10) == "BC0480"


def test_what_the_origin_does_not_know_stays_open() -> None:
    assert shifted(Moment(1998), "M", 1) == "1998-XX"
    assert shifted(Moment(1998, 3), "D", 1) == "1998-03-XX"
    assert shifted(Moment(1998, 3), "W", 1) == "1998-WXX"
    assert shifted(Moment(1998), "Q", 1) == "1998-QX"


def test_durations() -> None:
    assert duration_value("D", 3) == "P3D"
    assert duration_value("DE", 2) == "P20Y"
    assert duration_value("2W", 1) == "P2W"
    assert duration_value("H", 0.5) == "PT30M"
    assert duration_value("Y", 0.5) == "P6M"
    assert duration_value("Y", 1.5) == "P1.5Y"
    assert duration_value("DE", "X") == "PXDE"
    assert duration_value("Y", 0) == "P0Y"
    assert duration_value("D", 1e-7) == "P0.0000001D"
    assert duration_value("D", 1e16) == "P10000000000000000D"
