"""The fullest form of each name in its document.

A form that could be short for two names stays as it is: a wrong name is worse than a short one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from transforms.entities.boundaries import no_given_names
from transforms.entities.companies import without_form
from transforms.entities.context import Context
from transforms.entities.definitions import definitions, definitions_by_name
from transforms.entities.gazetteer import label_of
from transforms.models import Span
from transforms.rules import rules
from transforms.umlauts import written_out

_THE = re.compile(r"(?<!\w)[Tt]he \Z")
_DEFINED = re.compile(r"\(\s?[\"“'‘]?(?:the\s)?[\"“'‘]?([A-Z][a-z]{2,20})[\"”'’]?\s?\)")
_INITIALS = (3, 4)
_OTHERS = ("PERSON", "GPE", "LOC", "FAC", "NORP")
_ACRONYMIC = frozenset({"ORG", "LAW", "EVENT"})


def full_names(context: Context, spans: Sequence[Span]) -> list[str]:
    """For each span the fullest form of its name in the text, white space made plain."""
    names = [context.text[span.start : span.end] for span in spans]
    plain = {name: " ".join(name.split()) for name in set(names)}
    surfaces = [plain[name] for name in names]
    by_label: dict[str, set[str]] = defaultdict(set)
    for surface, label in set(zip(surfaces, (span.label for span in spans), strict=True)):
        by_label[label].add(surface)
    longer = {
        "PERSON": initials_of_people(by_label["PERSON"]) | short_for_people(by_label["PERSON"]),
        "ORG": _first_words(by_label) | short_for_bodies(by_label["ORG"]),
    }
    acronyms = _acronyms(context, spans, by_label)
    heads = _heads(context, spans, surfaces)
    longer["PERSON"] |= _royals(context, spans, [longer["PERSON"].get(surface, surface) for surface in surfaces])
    return [
        acronyms.get(surface) or longer.get(span.label, {}).get(surface) or heads.get(number) or surface
        for number, (surface, span) in enumerate(zip(surfaces, spans, strict=True))
    ]


def short_for_people(names: Iterable[str]) -> dict[str, str]:
    """Each name that ends exactly one longer name, or is its first word -> that name: `Lavrov` -> `Sergey Lavrov`."""
    words = {name: _words(name) for name in sorted(names)}
    longer: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, parts in words.items():
        for length in range(1, len(parts)):
            longer[parts[-length:]].add(name)
        if len(parts) > 1:
            longer[parts[:1]].add(name)
    return _longest(words, longer)


def short_for_bodies(names: Iterable[str]) -> dict[str, str]:
    """Each name to which exactly one longer name adds but what bodies have at the end: `Ferrotek` -> `Ferrotek Inc`."""
    endings = frozenset(rules("heads")["endings"]["words"].split())
    words = {name: _words(name) for name in sorted(names)}
    longer: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, parts in words.items():
        for length in range(len(parts) - 1, 0, -1):
            if parts[length] not in endings:
                break
            longer[parts[:length]].add(name)
    return _longest(words, longer)


def initials_of_people(names: Iterable[str]) -> dict[str, str]:
    """The initials of each person of three words or four -> the name, where no two have the same: `FDR`."""
    people: dict[str, set[str]] = defaultdict(set)
    for name in names:
        words = name.replace("-", " ").split()
        if len(words) in _INITIALS:
            people["".join(word[0] for word in words).upper()].add(name)
    return {initials: min(found) for initials, found in people.items() if len(found) == 1}


def _first_words(by_label: Mapping[str, set[str]]) -> dict[str, str]:
    """Each lone word that begins one company's name -> that name: `Lehman` -> `Lehman Brothers Holdings Inc`.

    Not where the word is a common one, or stands in the name of a person, a place or a people.
    """
    bodies = by_label.get("ORG", set())
    words = {name: _words(name) for name in sorted(bodies) if " " in name}
    longer: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, parts in words.items():
        longer[parts[:1]].add(name)
    others = {word for label in _OTHERS for name in by_label.get(label, ()) for word in _words(name)}
    lone = {
        name: parts
        for name in bodies
        if len(parts := _words(name)) == 1 and parts[0] not in others and not _is_common(name)
    }
    return {name: full for name, full in _longest(words | lone, longer).items() if name in lone and without_form(full)}


def _is_common(word: str) -> bool:
    """Whether a capitalised word is more than the head of one name: `General`, `American`, `Union`."""
    return word.lower() in rules("organisations")["common"]["words"] or word in no_given_names() or bool(label_of(word))


def _words(name: str) -> tuple[str, ...]:
    return tuple(bare for word in written_out(name).casefold().replace("-", " ").split() if (bare := word.rstrip(".,")))


def _longest(words: dict[str, tuple[str, ...]], longer: dict[tuple[str, ...], set[str]]) -> dict[str, str]:
    """Each name -> the one longest of those that it is short for, where all the others are short for that one too."""
    full = {}
    for name, parts in words.items():
        if parts not in longer:
            continue
        candidates = sorted(longer[parts], key=lambda other: (-len(words[other]), other))
        if candidates and all(_contains(words[candidates[0]], words[other]) for other in candidates[1:]):
            full[name] = candidates[0]
    return full


def _contains(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Whether the words of the shorter name stand in the longer, in order."""
    rest = iter(longer)
    return all(word in rest for word in shorter)


