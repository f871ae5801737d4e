"""What a settings file may say, and what is taken where it says nothing."""

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
