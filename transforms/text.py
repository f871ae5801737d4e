"""Bytes to Unicode: the raw text that every `raw_…` offset points into.

Detection is for what is *not* UTF-8, which costs next to nothing to recognise; it looks at a sample, so that a megabyte
takes milliseconds too. What no encoding turns into text is rejected: mojibake would poison every later stage.
"""

import codecs
import re
import unicodedata
from itertools import pairwise

from charset_normalizer import from_bytes

from transforms.errors import RejectCode, Rejected
from transforms.language import english, model

MARKS = (  # the longer first: a UTF-32 mark begins with a UTF-16 mark
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROLS = bytes(c for c in (*range(32), 127) if chr(c) not in "\t\n\v\f\r")
MAX_CONTROLS = 0.05
"""Share of control characters from which it is no text. A stray NUL is kept, as the raw text must be what was there;
random bytes have 0.1, compressed and compiled files more."""

SAMPLE = 16_384
"""Bytes looked at to guess a legacy encoding."""
LATIN = ("cp1252", "mac_roman", "cp1250", "iso8859_2", "cp1254", "cp1257")
"""Legacy encodings in Latin script, the likeliest first."""
HANDICAP = 0.002
"""Probability that an encoding gives up to each one before it. Tuned on spaCy's example sentences, alone and joined,
in 30 languages and their legacy encodings: of 201 in Latin script 174 are decoded exactly (cp1252 66 of 69),
without any handicap 176 (cp1252 64), with ten times as much 161 (cp1252 68)."""
OTHERS = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = bytes(range(0x80, 0x100))
ASCII_WORD = re.compile(rb"(?<![\x80-\xff])\b[A-Za-z]+\b(?![\x80-\xff])")
UNUSED = ("Cc", "Cn", "Co")
"""General categories of characters that no text has: controls, unassigned, private use."""
JOINERS = frozenset("’'-‐–—·•…/\xad\u200d")
"""What may stand between two letters without a blank."""


def decode(data: bytes) -> tuple[str, str]:
    """The text that the bytes of a file hold, without its byte order mark and with its newlines untouched, and the
    name of the encoding: `utf-8`, `utf-16-le`, `cp1252`, …

    Raises `Rejected` with `EMPTY`, `NOT_TEXT` (control characters) or `UNDECODABLE` (no encoding fits, or UTF-8 that
    is broken: reading it as an 8-bit encoding would garble the rest).
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return strict(data[len(mark) :], encoding), encoding
    text, broken_at = utf8(data)
    if b"\0" in data and (text is None or controls(data) > MAX_CONTROLS) and (guess := wide(data)):
        return strict(data, guess), guess
    refuse_controls(data)
    if text is None:
        encoding = legacy(data, broken_at)
        return strict(data, encoding), encoding
    refuse_blank(text)
    return text, "utf-8"


def utf8(data: bytes) -> tuple[str | None, int]:
    """The text of bytes in UTF-8, else None; and the first byte that is none."""
    try:
        return data.decode(), len(data)
    except UnicodeDecodeError as error:
        return None, error.start


def check(text: str) -> None:
    """Nothing, if the text of a record is one that `decode` could have given.

    Raises `Rejected` with `EMPTY`, `NOT_TEXT` or, for half a surrogate pair (a JSON escape can write one, UTF-8 and
    Parquet cannot), `UNDECODABLE`.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        detail = f"half a surrogate pair, U+{ord(text[error.start]):04X}, at character {error.start}"
        raise Rejected(RejectCode.UNDECODABLE, detail, stage="text") from None
    refuse_controls(data)
    refuse_blank(text)


def strict(data: bytes, encoding: str) -> str:
    """The decoded bytes, checked; `Rejected` where they are not all of that encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        detail = f"{encoding} up to byte {error.start:,} of {len(data):,}, then {data[error.start : error.start + 4]!r}"
        raise Rejected(RejectCode.UNDECODABLE, detail, stage="text") from None
    check(text)
    return text


def refuse_blank(text: str) -> None:
    if not text or text.isspace():
        raise Rejected(RejectCode.EMPTY, f"{len(text):,} characters, all white space", stage="text")


def refuse_controls(data: bytes) -> None:
    if (share := controls(data)) > MAX_CONTROLS:
        raise Rejected(RejectCode.NOT_TEXT, f"{share:.0%} of it control characters: a binary file?", stage="text")


def controls(data: bytes) -> float:
    """The share of bytes that are control characters, 0 to 1."""
    return 1 - len(data.translate(None, CONTROLS)) / len(data) if data else 0.0


def wide(data: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` for bytes that hold it without a mark, None otherwise: in the right order they are
    all characters in use, some of them blanks, newlines, figures or Latin letters; in the wrong one they are not."""
    sample = data[: 2 * SAMPLE]
    ranked = []
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
        foreign = sum(
            char == "\ufffd" or (unicodedata.category(char) in UNUSED and not char.isspace()) for char in text
        )
        ranked.append((foreign, -sum(char.isascii() for char in text), encoding))
    foreign, ascii_count, encoding = min(ranked)
    units = len(sample) // 2
    return encoding if foreign * 100 <= units and -ascii_count >= max(2, units // 200) else None


def legacy(data: bytes, first: int) -> str:
    """The likeliest encoding of bytes that stop being UTF-8 at `first`; `Rejected` if there is none."""
    high = len(data) - len(data.translate(None, HIGH))
    if sum(map(len, UTF8_SEQUENCE.findall(data))) > 0.7 * high:
        detail = f"utf-8 up to byte {first:,} of {len(data):,}, then {data[first : first + 4]!r}"
        raise Rejected(RejectCode.UNDECODABLE, detail, stage="text")
    begin = max(0, first - SAMPLE // 4)
    sample = data[begin : begin + SAMPLE]
    if len(data) > SAMPLE:  # whole words, so as not to cut a character of several bytes
        sample = b" ".join(sample.split()[1:-1]) or sample
    if english([word.decode().lower() for word in ASCII_WORD.findall(sample)]) > 0.99:
        return latin(sample, LATIN[:2])
    match = from_bytes(sample, cp_isolation=[*LATIN, *OTHERS]).best()
    if match is None:
        detail = f"neither UTF-8 (from byte {first:,}) nor any of {', '.join(LATIN + OTHERS)}"
        raise Rejected(RejectCode.UNDECODABLE, detail, stage="text")
    return latin(sample, LATIN) if match.encoding in LATIN else match.encoding


def latin(sample: bytes, encodings: tuple[str, ...]) -> str:
    """The encoding in which fewest characters stand where they cannot and, among those, whose language is plainest."""
    ranked = []
    for position, encoding in enumerate(encodings):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        _, confidence = model().classify(text[:1_000])
        ranked.append((oddities(text), position * HANDICAP - confidence, encoding))
    return min(ranked)[2] if ranked else encodings[0]


def oddities(text: str) -> int:
    """How many non-ASCII characters stand where no text has them: a capital after a small letter (`canÕt`), a symbol
    between letters (`by³o`), a control or private character anywhere."""
    count = 0
    for before, char in pairwise(f" {text}"):
        if char > "\x7f":
            symbol = not char.isalpha() and char not in JOINERS and unicodedata.category(char)[0] not in "MZP"
            count += before.isalpha() and (symbol or (char.isupper() and before.islower()))
            count += unicodedata.category(char) in UNUSED
    return count
