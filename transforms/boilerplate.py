"""What is cut from a raw text: licences, copyright lines, credits and promotion, never the article.

Two witnesses: rules that know what a notice looks like, and repetition of a segment within its source. Rules that are
sure hold anywhere; others only where the article has ended or not begun: the cut walks up from the tail and down from
the head, and stops at the first segment that is neither. Repetition alone cuts only in that walk.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from transforms import licences
from transforms.models import Evidence, Notice, Removal, Segment
from transforms.notices import ORIGINS, Rule, is_name
from transforms.rules import rules
from transforms.segmented import BARS, BREAKS, Text
from transforms.segments import identify, is_template, key, normal_form
from transforms.walk import Mark, cut_segments

MIN_DOCUMENTS = 3
MIN_SHARE = 0.05
"""A segment counts as repeated from so many documents and such a share of its source: without the share, sentences of
real articles fall in a large source."""

MIN_COMMON = 5
COMMON_SHARE = 0.3
"""A segment is common to a source from so many documents and such a share of it: a house has a few footers, each in
some of its documents (on eight sets of our own of some 60 houses each, no article is damaged down to 0.2)."""

REPEATED = "repeated"
"""The rule of a removal that no rule asked for."""

_KINDS = ("licence", "copyright", "credit", "promo")
_KIND_OF = tuple((row["kind"], re.compile(row["pattern"], re.IGNORECASE)) for row in rules("footers")["kind"])
"""The kind of a notice that no rule takes."""
_LEANING = tuple(rules("footers")["grouping"]["leaning"])
_RESERVED = re.compile(rules("footers")["grouping"]["reserved"], re.IGNORECASE)

_CLOSING_TAGS = re.compile(r"(?:</\w{1,10}>)+")
_OPENING_TAGS = re.compile(r"(?:<[a-zA-Z]\w{0,9}(?: [^<>]{0,200})?>)+\Z")
"""Tags of the article above and below a notice."""
_TAGS = 400
"""Characters before the article in which its tags are looked for."""

Extent = tuple[int, int, str]
"""Start and end in the raw text, and what stands there instead."""


def verdict(segment: str, documents: int, source_documents: int) -> bool:
    """Whether a segment met in so many documents of a source of so many is repeated enough to be cut; a template has to
    be common."""
    if is_template(segment):
        return is_common(documents, source_documents)
    return documents >= MIN_DOCUMENTS and documents >= MIN_SHARE * source_documents


def is_common(documents: int, source_documents: int) -> bool:
    """Whether many documents of a source have a segment, and they are enough to tell."""
    return documents >= MIN_COMMON and documents >= COMMON_SHARE * source_documents


def edge_segments(raw: str, start: int = 0) -> list[Segment]:
    """The segments of a raw text to be counted within its source: the first 3, the last 6, any that a rule takes with
    the 6 on either side, and any with a word or sign of notices. Those of the tail that no rule takes come again by
    their template, and by the weak rule that they would fit.

    What `find_removals` makes of a text depends on the evidence for these keys and no other.
    """
    text = Text(raw, start)
    found = [identify(text.pieces[i], text.copy) for i in text.counted]
    filled = [(i, form) for i, forms in text.templates.items() for form in forms]
    return found + [Segment(text.raw_start(i), text.raw_end(i), key(form), form) for i, form in filled]


def find_removals(raw: str, evidence: Evidence = Evidence(), start: int = 0) -> list[Removal]:  # noqa: B008
    """The spans to cut from `raw`, sorted, apart from one another, within ``[start, len(raw)]``.

    Each takes the blank around it along, so that what stays reads on; a text is never cut down to nothing.
    """
    text = Text(raw, start)
    marks = cut_segments(text, evidence)
    groups = list(_groups(text, marks))
    return [_removal(text, marks, *pair) for pair in zip(groups, _extents(text, groups), strict=True)]


def document_notice(removals: Sequence[Removal]) -> Notice:
    """The document's own licence and holder, from its article- and site-wide notices; a photo's says nothing of it.

    Where several licences are stated, each holds for some part: their ids are joined by AND, in the order of the text.
    Where a licence names nobody, nor does a copyright line, the holder is the one house where the text is from.
    """
    about_text = [r for r in removals if r.notice.scope != "photo"]
    speaking = [r.notice for r in about_text if r.kind in ("licence", "copyright")]
    origins = {r.notice.rights_holder for r in about_text if r.rule in ORIGINS} - {None}
    for wanted in ("article", "site"):
        licensed = [notice for notice in speaking if notice.spdx_id and notice.scope == wanted]
        if licensed:
            ids = list(dict.fromkeys(notice.spdx_id or "" for notice in licensed))
            named = (n.rights_holder for n in (*licensed, *speaking) if n.rights_holder)
            holder = next(named, origins.pop() if len(origins) == 1 else None)
            return Notice(" AND ".join(ids), licensed[0].licence_url if len(ids) == 1 else None, holder, wanted)
    return next((notice for notice in speaking if notice.rights_holder), Notice())


def _groups(text: Text, marks: dict[int, Mark]) -> Iterator[list[int]]:
    """The cut segments in order, those of one notice together."""
    group: list[int] = []
    for i in sorted(marks):
        if group and (i != group[-1] + 1 or (_begins(text, marks, group, i) and not _leads_on(text, marks, group, i))):
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _begins(text: Text, marks: dict[int, Mark], group: list[int], i: int) -> bool:
    """Whether a cut segment begins a notice of its own rather than goes on with the one before."""
    rule, gap = marks[i].rule, text.gap(i)
    barred = gap.strip() in BARS
    divided = bool(gap.strip())
    apart = divided or not BREAKS.isdisjoint(gap)
    if _is_said_again(text, group, i):
        return rule is not None or marks[i].repeated
    if rule is None:
        return "\f" in gap or (marks[i].repeated and apart and not barred)
    head = next((known for j in group if (known := marks[j].rule)), None)
    if rule.place == "beside":
        return apart and head is not None and rule.kind in _KINDS[2:] and head.kind in _KINDS[:2]
    if head and (head.kind in rule.joins or head.id in rule.joins):
        on_its_line = apart and (rule.apart == "line" or _reserves(text, group, i))
        return (divided and not barred) or on_its_line or _states_another(text, group, i)
    if apart:
        below = head is not None and (head.kind, rule.kind) == ("copyright", "licence") and not divided
        return not (below and _licenses(text, group, i))
    return not _goes_on(text, marks, group, i, head)


def _is_said_again(text: Text, group: list[int], i: int) -> bool:
    return normal_form(text.pieces[i]) == normal_form(text.pieces[group[0]])


def _leads_on(text: Text, marks: dict[int, Mark], group: list[int], i: int) -> bool:
    """Whether the line above a cut segment has no end of its own: a label, a heading, half of a sentence."""
    above, gap = text.pieces[i - 1].text, text.gap(i)
    if gap.strip() or _is_said_again(text, group, i):
        return False
    if above.endswith(":"):
        return True
    if gap != "\n" or above.endswith((".", "!", "?")):
        return False
    kinds = [rule and rule.kind for rule in (marks[i - 1].rule, marks[i].rule)]
    parties = {licences.read(text.pieces[j].text).rights_holder for j in (i - 1, i)} - {None}
    return len(parties) < 2 and (None in kinds or kinds == ["licence", "licence"])


def _licenses(text: Text, group: list[int], i: int) -> bool:
    """Whether a line says under what licence the holder above it gives the text: `© 2020 Lake Aid`, `This document is
    licensed under …`."""
    line = [i]
    while line[-1] + 1 < len(text.pieces) and text.gap(line[-1] + 1) == " ":
        line.append(line[-1] + 1)
    above = _words(text, group)
    held, given = licences.read(above), licences.read(_words(text, line))
    is_of_one = held.rights_holder is not None and given.rights_holder in (None, held.rights_holder)
    free = held.spdx_id is None and _RESERVED.search(above) is None
    return is_of_one and free and given.spdx_id is not None and given.scope != "photo"


def _goes_on(text: Text, marks: dict[int, Mark], group: list[int], i: int, head: Rule | None) -> bool:
    """Whether a segment on the line of a notice is a part of it: unless it appeals to the reader beside a licence, or
    speaks of a picture or of another house's rights."""
    words, rule = text.pieces[i].text, marks[i].rule
    before = _words(text, group)
    leans = words.startswith(_LEANING) or before.count("(") > before.count(")")
    if leans or head is None or rule is None:
        return True
    kinds = {head.kind, rule.kind}
    if "promo" in kinds and len(kinds) == 2:
        return "credit" in kinds or not _stands_apart(rule, marks[i - 1].rule)
    if len(kinds) == 2 and _stands_apart(rule, head):
        return False
    if text.gap(i) != " " or _states_another(text, group, i) or _is_photo(before) != _is_photo(words):
        return head.kind == rule.kind == "promo"
    parties = [party for said in (before, words) if (party := licences.read(said).rights_holder)]
    if kinds == {"licence", "credit"}:
        return len(parties) < 2
    of_one = len(set(parties)) < 2
    return of_one or rule.kind == "licence" or (rule.kind == "copyright" and head is not rule)


