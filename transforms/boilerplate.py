"""What is cut from a raw text: licences, copyright lines, credits and promotion, never the article.

Two witnesses: rules that know what a notice looks like, and repetition of a segment within its source. Rules for licences
and copyright hold anywhere; weaker ones only where the article has ended or not begun: the cut walks up from the tail
and down from the head, and stops at the first segment that is neither.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms import licences
from transforms.models import Evidence, Notice, Removal, Segment
from transforms.normalise import Normalised, normalise
from transforms.rules import rules
from transforms.segments import EDGE_TAIL, Piece, edge, identify, index_at, key, normal_form, pieces

MIN_DOCUMENTS = 3
MIN_SHARE = 0.05
"""A segment counts as repeated from so many documents and such a share of its source (findings.md: without the share,
sentences of real articles fall in a large source)."""

REPEATED = "repeated"

Extent = tuple[int, int, str]
"""Start and end in the raw text, and what stands there instead."""

_MAX_PIECE = 1_500
"""Characters of a segment beyond which it is no notice but text without full stops."""
_MAX_RUN = 40
"""Segments of a tail or head run."""
_MAX_STRAY = 220
"""Characters of unknown text between or below notices that still belong to them."""

_RULES = rules("footers")
_WORDS = {f"{{{name}}}": words for name, words in _RULES["words"].items()}


def _compile(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    for macro, words in _WORDS.items():
        pattern = pattern.replace(macro, words)
    return re.compile(pattern, flags)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of footers.toml."""

    id: str
    kind: str
    place: str
    joins: bool
    head: bool
    pattern: re.Pattern[str]


ROWS: tuple[Rule, ...] = tuple(
    Rule(r["id"], r["kind"], r["place"], r.get("joins", False), r.get("head", False), _compile(r["pattern"]))
    for r in _RULES["rule"]
)
_ANYWHERE = [rule for rule in ROWS if rule.place == "anywhere"]
_VOICE = _compile(_RULES["guard"]["voice"], 0)
_NARRATIVE = _compile(_RULES["guard"]["narrative"])
_QUOTED = _compile(_RULES["guard"]["quoted"])
_TRIGGERS: tuple[str, ...] = tuple(_RULES["guard"]["triggers"])
_DATELINE = re.compile(r"[A-Z][A-Z.' -]{2,30}(?:, [A-Z][\w. ]{1,20}){0,2}(?:,? \(?[\w. ,/]{1,30}\)?)? {0,2}[—–-]{1,2} ?|[A-Z]{3,20},? \(")
_BYLINE = re.compile(r"by\b", re.IGNORECASE)


@dataclass(slots=True)
class Mark:
    """What speaks for cutting a segment."""

    rule: Rule | None = None
    repeated: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether it is reason enough where the segment stands in a tail or head run."""
        return self.repeated or (self.rule is not None and self.rule.place != "beside")


def verdict(documents: int, source_documents: int) -> bool:
    """Whether a segment met in so many documents of a source of so many is repeated enough to be cut."""
    return documents >= MIN_DOCUMENTS and documents >= MIN_SHARE * source_documents


def edge_segments(raw: str) -> list[Segment]:
    """The first 3 and last 6 segments of a raw text, in order, for counting repetition within its source."""
    copy = normalise(raw)
    return [identify(piece, copy) for piece in edge(pieces(copy))]


def find_removals(raw: str, evidence: Evidence = Evidence(), start: int = 0) -> list[Removal]:  # noqa: B008
    """The spans to cut from `raw`, sorted, apart from one another, within ``[start, len(raw)]``.

    Each takes the blank around it along, so that what stays reads on; a text is never cut down to nothing.
    """
    copy = normalise(raw, start)
    found = pieces(copy)
    marks = _Judge(copy, found, evidence).marks()
    if len(marks) == len(found):
        return []
    groups = list(_groups(copy, found, marks))
    extents = _extents(raw, copy, found, groups, start)
    return [_removal(group, extent, found, marks) for group, extent in zip(groups, extents, strict=True)]


def document_notice(removals: Iterable[Removal]) -> Notice:
    """The document's own licence and holder, from its article- and site-wide notices; a photo's says nothing of it.

    Where several licences are stated, each holds for some part: their ids are joined by AND, in the order of the text.
    """
    speaking = [r.notice for r in removals if r.kind in ("licence", "copyright") and r.notice.scope != "photo"]
    for wanted in ("article", "site"):
        licensed = [notice for notice in speaking if notice.spdx_id and notice.scope == wanted]
        if licensed:
            ids = list(dict.fromkeys(notice.spdx_id or "" for notice in licensed))
            holder = next((n.rights_holder for n in (*licensed, *speaking) if n.rights_holder), None)
            return Notice(" AND ".join(ids), licensed[0].licence_url if len(ids) == 1 else None, holder, wanted)
    return next((notice for notice in speaking if notice.rights_holder), Notice())


def rule_for(text: str, rows: Sequence[Rule] = ROWS) -> Rule | None:
    """The first of the rules that takes a segment's text for a notice; None if none does or it is speech or report."""
    if len(text) > _MAX_PIECE:
        return None
    rule = next((rule for rule in rows if rule.pattern.search(text)), None)
    return None if rule is None or _reported(text, rule) else rule


