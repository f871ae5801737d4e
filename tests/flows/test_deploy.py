"""Schedules: what a deployment is given, and that a scheduled run really fires."""

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
import yaml
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import CronSchedule
from prefect.states import Failed
from prefect.utilities.callables import parameter_schema

from flows import artifacts, deploy, etl
from flows.settings import Settings
from tests.conftest import ROOT
from transforms.errors import SettingsError

PATIENCE = 240
"""Seconds for a server to start, a minute to begin, and a small run."""


def test_paths_of_a_deployment_do_not_depend_on_where_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = Settings(raw=Path("raw"), taxonomies={"desk": Path("desk.toml")}, aliases=Path("names.csv"), workers=3)
    kept = json.loads(json.dumps(deploy.parameters(given)))
    assert kept["raw"] == str(tmp_path / "raw")
    assert kept["taxonomies"] == {"desk": str(tmp_path / "desk.toml")}
    assert Settings(**kept).workers == 3


@pytest.mark.parametrize("cron", ["", "daily", "61 * * * *", "* * * *"])
def test_what_is_no_schedule_is_refused(cron: str) -> None:
    with pytest.raises(SettingsError, match="is no schedule"):
        deploy.schedule(cron)


def test_a_schedule_is_in_utc() -> None:
    assert deploy.schedule("0 6 * * *") == CronSchedule(cron="0 6 * * *", timezone="UTC")


def test_parameters_are_validated_by_the_settings() -> None:
    schema = parameter_schema(etl.etl).model_dump_for_openapi()
    assert schema["required"] == ["settings"]
    assert set(schema["definitions"]["Settings"]["properties"]) == set(Settings.model_fields)


def test_the_deployment_of_the_checkout_is_one_of_this_flow() -> None:
    described = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    for deployment in described["deployments"]:
        path, name = deployment["entrypoint"].split(":")
        assert (ROOT / path).samefile(etl.__file__)
        assert getattr(etl, name) is etl.etl
        Settings(**deployment["parameters"]["settings"])
        for schedule in deployment["schedules"]:
            assert deploy.schedule(schedule["cron"])


@pytest.mark.parametrize(
    ("error", "again"), [(OSError(5, "I/O error"), True), (TimeoutError(), True), (KeyError("a bug"), False)]
)
def test_a_batch_is_tried_again_where_that_may_help(error: Exception, again: bool) -> None:
    assert etl.transient(None, None, Failed(data=error)) is again
    assert etl.extract.retries == etl.survey.retries == 3


@pytest.mark.parametrize(("given", "named"), [({"raw": "raw"}, "warehouse"), ({"warehouse": "s3://b/w"}, "s3://b/w")])
def test_a_failure_is_told_whatever_the_settings_name(
    given: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def create(markdown: str, key: str) -> None:
        warnings.warn("artifacts without a context are deprecated", FutureWarning, stacklevel=1)
        made.append(markdown)

    monkeypatch.setattr(artifacts, "create_markdown_artifact", create)
    message = "the run is published, but dateline.duckdb could not be made anew"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        artifacts.failure(etl.etl, FlowRun(flow_id=uuid4(), parameters={"settings": given}), Failed(message=message))
    assert message in made[0]
    assert f"`{named}`" in made[0]
    assert "Nothing was published" not in made[0]


def test_serve_says_what_it_does_before_it_waits_for_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server takes many seconds; of what is no schedule nothing is said but that."""
    happened: list[str] = []

    class Server:
        api_url = "http://127.0.0.1:4201/api"

        def __init__(self, **_: object) -> None:
            happened.append("started")

        def wait(self) -> None:
            happened.append("answers")

        def stop(self) -> None:
            happened.append("stopped")

    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")})
    monkeypatch.setattr(deploy, "EmbeddedServer", Server)
    monkeypatch.setattr(etl.etl, "serve", lambda *_, **__: happened.append("serves"))
    settings = Settings(raw=tmp_path / "raw", warehouse=tmp_path / "w")
    deploy.serve(settings, "0 6 * * *", say=happened.append)
    told = [f"runs of {settings.raw} to {settings.warehouse} at '0 6 * * *' (UTC); Ctrl-C ends it",
            "watch them at http://127.0.0.1:4201"]  # fmt: skip
    assert happened == ["started", *told, "answers", "serves", "stopped"]
    happened.clear()
    with pytest.raises(SettingsError, match="is no schedule"):
        deploy.serve(settings, "daily", say=happened.append)
    assert not set(happened) - {"started", "stopped"}


@pytest.mark.slow
def test_a_scheduled_run_fires_and_leaves_its_artifacts(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "story.txt").write_text("date 2021-05-04 A quiet day\n\nNothing happened in Oslo on Monday.\n")
    (raw / "broken.jsonl").write_text("{\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    log = tmp_path / "log"
    command = [sys.executable, "-m", "flows.cli", "serve", "--cron", "* * * * *", "--port", "0", "--workers", "1",
               str(raw), "--warehouse", str(tmp_path / "w")]  # fmt: skip
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        api = f"{_address(log, process)}/api"
        done = _until(lambda: _completed(api), process, log)
        keys = {artifact["key"] for artifact in _ask(api, "/artifacts/filter", {})}
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        finally:
            process.kill()
    assert done[0]["auto_scheduled"]
    assert done[0]["name"] == f"{raw} to {tmp_path / 'w'}"
    assert {"dateline", "scheduled"} <= set(done[0]["tags"])
    assert keys >= {"dateline-run", "dateline-rejects", "dateline-progress", "dateline-report"}
    assert (tmp_path / "w" / "report.html").exists()
    assert "temporary server" not in log.read_text(), "one server is enough"
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{api}/health", timeout=5)


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    def told() -> list[str]:
        return [line.split()[-1] for line in log.read_text().splitlines() if line.startswith("watch them at")]

    return _until(told, process, log)[0]


def _until(ask: Any, process: "subprocess.Popen[bytes]", log: Path) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if answer := ask():
            return answer
        time.sleep(1)
    pytest.fail(f"nothing came of it:\n{log.read_text()}")


def _completed(api: str) -> Any:
    return _ask(api, "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})


def _ask(api: str, path: str, body: dict[str, Any]) -> Any:
    request = Request(api + path, data=json.dumps(body).encode(), headers={"content-type": "application/json"})
    with urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)
