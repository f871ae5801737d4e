"""The report: one HTML file that shows what a warehouse holds, without a network and without a server.

Counts are over the whole warehouse; only the reader at its end shows a sample, so the file stays of bounded size.
"""

import base64
import hashlib
import logging
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from upath import UPath

from flows import catalog, reading
from flows.catalog import rows
from flows.marking import shown
from flows.places import local, remote
from flows.reader import Warehouse

REPORT = "report.html"
TOP = 15
"""Entities listed of each kind."""
SERIES = 8
"""Colours in a plot at most; the rest is summed up as `other`."""
ALIASES_SHOWN = 8
ROWS = 25
"""Rows of a table at most."""
BINS = 120
"""Bars along a plot's axis of time at most."""
UNITS = (("day", 1), ("month", 31), ("year", 366), ("decade", 3653), ("century", 36525))
"""Widths of bars, with the days that they span at most."""
KINDS = {"people": ("PERSON",), "places": ("GPE", "LOC", "FAC"), "organisations": ("ORG",)}

Row = dict[str, Any]


def write(root: Path | UPath) -> Path | UPath:
    """Draw the report of the warehouse at `root`; returns its path. Raises WarehouseError where there is none."""
    page = render(collect(root))
    if url := remote(root):
        (url / REPORT).write_text(page, encoding="utf-8")
        return url / REPORT
    new = local(root) / f".{REPORT}.new"
    new.write_text(page, encoding="utf-8")
    return new.replace(local(root) / REPORT)


def draw(root: Path | UPath) -> Path | UPath | None:
    """As `write`, at the end of a run that has already published: where it cannot be drawn, that is only logged."""
    try:
        return write(root)
    except Exception:
        logging.getLogger(__name__).exception("the report could not be drawn; the tables are published all the same")
        return None


def render(facts: Row) -> str:
    """The page that shows the facts of `collect`."""
    environment = Environment(loader=PackageLoader("flows"), autoescape=True, undefined=StrictUndefined)
    environment.filters["shown"] = lambda value: shown(str(value))
    environment.filters["number"] = lambda value: f"{value:,}"
    scripts = [_asset(name) for name in ("d3.min.js", "plot.min.js", "report.js")]
    return environment.get_template("report.html").render(
        facts=facts,
        data=as_json({"plots": facts["plots"], "documents": facts["reader"].pop("documents")}),
        style=Markup(_asset("report.css")),  # noqa: S704 - ours, not a document's
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        policy=" ".join(_policy(script) for script in scripts),
    )


def as_json(value: object) -> Markup:
    """JSON that may stand in a `<script>` of a page: nothing in it can end the script or begin a comment."""
    text = orjson.dumps(value, default=str).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - no markup is left in it


