"""Names that say themselves what they are, or whose neighbours do: `Lund Airport`, `the village of Lund`."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from transforms.entities.context import UPPER, Context, fill, settle
from transforms.entities.gazetteer import is_country, label_of
from transforms.models import Span
from transforms.rules import rules

_FIRST = re.compile(rf"(?:\d\w*[ ])?([{UPPER}][a-z]{{1,14}})[ ]of[ ](?:the[ ])?\Z")
_THE = ("the ", "The ")
_OF = (" of ", " of the ")
_NO_PERSON = frozenset(
    ("Street", "Road", "Avenue", "College", "University", "Cross", "Hospital", "Cup", "Stakes", "Rupert", "Island")
)


@cache
def _table(at: str) -> dict[str, tuple[str, frozenset[str]]]:
    """A word -> the label that it stands for, and the labels that give way to it."""
    return {
        word: (row["label"], frozenset(row["over"]))
        for row in rules("heads")["head"]
        if at == row.get("at", "last")
        for word in row["words"].split()
    }


def label_by_head(name: str) -> str | None:
    """The label that the last of several words stands for: `Lund Airport`; None where it says nothing."""
    first, _, last = name.rpartition(" ")
    row = _table("last").get(last) if first else None
    return row[0] if row else None


@cache
def _shapes() -> list[tuple[re.Pattern[str], str, frozenset[str]]]:
    """Patterns of whole names, the label that each stands for, and those that give way to it."""
    return [(re.compile(row["pattern"]), row["label"], frozenset(row["over"])) for row in rules("heads")["shape"]]


@cache
def _any_shape() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in rules("heads")["shape"]))


@cache
def _articled() -> frozenset[str]:
    return frozenset(rules("heads")["articled"]["words"].split())


def heed_heads(context: Context, spans: list[Span]) -> list[Span]:
    """A name is what its head word says, and takes in `Battle of`."""
    text = context.text
    return settle(_with_head(text, span) for span in spans)


def _with_head(text: str, span: Span) -> Span:
    name = text[span.start : span.end]
    if _any_shape().fullmatch(name):
        for pattern, label, over in _shapes():
            if span.label in over and pattern.fullmatch(name):
                return Span(span.start, span.end, label)
    if text.endswith(_OF, 0, span.start):
        first = _FIRST.search(text, max(0, span.start - 30), span.start)
        if first and (row := _table("first").get(first[1])) and row[0] == "EVENT":
            return Span(first.start(), span.end, row[0])
    words = name.split()
    if len(words) < 2:
        is_site = span.label == "PERSON" and name in _articled() and text.endswith(_THE, 0, span.start)
        return Span(span.start, span.end, "FAC") if is_site else span
    of = _table("first").get(words[0]) if words[1] == "of" else None
    row = (
        of
        or _table("opens").get(words[0])
        or _table("last").get(words[words.index("of") - 1 if "of" in words[1:] else -1].rstrip("."))
    )
    return Span(span.start, span.end, row[0]) if row and span.label in row[1] else span


def heed_neighbours(context: Context, spans: list[Span]) -> list[Span]:
    """A name is what the words beside it say in one place or more: `the village of`, `Mr.`, `the airline`, `beat`."""
    text = context.text
    evidence = _evidence(text, spans)
    if not evidence:
        return spans
    rows = _rows()
    mentions = Counter(name for span in spans if (name := text[span.start : span.end]) in evidence)
    decided = {
        name: row
        for name, found in evidence.items()
        if label_of(name) not in ("NORP", "ORG") and not is_country(name)
        for row in [next((rows[n] for n in sorted(found) if found[n] >= rows[n].share * mentions[name]), None)]
        if row
    }
    return [_relabelled(text, span, decided.get(text[span.start : span.end])) for span in spans] if decided else spans


def _evidence(text: str, spans: list[Span]) -> dict[str, Counter[int]]:
    """How often each name stands beside the words of each row that may relabel it."""
    rows = _rows()
    evidence: dict[str, Counter[int]] = defaultdict(Counter)
    people = {
        name.split()[-1] for span in spans if span.label == "PERSON" and " " in (name := text[span.start : span.end])
    }
    for span in spans:
        for number in _neighbours(text, span):
            row, name = rows[number], text[span.start : span.end]
            speaks = span.label in row.over and (row.label == "PERSON" or name not in people)
            if speaks and (not row.lone or _is_single_name(name)):
                evidence[name][number] += 1
    return evidence


def _neighbours(text: str, span: Span) -> frozenset[int]:
    """The rows whose words stand right before or behind a span."""
    beside = _ahead(text, span.start)
    if beside and text[span.start - 2] == "," and text[span.end : span.end + 1] not in _CLOSES:
        beside = _NONE  # `in his village, Lund said`
    if _any_after().match(text, span.end):
        rows = enumerate(_rows())
        beside = beside.union(n for n, row in rows if row.after and row.after.match(text, span.end))
    return beside


def _is_single_name(name: str) -> bool:
    """Whether it is one word that is no initials and no word for a kind of body: not `in Congress`."""
    return not (" " in name or name.isupper() or name in _table("last") or name in _common())


@cache
def _common() -> frozenset[str]:
    return frozenset(rules("heads")["no_names"]["words"].split())


def _relabelled(text: str, span: Span, row: "_Neighbour | None") -> Span:
    if row is None or span.label not in row.over:
        return span
    if row.but_after and row.but_after.search(text[max(0, span.start - 20) : span.start]):
        return span
    return Span(span.start, span.end, row.label)


_LONGEST, _WORDS = 24, 3
"""Characters and words of the longest phrase."""
_NONE: frozenset[int] = frozenset()
_CLOSES = (",", ".", ";", ")", "")
_PASSED = ("the", "called")
_SCORE = re.compile(r"\d{1,3}-\d{1,3}")
_PARTED = re.compile(r"[-\"'“‘(\[]")


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """A row of `neighbour` in `rules/heads.toml`."""

    label: str
    over: frozenset[str]
    share: float
    lone: bool
    after: re.Pattern[str] | None
    but_after: re.Pattern[str] | None


@cache
def _rows() -> list[_Neighbour]:
    return [
        _Neighbour(
            row["label"],
            frozenset(row["over"]),
            row["share"],
            row.get("lone", False),
            re.compile(row["after"]) if "after" in row else None,
            re.compile(rf"(?<!\w)(?:{row['but_after']})\Z") if "but_after" in row else None,
        )
        for row in rules("heads")["neighbour"]
    ]


@cache
def _any_after() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['after']})" for row in rules("heads")["neighbour"] if "after" in row))


@cache
def _phrases() -> dict[str, list[tuple[int, bool]]]:
    """Each phrase before a name, and the last word of each -> its rows, with whether `the` may follow it."""
    phrases: dict[str, list[tuple[int, bool]]] = {}
    for number, row in enumerate(rules("heads")["neighbour"]):
        for phrase in row["before"].split("|") if "before" in row else ():
            words = phrase.split()
            phrases.setdefault(words[-1], [])
            phrases.setdefault(" ".join(words), []).append((number, row.get("article", True)))
    return phrases


def _ahead(text: str, start: int) -> frozenset[int]:
    """The rows that have a phrase which stands right before `start`."""
    phrases = _phrases()
    at, article = start - 1, False
    while at > 0 and text[at] == " ":
        last = text[at - _LONGEST if at > _LONGEST else 0 : at].rpartition(" ")[2]
        if not (last in _PASSED or (last[:1].isdigit() and _SCORE.fullmatch(last))):
            break
        article |= last == "the"
        at -= len(last) + 1
    else:
        return _NONE
    if last not in phrases and (last.isalpha() or _PARTED.split(last)[-1] not in phrases):
        return _NONE
    found: list[int] = []
    phrase = ""
    for word in text[max(0, at - _LONGEST) : at].split(" ")[: -_WORDS - 1 : -1]:
        rows = phrases.get((word if word.isalpha() else _PARTED.split(word)[-1]) + phrase)
        if rows:
            found += [number for number, allowed in rows if allowed or not article]
        phrase = f" {word}{phrase}"
    return frozenset(found)


@cache
def _titled() -> tuple[frozenset[str], re.Pattern[str]]:
    """The first word of each title, and a title with the name behind it."""
    titles = rules("heads")["titled"]["titles"]
    return frozenset(re.split(r"\W", title)[0] for title in titles), re.compile(
        rf"\b(?:{'|'.join(map(re.escape, titles))})[ ]"
        rf"([{UPPER}][\w’-]{{2,24}}(?:[ ][{UPPER}][\w’-]{{1,24}}){{0,3}})(?!\w)"
    )


def heed_titles(context: Context, spans: list[Span]) -> list[Span]:
    """Who stands behind a title and was passed over is a PERSON: `President Mobutu Sese Seko`."""
    words, pattern = _titled()
    titled = [
        found
        for word in sorted(context.words.keys() & words)
        for start in context.words[word]
        if (found := pattern.match(context.text, start))
    ]
    return fill(spans, (Span(*found.span(1), "PERSON") for found in titled if _is_titled(found[1].split())))


def _is_titled(words: list[str]) -> bool:
    return label_of(words[0]) is None and _NO_PERSON.isdisjoint(words)
