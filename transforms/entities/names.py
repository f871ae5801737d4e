"""The fullest form of each name in its document."""

import re
from collections import defaultdict
from collections.abc import Sequence

from transforms.entities.context import Context
from transforms.entities.definitions import definitions
from transforms.models import Span

_SPLIT = re.compile(r"[\s-]+")
_SUFFIXES = frozenset("inc corp co cos ltd llc plc ag sa nv group company corporation limited".split())


def full_names(context: Context, spans: Sequence[Span]) -> list[str]:
    """For each span the fullest form of its name in the text, white space made plain.

    A form that could be short for two names stays as it is.
    """
    surfaces = [" ".join(context.text[span.start : span.end].split()) for span in spans]
    defined: dict[str, str] = {}
    for found in definitions(context):
        defined.setdefault(found.short, " ".join(context.text[found.start : found.end].split()))
    families = {
        "PERSON": _short_forms(
            {s for s, span in zip(surfaces, spans, strict=True) if span.label == "PERSON"}, person=True
        ),
        "ORG": _short_forms({s for s, span in zip(surfaces, spans, strict=True) if span.label == "ORG"}, person=False),
    }
    return [
        defined.get(surface) or families.get(span.label, {}).get(surface, surface)
        for surface, span in zip(surfaces, spans, strict=True)
    ]


def _short_forms(names: set[str], person: bool) -> dict[str, str]:
    """Each of the names that is short for exactly one longest other -> that other."""
    words = {name: tuple(word for word in _SPLIT.split(name.casefold()) if word) for name in sorted(names)}
    longer: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, parts in words.items():
        for length in range(1, len(parts)):
            longer[parts[-length:] if person else parts[:length]].add(name)
        if person and len(parts) > 1:
            longer[parts[:1]].add(name)
    full = {}
    for name, parts in words.items():
        candidates = longer.get(parts, set())
        if not person:
            candidates = {c for c in candidates if set(words[c][len(parts) :]) <= _SUFFIXES or len(parts) == 1}
        # of two forms of which one is short for the other, the longer
        maximal = {c for c in candidates if not any(c != d and _contains(words[d], words[c]) for d in candidates)}
        if len(maximal) == 1:
            full[name] = min(maximal)
    return full


def _contains(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    rest = iter(longer)
    return len(longer) > len(shorter) and all(word in rest for word in shorter)
