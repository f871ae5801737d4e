"""What several tests need, made once."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, worked without Prefect. For reading only."""
    from flows import pipeline
    from flows.settings import Settings

    warehouse = tmp_path_factory.mktemp("sample") / "warehouse"
    pipeline.run(Settings(raw=ROOT / "raw", warehouse=warehouse), pipeline.Here())
    return warehouse
