"""Countries, nationalities, cities and well-known bodies that need no model: `rules/countries.toml`, `bodies.toml`."""

import re
from bisect import bisect_right
from functools import cache

from transforms.entities.companies import company_end
from transforms.entities.context import Context, Shapes, fill, settle, shapes
from transforms.models import Span
from transforms.rules import rules

_RETYPED = {
    "GPE": frozenset({"PERSON", "ORG", "NORP", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}),
    "NORP": frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}),
    "LOC": frozenset({"PERSON", "ORG", "NORP", "GPE", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT"}),
    "ORG": frozenset({"PERSON", "NORP", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART"}),
    "BODY": frozenset({"PERSON", "NORP", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}),
    "GROUND": frozenset({"ORG", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT"}),
    "CITY": frozenset({"PERSON", "NORP", "PRODUCT", "WORK_OF_ART"}),
}
"""Which labels of a model give way to the table's. A city may stand for its team or council, so ORG stays."""
_BODIES = ("companies", "institutions", "movements", "media", "clubs")

_LABEL = {"CITY": "GPE", "BODY": "ORG", "GROUND": "FAC"}


@cache
def kinds() -> dict[str, str]:
    """A name as news writes it -> `GPE` (a country), `CITY` (another place), `LOC`, `NORP`, or a key of `_LABEL`."""
    bodies = rules("bodies")
    table = dict.fromkeys((name.strip() for group in _BODIES for name in bodies[group].split("|")), "BODY")
    table.update(dict.fromkeys((name.strip() for name in bodies["grounds"].split("|")), "GROUND"))
    countries = rules("countries")["countries"]
    for row in countries:
        groups = (*row.get("cities", ()), row.get("capital", ""))
        table.update({name.strip(): "CITY" for group in groups for name in group.split("/") if name.strip()})
        for people in row.get("people", ()):
            table.update({people: "NORP", plural_of(people): "NORP"})
    for row in countries:  # after the others: Djibouti is a country first, the Philippines are no people
        table.update(dict.fromkeys((row["name"], *row.get("also", ()), *row.get("parts", ())), "GPE"))
    table.update(dict.fromkeys(rules("regions")["regions"], "LOC"))
    for name in rules("regions")["states"]:
        table.setdefault(name, "CITY")
    table.update(dict.fromkeys(rules("regions")["peoples"], "NORP"))
    agencies = [row["name"] for row in rules("metadata")["agency"]]
    table.update(dict.fromkeys([*agencies, *(name.title() for name in agencies if len(name) > 4)], "ORG"))
    return {name.removeprefix("The "): kind for name, kind in table.items()}


@cache
def _wanted() -> tuple[dict[str, str], Shapes]:
    """What is added where a model passed it over, and its shapes."""
    names = {name: kind for name, kind in kinds().items() if kind != "ORG"}
    return names, shapes(names)


def label_of(name: str) -> str | None:
    """The label of a name in the table, in capitals too; None for any other."""
    kind = kinds().get(name) or (kinds().get(_capitalised(name)) if name.isupper() and len(name) > 3 else None)
    return _LABEL.get(kind, kind) if kind else None


def in_capitals() -> dict[str, str]:
    """The names that are one in a line of capitals too, in capitals, with their labels."""
    words = frozenset(rules("bodies")["words"])
    return {
        name.upper(): _LABEL.get(kind, kind) for name, kind in kinds().items() if kind != "ORG" and name not in words
    }


def is_country(name: str) -> bool:
    """Whether it is a country's name, in capitals too."""
    return "GPE" in (kinds().get(name), kinds().get(_capitalised(name)) if name.isupper() and len(name) > 3 else None)


def is_city(name: str) -> bool:
    """Whether it is the name of a place that is no country."""
    return kinds().get(name) == "CITY"


@cache
def also_people() -> frozenset[str]:
    """Names of places and peoples that are people's names too."""
    return frozenset(rules("regions")["also_people"])


def _people_too(context: Context, spans: list[Span]) -> set[str]:
    """What the model took for a person's name and a person may be called; a country's name only where the text names
    one in full or by a title: `Ann Jordan`, `Mr Jordan`.
    """
    text = context.text
    names = {text[span.start : span.end] for span in spans if span.label == "PERSON"} & also_people()
    return {name for name in names if kinds().get(name) != "GPE" or _has_bearer(context, name)}


def _has_bearer(context: Context, name: str) -> bool:
    """Whether a capitalised word stands before or behind the name anywhere in the text."""
    text = context.text
    return any(
        _FORENAME.search(text, max(0, start - 24), start)
        or text[start + len(name) : start + len(name) + 2][1:].isupper()
        for start in context.words.get(name, ())
    )


def know_places(context: Context, spans: list[Span]) -> list[Span]:
    """Countries and peoples get their labels whatever the model thought, and those that it passed over are added."""
    table = kinds()
    text = context.text
    people = _people_too(context, spans)
    retyped = []
    for span in spans:
        if _is_spurious(text, span):
            continue
        name = text[span.start : span.end]
        kind = table.get(name)
        is_person = span.label == "PERSON" and name in people
        wrong = kind is not None and span.label in _RETYPED[kind] and not is_person
        retyped.append(Span(span.start, span.end, _LABEL.get(kind, kind)) if kind and wrong else span)
    taken = {span.start for span in retyped}
    extras = [
        Span(
            span.start,
            company_end(text, span.end) if span.label == "BODY" else span.end,
            _LABEL.get(span.label, span.label),
        )
        for span in context.find(*_wanted())
        if (span.label == "BODY" or span.start not in taken) and _stands_alone(text, span.start, span.end, span.label)
    ]
    if "Air" in context.words:
        extras += [
            Span(start, end, "ORG")
            for start in context.words["Air"]
            if (end := start + 4 + len((_CAPITALISED.match(text, start + 4) or " ")[0]))
            and is_country(text[start + 4 : end])
        ]
    whole = [extra for extra in extras if extra.label == "ORG" and " " in text[extra.start : extra.end]]
    return fill(_without_parts(retyped, whole) if whole else retyped, extras)


def _without_parts(spans: list[Span], whole: list[Span]) -> list[Span]:
    """The spans that are no part of a longer one of `whole`."""
    whole = settle(whole)
    starts = [span.start for span in whole]

    def is_part(span: Span) -> bool:
        at = bisect_right(starts, span.start) - 1
        return at >= 0 and span.end <= whole[at].end and span.end - span.start < whole[at].end - whole[at].start

    return [span for span in spans if not is_part(span)]


@cache
def _spurious() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """What is no name, what it stands after where it is none, and what before."""
    row = rules("bodies")["spurious"]
    return (
        frozenset(row["names"]),
        tuple(f"{each} " for each in row["after"]),
        tuple(f" {each}" for each in row["before"]),
    )


def no_names() -> frozenset[str]:
    """What is no name whatever a model thinks: `AI`, `CEO`."""
    return _spurious()[0]


def _is_spurious(text: str, span: Span) -> bool:
    names, after, before = _spurious()
    name = text[span.start : span.end]
    return name in names or (
        " " not in name
        and (text.startswith(before, span.end) or text.endswith(after, max(0, span.start - 16), span.start))
    )


def _stands_alone(text: str, start: int, end: int, kind: str) -> bool:
    """Whether no capitalised neighbour makes it part of a longer name."""
    before, after = text[max(0, start - 20) : start], text[end : end + 3]
    if kind == "NORP" and _LANGUAGE.search(before) and not _NOUN.match(text, end):
        return False  # `in English`, where it is no people's
    if after[:1] in " -" and after[1:2].isupper() and not (kind == "BODY" and _is_before_title(text, end)):
        return False
    word = (before[:-1].rsplit(None, 1) or [""])[-1] if before[-1:] in (" ", "-") else ""
    return not (word[:1].isupper() and word[-1:].isalnum() and len(word) > 1) or word.lower() in {
        "the",
        "in",
        "of",
        "and",
    }


def _is_before_title(text: str, end: int) -> bool:
    """Whether a title or a company's form is the next word."""
    word = _CAPITALISED.match(text, end + 1)
    return bool(word and word[0] in _titles()) or company_end(text, end) > end


@cache
def _titles() -> frozenset[str]:
    return frozenset(rules("bodies")["titles"]["words"].split())


_CAPITALISED = re.compile(r"[A-Z][\w-]{0,20}")
_FORENAME = re.compile(r"(?<!\w)[A-Z][\w.’'-]{0,20}[ ]\Z")
_NOUN = re.compile(r" (?!(?:and|or|by|for|on|at|to|with|from|as|but|is|was|in)\b)[a-z]")
_LANGUAGE = re.compile(r"(?:\bin|\bspeaks?|\bspoke|\bspeaking|\bspoken|\bof) \Z")


def _capitalised(name: str) -> str:
    return " ".join(word.lower() if word in {"OF", "AND", "THE"} else word.capitalize() for word in name.split())


def plural_of(people: str) -> str:
    """`Swede` -> `Swedes`, `Frenchman` -> `Frenchmen`, but `German` -> `Germans`."""
    return people[:-3] + "men" if people.endswith("man") and len(people) > 6 else people + "s"
