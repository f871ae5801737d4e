"""What documents say about themselves: header, dateline, byline, title, date."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_bounded
from transforms.dateline import HEAD
from transforms.errors import RejectCode, Rejected
from transforms.metadata import dateline, header, read
from transforms.published import stated
from transforms.rules import rules

BODY = "The ferry left Oslo at noon with 300 people aboard, the harbour master said. " * 4


@pytest.mark.parametrize(
    ("raw", "body", "title"),
    [
        (" date 2022-09-01 Ferry leaves\n\nThe ferry left.", "The ferry left.", "Ferry leaves"),
        ("date 2022-09-01 Ferry leaves\r\n\r\n \t\r\nThe ferry left.", "The ferry left.", "Ferry leaves"),
        ("\n  date 2022-09-01\nThe ferry left.", "The ferry left.", None),
        ("date 2022-09-01 Ferry leaves", "Ferry leaves", "Ferry leaves"),
        ("date 2022-09-01 " + BODY * 3, BODY * 3, None),
    ],
)
def test_a_header_ends_where_the_body_begins(raw: str, body: str, title: str | None) -> None:
    found = header(raw)
    assert found is not None
    assert (raw[found.raw_end :], found.published_on, found.title) == (body, date(2022, 9, 1), title)
    assert found.raw_start == 0


@pytest.mark.parametrize(
    "raw",
    [
        "date 2022-13-45 Ferry\n\nText",
        "date 2022-9-1 Ferry",
        "update 2022-09-01 x",
        "The date 2022-09-01",
        "date 2022-09-015 x",
        "",
    ],
)
def test_anything_else_is_no_header(raw: str) -> None:
    assert header(raw) is None


DATELINES = [
    ("TEHRAN — The ferry", "TEHRAN —", "Tehran", None),
    ("TEHRAN –The ferry", "TEHRAN –", "Tehran", None),
    ("LONDON (Reuters) - Shares", "LONDON (Reuters) -", "London", "Reuters"),
    ("WASHINGTON, March 3 (AP) — The", "WASHINGTON, March 3 (AP) —", "Washington", "AP"),
    ("BRUSSELS/PARIS, Jan 5 (Xinhua) -- The", "BRUSSELS/PARIS, Jan 5 (Xinhua) --", "Brussels/Paris", "Xinhua"),
    ("(CNN) -- The ferry", "(CNN) --", None, "CNN"),
    ("PARIS, France (AP) The ferry", "PARIS, France (AP)", "Paris, France", "AP"),
    ("Mexico City, 12 May – The", "Mexico City, 12 May –", "Mexico City", None),
    ("NEW DELHI: The ferry", "NEW DELHI:", "New Delhi", None),
    ("WASHINGTON, D.C. (AP) — The", "WASHINGTON, D.C. (AP) —", "Washington, D.C.", "AP"),
    ("McMURDO STATION, Antarctica (AP) - A", "McMURDO STATION, Antarctica (AP) -", "McMurdo Station, Antarctica", "AP"),
    ("PORT-AU-PRINCE, Haiti (AP) _ The", "PORT-AU-PRINCE, Haiti (AP) _", "Port-au-Prince, Haiti", "AP"),
    ("RIO DE JANEIRO, Brazil -- The", "RIO DE JANEIRO, Brazil --", "Rio de Janeiro, Brazil", None),
    ("N'DJAMENA (Sahel Wire) - The", "N'DJAMENA (Sahel Wire) -", "N'Djamena", "Sahel Wire"),
    ("ŁÓDŹ, Poland (Reuters) - The", "ŁÓDŹ, Poland (Reuters) -", "Łódź, Poland", "Reuters"),
    ("OIL FIRE AT PORT\nAda Lund\nAL-AIN, Qatar 1996-12-06\nThe", "AL-AIN, Qatar 1996-12-06", "Al-Ain, Qatar", None),
    ("Ferry leaves port\n\nBy ADA LUND\n\nOSLO — The", "OSLO —", "Oslo", None),
    ("GENEVA (3 May 2013) – The", "GENEVA (3 May 2013) –", "Geneva", None),
    ("NEW YORK / GENEVA (3 May 2013) – The", "NEW YORK / GENEVA (3 May 2013) –", "New York / Geneva", None),
    ("3 May 2013, Geneva – The ferry", "3 May 2013, Geneva –", "Geneva", None),
    ("OSLO (Reuters Life!) - The", "OSLO (Reuters Life!) -", "Oslo", "Reuters Life!"),
    ("Tehran, IRNA – The ferry", "Tehran, IRNA –", "Tehran", "IRNA"),
    ("WASHINGTON, Jan. 5—President Ek", "WASHINGTON, Jan. 5—", "Washington", None),
    ("TOKYO, Friday, Jan. 5 (UP)—The", "TOKYO, Friday, Jan. 5 (UP)—", "Tokyo", "UP"),
    ("By Ada Lund OSLO (Reuters) - The ferry", "OSLO (Reuters) -", "Oslo", "Reuters"),
]


@pytest.mark.parametrize(("text", "written", "place", "agency"), DATELINES)
def test_datelines(text: str, written: str, place: str | None, agency: str | None) -> None:
    found = dateline(text)
    assert found is not None
    assert (text[found.start : found.end], found.place, found.agency) == (written, place, agency)


@pytest.mark.parametrize(
    "text",
    [
        "WASHINGTON-based firms - The ferry",
        "IBM — the company — said",
        "BREAKING — The ferry left",
        "FOOTBALL: Oslo win",
        "BASKETBALL - NBA RESULTS.",
        "ICE HOCKEY - RESULTS WEDNESDAY.",
        "PRESS DIGEST - Norway - Dec 2.",
        "IN PICTURES: The ferry",
        "IAEA (International Atomic Energy Agency) chief said",
        "NATO (North Atlantic Treaty Organization) — The alliance",
        "Apple – The company",
        "Obama: The man",
        "OIL PRICES RISE - TRADERS AGREE ON NOTHING AT ALL THESE DAYS AND FOR EVER",
        "Monday, May 3 – The ferry",
        "Oslo. The ferry left.",
        "Coast Guard, 24 April 1952 -- 8 March 1954.",
        "OSLO",
        "",
    ],
)
def test_no_datelines(text: str) -> None:
    assert dateline(text) is None


@pytest.mark.parametrize("row", rules("metadata")["agency"], ids=lambda row: row["name"])
def test_each_agency_is_found_in_its_example(row: dict[str, str]) -> None:
    found = dateline(row["example"])
    assert found is not None
    assert found.agency is not None
    assert found.agency.casefold() == row["name"].casefold()


def test_the_word_lists_work_in_their_examples() -> None:
    heads = rules("metadata")["heads"]
    assert dateline(heads["example_slugs"]) is None
    assert dateline(heads["example_slugs"].replace("FACTBOX", "DRAMMEN")) is not None
    assert dateline(heads["example_places"]) is not None
    assert read(f"Ferry leaves\n{heads['example_roles']}\n{BODY}").byline == "Ada Lund"


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By JANE DOE", "Jane Doe"),
        ("By Jane Doe, Staff Writer", "Jane Doe"),
        ("By JANE DOE Associated Press Writer", "Jane Doe"),
        ("By Jane Doe and Jan van der Meer", "Jane Doe and Jan van der Meer"),
        ("By J. R. O'Neil, Ana de Souza & Li Wei", "J. R. O'Neil, Ana de Souza & Li Wei"),
        ("By Jane Doe | May 3, 2013", "Jane Doe"),
        ("By The Associated Press", "The Associated Press"),
        ("By Monday Morning", None),
        ("By Ada Lund went home.", None),
        ("By noon the ferry had left", None),
        ("By May Oslo was free", None),
    ],
)
def test_bylines(line: str, byline: str | None) -> None:
    assert read(f"Ferry leaves the port of Oslo\n\n{line}\n\n{BODY}").byline == byline


def test_a_line_that_runs_past_the_head_is_no_byline() -> None:
    begun = f"{'Smoke rose. ' * 82}\n\n"
    line = "By Ada Lund the ferry was lost at sea, and those who had seen it leave were asked to come to the harbour."
    assert len(begun) < HEAD < len(begun) + len(line)
    assert read(begun + line).byline is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Ferry leaves port\n\n{BODY}", "Ferry leaves port"),
        (f"Ferry leaves port\nBy Ada Lund\n{BODY}", "Ferry leaves port"),
        (f"Ferry leaves port\nOSLO (Reuters) - {BODY}", "Ferry leaves port"),
        (f"Ferry leaves port\n{BODY}", "Ferry leaves port"),
        ("Ferry leaves port\r\rThe ferry left", "Ferry leaves port"),
        ("Ferry leaves port\r\nThe ferry left", None),
        (f"The ferry left.\n\n{BODY}", None),
        (f'"The ferry left. "\n\n{BODY}', None),
        ("The ferry left the port of\nOslo at noon with 300\npeople aboard.", None),
        (f"OSLO — The ferry left\n\n{BODY}", None),
        (BODY, None),
    ],
)
def test_a_headline_is_a_title_where_it_is_plainly_one(text: str, title: str | None) -> None:
    assert read(text).title == title


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published: 3 May 2013\nText", date(2013, 5, 3)),
        ("Ferry leaves\nPublished on Friday, May 3, 2013 12:30 GMT\n\nText", date(2013, 5, 3)),
        ("May 03, 2013 | The ferry", date(2013, 5, 3)),
        ("3 May 2013 – The ferry", date(2013, 5, 3)),
        ("Friday, May 3, 2013\nText", date(2013, 5, 3)),
        ("By Ada Lund | May 3, 2013\nText", date(2013, 5, 3)),
        ("OSLO, May 3, 2013 (Reuters) - The ferry", date(2013, 5, 3)),
        ("OSLO 2013-05-03\nThe ferry", date(2013, 5, 3)),
        ("GENEVA (3 May 2013) – The ferry", date(2013, 5, 3)),
        ("3 May 2013, Geneva – The ferry", date(2013, 5, 3)),
        ("LONDON | Fri May 3, 2013 5:30pm EDT\n\n(Reuters) - The ferry", date(2013, 5, 3)),
        ("OSLO, May 3 (Reuters) - The ferry", None),
        ("May 3, 2013 was a Friday.", None),
        ("On May 3, 2013, the ferry left.", None),
        ("Published: 31 April 2013", None),
    ],
)
def test_a_text_may_state_its_own_date(text: str, day: date | None) -> None:
    found = read(text)
    assert found.published_on == day
    assert found.published_method == ("text" if day else "none")


def test_the_record_counts_more_than_the_header_and_that_more_than_the_text() -> None:
    text = "Ferry leaves\nPublished: 3 May 2013\n\n" + BODY
    head = header("date 2014-01-01 Header title\n\n" + text)
    record = {
        "title": " A  title ",
        "published_on": "2015-06-07",
        "byline": ["Ada Lund", "Bo Ek"],
        "url": "https://example.org/1",
    }
    all_three, two, one = read(text, head, record), read(text, head, None), read(text)
    assert [m.published_method for m in (all_three, two, one)] == ["record", "header", "text"]
    assert [m.published_on for m in (all_three, two, one)] == [date(2015, 6, 7), date(2014, 1, 1), date(2013, 5, 3)]
    assert [m.title for m in (all_three, two, one)] == ["A title", "Header title", "Ferry leaves"]
    assert (all_three.byline, all_three.url) == ("Ada Lund, Bo Ek", "https://example.org/1")


def test_a_month_is_bounds_and_no_day() -> None:
    found = read(BODY, record={"published_on": "May 2013"})
    assert (found.published_on, found.published_method) == (None, "none")
    assert (found.published_earliest, found.published_latest) == (date(2013, 5, 1), date(2013, 5, 31))


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("pt_BR", "pt"),
        ("English", None),
        ("eng", None),
        ("", None),
        (5, None),
        (None, None),
    ],
)
def test_a_language_is_a_code_or_is_told_from_the_text(stated: object, code: str | None) -> None:
    assert read(BODY, None, {"language": stated}).language == code


@pytest.mark.parametrize(
    "record",
    [
        {"published_on": "2022-13-45"},
        {"published_on": ["2022-01-01"]},
        {"title": {}},
        {"url": [1]},
        {"byline": [1]},
        {"title": True},
        {"title": "\ud800"},
        {"language": "\ud800"},
        {"language": ["en"]},
    ],
)
def test_a_field_with_an_impossible_value_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as refused:
        read(BODY, None, record)
    assert refused.value.code is RejectCode.BAD_FIELD
    assert next(iter(record)) in refused.value.detail


@pytest.mark.parametrize(
    "record",
    [{}, {"published_on": None}, {"published_on": " "}, {"title": "", "byline": [], "url": None}, {"title": 1984}],
)
def test_a_blank_field_is_a_missing_one(record: dict[str, Any]) -> None:
    found = read(BODY, None, record)
    assert (found.published_on, found.byline, found.url) == (None, None, None)
    assert found.title == ("1984" if record.get("title") else None)


HOSTILE = [
    "A",
    "A ",
    "AB-",
    "AB'",
    "Ab ",
    " ",
    "\n",
    "\n ",
    "By A",
    "(AP) ",
    "OSLO, ",
    "OSLO/",
    "3 May ",
    "date 2020-01-01 ",
    "\0",
    "é",
    "—",
    "’",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_takes_no_longer_than_its_head(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    for document in (text, "OSLO, " + text, "By Ada " + text, "date 2020-01-01 " + text):
        assert_bounded(lambda t: read(t, header(t)), document[:20_000], document)


@given(st.text(alphabet=st.sampled_from("ABab ,.-—()/:\n\r0123’'é&|")) | st.text())
def test_no_text_is_too_odd(text: str) -> None:
    head = header(text)
    found = dateline(text)
    assert found is None or 0 <= found.start < found.end <= len(text)
    read(text, head)
    assert stated(text) is None or stated(text)
