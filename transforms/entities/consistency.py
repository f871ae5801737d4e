"""One name, one label within a document; and a name found once is found everywhere."""

from collections import Counter, defaultdict

from transforms.entities.context import Context, fill
from transforms.entities.gazetteer import label_of
from transforms.models import Span

_VOTERS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"})


def one_label(context: Context, spans: list[Span]) -> list[Span]:
    """Each name has one label in a document: that of the longest form that it ends (people) or begins (bodies).

    Where no longer form says it, the majority does; the first where none has it.
    """
    text = context.text
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        votes[text[span.start : span.end]][span.label] += 1
    labels = {name: _majority(counts) for name, counts in votes.items()}
    surnames = {word for name, label in labels.items() if label == "PERSON" and " " in name for word in _surnames(name)}
    openings = {name.split()[0] for name, label in labels.items() if label == "ORG" and len(name.split()) > 1}
    for name, label in labels.items():
        if label_of(name) or " " in name:
            continue
        if name in surnames:
            labels[name] = "PERSON"
        elif name in openings and label in ("PERSON", "PRODUCT", "WORK_OF_ART"):
            labels[name] = "ORG"
    return [Span(span.start, span.end, labels[text[span.start : span.end]]) for span in spans]


def _majority(counts: Counter[str]) -> str:
    """The most frequent label, the first met of two that are as frequent."""
    return max(counts, key=lambda label: counts[label])


def _surnames(name: str) -> list[str]:
    """What a person is called after the full name was given: the last word, and the last with its particles."""
    words = name.split()
    return [words[-1]] if len(words[-1]) > 2 else []


def find_again(context: Context, spans: list[Span]) -> list[Span]:
    """Names that the model found in one place are added where it passed them over, surnames of people too."""
    text = context.text
    labels: dict[str, str] = {}
    for span in spans:
        name = text[span.start : span.end]
        if span.label in ("PERSON", "ORG", "GPE", "LOC", "FAC", "LAW", "NORP", "EVENT") and len(name) > 2:
            labels.setdefault(name, span.label)
            if span.label == "PERSON" and " " in name:
                for surname in _surnames(name):
                    labels.setdefault(surname, "PERSON")
    extras = [
        Span(start, start + len(name), label)
        for name, label in sorted(labels.items(), key=lambda item: -len(item[0]))
        for start in context.occurrences(name)
    ]
    return fill(spans, extras)