def _stands_apart(rule: Rule, above: Rule | None) -> bool:
    return rule.apart == "sentence" or (above is not None and above.apart == "sentence")


def _states_another(text: Text, group: list[int], i: int) -> bool:
    """Whether a segment states a licence other than that of the notice before it."""
    stated = licences.read(text.pieces[i].text).spdx_id
    before = licences.read(_words(text, group)).spdx_id if stated else None
    return before is not None and stated != before and licences.vague().isdisjoint((stated, before))


def _reserves(text: Text, group: list[int], i: int) -> bool:
    """Whether a segment keeps all rights below a licence."""
    return _RESERVED.search(text.pieces[i].text) is not None and licences.read(_words(text, group)).spdx_id is not None


def _removal(text: Text, marks: dict[int, Mark], group: list[int], extent: Extent) -> Removal:
    words = _words(text, group)
    named = [rule for i in group if (rule := marks[i].rule)]
    repeated = any(marks[i].repeated for i in group)
    spoken = [i for i in group if not ((rule := marks[i].rule) and rule.kind == "promo")]
    notice = licences.read(_words(text, spoken or group))
    kind = _kind(words, notice, named)
    witness = ("both" if repeated else "rule") if named else REPEATED
    start, end, replacement = extent
    asked_by = named[0].id if named else REPEATED
    return Removal(start, end, kind, asked_by, witness, replacement, notice if kind != "promo" else Notice())


