"""Creative Commons licences by name, by code and by deed, in the languages of their translations.

The grammar answers only what is said: without a version `LicenseRef-CC`, with a jurisdiction that SPDX does not list
`LicenseRef-CC-BY-3.0-ES` and the like; where a notice says two things, `LicenseRef-CC` again.
"""

import re
from dataclasses import dataclass

from transforms.rules import rules

UNVERSIONED = "LicenseRef-CC"

_DATA = rules("licences")
SPDX_IDS = frozenset(_DATA["spdx"]["creative_commons"].split())

_ELEMENT = "|".join(
    f"(?P<{element}>{'|'.join(sorted(names, key=len, reverse=True))})" for element, names in _DATA["elements"].items()
)
_NAME = re.compile(_ELEMENT, re.IGNORECASE)
_NAMES = re.sub(r"\?P<\w+>", "?:", _ELEMENT)
_BETWEEN = r"(?:[ \-–—/,&+:·•«»(\"]|(?:and|und|et|y|e)\b){0,6}"
_NAMED = re.compile(rf"(?<!\w)(?:{_NAMES})(?:{_BETWEEN}(?:{_NAMES})){{0,4}}", re.IGNORECASE)
_CODED = re.compile(
    r"\b(?:cc|creative commons(?: licen[cs]e)?)[ :(-]{0,3}"
    r"(?P<codes>(?:by|nc|sa|nd)(?:[ /-]{1,3}(?:by|nc|sa|nd)){0,3})(?![a-z])"
    r"|(?<![\w/-])(?P<bare>by(?:-(?:nc|sa|nd)){1,3})(?![\w-])",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/licen[sc]es/(?P<codes>[a-z]{2,8}(?:-[a-z]{2,8}){0,3})"
    r"(?:/(?P<version>[1-4]\.\d)(?:/(?P<port>(?!deed|legalcode)[a-z]{2,8})(?![\w.-]))?)?[\w./-]{0,24}",
    re.IGNORECASE,
)
_LICENCE = r"(?:public )?(?:licen[cs]es?|lizenz|licencia|licença|licenza|licentie|licencja|licens|лицензия)"
_VERSION = re.compile(
    rf"[\s,:;()\-–—\"'«»]{{0,4}}(?:international )?"
    rf"(?:{_LICENCE}[\s,:;()\-–—]{{0,4}})?(?:\(?cc[ -]by[a-z -]{{0,9}}[\s,)]{{1,3}})?"
    r"(?:v(?:er(?:si[oó]n|sione|são|sie)?)?\.?\s?)?(?P<version>[1-4](?:\.\d)?)(?![\d%]|\.\d)",
    re.IGNORECASE,
)
_LOOSE_VERSION = re.compile(r"(?:commons |\bversion |\bv)([1-4]\.\d)\b", re.IGNORECASE)
_PORTS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(name, re.IGNORECASE), code) for code, names in _DATA["ports"].items() for name in names
]
_PORT_NAMES = "|".join(sorted((pattern.pattern for pattern, _ in _PORTS), key=len, reverse=True))
_PORT = re.compile(
    rf"(?:[\s,()\-–—/]{{1,3}}(?:{_LICENCE}\s)?(?P<name>{_PORT_NAMES})|-(?P<after>[a-z]{{2}})|\s(?P<code>(?-i:[A-Z]{{2}})))(?!\w)",
    re.IGNORECASE,
)
_COMMONS = re.compile(r"creative[ -]?commons|creativecommons|\bcc[- ]by\b|\bcc[- ]licen[cs]e", re.IGNORECASE)
_BEHIND_COMMONS = re.compile(r"creative[ -]?commons\W{0,3}(?:licen[cs]e\W{0,3})?$", re.IGNORECASE)
_COMMONS_VERSION = re.compile(r"\W{0,4}[1-4]\.\d (?:international|unported|generic)\b", re.IGNORECASE)
"""What only Creative Commons calls its versions."""
_LICENCE_FOLLOWS = re.compile(r"\W{0,4}(?:\d\.\d|licen[cs]e)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as one place of a notice names it."""

    elements: frozenset[str]
    version: str | None = None
    port: str = ""


def licence_id(text: str) -> str | None:
    """The id on which all that a one-line notice says of Creative Commons agrees; None if it says nothing of it."""
    said = {_deed(match) for match in _DEED.finditer(text)}
    stated_by_deed = bool(said)
    said.update(_named(text))
    if not said:
        return UNVERSIONED if _COMMONS.search(text) else None
    elements = {licence.elements for licence in said}
    versions = {licence.version for licence in said if licence.version}
    ports = {licence.port for licence in said if licence.port}
    if not versions and not stated_by_deed:
        versions = set(_LOOSE_VERSION.findall(text))
    if len(elements) != 1 or len(versions) != 1 or len(ports) > 1:
        return UNVERSIONED
    return _id(elements.pop(), versions.pop(), ports.pop() if ports else "")


def without_names(text: str) -> str:
    """The text with a bar for each name of an element of a licence, in whatever language."""
    return _NAMED.sub("|", text)


def deed_url(spdx_id: str) -> str | None:
    """The address of the deed of a Creative Commons id; None for any other."""
    parts = re.fullmatch(r"(?:LicenseRef-)?CC-([A-Z-]+?)-(\d\.\d)(?:-([A-Z]+))?", spdx_id)
    if not parts or parts[1] == "PDM":
        return None
    port = f"{parts[3].lower()}/" if parts[3] else ""
    return f"https://creativecommons.org/licenses/{parts[1].lower()}/{parts[2]}/{port}"


def _id(elements: frozenset[str], version: str, port: str) -> str:
    if {"ND", "SA"} <= elements:
        return UNVERSIONED
    parts = ["CC", *(element for element in ("BY", "NC", "ND", "SA") if element in elements), version]
    name = "-".join([*parts, port] if port and version != "4.0" else parts)  # no port was made of 4.0
    return name if name in SPDX_IDS else f"LicenseRef-{name}"


def _codes(codes: str) -> frozenset[str]:
    return frozenset(re.findall(r"BY|NC|ND|SA", codes.upper()))


def _deed(match: re.Match[str]) -> Licence:
    return Licence(_codes(match["codes"]), match["version"], (match["port"] or "").upper())


def _named(text: str) -> list[Licence]:
    """Each licence that the text names by words or by codes."""
    plain = _DEED.sub(lambda match: " " * len(match[0]), text)
    found = [(_codes(match["codes"] or match["bare"]), match.end()) for match in _CODED.finditer(plain)]
    for match in _NAMED.finditer(plain):
        elements = frozenset(element.lastgroup or "" for element in _NAME.finditer(match[0]))
        if _names_licence(plain, match, elements):
            found.append((elements, match.end()))
    return [_with_version(elements, plain, end) for elements, end in found]


def _names_licence(text: str, match: re.Match[str], elements: frozenset[str]) -> bool:
    """Whether words such as `attribution` or `non-commercial` name a licence here, rather than stand in a sentence."""
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 40]
    if _BEHIND_COMMONS.search(before) or (len(elements) > 1 and _LICENCE_FOLLOWS.match(after)):
        return True
    return "BY" in elements and ("creative" in (before + after).lower() or _COMMONS_VERSION.match(after) is not None)


def _with_version(elements: frozenset[str], text: str, end: int) -> Licence:
    version = _VERSION.match(text, end)
    if not version:
        return Licence(elements)
    number = version["version"]
    return Licence(elements, number if "." in number else f"{number}.0", _port(_PORT.match(text, version.end())))


def _port(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    if match["name"]:
        return next(code for pattern, code in _PORTS if pattern.fullmatch(match["name"]))
    code: str = (match["after"] or match["code"]).upper()
    return code if code in _DATA["ports"] else ""