def _acronyms(context: Context, spans: Sequence[Span], by_label: dict[str, set[str]]) -> dict[str, str]:
    """Acronyms that the text defines, and those that exactly one of its long names spells."""
    full: dict[str, str] = {}
    for found in [*definitions(context), *definitions_by_name(context, spans)]:
        full.setdefault(found.short, " ".join(context.text[found.start : found.end].split()))
    spelled: dict[str, set[str]] = defaultdict(set)
    for name in {name for label in _ACRONYMIC for name in by_label.get(label, ()) if " " in name}:
        words = name.replace("-", " ").split()
        for initials in {"".join(w[0] for w in words).upper(), "".join(w[0] for w in words if w[0].isupper())}:
            spelled[initials].add(name)
    for short in {name for label in _ACRONYMIC for name in by_label.get(label, ()) if name in spelled}:
        if short not in full and len(spelled[short]) == 1:
            full[short] = min(spelled[short])
    return full


def _royals(context: Context, spans: Sequence[Span], names: Sequence[str]) -> dict[str, str]:
    """A royal title that the text puts before one person alone -> that person: `Queen` -> `Elizabeth II`."""
    titles = rules("people")["royal"]["words"]
    if context.words.keys().isdisjoint(titles):
        return {}
    bearers: dict[str, set[str]] = defaultdict(set)
    for span, name in zip(spans, names, strict=True):
        title = context.text[max(0, span.start - 12) : span.start].rpartition(" ")[0].rpartition(" ")[2]
        if span.label == "PERSON" and title in titles:
            bearers[title].add(name)
    return {title: min(found) for title, found in bearers.items() if len(found) == 1}


def _heads(context: Context, spans: Sequence[Span], surfaces: Sequence[str]) -> dict[int, str]:
    """`the Agency` -> the one name before it that ends so, or beside which it is defined: `… Agency (the "Agency")`."""
    text = context.text
    defined: dict[str, str] = {}
    by_head: dict[str, set[str]] = defaultdict(set)
    full: dict[int, str] = {}
    for number, (span, surface) in enumerate(zip(spans, surfaces, strict=True)):
        if span.label not in _ACRONYMIC:
            continue
        if " " in surface:
            by_head[surface.rsplit(" ", 1)[1]].add(surface)
            if text.startswith("(", span.end + 1) and (definition := _DEFINED.match(text, span.end + 1, span.end + 40)):
                defined.setdefault(definition[1], surface)
        elif text.endswith("he ", 0, span.start) and _THE.search(text, max(0, span.start - 5), span.start):
            candidates = by_head.get(surface, set())
            if surface in defined or len(candidates) == 1:
                full[number] = defined.get(surface) or min(candidates)
    return full
