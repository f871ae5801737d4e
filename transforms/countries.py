"""Countries, nationalities and well-known cities by their names in English news.

The table is `rules/countries.toml`; what a bare name cannot place (Georgia, Korea, Washington) it leaves out.
"""

from dataclasses import dataclass
from functools import cache

from transforms.entities.gazetteer import plural_of
from transforms.rules import rules
from transforms.spelling import fold

_PEOPLE_LABELS = frozenset({"NORP", "GPE", "LOC"})
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})


@dataclass(frozen=True, slots=True)
class Place:
    """What a name says about where."""

    country: str
    """ISO 3166-1 alpha-2."""
    kind: str
    """`country`, `people` (a nationality) or `city` (or another part of a country)."""
    name: str
    """The folded usual name: one for all names of the same place."""
    title: str
    """The usual name as it is written."""


def place(name: str, label: str, folded: str | None = None) -> Place | None:
    """What is known of `name` under `label`; None where it is no place or people, or none that the bare name settles.

    A nationality is looked up under NORP, GPE and LOC (`Saudi officials`), a city under the place labels, a country
    under any label but PERSON, since newsrooms and models alike write `Iran` for its government. `folded` spares
    folding the name again.
    """
    if label == "PERSON":
        return None
    if label in PLACE_LABELS and name in _abbreviations():
        return _abbreviations()[name]
    if folded is None:
        folded = fold(name)
    if label in _PEOPLE_LABELS and folded in _peoples():
        return _peoples()[folded]
    found = _places().get(folded)
    if found is None and (folded.startswith("the ") or " of " in folded):
        found = _places().get(_short(folded))
    if found is None or (found.kind == "city" and label not in PLACE_LABELS):
        return None
    if folded in _initialisms() and not name.replace(".", "").replace(" ", "").isupper():
        return None  # `Us` is a magazine, `US` a country
    return found


def _short(folded: str) -> str:
    """`islamic republic of iran` -> `iran`; any other name without its article."""
    style, _, rest = folded.removeprefix("the ").partition(" of ")
    if rest and style != "islamic state" and all(word == "s" or word in _styles() for word in style.split()):
        return rest.removeprefix("the ")
    return folded.removeprefix("the ")


@cache
def _styles() -> frozenset[str]:
    return frozenset(rules("countries")["styles"])


@cache
def _places() -> dict[str, Place]:
    table: dict[str, Place] = {}
    for row in rules("countries")["countries"]:
        for group in (*row.get("cities", ()), *row.get("parts", ()), row.get("capital", "")):
            names = [fold(name) for name in group.split("/") if name]
            table.update({name: Place(row["code"], "city", names[0], group.split("/")[0].strip()) for name in names})
    for row in rules("countries")["countries"]:  # after the cities: Djibouti and Panama are countries first
        names = [fold(name).removeprefix("the ") for name in (row["name"], *row.get("also", ()))]
        table.update({name: Place(row["code"], "country", names[0], row["name"]) for name in names})
    table.update({fold(state.title): state for state, _ in _states() if fold(state.title) == state.name})
    for name in rules("countries")["ambiguous"]:
        table.pop(fold(name), None)
    return table


@cache
def _states() -> list[tuple[Place, list[str]]]:
    """The states of the US, each with its abbreviations."""
    row = rules("countries")["states"]
    return [
        (Place("US", "city", f"{fold(name)} state" if name in row["apart"] else fold(name), name), short)
        for name, *short in (group.split(" / ") for group in row["names"])
    ]


@cache
def _abbreviations() -> dict[str, Place]:
    """States by what is short for them, as it is written: `Fla.` is one, `fla` is none."""
    return {short: state for state, shorts in _states() for short in shorts}


@cache
def _peoples() -> dict[str, Place]:
    table: dict[str, Place] = {}
    for row in rules("countries")["countries"]:
        for people in map(fold, row.get("people", ())):
            plural = plural_of(people)
            entry = Place(row["code"], "people", fold(row["people"][0]), row["people"][0])
            table.update({people: entry, people.replace("woman", "women"): entry})
            if plural not in _places():  # Laos, the Philippines
                table[plural] = entry
    for name in rules("countries")["ambiguous"]:
        table.pop(fold(name), None)
    return table


@cache
def _initialisms() -> frozenset[str]:
    """Folded names that are a country only in capitals."""
    names = [name for row in rules("countries")["countries"] for name in row.get("also", ())]
    return frozenset(fold(name) for name in names if name.replace(".", "").isupper())
