"""What makes a segment a notice: the rules of footers.toml, and the guards against a report about one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from transforms.rules import rules

MAX_CHARS = 1_500
"""A longer segment is no notice but text without full stops."""

_STEM = 4
"""Letters of a word that tell which rules to try."""

_LONGEST_NAME = 60
"""Characters of a segment that is nothing but a name."""

_DATA = rules("footers")
_WORDS = {f"{{{name}}}": words for name, words in _DATA["words"].items()}


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
    """`anywhere`, `edge` or `beside`."""
    joins: tuple[str, ...]
    """The kinds and rules with whose notice it goes on."""
    head: bool
    """Whether it holds at the head of a text too."""
    cues: frozenset[str]
    """Word beginnings and signs without one of which it is not tried."""
    first: frozenset[str]
    """Word beginnings with one of which the segment must begin; where there are no cues either, it is always tried."""
    longest: int
    pattern: re.Pattern[str]

    @property
    def is_strong(self) -> bool:
        """Whether it is so sure that unknown text around its notice is taken for a part of it."""
        return self.place == "anywhere" and self.kind in ("licence", "copyright")


def _stems(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words.split())


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        kind=row["kind"],
        place=row["place"],
        joins=tuple(row.get("joins", ())),
        head=row.get("head", False),
        cues=_stems(row.get("cues", "")),
        first=_stems(row.get("first", "")),
        longest=row.get("longest", MAX_CHARS),
        pattern=_compile(row["pattern"]),
    )


RULES: tuple[Rule, ...] = tuple(_rule(row) for row in _DATA["rule"])
BESIDE: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.place == "beside")


def _index(stems: Callable[[Rule], frozenset[str]]) -> dict[str, frozenset[int]]:
    tried = [(i, rule) for i, rule in enumerate(RULES) if rule.place != "beside"]
    return {stem: frozenset(i for i, r in tried if stem in stems(r)) for _, rule in tried for stem in stems(rule)}


_BY_CUE, _BY_FIRST = _index(lambda rule: rule.cues), _index(lambda rule: rule.first)
_ALWAYS = frozenset(i for i, r in enumerate(RULES) if not (r.cues or r.first or r.place == "beside"))
_NO_WORD = dict.fromkeys(map(ord, "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~©®™–—…«»¿¡"), " ")
_SIGNS = tuple(sorted(cue for cue in _BY_CUE if not cue[0].isalpha() or cue[0] >= "\u2e80"))

_VOICE = _compile(_DATA["guard"]["voice"], 0)
_NARRATIVE = _compile(_DATA["guard"]["narrative"])
_QUOTED = _compile(_DATA["guard"]["quoted"])
_CUE_SIGNS = tuple(_DATA["guard"]["cue_signs"].split())
_CUE_WORDS = frozenset(_DATA["guard"]["cue_words"].split())
_NAME_WORD = r"(?:[A-Z][\w.'&/-]{0,24}|of|the|and|for|de|du|der|\d{4}\b\.?)"
_NAME = re.compile(rf"\W{{0,12}}{_NAME_WORD}(?:,? {_NAME_WORD}){{0,5}}\W{{0,4}}$")


def rule_for(text: str) -> Rule | None:
    """The first rule that takes a segment for a notice; None if none does, or if the segment reports on one.

    The rest of a notice is not looked for: `rest_rule` does that.
    """
    if len(text) > MAX_CHARS:
        return None
    return _first_match(text, (RULES[i] for i in sorted(_tried(text))))


def rest_rule(text: str) -> Rule | None:
    """The first rule that takes a segment for the rest of a notice that stands beside it."""
    return _first_match(text, BESIDE) if len(text) <= MAX_CHARS else None


def _tried(text: str) -> set[int]:
    lower = text.lower()
    stems = [word[:_STEM] for word in lower.translate(_NO_WORD).split()]
    found = _BY_CUE.keys() & {*stems, *(sign for sign in _SIGNS if sign in lower)}
    return set(_ALWAYS).union(_BY_FIRST.get(stems[0], ()) if stems else (), *(_BY_CUE[stem] for stem in found))


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


def is_notice_like(text: str) -> bool:
    """Whether something in a segment speaks of rights, credit, a web page or an agency, as notices do."""
    lower = text.lower()
    return any(sign in lower for sign in _CUE_SIGNS) or not _CUE_WORDS.isdisjoint(lower.translate(_NO_WORD).split())


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
