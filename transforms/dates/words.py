"""What a token of a text may be in the date grammar: a month, a unit, a day of a month, the word `of`.

A token belongs to a set of classes. Each set that occurs is given one symbol, a single character, so that a text
becomes a string of symbols, one a token, and the grammar's rules are ordinary regular expressions over that string.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from transforms.rules import rules

TOKEN = re.compile(
    r"""
      (?P<ISO>[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:T[0-2][0-9]:?[0-5][0-9](?::?[0-5][0-9])?(?:Z|[+-][01][0-9]:?[0-9]{2})?)?
          (?![0-9-]))
    | (?P<NUMERIC>[0-9]{1,4}(?P<separator>[/.-])[0-9]{1,2}(?P=separator)[0-9]{2,4}(?![0-9]|[/.-][0-9]))
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
    | (?P<DOTTED>[AaPp]\.\ ?[Mm]\b\.?|[Bb]\.\ ?[Cc]\b(?:\.\ ?[Ee]\b)?\.?|[Aa]\.\ ?[Dd]\b\.?|[Cc]\.\ ?[Ee]\.)
    | (?P<OCLOCK>[Oo]['’]clock\b)
    | (?P<POSSESSIVE>['’][Ss]\b)
    | (?P<WORD>[^\W\d_]+)
    | (?P<BREAK>\n[\ \t\r]{0,40}\n)
    | (?P<OTHER>[^\s\w])
    """,
    re.VERBOSE,
)

_FIRST_SYMBOL = 0x4E00
_LONGEST_WORD = 14

_TABLES = rules("date_words")
_CAPITALISED = frozenset(_TABLES["capitalised"])
MEANINGS: dict[str, dict[str, int | str]] = {k: v for k, v in _TABLES.items() if isinstance(v, dict)}
"""Class -> word -> what the word means in that class."""


class Token(NamedTuple):
    """A token with its place in the text; `word` is its lower case, apostrophes made plain."""

    start: int
    end: int
    word: str
    kind: str
    """The name of its group in `TOKEN`; `CAPITAL` for a word that begins with one."""


class Symbols:
    """The symbol of each set of classes, given out in the order of asking."""

    def __init__(self) -> None:
        self._by_set: dict[frozenset[str], str] = {}

    def of(self, classes: Iterable[str]) -> str:
        key = frozenset(classes)
        if key not in self._by_set:
            self._by_set[key] = chr(_FIRST_SYMBOL + len(self._by_set))
        return self._by_set[key]

    def having(self, name: str) -> str:
        """The symbols of all sets that hold the class `name`."""
        return "".join(symbol for key, symbol in self._by_set.items() if name in key)


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


class Lexicon:
    """From a token to its symbol. `literals` are the words that the rules name outright."""

    def __init__(self, literals: Collection[str]) -> None:
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

    def read(self, text: str) -> tuple[list[Token], str]:
        """The tokens of `text` and their symbols, one a token."""
        tokens: list[Token] = []
        symbols: list[str] = []
        for match in TOKEN.finditer(text):
            kind = match.lastgroup or ""
            start, end = match.span()
            if kind == "WORD":
                word, kind, symbol = self._word(match[0])
            else:
                word, symbol = self._other(match[0], kind)
            tokens.append(Token(start, end, word, kind))
            symbols.append(symbol)
        return tokens, "".join(symbols)

    def _word(self, written: str) -> tuple[str, str, str]:
        if len(written) > _LONGEST_WORD:
            return written, "WORD", self._any_word
        word = written.lower()
        kind = "WORD" if word == written else "CAPITAL"
        symbol = self._words.get(word)
        if symbol is None or (kind == "WORD" and word in _CAPITALISED):
            symbol = self._capital if kind == "CAPITAL" else self._any_word
        return word, kind, symbol

    def _other(self, written: str, kind: str) -> tuple[str, str]:
        if kind == "DIGITS":
            return written, self._digits.get(written) or (self._number if len(written) <= 9 else self.unknown)
        if kind == "DOTTED":
            word = written.lower().replace(" ", "")
            return word, self._words.get(word) or self._words.get(word.rstrip("."), self.unknown)
        if kind == "OTHER":
            return written, self._words.get(written, self.unknown)
        return written.lower().replace("’", "'"), self._kinds[kind]
