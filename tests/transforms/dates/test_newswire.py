"""Expressions as news agencies write them, in sentences of our own; published on Friday 2013-03-22."""

from datetime import date

import pytest

from tests.cost import assert_linear
from transforms import dates

FRIDAY = date(2013, 3, 22)
UNKNOWN = "XXXX-XX-XX"
FIRST_QUARTER = "Acme's first-quarter profit fell. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what belongs to the expression
        ("Gunmen struck about 3 p.m. Monday.", [("about 3 p.m. Monday", "2013-03-18T15:00")]),
        ("The dam burst at around noon.", [("around noon", "2013-03-22T12:00")]),
        ("They talked about the summer.", [("the summer", "2012-SU")]),
        ("It made no profit in all of 2007.", [("all of 2007", "2007")]),
        ("It was shut for most of last week.", [("most of last week", "2013-W11")]),
        ("He led the union for most of the past four decades.", [("most of the past four decades", "P40Y")]),
        ("They closed the Labor Day weekend.", [("the Labor Day weekend", "2012-W35-WE")]),
        ("It rained late on Monday.", [("late on Monday", "2013-03-18")]),
        ("They fled in the middle of the night.", [("the middle of the night", "2013-03-22TNI")]),
        ("It opened just over a year ago.", [("just over a year ago", "2012")]),
        ("Few came in the last quarter of the 19th century.", [("the last quarter of the 19th century", "18")]),
        ("He won a final five-year term.", [("five-year", "P5Y")]),
        ("She waited an hour and 50 minutes.", [("an hour and 50 minutes", "PT1H50M")]),
        ("A months-long siege ended.", [("months-long", "PXM")]),
        # a clock time and its day
        ("It began at 9:05 Monday night.", [("9:05 Monday night", "2013-03-18T21:05")]),
        ("It began at 6 in the morning.", [("6 in the morning", "2013-03-22T06:00")]),
        ("It is due by midnight Tuesday.", [("midnight Tuesday", "2013-03-26T24:00")]),
        ("Ten fell ill overnight Thursday.", [("overnight Thursday", "2013-03-21TNI")]),
        (
            "A probe landed Sunday, its crew said Friday. It touched down at 2:10 a.m.",
            [("Sunday", "2013-03-17"), ("Friday", "2013-03-22"), ("2:10 a.m.", "2013-03-17T02:10")],
        ),
        (
            "It was called on Tuesday. The vote is on Sunday. The polls open at 7 a.m. and close 12 hours later.",
            [
                ("Tuesday", "2013-03-19"),
                ("Sunday", "2013-03-24"),
                ("7 a.m.", "2013-03-24T07:00"),
                ("12 hours later", "2013-03-24T19:00"),
            ],
        ),
        (
            "He was shot on Feb. 3. He died the same night, and two days before, his car was burned.",
            [("Feb. 3", "2013-02-03"), ("the same night", "2013-02-03TNI"), ("two days before", "2013-02-01")],
        ),
        (
            "Rain is due on Sunday. The levee broke on Tuesday. The mayor will speak at 6 p.m.",
            [("Sunday", "2013-03-24"), ("Tuesday", "2013-03-19"), ("6 p.m.", "2013-03-22T18:00")],
        ),
        # a past tense leads back from what is to come
        (
            "Crews will leave by Easter, he said. His deputy had called them the night before.",
            [("Easter", "2013-03-31"), ("the night before", "2013-03-21TNI")],
        ),
        (
            "The dam broke Tuesday. It will be mended by Easter. Locals had seen cracks the night before.",
            [("Tuesday", "2013-03-19"), ("Easter", "2013-03-31"), ("the night before", "2013-03-18TNI")],
        ),
        (
            "He said Tuesday that crews will leave by Easter, and that the work, begun at 5:36 a.m., went well.",
            [("Tuesday", "2013-03-19"), ("Easter", "2013-03-31"), ("5:36 a.m.", "2013-03-19T05:36")],
        ),
        (
            "He said Tuesday that U.S. crews would clear the dam in the operation, begun at 5:36 a.m.",
            [("Tuesday", "2013-03-19"), ("5:36 a.m.", "2013-03-19T05:36")],
        ),
        (
            "The mill will shut in 2015. It was sold that year to a rival, and lost money the year before.",
            [("2015", "2015"), ("that year", "2013"), ("the year before", "2012")],
        ),
        (
            "The mill will shut in June. She sold it only two decades later.",
            [("June", "2013-06"), ("two decades later", "XXX")],
        ),
        (
            "The final was set for Sunday, with a parade the following day.",
            [("Sunday", "2013-03-24"), ("the following day", "2013-03-25")],
        ),
        (
            "The final was set for Sunday at 3 p.m. The teams will leave the next day.",
            [("Sunday", "2013-03-24"), ("3 p.m.", "2013-03-24T15:00"), ("the next day", "2013-03-25")],
        ),
        ("He was caught on Friday. He was freed the next day.", [("Friday", "2013-03-22"), ("the next day", UNKNOWN)]),
        # the dot of an abbreviation ends no sentence
        ("The mayor will meet Mrs. Hale on Tuesday.", [("Tuesday", "2013-03-26")]),
        ("Acme will sell its mill to Hale Bros. Steel Inc. on Tuesday.", [("Tuesday", "2013-03-26")]),
        ("It will open on either Jan. 10 or Jan. 11.", [("Jan. 10", "2014-01-10"), ("Jan. 11", "2014-01-11")]),
        ("On Tuesday, the U.S. envoys will land.", [("Tuesday", "2013-03-26")]),
        ("He will visit the U.S. On Tuesday he fell ill.", [("Tuesday", "2013-03-19")]),
        ("He will be ill. Tuesday was hard.", [("Tuesday", "2013-03-19")]),
        (
            "It rang Tuesday at the home of Gen. Ruiz at 4 a.m.",
            [("Tuesday", "2013-03-19"), ("4 a.m.", "2013-03-19T04:00")],
        ),
        # lists and pairs
        (
            "It will be held on March 25, 26 and 27.",
            [("March 25", "2013-03-25"), ("26", "2013-03-26"), ("27", "2013-03-27")],
        ),
        ("In the 18th and 19th centuries it grew.", [("the 18th", "17"), ("19th centuries", "18")]),
        ("It fell on Black Monday, Oct. 19, 1987.", [("Black Monday", "1987-10-19"), ("Oct. 19, 1987", "1987-10-19")]),
        # which day, month or quarter is meant
        ("The hearing is set for Saturday, Nov. 17.", [("Saturday, Nov. 17", "2012-11-17")]),
        ("Fog could be seen late on Thursday.", [("late on Thursday", "2013-03-21")]),
        ("It raised its forecast on Thursday.", [("Thursday", "2013-03-21")]),
        ("Snow is forecast for Thursday.", [("Thursday", "2013-03-28")]),
        ("The contract becomes void in July.", [("July", "2013-07")]),
        ("A March report told of the May election.", [("March", "2013-03"), ("May", "2012-05")]),
        ("Talks in April, May and June failed.", [("April", "2012-04"), ("May", "2012-05"), ("June", "2012-06")]),
        ("Sgt. May may march with Mr. March. They marched.", []),
        ("It was in use as late as 1781.", [("1781", "1781")]),
        ("See the Mill 1864-1871, a ruin.", [("1864", "1864"), ("1871", "1871")]),
        ("The rains usually begin in early June.", [("early June", "XXXX-06")]),
        (
            FIRST_QUARTER + "It earned 3 cents in the same period a year earlier.",
            [("first-quarter", "2013-Q1"), ("the same period a year earlier", "2012-Q1")],
        ),
        (
            FIRST_QUARTER + "Sales for the period rose.",
            [("first-quarter", "2013-Q1"), ("the period", "2013-Q1")],
        ),
        (
            "For the week, the index rose. Yields fell to 4 percent from 5 percent the day before.",
            [("the week", "2013-W12"), ("the day before", "2013-03-21")],
        ),
        ("It broke two weeks ago Tuesday.", [("two weeks ago Tuesday", "2013-03-05")]),
        ("This past winter the winter months were mild.", [("This past winter", "2012-WI"), ("months", "PXM")]),
        ("It was shut over the weekend.", [("the weekend", "2013-W11-WE")]),
        ("It will be shut over the weekend.", [("the weekend", "2013-W12-WE")]),
        ("Prices fell for the second year in a row.", [("the second year", "2013")]),
        ("The crowd had gone by late afternoon.", [("late afternoon", "2013-03-22TAF")]),
        # sets and references
        ("The mill turns out 200 carts a day.", [("a day", "P1D")]),
        ("They rest every weekend.", [("every weekend", "XXXX-WXX-WE")]),
        ("It will end a week from today.", [("a week from today", "2013-03-29")]),
        ("They meet each Monday morning.", [("each Monday morning", "XXXX-WXX-1TMO")]),
        ("Most Fridays he rests.", [("Most Fridays", "XXXX-WXX-5")]),
        ("In the past there was a cannery.", [("the past", "PAST_REF")]),
        ("It won as recently as last year.", [("last year", "2012")]),
        # no expressions
        ("A poll in The Harbour Sunday Herald gave a lead of 9 points to the mayor.", []),
        ("The verdict surprised Dr. Simon April, and left Sgt. Ray June, on leave, without a case.", []),
        ("She saved par on the 18th on her way to the title.", []),
        ("The past season was poor.", []),
    ],
)  # fmt: skip
def test_newswire(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[t.start : t.end], t.value) for t in dates.tag(text, FRIDAY)] == expected


