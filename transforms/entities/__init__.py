"""Names in a document: a model's spans made clean, consistent and complete, step by step.

Each step is a pure function over spans that can be left out; `benchmarks/dev_entities.py --steps` prints what each
gains.
"""

from collections.abc import Sequence

from transforms.entities.boundaries import trim
from transforms.entities.consistency import find_again, know_initials, longest_form, one_label, split_owners
from transforms.entities.context import Context, Step, settle
from transforms.entities.definitions import define
from transforms.entities.extensions import extend
from transforms.entities.gazetteer import know_places
from transforms.entities.heads import heed_heads, heed_neighbours, heed_titles
from transforms.entities.joins import join, part
from transforms.entities.lines import read_credits, read_dateline, read_digests, read_headlines, read_items
from transforms.entities.names import full_names
from transforms.entities.nouns import drop_common, heed_nouns
from transforms.entities.pairs import heed_pairs, heed_tickers
from transforms.entities.tables import read_codes, read_tables
from transforms.entities.teams import know_teams
from transforms.models import Mention, Span
from transforms.sentences import unwrap

LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"})

STEPS: tuple[Step, ...] = (
    part,
    trim,
    extend,
    heed_heads,
    know_places,
    join,
    heed_nouns,
    drop_common,
    define,
    heed_titles,
    heed_pairs,
    one_label,
    split_owners,
    heed_neighbours,
    know_teams,
    read_headlines,
    read_digests,
    read_items,
    read_tables,
    read_codes,
    read_dateline,
    read_credits,
    longest_form,
    know_initials,
    find_again,
    heed_tickers,
)


def mentions(
    text: str,
    spans: Sequence[Span],
    sentences: Sequence[tuple[int, int]],
    dateline: tuple[int, int] | None = None,
    steps: Sequence[Step] = STEPS,
) -> list[Mention]:
    """The names in a text, in order, none overlapping another, each under one of `LABELS`.

    `spans` are a model's, `sentences` those of the text, `dateline` the stretch at its head that says where and
    for whom it was written. `name` is the fullest form of the name in this text.
    """
    context = Context(unwrap(text, sentences), sentences, dateline)
    found = settle(span for span in spans if span.label in LABELS)
    for step in steps:
        found = step(context, found)
    return [
        Mention(span.start, span.end, span.label, name)
        for span, name in zip(found, full_names(context, found), strict=True)
    ]
