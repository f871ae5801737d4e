"""A user's own topics, from labelled examples to answers that name their words."""

from pathlib import Path

import pytest

from flows.topics_train import evaluate, train
from transforms.errors import SettingsError
from transforms.topics import classify, parse_scheme

pytest.importorskip("sklearn", reason="the extra `topics` is not installed")

PLACES = ["north", "south", "east", "west", "upper", "lower", "old", "new", "inner", "outer"]
BEES = [
    f"The beekeeper of the {place} valley found honey in {n} hives before the swarm left."
    for n, place in enumerate(PLACES)
]
TRAMS = [
    f"A tram on the {place} line stopped for {n} minutes when its rail points froze." for n, place in enumerate(PLACES)
]
LOAVES = [
    f"The baker in the {place} market sold {n} rye loaves from a sourdough oven." for n, place in enumerate(PLACES)
]
EXAMPLES = [(t, "bees") for t in BEES] + [(t, "trams") for t in TRAMS] + [(t, "bread") for t in LOAVES]


def test_what_is_trained_is_used_and_explains_itself(tmp_path: Path) -> None:
    path = tmp_path / "models" / "town.json"
    report = train(EXAMPLES, path)
    assert (report.texts, report.accuracy, report.macro_f1) == (30, 1.0, 1.0)
    assert report.topics["bees"] == (1.0, 1.0, 10)
    scheme = parse_scheme(path.read_text(encoding="utf-8"), "town")
    found = [
        topic
        for topic in classify(None, "Honey from the hives was sold by a beekeeper.", [scheme])
        if topic.scheme == "town"
    ]
    assert [topic.topic_id for topic in found] == ["bees"]
    assert found[0].score > 0.8
    assert set(found[0].evidence) >= {"Honey", "hives", "beekeeper"}


def test_a_text_of_another_kind_is_given_nothing(tmp_path: Path) -> None:
    train(EXAMPLES, tmp_path / "m.json")
    scheme = parse_scheme((tmp_path / "m.json").read_text(encoding="utf-8"), "town")
    assert [t for t in classify(None, "Physicists weighed a neutrino.", [scheme]) if t.scheme == "town"] == []


def test_two_topics_are_enough(tmp_path: Path) -> None:
    assert train([pair for pair in EXAMPLES if pair[1] != "bread"], tmp_path / "m.json").accuracy == 1.0


def test_training_again_writes_the_same_bytes(tmp_path: Path) -> None:
    train(EXAMPLES, tmp_path / "a.json")
    train(EXAMPLES, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_evaluating_counts_what_is_wrong(tmp_path: Path) -> None:
    train(EXAMPLES, tmp_path / "m.json")
    report = evaluate(
        [(BEES[0], "bees"), (TRAMS[0], "bees"), (LOAVES[0], "bread"), ("zzz", "trams")], tmp_path / "m.json"
    )
    assert (report.texts, report.accuracy, report.answered) == (4, 0.5, 0.75)
    assert report.topics == {"bees": (1.0, 0.5, 2), "bread": (1.0, 1.0, 1), "trams": (0.0, 0.0, 1)}
    assert sum(count for _, _, count in report.reliability) == 3


@pytest.mark.parametrize(
    ("examples", "says"),
    [([], "0 topic"), ([(text, "bees") for text in BEES], "1 topic"), ([*EXAMPLES, ("A lone text.", "rare")], "rare")],
)
def test_too_few_examples_are_refused(examples: list[tuple[str, str]], says: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=says):
        train(examples, tmp_path / "m.json")
    assert not (tmp_path / "m.json").exists()


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        evaluate(EXAMPLES, tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="no trained model"):
        evaluate(EXAMPLES, tmp_path / "bad.json")
