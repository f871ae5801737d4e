"""Bytes to Unicode: the raw text that every `raw_…` offset points into.

Detection is for what is *not* UTF-8, which costs next to nothing to recognise; it looks at a sample, so that a megabyte
takes milliseconds too. What no encoding turns into text is rejected: mojibake would poison every later stage.
"""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from transforms.errors import RejectCode, Rejected
from transforms.language import english, model
from transforms.rules import rules

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
ENGLISH = LATIN[:3]
"""Those tried on English: the code page of Central Europe for the names of its people."""
HANDICAP = 0.002
"""Probability that an encoding gives up to each one before it."""
MARGIN = 0.4
"""Probability, divided by the high bytes of the text, that an encoding has to be better by than the likeliest: of few
bytes the language is guessed by a name. Of 1,663 lines of English news in cp1252 one is garbled, without it 18; of some
2,600 sentences in other languages, in cp1250, cp1252, cp1254 and cp1257, 2 in 100 either way."""
OTHERS = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
ALPHABETS = {code: frozenset(letters) for code, letters in rules("alphabets")["letters"].items()}
WESTERN = frozenset(bytes(range(0x80, 0x100)).decode("cp1252", "ignore").lower()) - frozenset("ðþý")
"""The characters of all other languages in Latin script."""
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = bytes(range(0x80, 0x100))
ASCII_LETTERS = re.compile(rb"[A-Za-z]+")
ASCII_WORD = re.compile(rb"(?<![\x80-\xff])\b[A-Za-z]+\b(?![\x80-\xff])")
UNUSED = ("Cc", "Cn", "Co")
"""General categories of characters that no text has: controls, unassigned, private use."""
IN_LATIN = re.compile(rb"(?<![\x80-\xff])[\x80-\xff]{1,2}(?![\x80-\xff])")
"""High bytes as they stand among letters of Latin script."""
QUOTES = ("Pi", "Pf", "Ps")
JOINERS = frozenset("’‘'-‐–—·•…/\xad\u200d")
"""What may stand between two letters without a blank; and of quotation marks and brackets the categories."""


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
        return latin(sample, ENGLISH, "en")
    match = from_bytes(sample, cp_isolation=[*LATIN, *OTHERS]).best()
    if match is None:
        detail = f"neither UTF-8 (from byte {first:,}) nor any of {', '.join(LATIN + OTHERS)}"
        raise Rejected(RejectCode.UNDECODABLE, detail, stage="text")
    return latin(sample, LATIN) if match.encoding in LATIN or is_latin(sample) else match.encoding


def is_latin(sample: bytes) -> bool:
    """Whether bytes of a legacy encoding are of Latin script by their looks: a high byte or two here and there among
    many ASCII letters. In a short text such a pair may be a Chinese character as well."""
    high = len(sample) - len(sample.translate(None, HIGH))
    single = sum(map(len, IN_LATIN.findall(sample)))
    return single == high and sum(map(len, ASCII_LETTERS.findall(sample))) > 3 * high


def latin(sample: bytes, encodings: tuple[str, ...], language: str | None = None) -> str:
    """The encoding in which fewest characters stand where they cannot and, among those, whose language is plainest.

    Where the `language` is known, letters that it has not are those of names.
    """
    margin = MARGIN / max(1, len(sample) - len(sample.translate(None, HIGH)))
    ranked = []
    for position, encoding in enumerate(encodings):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        guess, confidence = model().classify(text[:1_000])
        faults = oddities(text) + (0 if language else strangers(text, guess))
        ranked.append((faults, position * HANDICAP + (margin if position else 0) - confidence, encoding))
    return min(ranked)[2] if ranked else encodings[0]


def strangers(text: str, language: str) -> int:
    """How many letters a text has that its language is not written with."""
    alphabet = ALPHABETS.get(language, WESTERN)
    return sum(char > "\x7f" and char.isalpha() and char.lower() not in alphabet for char in text)


def oddities(text: str) -> int:
    """How many non-ASCII characters stand where no text has them: a capital after a small letter (`canÕt`), a
    small one between capitals (`BRASêLIA`), a symbol or a quotation mark between letters (`by³o`, `Jo‹o`), a control or
    private character anywhere."""
    count = 0
    for before, char, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        if char > "\x7f":
            category = unicodedata.category(char)
            if before.isalpha() and not char.isalpha() and char not in JOINERS:
                count += category in QUOTES and after.isalpha() if category[0] in "MZP" else True
            count += before.islower() and char.isupper()
            count += before.isupper() and char.islower() and after.isupper()
            count += category in UNUSED
    return count
