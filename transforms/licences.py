"""What a notice means: the SPDX id of the licence that it states, its deed, who holds the rights, and in what.

The grammar is written by hand and answers only what the notice says: no version is guessed, no NC, ND or SA invented. A
Creative Commons licence without a version is `LicenseRef-CC`, one ported to a jurisdiction that SPDX does not list is
`LicenseRef-CC-BY-3.0-ES` and the like.
"""

import re
from dataclasses import dataclass
from functools import cache

from transforms.holders import rights_holder
from transforms.models import Notice
from transforms.normalise import normalise
from transforms.rules import rules

MAX_NOTICE = 4_000
"""Characters of a notice that are read; the longest notices of the field (Gutenberg's header) say all in less."""

UNVERSIONED = "LicenseRef-CC"

_DATA = rules("licences")
SPDX_IDS = frozenset(f"{_DATA['spdx']['creative_commons']} {_DATA['spdx']['others']}".split())

_ELEMENT = "|".join(
    f"(?P<{element}>{'|'.join(sorted(names, key=len, reverse=True))})" for element, names in _DATA["elements"].items()
)
_ELEMENT_NAME = re.compile(_ELEMENT, re.IGNORECASE)
_NAMES = re.sub(r"\?P<\w+>", "?:", _ELEMENT)
_BETWEEN = r"(?:[ \-–—/,&+:·•]|(?:and|und|et|y|e)\b){0,6}"
_NAMED = re.compile(rf"(?<!\w)(?:{_NAMES})(?:{_BETWEEN}(?:{_NAMES})){{0,4}}", re.IGNORECASE)
_CODED = re.compile(
    r"\b(?:cc|creative commons(?: licen[cs]e)?)[ :(-]{0,3}(?P<codes>(?:by|nc|sa|nd)(?:[ /-]{1,3}(?:by|nc|sa|nd)){0,3})(?![a-z])",
    re.IGNORECASE,
)
_CODES_ONLY = re.compile(r"(?<![\w/-])(?P<codes>by(?:-(?:nc|sa|nd)){1,3})(?![\w-])", re.IGNORECASE)
_DEED = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/licen[sc]es/(?P<codes>[a-z]{2,8}(?:-[a-z]{2,8}){0,3})"
    r"(?:/(?P<version>[1-4]\.\d)(?:/(?P<port>[a-z]{2,8})(?![\w.-]))?)?/?(?:(?:deed|legalcode)(?:\.[a-z-]{2,8})?)?",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:creativecommons\.org/(?:licen[sc]es|publicdomain)|nationalarchives\.gov\.uk/doc/"
    r"|gnu\.org/(?:licenses|copyleft)|opendatacommons\.org|gutenberg\.org/(?:license|policy))[\w./+-]{0,120}[\w/]",
    re.IGNORECASE,
)
_LICENCE_WORD = r"(?:public )?(?:licen[cs]es?|lizenz|licencia|licença|licenza|licentie|licencja|licens|лицензия)"
_VERSION = re.compile(
    rf"[\s,:;()\-–—\"']{{0,4}}(?:{_LICENCE_WORD}[\s,:;()\-–—]{{0,4}})?(?:\(?cc[ -]by[a-z -]{{0,9}}[\s,)]{{1,3}})?"
    rf"(?:v(?:er(?:si[oó]n|sione|são|sie)?)?\.?\s?)?(?P<version>[1-4](?:\.\d)?)(?![\d%]|\.\d)",
    re.IGNORECASE,
)
_PORTS = {name: code for code, names in _DATA["ports"].items() for name in names}
_PORT = re.compile(
    rf"[\s,()\-–—/]{{1,3}}(?:{_LICENCE_WORD}\s)?(?P<port>{'|'.join(sorted(_PORTS, key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)
_PORT_NAMES = [(re.compile(name, re.IGNORECASE), code) for name, code in _PORTS.items()]
_COMMONS = re.compile(r"creative[ -]?commons|\bcc\b|creativecommons|\bcc[- ]by", re.IGNORECASE)
_LICENCES = [(row, re.compile(row["pattern"], re.IGNORECASE)) for row in _DATA["licence"]]
_STATED_VERSION = re.compile(
    r"(?:\bv|version |licen[cs]e,? |[-– ])\(?(?P<version>[1-4](?:\.\d)?)(?![\d%]|\.\d)(?P<later>.{0,12}\bor (?:any )?later)?",
    re.IGNORECASE,
)
_DL_DE = re.compile(r"(?P<zero>zero|null)\b|(?P<by>namensnennung|\bby\b)", re.IGNORECASE)
_PHOTO = re.compile(
    r"^\W*(?:\w+ ){0,2}(?:photo|image|picture|photograph|illustration|graphic|video|audio|thumbnail|cover|map|infographic|foto|bild|imagen)"
    r"(?:s|graphs?|graphy)?\b|\b(?:this|these|the) (?:photo|image|picture|video|illustration)s?\b|\bflickr\b|/(?:getty|afp|reuters|ap)\b",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\b(?:this|our|the) (?:web ?)?site\b|\b(?:all|any) (?:\w+ )?(?:contents?|material|texts?|information)\b"
    r"|\b(?:except|unless|where)\b.{0,20}\b(?:noted|stated|specified|indicated)\b|\bcontents? (?:on|of) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Commons:
    """A Creative Commons licence as one place of a notice names it."""

    elements: frozenset[str]
    version: str | None = None
    port: str = ""

    @property
    def id(self) -> str:
        if self.version is None or not self.elements or {"ND", "SA"} <= self.elements:
            return UNVERSIONED
        parts = ["CC", *(element for element in ("BY", "NC", "ND", "SA") if element in self.elements), self.version]
        name = "-".join([*parts, self.port] if self.port else parts)
        return name if name in SPDX_IDS else f"LicenseRef-{name}"


@cache
def redistributable() -> frozenset[str]:
    """The SPDX ids under which a changed text may be passed on to anyone, for any purpose: neither NC nor ND."""
    rows = _DATA["redistributable"]
    return frozenset(rows["ids"].split()) | {id_ for id_ in SPDX_IDS if id_.startswith(tuple(rows["prefixes"]))}


def read(notice_text: str) -> Notice:
    """What a licence, copyright or credit notice says; a field is None (or `article`) where it says nothing.

    `licence_url` is the address in the notice or, where there is none, the deed of its Creative Commons id.
    """
    text = " ".join(normalise(notice_text[:MAX_NOTICE]).text.split())
    spdx_id = _spdx_id(text)
    return Notice(spdx_id, _licence_url(text, spdx_id), rights_holder(text), scope(text))


def scope(text: str) -> str:
    """`photo`, `site` or `article`: what a notice speaks for."""
    if _PHOTO.search(text):
        return "photo"
    return "site" if _SITE.search(text) else "article"


def _spdx_id(text: str) -> str | None:
    public = next((row["id"] for row, pattern in _LICENCES[:2] if pattern.search(text)), None)
    if public:
        return str(public)
    if _COMMONS.search(text):
        return _commons_id(text)
    for row, pattern in _LICENCES[2:]:
        if match := pattern.search(text):
            return _with_version(row, text, match.end())
    return None


def _commons_id(text: str) -> str:
    """The id on which everything that the notice says agrees; `LicenseRef-CC` where that is none or not enough."""
    deeds = {_deed(match) for match in _DEED.finditer(text)}
    named = {_with_tail(elements, text, end) for elements, end in _mentions(text)}
    said = deeds | named
    if len({licence.elements for licence in said}) != 1:
        return UNVERSIONED
    versions = {licence.version for licence in said if licence.version}
    if not versions and deeds == set():
        versions = _loose_versions(text)
    ports = {licence.port for licence in said if licence.port}
    if len(versions) != 1 or len(ports) > 1:
        return UNVERSIONED
    (elements,) = {licence.elements for licence in said}
    return _Commons(elements, versions.pop(), ports.pop() if ports else "").id


def _deed(match: re.Match[str]) -> _Commons:
    port = (match["port"] or "").upper()
    return _Commons(_codes(match["codes"]), match["version"], "" if port in ("DEED", "LEGALCODE") else port)


def _codes(codes: str) -> frozenset[str]:
    return frozenset(re.findall(r"BY|NC|ND|SA", codes.upper()))


def _mentions(text: str) -> list[tuple[frozenset[str], int]]:
    """The elements of each licence named in the text, by words or by codes, and where the naming ends."""
    plain = _URL.sub(lambda match: " " * len(match.group()), text)
    found = [(_codes(match["codes"]), match.end()) for match in (*_CODED.finditer(plain), *_CODES_ONLY.finditer(plain))]
    for match in _NAMED.finditer(plain):
        elements = frozenset(element.lastgroup or "" for element in _ELEMENT_NAME.finditer(match.group()))
        if _belongs(plain, match, elements):
            found.append((elements, match.end()))
    return found


def _belongs(text: str, match: re.Match[str], elements: frozenset[str]) -> bool:
    """Whether words such as `attribution` name a licence here, rather than stand in a sentence."""
    if (
        "BY" not in elements
        and match.start()
        and not re.search(
            r"commons\W{0,3}(?:licen[cs]e\W{0,3})?$", text[max(0, match.start() - 30) : match.start()], re.IGNORECASE
        )
    ):
        return False
    before = text[max(0, match.start() - 60) : match.start()].lower()
    after = text[match.end() : match.end() + 40].lower()
    return "commons" in before or "commons" in after or re.match(r"\W*(?:\d\.\d|licen[cs]e)", after) is not None


def _with_tail(elements: frozenset[str], text: str, end: int) -> _Commons:
    version = _VERSION.match(text, end)
    if not version:
        return _Commons(elements)
    number = version["version"]
    port = _PORT.match(text, version.end())
    return _Commons(elements, number if "." in number else f"{number}.0", _port(port["port"]) if port else "")


def _port(name: str) -> str:
    return next(code for pattern, code in _PORT_NAMES if pattern.fullmatch(name))


def _loose_versions(text: str) -> set[str]:
    """A version that stands apart from the name: `Creative Commons 3.0 Attribution`, `(version 4.0)`."""
    return set(re.findall(r"(?:commons |\bversion |\bv)([1-4]\.\d)\b", text.lower()))


def _with_version(row: dict[str, object], text: str, end: int) -> str:
    default = str(row["id"])
    if default == "LicenseRef-DL-DE":
        return _dl_de(text[end : end + 60])
    versions = row.get("versions")
    stated = _STATED_VERSION.search(text, max(0, end - 1), end + 60)
    if not isinstance(versions, dict) or not stated:
        return default
    return str(versions.get(stated["version"] + ("+" if stated["later"] else ""), default))


def _dl_de(tail: str) -> str:
    kind = _DL_DE.search(tail)
    if not kind or "2.0" not in tail:
        return "LicenseRef-DL-DE"
    return "DL-DE-ZERO-2.0" if kind["zero"] else "DL-DE-BY-2.0"


def _licence_url(text: str, spdx_id: str | None) -> str | None:
    if stated := _URL.search(text):
        address = stated.group()
        return address if address.startswith("http") else f"https://{address}"
    return _deed_url(spdx_id) if spdx_id else None


def _deed_url(spdx_id: str) -> str | None:
    if spdx_id in ("CC0-1.0", "CC-PDM-1.0"):
        return f"https://creativecommons.org/publicdomain/{'zero' if spdx_id == 'CC0-1.0' else 'mark'}/1.0/"
    parts = re.fullmatch(r"(?:LicenseRef-)?CC-([A-Z-]+?)-(\d\.\d)(?:-([A-Z]+))?", spdx_id)
    if not parts:
        return None
    port = f"{parts[3].lower()}/" if parts[3] else ""
    return f"https://creativecommons.org/licenses/{parts[1].lower()}/{parts[2]}/{port}"
