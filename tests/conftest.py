"""What several tests need, made once."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, worked without Prefect. For reading only."""
    from flows import pipeline  # noqa: PLC0415 - tests of transforms have no use for it
    from flows.settings import Settings  # noqa: PLC0415

    warehouse = tmp_path_factory.mktemp("sample") / "warehouse"
    pipeline.run(Settings(raw=ROOT / "raw", warehouse=warehouse), pipeline.Here())
    return warehouse


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A regular expression for a recogniser, no catalogue, no flushing of disks, no Prefect: to test what surrounds the
    work."""
    from flows import catalog, launch, work  # noqa: PLC0415
    from tests.flows import houses  # noqa: PLC0415

    monkeypatch.setattr(work, "Recogniser", houses.Loader)
    monkeypatch.setattr(launch, "in_prefect", houses.in_this_process)
    monkeypatch.setattr(catalog, "refresh", lambda root: None)
    monkeypatch.setattr("os.sync", lambda: None)
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
