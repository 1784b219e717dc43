"""`xlsales batch`: a planner for every territory."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlsales import memory
from xlsales.cli import cluster_options, delivery_options, file_options, told
from xlsales.cli.streams import print_json
from xlsales.errors import InputError, Stopped
from xlsales.files import obstacles
from xlsales.files.objects import is_url
from xlsales.texts import _, _n

if TYPE_CHECKING:
    from xlsales.batch import Batch

_SECONDS_BETWEEN_LINES = 30


class FileFormat(StrEnum):
    """The kinds of planner."""

    XLSM = "xlsm"
    XLSX = "xlsx"


class Prefer(StrEnum):
    """Whose value stays where a manager and the tables have both changed it."""

    PLANNER = "planner"
    TABLES = "tables"


class Writer(StrEnum):
    """The ways to write one."""

    STAMP = "stamp"
    OPENPYXL = "openpyxl"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("batch")(batch)


def batch(
    tables: Annotated[str, typer.Argument(help="Folder of .csv or .parquet files, a workbook, or a database URL.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the planners, made if missing; or s3://…")],
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", help="xlsm: Excel (the default). xlsx: every program.", show_default=False),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Look from this day; else the latest day in the tables."),
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; else one per processor.")] = None,
    scheduler: cluster_options.Scheduler = None,
    writer: Annotated[
        Writer, typer.Option("--writer", help="stamp: fast. openpyxl: slow, the reference.")
    ] = Writer.STAMP,
    template: Annotated[Path | None, typer.Option("--template", help="Your own changed copy of the planner.")] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FILE.toml",
            help="How a foreign export is to be read: a file, or salesforce, hubspot, dynamics.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="T01,T07",
            help="These territories only: ids, patterns (T0*), or leader=…, region=… and the like; may be repeated.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace planners already in the folder, whatever the letter case of their names."
        ),
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Bring the planners in the folder up to the tables, and keep what managers have typed into them.",
        ),
    ] = False,
    prefer: Annotated[
        Prefer | None,
        typer.Option(
            "--prefer",
            help="Whose value --update takes where both have changed it: the planner's (the default), or the tables'.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Finish a run that was stopped or killed: make what is missing, keep the rest."),
    ] = False,
    name: delivery_options.Name = None,
    subfolders: delivery_options.Subfolders = None,
    pdf: delivery_options.Pdf = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do all but writing: the same refusals, findings and exit code.")
    ] = False,
    findings: Annotated[
        Path | None,
        typer.Option("--findings", metavar="FILE.csv", help="Where a dry run writes its findings.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run report as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Make a planner for every territory.

    Overview.xlsx, findings.csv, findings.xlsx and run.json are written beside the planners. A file that is open
    in Excel is left as it is, and reported. What somebody has changed in a planner is copied before --overwrite
    replaces it; --update keeps it, and moves the file as it was into a dated backup folder.

    Exit code 0: all made (warnings allowed). 1: something was refused or not made. 2: wrong use or
    unusable input. 3: the disk is full. 130: stopped by Ctrl-C.
    """
    shown = not (quiet or as_json)
    say = _say if shown else _silent
    try:
        if template is not None:
            from xlsales.workbook.template import planner_bytes

            planner_bytes(template)  # what is no planner is said before all that is needed is imported
        from xlsales.batch import (  # heavy: pandas, openpyxl, the calculation engine
            Options,
            out_folder,
            prepare,
            transaction,
        )
        from xlsales.batch.delivery.name_patterns import name_pattern
        from xlsales.batch.delivery.subfolders import Subfolders
        from xlsales.tables.mapping import read_map

        memory.settle()
        options = Options(
            out,
            file_format and file_format.value,
            _date(as_of),
            workers,
            writer.value,
            overwrite,
            template,
            None if mapping is None else read_map(mapping),
            only or (),
            resume,
            name=None if name is None else name_pattern(name),
            subfolders=Subfolders() if subfolders is None else Subfolders(subfolders),
            pdf=pdf,
            update=update,
            prefer=None if prefer is None else ("tables" if prefer is Prefer.TABLES else "planner"),
            scheduler=scheduler,
        )
        if findings is not None and not dry_run:
            raise InputError(_("--findings is for --dry-run: a run writes findings.csv beside the planners."))
        if findings is not None and findings.exists() and not overwrite:
            raise InputError(_("{path} is there already: give another name, or --overwrite.").format(path=findings))
        obstacle = None if findings is None else obstacles.before_writing(findings, findings)
        if obstacle is not None:
            raise InputError(obstacle)
        if not dry_run and not is_url(out):
            transaction.lock_of(out).refuse_held()
            out_folder.refuse_unwritable(out)  # the tables may take minutes
        with _reading(shown=shown):
            prepared = prepare(tables, options)
    except KeyboardInterrupt:
        raise Stopped(_("Stopped before anything was written.")) from None
    asked = Asked(tables, workers, findings, dry_run=dry_run, as_json=as_json, shown=shown)
    if not prepared.fiscal_years:
        raise typer.Exit(1 if _made(prepared, asked, say, print_json) else 0)
    prepared.close()
    raise typer.Exit(1 if _year_by_year(prepared, asked, say) else 0)


