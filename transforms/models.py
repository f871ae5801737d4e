"""What the stages hand to one another.

Every ``start``/``end`` counts Unicode code points, start included, end excluded. A field named ``raw_…`` points into
the raw text (what was decoded), the others into the clean text (the raw text after its removals).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document as it was found: a `.txt` file or one record of a `.jsonl`."""

    source: str
    uri: str
    content_sha256: str
    text: str
    """The raw text, decoded, newlines untouched, byte order mark removed."""
    record: Mapping[str, Any] | None = None
    """The record's other fields under our names (`title`, `published_on`, …); None for a `.txt`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of the clean text, as a model proposes it."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch at the head or tail of a raw text that may be met again in other documents of its source."""

    raw_start: int
    raw_end: int
    key: int
    """63-bit hash of the normalised segment."""
    normalised: str


EVIDENCE = ("cut", "forbidden", "common", "forced")
"""What may be known of a segment: the sets of Evidence."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a source's repeated segments, by `Segment.key`."""

    cut: frozenset[int] = frozenset()
    """Repeated often enough to be cut."""
    forbidden: frozenset[int] = frozenset()
    """Never to be cut in this source, whatever a rule says."""
    common: frozenset[int] = frozenset()
    """Those of `cut` that many documents of the source have: no article is made of them, whatever they say."""
    forced: frozenset[int] = frozenset()
    """To be cut wherever they stand at an edge, as the settings say."""

    def touching(self, keys: Iterable[int]) -> list[str]:
        """What is known of some segments: `cut 123`, `common 123`; in no order."""
        met = frozenset(keys)
        return [f"{kind} {key}" for kind in EVIDENCE for key in met & getattr(self, kind)]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a licence or copyright notice says."""

    spdx_id: str | None = None
    licence_url: str | None = None
    rights_holder: str | None = None
    scope: str = "article"
    """`article`, `photo` or `site`; only article and site speak for the document."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A stretch of the raw text that is not in the clean text, or that stands there in another form."""

    raw_start: int
    raw_end: int
    kind: str
    """`licence`, `copyright`, `credit`, `promo`, `header` or `repair`."""
    rule: str
    """The id of the rule, in `rules/*.toml`, that asked for it."""
    witness: str = "rule"
    """`rule`, `repeated` (within the source) or `both`."""
    replacement: str = ""
    notice: Notice = field(default_factory=Notice)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself."""

    title: str | None = None
    byline: str | None = None
    dateline_place: str | None = None
    dateline_agency: str | None = None
    url: str | None = None
    language: str | None = None
    """ISO 639-1 code, where the record states one."""
    published_on: date | None = None
    published_method: str = "none"
    """`record`, `header`, `text` or `none`."""
    published_earliest: date | None = None
    published_latest: date | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A named entity where it stands in the clean text."""

    start: int
    end: int
    label: str
    name: str
    """The fullest form of it in this document."""


@dataclass(frozen=True, slots=True)
class Timex:
    """A TIMEX3 expression where it stands in the clean text."""

    start: int
    end: int
    type: str
    """`DATE`, `TIME`, `DURATION` or `SET`."""
    value: str | None
    mod: str | None = None
    granularity: str | None = None
    earliest: date | None = None
    latest: date | None = None
    """First and last day of the interval that the value names, or that it opens or ends (`from May 3 to May 5`); None
    where unknown or not an interval."""
    anchor: str = "none"
    """`none` for an absolute value, `published`, or `previous` (a date earlier in the text)."""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    scheme: str
    topic_id: str
    label: str
    score: float
    """0…1: of IPTC the share of such answers that was right; of a taxonomy of seed words it only orders."""
    evidence: tuple[str, ...]
    """The words that counted most, most first."""


@dataclass(frozen=True, slots=True)
class Keyphrase:
    phrase: str
    score: float


@dataclass(frozen=True, slots=True)
class AliasCount:
    """A name under a label, with how often the corpus has it."""

    name: str
    label: str
    documents: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing in the world under all its names."""

    entity_id: str
    """16 hex digits."""
    name: str
    label: str
    country: str | None
    """ISO 3166-1 alpha-2, where it is a place or a nationality."""
    members: tuple[int, ...]
    """Positions of its names in the list that was clustered."""
    external_id: str | None = None
    """What the user's alias file calls it, such as a Wikidata id."""
