"""Names that the model ran together, and names that it cut in two."""

import re
from collections.abc import Iterator
from functools import cache

from transforms.entities.boundaries import DESKS
from transforms.entities.companies import form_before_of
from transforms.entities.context import UPPER, Context, settle
from transforms.entities.gazetteer import also_people, is_country, label_of
from transforms.models import Span
from transforms.rules import rules

_JOINT = re.compile(r"[ ](?:-{1,2}|–|—|to|and)[ ]|,[ ](?=[^ ]+\Z)")
_PARTED = frozenset({"ORG", "PERSON", "GPE", "LOC", "FAC", "NORP"})
_WHERE = ("in ", "at ", "near ", "from ", "of ", "In ", "At ")
_PLURAL = re.compile(r"[ ](?:are|were|have|both|each)\b")
_OF = re.compile(r"[ ](?:of|for|on)[ ]")
_OF_STATE = re.compile(
    r"[ ](?:Treasur(?:ies|ys)|Bunds?|Gilts?|T-[Bb]ills|Solicitor|Attorney|Governor|Senator|Premier|Ambassador|Coach)\Z"
)
_ITS_PURPOSE = re.compile(
    rf"[ ](?:for|against)[ ](?:the[ ])?(?:former[ ])?[{UPPER}][\w’'-]{{2,20}}(?![\w-])(?![ ][{UPPER}])"
)
_MISSIONS = (" Mission", " Force", " Operation", " Observers")
_WHERE_SENT = re.compile(rf"[ ]in[ ]((?:[{UPPER}][\w-]{{2,20}}[ ]?){{1,2}})(?<! )")
_OF_US: tuple[str, ...] = (
    "District",
    "Circuit",
    "Court",
    "Senate",
    "House",
    "Congress",
    "Department",
    "Bureau",
    "Attorney",
    "Army",
    "Navy",
)
_OF_US += (
    "Air Force",
    "Marine",
    "Coast Guard",
    "Geological",
    "Food",
    "Supreme",
    "Federal",
    "Securities",
    "Treasury",
    "Centers",
)
_COMMISSIONER = re.compile(rf"[ ]High[ ]Commissioner[ ]for[ ][{UPPER}]\w{{2,20}}(?:[ ][{UPPER}]\w{{2,20}})?")
_PARTNERS = frozenset(("Co", "Cos", "Company", "Sons", "Bros", "Brothers", "Partners", "Associates", "Daughters"))
_VERB = re.compile(rf"[ ](?:[a-z]{{3,14}}ed|said|told|met|beat|sold|bought|says)[ ](?=[{UPPER}])")
_PERSON_OF = re.compile(rf"[ ]of[ ]([{UPPER}][a-z]+(?:[ ][{UPPER}][a-z]+)?)")
_UN = ("U.N.", "UN", "United Nations")


@cache
def _joint() -> frozenset[str]:
    return frozenset(rules("heads")["joint"]["names"])


@cache
def _causes() -> frozenset[str]:
    return frozenset(rules("heads")["joint"]["causes"].split())


@cache
def _heads() -> frozenset[str]:
    """The head words of bodies: `Food and Drug Administration` is one of them."""
    return frozenset(word for row in rules("heads")["head"] if row["label"] == "ORG" for word in row["words"].split())


@cache
def _purposeful() -> frozenset[str]:
    return frozenset(rules("heads")["purpose"]["words"].split())


def part(context: Context, spans: list[Span]) -> list[Span]:
    """Two names joined by a dash, `to` or `and` are two; so are a company and its place."""
    text = context.text
    parts: list[Span] = []
    for span in spans:
        if span.label in _PARTED and text.find(" ", span.start, span.end) > 0:
            parts += _parts(text, span)
        else:
            parts.append(span)
    return parts


def _parts(text: str, span: Span) -> Iterator[Span]:
    name = text[span.start : span.end]
    if parts := _parts_by_words(name, span):
        yield from parts
    elif (joint := _JOINT.search(name)) and _is_two(text, span, name, joint):
        yield from _parts_of_joint(text, span, name, joint)
    else:
        yield span


def _parts_by_words(name: str, span: Span) -> list[Span]:
    """The names in `name`, the text of `span`, that its words tell apart; none where they do not."""
    if span.label == "ORG" and (cut := _of_state(name) or _company_end(name)):
        first = Span(span.start, span.start + cut, label_of(name[:cut]) or "ORG")
        place = form_before_of().search(name)
        return [first, Span(span.start + place.end() + 4, span.end, "GPE")] if place else [first]
    first_word, last = name.split(" ", 1)
    is_people = label_of(first_word) == "NORP" and (" " in last or first_word not in also_people())
    labels = None
    if span.label == "NORP" and is_country(first_word) and label_of(last) == "NORP":  # `Bosnia Serbs`
        labels = "GPE", "NORP"
    elif span.label == "PERSON" and is_people:  # `Swede Ada Hale`
        labels = "NORP", "PERSON"
    if labels:
        return [
            Span(span.start, span.start + len(first_word), labels[0]),
            Span(span.end - len(last), span.end, labels[1]),
        ]
    verb = _VERB.search(name) if name.count(" ") > 2 and span.label in ("ORG", "PERSON") else None
    if verb:  # `Lund Commission barred Hale Party`
        return [
            Span(span.start, span.start + verb.start(), span.label),
            Span(span.start + verb.end(), span.end, span.label),
        ]
    return []


