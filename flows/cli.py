"""The `dateline` command."""

import atexit
import json
import os
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.settings import Settings
from flows.surroundings import outside
from transforms.errors import DatelineError, SettingsError

app = typer.Typer(
    name="dateline",
    help="Raw news text in; licences, entities, dates and topics out, as partitioned Parquet.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
rejects_app = typer.Typer(help="What was not taken, why, and another try.", no_args_is_help=True)
app.add_typer(rejects_app, name="rejects")
topics_app = typer.Typer(help="Topics of your own, from labelled examples.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")

FAILED, MISUSED = 1, 2
_debug = False


class Format(StrEnum):
    """How a query's answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


WarehouseDir = Annotated[
    str | None, typer.Option("--warehouse", help="The warehouse folder; s3://… too.  [default: warehouse]")
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="A settings file.  [default: dateline.toml, if there]")
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def _main(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    global _debug  # noqa: PLW0603 - set once, before any command
    _debug = debug
    if debug:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "ERROR")


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error into one line and an exit status; `--debug` shows the traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (typer.Exit, typer.Abort):
            raise
        except KeyboardInterrupt:
            typer.echo("dateline: stopped; nothing was published, the next run goes on from here", err=True)
            status = FAILED
        except Exception as e:
            if _debug:
                raise
            typer.echo(f"dateline: {_told(e)}", err=True)
            _leave_at_once_after(e)
            _let_go(e)
            status = MISUSED if isinstance(e, SettingsError) else FAILED
        raise typer.Exit(status)

    return run


def _leave_at_once_after(error: Exception) -> None:
    """End the process where otherwise Prefect's threads would keep it, and tell of each message that reached nobody."""
    from flows.server import ServerEnded  # noqa: PLC0415 - so that `--help` stays fast

    if isinstance(error, ServerEnded):
        atexit._run_exitfuncs()
        os._exit(FAILED)


def _let_go(e: BaseException | None) -> None:
    """Forget what the calls held that an error ended: Prefect keeps the error until the process ends, where DuckDB
    complains, in some 60 lines, of a connection that is still there."""
    while e:
        e.__traceback__ = None
        e = e.__cause__ or e.__context__


def _told(e: Exception) -> str:
    """An error in one line."""
    told = " ".join(str(e).split())
    if isinstance(e, DatelineError | OSError):
        return told
    if expected := outside(e):
        return expected
    return f"a bug of Dateline's, or of a library's: {type(e).__name__}: {told}; `dateline --debug …` shows where"


@app.command()
@guarded
def run(
    raw: Annotated[
        str | None, typer.Argument(help="A folder of raw text, or one file; s3://… too.  [default: raw]")
    ] = None,
    warehouse: WarehouseDir = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes.  [default: one a core]")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Drop documents whose input is gone.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start over from RAW.")] = False,
    max_reject_rate: Annotated[float | None, typer.Option(help="Fail above this share of rejects.")] = None,
    settings: SettingsFile = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the run's row of `runs` as JSON, and nothing else.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Bring the warehouse up to date with RAW: only what is new or changed is worked.

    Example: dateline run raw --warehouse warehouse
    """
    chosen = Settings.read(
        settings,
        raw=raw,
        warehouse=warehouse,
        workers=workers,
        prune=prune or None,
        rebuild=rebuild or None,
        max_reject_rate=max_reject_rate,
    )
    from flows import launch, pipeline, terminal  # noqa: PLC0415 - so that `--help` stays fast

    view = terminal.view(quiet=quiet or as_json)
    try:
        with view:
            row = launch.run(chosen, view.progress)
    except Exception as e:
        if as_json and (failed := pipeline.recorded(e)):
            terminal.out(json.dumps(failed, default=str))
        raise
    if as_json:
        terminal.out(json.dumps(row, default=str))
    elif not quiet:
        terminal.summary(row, chosen)


@app.command()
@guarded
def serve(
    cron: Annotated[str, typer.Option("--cron", help="When to run (UTC): minute, hour, day, month, weekday.")],
    raw: Annotated[
        str | None, typer.Argument(help="A folder of raw text, or one file; s3://… too.  [default: raw]")
    ] = None,
    warehouse: WarehouseDir = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes.  [default: one a core]")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Drop documents whose input is gone.")] = False,
    max_reject_rate: Annotated[float | None, typer.Option(help="Fail above this share of rejects.")] = None,
    port: Annotated[int, typer.Option(help="Where the UI and the API of our own server listen; 0: any.")] = 4200,
    settings: SettingsFile = None,
) -> None:
    """Run on a schedule, until stopped. Without PREFECT_API_URL, with a server and a UI of its own.

    Example: dateline serve --cron "0 6 * * *" raw --warehouse warehouse
    """
    chosen = Settings.read(
        settings, raw=raw, warehouse=warehouse, workers=workers, prune=prune or None, max_reject_rate=max_reject_rate
    )
    from flows import deploy  # noqa: PLC0415

    deploy.serve(chosen, cron, port=port, say=typer.echo)


@app.command()
@guarded
def report(warehouse: WarehouseDir = None, settings: SettingsFile = None) -> None:
    """Draw the report: one HTML file that needs no network. Each run draws it too.

    Example: dateline report
    """
    from flows import report as reports  # noqa: PLC0415

    typer.echo(reports.write(Settings.read(settings, warehouse=warehouse).warehouse))


@app.command()
@guarded
def doctor(warehouse: WarehouseDir = None, settings: SettingsFile = None) -> None:
    """Look at versions, model, server, warehouse, lock and disk; exit status 1 where something is amiss.

    Example: dateline doctor
    """
    from flows import doctor as doctors  # noqa: PLC0415

    if not doctors.show(Settings.read(settings, warehouse=warehouse)):
        raise typer.Exit(FAILED)


@app.command()
@guarded
def check(warehouse: WarehouseDir = None, settings: SettingsFile = None) -> None:
    """Run the data tests over the warehouse; a row is printed for each breach.

    Example: dateline check
    """
    from flows import doctor  # noqa: PLC0415

    breaches = doctor.check(Settings.read(settings, warehouse=warehouse).warehouse)
    for breach in breaches:
        typer.echo(f"{breach.check}: {breach.must}: {breach.row}")
    if breaches:
        raise DatelineError(f"{len(breaches)} breaches; `dateline run --rebuild` makes the warehouse anew from RAW")
    typer.echo("all checks pass")


@app.command()
@guarded
def sql(
    query: Annotated[str, typer.Argument(help="The query, over the views that docs/dictionary.md lists.")],
    warehouse: WarehouseDir = None,
    format_: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.TABLE,
    settings: SettingsFile = None,
) -> None:
    """Ask the warehouse a question in SQL (DuckDB's).

    Example: dateline sql "SELECT name, mentions FROM entities ORDER BY mentions DESC LIMIT 5"
    """
    from flows import query as queries  # noqa: PLC0415

    queries.write(Settings.read(settings, warehouse=warehouse).warehouse, query, format_.value)


@app.command()
@guarded
def explain(
    doc_id: Annotated[str, typer.Argument(help="The document: `documents.doc_id`, or its uri.")],
    warehouse: WarehouseDir = None,
    settings: SettingsFile = None,
) -> None:
    """Show one document: what was cut and why, its mentions, dates and topics.

    Example: dateline explain seeds/story.txt
    """
    from flows import query as queries  # noqa: PLC0415

    queries.explain(Settings.read(settings, warehouse=warehouse).warehouse, doc_id)


@app.command()
@guarded
def compact(warehouse: WarehouseDir = None, settings: SettingsFile = None) -> None:
    """Put the small files of many runs together, and remove what dead runs left and no row names.

    Example: dateline compact
    """
    from flows import runs  # noqa: PLC0415

    files, freed, count = runs.compact(Settings.read(settings, warehouse=warehouse).warehouse)
    typer.echo(f"{files} files of runs and rejects put together, {count} kept inputs removed ({freed / 1e6:.1f} MB)")


@rejects_app.command("list")
@guarded
def rejects_list(
    warehouse: WarehouseDir = None,
    run_id: Annotated[str | None, typer.Option("--run", help="Of this run.  [default: the last with any]")] = None,
    settings: SettingsFile = None,
) -> None:
    """List what a run did not take, and why.

    Example: dateline rejects list
    """
    from flows import query as queries  # noqa: PLC0415

    queries.rejects(Settings.read(settings, warehouse=warehouse).warehouse, run_id)


@rejects_app.command("replay")
@guarded
def rejects_replay(
    warehouse: WarehouseDir = None,
    run_id: Annotated[str | None, typer.Option("--run", help="Of this run.  [default: the last with any]")] = None,
    settings: SettingsFile = None,
) -> None:
    """Try again what was not taken, from the bytes kept.

    Example: dateline rejects replay
    """
    from flows import launch, terminal  # noqa: PLC0415

    chosen = Settings.read(settings, warehouse=warehouse)
    view = terminal.view(quiet=False)
    with view:
        row = launch.replay(chosen, run_id, view.progress)
    terminal.summary(row, chosen)


Examples = Annotated[Path, typer.Argument(help='A .jsonl with a "text" and a "topic" on each line.')]


@topics_app.command("train")
@guarded
def topics_train(
    examples: Examples, out: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("topics.json")
) -> None:
    """Train a model on labelled texts and say how good it is. `[taxonomies]` of the settings names it for runs.

    Example: dateline topics train labelled.jsonl --out desk.json
    """
    from flows import topics_command  # noqa: PLC0415

    topics_command.train(examples, out)


@topics_app.command("evaluate")
@guarded
def topics_evaluate(
    examples: Examples, model: Annotated[Path, typer.Option(help="A trained model.")] = Path("topics.json")
) -> None:
    """Say how good a model is on labelled texts that it was not trained on.

    Example: dateline topics evaluate held_out.jsonl --model desk.json
    """
    from flows import topics_command  # noqa: PLC0415

    topics_command.evaluate(examples, model)


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
