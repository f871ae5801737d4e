"""What makes a segment a notice: the rules of footers.toml, and the guards against a report about one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from transforms.rules import pattern_of, rules

MAX_CHARS = 1_500
"""A longer segment is no notice but text without full stops."""

_STEM = 4
"""Letters of a word that tell which rules to try."""

_FOUR = itemgetter(slice(_STEM))

_LONGEST_NAME = 60
"""Characters of a segment that is nothing but a name."""

_DATA = rules("footers")
_WORDS = {f"{{{name}}}": words for name, words in _DATA["words"].items()}


def _compile(expression: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    for macro, words in _WORDS.items():
        expression = expression.replace(macro, words)
    return re.compile(expression, flags)


def _listed(words: str) -> list[str]:
    """The words of a list; where it has a macro, the first word of each name that this stands for."""
    return [name.split()[0] for word in words.split() for name in _WORDS.get(word, word).split("|")]


class Lowered(NamedTuple):
    """A segment in small letters."""

    text: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of footers.toml."""

    id: str
    kind: str
    place: str
    """`anywhere`, `edge` or `beside`."""
    joins: tuple[str, ...]
    """The kinds and rules with whose notice it goes on."""
    apart: str
    """Where it begins a notice of its own all the same: `line` or `sentence`, empty for nowhere."""
    plain: bool
    """Whether an article may say as much as the rest of a notice that it takes."""
    head: bool
    """Whether it holds at the head of a text too."""
    cues: tuple[str, ...]
    """Words, beginnings of words of at least four letters, and signs without one of which it is not tried."""
    first: frozenset[str]
    """Word beginnings with one of which the segment must begin; where there are no cues either, it is always tried."""
    longest: int
    pattern: re.Pattern[str]

    @property
    def is_strong(self) -> bool:
        """Whether it is so sure that unknown text around its notice is taken for a part of it."""
        return self.place == "anywhere" and self.kind in ("licence", "copyright")


def _stems(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _listed(words))


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        kind=row["kind"],
        place=row["place"],
        joins=tuple(row.get("joins", ())),
        apart=row.get("apart", ""),
        plain=row.get("plain", False),
        head=row.get("head", False),
        cues=tuple(_listed(row.get("cues", ""))),
        first=_stems(row.get("first", "")),
        longest=row.get("longest", MAX_CHARS),
        pattern=_compile(pattern_of(row)),
    )


RULES: tuple[Rule, ...] = tuple(_rule(row) for row in _DATA["rule"])
ORIGINS = frozenset(row["id"] for row in _DATA["rule"] if row.get("origin"))
"""The rules of credits that say where a text is from."""

_NO_WORD = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~©®™–—…«»¿¡"


class _Index:
    """Which of some rules can match a segment, by its words; told in much less time than it takes to try them."""

    def __init__(self, numbered: Iterable[tuple[int, Rule]]) -> None:
        always: list[int] = []
        first: dict[str, list[int]] = {}
        self._by_cue: dict[str, list[tuple[int, str]]] = {}
        for i, rule in numbered:
            if not (rule.cues or rule.first):
                always.append(i)
            for stem in rule.first:
                first.setdefault(stem, []).append(i)
            for cue in rule.cues:
                self._by_cue.setdefault(cue[:_STEM], []).append((i, cue))
        self._always = _in_order(always)
        self._begun = {stem: _in_order([*always, *rest]) for stem, rest in first.items()}
        """What can match by the first word alone."""
        self._numbers = {stem: frozenset([*always, *rest]) for stem, rest in first.items()}
        self._unbegun = frozenset(always)
        self._stems = frozenset(self._by_cue)
        self._signs = tuple(sorted(cue for cue in self._stems if not cue[0].isalpha() or cue[0] >= "\u2e80"))

    def tried(self, lowered: Lowered) -> tuple[Rule, ...]:
        """The rules that can match, in their order."""
        text, words = lowered
        first = words[0][:_STEM] if words else ""
        found = [*self._stems.intersection(map(_FOUR, words)), *[sign for sign in self._signs if sign in text]]
        by_cue = [i for stem in found for i, cue in self._by_cue[stem] if cue in text]
        if not by_cue:
            return self._begun.get(first, self._always)
        return _in_order(self._numbers.get(first, self._unbegun).union(by_cue))


def _in_order(numbers: Iterable[int]) -> tuple[Rule, ...]:
    return tuple([RULES[i] for i in sorted({*numbers})])


_OWN = _Index((i, rule) for i, rule in enumerate(RULES) if rule.place != "beside")
_BESIDE = _Index((i, rule) for i, rule in enumerate(RULES) if rule.place == "beside")

