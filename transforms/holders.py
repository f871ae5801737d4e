"""Who holds the rights, from the words of a notice: the party is in the notice, wherever it stands."""

import re
from collections.abc import Iterator
from functools import cache

from transforms.rules import any_of, pattern_of, rules

_DATA = rules("licences")["holders"]
_ANY = {name: any_of(words) for name, words in _DATA.items() if name not in ("joined", "rule")}
"""What each list of words or expressions matches."""
_NAME = r"(?P<holder>[\w\"'].{0,110}?)"
_YEARS = r"(?:\(?(?:19|20)\d\d(?:\s?[-–—/,&]\s?(?:(?:19|20)?\d\d|present|today))*\)?|(?-i:MCM[CLXVI]*|MM[LXVI]*)(?!\w))"
"""A year or years, in Roman numerals too, as broadcasters write them."""
_MARK = r"(?:[©®]|\(cc?\.?\)|℗|copyright(?:ed)?(?!\w)|copr\.?(?=\s)|\[c\]|&copy;|\bc\.(?=\s?(?:19|20)\d\d))"
_AGENCIES = [name for row in rules("agencies")["spelling"] for name in row["names"]]
_AGENCY = "(?:" + "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True)) + r")\b"
_MONTH = r"(?:(?:jan|feb|aug|sept?|oct|nov|dec)(?:\.|[a-z]{3,6})?|mar(?:\.|ch)?|apr(?:\.|il)?|may|june?|july?)"
_SMALL = f"(?:{_ANY['small']})"
"""Words in small letters that may stand within a name."""
_NAMED_SMALL = rf"(?:{_SMALL}\b|[a-z]+[A-Z]|[\w-]+\.(?:com|net|org|info|de)\b)"
"""A word in small letters within a name: one of those, `openLake`, `lake.org`."""
_NAME_ENDS = (
    rf"(?!,? (?:[\w-]+ ){{0,2}}(?:{_ANY['part']})\b)"
    r"(?-i:(?<! news)(?<! press)(?! (?:news|press) agency\b)"
    rf",? (?:(?!plc\b){_SMALL} )*(?!{_NAMED_SMALL})[a-zß-öø-ÿ]|'s? [a-zß-öø-ÿ])"
)
"""Where a name ends in a text that has capitals: before a word that is in small letters though names have none such."""
_MACROS = {
    "{agency}": _AGENCY,
    "{name}": _NAME,
    "{title}": _ANY["title"],
    "{person}": r"(?-i:[A-Z][\w.'-]{0,24}(?: (?:de|van|von|bin|al|el|da|la|der)\b)?(?: [A-Z][\w.'-]{0,24}){1,3})",
    "{years}": _YEARS,
    "{mark}": _MARK,
    "{work}": rf"(?:{_ANY['work']})",
    "{month}": _MONTH,
    "{house}": rf"\b(?:{_ANY['house']})\b",
}


_LINE_START = re.compile(r"(?:^|(?<=\(\?:)|(?<=\|))\^")
"""Where a rule says that a name opens a line: at the beginning of a notice, and behind a bar."""


def _compile(pattern: str, end: str = _ANY["end"]) -> re.Pattern[str]:
    pattern = _LINE_START.sub(r"(?:^|(?<=\| ))", pattern)
    for macro, value in {"{end}": f"(?:{end})", **_MACROS}.items():
        pattern = pattern.replace(macro, value)
    return re.compile(pattern, re.IGNORECASE)


