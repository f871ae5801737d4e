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


_TITLES = frozenset(("Mr", "Mrs", "Ms", "Dr", "Gen", "Col", "Sen", "Rep", "Gov", "Sir", "President", "Premier"))
_TITLES |= {
    "Chancellor",
    "Senator",
    "Minister",
    "Pope",
    "King",
    "Queen",
    "Prince",
    "Princess",
    "Sultan",
    "Emir",
    "Emperor",
}
_TITLES |= {"Ayatollah", "Mullah", "Archbishop", "Cardinal", "Director", "Secretary"}
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


@cache
def _shapes() -> list[tuple[re.Pattern[str], str, frozenset[str]]]:
    """Patterns of whole names, the label that each stands for, and those that give way to it."""
    return [(re.compile(row["pattern"]), row["label"], frozenset(row["over"])) for row in rules("heads")["shape"]]


def heed_heads(context: Context, spans: list[Span]) -> list[Span]:
    """A name is what its head word says, and takes in `Battle of`."""
    text = context.text
    return settle(_with_head(text, span) for span in spans)


def _with_head(text: str, span: Span) -> Span:
    name = text[span.start : span.end]
    for pattern, label, over in _shapes():
        if span.label in over and pattern.fullmatch(name):
            return Span(span.start, span.end, label)
    words = name.split()
    first = _FIRST.search(text, max(0, span.start - 30), span.start)
    if first and (row := _table("first").get(first[1])) and row[0] == "EVENT":
        return Span(first.start(), span.end, row[0])
    if len(words) < 2:
        return span
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
    evidence: dict[str, Counter[int]] = defaultdict(Counter)
    mentions: Counter[str] = Counter()
    people = {
        name.split()[-1] for span in spans if span.label == "PERSON" and " " in (name := text[span.start : span.end])
    }
    for span in spans:
        name = text[span.start : span.end]
        mentions[name] += 1
        before, after = text[max(0, span.start - 28) : span.start], text[span.end : span.end + 28]
        if not (_any()[0].search(before) or _any()[1].match(after)):
            continue
        for number, row in enumerate(_rows()):
            if (
                span.label in row.over
                and (row.label == "PERSON" or name not in people)
                and row.is_beside(before, after)
            ):
                evidence[name][number] += 1
    decided = {
        name: row
        for name, found in evidence.items()
        if label_of(name) != "NORP" and not is_country(name)
        for row in [next((_rows()[n] for n in sorted(found) if found[n] >= _rows()[n].share * mentions[name]), None)]
        if row
    }
    return [_relabelled(text, span, decided.get(text[span.start : span.end])) for span in spans] if decided else spans


def _relabelled(text: str, span: Span, row: "_Neighbour | None") -> Span:
    if row is None or span.label not in row.over:
        return span
    if row.but_after and row.but_after.search(text[max(0, span.start - 12) : span.start]):
        return span
    return Span(span.start, span.end, row.label)


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """A row of `neighbour` in `rules/heads.toml`."""

    label: str
    over: frozenset[str]
    share: float
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    but_after: re.Pattern[str] | None

    def is_beside(self, before: str, after: str) -> bool:
        return bool((self.before and self.before.search(before)) or (self.after and self.after.match(after)))


@cache
def _any() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What any of the rows has before a name and after it."""
    rows = rules("heads")["neighbour"]
    before = "|".join(row["before"] for row in rows if "before" in row)
    after = "|".join(row["after"] for row in rows if "after" in row)
    return re.compile(rf"(?<!\w)(?:{before})(?:the )?\Z"), re.compile(after)


@cache
def _rows() -> list[_Neighbour]:
    def compiled(expression: str | None, frame: str) -> re.Pattern[str] | None:
        return re.compile(frame.format(expression)) if expression else None

    return [
        _Neighbour(
            row["label"],
            frozenset(row["over"]),
            row["share"],
            compiled(
                row.get("before"), r"(?<!\w)(?:{})(?:the )?\Z" if row.get("article", True) else r"(?<!\w)(?:{})\Z"
            ),
            compiled(row.get("after"), "(?:{})"),
            compiled(row.get("but_after"), r"(?<!\w)(?:{})\Z"),
        )
        for row in rules("heads")["neighbour"]
    ]


_TITLED = re.compile(
    r"\b(?:Mrs?\.?|Ms\.?|Dr\.?|(?:Gen|Col|Sen|Rep|Gov)\.|Sir|President|Premier|Chancellor|Senator|Minister|Pope|King|Queen"
    r"|Prince|Princess|Sultan|Emir|Emperor|Ayatollah|Mullah|Archbishop|Cardinal|Director-General|Secretary-General)[ ]"
    rf"([{UPPER}][\w’-]{{2,24}}(?:[ ][{UPPER}][\w’-]{{1,24}}){{0,3}})(?!\w)"
)


def heed_titles(context: Context, spans: list[Span]) -> list[Span]:
    """Who stands behind a title and was passed over is a PERSON: `President Mobutu Sese Seko`."""
    if context.words.keys().isdisjoint(_TITLES):
        return spans
    found = [Span(*match.span(1), "PERSON") for match in _TITLED.finditer(context.text)]
    return fill(spans, (span for span in found if _is_titled(context.text[span.start : span.end].split())))


def _is_titled(words: list[str]) -> bool:
    return label_of(words[0]) is None and _NO_PERSON.isdisjoint(words)
