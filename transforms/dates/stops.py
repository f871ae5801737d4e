"""Where a sentence ends among the tokens of a text: at stops, not at those of `U.S. troops`, `Mrs. Hale`, `Aug. 3`."""

from transforms.dates.words import BREAK, Tokens
from transforms.rules import rules

STOPS = frozenset((".", ";", "!", "?", BREAK))
_RULES = rules("sentences")
_FOLLOWS = {
    word: row["follows"] for row in _RULES["abbreviation"] for word in row["words"].lower().split() if word.isalpha()
}
_STARTERS = frozenset(_RULES["starters"]["words"].lower().split())


def ends_sentence(tokens: Tokens, number: int) -> bool:
    """Whether a sentence ends at the token `number`; `sentences.toml` has the abbreviations that do not end one."""
    word = tokens.words[number]
    if word != "." or not number:
        return word in STOPS
    before = tokens.words[number - 1]
    follows = (_FOLLOWS.get(before) or ("name" if len(before) == 1 else "")) if _is_capital(tokens, number - 1) else ""
    after = tokens.words[number + 1] if number + 1 < len(tokens) else BREAK
    if not follows or after == BREAK:
        return True
    if follows == "number":
        return not after.isdecimal()
    return follows == "name" and _is_capital(tokens, number + 1) and after in _STARTERS


def _is_capital(tokens: Tokens, number: int) -> bool:
    return tokens.kind(number) == "CAPITAL"