_PATTERNS = [_compile(pattern_of(row), f"{_ANY['end']}|{_NAME_ENDS}") for row in _DATA["rule"]]
_NOT_A_HOLDER = _compile(f"(?:{_ANY['nobody']})")
_SILENT = _compile(f"(?:{_ANY['silent']})")
_JOINED = [_compile(row) for row in _DATA["joined"]]
_PRAISE = re.compile(rf"^(?:(?:{_ANY['praise']}),? )+(?=[A-Z])")
_AFTER = re.compile(rf"(?:{_ANY['after']}).*", re.IGNORECASE)
_BEFORE = re.compile(rf"^(?:(?:{_ANY['before']})\s*)+", re.IGNORECASE)
_HOUSE = re.compile(rf"\b(?:{_ANY['house']})\b", re.IGNORECASE)
_DESK = re.compile(rf"(?:the )?(?:{_ANY['desk']})\b", re.IGNORECASE)
_GENERIC = re.compile(rf"(?!(?-i:{_ANY['magazine']})$)(?:the )?(?:{_ANY['house']})", re.IGNORECASE)
_PAPER = re.compile(rf"(?:The )?(?:{_ANY['paper']})")
"""The whole name of a newspaper, if `the` stands before it: `© 2001 The Monitor`, `published by the Guardian`."""
_FIRM = re.compile(
    r"[A-Z]{2,6}|.* & .*|[\w-]+\.(?:com|net|org|de|info)"
    r"|\w+(?:fotos?|photos?|press|presse|pix|bild|news|media|wire|images|pictures)"
)
_COMPANY = re.compile(rf"(?:{_ANY['company']})\b", re.IGNORECASE)
_FORMED = re.compile(rf" (?:{_ANY['company']})\.?$", re.IGNORECASE)
_SEAT = re.compile(r"(?<=[\w.)]{3})(?:, [A-Z][\w'-]+(?: [A-Z][\w'-]+)?)(?:, [A-Z][\w.'-]+)?$")
_OFFICE = re.compile(r"(?:Ministry|Embassy|Department|Government) of ")
"""What every state has: the state behind it belongs to its name."""
_WORKED_FOR = re.compile(
    r"(?P<person>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3}),? (?P<how>for|of|at|from|with) (?:the )?(?P<house>[A-Z].{1,60})"
)
_PERSON = re.compile(r"[A-Z][a-z'-]+(?: [A-Z]\.)?(?: [A-Z][\w'-]+){1,2}")
_POSSESSIVE = re.compile(r"(.{2,60}?)'s (.{2,60})")
_PROGRAMME = re.compile(rf"\b(?:{_ANY['programme']})\Z")
_PAIR = re.compile(r"(.{2,60}?)(,? and | ?/ ?)(.{2,60})")
_FORM_ENDS = re.compile(
    rf"((?:,| |\.) ?(?:{_ANY['company']})\.) (?!(?:{_ANY['company']})\b)(?-i:[A-Z]).*", re.IGNORECASE
)
_WORD = r"[A-Z][\w&'’-]*(?:\.[\w&'’-]+)*(?:(?<=\b[A-Z])\.)?"
_NEXT = rf"(?: {_SMALL}){{0,2}} (?:& )?(?:{_WORD}|\d{{1,3}}(?!\d))"
_PARTY = re.compile(
    rf"(?<![\w.@-])(?<!\w['’])(?:The )?{_WORD}(?:{_NEXT})*(?: plc| e\.V\.?| gGmbH| news agency| press agency)?"
)
_SIGNATURE = re.compile(r"(?!ENDS?$|MORE$)(?:[A-Z]{2,6}-)?[A-Z]{4,12}")
_BRAND = re.compile(r"[A-Z][a-z]+[A-Z]\w*|[A-Z]\w{3,}-[A-Z]\w{3,}(?:'s)?")
"""One word that is nothing but a name."""
_GOES_ON = re.compile(r"[\w,] \Z")
"""What stands before a word whose capital is not that of a sentence."""
_TITLED = re.compile(r'"[^"]{1,160}"')
_STOPS = re.compile(r"\W*$| ?©|[.,:;|/]| [–—|/-]")
_STARTS_SMALL = re.compile(rf"(?!{_SMALL}\b)[a-zß-öø-ÿ]+\b(?!\.)")
_TRAILING = re.compile(r"(?:'s?|(?:,? (?:and|of|the|for|de|du|des|der|und|et|y|e|och|&)))+$")
_ALL_SMALL = re.compile(rf"{_SMALL}(?: {_SMALL})*")
_BREAKS = re.compile(rf"{_NAME_ENDS}|[.!?] (?:This|These|It|The|All|No|You|For)\b")
_DETERMINED = re.compile(rf"(?:{_ANY['determined']})\b")
_OPENING = re.compile(rf"^(?:(?:{_ANY['opening']})\b[ .]*)+")
_VOCABULARY = re.compile(rf"(?:{_ANY['vocabulary']})", re.IGNORECASE)