@dataclass(frozen=True)
class Asked:
    """What was typed, as far as no option of the batch itself says it."""

    tables: str
    workers: int | None
    findings: Path | None
    dry_run: bool
    as_json: bool
    shown: bool


def _year_by_year(several: Batch, asked: Asked, say: Callable[[str], None]) -> bool:
    """Make the planners of each fiscal year in a folder of its own; return whether something failed."""
    from xlsales.batch import prepare
    from xlsales.batch.each_year import of_years

    years = several.fiscal_years
    message = _("The territories have {count} fiscal years ({years}): each gets a folder of its own in {out}.")
    say(message.format(count=len(years), years=", ".join(map(str, years)), out=several.options.out))
    options = of_years(several.options, years)
    failed = False
    reports: dict[str, Any] = {}

    def keep(text: str) -> None:
        reports[str(year)] = json.loads(text)

    for year, of_year in zip(years, options, strict=True):
        try:
            with _reading(shown=asked.shown):
                prepared = prepare(asked.tables, of_year)
        except KeyboardInterrupt:
            raise Stopped(_("Stopped before the fiscal year {year}.").format(year=year)) from None
        say("")
        say(_("Fiscal year {year}").format(year=year))
        path = asked.findings
        own = path and path.with_stem(f"{path.stem} {year}")
        failed |= _made(prepared, replace(asked, findings=own), say, keep)
    if asked.as_json:
        print_json(json.dumps({"fiscal_years": reports}, indent=2, ensure_ascii=False))
    return failed


def _made(prepared: Batch, asked: Asked, say: Callable[[str], None], emit: Callable[[str], None]) -> bool:
    """Make the planners, or rehearse that; return whether something failed."""
    from xlsales.batch import runners

    workers, options = asked.workers, prepared.options
    with prepared:
        prepared.refuse_existing()
        say(_headline(prepared))
        if workers and workers > runners.bounded(workers):
            message = _("--workers {count}: {most} are the most here, so {most} work.")
            say(message.format(count=workers, most=runners.bounded(workers)))
        if options.resume and prepared.find_finished():
            _nothing_left(prepared, say, emit if asked.as_json else None)
            return False
        if asked.dry_run:
            _rehearse(prepared, asked.findings, shown=asked.shown)
        else:
            _run(prepared, shown=asked.shown, as_json=asked.as_json)
        if asked.as_json:
            emit(prepared.report().decode() if not asked.dry_run else _planned(prepared))
        else:
            _summary(prepared, asked.dry_run, asked.findings, say)
    return prepared.failed


def _run(prepared: Batch, *, shown: bool, as_json: bool) -> None:
    try:
        with ExitStack() as bars:
            advance = bars.enter_context(_progress(prepared.count, shown=shown))

            @contextmanager
            def printing(count: int) -> Iterator[Callable[[int], None]]:
                bars.close()
                with _progress(count, _("PDFs"), shown=shown) as more:
                    yield more

            prepared.run(advance, printing)
    except KeyboardInterrupt:
        if as_json:
            print_json(prepared.report().decode())
        message = _(
            "Stopped: {made} of {count} planners were made, and each of them is whole; run.json lists them. "
            "To make the others, run the same command again with {option}."
        )
        text = message.format(made=len(prepared.made), count=prepared.count, option=prepared.options.way_on)
        raise Stopped(text) from None
    finally:
        for notice in prepared.notices if shown else ():
            _say(notice)


def _rehearse(prepared: Batch, findings: Path | None, *, shown: bool) -> None:
    try:
        with _progress(prepared.count, shown=shown) as advance:
            prepared.rehearse(advance, findings)
    except KeyboardInterrupt:
        raise Stopped(_("Stopped: a dry run writes nothing.")) from None


def _nothing_left(prepared: Batch, say: Callable[[str], None], emit: Callable[[str], None] | None) -> None:
    """Say that a run has ended already, in the words of its own report."""
    if emit is not None:
        emit((prepared.folder / "run.json").read_text(encoding="utf-8"))
    message = _n(
        "Nothing to do: the {count} planner of this run is in {out}.",
        "Nothing to do: all {count} planners of this run are in {out}.",
        len(prepared.finished),
    )
    say(message.format(count=len(prepared.finished), out=prepared.options.where))


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(_("--as-of {text}: type a date such as 2027-01-31.").format(text=text)) from None


def _headline(prepared: Batch) -> str:
    count = prepared.count
    if prepared.as_of is None:
        message = _n("{count} territory, without an as-of date.", "{count} territories, without an as-of date.", count)
    elif prepared.options.as_of:
        message = _n("{count} territory as of {as_of}.", "{count} territories as of {as_of}.", count)
    else:
        message = _n(
            "{count} territory as of {as_of}, the latest day in the tables (--as-of sets another).",
            "{count} territories as of {as_of}, the latest day in the tables (--as-of sets another).",
            count,
        )
    return message.format(count=count, as_of=prepared.as_of)


