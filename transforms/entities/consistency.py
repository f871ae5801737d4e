"""One name, one label within a document; and a name found once is found everywhere."""

import re
from collections import Counter
from dataclasses import dataclass

from transforms.entities.boundaries import is_title
from transforms.entities.companies import company_end, last_form, without_form
from transforms.entities.context import Context, fill, relabelled
from transforms.entities.gazetteer import also_people, label_of
from transforms.entities.names import initials_of_people
from transforms.models import Span
from transforms.umlauts import written_out

_DOUBTFUL = frozenset({"ORG", "PERSON", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT"})
"""A place is rarely what a person or a body is called for short; these are."""


_OWNER = re.compile(r"(\w+(?:[ ]\w+){0,2})['’]s[ ](?=[^\W\d_])")
_LOCATIVE = (" in ", " near ", " around ", "outside ", "In ", "Near ")
_FOUND_AGAIN = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "LAW", "NORP", "EVENT"})


def one_label(context: Context, spans: list[Span]) -> list[Span]:
    """Each name has one label in a document: that of most of its mentions, the first of two that are as frequent."""
    names = [context.text[span.start : span.end] for span in spans]
    first: dict[str, str] = {}
    torn = {name for name, span in zip(names, spans, strict=True) if first.setdefault(name, span.label) != span.label}
    if not torn:
        return spans
    votes: dict[str, Counter[str]] = {name: Counter() for name in torn}
    for name, span in zip(names, spans, strict=True):
        if name in torn:
            votes[name][span.label] += 1
    labels = {name: _majority(counts) for name, counts in votes.items()}
    return [relabelled(span, labels.get(name, span.label)) for name, span in zip(names, spans, strict=True)]


@dataclass(frozen=True, slots=True)
class _Longer:
    """The words of a document's longer names by which they may be called for short."""

    surnames: set[str]
    given: set[str]
    bodies: dict[str, str]
    """The first word of a body's name -> the name."""

    def label(self, name: str, own: str, is_place: bool) -> str:
        """What a name is that has the label `own`; `is_place`: something is in it somewhere in the text."""
        is_surname = name in self.surnames or written_out(name) in self.surnames
        is_short = is_surname or name in self.bodies or name in self.given
        if not is_short or " " in name or len(name) < 3 or (label_of(name) and name not in also_people()):
            return own
        if name in self.bodies:
            is_company = last_form().search(self.bodies[name])
            is_body = is_company or (own in _DOUBTFUL - {"NORP"} and not is_surname)
            return "ORG" if is_body else own
        is_person = own in _DOUBTFUL or (is_surname and not is_place)
        return "PERSON" if is_person else own


def longest_form(context: Context, spans: list[Span]) -> list[Span]:
    """What is short for a longer name has its label: `Lavrov` is the person of that name, `Halden` the Halden Group.

    A place in which something is stays one: Sydney is not who `Old Sydney` was taken for.
    """
    text = context.text
    names = [text[span.start : span.end] for span in spans]
    longer = _longer(names, spans)
    places = {n for n, span in zip(names, spans, strict=True) if n in longer.surnames and _is_where(text, span)}
    found = [
        relabelled(span, longer.label(name, span.label, name in places))
        for name, span in zip(names, spans, strict=True)
    ]
    clubs = _nicknames(names, found) - longer.surnames
    return [
        relabelled(s, "ORG") if s.label in _DOUBTFUL and n in clubs else s for n, s in zip(names, found, strict=True)
    ]


def know_initials(context: Context, spans: list[Span]) -> list[Span]:
    """The initials of a person whom the text names are that person: `FDR` beside `Franklin D. Roosevelt`."""
    names = [context.text[span.start : span.end] for span in spans]
    people = initials_of_people({name for name, span in zip(names, spans, strict=True) if span.label == "PERSON"})
    found = people.keys() & set(names)
    if not found:
        return spans
    bodies = {
        "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())
        for name, span in zip(names, spans, strict=True)
        if span.label != "PERSON"
    }
    found = {name for name in found if name not in bodies and label_of(name) is None}
    return [relabelled(s, "PERSON") if n in found else s for n, s in zip(names, spans, strict=True)]


