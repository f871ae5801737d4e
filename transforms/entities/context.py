"""What every step of the post-processing sees, and how the spans that it proposes join those that stand."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.models import Span
from transforms.rules import rules

UPPER = "".join(chr(code) for code in range(0x530) if chr(code).isupper())
PARTICLES: tuple[str, ...] = tuple(rules("people")["particles"]["written"])
"""What stands in small letters between the words of a name: `van`."""
_CAPITALISED = re.compile(rf"[{UPPER}](?<!\w.)\w*")  # the letter first, which `re` looks for faster than for a boundary


@dataclass(frozen=True, slots=True)
class Context:
    """A document: its text, its sentences, its dateline, and where each of its capitalised words stands."""

    text: str
    sentences: Sequence[tuple[int, int]]
    dateline: tuple[int, int] | None = None
    words: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        words = self.words
        for match in _CAPITALISED.finditer(self.text):
            word = match[0]
            if word in words:
                words[word].append(match.start())
            else:
                words[word] = [match.start()]

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence that holds the character at `offset`, or the last one before it."""
        if not self.sentences:
            return 0, len(self.text)
        return self.sentences[max(0, bisect_right(self.sentences, (offset, len(self.text) + 1)) - 1)]

    def occurrences(self, labels: Mapping[str, str]) -> list[Span]:
        """Where the names that `labels` holds stand as whole words, with their labels; longer names before shorter.

        A name without a capital is nowhere. Each place is looked up by length, so that a thousand names which begin
        with the same word cost no more than one.
        """
        return self.find(labels, shapes(labels))

    def find(self, labels: Mapping[str, str], known: "Shapes") -> list[Span]:
        """As `occurrences`, with the `shapes` of the names worked out before."""
        text, found = self.text, []
        for word in self.words.keys() & known.keys():
            for length, offset in known[word]:
                for at in self.words[word]:
                    start = at - offset if at > offset else 0
                    name = text[start : start + length]
                    if name in labels and len(name) == length and self._is_whole(start, start + length):
                        found.append(Span(start, start + length, labels[name]))
        return sorted(found, key=lambda span: (span.start - span.end, span.start))

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether a name from `start` to `end` neither begins nor ends inside a word."""
        after = self.text[end : end + 2]
        return not (
            after[:1].isalnum() or (after[:1] in "-&" and after[1:].isupper()) or self.text[start - 1 : start].isalnum()
        )


Shapes = Mapping[str, Iterable[tuple[int, int]]]
"""A capitalised word -> length and place of that word in each name of which it is the first such word."""


def shapes(names: Iterable[str]) -> Shapes:
    """What `Context.find` looks for, and where."""
    found: dict[str, set[tuple[int, int]]] = {}
    for name in names:
        first = name.partition(" ")[0]
        if first.isalpha() and first[0].isupper():
            found.setdefault(first, set()).add((len(name), 0))
        elif key := _CAPITALISED.search(name):
            found.setdefault(key[0], set()).add((len(name), key.start()))
    return found


Step = Callable[[Context, list[Span]], list[Span]]
"""Takes and gives spans in order of their start, none of which overlap."""


def relabelled(span: Span, label: str) -> Span:
    """The span under `label`; itself where it has it, since most have and a new one costs more than a look."""
    return span if span.label == label else Span(span.start, span.end, label)


def settle(spans: Iterable[Span]) -> list[Span]:
    """In order, the first and then the longest of those that overlap."""
    spans = list(spans)
    end = 0
    for span in spans:
        if span.start < end:
            break
        end = span.end
    else:
        return spans
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def fill(spans: list[Span], extras: Iterable[Span]) -> list[Span]:
    """The spans, and those of the extras that touch none of them."""
    starts = [span.start for span in spans]

    def is_free(extra: Span) -> bool:
        at = bisect_right(starts, extra.start)
        return not (at and spans[at - 1].end > extra.start) and not (at < len(spans) and spans[at].start < extra.end)

    free = [extra for extra in extras if is_free(extra)]
    return settle([*spans, *free]) if free else spans


def overlay(spans: list[Span], extras: Iterable[Span]) -> list[Span]:
    """The extras, and those of the spans that touch none of them."""
    extras = settle(extras)
    return fill(extras, spans) if extras else spans