@cache
def _folded() -> list[re.Pattern[str]]:
    """The rules for a text all in small letters, which do not show where a name ends."""
    return [_compile(pattern_of(row)) for row in _DATA["rule"]]


_GLUE = "\u00a0"
"""A blank within a name at which it does not end; a normalised text has none."""
_TAG = re.compile(r"</?[a-zA-Z]{1,10}(?: [^<>]{0,200})?/?>")

_SIGNS = {ord(sign): None for sign in "™®"}
_MOST = 6
"""How often a rule is tried in a notice."""
_LONGEST = 90
"""Characters of a holder's name; what is longer is a sentence."""

_SPELLING = {name.casefold(): name for name in _AGENCIES}
_OWNERS = [(re.compile(row["pattern"], re.IGNORECASE), str(row["holder"])) for row in rules("agencies")["owner"]]


def rights_holder(text: str) -> str | None:
    """The party that a notice (normalised, on one line) names as owner or origin, as it writes it; else None.

    Of several the one whose claim is strongest, in the order of the rules: the copyright line, the licensor, who has
    to be asked, where the text is from, who is to be credited.
    """
    text = _prepared(text)
    for pattern in _folded() if text == text.lower() else _PATTERNS:
        for found in _found(pattern, text):
            if name := _tidy(found, text):
                return name
    return next((holder for pattern, holder in _OWNERS if pattern.search(text)), None)


def only_party(text: str, of_rights: bool = True) -> str | None:
    """The one party that a notice of rights (normalised, on one line) names, though no word says what it is to them.

    Of a house and what it publishes, or a house and a person, the house; None where two would do, or none does. In a
    credit (not `of_rights`) only a house will do.
    """
    if text in (text.lower(), text.upper()):
        signature = text.strip(" -–—()[]<>*_.")
        return _SPELLING.get(signature.casefold(), signature if _SIGNATURE.fullmatch(signature) else None)
    found: list[str] = []
    text = _prepared(text)
    spoken = _TITLED.sub(" | ", _VOCABULARY.sub(" | ", text))
    for match in _PARTY.finditer(spoken):
        party = "" if _DETERMINED.match(match[0]) else _OPENING.sub("", match[0])
        stands_alone = not spoken[: match.start()].strip(" -–—([*_") and _STOPS.match(spoken, match.end())
        in_sentence = match.start() > 0 and _GOES_ON.search(spoken, max(0, match.start() - 2), match.start())
        is_name = " " in party or stands_alone or _BRAND.fullmatch(party) or (in_sentence and party == match[0])
        if is_name and (name := _tidy(party, text)) and name not in found and f" ({name})" not in text:
            found.append(name)
    said_again = [name for name in found if text.count(name) > 1]
    houses = said_again if len(said_again) == 1 else [name for name in found if _HOUSE.search(name)]
    houses = [name for name in houses if not _DESK.match(name)] or houses
    houses = [name for name in houses if not any(name != other and name in other for other in houses)]
    return houses[0] if len(houses) == 1 else found[0] if of_rights and len(found) == 1 else None


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """What stands where a rule has the name, from each place at which it matches, up to _MOST of them."""
    at = 0
    for _ in range(_MOST):
        if not (match := pattern.search(text, at)):
            return
        yield match["holder"]
        at = max(match.start("holder"), match.start() + 1)


def _prepared(text: str) -> str:
    """The text without words that only seem to name a holder, and with names that go on behind a small word in one."""
    text = _TAG.sub(" ", _SILENT.sub("", text)).strip()
    for pattern in _JOINED:
        text = pattern.sub(lambda match: match[0].replace(" ", _GLUE), text)
    return text