_VOICE = _compile(_DATA["guard"]["voice"], 0)
_NARRATIVE = _compile(_DATA["guard"]["narrative"])
_QUOTED = _compile(_DATA["guard"]["quoted"])
_CUE_SIGNS = tuple(_DATA["guard"]["cue_signs"].split())
_CUE_WORDS = frozenset(_listed(_DATA["guard"]["cue_words"]))
_STRONG_WORDS = frozenset(_listed(_DATA["guard"]["strong_words"]))
_SELF = _compile(_DATA["guard"]["self"])
_TELLS = _compile(_DATA["guard"]["tells"], 0)
_PAST = _compile(_DATA["guard"]["past"], 0)
_NAMES = _compile(_DATA["guard"]["names"], 0)
_WITNESSES = _compile(_DATA["guard"]["witnesses"])
_NAMED = re.compile(r"\s\W?[A-Z]")
_CASED = re.compile(r"[A-Za-zÀ-ɏͰ-ӿ]")
_NAME_WORD = r"(?:[A-Z][\w.'&/-]{0,24}|of|the|and|for|de|du|der|\d{4}\b\.?)"
_NAME = re.compile(rf"\W{{0,12}}{_NAME_WORD}(?:,? {_NAME_WORD}){{0,5}}[^\w?]{{0,4}}$")


def without_signs(lower: str) -> str:
    """A text with a blank for each character that belongs to no word; it is as long as before."""
    for sign in _NO_WORD:
        if sign in lower:
            lower = lower.replace(sign, " ")
    return lower


def lowered(text: str) -> Lowered:
    """A segment as its words are looked up."""
    lower = text.lower()
    return Lowered(lower, without_signs(lower).split())


def rule_for(text: str, lower: Lowered) -> Rule | None:
    """The first rule that takes a segment for a notice; None if none does, or if the segment reports on one.

    The rest of a notice is not looked for: `rest_rule` does that.
    """
    return _first_match(text, _OWN.tried(lower)) if len(text) <= MAX_CHARS else None


def rest_rule(text: str, lower: Lowered) -> Rule | None:
    """The first rule that takes a segment for the rest of a notice that stands beside it."""
    return _first_match(text, _BESIDE.tried(lower)) if len(text) <= MAX_CHARS else None


def _first_match(text: str, tried: Iterable[Rule]) -> Rule | None:
    for rule in tried:
        if len(text) <= rule.longest and rule.pattern.search(text):
            return None if _reports(text, rule) else rule
    return None


def is_voiced(text: str) -> bool:
    """Whether somebody speaks in a segment, which no notice has."""
    return _VOICE.search(text.lower() if text.isupper() else text) is not None


def is_narrative(text: str) -> bool:
    """Whether a segment tells or quotes, as no unknown part of a notice does."""
    return '"' in text or is_voiced(text) or _NARRATIVE.search(text) is not None


def is_notice_like(lower: Lowered) -> bool:
    """Whether something in a segment speaks of rights, credit, a web page or an agency, as notices do."""
    return has_cue_word(lower) or has_sign(lower.text)


def has_cue_word(lower: Lowered) -> bool:
    """Whether a segment has one of the words by which it is notice-like."""
    return not _CUE_WORDS.isdisjoint(lower.words)


def has_sign(lower: str) -> bool:
    """Whether a text in small letters has one of the signs by which it is notice-like."""
    return any([sign in lower for sign in _CUE_SIGNS])  # noqa: C419 - twice as fast


def is_plain(text: str, lower: Lowered, head: bool) -> bool:
    """Whether a segment is such as articles are made of: nothing in it points to a notice, and it is no house's name.

    Markets, weather and police reports say the same sentence day by day. At the head a name may be that of a column.
    """
    if not _CASED.search(text) or _has_cue(text, lower):
        return False
    return head or tells(text) or _NAMES.search(text) is None


def points_to_notice(text: str, lower: Lowered) -> bool:
    """Whether a segment has a word or sign that only notices use, speaks of itself, or names a house."""
    return _has_cue(text, lower) or _NAMES.search(text) is not None


def tells(text: str) -> bool:
    """Whether a segment has a verb that tells what happened or is so."""
    return _TELLS.search(text.lower() if text.isupper() else text) is not None


def reports(text: str) -> bool:
    """Whether a segment tells in the past tense what happened."""
    return _PAST.search(text.lower() if text.isupper() else text) is not None


def is_news(text: str, lower: Lowered, other_numbers: bool) -> bool:
    """Whether a segment tells what happened, calls for witnesses or, in a sentence that names nobody, says what is so:
    `Inquiries are going on`, or what comes again with `other_numbers`, as of tides and prices."""
    nameless = tells(text) and _NAMED.search(text) is None
    told = reports(text) or _WITNESSES.search(text) is not None
    return told or (nameless and (other_numbers or not is_notice_like(lower)))


def _has_cue(text: str, lower: Lowered) -> bool:
    return has_sign(lower.text) or not _STRONG_WORDS.isdisjoint(lower.words) or _SELF.search(text) is not None


def is_name(text: str) -> bool:
    """Whether a segment is nothing but a name, perhaps with a year, as of an author or a house."""
    return len(text) <= _LONGEST_NAME and _NAME.match(text) is not None


def _closes_quotation(text: str) -> bool:
    """Whether a segment ends a quotation that began before it."""
    return text.count('"') == 1 and text.rstrip(" .,;!?)").endswith('"')


def _reports(text: str, rule: Rule) -> bool:
    if is_voiced(text) or _QUOTED.search(text) or _closes_quotation(text):
        return True
    return not rule.is_strong and (text.count('"') % 2 == 1 or _NARRATIVE.search(text) is not None)
