"""What makes a segment a notice: the rules of footers.toml, and the guards against a report about one."""

import re
from dataclasses import dataclass
from typing import Any

from transforms.rules import rules

MAX_CHARS = 1_500
"""A longer segment is no notice but text without full stops."""

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
    """Word beginnings and signs without one of which it is not tried; none: always tried."""
    longest: int
    pattern: re.Pattern[str]

    @property
    def is_strong(self) -> bool:
        """Whether it is so sure that unknown text around its notice is taken for a part of it."""
        return self.place == "anywhere" and self.kind in ("licence", "copyright")


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        kind=row["kind"],
        place=row["place"],
        joins=tuple(row.get("joins", ())),
        head=row.get("head", False),
        cues=frozenset(cue[:_STEM] for cue in row.get("cues", "").split()),
        longest=row.get("longest", MAX_CHARS),
        pattern=_compile(row["pattern"]),
    )


_STEM = 4
RULES: tuple[Rule, ...] = tuple(_rule(row) for row in _DATA["rule"])
_BY_CUE = {cue: frozenset(i for i, r in enumerate(RULES) if cue in r.cues) for rule in RULES for cue in rule.cues}
_ALWAYS = frozenset(i for i, rule in enumerate(RULES) if not rule.cues)
_UNSPACED = "|".join(sorted(cue for cue in _BY_CUE if cue >= "\u2e80"))
_CUE = re.compile(rf"\b[^\W\d_]{{1,{_STEM}}}|[©℗/:]|{_UNSPACED}")

_VOICE = _compile(_DATA["guard"]["voice"], 0)
_NARRATIVE = _compile(_DATA["guard"]["narrative"])
_QUOTED = _compile(_DATA["guard"]["quoted"])


def rule_for(text: str) -> Rule | None:
    """The first rule that takes a segment for a notice; None if none does, or if the segment reports on one."""
    if len(text) > MAX_CHARS:
        return None
    tried = _ALWAYS.union(*map(_BY_CUE.get, _BY_CUE.keys() & _CUE.findall(text.lower())))
    for i in sorted(tried):
        rule = RULES[i]
        if len(text) <= rule.longest and rule.pattern.search(text):
            return None if _reports(text, rule) else rule
    return None


def is_voiced(text: str) -> bool:
    """Whether somebody speaks in a segment, which no notice has."""
    return _VOICE.search(text.lower() if text.isupper() else text) is not None


def is_narrative(text: str) -> bool:
    """Whether a segment tells or quotes, as no unknown part of a notice does."""
    return '"' in text or is_voiced(text) or _NARRATIVE.search(text) is not None


def _reports(text: str, rule: Rule) -> bool:
    if is_voiced(text) or _QUOTED.search(text):
        return True
    return not rule.is_strong and (text.count('"') % 2 == 1 or _NARRATIVE.search(text) is not None)