def _reported(text: str, rule: Rule) -> bool:
    spoken = text.lower() if text.isupper() else text
    if _VOICE.search(spoken) or _QUOTED.search(text):
        return True
    if rule.place == "anywhere":
        return False
    return text.count('"') % 2 == 1 or _NARRATIVE.search(text) is not None


class _Judge:
    """Decides for each segment of one document whether it is cut."""

    def __init__(self, copy: Normalised, found: list[Piece], evidence: Evidence) -> None:
        self._copy = copy
        self._found = found
        self._evidence = evidence
        self._edges = set(map(id, edge(found)))
        self._marks: dict[int, Mark] = {}

    def marks(self) -> dict[int, Mark]:
        """Index of a segment -> why it is cut."""
        candidates = self._candidates()
        for i in candidates:
            if self._mark(i, _ANYWHERE).rule and not self._in_quotation(i):
                self._take(i, self._mark(i, _ANYWHERE))
        self._walk_up(len(self._found))
        self._walk_down()
        self._inside(candidates)
        return self._marks

    def _candidates(self) -> list[int]:
        """The segments that hold a word without which no rule holds inside a text."""
        lower = self._copy.text.lower()
        hits = set()
        for trigger in _TRIGGERS:
            at = lower.find(trigger)
            while at >= 0:
                i = index_at(self._found, at)
                hits.add(i)
                at = lower.find(trigger, max(at + 1, self._found[i].end if i < len(self._found) else len(lower)))
        return sorted(i for i in hits if i < len(self._found))

    def _in_quotation(self, i: int) -> bool:
        start = self._found[i].start
        text = self._copy.text
        paragraph = max(text.rfind("\f", max(0, start - 2000), start), text.rfind("\n", max(0, start - 2000), start), start - 2000, 0)
        return i < len(self._found) - EDGE_TAIL and text.count('"', paragraph, start) % 2 == 1

    def _mark(self, i: int, rows: Sequence[Rule] = ROWS) -> Mark:
        piece = self._found[i]
        rule = rule_for(piece.text, rows)
        if not self._evidence.cut and not self._evidence.forbidden:
            return Mark(rule)
        known = key(normal_form(piece.text))
        if known in self._evidence.forbidden:
            return Mark()
        return Mark(rule, known in self._evidence.cut and id(piece) in self._edges and _may_repeat(piece, i))

    def _take(self, i: int, mark: Mark) -> None:
        self._marks[i] = mark

    def _walk_up(self, end: int) -> None:
        """Take the notices that end at `end`, and what lies between them."""
        pending: list[tuple[int, Mark]] = []
        taken = strays = 0
        for i in range(end - 1, max(-1, end - 1 - _MAX_RUN), -1):
            mark = self._marks.get(i) or self._mark(i)
            if mark.stands_alone:
                strong = mark.rule is not None and mark.rule.place == "anywhere"
                for j, other in pending:
                    if other.rule or strong or taken:
                        self._take(j, other)
                pending, strays = [], 0
                self._take(i, mark)
                taken += 1
            elif mark.rule and taken and not pending:
                self._take(i, mark)
            elif mark.rule or self._stray(i, strays):
                pending.append((i, mark))
                strays += mark.rule is None
            else:
                break
        self._distrust_repetition(end)

    def _stray(self, i: int, strays: int) -> bool:
        """Whether an unknown segment is short enough to be part of the notices around it."""
        text = self._found[i].text
        return strays < 2 and len(text) <= _MAX_STRAY and '"' not in text and not _VOICE.search(text) and not _NARRATIVE.search(text) and not _DATELINE.match(text)

    def _distrust_repetition(self, end: int) -> None:
        """A tail repeated as far as it was counted is that of a document met twice: repetition alone takes nothing."""
        tail = range(max(0, end - EDGE_TAIL), end)
        if all(i in self._marks and self._marks[i].repeated for i in tail):
            for i in tail:
                if self._marks[i].rule is None:
                    del self._marks[i]

    def _walk_down(self) -> None:
        for i in range(min(len(self._found), _MAX_RUN)):
            mark = self._marks.get(i) or self._mark(i)
            rule = mark.rule
            if i in self._marks or mark.repeated or (rule and rule.head and self._found[i].alone):
                self._take(i, mark)
            elif not (rule and rule.place == "beside" and i - 1 in self._marks):
                break
            else:
                self._take(i, mark)

    def _inside(self, candidates: list[int]) -> None:
        """Weaker notices within the text: before another article begins, below a strong one, on a line of their own."""
        cut_texts = {normal_form(self._found[i].text) for i in self._marks}
        for i in candidates:
            if i in self._marks:
                continue
            mark = self._mark(i)
            if mark.rule is None or (mark.rule.place == "beside" and i - 1 not in self._marks):
                continue
            piece = self._found[i]
            after = self._found[i + 1].text if i + 1 < len(self._found) else ""
            if piece.alone or i + 1 in self._marks or i - 1 in self._marks or _DATELINE.match(after) or normal_form(piece.text) in cut_texts:
                self._take(i, mark)
        for i in sorted(self._marks):
            self._rest_below(i + 1)

    def _rest_below(self, i: int) -> None:
        while i < len(self._found) and i not in self._marks:
            mark = self._mark(i)
            if not mark.rule or mark.rule.place == "edge":
                return
            self._take(i, mark)
            i += 1


