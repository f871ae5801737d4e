"""Which segments of a text are cut.

Rules that are sure hold anywhere; the walk goes up from the tail and down from the head for the others and for what
repetition alone asks for, and stops at the first segment of the article.
"""

import re
from dataclasses import dataclass

from transforms.models import Evidence
from transforms.notices import (
    Rule,
    is_name,
    is_narrative,
    is_news,
    is_notice_like,
    is_plain,
    is_voiced,
    points_to_notice,
    reports,
    rest_rule,
    tells,
)
from transforms.segmented import BARS, BREAKS, DATELINE, Text
from transforms.segments import HEAD, TAIL, key, normal_form

_MAX_RUN = 40
"""Segments of a tail or head run."""
_MAX_STRAY = 220
"""Characters of an unknown segment between notices, or below one, that still belongs to them."""
_MAX_BEHIND_BAR = 60
_MAX_FITTING = 100
"""Characters of a segment that goes with the notice in its paragraph."""
_MIN_ABOVE = 3
"""Segments above a notice without which what stands below it is the article rather than its footer."""
_MAX_FORM = 0.5
"""Share of the counted segments that may be met again without the article being a form that is filled in."""
_MAX_HEADING = 120
"""Characters of a segment at the head that repetition alone may cut: a lede met thrice is a story told thrice."""