def _tidy(name: str, text: str) -> str | None:
    name = _BEFORE.sub("", name.translate(_SIGNS).strip(" \"'*_|:,;–—-"))
    name = _AFTER.sub("", name).strip(" \"'*_|:,;–—-[]")
    name = _PRAISE.sub("", name)
    name = _full_stop(_one_party(_TRAILING.sub("", name.removeprefix("the ")), text), text)
    if not 2 <= len(name) <= _LONGEST or "©" in name or not any(map(str.isalpha, name)):
        return None
    if _NOT_A_HOLDER.fullmatch(name) or (_GENERIC.fullmatch(name) and not _is_paper(name, text)):
        return None
    if text != text.lower() and _is_words(name):
        return None
    name = name.replace(_GLUE, " ")
    return _SPELLING.get(name.casefold(), name) if name.isupper() or name.islower() else name


def _is_paper(name: str, text: str) -> bool:
    """Whether a word that houses call themselves by is a paper's whole name: `the Guardian`, `Inquirer staff`."""
    cased = name.title() if text == text.lower() else name
    named = any(told in text for told in (f"he {name.removeprefix('The ')}", f"{name} staff", f"{name} wire services"))
    return named and _PAPER.fullmatch(cased) is not None


def _is_words(name: str) -> bool:
    """Whether what was found in a text with capitals is no name, by its small letters."""
    first = name.split(None, 1)[0]
    joined = _GLUE in name.partition(" ")[0] or _FORMED.search(name)
    small = _STARTS_SMALL.match(name) and first.casefold() not in _SPELLING and not joined
    return bool(small or _BREAKS.search(name) or _ALL_SMALL.fullmatch(name))


def _one_party(name: str, text: str) -> str:
    """A name without its seat, and of a house and a person the house."""
    name = _FORM_ENDS.sub(r"\1", name)
    name = name if name.count("(") == name.count(")") else name.strip("()").split("(")[0].strip()
    seat = None if _OFFICE.match(name) else _SEAT.search(name)
    if seat and not _COMPANY.match(seat[0], 2):
        before, behind = name[: seat.start()], seat[0][2:]
        if not _HOUSE.search(behind):
            name = before
        elif _PERSON.fullmatch(before) and not _is_house(before) and not _DESK.match(behind):
            name = behind
    owned = _POSSESSIVE.fullmatch(name)
    if owned and _PERSON.fullmatch(owned[2]) and not _is_house(owned[2]):
        return owned[1]
    if owned and _PROGRAMME.search(owned[2]) and (owned[1].casefold() in _SPELLING or _BRAND.fullmatch(owned[1])):
        return owned[1]
    worked = _WORKED_FOR.fullmatch(name)
    if worked and not _is_house(worked["person"]) and (worked["how"] == "for" or _is_house(worked["house"])):
        return worked["house"]
    named_by_one = f"the {name}" in text or _is_agency(name)
    if (pair := _PAIR.fullmatch(name)) and not named_by_one and not _COMPANY.match(pair[3]) and " of " not in name:
        parts = (pair[1], pair[3])
        houses = [part for part in parts if _is_house(part)]
        if len(houses) == 1 and all(" " in part or part in houses for part in parts):
            name = houses[0]
        elif ("/" in pair[2] and " " in pair[2]) or all(_is_agency(part) for part in parts):
            name = parts[0]
    return name


def _is_agency(name: str) -> bool:
    return name.casefold().removeprefix("the ") in _SPELLING


def _is_house(name: str) -> bool:
    return bool(_HOUSE.search(name) or name.casefold() in _SPELLING or _FIRM.fullmatch(name))


def _full_stop(name: str, text: str) -> str:
    """A name with the full stop that belongs to it, and without the sentence's."""
    if re.search(r"\b(?:inc|ltd|corp|co|[a-z]\.[a-z])$", name, re.IGNORECASE) and f"{name}." in text:
        return f"{name}."
    company = re.search(r"\b(?:inc|ltd|co|corp|llc|bros|jr)\.$", name, re.IGNORECASE)
    return name[:-1] if name.endswith(".") and name.count(".") == 1 and not company else name
