"""Keyphrases of one document: noun-like phrases of one to four words, by TF-IDF.

Candidates are runs of words between stop words, verbs, adverbs and punctuation that end in what can be a noun. How
rare a word is ships with the package (`lexicon`), so a document's phrases depend on it alone.
"""

import re
from functools import cache

from transforms.lexicon import lexicon
from transforms.models import Keyphrase
from transforms.rules import rules

TEXT_CHARS = 8_000
"""What is read of a text: news says at its head what it is about."""
MOST = 10
LONGEST = 4

_TOKEN = re.compile(r"[^\W\d_]\w*(?:[-'’.&]\w+){0,3}|[^\w\s]|\d|\n\s*\n")
_POSSESSIVE = re.compile(r"['’][sS]?$")


@cache
def _stop() -> frozenset[str]:
    return frozenset(" ".join(rules("keyphrases")["stop"].split()).split(", "))


def keyphrases(title: str | None, text: str) -> list[Keyphrase]:
    """At most ten phrases, best first, cased as in the text, none within another; the best has the score 1.0."""
    counts = _candidates(title, text)
    lex = lexicon()
    unknown = 15.0
    ranked = []
    for key, (count, surface, bonus) in counts.items():
        rarities = [lex.rarity[lex.rows[word]] if word in lex.rows else unknown for word in key]
        idf = sum(max(r - 6.0, 0.0) for r in rarities) / len(key) ** 0.5
        ranked.append((idf * (count + bonus), surface, key))
    ranked.sort(key=lambda item: (-item[0], item[1]))
    chosen: list[tuple[float, str, tuple[str, ...]]] = []
    taken: set[str] = set()
    for item in ranked:
        if len(chosen) == MOST:
            break
        if not taken.intersection(item[2]):
            chosen.append(item)
            taken.update(item[2])
    best = chosen[0][0] if chosen else 1.0
    return [Keyphrase(surface, round(score / best, 3)) for score, surface, _ in chosen if score > 0]


def _candidates(title: str | None, text: str) -> dict[tuple[str, ...], tuple[float, str, float]]:
    counts: dict[tuple[str, ...], tuple[float, str, float]] = {}
    lex, stop = lexicon(), _stop()
    for part, weight in (((title or "")[:500], 2.0), (text[:TEXT_CHARS], 1.0)):
        run: list[tuple[str, str, int]] = []
        for token in [*_TOKEN.findall(part), "."]:
            word = _POSSESSIVE.sub("", token)
            low = word.lower()
            if not low[:1].isalpha() or low in stop:
                kind = 0
            else:
                row = lex.rows.get(low)
                kind = lex.kind[row] if row is not None else 2
            if kind:
                run.append((word, low, kind))
            if (not kind or word != token) and run:
                _count(run, weight, counts)
                run = []
    return counts


def _count(
    run: list[tuple[str, str, int]], weight: float, counts: dict[tuple[str, ...], tuple[float, str, float]]
) -> None:
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + LONGEST) + 1):
            if run[end - 1][2] == 2:
                key = tuple(low for _, low, _ in run[start:end])
                count, surface, bonus = counts.get(key, (0.0, " ".join(word for word, _, _ in run[start:end]), 0.0))
                counts[key] = (count + weight, surface, bonus)