def _parts_of_joint(text: str, span: Span, name: str, joint: re.Match[str]) -> Iterator[Span]:
    """The names on either side of a joint, but for a slug before it and a heading behind it."""
    left, right = name[: joint.start()], name[joint.end() :]
    known = [label_of(left), label_of(right)]
    own = "GPE" if span.label == "PERSON" and "GPE" in known else span.label  # `Lund - Oslo` is a way between places
    at_dash = joint[0] not in (" to ", " and ", ", ")
    if not (at_dash and not DESKS.isdisjoint(left.split())):
        where = joint[0] == " to " and text.endswith(_WHERE, max(0, span.start - 5), span.start)
        yield Span(span.start, span.start + joint.start(), "GPE" if where else known[0] or own)
    if right[:1].isupper() and not (at_dash and text.startswith(":", span.end)):  # `Bath - Tries:`
        opens = at_dash and left.isupper() and not right.isupper() and right.split()[-1] not in _heads()
        label = "PERSON" if opens and " " in right else own  # `DOHA - Ada Lund`
        yield Span(span.start + joint.end(), span.end, known[1] or label)


def _of_state(name: str) -> int:
    """Where the place ends in `U.S. Treasuries` or `Ohio Attorney`, which are no bodies; 0 for any other name."""
    found = _OF_STATE.search(name)
    return found.start() if found and label_of(name[: found.start()]) == "GPE" else 0


def _company_end(name: str) -> int:
    """Where the company ends in `Hale Brothers Co of Oslo`; 0 in `Steel Co of Norway`, which may be all its name."""
    found = form_before_of().search(name)
    one_word = found and found[0].startswith(" Co") and " " not in name[: found.start()]
    return found.end() if found and not one_word else 0


def _is_two(text: str, span: Span, name: str, joint: re.Match[str]) -> bool:
    """Whether what stands on both sides of `joint` are names of their own."""
    left, right = name[: joint.start()], name[joint.end() :]
    if joint[0] == ", ":
        return span.label == "PERSON" and " " not in left and right.strip(".") not in ("Jr", "Sr", "II", "III")
    if joint[0] == " to ":
        return True
    if joint[0] != " and ":  # a hyphen may have blanks around it too: `Lund - Picayune`
        return _is_dash(text, span, left, right)
    if (
        not right[:1].isupper()
        or name in _joint()
        or right.strip(".") in _PARTNERS
        or right.split()[-1] in _causes()
        or is_country(name)
        or _OF.search(left)
    ):
        return False
    if span.label != "ORG" or right.split()[-1] in _heads():
        return bool(label_of(left) and label_of(right))
    words = len(left.split()), len(right.split())
    return (words[1] == 1 and words[0] < 3) or (max(words) < 3 and bool(_PLURAL.match(text, span.end)))


def _is_dash(text: str, span: Span, left: str, right: str) -> bool:
    """Whether a dash parts a slug or dateline from the text, a place from another, or a side from its scorers."""
    opens = text[max(0, span.start - 1) : span.start] in ("", "\n") and left.isupper() and len(left) > 3
    places = span.label != "ORG" and not {label_of(left), label_of(right)}.isdisjoint({"GPE", "LOC"})
    return opens or places or not DESKS.isdisjoint(left.split()) or text.startswith(":", span.end)


def join(context: Context, spans: list[Span]) -> list[Span]:
    """A body takes in what it is for (`Tribunal for the former Lund`), a person's name the site called after them."""
    text = context.text
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.end == span.start - 1 and text[last.end] == " " and _is_site(text, last, span):
            joined[-1] = Span(last.start, span.end, "FAC")
        elif last and span.label == "ORG" and last.end == span.start - 1 and _is_of_us(text, last, span):
            joined[-1] = Span(last.start, span.end, "ORG")
        elif span.label == "WORK_OF_ART" and _is_from(text, span):
            joined.append(Span(span.start, span.end, "PERSON"))
        elif span.label in ("ORG", "GPE") and (end := _end(text, span)) > span.end:
            joined.append(Span(span.start, end, "ORG"))
        else:
            joined.append(span)
    return settle(joined)


def _is_of_us(text: str, country: Span, body: Span) -> bool:
    """Whether a body of the state comes behind `U.S.`: `U.S. District Court`."""
    return text[country.start : country.end] in ("U.S.", "US") and text.startswith(_OF_US, body.start)


def _is_from(text: str, span: Span) -> bool:
    """Whether it is two words and a country is next: `Ada Lund of Norway`."""
    country = _PERSON_OF.match(text, span.end)
    return text.count(" ", span.start, span.end) == 1 and bool(
        country and (is_country(country[1]) or is_country(country[1].split()[0]))
    )


def _is_site(text: str, before: Span, site: Span) -> bool:
    return (
        before.label in ("PERSON", "GPE")
        and site.label in ("FAC", "ORG", "GPE", "LOC")
        and text.startswith(("International Airport", "Airport", "Stadium", "Arena", "Bridge"), site.start)
    )


def _end(text: str, span: Span) -> int:
    name = text[span.start : span.end]
    purpose = None
    if name in _UN:
        purpose = _COMMISSIONER.match(text, span.end)
    elif span.label == "ORG" and name.endswith(_MISSIONS):
        purpose = _WHERE_SENT.match(text, span.end)
        purpose = purpose if purpose and is_country(purpose[1]) else None
    elif span.label == "ORG" and " " in name and name.split()[-1] in _purposeful():
        purpose = _ITS_PURPOSE.match(text, span.end)
    return purpose.end() if purpose else span.end
