"""What makes a segment a notice: the rules of footers.toml, and the guards against a report about one."""

import re
from collections.abc import Sequence
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
    cues: tuple[str, ...]
    longest: int
    pattern: re.Pattern[str]

    def takes(self, text: str, lower: str) -> bool:
        """Whether a segment (and it in small letters) is such a notice, guards aside."""
        if len(text) > self.longest or (self.cues and not _any_in(self.cues, lower)):
            return False
        return self.pattern.search(text) is not None


def _any_in(cues: tuple[str, ...], lower: str) -> bool:
    for cue in cues:  # a plain loop: twice as fast as any()
        if cue in lower:
            return True
    return False


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        kind=row["kind"],
        place=row["place"],
        joins=tuple(row.get("joins", ())),
        head=row.get("head", False),
        cues=tuple(row.get("cues", ())),
        longest=row.get("longest", MAX_CHARS),
        pattern=_compile(row["pattern"]),
    )


RULES: tuple[Rule, ...] = tuple(_rule(row) for row in _DATA["rule"])
ANYWHERE: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.place == "anywhere")

_VOICE = _compile(_DATA["guard"]["voice"], 0)
_NARRATIVE = _compile(_DATA["guard"]["narrative"])
_QUOTED = _compile(_DATA["guard"]["quoted"])


def rule_for(text: str, rows: Sequence[Rule] = RULES) -> Rule | None:
    """The first rule that takes a segment for a notice; None if none does, or if the segment reports on one."""
    lower = text.lower()
    rule = next((rule for rule in rows if rule.takes(text, lower)), None)
    return None if rule is None or _reports(text, rule) else rule


def is_voiced(text: str) -> bool:
    """Whether somebody speaks in a segment, which no notice has."""
    return _VOICE.search(text.lower() if text.isupper() else text) is not None


def is_narrative(text: str) -> bool:
    """Whether a segment tells or quotes, as no unknown part of a notice does."""
    return '"' in text or is_voiced(text) or _NARRATIVE.search(text) is not None


def _reports(text: str, rule: Rule) -> bool:
    if is_voiced(text) or _QUOTED.search(text):
        return True
    return rule.place != "anywhere" and (text.count('"') % 2 == 1 or _NARRATIVE.search(text) is not None)
