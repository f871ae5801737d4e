"""A user's own word on which names are one entity: TOML or CSV in, `Override`s out."""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.entities import LABELS
from transforms.errors import SettingsError

_FIELDS = ("name", "label", "entity", "external_id")


@dataclass(frozen=True, slots=True)
class Override:
    """A name that a user assigns to an entity, whatever the method thinks."""

    name: str
    label: str
    entity: str
    """The canonical name; all rows with the same one and the same label are one entity."""
    external_id: str | None = None
    """An id of the entity elsewhere, such as Wikidata's `Q794`."""


def parse_overrides(text: str, format: str) -> list[Override]:  # noqa: A002
    """The rows of a user's alias file, in their order.

    TOML: tables `[[alias]]` with `name`, `label`, `entity` and perhaps `external_id`. CSV: the same as columns under a
    header line. Raises SettingsError, with the line (or the number of the table), for a row that lacks a field, has an
    unknown one or an unknown label, or contradicts an earlier row.
    """
    if format not in ("toml", "csv"):
        raise SettingsError(f"alias file: must be .toml or .csv, not {format!r}")
    rows = _toml_rows(text) if format == "toml" else _csv_rows(text)
    seen: dict[tuple[str, str], Override] = {}
    ids: dict[tuple[str, str], str] = {}
    for where, row in rows:
        override = _override(where, row)
        earlier = seen.setdefault((override.name, override.label), override)
        if earlier.entity != override.entity:
            raise SettingsError(f"alias file, {where}: {override.name!r} was assigned to {earlier.entity!r} before")
        known = ids.setdefault((override.entity, override.label), override.external_id or "")
        if override.external_id and known not in ("", override.external_id):
            raise SettingsError(f"alias file, {where}: {override.entity!r} has the external id {known!r} already")
        ids[override.entity, override.label] = known or override.external_id or ""
    return list(seen.values())


def _toml_rows(text: str) -> Iterable[tuple[str, Mapping[str, object]]]:
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"alias file: no TOML: {error}") from error
    tables = parsed.pop("alias", [])
    if parsed or not isinstance(tables, list):
        raise SettingsError(f"alias file: only [[alias]] tables are known, not {', '.join(parsed) or 'alias'}")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith("[[alias]]")]
    for number, table in enumerate(tables):
        where = f"line {lines[number]}" if number < len(lines) else f"row {number + 1}"
        if not isinstance(table, Mapping):
            raise SettingsError(f"alias file, {where}: not a table")
        yield where, table


def _csv_rows(text: str) -> Iterable[tuple[str, Mapping[str, object]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        for row in reader:
            yield f"line {reader.line_num}", {("" if key is None else key): value for key, value in row.items()}
    except csv.Error as error:
        raise SettingsError(f"alias file, line {reader.line_num}: no CSV: {error}") from error


def _override(where: str, row: Mapping[str, object]) -> Override:
    unknown = sorted(field for field in row if field not in _FIELDS)
    if unknown:
        raise SettingsError(f"alias file, {where}: unknown field {unknown[0]!r}; known are {', '.join(_FIELDS)}")
    values = {}
    for field in _FIELDS:
        value = row.get(field)
        if value is not None and not isinstance(value, str):
            raise SettingsError(f"alias file, {where}: {field!r} must be text")
        values[field] = (value or "").strip()
        if not values[field] and field != "external_id":
            raise SettingsError(f"alias file, {where}: {field!r} is missing")
    if values["label"] not in LABELS:
        raise SettingsError(
            f"alias file, {where}: unknown label {values['label']!r}; known are {', '.join(sorted(LABELS))}"
        )
    return Override(values["name"], values["label"], values["entity"], values["external_id"] or None)