def test_a_past_tense_that_leads_back_to_the_day_of_publication_says_so() -> None:
    text = "Crews will leave by Easter, he said. His deputy had called them the night before."
    assert [t.anchor for t in dates.tag(text, FRIDAY)] == ["published", "published"]


@pytest.mark.parametrize(
    ("published", "value"),
    [(date(2013, 1, 9), "2012-Q4"), (date(2013, 4, 9), "2013-Q4"), (date(2013, 8, 19), "2013-Q4")],
)
def test_the_fourth_quarter_to_come_or_just_over(published: date, value: str) -> None:
    """In January firms tell of the quarter that has ended, in August of the one that is near."""
    timexes = dates.tag("Acme will take a charge in the fourth quarter.", published)
    assert [t.value for t in timexes] == [value]


def test_a_headline_in_capitals_keeps_its_weekday() -> None:
    text = "Acme Miners Halt Sunday Rites To End Long Walkout"
    assert [t.value for t in dates.tag(text, FRIDAY)] == ["2013-03-17"]


def test_what_a_lost_match_leaves_is_searched_in_linear_time() -> None:
    """Each date here overlaps with the next, so that rules lose matches and are tried again."""
    unit = "Black Monday, May 3 May 4, 1998 and May 5 to 6 May 7 "
    assert_linear(lambda times: dates.tag(unit * times, FRIDAY), 40, 320)