def _summary(prepared: Batch, dry_run: bool, findings: Path | None, say: Callable[[str], None]) -> None:
    from xlsales.batch import row_accounts
    from xlsales.batch.out_folder import FINDINGS, FINDINGS_BOOK, RUN_REPORT
    from xlsales.batch.update import updating

    out = _where(prepared)
    if dry_run and prepared.options.resume:
        message = _("Dry run: nothing was written; {kept} planners in {out} would stay, and {count} would be made.")
        kept = len(prepared.finished)
        say(message.format(out=out, kept=kept, count=len(prepared.made) - kept))
    elif dry_run:
        if prepared.existing and not prepared.options.update:
            message = _n(
                "{count} of the files is there already, and would be replaced.",
                "{count} of the files are there already, and would be replaced.",
                len(prepared.existing),
            )
            say(message.format(count=len(prepared.existing)))
        message = _n(
            "Dry run: nothing was written; {out} would get {count} planner.",
            "Dry run: nothing was written; {out} would get {count} planners.",
            len(prepared.made),
        )
        say(message.format(out=out, count=len(prepared.made)))
    else:
        *names, last = prepared.written
        files = _("{names} and {last}").format(names=", ".join(names), last=last) if names else last
        message = _n(
            "{count} planner written to {out}, with {files}.",
            "{count} planners written to {out}, with {files}.",
            count := len(prepared.made) - len(prepared.finished),
        )
        say(message.format(count=count, out=out, files=files))
        if prepared.finished:
            message = _n(
                "{count} planner was there already.",
                "{count} planners were there already.",
                len(prepared.finished),
            )
            say(message.format(count=len(prepared.finished)))
    if kept_values := updating.kept(prepared.made):
        say(kept_values)
    for line in row_accounts.lines(prepared.accounts):
        say(line)
    if dry_run:
        listed = str(findings) if findings else None
    else:
        listed = next((name for name in (FINDINGS, FINDINGS_BOOK) if name in prepared.written), RUN_REPORT)
    _show_findings(prepared, listed, say)
    if not prepared.findings:
        say(_("No findings."))


def _where(prepared: Batch) -> str:
    """Return where the planners are, and in how many sub-folders."""
    from xlsales.batch import placing

    folders = {placing.folder_of(one.file_name) for one in prepared.made} - {""}
    if not folders:
        return prepared.options.where
    message = _n("{out} ({count} sub-folder)", "{out} ({count} sub-folders)", len(folders))
    return message.format(out=prepared.options.where, count=len(folders))


def _show_findings(prepared: Batch, listed: str | None, say: Callable[[str], None]) -> None:
    if counted := told.counted(prepared.log.by_code):
        say(counted)
    for severity, line in told.lines(prepared.findings, prepared.log.by_code, listed):
        if severity == "error":
            typer.echo(line, err=True)
        else:
            say(line)


def _planned(prepared: Batch) -> str:
    return json.dumps(
        {
            "dry_run": True,
            "planners": [one.file_name for one in prepared.made if one.territory_id not in prepared.finished],
            "rows": {name: account.told() for name, account in prepared.accounts.items()},
            "findings": [vars(finding) for finding in prepared.findings],
        },
        indent=2,
        ensure_ascii=False,
    )


@contextmanager
def _reading(*, shown: bool) -> Iterator[None]:
    """Say on a terminal that the tables are being read, which takes minutes when there are very many rows."""
    console = file_options.terminal(shown=shown)
    if console is None:
        yield
    else:
        spinner = "dots" if console.encoding.startswith("utf") else "line"
        with console.status(_("Reading and checking the tables…"), spinner=spinner):
            yield


@contextmanager
def _progress(total: int, what: str = "", *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show how far it is: a bar on a terminal, now and then a line elsewhere."""
    console = file_options.terminal(shown=shown)
    if console is None:
        yield _lines(total, what or _("planners")) if shown else lambda _count: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what or _("Planners"), total=total, rate="")

        def advance(count: int) -> None:
            progress.advance(task, count)
            speed = progress.tasks[0].speed
            rate = "" if speed is None else _("{count:,.0f} a second").format(count=speed)
            progress.update(task, rate=rate)

        yield advance


def _lines(total: int, what: str) -> Callable[[int], None]:
    """Return what counts planners or PDFs, and prints a line whenever some seconds have passed."""
    start = last = monotonic()
    made = 0

    def advance(count: int) -> None:
        nonlocal last, made
        made += count
        now = monotonic()
        if now - last >= _SECONDS_BETWEEN_LINES:
            last = now
            message = _("{made:,} of {total:,} {what}, {speed:,.1f} a second.")
            typer.echo(message.format(made=made, total=total, what=what, speed=made / (now - start)), err=True)

    return advance


def _say(text: str) -> None:
    typer.echo(text)


def _silent(_text: str) -> None:
    return
