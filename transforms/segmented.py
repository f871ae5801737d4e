"""A raw text in segments, with what is known of each from the text alone: the rule that takes it for a notice, how it
is known again within its source, and how it stands on its line and in its paragraph.
"""

import re
from functools import cached_property

from transforms.normalise import normalise
from transforms.notices import Rule, has_cue_word, has_sign, is_name, is_notice_like, lowered, rest_rule, rule_for
from transforms.segments import HEAD, TAIL, Piece, alone, key, normal_form, pieces, template

_MAX_SIGNATURE = 80
_DASH = re.compile(r"([\"'])?\s?[–—-]{1,2} ?\Z")
"""Before a signature; behind a quotation it may lead to who said it."""
_MAX_PARAGRAPH = 8
"""Segments of a paragraph that is a notice as a whole."""
BARS = ("|", "•", "·")
"""What divides the parts of a notice on one line."""
BREAKS = frozenset("\n\f\t")
"""What divides lines, paragraphs (a form feed in a normalised text) and columns."""
DATELINE = re.compile(
    r"[A-Z][A-Z.' -]{2,30}(?:, [A-Z][\w. ]{1,20}){0,2}(?:,? \(?[\w. ,/]{1,30}\)?)? {0,2}[—–-]{1,2} ?|[A-Z]{3,20},? \("
)
_LONGEST_PLACE = 60


class Text:
    """A raw text in segments, each with the rule that takes it for a notice."""

    def __init__(self, raw: str, start: int) -> None:
        self.raw = raw
        self.start = start
        self.copy = normalise(raw, start)
        self.pieces = pieces(self.copy)
        self.rules = [self._rule(piece) for piece in self.pieces]

    def _rule(self, piece: Piece) -> Rule | None:
        """The rule that takes a segment; a short one is tried with its dash, which is `-` if it follows a quotation."""
        dash = len(piece.text) <= _MAX_SIGNATURE and _DASH.search(self.copy.text, max(0, piece.start - 5), piece.start)
        if dash:
            signed = f"{'-' if dash[1] else '—'} {piece.text}"
            if rule := rule_for(signed, lowered(signed)):
                return rule
        return rule_for(piece.text, piece.lower)

    @cached_property
    def counted(self) -> list[int]:
        """The indices of the segments whose repetition counts: those at either end, those that a rule takes with what
        stands around them, and those with a word of notices."""
        count = len(self.pieces)
        found = {*range(HEAD), *range(count - TAIL, count)}
        is_like = is_notice_like if has_sign(self.copy.text.lower()) else has_cue_word
        for i, rule in enumerate(self.rules):
            if rule:
                found.update(range(i - TAIL, i + TAIL + 1))
            elif is_like(self.pieces[i].lower):
                found.add(i)
        return sorted(found.intersection(range(count)))

    @cached_property
    def keys(self) -> dict[int, int]:
        """Index of a counted segment -> its key."""
        return {i: key(normal_form(self.pieces[i])) for i in self.counted}

    @cached_property
    def templates(self) -> dict[int, list[str]]:
        """Index of a segment at the tail that no rule is sure of -> its template, if it has one, and what it may be the
        rest of: much of a source ends in a line about the author, each in other words, or in the name of a paper."""
        tail = range(max(0, len(self.pieces) - TAIL), len(self.pieces))
        made: dict[int, list[str]] = {}
        for i in tail:
            if self.rules[i] is None:
                rest = rest_rule(self.pieces[i].text, self.pieces[i].lower)
                named = i == tail[-1] and is_name(self.pieces[i].text)
                made[i] = [f for f in (template(self.pieces[i]), rest and f"# {rest.id}", named and "# name") if f]
        return made

    def gap(self, i: int) -> str:
        """What stands between segment `i` and the one before it, normalised."""
        return self.copy.text[self.pieces[i - 1].end : self.pieces[i].start]

    def raw_start(self, i: int) -> int:
        return self.copy.raw(self.pieces[i].start)

    def raw_end(self, i: int) -> int:
        return self.copy.raw(self.pieces[i].end)

    def alone(self, i: int) -> bool:
        """Whether segment `i` is a paragraph or line of its own."""
        return alone(self.copy.text, self.pieces[i].start, self.pieces[i].end)

    def fills_line(self, i: int) -> bool:
        """Whether nothing but notices stands on the line of segment `i`, from there on."""
        if self.alone(i):
            return True
        for below in range(i + 1, len(self.pieces)):
            if "\n" in (gap := self.gap(below)) or "\f" in gap:
                return True
            if self.rules[below] is None:
                return False
        return False

    def paragraph(self, i: int) -> range:
        """The indices of the segments in the paragraph or line of segment `i`; none if they are many."""
        low = high = i
        while low and i - low < _MAX_PARAGRAPH and BREAKS.isdisjoint(self.gap(low)):
            low -= 1
        while high + 1 < len(self.pieces) and high - i < _MAX_PARAGRAPH and BREAKS.isdisjoint(self.gap(high + 1)):
            high += 1
        return range(low, high + 1) if high - low < _MAX_PARAGRAPH else range(0)

    def begins_article(self, i: int) -> bool:
        """Whether segment `i` opens with a dateline, as where articles were put in one file."""
        return i < len(self.pieces) and DATELINE.match(self.pieces[i].text) is not None

    def is_place(self, i: int) -> bool:
        """Whether segment `i` is the place of a dateline, from which a dash divides the article."""
        text = self.pieces[i].text
        dashed = i + 1 < len(self.pieces) and self.gap(i + 1).strip()[:1] in ("-", "–", "—")
        return dashed and len(text) <= _LONGEST_PLACE and text.split(None, 1)[0].rstrip(",").isupper()

    def is_quoted(self, i: int) -> bool:
        """Whether a segment of the body stands inside quotation marks that opened before it in its paragraph."""
        if i >= len(self.pieces) - TAIL:
            return False
        body, at = self.copy.text, self.pieces[i].start
        low = max(0, at - 1_000)
        mark = body.rfind('"', max(low, body.rfind("\f", low, at), body.rfind("\n", low, at)), at)
        return mark >= 0 and (mark == 0 or body[mark - 1] in " \n\f\t(") and not body[mark + 1 : mark + 2].isspace()
