"""What is cut from a raw text: licences, copyright lines, credits and promotion, never the article.

Two witnesses: rules that know what a notice looks like, and repetition of a segment within its source. Rules that are
sure hold anywhere; others only where the article has ended or not begun: the cut walks up from the tail and down from
the head, and stops at the first segment that is neither. Repetition alone cuts only in that walk.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from transforms import licences
from transforms.models import Evidence, Notice, Removal, Segment
from transforms.normalise import Normalised, normalise
from transforms.notices import Rule, is_narrative, is_voiced, rest_rule, rule_for
from transforms.segments import HEAD, TAIL, Piece, identify, key, normal_form, pieces

MIN_DOCUMENTS = 3
MIN_SHARE = 0.05
"""A segment counts as repeated from so many documents and such a share of its source (findings.md: without the share,
sentences of real articles fall in a large source)."""

REPEATED = "repeated"
"""The rule of a removal that no rule asked for."""

_MAX_RUN = 40
"""Segments of a tail or head run."""
_MAX_STRAY = 220
"""Characters of an unknown segment between notices, or below one, that still belongs to them."""
_MIN_ABOVE = 3
"""Segments above a notice without which what stands below it is the article rather than its footer."""
_MAX_HEADING = 120
"""Characters of a segment at the head that repetition alone may cut: a lede met thrice is a story told thrice."""

_KINDS = ("licence", "copyright", "credit", "promo")
_DATELINE = re.compile(
    r"[A-Z][A-Z.' -]{2,30}(?:, [A-Z][\w. ]{1,20}){0,2}(?:,? \(?[\w. ,/]{1,30}\)?)? {0,2}[—–-]{1,2} ?|[A-Z]{3,20},? \("
)
_PLACE = re.compile(r"[A-Z][A-Z.' -]{2,30}(?:, [^()]{2,30})?(?: \([\w. /]{2,30}\))$|[A-Z][A-Z.' -]{2,30}, [^()]{2,30}$")
_BYLINE = re.compile(r"\W*(?:by|from)\b", re.IGNORECASE)
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|rights reserved", re.IGNORECASE)
_RESERVED = re.compile(
    r"rights reserved|vorbehalten|réservés|reservados|riservati|защищены|voorbehouden", re.IGNORECASE
)
_STATEMENTS = frozenset({"permission", "subject-to-copyright", "distributed-by"})
"""Rules that go on with a notice on its line, and make one of their own on the next."""
_ORIGINS = frozenset({"first-published", "story-from", "republished", "wrote-this"})
"""Rules for where a text comes from, whose notice a licence in the next sentence completes."""
_LEANING = ("It ", "IT ", "it ", "And ", "and ", "They ", "Reprints", "Read the original")
"""How a segment begins that leans on the one before: `It is republished under …`."""
_CREDIT = re.compile(
    r"\b(?:by|from|source|photo|image|reporting|editing|published|courtesy|credit|contributed)\b", re.IGNORECASE
)

Extent = tuple[int, int, str]
"""Start and end in the raw text, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What speaks for cutting a segment."""

    rule: Rule | None = None
    repeated: bool = False
    forbidden: bool = False

    @property
    def place(self) -> str:
        """Where it may be cut: `anywhere`, `edge`, `beside` or, if nothing speaks for it, `nowhere`."""
        if self.rule is None or (self.repeated and self.rule.place == "beside"):
            return "edge" if self.repeated else "nowhere"
        return self.rule.place


_FORBIDDEN = Mark(forbidden=True)


def verdict(documents: int, source_documents: int) -> bool:
    """Whether a segment met in so many documents of a source of so many is repeated enough to be cut."""
    return documents >= MIN_DOCUMENTS and documents >= MIN_SHARE * source_documents


def edge_segments(raw: str, start: int = 0) -> list[Segment]:
    """The segments of a raw text to be counted within its source: the first 3, the last 6, and any that a rule takes.

    What `find_removals` makes of a text depends on the evidence for these keys and no other.
    """
    text = _Text(raw, start)
    return [identify(text.pieces[i], text.copy) for i in text.counted]


def find_removals(raw: str, evidence: Evidence = Evidence(), start: int = 0) -> list[Removal]:  # noqa: B008
    """The spans to cut from `raw`, sorted, apart from one another, within ``[start, len(raw)]``.

    Each takes the blank around it along, so that what stays reads on; a text is never cut down to nothing.
    """
    text = _Text(raw, start)
    marks = _Cut(text, evidence).marks()
    if not marks or len(marks) == len(text.pieces):
        return []
    groups = list(_groups(text, marks))
    return [_removal(text, marks, *pair) for pair in zip(groups, _extents(text, groups), strict=True)]


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


class _Text:
    """A raw text in segments, each with the rule that takes it for a notice."""

    def __init__(self, raw: str, start: int) -> None:
        self.raw = raw
        self.start = start
        self.copy: Normalised = normalise(raw, start)
        self.pieces: list[Piece] = pieces(self.copy)
        self.rules: list[Rule | None] = [rule_for(piece.text) for piece in self.pieces]

    @cached_property
    def counted(self) -> list[int]:
        """The indices of the segments whose repetition counts."""
        last = len(self.pieces) - TAIL
        return [i for i, rule in enumerate(self.rules) if i < HEAD or i >= last or rule]

    @cached_property
    def keys(self) -> dict[int, int]:
        """Index of a counted segment -> its key."""
        return {i: key(normal_form(self.pieces[i].text)) for i in self.counted}

    def gap(self, i: int) -> str:
        """What stands between segment `i` and the one before it, normalised."""
        return self.copy.text[self.pieces[i - 1].end : self.pieces[i].start]

    def raw_start(self, i: int) -> int:
        return self.copy.raw(self.pieces[i].start)

    def raw_end(self, i: int) -> int:
        return self.copy.raw(self.pieces[i].end)

    def begins_article(self, i: int) -> bool:
        """Whether segment `i` opens with a dateline, as where articles were put in one file."""
        return i < len(self.pieces) and _DATELINE.match(self.pieces[i].text) is not None

    def is_quoted(self, i: int) -> bool:
        """Whether a segment of the body stands inside quotation marks that opened before it in its paragraph."""
        if i >= len(self.pieces) - TAIL:
            return False
        body, at = self.copy.text, self.pieces[i].start
        low = max(0, at - 1_000)
        mark = body.rfind('"', max(low, body.rfind("\f", low, at), body.rfind("\n", low, at)), at)
        return mark >= 0 and (mark == 0 or body[mark - 1] in " \n\f\t(") and not body[mark + 1 : mark + 2].isspace()


class _Cut:
    """Decides which segments of a text are cut."""

    def __init__(self, text: _Text, evidence: Evidence) -> None:
        self._text = text
        if evidence.cut and self._text_met_again(evidence):
            evidence = Evidence(forbidden=evidence.forbidden)
        self._known = {i: self._mark(i, evidence) for i in text.counted}
        self._cut: dict[int, Mark] = {}

    def marks(self) -> dict[int, Mark]:
        """Index of a segment -> why it is cut."""
        for i, mark in self._known.items():
            if mark.place == "anywhere" and not self._text.is_quoted(i):
                self._cut[i] = mark
        self._walk_up()
        self._walk_down()
        self._inside()
        self._rest()
        return self._cut

    def _mark(self, i: int, evidence: Evidence) -> Mark:
        rule = self._text.rules[i]
        if not evidence.cut and not evidence.forbidden:
            return Mark(rule)
        known = self._text.keys[i]
        if known in evidence.forbidden:
            return _FORBIDDEN
        return Mark(rule, known in evidence.cut and (rule is not None or self._may_repeat(i)))

    def _text_met_again(self, evidence: Evidence) -> bool:
        """Whether head or tail is repeated as far as it is counted, mostly without a rule: the text itself was met."""
        count = len(self._text.pieces)
        for end in (range(min(HEAD, count)), range(max(0, count - TAIL), count)):
            unnamed = sum(self._text.rules[i] is None for i in end)
            if unnamed > len(end) // 2 and all(self._text.keys[i] in evidence.cut for i in end):
                return True
        return False

    def _may_repeat(self, i: int) -> bool:
        """Whether repetition alone may cut it: not who speaks, nor the lede, place or author at the head."""
        text = self._text.pieces[i].text
        if sum(map(str.isalpha, text)) < 3 or is_voiced(text):
            return False
        if i >= HEAD:
            return True
        return len(text) <= _MAX_HEADING and not (_DATELINE.match(text) or _PLACE.match(text) or _BYLINE.match(text))

    def _at(self, i: int) -> Mark:
        """What speaks for cutting segment `i`, were it beside one that is cut."""
        if i not in self._known or self._known[i] == Mark():
            self._known[i] = Mark(rest_rule(self._text.pieces[i].text))
        return self._known[i]

    def _walk_up(self) -> None:
        """Take the notices at the tail, and short unknown segments among them or below a strong one."""
        pending: list[int] = []
        anchored = False
        strays = 0
        for i in range(len(self._text.pieces) - 1, max(-1, len(self._text.pieces) - 1 - _MAX_RUN), -1):
            mark = self._at(i)
            strong = mark.rule is not None and mark.rule.is_strong and i >= _MIN_ABOVE
            if strong or (mark.place in ("edge", "anywhere") and (anchored or not strays)):
                self._cut |= {j: self._at(j) for j in pending} | {i: mark}
                pending, strays, anchored = [], 0, True
            elif mark.place in ("edge", "anywhere") or (mark.place == "beside" and anchored and not pending):
                self._cut[i] = mark
            elif mark.place == "beside" or (strays < 2 and not mark.forbidden and self._is_stray(i)):
                pending.append(i)
                strays += mark.place != "beside"
            else:
                break

    def _is_stray(self, i: int) -> bool:
        text = self._text.pieces[i].text
        return len(text) <= _MAX_STRAY and not is_narrative(text) and not self._text.begins_article(i)

    def _walk_down(self) -> None:
        for i in range(min(len(self._text.pieces), _MAX_RUN)):
            mark = self._at(i)
            at_head = mark.rule is None or (mark.rule.head and self._text.pieces[i].alone)
            goes_on = mark.place == "beside" and i - 1 in self._cut
            if not (i in self._cut or goes_on or (mark.place == "edge" and at_head)):
                break
            self._cut[i] = mark

    def _inside(self) -> None:
        """Weaker notices within the text: on a line of their own, met again, or where another article begins."""
        cut_texts = {normal_form(self._text.pieces[i].text) for i in self._cut}
        for i, mark in self._known.items():
            if i in self._cut or mark.rule is None or mark.place != "edge":
                continue
            piece = self._text.pieces[i]
            touches = i - 1 in self._cut or i + 1 in self._cut or self._text.begins_article(i + 1)
            if piece.alone or mark.repeated or touches or normal_form(piece.text) in cut_texts:
                self._cut[i] = mark

    def _rest(self) -> None:
        """The rest of each notice: what goes on with it below, and what leads up to it above."""
        for i in sorted(self._cut):
            if i and i - 1 not in self._cut and self._at(i - 1).place == "beside":
                self._cut[i - 1] = self._at(i - 1)
            below = i + 1
            while below < len(self._text.pieces) and below not in self._cut and self._at(below).place == "beside":
                self._cut[below] = self._at(below)
                below += 1


def _groups(text: _Text, marks: dict[int, Mark]) -> Iterator[list[int]]:
    """The cut segments in order, those of one notice together."""
    group: list[int] = []
    for i in sorted(marks):
        if group and (i != group[-1] + 1 or _begins(text, marks, group, i)):
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _begins(text: _Text, marks: dict[int, Mark], group: list[int], i: int) -> bool:
    """Whether a cut segment begins a notice of its own rather than goes on with the one before."""
    rule = marks[i].rule
    gap = text.gap(i)
    divided = bool(gap.strip())
    apart = divided or "\f" in gap or "\n" in gap
    if normal_form(text.pieces[i].text) == normal_form(text.pieces[group[0]].text):
        return True
    if rule is None or rule.place == "beside":
        return rule is None and apart
    head = next((known for j in group if (known := marks[j].rule)), None)
    if head and (head.kind in rule.joins or head.id in rule.joins):
        return divided or (apart and rule.id in _STATEMENTS)
    return apart or not _goes_on(text, marks, group, i, head)


def _goes_on(text: _Text, marks: dict[int, Mark], group: list[int], i: int, head: Rule | None) -> bool:
    """Whether a segment on the line of a notice is a part of it, though its rule does not say so."""
    words, rule = text.pieces[i].text, marks[i].rule
    if words.startswith(_LEANING):
        return True
    if head is None or rule is None:
        return text.pieces[i - 1].text[-1] in ".:!?"
    if rule.kind == "licence" and head.id in _ORIGINS:
        return text.gap(i) == " "
    if rule.kind == "licence" and head.id == "copyright":
        return "\t" not in text.gap(i) and not any(_is_complete(marks[j].rule, text.pieces[j].text) for j in group)
    if rule.kind == "promo" and head.kind != "promo":
        holder = licences.read(text.pieces[group[0]].text).rights_holder
        return holder is not None and holder.casefold() in words.casefold()
    return rule.kind == "promo"


def _is_complete(rule: Rule | None, text: str) -> bool:
    """Whether a copyright notice has said its last word, so that a licence after it is another notice."""
    return (rule is not None and rule.kind == "licence") or _RESERVED.search(text) is not None


def _removal(text: _Text, marks: dict[int, Mark], group: list[int], extent: Extent) -> Removal:
    words = " ".join(text.pieces[i].text for i in group)
    named = [rule for i in group if (rule := marks[i].rule)]
    repeated = any(marks[i].repeated for i in group)
    notice = licences.read(words)
    kind = _kind(words, notice, named)
    witness = ("both" if repeated else "rule") if named else REPEATED
    start, end, replacement = extent
    asked_by = named[0].id if named else REPEATED
    return Removal(start, end, kind, asked_by, witness, replacement, notice if kind != "promo" else Notice())


def _kind(words: str, notice: Notice, named: list[Rule]) -> str:
    if named:
        return min((rule.kind for rule in named if not rule.joins), default=named[0].kind, key=_KINDS.index)
    if notice.spdx_id:
        return "licence"
    if _COPYRIGHT.search(words):
        return "copyright"
    return "credit" if _CREDIT.search(words) else "promo"


def _extents(text: _Text, groups: list[list[int]]) -> Iterator[Extent]:
    """Where the removal of each group begins and ends, and what replaces it: neighbours meet, and blanks go along."""
    for run in _runs(groups):
        begin, end, replacement = _room(text, run[0][0], run[-1][-1])
        begins = [begin, *(text.raw_start(group[0]) for group in run[1:])]
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


def _room(text: _Text, first: int, last: int) -> Extent:
    """The span of a run with the blanks and separators beside it; of two gaps within the text the deeper stays."""
    before = text.raw_end(first - 1) if first else text.start
    after = text.raw_start(last + 1) if last + 1 < len(text.pieces) else len(text.raw)
    if first == 0 or last + 1 == len(text.pieces):
        return before, after, ""
    above, below = text.raw[before : text.raw_start(first)], text.raw[text.raw_end(last) : after]
    if _depth(below) > _depth(above):
        return before, after - (len(below) - len(below.rstrip())), ""
    blank = len(above) - len(above.lstrip())
    return before + blank, after, "" if blank else " "


def _depth(gap: str) -> tuple[int, bool]:
    return gap.count("\n") + gap.count("\r"), gap[-1:].isspace() or gap[:1].isspace()
