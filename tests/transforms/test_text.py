"""Bytes to Unicode: what is read, what is refused, and what it costs."""

import contextlib
import importlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_linear
from transforms.errors import RejectCode, Rejected
from transforms.text import check, decode

ENGLISH = (
    "The harbour master said: “We can’t wait any longer – not for £5m.” José Núñez, who runs the café and has been "
    "there for years, thought that the fee – 3½ per cent – was too much, but they will pay it."
)
FOREIGN = {
    "cp1252": "Die Behörde prüft, ob die Brücke über den Fluß für schwere Fahrzeuge gesperrt werden muß, hieß es.",
    "cp1250": "Rada miasta zdecydowała, że most będzie zamknięty, ponieważ grozi zawaleniem; kierowcy są wściekli.",
    "cp1251": "Городской совет решил закрыть мост через реку, потому что он находится в аварийном состоянии.",
    "koi8_r": "Городской совет решил закрыть мост через реку, потому что он находится в аварийном состоянии.",
    "cp1253": "Το δημοτικό συμβούλιο αποφάσισε να κλείσει τη γέφυρα επειδή κινδυνεύει να καταρρεύσει.",
    "shift_jis": "市議会は、崩壊の危険があるため橋を閉鎖することを決定しました。運転手は怒っています。",
    "gb18030": "市议会决定关闭这座桥，因为它有倒塌的危险。司机们对此非常不满，并要求尽快修复。",
}
"""Written for this test."""


def code_of(data: bytes) -> RejectCode:
    with pytest.raises(Rejected) as refused:
        decode(data)
    assert refused.value.stage == "text"
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [ENGLISH, FOREIGN["cp1251"] + "\n", "一\n二\r\n三 2024 四", "one\r\ntwo\rthree\n\n"])
def test_unicode_encodings_give_back_the_text_with_its_newlines(text: str, encoding: str) -> None:
    decoded, name = decode(text.encode(encoding))
    assert decoded == text
    assert name.startswith(encoding[:6].rstrip("-"))


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_english_in_an_8_bit_encoding_keeps_its_punctuation(encoding: str) -> None:
    text = ENGLISH.replace("½", "") if encoding == "mac_roman" else ENGLISH
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("encoding", FOREIGN)
def test_other_languages_in_their_legacy_encoding(encoding: str) -> None:
    assert decode(FOREIGN[encoding].encode(encoding)) == (FOREIGN[encoding], encoding)


@pytest.mark.parametrize(
    "text",
    [
        "PARIS - François Müller said on Friday.",
        "LISBON — João Félix scored on Sunday’s 2–1 win.",
        "OTTAWA – Québec’s François Legault said on Monday “no”.",
        "naïve",
        "Volcano Near Iceland’s Main Airport Erupts Again",
        "Introducing the “A-Mexican Express.”",
    ],
)
def test_a_short_text_with_few_signs_beyond_ascii_is_in_the_likeliest_encoding(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_english_with_signs_that_cp1252_cannot_have_had_is_tried_in_the_next() -> None:
    text = "The president, Lech Wałęsa, met the union that he had led for years, and said that it was not over." * 3
    assert decode(text.encode("cp1250")) == (text, "cp1250")


@pytest.mark.parametrize(
    ("code", "encoding"),
    [("cs", "cp1250"), ("hu", "cp1250"), ("pl", "cp1250"), ("sl", "cp1250"), ("lt", "cp1257"), ("tr", "cp1254")],
)
def test_a_language_is_written_with_its_letters(code: str, encoding: str) -> None:
    sentences = importlib.import_module(f"spacy.lang.{code}.examples").sentences
    text = " ".join(sentences).encode(encoding, "ignore").decode(encoding)
    assert decode(text.encode(encoding))[0] == text


def test_the_first_foreign_character_may_stand_far_from_the_head() -> None:
    text = "The harbour was calm and nothing happened that day. " * 10_000 + ENGLISH
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_broken_utf8_is_refused_rather_than_garbled() -> None:
    data = ("“Größe” – naïve café. " * 20).encode()
    assert code_of(data + b"\xe2\x80") is RejectCode.UNDECODABLE
    assert code_of(data[:3] + b"\xff" + data[3:]) is RejectCode.UNDECODABLE
    assert code_of(b"one stray \xe9 byte " + b"far from the rest " * 5_000 + data) is RejectCode.UNDECODABLE
    assert code_of("\ufefftext".encode("utf-16-le") + b"\x41") is RejectCode.UNDECODABLE


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n", "\ufeff".encode(), "\u2003\u3000".encode(), "\ufeff \n".encode("utf-16-le")]
)
def test_nothing_but_white_space_is_empty(data: bytes) -> None:
    assert code_of(data) is RejectCode.EMPTY


def test_random_and_binary_bytes_are_no_text() -> None:
    randomness = random.Random(2)
    for size in (64, 200, 1_000, 20_000):
        for _ in range(20):
            assert code_of(randomness.randbytes(size)) in (RejectCode.NOT_TEXT, RejectCode.UNDECODABLE)
    assert code_of(b"\x7fELF\x02\x01\x01" + bytes(200)) is RejectCode.NOT_TEXT
    assert code_of(bytes(1_000)) is RejectCode.NOT_TEXT


def test_a_stray_nul_is_kept_many_are_refused() -> None:
    text = "The ferry left at noon.\0 It was late."
    assert decode(text.encode()) == (text, "utf-8")
    padded = "Title of the story\0\0\0\0" + "The ferry left at noon and was late. " * 5
    assert decode(padded.encode()) == (padded, "utf-8")
    assert code_of(b"ab\0\0c\1\2\3" * 50) is RejectCode.NOT_TEXT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", RejectCode.EMPTY),
        (" \n", RejectCode.EMPTY),
        ("half a pair \ud83d here", RejectCode.UNDECODABLE),
        ("\1\2\3\4 text", RejectCode.NOT_TEXT),
    ],
)
def test_the_text_of_a_record_meets_the_same_refusals(text: str, code: RejectCode) -> None:
    with pytest.raises(Rejected) as refused:
        check(text)
    assert refused.value.code is code


@given(st.text(min_size=1))
def test_utf8_is_read_exactly_or_refused(text: str) -> None:
    try:
        decoded, name = decode(text.encode())
    except Rejected:
        return
    assert name != "utf-8" or decoded == text.removeprefix("\ufeff")
    check(decoded)


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_text_or_a_refusal(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except Rejected as refused:
        assert refused.detail
    else:
        assert text.strip()
        assert text.encode(encoding) in data


@pytest.mark.parametrize("unit", [b"\xe9", b"caf\xe9 ", b"\x81\x40", b"\n", b"a\n", b"\xc3\xa9", b"\x00\xd8"])
def test_a_megabyte_takes_linear_time(unit: bytes) -> None:
    def read(data: bytes) -> None:
        with contextlib.suppress(Rejected):
            decode(data)

    assert_linear(read, unit * (125_000 // len(unit)), unit * (1_000_000 // len(unit)))
