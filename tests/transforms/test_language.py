"""Languages: English by its function words, the rest by the model."""

import importlib
import json
from pathlib import Path

import pytest
import wordfreq
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_bounded
from transforms import language
from transforms.language import ENGLISH_ONLY, P_ENGLISH, P_OTHER, detect

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
LATIN = [
    "cs",
    "da",
    "de",
    "es",
    "fi",
    "fil",
    "fr",
    "hu",
    "id",
    "it",
    "lt",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "sv",
    "tr",
    "vi",
]
LEAD = "The port has been closed after a storm, the harbour master said, and it will not open before the weekend. "


def examples(code: str) -> list[str]:
    """spaCy's own example sentences in a language."""
    sentences: list[str] = importlib.import_module(f"spacy.lang.{code}.examples").sentences
    return sentences


@pytest.mark.parametrize(
    "code", ["de", "fr", "es", "it", "nl", "pt", "sv", "pl", "ru", "uk", "ar", "fa", "zh", "ja", "ko", "tr", "hi"]
)
def test_the_language_of_a_few_sentences(code: str) -> None:
    found, confidence = detect(" ".join(examples(code)))
    assert found == code
    assert confidence > 0.5


def test_english_prose_is_settled_without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "model", lambda: pytest.fail("the model was asked"))
    assert detect(LEAD) == ("en", pytest.approx(1, abs=0.001))
    assert detect(LEAD.upper())[0] == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Lindqvist wins Oslo marathon",
        "Ferry sinks off Zanzibar",
    ],
)
def test_a_short_headline_full_of_names_is_english_if_unsure(text: str) -> None:
    found, confidence = detect(text)
    assert found == "en"
    assert confidence < 0.999


@pytest.mark.parametrize(
    "text",
    [
        "SAO PAULO - São Paulo mayor João Dória said on Monday.",
        "ÅRHUS (AP) - Søren Kjær resigns as mayor of Århus",
        "Gdańsk court jails Lech Wałęsa for fraud",
        "REGGIO DI CALABRIA - Shares of Nicolò Bianchi Group fell 3 percent.",
    ],
)
def test_foreign_names_in_a_short_text_do_not_make_it_foreign(text: str) -> None:
    assert detect(text)[0] == "en"


@pytest.mark.parametrize(
    "text",
    [
        "SÃO PAULO - O prefeito de São Paulo, João Dória, falou na segunda-feira.",
        "ÅRHUS - Søren Kjær går af som borgmester i Århus",
        "Gdańsk: sąd skazał Lecha Wałęsę za oszustwo",
        "REGGIO DI CALABRIA - Arrestato il sindaco Nicolò Bianchi",
    ],
)
def test_a_short_foreign_text_with_names_stays_foreign(text: str) -> None:
    assert detect(text)[0] not in ("en", None)


@pytest.mark.parametrize(
    "text",
    [
        "Bom json.",
        "Epoch ms.",
        "Epoch string.",
        "Müller, Dubois Sign Rhine Treaty",
        "Adeyemi Names New Governor Of Central Bank",
    ],
)
def test_a_guess_that_is_hardly_likelier_than_another_is_none(text: str) -> None:
    assert detect(text) == (None, 0.0)


def test_a_foreign_text_with_an_english_quotation_is_foreign() -> None:
    german = "Der Hafen bleibt nach dem Sturm geschlossen, teilte die Behörde am Montag mit. " * 3
    assert detect(german + "„It has been the worst storm that we have seen“, sagte sie. " + german)[0] == "de"


@pytest.mark.parametrize("text", ["", "  \n", "1,234.5 %", "😱😱", "—"])
def test_without_letters_there_is_no_language(text: str) -> None:
    assert detect(text) == (None, 0.0)


@pytest.mark.parametrize("code", LATIN)
def test_the_function_words_are_rare_in_other_languages(code: str) -> None:
    def share(language: str) -> float:
        return sum(wordfreq.word_frequency(word, language, wordlist="small") for word in ENGLISH_ONLY)

    assert share("en") == pytest.approx(P_ENGLISH, abs=0.01)
    assert share(code) <= P_OTHER + 0.0005


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    found, confidence = detect(text)
    assert 0 <= confidence <= 1
    assert found is None or len(found) == 2


@pytest.mark.parametrize("text", ["a" * 1_000_000, " " * 1_000_000, "é " * 500_000, "\ud800" * 1_000_000])
def test_a_megabyte_costs_what_its_head_costs(text: str) -> None:
    detect("naar de haven")  # loads the model
    assert_bounded(detect, text[:20_000], text)


def test_english_headlines_are_not_lost() -> None:
    path = CORPORA / "topics" / "huffpost.jsonl"
    if not path.exists():
        pytest.skip("../shared/corpora is not here")
    with path.open(encoding="utf-8") as lines:
        headlines = [json.loads(line)["headline"] for _, line in zip(range(1_500), lines, strict=False)]
    lost = [headline for headline in headlines if detect(headline)[0] not in ("en", None)]
    assert len(lost) <= 0.005 * len(headlines), lost
