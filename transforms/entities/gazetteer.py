"""Countries, nationalities and cities that need no model, from `rules/countries.toml`."""

import re
from functools import cache

from transforms.entities.context import Context, fill
from transforms.models import Span
from transforms.rules import rules

_RETYPED = {
    "GPE": frozenset({"PERSON", "ORG", "NORP", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}),
    "NORP": frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}),
    "LOC": frozenset({"PERSON", "ORG", "NORP", "GPE", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT"}),
    "ORG": frozenset({"PERSON", "NORP", "GPE", "FAC", "PRODUCT", "WORK_OF_ART"}),
    "CITY": frozenset({"PERSON", "NORP", "PRODUCT", "WORK_OF_ART"}),
}
"""Which labels of a model give way to the table's. A city may stand for its team or council, so ORG stays."""

_LABEL = {"CITY": "GPE"}


@cache
def kinds() -> dict[str, str]:
    """A name as news writes it -> `GPE` (a country), `CITY` (another place), `LOC`, `NORP` or `ORG` (an agency)."""
    table: dict[str, str] = {}
    countries = rules("countries")["countries"]
    for row in countries:
        groups = (*row.get("cities", ()), row.get("capital", ""))
        table.update({name.strip(): "CITY" for group in groups for name in group.split("/") if name.strip()})
        for people in row.get("people", ()):
            plural = people[:-3] + "men" if people.endswith("man") and len(people) > 6 else people + "s"
            table.update({people: "NORP", plural: "NORP"})
    for row in countries:  # after the others: Djibouti is a country first, the Philippines are no people
        table.update(dict.fromkeys((row["name"], *row.get("also", ()), *row.get("parts", ())), "GPE"))
    table.update(dict.fromkeys(rules("regions")["regions"], "LOC"))
    table.update(dict.fromkeys(rules("regions")["peoples"], "NORP"))
    agencies = [row["name"] for row in rules("metadata")["agency"]]
    table.update(dict.fromkeys([*agencies, *(name.title() for name in agencies if len(name) > 4)], "ORG"))
    return {name.removeprefix("The "): kind for name, kind in table.items()}


@cache
def _by_first_word() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for name in sorted(kinds(), key=len, reverse=True):
        words.setdefault(name.replace("-", " ").replace("'", " ").replace(".", " ").split()[0], []).append(name)
    return words


def label_of(name: str) -> str | None:
    """The label of a name in the table, in capitals too; None for any other."""
    kind = kinds().get(name) or (kinds().get(_capitalised(name)) if name.isupper() and len(name) > 3 else None)
    return _LABEL.get(kind, kind) if kind else None


def is_country(name: str) -> bool:
    """Whether it is a country's name, in capitals too."""
    return "GPE" in (kinds().get(name), kinds().get(_capitalised(name)) if name.isupper() and len(name) > 3 else None)


@cache
def also_people() -> frozenset[str]:
    """Names of places and peoples that are people's names too."""
    return frozenset(rules("regions")["also_people"])


def is_person_too(text: str, span: Span) -> bool:
    """Whether the model took for a person what a person may be called."""
    return span.label == "PERSON" and text[span.start : span.end] in also_people()


def know_places(context: Context, spans: list[Span]) -> list[Span]:
    """Countries and peoples get their labels whatever the model thought, and those that it passed over are added."""
    table = kinds()
    retyped = []
    for span in spans:
        kind = table.get(context.text[span.start : span.end])
        wrong = kind is not None and span.label in _RETYPED[kind] and not is_person_too(context.text, span)
        retyped.append(Span(span.start, span.end, _LABEL.get(kind, kind)) if kind and wrong else span)
    wanted = {
        name: table[name]
        for word in context.words.keys() & _by_first_word().keys()
        for name in _by_first_word()[word]
        if table[name] != "ORG"
    }
    extras = [
        Span(span.start, span.end, _LABEL.get(span.label, span.label))
        for span in context.occurrences(wanted)
        if _stands_alone(context.text, span.start, span.end, span.label)
    ]
    return fill(retyped, extras)


def _stands_alone(text: str, start: int, end: int, kind: str) -> bool:
    """Whether no capitalised neighbour makes it part of a longer name."""
    before, after = text[max(0, start - 20) : start], text[end : end + 3]
    if kind == "NORP" and _LANGUAGE.search(before) and not _NOUN.match(text, end):
        return False  # `in English`, where it is no people's
    if after[:1] in " -" and after[1:2].isupper():
        return False
    word = before[:-1].rsplit(None, 1)[-1] if before[-1:] in (" ", "-") and before.strip() else ""
    return not (word[:1].isupper() and word[-1:].isalnum() and len(word) > 1) or word.lower() in {
        "the",
        "in",
        "of",
        "and",
    }


_NOUN = re.compile(r" (?!(?:and|or|by|for|on|at|to|with|from|as|but|is|was|in)\b)[a-z]")
_LANGUAGE = re.compile(r"(?:\bin|\bspeaks?|\bspoke|\bspeaking|\bspoken|\bof) \Z")


def _capitalised(name: str) -> str:
    return " ".join(word.lower() if word in {"OF", "AND", "THE"} else word.capitalize() for word in name.split())
