"""One name, one label within a document; and a name found once is found everywhere."""

import re
from collections import Counter, defaultdict

from transforms.entities.context import Context, fill
from transforms.entities.gazetteer import label_of
from transforms.models import Span

_COMPANY = re.compile(
    r"[ ](?:Inc|Corp|Co|Ltd|LLC|Plc|plc|PLC|AG|SA|NV|SpA|AB|GmbH|Group|Holdings?|Industries|Company|Corporation)\.?\Z"
)
_DOUBTFUL = frozenset({"ORG", "PERSON", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT"})
"""A place is rarely what a person or a body is called for short; these are."""


_FOUND_AGAIN = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "LAW", "NORP", "EVENT"})


def one_label(context: Context, spans: list[Span]) -> list[Span]:
    """Each name has one label in a document: that of the longest form that it ends (people) or begins (bodies).

    Where no longer form says it, the majority does; the first where none has it.
    """
    text = context.text
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        votes[text[span.start : span.end]][span.label] += 1
    labels = {name: _majority(counts) for name, counts in votes.items()}
    people = {word for name, label in labels.items() if label == "PERSON" for word in _surnames(name)}
    given = {name.split()[0] for name, label in labels.items() if label == "PERSON" and " " in name}
    bodies = {name.split()[0]: name for name, label in labels.items() if label == "ORG" and " " in name}
    for name, label in labels.items():
        if " " in name or len(name) < 3 or label_of(name):
            continue
        if name in bodies:
            company = _COMPANY.search(bodies[name])
            labels[name] = "ORG" if company or (label in _DOUBTFUL - {"NORP"} and name not in people) else label
        elif name in people or (name in given and label in _DOUBTFUL):
            labels[name] = "PERSON"
    return [Span(span.start, span.end, labels[text[span.start : span.end]]) for span in spans]


def _majority(counts: Counter[str]) -> str:
    """The most frequent label, the first met of two that are as frequent."""
    return max(counts, key=lambda label: counts[label])


def _surnames(name: str) -> list[str]:
    """The words of a person's name but the first, and what follows the article in `al-Sahhaf`."""
    words = name.split()[1:]
    return words + [word[3:] for word in words if word[:3] in ("al-", "Al-", "el-", "El-")]


def find_again(context: Context, spans: list[Span]) -> list[Span]:
    """Names that the model found in one place are added where it passed them over, surnames of people too."""
    text = context.text
    names = [text[span.start : span.end] for span in spans]
    labels: dict[str, str] = {}
    for name, span in zip(names, spans, strict=True):
        if len(name) > 2 and span.label in _FOUND_AGAIN:
            labels.setdefault(name, span.label)
            if span.label == "PERSON" and " " in name:
                labels.setdefault(_surnames(name)[-1], "PERSON")
    counts = Counter(names)
    again = {
        name: label
        for name, label in labels.items()
        if len(context.words.get(name.split(" ", 1)[0], "")) != counts[name]
    }
    return fill(spans, context.occurrences(again)) if again else spans
