"""Short forms that the text itself defines: `Joint Comprehensive Plan of Action (JCPOA)`, and what they are.

The long form is found as in Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
biomedical text": its letters must spell the short form from right to left, and the first must begin a word.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.entities.context import Context, fill, overlay, relabelled
from transforms.models import Span
from transforms.rules import rules

_SHORT = r"[A-Z][A-Za-z0-9&.-]{1,9}"
_LETTERS = 3
"""The fewest letters of a short form that its name need not spell by initials."""
_CAPITALS = re.compile(rf"[ ]\(([A-Z]{{{_LETTERS},8}})\)")
_COUNTRIES = frozenset(rules("regions")["codes"].split())
"""What stands in brackets behind a club or an athlete: `Lund Rovers (NOR)`."""
_BRACKETED = re.compile(rf"\(\s?[\"“'‘]?(?:the\s)?({_SHORT})[\"”'’]?\s?[),;]")
# A hyphen may stand in a word and between two: it is possessive, or a row of hyphens is tried in every way.
_LONG_BRACKETED = re.compile(r"\(\s?([A-Z](?=[\w’'&.]*[\s-][\w’'&.-])[\w’'&.-]*+(?:\s[\w’'&.-]++){0,12}+)\s?\)")
_AHEAD = re.compile(rf"(?<!\w)({_SHORT})\s\Z")
_OR = re.compile(rf",\sor\s(?:the\s)?({_SHORT})(?=[,.;])")
_WORD = re.compile(r"[^\W_]+")
_CAPITAL_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(rules("heads")["agreements"]["small"].split())
_AGREEMENTS = frozenset(rules("heads")["agreements"]["words"].split())
_ALWAYS_AGREEMENTS = frozenset(rules("heads")["agreements"]["always"].split())
_NUMBER = re.compile(r"\s(?:No\.\s)?\d{1,6}\Z")
_PREPOSITIONS = re.compile(r"\s(?:of|on|for|against|to|with|concerning|regarding|between|and)\s")


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and the stretch that holds its long form."""

    short: str
    start: int
    end: int


def definitions(context: Context) -> Iterator[Definition]:
    """What the text defines, in no particular order of kinds; a short form may be defined more than once."""
    text = context.text
    for pattern in (_BRACKETED, _OR):
        for match in pattern.finditer(text):
            short = match[1].rstrip(".")
            floor = max(context.sentence_at(match.start(1))[0], match.start() - 120)
            end = len(text[floor : match.start()].rstrip(" \"”'’")) + floor
            start = long_form_start(text, floor, end, short)
            if start is not None and _is_name(text[start:end]):
                yield Definition(short, start, end)
    for match in _LONG_BRACKETED.finditer(text):
        ahead, (start, end) = _AHEAD.search(text, max(0, match.start() - 12), match.start()), match.span(1)
        if ahead and long_form_start(text, start, end, ahead[1]) == start and _is_name(match[1]):
            yield Definition(ahead[1], start, end)


def definitions_by_name(context: Context, spans: Sequence[Span]) -> Iterator[Definition]:
    """Short forms in brackets right behind a body whose letters they are, in order: `Nordhus Electric (NORDEL)`."""
    text = context.text
    for span in spans:
        if span.label != "ORG" or not text.startswith(" (", span.end):
            continue
        short = _CAPITALS.match(text, span.end)
        if short and short[1] not in _COUNTRIES and _has_letters(text[span.start : span.end], short[1]):
            yield Definition(short[1], span.start, span.end)


def _has_letters(name: str, short: str) -> bool:
    """Whether the letters of `short` are in the name in order, from its first one; `CO` for a company may be unsaid."""
    letters = iter(name.upper())
    wanted = short.removesuffix("CO") if len(short) > _LETTERS + 1 else short
    return name[:1].upper() == short[0] and name.upper() != short and all(letter in letters for letter in wanted)


def long_form_start(text: str, floor: int, end: int, short: str) -> int | None:
    """Where the long form of `short` begins that ends at `end`, not before `floor`; None where there is none.

    Only capitals count, and each must begin a word or stand in one that is written together (`GmbH`, `UNESCO`).
    """
    letters = [letter for letter in short if letter.isupper()]
    if len(letters) < 2 or len(short) - len(letters) > 3:
        return None
    words = list(_WORD.finditer(text, floor, end))[-2 * len(letters) - 4 :]
    at = len(words) - 1
    left = len(letters) - 1
    while left >= 0 and at >= 0:
        word = words[at][0]
        if word[0].upper() == letters[left]:
            left -= 1
        elif word.lower() in _SMALL or (word[0].isupper() and left < len(letters) - 1 and _inside(word, letters[left])):
            if word.lower() not in _SMALL:
                left -= 1
                continue
        elif at == len(words) - 1 or not word[0].islower():
            return None
        at -= 1
    return words[at + 1].start() if left < 0 and words[at + 1][0][0].isupper() else None


def _inside(word: str, letter: str) -> bool:
    return letter.lower() in word[1:].lower()


def _is_name(long_form: str) -> bool:
    """Whether it reads as a name: two words or more, capitals but for the small ones."""
    words = [word for word in _CAPITAL_WORD.findall(long_form) if word.lower() not in _SMALL]
    return len(words) > 1 and sum(word[0].isupper() for word in words) >= len(words) - 1 and "," not in long_form[-2:]


def is_agreement(name: str, always: bool = False) -> bool:
    """Whether the head word of a name is that of a treaty, law or plan; with `always`, one that is never a body."""
    heads = _ALWAYS_AGREEMENTS if always else _AGREEMENTS
    if heads.isdisjoint(words := name.split()) and words[-1:] != ["Act"]:
        return False
    name = _NUMBER.sub("", name)
    head = _PREPOSITIONS.split(name, maxsplit=1)[0].split()
    return len(name.split()) > 1 and bool(head) and (head[-1] in heads or name.rsplit(None, 1)[-1] == "Act")


_BODIES = frozenset({"ORG", "LAW", "EVENT", "FAC"})
"""What has a name that is shortened to initials; a model's other labels for such a name are not believed."""


def define(context: Context, spans: list[Span]) -> list[Span]:
    """Long and short forms that the text defines are names of one kind, wherever the short form stands."""
    starts = [span.start for span in spans]
    long_forms: list[Span] = []
    shorts: dict[str, str] = {}
    for found in [*definitions(context), *definitions_by_name(context, spans)]:
        at = bisect_right(starts, found.start)
        beside = [
            span.label for span in spans[max(0, at - 1) : at + 4] if span.start < found.end > found.start < span.end
        ]
        long_form = context.text[found.start : found.end]
        label = "LAW" if is_agreement(long_form) else next((each for each in beside if each in _BODIES), "ORG")
        long_forms.append(Span(found.start, found.end, label))
        shorts.setdefault(found.short, label)
    if shorts:
        known = context.occurrences(shorts)
        spans = _relabel(fill(overlay(spans, long_forms), known), known)
    return [
        relabelled(span, "LAW")
        if span.label in ("ORG", "PRODUCT", "WORK_OF_ART", "EVENT")
        and is_agreement(context.text[span.start : span.end], always=True)
        else span
        for span in spans
    ]


def _relabel(spans: list[Span], wanted: list[Span]) -> list[Span]:
    labels = {(span.start, span.end): span.label for span in wanted}
    return [Span(span.start, span.end, labels.get((span.start, span.end), span.label)) for span in spans]
