"""`dateline topics`: labelled examples in, a model of one's own out, and how good it is."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows import topics_train
from flows.topics_train import Evaluation, Example
from transforms.errors import SettingsError


def train(examples: Path, out: Path) -> None:
    """Train on a `.jsonl` of text and topic, write the model to `out`, print how good it is by cross-validation."""
    _print(topics_train.train(_read(examples), out), f"Five-fold cross-validation over {examples}")


def evaluate(examples: Path, model: Path) -> None:
    """Print how good a model is on a `.jsonl` of text and topic that it was not trained on."""
    _print(topics_train.evaluate(_read(examples), model), f"{model} on {examples}")


def _read(path: Path) -> Iterator[Example]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from _examples(lines, path)
    except OSError as e:
        raise SettingsError(f"{path}: cannot be read ({e.strerror}); name a .jsonl of labelled texts") from e
    except UnicodeDecodeError as e:
        raise SettingsError(f"{path}: is no text in UTF-8 ({e}); name a .jsonl of labelled texts") from e


def _examples(lines: Iterable[str], path: Path) -> Iterator[Example]:
    for number, line in enumerate(lines, 1):
        try:
            example = json.loads(line)
            text, topic = example["text"], example["topic"]
        except (ValueError, KeyError, TypeError) as e:
            raise SettingsError(f'{path}:{number}: is no {{"text": …, "topic": …}} ({e}); mend that line') from e
        if not isinstance(text, str) or not isinstance(topic, str):
            raise SettingsError(f"{path}:{number}: text and topic must be strings; mend that line")
        yield text, topic


def _print(result: Evaluation, title: str) -> None:
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    table.add_column("topic")
    for name in ("precision", "recall", "texts"):
        table.add_column(name, justify="right")
    for topic, (precision, recall, texts) in sorted(result.topics.items()):
        table.add_row(Text(topic), f"{precision:.2f}", f"{recall:.2f}", f"{texts:,}")
    console = Console()
    console.print(table)
    console.print(
        f"accuracy {result.accuracy:.3f}, answered {result.answered:.3f}, macro-F1 {result.macro_f1:.3f} "
        f"over {result.texts:,} texts"
    )