def _asset(name: str) -> str:
    return (files("flows") / "templates" / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def collect(root: Path | UPath) -> Row:
    """All that the report shows. Raises WarehouseError where there is no warehouse."""
    Warehouse(root)
    with closing(catalog.connect(root)) as con:
        con.execute("SET parquet_metadata_cache = true")  # every query reads the same files
        return {
            "run": _one(con, "SELECT * FROM runs ORDER BY run_id DESC LIMIT 1"),
            "glance": _one(con, GLANCE),
            "plots": {
                "documents": over_time(con, DOCUMENTS_BY_SOURCE),
                "dates": over_time(con, DATES, outliers=0.01),
                "topics": over_time(con, TOPICS),
            },
            "entities": {kind: _entities(con, labels) for kind, labels in KINDS.items()},
            "licences": rows(con, LICENCES),
            "cuts": rows(con, CUTS),
            "footers": rows(con, FOOTERS),
            "reject_codes": rows(con, REJECT_CODES),
            "rejects": rows(con, REJECTS),
            "reader": reading.sample(con),
        }  # fmt: skip


def over_time(con: duckdb.DuckDBPyConnection, query: str, outliers: float = 0.0) -> Row:
    """Counts for a plot over time, from a query whose columns are day, key (what is coloured) and days (how exact).

    The width of the bars follows from the span of the days; at most SERIES keys keep their name. `outliers` is the
    share that may be left out at either end, where the span is long. Returns `unit`, `rows` of bin, key and n, `keys`
    from the most frequent, and `outside`: how many are left out, being too early, too late, or not exact to the unit.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE points AS {query}")
    ends = rows(con, ENDS, {"outliers": outliers})
    first, last = ends[0]["first"], ends[0]["last"]
    if first is None:
        return {"unit": "year", "rows": [], "keys": [], "outside": 0}
    unit, days = unit_of(first, last)
    kept = "FROM points WHERE days <= $days AND day BETWEEN $first AND $last"
    bounds = {"days": days, "first": first, "last": last}
    keys = [r["key"] for r in rows(con, f"SELECT key {kept} GROUP BY key ORDER BY count(*) DESC, key", bounds)]
    named = keys if len(keys) <= SERIES else keys[: SERIES - 1]
    counts = rows(
        con,
        f"""SELECT strftime(date_trunc('{unit}', day), '%Y-%m-%d') AS bin, if(key IN $named, key, 'other') AS key,
            count(*) AS n {kept} GROUP BY ALL ORDER BY bin, key""",
        {**bounds, "named": named},
    )
    everything = _one(con, "SELECT count(*) AS n FROM points")["n"]
    return {
        "unit": unit,
        "rows": [{**row, "key": shown(row["key"])} for row in counts],
        "keys": [shown(k) for k in named] + (["other"] if len(named) < len(keys) else []),
        "outside": everything - sum(row["n"] for row in counts),
    }


def unit_of(first: date, last: date) -> tuple[str, int]:
    """The narrowest unit that makes at most BINS bars of the days from first to last, and its length in days."""
    span = (last - first).days
    return next(((name, days) for name, days in UNITS if span <= BINS * days), UNITS[-1])


def _entities(con: duckdb.DuckDBPyConnection, labels: Sequence[str]) -> list[Row]:
    return rows(con, ENTITIES, {"labels": list(labels)})


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Row:
    return next(iter(rows(con, query)), {})


ENDS = "SELECT quantile_disc(day, $outliers) AS first, quantile_disc(day, 1 - $outliers) AS last FROM points"
GLANCE = """
SELECT count(*) AS documents, count(DISTINCT source) AS sources, min(published_on) AS first, max(published_on) AS last,
       count(*) FILTER (published_on IS NULL) AS undated, coalesce(sum(tokens), 0)::BIGINT AS tokens,
       count(*) FILTER (spdx_id IS NOT NULL) AS licensed, count(duplicate_of) AS duplicates,
       (SELECT count(*) FROM mentions) AS mentions, (SELECT count(*) FROM entities) AS entities,
       (SELECT count(*) FROM dates) AS dates, (SELECT count(*) FROM redistributable) AS redistributable
FROM documents
"""
DOCUMENTS_BY_SOURCE = (
    "SELECT published_on AS day, source AS key, 0 AS days FROM documents WHERE published_on IS NOT NULL"
)
DATES = """
SELECT earliest AS day, latest - earliest AS days, CASE anchor WHEN 'none' THEN 'named outright'
       WHEN 'published' THEN 'counted from publication' ELSE 'counted from a date before it' END AS key
FROM dates WHERE earliest IS NOT NULL AND latest IS NOT NULL
"""
TOPICS = """
SELECT published_on AS day, label AS key, 0 AS days FROM topics JOIN documents USING (doc_id, published_month)
WHERE rank = 1 AND published_on IS NOT NULL
"""
ENTITIES = f"""
SELECT name, country, documents, mentions, first_published_on AS first, last_published_on AS last,
       list_filter(aliases, lambda alias: alias <> name)[:{ALIASES_SHOWN}] AS aliases,
       greatest(len(aliases) - 1 - {ALIASES_SHOWN}, 0) AS more
FROM entities WHERE list_contains($labels, label) ORDER BY mentions DESC, documents DESC, name LIMIT {TOP}
"""  # noqa: S608
LICENCES = f"""
SELECT rights_holder, spdx_id, count(*) AS documents, count(DISTINCT source) AS sources,
       count(*) FILTER (doc_id IN (SELECT doc_id FROM redistributable)) AS redistributable
FROM documents GROUP BY ALL ORDER BY documents DESC, rights_holder, spdx_id LIMIT {ROWS}
"""  # noqa: S608
CUTS = """
SELECT kind, count(*) AS spans, count(DISTINCT doc_id) AS documents, sum(len(text))::BIGINT AS characters,
       count(*) FILTER (witness = 'rule') AS by_rule, count(*) FILTER (witness = 'repeated') AS by_repetition,
       count(*) FILTER (witness = 'both') AS by_both
FROM removals GROUP BY kind ORDER BY characters DESC, kind
"""
FOOTERS = f"""
SELECT source, segment[:300] AS segment, documents, share, verdict FROM footers
ORDER BY documents DESC, source, segment LIMIT {ROWS}
"""  # noqa: S608
LAST_REJECTS = "FROM rejects WHERE run_id = (SELECT max(run_id) FROM runs)"
REJECT_CODES = f"SELECT code, count(*) AS inputs {LAST_REJECTS} GROUP BY code ORDER BY inputs DESC, code"
REJECTS = f"SELECT uri, code, detail {LAST_REJECTS} ORDER BY uri LIMIT {ROWS}"