def _words(text: Text, group: list[int]) -> str:
    """The words of a notice on one line, as many as are read, with the bars between them, and one for the end of a line
    without a stop."""
    found = text.pieces[group[0]].text
    for i in group[1:]:
        if len(found) > licences.MAX_NOTICE:
            break
        words, bar = text.pieces[i].text, text.gap(i).strip("\f\n ")
        if not bar and text.gap(i).strip(" ") and found[-1] not in ".:!?":
            bar = BARS[0]
        is_one_word = not text.gap(i) and words[:1].islower() and found != found.lower()
        found += words if is_one_word else f" {bar} {words}" if bar in BARS else f" {words}"
    return found


def _kind(words: str, notice: Notice, named: list[Rule]) -> str:
    if named:
        own = min((rule.kind for rule in named if not rule.joins), default=named[0].kind, key=_KINDS.index)
        return own if own != "promo" else min((rule.kind for rule in named), key=_KINDS.index)
    if notice.spdx_id:
        return "licence"
    found = next((kind for kind, pattern in _KIND_OF if pattern.search(words)), "promo")
    return "credit" if found == "promo" and is_name(words) else found


def _extents(text: Text, groups: list[list[int]]) -> Iterator[Extent]:
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


def _room(text: Text, first: int, last: int) -> Extent:
    """The span of a run with the blanks and separators beside it; of two gaps within the text the deeper stays."""
    before = text.raw_end(first - 1) if first else text.start
    after = text.raw_start(last + 1) if last + 1 < len(text.pieces) else len(text.raw)
    if first and (closing := _CLOSING_TAGS.match(text.raw, before)):
        before = min(closing.end(), text.raw_start(first))
    if opening := _OPENING_TAGS.search(text.raw, max(text.raw_end(last), after - _TAGS), after):
        after = opening.start()
    if first == 0 or last + 1 == len(text.pieces):
        return before, after, ""
    above, below = text.raw[before : text.raw_start(first)], text.raw[text.raw_end(last) : after]
    if _depth(below) > _depth(above):
        return before, after - (len(below) - len(below.rstrip())), ""
    blank = len(above) - len(above.lstrip())
    return before + blank, after, "" if blank else " "


def _depth(gap: str) -> tuple[int, bool]:
    return gap.count("\n") + gap.count("\r"), gap[-1:].isspace() or gap[:1].isspace()


def _is_photo(words: str) -> bool:
    return licences.scope(words) == "photo"
