"""Names that stand side by side and are of one kind: `Lund and Malmo`, a company before its ticker."""

import re
from bisect import bisect_left
from itertools import pairwise

from transforms.entities.context import UPPER, Context, fill, overlay, relabelled
from transforms.entities.gazetteer import label_of
from transforms.models import Span

_AND = (" and ", " or ")
_S = ("'s", "’s")
_PLACES = ("GPE", "LOC")
_DOUBTFUL = frozenset({"PERSON", "NORP", "PRODUCT"})
_WHERE = (" in ", " at ", " near ", " between ", " from ", " around ", " to ", "outside ", "In ")
_EXCHANGE = re.compile(r"\.[A-Z]{1,2}(?![\w.])")
_TICKER = re.compile(r"(?<![\w.])[A-Z][A-Z0-9]{1,5}\Z")
_BEFORE = re.compile(rf"(?<![\w-])(?:[{UPPER}][\w&'’.-]{{1,24}}[ ]){{1,4}}[<(]?\Z")
_PART_OF_COMPANY = frozenset({"ORG", "PERSON", "PRODUCT", "WORK_OF_ART", "GPE"})


def heed_pairs(context: Context, spans: list[Span]) -> list[Span]:
    """A lone word between `and` and a place is a place too, where a model took it for a body: `Lund and Malmo`."""
    text = context.text
    found = {
        one
        for left, right in pairwise(spans)
        if left.label != right.label
        and text[left.end : right.start] in _AND
        and text[right.end : right.end + 2] not in _S
        for one, other in ((left, right), (right, left))
        if other.label in _PLACES
        and (one.label == "ORG" or (one.label in _DOUBTFUL and text.endswith(_WHERE, 0, left.start)))
        and _is_unknown(text[one.start : one.end])
    }
    return [relabelled(span, "GPE") if span in found else span for span in spans] if found else spans


def _is_unknown(name: str) -> bool:
    return name.isalpha() and not name.isupper() and label_of(name) is None


def heed_tickers(context: Context, spans: list[Span]) -> list[Span]:
    """What stands before a ticker is one company, whatever parts a model saw in it: `Lund Gas LNDG.ST`."""
    text = context.text
    starts = [span.start for span in spans]
    companies, missed = [], []
    for exchange in _EXCHANGE.finditer(text):
        ticker = _TICKER.search(text, max(0, exchange.start() - 7), exchange.start())
        if ticker is None:
            continue
        floor = max(ticker.start() - 80, context.sentence_at(ticker.start())[0])
        before = _BEFORE.search(text, floor, ticker.start())
        if before is None:
            continue
        end = before.start() + len(before[0].rstrip("<( "))
        end -= 2 * text.endswith(_S, 0, end)
        at = first = bisect_left(starts, end) - 1
        while at >= 0 and spans[at].start >= before.start() and spans[at].label in _PART_OF_COMPANY:
            first, at = at, at - 1
        if first >= 0 and before.start() <= spans[first].start < end and spans[first].label in _PART_OF_COMPANY:
            companies.append(Span(spans[first].start, end, "ORG"))
        else:
            missed.append(Span(before.start(), end, "ORG"))
    return fill(overlay(spans, companies), missed) if companies or missed else spans
