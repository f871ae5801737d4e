"""Names made comparable: folded to plain lower case, and to how they sound in any romanisation."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_DROPPED = "'’‘`´ʼʿʾ"
_DROP = dict.fromkeys(map(ord, _DROPPED))
_PLAIN = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ") for code in range(256))
"""For each ASCII character its lower case, or a blank for what is no letter or digit."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,4}")
_LONE_LETTERS = re.compile(r"\b([a-z])((?: [a-z]\b)+)")
_MAX_NAME = 200
"""Characters of a name that are looked at: a longer one is no name but a slip of the model."""


def words(name: str) -> list[str]:
    """The words of a name in plain lower-case ASCII, without a final possessive; a hyphen or a full stop parts words.

    Letters of other scripts are romanised (anyascii), accents and apostrophes dropped: `Erdoğan's` gives `erdogan`.
    """
    name = name[:_MAX_NAME].rstrip(" \"”'’") if name.endswith(("'", "’", '"', "”", " ")) else name[:_MAX_NAME]
    if name.endswith(("'s", "’s", "'S", "’S")) and len(name) > 3:
        name = name[:-2]
    if not name.isascii():
        if _HAN.fullmatch(name):
            name = f"{anyascii(name[0])} {anyascii(name[1:]).lower()}"  # the surname is written first
        name = anyascii(unicodedata.normalize("NFKC", name).translate(_DROP))
    return name.encode("ascii").translate(_PLAIN, b"'`").decode("ascii").split()


def fold(name: str) -> str:
    """The words of a name as one string, single letters in a row joined: `U. S. Steel's` gives `us steel`."""
    folded = " ".join(words(name))
    return _LONE_LETTERS.sub(lambda run: run[0].replace(" ", ""), folded) if " " in folded else folded


# How romanisations of one name differ, in the order of application. Source: the transliteration tables of Russian
# (BGN, ISO 9, German), Arabic (BGN, French usage) and Ukrainian, as agencies use them.
_SOUNDS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"tsch|tch|cz|ch", "C"),
        (r"sch|sh", "S"),
        (r"zh|dzh|dj", "j"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"dh", "d"),
        (r"ee", "i"),
        (r"oo", "u"),
        (r"^y(?=e)", ""),
        (r"q(?!u)", "g"),
        (r"aei", "ai"),
        (r"ck|c(?![eiy])|q", "k"),
        (r"c", "s"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"([a-zCS])\1", r"\1"),
        (r"(?<=[aeou])[jy](?![aeiou])", "i"),
        (r"i?[yj]$|i?yi$|iy$", "i"),
        (r"y(?![aeou])", "i"),
        (r"ou", "u"),
        (r"ie", "i"),
        (r"([a-zCS])\1", r"\1"),
    )
]
_VOWELS = [(re.compile("[ea]i"), "ai"), (re.compile("u"), "o"), (re.compile("e(?!$)"), "a")]
_LONG = 6
"""Letters from which on a vowel may differ: `Moustafa` and `Mostafa` are one name, `Luck` and `Lock` are two."""


@lru_cache(maxsize=1 << 17)
def sound(word: str) -> str:
    """A spelling shared by the romanisations of one word: `sergei`, `sergey` and `sergej` give the same.

    Vowels are kept, in long words as three classes (a/e, i, o/u) but for the last one: `hassan` and `hussein`, `angela`
    and `angelo`, `jones` and `jonas` stay apart.
    """
    last, long = word[-1:], len(word) >= _LONG
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    if long:
        for pattern, replacement in _VOWELS:
            word = pattern.sub(replacement, word)
    return word[:-1] + last if last in "aeou" and word[-1:] in "aeou" else word


def frame(word: str) -> str:
    """The consonants of `sound(word)`, and its first letter: what two spellings share though their vowels differ."""
    heard = sound(word)
    return heard[:1] + re.sub("[aeiou]", "", heard[1:])
