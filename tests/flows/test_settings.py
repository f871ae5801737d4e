"""Settings: what a file may say and in what words the rest is refused, and what is taken where it says nothing."""

import os
from pathlib import Path

import pytest

from flows.settings import Settings
from transforms.errors import SettingsError


def test_a_file_cannot_make_every_run_start_over(tmp_path: Path) -> None:
    file = tmp_path / "dateline.toml"
    file.write_text("rebuild = true\n")
    with pytest.raises(SettingsError, match=r"dateline\.toml: rebuild: .*`dateline run --rebuild`"):
        Settings.read(file)
    file.write_text("workers = 2\n")
    assert Settings.read(file, rebuild=True).rebuild


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system pins no process to cores")
def test_a_worker_for_each_core_that_may_be_used() -> None:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        assert Settings().workers == 1
    finally:
        os.sched_setaffinity(0, cores)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("wokers = 3", "wokers: is no setting; workers is one"),
        ("colour = 3", "colour: is no setting;"),
        ('[sources.x]\nkep = ["a"]', "sources.x.kep: is no setting; keep is one"),
        ('[sources.x]\ncut = "a"', 'sources.x.cut: must be a list of strings, as in ["…"]'),
        ("[sources.x]\nday_first = 1", "sources.x.day_first: must be true or false"),
        ("[sources]\nx = 3", "sources.x: must be a table, name = value"),
        ('fields = "text"', "fields: must be a table, name = value"),
        ("[taxonomies]\ndesk = 3", "taxonomies.desk: must be a path, as a string"),
        ("model = 3", "model: must be a string"),
        ("raw = 3", "raw: int instead of a path or URL"),
        ('workers = "3"', "workers: must be a whole number, as in 4"),
        ("workers = true", "workers: must be a whole number, as in 4"),
        ("workers = 0", "workers: must be 1 or more"),
        ('prune = "yes"', "prune: must be true or false"),
        ('max_reject_rate = "0.1"', "max_reject_rate: must be a number, as in 0.5"),
        ("max_reject_rate = 2", "max_reject_rate: must be 1 or less"),
        ("max_document_mb = 0", "max_document_mb: must be more than 0"),
        ("max_document_mb = inf", "max_document_mb: must be a number that is not infinite"),
    ],
)
def test_what_is_wrong_is_said_in_our_words(toml: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "dateline.toml"
    file.write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        Settings.read(file)
    assert str(error.value).startswith(f"{file}: {says}")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "dateline.toml"
    file.write_text("workers = 3\nmax_document_mb = 2\n", encoding="utf-8-sig")
    settings = Settings.read(file)
    assert (settings.workers, settings.max_document_mb) == (3, 2)


def test_workers_read_the_settings_that_they_are_handed() -> None:
    settings = Settings(sources={"x": {"cut": ["a"], "day_first": True}}, taxonomies={"desk": "desk.toml"})  # type: ignore[dict-item]
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