_PLACE = re.compile(r"[A-Z][A-Z.' -]{2,30}(?:, [^()]{2,30})?(?: \([\w. /]{2,30}\))$|[A-Z][A-Z.' -]{2,30}, [^()]{2,30}$")
_BYLINE = re.compile(r"\W*(?:by|from|posted|published|(?:last )?updated)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """What speaks for cutting a segment."""

    rule: Rule | None = None
    repeated: bool = False
    forbidden: bool = False
    plain: bool = False
    """Whether it is a sentence as articles have them, which repetition alone does not cut."""

    @property
    def place(self) -> str:
        """Where it may be cut: `anywhere`, `edge`, `beside` or, if nothing speaks for it, `nowhere`."""
        if self.rule is None or (self.repeated and self.rule.place == "beside"):
            return "edge" if self.repeated and not self.plain else "nowhere"
        return self.rule.place


_UNMARKED, _FORBIDDEN = Mark(), Mark(forbidden=True)


def cut_segments(text: Text, evidence: Evidence) -> dict[int, Mark]:
    """Index of a segment -> why it is cut; never of all segments, for then there is no article to cut them from."""
    marks = _Walk(text, evidence).marks()
    return marks if len(marks) < len(text.pieces) else {}


class _Walk:
    """Decides which segments of a text are cut: first what is cut anywhere, then six passes, each of which goes by what
    those before it have cut. They only add."""

    def __init__(self, text: Text, evidence: Evidence) -> None:
        self._text = text
        if evidence.cut and self._text_met_again(evidence):
            evidence = Evidence(forbidden=evidence.forbidden, forced=evidence.forced)
        self._known = {i: self._mark(i, evidence) for i in text.counted}
        self._common = {i for i in text.counted if evidence.common and text.keys[i] in evidence.common}
        if evidence.common:
            self._heed_common(evidence)
        self._cut: dict[int, Mark] = {}

    def marks(self) -> dict[int, Mark]:
        """Index of a segment -> why it is cut."""
        for i, mark in self._known.items():
            if mark.place == "anywhere" and (mark.repeated or not self._text.is_quoted(i)):
                self._cut[i] = mark
        self._walk_up()
        self._walk_down()
        self._inside()
        self._around()
        self._paragraphs()
        self._rest()
        return self._cut

    def _mark(self, i: int, evidence: Evidence) -> Mark:
        rule = self._text.rules[i]
        if not (evidence.cut or evidence.forbidden or evidence.forced):
            return Mark(rule) if rule else _UNMARKED
        known = self._text.keys[i]
        if known in evidence.forbidden:
            return _FORBIDDEN
        if evidence.forced and not evidence.forced.isdisjoint({known, *map(key, self._text.templates.get(i, []))}):
            return Mark(rule, repeated=True)
        repeated = known in evidence.cut and (rule is not None or self._may_repeat(i))
        if rule is None and not repeated:
            return _UNMARKED
        piece = self._text.pieces[i]
        plain = rule is None and is_plain(piece.text, piece.lower, i < min(HEAD, len(self._text.pieces) - TAIL))
        rest = None if rule else rest_rule(piece.text, piece.lower)
        if plain and rest:
            plain = rest.plain
        return Mark(rule or rest, repeated, plain=plain)

    def _heed_common(self, evidence: Evidence) -> None:
        """What many documents of the source say at their edge is no part of the article, unless that is a form which is
        filled in: then most of it is met again, or sentences between others. In a bulletin, which has a sentence with
        other numbers each day, only what points to a notice is one."""
        text, count = self._text, len(self._text.pieces)
        filled = {i for i, forms in text.templates.items() if not evidence.common.isdisjoint(map(key, forms))}
        met = filled | {i for i in self._known if text.rules[i] is None and text.keys[i] in evidence.cut}
        tail = next((i for i in range(count, 0, -1) if i - 1 not in met and text.rules[i - 1] is None), 0)
        head = next((i for i in range(count) if i not in met and text.rules[i] is None), count)
        if len(met) > _MAX_FORM * len(self._known) or any(head <= i < tail for i in met):
            return
        common = {i for i in met if text.keys[i] in evidence.common}
        plain = {i for i in met if is_plain(text.pieces[i].text, text.pieces[i].lower, i < HEAD)}
        news = {i for i in plain if is_news(text.pieces[i].text, text.pieces[i].lower, other_numbers=i not in common)}
        is_bulletin = not news.isdisjoint(filled - common)
        for i in (common | filled) - (plain if is_bulletin else news):
            piece = text.pieces[i]
            if not self._known[i].forbidden and (i >= HEAD or self._may_repeat(i)):
                self._known[i] = Mark(text.rules[i] or rest_rule(piece.text, piece.lower), repeated=True)

    def _text_met_again(self, evidence: Evidence) -> bool:
        """Whether head or tail is repeated as far as it is counted, no rule takes any of it, and most of it is such as
        articles are made of: the text was met."""
        count, pieces = len(self._text.pieces), self._text.pieces
        for end in (range(min(HEAD, count)), range(max(0, count - TAIL), count)):
            if all(self._text.rules[i] is None and self._text.keys[i] in evidence.cut for i in end):
                plain = sum(is_plain(pieces[i].text, pieces[i].lower, i < HEAD) for i in end)
                if 2 * plain > len(end):
                    return True
        return False

    def _may_repeat(self, i: int) -> bool:
        """Whether repetition alone may cut it: not who speaks, nor the lede, place or author at the head."""
        text, lower = self._text.pieces[i].text, self._text.pieces[i].lower
        if sum(map(str.isalpha, text)) < 3 or is_voiced(text):
            return False
        if self._text.is_place(i):
            return False
        if i >= HEAD:
            return True
        inside = i == 0 or i < len(self._text.pieces) - TAIL
        if inside and text.endswith((".", "!", "?")) and not is_notice_like(lower):
            return False
        return len(text) <= _MAX_HEADING and not (DATELINE.match(text) or _PLACE.match(text) or _BYLINE.match(text))

    def _at(self, i: int) -> Mark:
        """What speaks for cutting segment `i`, were it beside one that is cut."""
        if i not in self._known or self._known[i] is _UNMARKED:
            piece = self._text.pieces[i]
            self._known[i] = Mark(rest_rule(piece.text, piece.lower))
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
            elif mark.plain or mark.place == "beside" or (strays < 2 and not mark.forbidden and self._is_stray(i)):
                pending.append(i)
                strays += not (mark.plain or mark.place == "beside")
            else:
                break

    def _is_stray(self, i: int) -> bool:
        """Whether an unknown segment may belong to the notices around it."""
        text, lower = self._text.pieces[i].text, self._text.pieces[i].lower
        like = len(text) <= _MAX_STRAY and (is_name(text) or is_notice_like(lower)) and not is_narrative(text)
        tells = reports(text) and is_plain(text, lower, head=False)
        return like and not tells and not self._text.begins_article(i)

    def _walk_down(self) -> None:
        for i in range(min(len(self._text.pieces), _MAX_RUN)):
            mark = self._at(i)
            at_head = mark.rule is None or (mark.rule.head and self._text.fills_line(i))
            goes_on = mark.place == "beside" and i - 1 in self._cut
            if not (i in self._cut or goes_on or (mark.place == "edge" and at_head)):
                break
            self._cut[i] = mark

    def _inside(self) -> None:
        """Weaker notices within the text: on a line of their own, met again, or where another article begins."""
        cut_texts = {normal_form(self._text.pieces[i]) for i in self._cut}
        for i, mark in self._known.items():
            piece = self._text.pieces[i]
            if i in self._cut or mark.place != "edge":
                continue
            if self._text.rules[i] is None and is_plain(piece.text, piece.lower, head=False):
                continue
            touches = i - 1 in self._cut or i + 1 in self._cut or self._text.begins_article(i + 1)
            if self._text.alone(i) or mark.repeated or touches or normal_form(piece) in cut_texts:
                self._cut[i] = mark

    def _around(self) -> None:
        """What is met again beside what is cut: below it unless it is news, above it on its line or if it is common."""
        again = [i for i, mark in self._known.items() if mark.repeated]
        for i in again:
            if i - 1 in self._cut and (i in self._common or not self._is_news(i)):
                self._cut.setdefault(i, self._known[i])
        for i in reversed(again):
            if i + 1 in self._cut and (i in self._common or not self._known[i].plain or self._leads_up(i)):
                self._cut.setdefault(i, self._known[i])

    def _is_news(self, i: int) -> bool:
        piece = self._text.pieces[i]
        return self._known[i].plain and is_news(piece.text, piece.lower, other_numbers=False)

    def _paragraphs(self) -> None:
        """What else stands in the paragraph of a sure notice, if nothing there is such as articles are made of."""
        for i in [i for i in self._cut if self._is_strong(i)]:
            paragraph = self._text.paragraph(i)
            others = [j for j in paragraph if j not in self._cut]
            if others and all(self._fits(j) for j in others):
                self._cut |= {j: self._at(j) for j in others}

    def _fits(self, i: int) -> bool:
        """Whether a segment in the paragraph of a notice may belong to it."""
        piece = self._text.pieces[i]
        if len(piece.text) > _MAX_FITTING or self._at(i).forbidden or is_narrative(piece.text):
            return False
        return points_to_notice(piece.text, piece.lower) and not tells(piece.text)

    def _rest(self) -> None:
        """The rest of each notice: what goes on with it below, and what leads up to it above."""
        for i in sorted(self._cut):
            if i and i - 1 not in self._cut and (self._at(i - 1).place == "beside" or self._leads_up(i - 1)):
                self._cut[i - 1] = self._at(i - 1)
            if i and i - 1 not in self._cut and self._names_holder(i - 1):
                self._cut[i - 1] = self._at(i - 1)
            below = i + 1
            while below < len(self._text.pieces) and below not in self._cut and self._at(below).place == "beside":
                self._cut[below] = self._at(below)
                below += 1
            if below < len(self._text.pieces) and below not in self._cut and self._goes_on_behind_bar(below):
                self._cut[below] = self._at(below)
            if self._is_strong(i) and self._is_strong(i + 2) and i + 1 not in self._cut and self._is_stray(i + 1):
                self._cut[i + 1] = self._at(i + 1)

    def _names_holder(self, i: int) -> bool:
        """Whether nothing but a name stands before a notice of rights on its line: `Lake Wire. All rights reserved.`"""
        rule, on_line = self._cut[i + 1].rule, BREAKS.isdisjoint(self._text.gap(i + 1))
        return on_line and rule is not None and rule.kind == "copyright" and is_name(self._text.pieces[i].text)

    def _goes_on_behind_bar(self, i: int) -> bool:
        """Whether a short text behind a bar fills the line of a notice up."""
        text = self._text.pieces[i].text
        short = len(text) <= _MAX_BEHIND_BAR and not is_narrative(text)
        return short and self._text.gap(i).strip() in BARS and self._text.fills_line(i)

    def _leads_up(self, i: int) -> bool:
        """Whether a sentence that is met again within the source, and is no news, stands on the line of the notice
        below it."""
        on_line = BREAKS.isdisjoint(self._text.gap(i + 1))
        return self._known[i].plain and on_line and not reports(self._text.pieces[i].text)

    def _is_strong(self, i: int) -> bool:
        mark = self._cut.get(i, _UNMARKED)
        return mark.rule is not None and mark.rule.is_strong
