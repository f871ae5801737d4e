"""What a name takes in that a model left out: particles, parts before a hyphen, surnames, forms, ordinals."""

import re
from functools import cache

from transforms.entities.boundaries import no_given_names
from transforms.entities.companies import as_company
from transforms.entities.context import PARTICLES, UPPER, Context, settle
from transforms.entities.gazetteer import label_of
from transforms.models import Span
from transforms.rules import rules

_PARTICLES = (*PARTICLES, *rules("people")["particles"]["capital"])
_BEFORE = re.compile(rf"(?:[{UPPER}][\w’'.]{{0,20}}-|(?<!\w)(?:{'|'.join(_PARTICLES)})[ -]){{1,3}}\Z")
_OPENS = ("-", *(f"{particle} " for particle in _PARTICLES))
_UNITS = frozenset(("Brigade", "Division", "Regiment", "Battalion", "Squadron", "Corps", "Army", "Fleet", "Infantry"))
_UNITS |= {"Cavalry", "Circuit"}
_ORDINAL = re.compile(rf"(?<!\w)\d{{1,3}}(?:st|nd|rd|th)[ ](?:[{UPPER}][a-z]{{2,14}}[ ])?\Z")
_HYPHENED = ("ORG", "PERSON")
_HYPHEN = re.compile(r"-(?:[a-z]{1,3}-)?")
_AFTER = re.compile(
    rf"(?:[ ](?:{'|'.join(PARTICLES)})){{1,3}}[ -][{UPPER}][\w’'-]{{1,24}}"
    rf"|-[{UPPER}]\w{{1,20}}(?:-\w{{1,20}})?(?!\w)"
)


_MODEL = re.compile(
    r"[ -](?:[A-Z]{1,3}-?)?\d{2,3}s?(?:-\d{1,3}\w{0,3})?(?:[ ]MAX(?:[ ]\d{1,2})?|[ ]Dreamliners?)?"
    r"(?![\w,.%]{0,12}\d|[ ](?:percent|pct|points|million|billion)|[\w%])"
)
_GAP = 8
"""Characters ahead of a given name in which the word before it must end."""
_REALM = re.compile(r"(?<!\w)(?:Republic|Kingdom|Sultanate|Emirate|Principality|Grand Duchy) of \Z")
_GIVEN = re.compile(r"(?<![\w.’'-])([A-Z][a-z]{2,14})[ ]\Z")
_SYLLABLE = re.compile(
    r"-(?!led|run|era|own|born|aged|like|made|held|style|based|owned|backed|type|free|esque|inspired|on|in)[a-z]{2,5}(?![\w-])"
)
_SURNAME = re.compile(
    r"[ ](?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Gov|Sen|Rep|Gen)[a-z]*\b)"
    rf"[{UPPER}][a-z]{{2,20}}(?=,?[ ][a-z]|['’]s\b|[.,]\s|\Z)"
)


def _surname(text: str, start: int, end: int) -> re.Match[str] | None:
    """What the model left out behind a lone given name."""
    if text.find(" ", start, end) > 0 or not (found := _SURNAME.match(text, end)):
        return None
    return None if label_of(text[start:end]) or label_of(found[0].strip()) else found


@cache
def _makers() -> frozenset[str]:
    return frozenset(rules("heads")["makers"]["words"].split())


def _given(context: Context, start: int) -> int:
    """Where the given name begins that the model left out before a surname inside a sentence; 0 where there is none."""
    text = context.text
    if not text[max(0, start - 2) : start - 1].islower():
        return 0
    found = _GIVEN.search(text, max(0, start - 18), start)
    if found is None or label_of(found[1]) or found[1] in no_given_names():
        return 0
    ahead = text[max(0, found.start() - _GAP) : found.start()]
    last = ahead.rstrip()[-1:]
    return found.start() if ahead[-1:] == " " and (last.islower() or last in (",", ";", '"')) else 0


def _syllable(text: str, start: int, end: int) -> re.Match[str] | None:
    """What follows the hyphen in `Yoon Ha-jun`; nothing in `Ada Hale-led`."""
    return _SYLLABLE.match(text, end) if text.find(" ", start, end) > 0 else None


def _person(context: Context, start: int, end: int, free: bool) -> tuple[int, int]:
    """A person's name with its particles, and the given name or surname that the model left out.

    `free`: whether no other name stands right before it.
    """
    text = context.text
    if text.endswith(_OPENS, 0, start) and (before := _BEFORE.search(text, max(0, start - 45), start)):
        start = before.start()
    elif free and text.find(" ", start, end) < 0:
        start = _given(context, start) or start
    after = _AFTER.match(text, end) or _surname(text, start, end) or _syllable(text, start, end)
    return start, after.end() if after else end


def _body(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The label, start and end of a body with its number: `5th Brigade`; of its product: `Boeing 737`."""
    if text[end : end + 1] == " " and text[start:end].rpartition(" ")[2] in _makers():
        model = _MODEL.match(text, end)
        if model:
            return "PRODUCT", start, model.end()
    if not _UNITS.isdisjoint(text[start:end].split()):
        ordinal = _ORDINAL.search(text, max(0, start - 24), start)
        start = ordinal.start() if ordinal else start
    return "ORG", start, end


def _realm(text: str, start: int) -> int:
    """Where a country's name begins with what it is: `Kingdom of Norway`."""
    realm = _REALM.search(text, max(0, start - 30), start) if text.endswith(" of ", 0, start) else None
    return realm.start() if realm else start


def extend(context: Context, spans: list[Span]) -> list[Span]:
    """A name takes in the particle or the part before its hyphen, a company the form at its end, a unit its number."""
    text = context.text
    extended: list[Span] = []
    for span in spans:
        last = extended[-1] if extended else None
        start = span.start
        label, end = as_company(text, span.label, span.end)
        if label == "PERSON":
            start, end = _person(context, start, end, free=last is None or last.end < start - 1)
        elif label == "ORG":
            label, start, end = _body(text, start, end)
        elif label == "GPE":
            start = _realm(text, start)
        if last and last.label == label in _HYPHENED and _HYPHEN.fullmatch(text, last.end, start):
            extended[-1] = Span(last.start, end, label)
        else:
            same = start == span.start and end == span.end and label == span.label
            extended.append(span if same else Span(start, end, label))
    return settle(extended)
