"""Keyphrases of one document: noun-like phrases of one to four words, by TF-IDF.

Candidates are found without a tagger: each token is a name, a noun, a modifier or a break, as the `lexicon` and its
capital say, and a pattern over these letters finds the phrases. How rare a word is ships with the package, so a
document's phrases depend on it alone.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from transforms.lexicon import lexicon
from transforms.models import Keyphrase
from transforms.rules import rules

MOST = 10
TITLE_CHARS, TEXT_CHARS = 500, 1_200
"""What is read: news says at its head what it is about."""
LEAD_TOKENS = 60
TITLE_BONUS, LEAD_BONUS = 2.0, 1.5
"""What a phrase's score is multiplied by where it stands in the title, in the lead."""
COMMON, UNKNOWN = 6.0, 8.5
"""Rarity (see `Lexicon`) at which a word tells nothing; what a word that the lexicon lacks has beyond it."""
MOST_COUNTED = 20
MOST_REMEMBERED, LONGEST_REMEMBERED = 200_000, 40
"""Tokens whose letters are remembered from one document to the next; their longest."""
_ROOTS: list[float] = [n**0.5 for n in range(5)]
_DAMPED: list[float] = [n**0.7 for n in range(MOST_COUNTED + 1)]

# A possessive, or a closing quotation mark: a break.
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
# A word or number, with inner hyphens and the like, or a break: another sign, a line that does not go on with a small
# letter.
_TOKEN = re.compile(r"\w[\w&'’-]*|\S|\n(?=\s{0,4}[^\sa-z])")
# x break, n noun, a modifier, C name, p particle of a name (`bin`, `de`); N and A noun and modifier with a capital, q a
# common word with a capital, which may only open a name (`New`). Of more than four words with capitals the last two are
# the name, those before them an office or a nation.
_PHRASE = re.compile(
    r"[CNA]p{1,2}[CNA]|[CNA]{1,4}(?=[CNA]p{1,2}[CNA])|[CNAq][CNA]{2,3}(?=[CNA]{2}(?![CNA]))|[CNAq][CNA]{1,3}|C"
    r"|[aA][aA]?[nNp][nNp]?|[nN][nNp]{0,3}"
)


class _Letters(dict[str, str]):
    """Token to its letter: what the lexicon says of words in lower case, and the letters that were found before."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.known = known

    def __missing__(self, token: str) -> str:
        letter = self.letter(token)
        if len(self) < MOST_REMEMBERED and len(token) < LONGEST_REMEMBERED:
            self[token] = letter
        return letter

    def letter(self, token: str) -> str:
        """The letter of a token that the lexicon does not have as it is written."""
        if len(token) == 1 or not token[0].isalpha():
            return "x"
        kind = self.known.get(token.lower())
        if not token[0].isupper():
            return kind or ("x" if token.endswith(("ed", "ing", "ly")) else "n")
        if token.isupper():
            return "C"
        return {"n": "N", "a": "A", "x": "x", "p": "N"}.get(kind or "C", "C")


@cache
def _letters() -> _Letters:
    lex = lexicon()
    known = {term: "xanC"[lex.kind[row]] for term, row in lex.rows.items() if " " not in term and term == term.lower()}
    listed = rules("keyphrases")
    stop, particles = dict.fromkeys(_words(listed["stop"]), "x"), dict.fromkeys(_words(listed["particles"]), "p")
    opening = {word.capitalize(): "q" for word in _words(listed["name_openings"])}
    return _Letters(known | stop | particles | opening)


def _words(listed: str) -> list[str]:
    return listed.replace("\n", " ").split(", ")


class _Gains(dict[str, float]):
    """Word in lower case to what it adds to the weight of a phrase."""

    def __missing__(self, word: str) -> float:
        return UNKNOWN


@cache
def _gains() -> _Gains:
    lex = lexicon()
    return _Gains({term: max(lex.rarity[row] - COMMON, 0.0) for term, row in lex.rows.items() if " " not in term})


def keyphrases(title: str | None, text: str) -> list[Keyphrase]:
    """At most ten phrases, best first, cased as in the text, none within another; the best has the score 1.0."""
    titled = _tokens((title or "")[:TITLE_CHARS])
    tokens = [*titled, "\n", *_tokens(text[:TEXT_CHARS])]
    letters = "".join(map(_letters().__getitem__, tokens))
    spans = [match.span() for match in _PHRASE.finditer(letters)]
    keys = [" ".join(tokens[start:end]).lower() for start, end in spans]
    counts = Counter(keys)
    first = dict(zip(reversed(keys), reversed(spans), strict=True))
    _count_surnames(counts, first, letters)
    ranked = _ranked(counts, first, len(titled))
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


def _tokens(text: str) -> list[str]:
    found: list[str] = _TOKEN.findall(_POSSESSIVE.sub(" ' ", text))
    return found


def _count_surnames(counts: Counter[str], first: Mapping[str, tuple[int, int]], letters: str) -> None:
    """A full name is also met where its last word stands alone."""
    for key, (start, end) in first.items():
        if end - start > 1 and letters[start] in "CNA":
            counts[key] += counts.get(key.rsplit(" ", 1)[1], 0)


def _ranked(
    counts: Counter[str], first: Mapping[str, tuple[int, int]], titled: int
) -> list[tuple[float, tuple[int, int], str]]:
    """Phrases by TF-IDF, best first: how often each is met, and how rare its words are together; more in the title and
    the lead. A single word met once after the lead is no keyphrase. The weights are negative.
    """
    gains = _gains()
    ranked = []
    lead = titled + LEAD_TOKENS
    for key, span in first.items():
        start, end = span
        if start > lead and end - start == 1 and counts[key] == 1:
            continue
        rare = gains[key] if end - start == 1 else sum(map(gains.__getitem__, key.split(" "))) / _ROOTS[end - start]
        bonus = TITLE_BONUS if start < titled else LEAD_BONUS if start < lead else 1.0
        ranked.append((-bonus * rare * _DAMPED[min(counts[key], MOST_COUNTED)], span, key))
    ranked.sort()
    return ranked
