"""The language of a text: English by its function words, anything else by py3langid's bundled model."""

import math
import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from transforms.rules import rules

SAMPLE = 1_000
"""Characters looked at. 300 already settle news prose; more only guard against a foreign quotation at the head."""

ENGLISH_ONLY = frozenset(rules("language")["english_only"])

P_ENGLISH, P_OTHER = 0.18, 0.004
"""Share of `ENGLISH_ONLY` in running words, by wordfreq 3.1: in English, and at most (Filipino) elsewhere."""

CERTAIN = 0.999
"""Probability from which the function words alone decide, as the model would take ten times as long to agree; and from
which the model's word needs no second look."""

PRIOR = 5.0
"""How much likelier English is than any other language before the first letter is read. Without it the model gives 3 %
of 3,300 English headlines to other languages (names are foreign words), with it 0.2 %; of 511 sentences in 61 other
languages (spaCy's examples) none turns English by it."""

UNSURE = 0.3
"""A guess below this confidence is none: mostly names and figures. Among 3,300 messages of GNU programs in 22 other
languages it is 2 in 100, among their first 25 characters 1 in 10."""

WORD = re.compile(r"[^\W\d_]+")
TOKEN = re.compile(r"[\w'’-]+")


def detect(text: str) -> tuple[str | None, float]:
    """The ISO 639-1 code of the text's language and the probability of it, 0 to 1; `(None, 0.0)` where it cannot be
    told: no letter tells, or what it is likeliest to be is less likely than UNSURE.
    """
    sample = text.lstrip()[:SAMPLE]
    words = WORD.findall(sample.lower())
    if not words:
        return None, 0.0
    certainty = english(words)
    if certainty >= CERTAIN:
        return "en", round(certainty, 4)
    code, probability = _ranked(sample, words)
    if code not in (None, "en") and probability < CERTAIN and (small := _small_words(sample)):
        # a short text is foreign by its names: where all else is English, it is English
        other, certainty = _ranked(" ".join(small), words)
        if other == "en" and certainty >= UNSURE:
            code, probability = other, certainty
    return (code, round(probability, 4)) if probability >= UNSURE else (None, 0.0)


def _ranked(sample: str, words: list[str]) -> tuple[str | None, float]:
    """The likeliest language by the model, and its probability with PRIOR and the function words of the whole text for
    English; they count in its favour alone, as headlines do without."""
    ranking = model().rank(sample)
    if ranking[0][1] == ranking[-1][1]:  # a script that the model has never met
        return None, 0.0
    for_english = PRIOR * math.exp(max(0.0, log_odds(words)))
    weights = {code: p * (for_english if code == "en" else 1.0) for code, p in ranking}
    best = max(weights, key=weights.__getitem__)
    return best, weights[best] / sum(weights.values())


def _small_words(text: str) -> list[str]:
    """The words that begin with a small letter, which names do not."""
    return [word for word in TOKEN.findall(text) if word[0].islower()]


def english(words: list[str]) -> float:
    """The probability, 0 to 1, that lower-case words are English prose, by naive Bayes over `ENGLISH_ONLY`."""
    return 1 / (1 + math.exp(-log_odds(words)))


def log_odds(words: list[str]) -> float:
    """The logarithm of how much likelier lower-case words are as English prose than as another, -50 to 50."""
    hits = sum(word in ENGLISH_ONLY for word in words)
    misses = len(words) - hits
    odds = hits * math.log(P_ENGLISH / P_OTHER) + misses * math.log((1 - P_ENGLISH) / (1 - P_OTHER))
    return max(-50.0, min(50.0, odds))


@cache
def model() -> LanguageIdentifier:
    """py3langid over the languages that have an ISO 639-1 code: without that, Nigerian Pidgin takes the headlines."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier
