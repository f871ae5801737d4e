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
"""Posterior from which the function words alone decide: the model would take ten times as long to agree."""

PRIOR = 5.0
"""How much likelier English is than any other language before the first letter is read. Without it the model gives 3 %
of 3,300 English headlines to other languages (names are foreign words), with it 0.2 %; of 511 sentences in 61 other
languages (spaCy's examples) one turns English by it, the two words `Kde si?`."""

WORD = re.compile(r"[^\W\d_]+")


def detect(text: str) -> tuple[str | None, float]:
    """The ISO 639-1 code of the text's language and the probability of it, 0 to 1; `(None, 0.0)` where
    no letter tells.

    A short text gets a low probability, not another answer: what to do below some threshold is the caller's choice.
    """
    sample = text.lstrip()[:SAMPLE]
    words = WORD.findall(sample.lower())
    if not words:
        return None, 0.0
    certainty = english(words)
    if certainty >= CERTAIN:
        return "en", round(certainty, 4)
    ranking = model().rank(sample)
    if ranking[0][1] == ranking[-1][1]:  # a script that the model has never met
        return None, 0.0
    weights = {code: p * (PRIOR if code == "en" else 1.0) for code, p in ranking}
    best = max(weights, key=weights.__getitem__)
    return best, round(weights[best] / sum(weights.values()), 4)


def english(words: list[str]) -> float:
    """The probability, 0 to 1, that lower-case words are English prose, by naive Bayes over `ENGLISH_ONLY`."""
    hits = sum(word in ENGLISH_ONLY for word in words)
    misses = len(words) - hits
    log_odds = hits * math.log(P_ENGLISH / P_OTHER) + misses * math.log((1 - P_ENGLISH) / (1 - P_OTHER))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


@cache
def model() -> LanguageIdentifier:
    """py3langid over the languages that have an ISO 639-1 code: without that, Nigerian Pidgin takes the headlines."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier
