"""What a token of a text may be in the date grammar: a month, a unit, a day of a month, the word `of`.

A token belongs to a set of classes. Each set that occurs is given one symbol, a single character, so that a text
becomes a string of symbols, one a token, and the grammar's rules are ordinary regular expressions over that string.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, overload

from transforms.rules import rules

TOKEN = re.compile(
    r"""
      (?P<ISO>[12][0-9]{3}-[01][0-9]-[0-3][0-9](?:T[0-2][0-9]:?[0-5][0-9](?::?[0-5][0-9])?(?:Z|[+-][01][0-9]:?[0-9]{2})?)?
          (?![0-9-]))
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
    | (?P<DOTTED>[AaPp]\.\ ?[Mm]\b\.?|[Bb]\.\ ?[Cc]\b(?:\.\ ?[Ee]\b)?\.?|[Aa]\.\ ?[Dd]\b\.?|[Cc]\.\ ?[Ee]\.)
    | (?P<OCLOCK>[Oo]['’]clock\b)
    | (?P<POSSESSIVE>['’][Ss]\b)
    | (?P<WORD>[^\W\d_]+)
    | (?P<BREAK>\n[\ \t\r]{0,40}\n)
    | (?P<OTHER>[^\s\w])
    """,
    re.VERBOSE,
)

# The same tokens without groups, so that `findall` gives them as they are written. Two letters can begin nothing else.
_WRITTEN = re.compile(r"[A-Za-z]{2,}[^\W\d_]*|" + re.sub(r"\?P<[A-Z]+>", "?:", TOKEN.pattern), re.VERBOSE)

_FIRST_SYMBOL = 0x4E00
_MOST_REMEMBERED = 50_000
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


class Entry(NamedTuple):
    """What the lexicon knows of a token as it is written; see `Token`."""

    word: str
    kind: str
    symbol: str


class Tokens(Sequence[Token]):
    """The tokens of a text. Their places are sought when the first is asked for: most texts hold few dates."""

    def __init__(self, text: str, written: list[str], entries: list[Entry]) -> None:
        self._text, self._written, self._entries = text, written, entries
        self._starts: list[int] = []
        self.words = [entry.word for entry in entries]
        """The word of each token."""

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if not self._starts:
            self._find()
        if isinstance(index, slice):
            known = zip(self._starts[index], self._written[index], self._entries[index], strict=True)
            return [Token(start, start + len(written), word, kind) for start, written, (word, kind, _) in known]
        start, entry = self._starts[index], self._entries[index]
        return Token(start, start + len(self._written[index]), entry.word, entry.kind)

    def _find(self) -> None:
        position, find, keep = 0, self._text.find, self._starts.append
        for written in self._written:
            position = find(written, position)
            keep(position)
            position += len(written)


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


class Lexicon(dict[str, Entry]):
    """From a token as it is written to its entry, remembered. `literals` are the words that the rules name outright."""

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

    def read(self, text: str) -> tuple[Tokens, str]:
        """The tokens of `text` and their symbols, one a token."""
        written = _WRITTEN.findall(text)
        entries = list(map(self.__getitem__, written))
        return Tokens(text, written, entries), "".join([entry.symbol for entry in entries])

    def __missing__(self, written: str) -> Entry:
        match = TOKEN.fullmatch(written)
        kind = (match and match.lastgroup) or ""
        entry = self._word(written) if kind == "WORD" else self._other(written, kind)
        if len(self) < _MOST_REMEMBERED and len(written) <= _LONGEST_WORD:
            self[written] = entry
        return entry

    def _word(self, written: str) -> Entry:
        if len(written) > _LONGEST_WORD:
            return Entry(written, "WORD", self._any_word)
        word = written.lower()
        kind = "WORD" if word == written else "CAPITAL"
        symbol = self._words.get(word)
        if symbol is None or (kind == "WORD" and word in _CAPITALISED):
            symbol = self._capital if kind == "CAPITAL" else self._any_word
        return Entry(word, kind, symbol)

    def _other(self, written: str, kind: str) -> Entry:
        word, symbol = written, self.unknown
        if kind == "DIGITS":
            symbol = self._digits.get(written) or (self._number if len(written) <= 9 else self.unknown)
        elif kind == "DOTTED":
            word = written.lower().replace(" ", "")
            symbol = self._words.get(word) or self._words.get(word.rstrip("."), self.unknown)
        elif kind == "OTHER":
            symbol = self._words.get(written, self.unknown)
        else:
            word, symbol = written.lower().replace("’", "'"), self._kinds[kind]
        return Entry(word, kind, symbol)