def _may_repeat(piece: Piece, i: int) -> bool:
    """Whether repetition alone may cut it: not who speaks, nor the place, author or title at the head."""
    if sum(map(str.isalpha, piece.text)) < 3 or _VOICE.search(piece.text):
        return False
    return i > 2 or not (_DATELINE.match(piece.text) or _BYLINE.match(piece.text))


def _groups(copy: Normalised, found: list[Piece], marks: dict[int, Mark]) -> Iterator[list[int]]:
    """Runs of cut segments, one a notice."""
    group: list[int] = []
    for i in sorted(marks):
        if group and (i != group[-1] + 1 or _begins(copy, found, marks, group, i)):
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _begins(copy: Normalised, found: list[Piece], marks: dict[int, Mark], group: list[int], i: int) -> bool:
    """Whether a cut segment begins a notice of its own rather than going on with the one before."""
    rule = marks[i].rule
    gap = copy.text[found[i - 1].end : found[i].start]
    if normal_form(found[i].text) == normal_form(found[group[0]].text):
        return True
    if rule is None:
        return "\f" in gap or "\n" in gap
    if rule.joins:
        return False
    head = next((mark.rule for j in group if (mark := marks[j]).rule), None)
    if "\f" in gap or "\n" in gap or head is None:
        return True
    if head.kind == "copyright" and rule.kind == "licence":
        return any("all rights" in found[j].text.lower() for j in group)
    if rule.kind == "promo":
        holder = licences.read(found[group[0]].text).rights_holder
        return head.kind != "promo" and not (holder and holder.casefold() in found[i].text.casefold())
    return True


def _removal(group: list[int], extent: Extent, found: list[Piece], marks: dict[int, Mark]) -> Removal:
    text = " ".join(found[i].text for i in group)
    named = [rule for i in group if (rule := marks[i].rule)]
    repeated = any(marks[i].repeated for i in group)
    notice = licences.read(text)
    kind = min((rule.kind for rule in named if not rule.joins), default=named[0].kind if named else _kind(text, notice), key=_KINDS.index)
    return Removal(
        extent[0],
        extent[1],
        kind,
        named[0].id if named else REPEATED,
        "both" if named and repeated else "rule" if named else REPEATED,
        extent[2],
        notice if kind != "promo" else Notice(),
    )


_KINDS = ("licence", "copyright", "credit", "promo")
_CREDIT = re.compile(r"\b(?:by|from|source|photo|image|reporting|editing|published|courtesy|credit|contributed)\b", re.IGNORECASE)


def _kind(text: str, notice: Notice) -> str:
    if notice.spdx_id:
        return "licence"
    if re.search(r"©|\(c\)|copyright|rights reserved", text, re.IGNORECASE):
        return "copyright"
    return "credit" if _CREDIT.search(text) else "promo"


def _extents(raw: str, copy: Normalised, found: list[Piece], groups: list[list[int]], start: int) -> Iterator[Extent]:
    """Where the removal of each group begins and ends, and what replaces it: neighbours meet, and blanks go along."""
    for run in _runs(groups):
        begin, end, replacement = _room(raw, copy, found, run[0][0], run[-1][-1], start)
        begins = [begin, *(copy.raw(found[group[0]].start) for group in run[1:])]
        for low, high in pairwise([*begins, end]):
            yield low, high, replacement if low == begin else ""


def _runs(groups: list[list[int]]) -> list[list[list[int]]]:
    runs: list[list[list[int]]] = []
    for group in groups:
        if runs and runs[-1][-1][-1] + 1 == group[0]:
            runs[-1].append(group)
        else:
            runs.append([group])
    return runs


def _room(raw: str, copy: Normalised, found: list[Piece], first: int, last: int, start: int) -> Extent:
    """The span of a run with the blanks and separators beside it; of two gaps within the text the deeper stays."""
    before = copy.raw(found[first - 1].end) if first else start
    after = copy.raw(found[last + 1].start) if last + 1 < len(found) else len(raw)
    if first == 0 or last + 1 == len(found):
        return before, after, ""
    above, below = raw[before : copy.raw(found[first].start)], raw[copy.raw(found[last].end) : after]
    if _depth(below) > _depth(above):
        return before, after - (len(below) - len(below.rstrip())), ""
    blank = len(above) - len(above.lstrip())
    return before + blank, after, "" if blank else " "


def _depth(gap: str) -> tuple[int, bool]:
    return gap.count("\n") + gap.count("\r"), gap[-1:].isspace() or gap[:1].isspace()
