"""What a token of a text may be in the date grammar: a month, a unit, a day of a month, the word `of`.

A token belongs to a set of classes. Each set that occurs is given one symbol, a single character, so that a text
becomes a string of symbols, one a token, and the grammar's rules are ordinary regular expressions over that string.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from itertools import accumulate, chain
from typing import NamedTuple

from transforms.rules import rules

_LINE_END = r"(?:\n|\r\n?+)"
_PARAGRAPH_END = rf"{_LINE_END}[ \t]{{0,40}}{_LINE_END}"
"""The end of a line and that of an empty one."""
# The tokens that hold white space: all others stand within what white space parts.
_SPACED = rf"""
      (?P<BREAK>{_PARAGRAPH_END})
    | (?P<SPACED>(?<!\S)(?:[AaPp]\.\ [Mm]\b\.?|[Bb]\.\ [Cc]\b(?:\.\ ?[Ee]\b)?\.?|[Aa]\.\ [Dd]\b\.?|[Cc]\.\ [Ee]\.))
    """
TOKEN = re.compile(
    _SPACED
    + r"""
    | (?P<ISO>[12][0-9]{3}-[01][0-9]-[0-3][0-9]
          (?:T(?:(?:[01][0-9]|2[0-3]):?[0-5][0-9](?::?[0-5][0-9])?|24:?00(?::?00)?)
             (?:Z|[+-][01][0-9]:?[0-9]{2})?)?(?![0-9-]))
    | (?P<NUMERIC>[0-9]{1,4}(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.|-[0-9]{1,2}-)[0-9]{2,4}(?![0-9]|[/.-][0-9]))
    | (?P<LONGCLOCK>[0-2]?[0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,3})?(?![0-9:]))
    | (?P<CLOCK>[0-2]?[0-9]:[0-5][0-9](?![0-9:]))
    | (?P<QUARTERCODE>[Qq][1-4]\b|[1-4]Q\b)
    | (?P<THOUSANDS>[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9]))
    | (?P<DECIMAL>[0-9]{1,9}\.[0-9]{1,9}(?![0-9]))
    | (?P<NTH>[0-9]{1,3}(?:st|nd|rd|th)\b)
    | (?P<DECADE>[0-9]{3}0s\b)
    | (?P<SHORTDECADE>['’‘`]?[0-9]0s\b)
    | (?P<DIGITS>[0-9]+)
    | (?P<SHORTYEAR>['’‘`][0-9]{2}(?!\w|-[^\W\d]))
    | (?P<DOTTED>[AaPp]\.[Mm]\b\.?|[Bb]\.[Cc]\b(?:\.[Ee]\b)?\.?|[Aa]\.[Dd]\b\.?|[Cc]\.[Ee]\.)
    | (?P<OCLOCK>[Oo]['’]clock\b)
    | (?P<POSSESSIVE>['’][Ss]\b)
    | (?P<WORD>[^\W\d_]+)
    | (?P<OTHER>[^\s\w])
    """,
    re.VERBOSE,
)
_APART = re.compile(f"({re.sub(r'[?]P<[A-Z]+>', '?:', _SPACED)})", re.VERBOSE)
_BREAK = re.compile(f"({_PARAGRAPH_END})")
_LETTER = re.compile(r"\. [MmCcDdEe]\b")
"""Stands in all that `_SPACED` matches beside breaks, and is found sooner."""

BREAK = "\n\n"
"""The word of the token between two paragraphs."""
_FIRST_SYMBOL = 0x4E00
_MOST_REMEMBERED = 50_000
_LONGEST_CHUNK = 20
_LONGEST_WORD = 14
_CLOSING = ".,;:!?"

_TABLES = rules("date_words")
_CAPITALISED = frozenset(_TABLES["capitalised"])
MEANINGS: dict[str, dict[str, int | str]] = {k: v for k, v in _TABLES.items() if isinstance(v, dict)}
"""Class -> word -> what the word means in that class."""
MODIFIERS: dict[str, dict[str, str]] = {phrase: row for row in _TABLES["modifier"] for phrase in row["phrases"]}
"""What may stand before a count (`more than`) -> its row, with the `mod` that it gives."""


class Entry(NamedTuple):
    """A token as it is written: what the lexicon knows of it, and its place within its chunk."""

    word: str
    """Lower case, apostrophes made plain."""
    kind: str
    """The name of its group in `TOKEN`; `CAPITAL` for a word that begins with one."""
    symbol: str
    start: int
    end: int


class Tokens:
    """The tokens of a text, by number. Their places are sought when the first is asked for."""

    def __init__(self, text: str, chunks: list[str], read: list[tuple[Entry, ...]]) -> None:
        self._text, self._chunks, self._read = text, chunks, read
        self._entries = list(chain.from_iterable(read))
        self._starts: list[int] = []
        """Where each chunk starts in the text, and how many tokens there are up to its end."""
        self._counts: list[int] = []
        self.words = [entry[0] for entry in self._entries]
        """The word of each token."""
        self.symbols = "".join([entry[2] for entry in self._entries])
        """The symbol of each token."""

    def __len__(self) -> int:
        return len(self._entries)

    def kind(self, number: int) -> str:
        """The kind of a token; empty beyond the last."""
        return self._entries[number].kind if number < len(self._entries) else ""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the tokens `first` to before `last` stand in the text."""
        if not self._starts:
            self._find()
        return self._place(first)[0], self._place(last - 1)[1]

    def _place(self, number: int) -> tuple[int, int]:
        """Where a token stands: its place within its chunk, and that within the text."""
        start, entry = self._starts[bisect_right(self._counts, number)], self._entries[number]
        return start + entry.start, start + entry.end

    def _find(self) -> None:
        position, find = 0, self._text.find
        for chunk in self._chunks:
            position = find(chunk, position)
            self._starts.append(position)
            position += len(chunk)
        self._counts = list(accumulate(map(len, self._read)))


class Symbols:
    """The symbol of each set of classes, given out in the order of asking."""

    def __init__(self) -> None:
        self._by_set: dict[frozenset[str], str] = {}
        self._having: dict[str, str] = {}

    def of(self, classes: Iterable[str]) -> str:
        key = frozenset(classes)
        if key not in self._by_set:
            symbol = self._by_set[key] = chr(_FIRST_SYMBOL + len(self._by_set))
            self._having |= {name: self._having.get(name, "") + symbol for name in key}
        return self._by_set[key]

    def having(self, name: str) -> str:
        """The symbols of all sets that hold the class `name`."""
        return self._having.get(name, "")


def digits_classes(word: str) -> tuple[str, ...]:
    """The classes of a run of digits: day of a month, hour, year…"""
    if len(word) > 4:
        return ("INT",) if len(word) <= 9 else ()
    number = int(word)
    classes = ["INT"]
    if len(word) <= 2:
        classes += ["DAY"] if 1 <= number <= 31 else []
        classes += ["HOUR"] if number <= 24 else []
        classes += ["HOUR12"] if 1 <= number <= 12 else []
        classes += ["YY"] if len(word) == 2 else []
    if len(word) == 3:
        classes += ["ANCIENT"] if number >= 100 else []
    if len(word) == 4:
        classes += ["YEAR"] if 1000 <= number <= 2199 else []
        classes += ["ROUND"] if number % 10 == 0 else []
        classes += ["CLASSICAL"] if 1492 <= number < 1900 else []
        classes += ["MODERN"] if 1900 <= number <= 2059 else []
        classes += ["MILITARY"] if number <= 2400 and number % 100 < 60 else []
    return tuple(classes if "YEAR" in classes else [*classes, "NOYEAR"])


class Lexicon(dict[str, tuple[Entry, ...]]):
    """From a chunk of text between white space to its tokens, remembered.

    `literals` are the words that the rules name outright.
    """

    def __init__(self, literals: Collection[str]) -> None:
        super().__init__()
        self.symbols = Symbols()
        self.unknown = self.symbols.of(())
        by_word: dict[str, set[str]] = {}
        for name, words in MEANINGS.items():
            for word in words:
                by_word.setdefault(word, set()).add(name)
        for literal in sorted(literals):
            by_word.setdefault(literal, set()).add(literal)
        self._words = {word: self.symbols.of(classes) for word, classes in sorted(by_word.items())}
        self._kinds = {kind: self.symbols.of((kind,)) for kind in TOKEN.groupindex}
        self._capital = self.symbols.of(("CAPITAL",))
        self._any_word = self.symbols.of(("LOWER",))
        named = frozenset(literals)
        figures = [f"{n:0{width}}" for width in (1, 2, 3, 4) for n in range(10**width)]
        self._digits = {
            f: self.symbols.of({*digits_classes(f), f} if f in named else digits_classes(f)) for f in figures
        }
        self._number = self.symbols.of(("INT",))

    def read(self, text: str) -> Tokens:
        """The tokens of `text`."""
        chunks: list[str] = []
        apart = _APART if _LETTER.search(text) else _BREAK
        for number, piece in enumerate(apart.split(text)):
            if number % 2:
                chunks.append(piece)
            else:
                chunks += piece.split()
        return Tokens(text, chunks, list(map(self.__getitem__, chunks)))

    def __missing__(self, chunk: str) -> tuple[Entry, ...]:
        entries: tuple[Entry, ...]
        length = len(chunk) - 1
        if chunk.isalpha():
            entries = (Entry(*self._word(chunk), 0, len(chunk)),)
        elif chunk[-1] in _CLOSING and chunk[:-1].isalpha():
            entries = (*self[chunk[:-1]], Entry(*self._other(chunk[-1], "OTHER"), length, length + 1))
        else:
            entries = tuple([self._entry(match) for match in TOKEN.finditer(chunk)])
        if len(chunk) <= _LONGEST_CHUNK:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[chunk] = entries
        return entries

    def _entry(self, match: re.Match[str]) -> Entry:
        written, kind = match[0], match.lastgroup or ""
        word, kind, symbol = self._word(written) if kind == "WORD" else self._other(written, kind)
        return Entry(word, kind, symbol, match.start(), match.end())

    def _word(self, written: str) -> tuple[str, str, str]:
        if len(written) > _LONGEST_WORD:
            return written, "WORD", self._any_word
        word = written.lower()
        kind = "WORD" if word == written else "CAPITAL"
        symbol = self._words.get(word)
        if symbol is None or (kind == "WORD" and word in _CAPITALISED):
            symbol = self._capital if kind == "CAPITAL" else self._any_word
        return word, kind, symbol

    def _other(self, written: str, kind: str) -> tuple[str, str, str]:
        word, symbol = written, self.unknown
        if kind == "DIGITS":
            symbol = self._digits.get(written) or (self._number if len(written) <= 9 else self.unknown)
        elif kind in ("DOTTED", "SPACED"):
            word = written.lower().replace(" ", "")
            symbol = self._words.get(word) or self._words.get(word.rstrip("."), self.unknown)
        elif kind == "OTHER":
            symbol = self._words.get(written, self.unknown)
        elif kind == "BREAK":
            word, symbol = BREAK, self._kinds[kind]
        else:
            word, symbol = written.lower().replace("’", "'"), self._kinds[kind]
        return word, kind, symbol
