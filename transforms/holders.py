"""Who holds the rights, from the words of a notice: the party is in the notice, wherever it stands."""

import re

from transforms.rules import rules

_DATA = rules("licences")["holders"]
_NAME = r"(?P<holder>\S.{0,110}?)"
_YEARS = r"(?:\(?(?:19|20)\d\d(?:\s?[-–—/,&]\s?(?:(?:19|20)?\d\d|present|today))*\)?)"
_MARK = r"(?:©|\(c\.?\)|℗|copyright(?:ed)?(?!\w)|copr\.|&copy;|\bc\.(?=\s?(?:19|20)\d\d))"
_AGENCIES = [name for row in rules("agencies")["spelling"] for name in row["names"]]
_AGENCY = "(?:" + "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True)) + r")\b"
_MONTH = r"(?:(?:jan|feb|aug|sept?|oct|nov|dec)(?:\.|[a-z]{4,6})?|mar(?:\.|ch)?|apr(?:\.|il)?|may|june?|july?)"
_MACROS = {
    "{agency}": _AGENCY,
    "{name}": _NAME,
    "{years}": _YEARS,
    "{mark}": _MARK,
    "{end}": rf"(?:{_DATA['end']})",
    "{work}": rf"(?:{_DATA['work']})",
    "{month}": _MONTH,
}


def _compile(pattern: str) -> re.Pattern[str]:
    for macro, value in _MACROS.items():
        pattern = pattern.replace(macro, value)
    return re.compile(pattern, re.IGNORECASE)


_PATTERNS = [_compile(row["pattern"]) for row in _DATA["rule"]]
_NOT_A_HOLDER = _compile(f"(?:{_DATA['nobody']})")
_SILENT = _compile(f"(?:{_DATA['silent']})")
_AFTER = re.compile(rf"(?:{_DATA['after']}).*", re.IGNORECASE)
_BEFORE = re.compile(rf"^(?:(?:{_DATA['before']})\s*)+", re.IGNORECASE)
_LONGEST = 90
"""Characters of a holder's name; what is longer is a sentence."""

_SPELLING = {name.casefold(): name for name in _AGENCIES}
_OWNERS = [(re.compile(row["pattern"], re.IGNORECASE), str(row["holder"])) for row in rules("agencies")["owner"]]


def rights_holder(text: str) -> str | None:
    """The party that a notice (normalised, on one line) names as owner or origin, as it writes it; else None."""
    text = _SILENT.sub("", text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if name := _tidy(match["holder"], text):
                return name
    return next((holder for pattern, holder in _OWNERS if pattern.search(text)), None)


def _tidy(name: str, text: str) -> str | None:
    name = _BEFORE.sub("", name.strip(" \"'*_|:,;–—-"))
    name = _AFTER.sub("", name).strip(" \"'*_|:,;–—-[]")
    if re.search(r"\b(?:inc|ltd|corp|co)$", name, re.IGNORECASE) and f"{name}." in text:
        name += "."  # the full stop is the company's before it is the sentence's
    name = name if name.count("(") == name.count(")") else name.strip("()").split("(")[0].strip()
    if (
        name.endswith(".")
        and name.count(".") == 1
        and not re.search(r"\b(?:inc|ltd|co|corp|llc|bros|jr)\.$", name, re.IGNORECASE)
    ):
        name = name[:-1]
    if not 2 <= len(name) <= _LONGEST or not any(map(str.isalpha, name)) or _NOT_A_HOLDER.fullmatch(name):
        return None
    if text != text.lower() and name == name.lower() and "." not in name and name not in _SPELLING and name.isascii():
        return None  # words, not a name
    return _SPELLING.get(name.casefold(), name) if name.isupper() or name.islower() else name
