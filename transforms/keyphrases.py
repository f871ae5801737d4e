"""Keyphrases of one document: noun-like phrases of one to four words, by TF-IDF.

Candidates are found without a tagger: each token is a name, a noun, a modifier or a break, as the `lexicon` and its
capital say, and a pattern over these letters finds the phrases. How rare a word is ships with the package, so a
document's phrases depend on it alone.
"""

import re
import string
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from transforms.lexicon import lexicon
from transforms.models import Keyphrase
from transforms.rules import rules

MOST = 10
TITLE_CHARS, TEXT_CHARS = 500, 8_000
"""What is read: news says at its head what it is about."""
LEAD_TOKENS = 60
TITLE_BONUS, LEAD_BONUS = 2.0, 1.5
"""What a phrase's score is multiplied by where it stands in the title, in the lead."""
COMMON, UNKNOWN = 6.0, 8.5
"""Rarity (see `Lexicon`) at which a word tells nothing; what a word that the lexicon lacks has beyond it."""
MOST_COUNTED = 20
_ROOTS: list[float] = [n**0.5 for n in range(5)]
_DAMPED: list[float] = [n**0.7 for n in range(MOST_COUNTED + 1)]

# A word (with inner hyphens and the like, without a possessive), or a break: any other sign, a number, a line that does
# not go on with a small letter.
_TOKEN = re.compile(r"[^\W\d_]\w{0,60}(?:[-&.’'](?!s\b)\w{1,60}){0,4}|[^\w\s]+|_+|\d\w{0,60}|\n(?=\s{0,4}[^\sa-z])")
# x break, n noun, a modifier, C name; N and A noun and modifier with a capital.
_PHRASE = re.compile(r"[CNA]{2,4}|C|[aA]{1,2}[nN]{1,2}|[nN]{1,4}")


@cache
def _kinds() -> dict[str, str]:
    """Word in lower case to its letter."""
    lex = lexicon()
    kinds = {term: "xanC"[lex.kind[row]] for term, row in lex.rows.items() if " " not in term}
    stop = rules("keyphrases")["stop"].replace("\n", " ").split(", ")
    return kinds | dict.fromkeys([*stop, *string.punctuation, "\n"], "x")


@cache
def _gains() -> dict[str, float]:
    """Word in lower case to what it adds to the weight of a phrase."""
    lex = lexicon()
    return {term: max(lex.rarity[row] - COMMON, 0.0) for term, row in lex.rows.items() if " " not in term}


@lru_cache(maxsize=20_000)
def _letter(token: str) -> str:
    """The letter of a token that the lexicon does not have as it is written."""
    if not token[0].isalpha():
        return "x"
    kind = _kinds().get(token.lower())
    if not token[0].isupper():
        return kind or "n"
    if token.isupper() and len(token) > 1:
        return "C"
    return {"n": "N", "a": "A", "x": "x"}.get(kind or "C", "C")


def keyphrases(title: str | None, text: str) -> list[Keyphrase]:
    """At most ten phrases, best first, cased as in the text, none within another; the best has the score 1.0."""
    titled = _TOKEN.findall((title or "")[:TITLE_CHARS])
    tokens = [*titled, "\n", *_TOKEN.findall(text[:TEXT_CHARS])]
    kind = _kinds().get
    letters = "".join([kind(token) or _letter(token) for token in tokens])
    spans = [match.span() for match in _PHRASE.finditer(letters)]
    keys = [" ".join(tokens[start:end]).lower() for start, end in spans]
    counts = Counter(keys)
    first = dict(zip(reversed(keys), reversed(spans), strict=True))
    _count_surnames(counts, first, letters)
    ranked = sorted((-_weight(key, counts[key], *span, len(titled)), span, key) for key, span in first.items())
    chosen: list[Keyphrase] = []
    taken: set[str] = set()
    for weight, (start, end), key in ranked:
        stems = {word.removesuffix("s") for word in key.split(" ")}
        if weight < 0 and taken.isdisjoint(stems):
            taken |= stems
            phrase = " ".join(tokens[start:end])
            chosen.append(Keyphrase(phrase, round(weight / ranked[0][0], 3)))
            if len(chosen) == MOST:
                break
    return chosen


def _count_surnames(counts: Counter[str], first: Mapping[str, tuple[int, int]], letters: str) -> None:
    """A full name is also met where its last word stands alone."""
    for key, (start, end) in first.items():
        if end - start > 1 and letters[start] in "CNA":
            counts[key] += counts.get(key.rsplit(" ", 1)[1], 0)


def _weight(key: str, count: int, start: int, end: int, titled: int) -> float:
    """TF-IDF: how often a phrase is met, and how rare its words are together; more in the title and lead."""
    gain = _gains().get
    if end - start == 1:
        rare = gain(key, UNKNOWN)
    else:
        rare = sum([gain(word, UNKNOWN) for word in key.split(" ")]) / _ROOTS[end - start]
    bonus = TITLE_BONUS if start < titled else LEAD_BONUS if start < titled + LEAD_TOKENS else 1.0
    return bonus * rare * _DAMPED[min(count, MOST_COUNTED)]