def _longer(names: list[str], spans: list[Span]) -> _Longer:
    longer = _Longer(set(), set(), {})
    for name, span in zip(names, spans, strict=True):
        if " " in name and span.label == "PERSON":
            longer.surnames.update(_surnames(name) + _surnames(written_out(name)))
            longer.given.add(name.split()[0])
        elif " " in name and span.label == "ORG":
            longer.bodies[name.split()[0]] = name
    return longer


def _is_where(text: str, span: Span) -> bool:
    """Whether something is in the place: `near Lund`, not `near Lund's`."""
    near = span.label in ("GPE", "LOC") and text[max(0, span.start - 8) : span.start].endswith(_LOCATIVE)
    return near and text[span.end : span.end + 2] not in ("'s", "’s")


def _nicknames(names: list[str], spans: list[Span]) -> set[str]:
    """The plurals that clubs are called at the end of their names: `Oilers` of `Lund Oilers`."""
    last = {
        name.rpartition(" ")[2]
        for name, span in zip(names, spans, strict=True)
        if span.label == "ORG" and name[-1] == "s"
    }
    return {name for name in last.intersection(names) if name[-2:] != "ss" and len(name) > 3 and label_of(name) is None}


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
    first: set[str] = set()
    for name, label in dict.fromkeys(zip(names, (span.label for span in spans), strict=True)):
        if len(name) > 2 and label in _FOUND_AGAIN:
            labels.setdefault(name, label)
            if label == "PERSON" and " " in name:
                labels.setdefault(_surnames(name)[-1], "PERSON")
                first.add(name.split()[0])
            elif label == "ORG" and (short := without_form(name)):
                labels.setdefault(short, "ORG")
    for name in first:
        if name not in labels and len(name) > 3 and _is_name_inside(context, name):
            labels[name] = "PERSON"
    counts = Counter(names)
    last = (name.rpartition(" ")[2] for name in names if " " in name)
    counts.update(word for word in last if word in context.words)  # `Brandt` stands in `Ines Brandt` too
    again = {
        name: label
        for name, label in labels.items()
        if len(context.words.get(name.split(" ", 1)[0], "")) != counts[name]
    }
    found = (
        Span(span.start, company_end(text, span.end), "ORG") if span.label == "ORG" else span
        for span in context.occurrences(again)
    )
    return _without_titles(text, fill(spans, found)) if again else spans


def _without_titles(text: str, spans: list[Span]) -> list[Span]:
    """The spans but titles found again right before a person: `Queen` of `Queen Elizabeth II`."""
    people = {span.start for span in spans if span.label == "PERSON"}
    return [
        span
        for span in spans
        if not (span.label == "PERSON" and span.end + 1 in people and is_title(text[span.start : span.end]))
    ]


def _is_name_inside(context: Context, word: str) -> bool:
    """Whether a capitalised word stands alone inside a sentence, after a small word: `later Mobutu said`."""
    text = context.text
    for start in context.words.get(word, ()):
        end = start + len(word)
        alone = not text[end : end + 2].strip(" -'’").isupper()
        if alone and text[start - 2 : start - 1].islower() and text[start - 1] == " ":
            return label_of(word) is None
    return False


def split_owners(context: Context, spans: list[Span]) -> list[Span]:
    """`Kabila's Alliance` is two names where Kabila is one; `People's Bank` is not."""
    text = context.text
    if not any(span.label == "ORG" and _OWNER.match(text, span.start, span.end) for span in spans):
        return spans
    people = {text[span.start : span.end] for span in spans if span.label == "PERSON"}
    people |= {surname for name in people for surname in _surnames(name)}
    split: list[Span] = []
    for span in spans:
        owner = _OWNER.match(text, span.start, span.end) if span.label == "ORG" else None
        label = owner and ("PERSON" if owner[1] in people else label_of(owner[1]))
        if owner and label:
            split += [Span(span.start, owner.end(1), label), Span(owner.end(), span.end, "ORG")]
        else:
            split.append(span)
    return split
