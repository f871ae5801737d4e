"""What a notice means: the SPDX id of the licence that it states, its deed, who holds the rights, and in what.

The grammar is written by hand and answers only what the notice says: no version is guessed, no NC, ND or SA invented.
"""

import re
from functools import cache, lru_cache
from typing import Any

from transforms import creative_commons
from transforms.holders import only_party, rights_holder
from transforms.models import Notice
from transforms.normalise import normalise
from transforms.rules import pattern_of, rules

MAX_NOTICE = 4_000
"""Characters of a notice that are read; the longest notices of the field (Gutenberg's header) say all in less."""

_DATA = rules("licences")
SPDX_IDS = creative_commons.SPDX_IDS | frozenset(_DATA["spdx"]["others"].split())
"""Every SPDX id that `read` may give."""

_ROWS = [(row, re.compile(pattern_of(row), re.IGNORECASE)) for row in _DATA["licence"]]
_LATER = r"(?P<later>.{0,12}\bor (?:\(at your option\) )?(?:any )?later)"
_STATED_VERSION = re.compile(
    rf"(?:\bv\.?|version[ /]|licen[cs]e,? |[-– ])\(?(?P<version>[1-4](?:\.\d)?)(?![\d%]|\.\d){_LATER}?", re.IGNORECASE
)
_VERSION_BEFORE = re.compile(
    rf"(?:\bv|version )(?P<version>[1-4](?:\.\d)?){_LATER}?(?: versions?)? of (?:the )?\Z", re.IGNORECASE
)
_OR_LATER = re.compile(_LATER, re.IGNORECASE)
_BARS = re.compile(r"(?:[|•·] ){2,}")
_URL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:creativecommons\.org/(?:licen[sc]es|publicdomain)|nationalarchives\.gov\.uk/doc/"
    r"|gnu\.org/(?:licenses|copyleft)|opendatacommons\.org|gutenberg\.org/(?:license|policy))[\w./+-]{0,120}[\w/]",
    re.IGNORECASE,
)
_DENIED = re.compile(pattern_of(_DATA["denied"]).replace("{licence}", _DATA["denied"]["licence"]), re.IGNORECASE)
_NO_PARTY = re.compile(_DATA["scope"]["no_party"], re.IGNORECASE)
_NAME = re.compile(_DATA["scope"]["name"])
_RIGHTS = re.compile(_DATA["scope"]["rights"], re.IGNORECASE)
_PHOTO, _SITE = (re.compile(_DATA["scope"][name], re.IGNORECASE) for name in ("photo", "site"))


@cache
def redistributable() -> frozenset[str]:
    """The SPDX ids under which a changed text may be passed on to anyone, for any purpose: neither NC nor ND."""
    rows = _DATA["redistributable"]
    return frozenset(rows["ids"].split()) | {id_ for id_ in SPDX_IDS if id_.startswith(tuple(rows["prefixes"]))}


@cache
def vague() -> frozenset[str]:
    """The ids for a licence whose version is not stated, and for the public domain by whatever deed."""
    return frozenset(
        {creative_commons.UNVERSIONED, *(row["id"] for row in _DATA["licence"] if "versions" in row or "vague" in row)}
    )


def read(notice_text: str) -> Notice:
    """What a licence, copyright or credit notice says; a field is None (`scope`: `article`) where it says nothing.

    `licence_url` is the address in the notice or, where there is none, the deed of its Creative Commons id.
    """
    return _read(notice_text[:MAX_NOTICE])


@lru_cache(maxsize=1024)  # a house says the same below every text
def _read(notice_text: str) -> Notice:
    text = _BARS.sub("| ", " ".join(normalise(notice_text).text.split()))
    granted = _DENIED.sub(" ", text)
    spdx_id = _spdx_id(granted)
    holder = rights_holder(text)
    if holder is None and not _NO_PARTY.search(text):
        of_rights = spdx_id or _RIGHTS.search(text) or _NAME.fullmatch(text)
        holder = only_party(creative_commons.without_names(text), of_rights is not None)
    return Notice(spdx_id, _licence_url(granted, spdx_id), holder, scope(text))


def scope(text: str) -> str:
    """`photo`, `site` or `article`: what a notice speaks for."""
    if _PHOTO.search(text):
        return "photo"
    return "site" if _SITE.search(text) else "article"


def _spdx_id(text: str) -> str | None:
    commons = creative_commons.licence_id(text)
    if commons and commons != creative_commons.UNVERSIONED:
        return commons
    for row, pattern in _ROWS:
        if (match := pattern.search(text)) and (commons is None or row.get("commons")):
            return _with_version(row, text, match)
    return commons


def _with_version(row: dict[str, Any], text: str, name: re.Match[str]) -> str:
    """The id of a licence in the version that is stated beside its name, or else the one for none."""
    default: str = row["id"]
    versions: dict[str, str] = row.get("versions", {})
    if stated := _VERSION_BEFORE.search(text[max(0, name.start() - 60) : name.start()]):
        later = stated["later"] or _OR_LATER.match(text, name.end())
    elif stated := _STATED_VERSION.search(text, max(0, name.end() - 1), name.end() + 60):
        later = stated["later"]
    else:
        return default
    return versions.get(stated["version"] + ("+" if later else ""), default)


def _licence_url(text: str, spdx_id: str | None) -> str | None:
    if stated := _URL.search(text):
        return stated[0] if stated[0].startswith("http") else f"https://{stated[0]}"
    if spdx_id is None:
        return None
    deeds: dict[str, str] = _DATA["deeds"]
    return deeds.get(spdx_id) or creative_commons.deed_url(spdx_id)
