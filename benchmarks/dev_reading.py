"""How texts are read before any extraction: decoding, language, heads. `python -m benchmarks.dev_reading`

Decoding and languages are measured on the example sentences that come with spaCy (about 60 languages, 520 sentences),
English headlines and false datelines on the development data in ../shared/corpora.
"""

import importlib
import json
import pkgutil
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy.lang

from transforms import language, metadata, text
from transforms.errors import Rejected

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
PROSE = ("news/abc_lee", "entities/ecbplus", "entities/wikigold", "dates/wikiwars")
LEGACY = {
    "cp1252": "da de es fi fr is it nb nl pt sv ca af et sq eu",
    "cp1250": "pl cs hu ro hr sk sl",
    "iso8859_2": "pl cs hu",
    "cp1254": "tr",
    "cp1251": "ru uk bg sr mk",
    "koi8_r": "ru",
    "cp1253": "el",
    "cp1255": "he",
    "cp1256": "ar fa",
    "shift_jis": "ja",
    "euc_jp": "ja",
    "gb18030": "zh",
    "euc_kr": "ko",
    "mac_roman": "fr de es",
}


def examples() -> dict[str, list[str]]:
    """Language code to spaCy's example sentences."""
    found = {}
    for module in pkgutil.iter_modules(spacy.lang.__path__):
        if len(module.name) == 2 and module.name != "xx":
            try:
                found[module.name] = importlib.import_module(f"spacy.lang.{module.name}.examples").sentences
            except ModuleNotFoundError:
                continue
    return found


def encoded(sentences: list[str], encoding: str) -> Iterator[tuple[str, bytes]]:
    """The sentences that the encoding can write and ASCII cannot, and all of them joined."""
    fit = []
    for sentence in sentences:
        try:
            data = sentence.encode(encoding)
        except UnicodeEncodeError:
            continue
        fit.append(sentence)
        if not data.isascii():
            yield sentence, data
    if joined := " ".join(fit):
        yield joined, joined.encode(encoding)


def decoding(sentences: dict[str, list[str]]) -> None:
    """Exactly decoded sentences by encoding."""
    right, all_of_them = Counter[str](), Counter[str]()
    for encoding, codes in LEGACY.items():
        for code in codes.split():
            for sentence, data in encoded(sentences.get(code, []), encoding):
                all_of_them[encoding] += 1
                try:
                    right[encoding] += text.decode(data)[0] == sentence
                except Rejected:
                    continue
    print("decoded exactly:", ", ".join(f"{name} {right[name]}/{count}" for name, count in all_of_them.items()))
    for name in ("utf-8", "cp1252"):
        data = ("The café was shut, and nobody knew why it had been. " * 20_000).encode(name)
        print(f"  {len(data):,} bytes of {name}: {milliseconds(text.decode, [data]):.1f} ms")


def languages(sentences: dict[str, list[str]]) -> None:
    """Languages found, and English lost."""
    foreign = [(code, sentence) for code, some in sentences.items() if code != "en" for sentence in some]
    found = [language.detect(sentence)[0] for _, sentence in foreign]
    right = sum(code == answer for (code, _), answer in zip(foreign, found, strict=True))
    print(f"foreign sentences: {right}/{len(foreign)} right, {found.count('en')} taken for English")
    for name, field in (("headlines", "headline"), ("descriptions", "short_description")):
        short = [item for item in column("topics/huffpost", field) if item.strip()]
        lost = sum(language.detect(item)[0] != "en" for item in short)
        print(f"English {name}: {lost}/{len(short)} lost, {milliseconds(language.detect, short):.3f} ms each")
    prose = column("news/abc_lee", "text")
    lost = sum(language.detect(item)[0] != "en" for item in prose)
    print(f"English news: {lost}/{len(prose)} lost, {milliseconds(language.detect, prose):.3f} ms each")


def heads() -> None:
    """Heads found at the beginning of sentences in the middle of texts, where there are nearly none."""
    documents = [item for name in PROSE for item in column(name, "text")]
    starts = [
        item[match.end() : match.end() + 400]
        for item in documents
        for match in re.finditer(r'(?<=[.!?"])\s+(?=[A-Z0-9("])', item)
    ]
    lines = [found for start in starts if (found := metadata.dateline(start))]
    about = [metadata.read(start) for start in starts]
    print(f"heads in {len(starts):,} sentences: {len(lines)} datelines, ", end="")
    print(f"{sum(a.byline is not None for a in about)} bylines, {sum(a.title is not None for a in about)} titles")
    print(f"metadata: {milliseconds(metadata.read, documents):.3f} ms a document")


def column(name: str, field: str) -> list[str]:
    with (CORPORA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)[field] for line in lines]


def milliseconds(do: Callable[[Any], object], items: Sequence[object]) -> float:
    """CPU time an item."""
    begin = time.process_time()
    for item in items:
        do(item)
    return (time.process_time() - begin) / len(items) * 1_000


if __name__ == "__main__":
    by_language = examples()
    decoding(by_language)
    languages(by_language)
    heads()
