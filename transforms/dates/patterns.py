"""The language that the rules are written in: a regular expression over words instead of characters.

    "the? n:ORDINAL '-'? quarter (of y:YEAR)?"

UPPER case is a class of words (`date_words.toml`) or a macro (`dates.toml`), lower case a word itself, quotes hold
punctuation, `name:` captures the next item. `( | ) ? * {m,n}` and lookarounds are those of `re`.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from transforms.dates.words import Symbols

_ITEM = re.compile(
    r"\s*(?:(?P<name>[a-z]+):(?=\S)|(?P<upper>[A-Z][A-Z0-9]*)|(?P<lower>[a-z]+)|'(?P<quoted>[^']+|')'"
    r"|(?P<plain>\((?:\?(?:<?[=!]|:))?|\)|[|?*+]|\{[0-9,]+\}))"
)
_FUNCTION_WORDS = ("the", "of", "to", "and", "in", "at", "this", "that", "on", "for", "from", "ARTICLE", ",", ".", "-",
                   "POSSESSIVE", "(", "after", "before", "new", "first", "next", "later", "most")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """Patterns over the symbols of one lexicon."""

    macros: Mapping[str, str]
    symbols: Symbols

    def translate(self, pattern: str) -> str:
        """The pattern as a regular expression over symbols. Raises ValueError where it is not well formed."""
        out: list[str] = []
        names: list[str] = []
        pending = ""
        for item in _items(pattern):
            if item["name"]:
                names.append(item["name"])
                # `re` wants each name once: the second alternative's `r` is `r1`
                pending = item["name"] + (str(names.count(item["name"]) - 1) if names.count(item["name"]) > 1 else "")
                continue
            piece = self._piece(item)
            if pending and piece == "(":
                piece = f"(?P<{pending}>"
            elif pending:
                piece = f"(?P<{pending}>{piece})"
            elif piece == "(":
                piece = "(?:"
            pending = ""
            out.append(piece)
        return "".join(out)

    def _piece(self, item: re.Match[str]) -> str:
        if item["plain"]:
            return str(item["plain"])
        if item["upper"] in self.macros:
            return f"(?:{self.translate(self.macros[item['upper']])})"
        name = item["upper"] or item["lower"] or item["quoted"]
        symbols = self.symbols.having(name)
        if not symbols:
            raise ValueError(f"the date grammar knows no class {name!r}")
        return symbols if len(symbols) == 1 else f"[{symbols}]"

    def needed(self, pattern: str, held: frozenset[str] = frozenset()) -> list[frozenset[str]]:
        """Sets of symbols of each of which a text must hold one for the rule to match: most texts need few rules.

        What is looked at, ahead or behind, counts where all of it is among the symbols `held`.
        """
        pattern = pattern.strip()
        alternatives: list[list[frozenset[str]]] = [[]]
        items = [item for item in _items(pattern) if not item["name"]]
        position = 0
        while position < len(items):
            item = items[position]
            position = _closing(items, position) + 1
            optional = position < len(items) and (items[position]["plain"] or "").startswith(("?", "*", "{0"))
            if item["plain"] == "|":
                alternatives.append([])
            elif item["plain"] in ("(", "(?=", "(?<=") and not optional:
                inner = pattern[item.end() : items[position - 1].start("plain")]
                if item["plain"] == "(" or self.consumed(inner) <= held:
                    alternatives[-1] += self.needed(inner, held)
            elif not item["plain"] and not optional:
                alternatives[-1] += self._needed_by(item)
        if len(alternatives) == 1:
            return alternatives[0]
        if not all(alternatives):
            return []
        return [frozenset().union(*(self.rarest(needs) for needs in alternatives))]

    def rarest(self, needs: Collection[frozenset[str]]) -> frozenset[str]:
        """Of sets of symbols the one that a text is least likely to hold any of."""
        return min(needs, key=self._commonness)

    def _commonness(self, one_of: frozenset[str]) -> tuple[bool, int]:
        """The order in which sets say little of a text: those with a word that stands in every sentence come last."""
        return any(word in one_of for name in _FUNCTION_WORDS for word in self.symbols.having(name)), len(one_of)

    def consumed(self, pattern: str) -> frozenset[str]:
        """The symbols that may stand inside a match; what is only looked at, ahead or behind, may not."""
        items = list(_items(pattern))
        found: set[str] = set()
        position = 0
        while position < len(items):
            item = items[position]
            if (item["plain"] or "").startswith(("(?=", "(?!", "(?<")):
                position = _closing(items, position)
            elif item["upper"] in self.macros:
                found |= self.consumed(self.macros[item["upper"]])
            elif name := item["upper"] or item["lower"] or item["quoted"]:
                found |= set(self.symbols.having(name))
            position += 1
        return frozenset(found)

    def _needed_by(self, item: re.Match[str]) -> list[frozenset[str]]:
        if item["upper"] in self.macros:
            return self.needed(self.macros[item["upper"]])
        return [frozenset(self.symbols.having(item["upper"] or item["lower"] or item["quoted"]))]


def _items(pattern: str) -> Iterator[re.Match[str]]:
    position = 0
    pattern = pattern.strip()
    while position < len(pattern):
        item = _ITEM.match(pattern, position)
        if item is None:
            raise ValueError(f"cannot read the date rule {pattern!r} at {pattern[position:]!r}")
        position = item.end()
        yield item


def _closing(items: list[re.Match[str]], position: int) -> int:
    """Where the group that opens at `position` closes; `position` itself where none opens."""
    depth = 0
    for place in range(position, len(items)):
        plain = items[place]["plain"] or ""
        depth += plain.startswith("(") - (plain == ")")
        if depth == 0:
            return place
    raise ValueError("a group of a date rule is not closed")


def literals(pattern: str) -> Iterator[str]:
    """The words and the punctuation that a pattern names outright."""
    for item in _items(pattern):
        if item["lower"] or item["quoted"]:
            yield item["lower"] or item["quoted"]
