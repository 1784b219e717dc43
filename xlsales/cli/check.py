"""`xlsales check`: will Excel open these workbooks without repair?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from xlsales.cli import check_planner
from xlsales.errors import InputError
from xlsales.files.named import inside, named
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.workbook.lint import Checked, Fault, Rule

Outcome: TypeAlias = "Checked | str"  # or why the file is unreadable
_SHOWN = 5  # places of a rule
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(check)


def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Workbooks, or folders of workbooks.", show_default=False)
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and check nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, every finding of it.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing of sound files.")] = False,
) -> None:
    """Check that Excel will open workbooks without repair, and that they hold nothing that Excel never writes.

    Each finding names its rule, the part and the cell, what Excel does with it, and the remedy. Of a planner that
    somebody has filled in, it is also said how complete it is, and where it was edited that is no input. Files are
    only read.

    Exit code 0: every file is sound. 1: there are findings. 2: wrong use, or a file is unreadable.
    """
    if rules:
        _list_rules(as_json=as_json)
        raise typer.Exit
    paths = list(_expanded(files or ()))
    if not paths:
        raise InputError(_("Name the workbooks to check, or --rules to list the rules."))
    told: list[dict[str, Any]] = []
    codes = []
    for path in paths:
        outcome = _checked(path)
        planner = None if isinstance(outcome, str) else check_planner.of_file(path)
        edited = planner is not None and check_planner.is_worth_a_look(planner)
        codes.append(2 if isinstance(outcome, str) else 0 if outcome.is_sound and not edited else 1)
        if as_json:
            told.append(_as_json(path, outcome) | ({} if planner is None else check_planner.as_json(planner)))
        elif isinstance(outcome, str):
            typer.echo(_("{path}: unreadable: {reason}").format(path=path, reason=outcome), err=True)
        elif not (quiet and outcome.is_sound and not edited):
            _tell(path, outcome)
            for line in () if planner is None else check_planner.lines(planner):
                typer.echo(line)
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif len(paths) > 1 and not quiet:
        message = _("{files} files: {sound} sound, {findings} with findings, {unreadable} unreadable.")
        counts = {"sound": codes.count(0), "findings": codes.count(1), "unreadable": codes.count(2)}
        typer.echo(message.format(files=len(paths), **counts))
    raise typer.Exit(max(codes))


def _checked(path: Path) -> Outcome:
    """Check one file; whatever is wrong with it does not stop the others."""
    from xlsales.workbook.lint import Unreadable, check_file  # heavy: lxml

    try:
        return check_file(path)
    except Unreadable as error:
        return str(error)
    except FileNotFoundError:
        return _("There is no such file.")
    except MemoryError:
        return _("There is not enough memory to check this file.")
    except OSError as error:
        return error.strerror or str(error)


def _expanded(files: Iterable[str]) -> Iterator[Path]:
    """Yield the files, and those of folders."""
    for name in files:
        path = Path(name)
        found = inside(path, _WORKBOOKS) if path.is_dir() else list(named(path))
        if not found:
            raise InputError(_("{path}: there is no workbook in this folder.").format(path=path))
        yield from found


def _tell(path: Path, outcome: Checked) -> None:
    if outcome.is_sound:
        typer.echo(_("{path}: sound.").format(path=path))
        return
    typer.echo(_("{path}: findings: {count}.").format(path=path, count=outcome.count))
    for rule, found in groupby(outcome.faults, key=lambda fault: fault.rule):
        faults = list(found)
        typer.echo(f"  {rule.name}: {_(rule.excel)}")
        for fault in faults[:_SHOWN]:
            typer.echo(f"    {_place(fault)}")
        if len(faults) > _SHOWN:
            more = _("    … and {count} more; --json lists them.")
            typer.echo(more.format(count=len(faults) - _SHOWN))
        typer.echo(f"    → {_(rule.remedy)}")


def _place(fault: Fault) -> str:
    place = ", ".join(piece for piece in (fault.part, fault.cell) if piece) or _("the zip archive")
    return f"{place}: {fault.detail}" if fault.detail else place


def _as_json(path: Path, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, str):
        return {"file": str(path), "state": "unreadable", "reason": outcome}
    state = "sound" if outcome.is_sound else "findings"
    found = [
        {"rule": fault.rule.name, "part": fault.part, "cell": fault.cell, "detail": fault.detail, **_said(fault.rule)}
        for fault in outcome.faults
    ]
    return {"file": str(path), "state": state, "count": outcome.count, "findings": found}


def _said(rule: Rule) -> dict[str, str]:
    return {"excel": _(rule.excel), "remedy": _(rule.remedy)}


def _list_rules(*, as_json: bool) -> None:
    from xlsales.workbook.lint import RULES

    if as_json:
        listed = [
            {"rule": rule.name, "group": rule.group, **_said(rule), "source": rule.source} for rule in RULES.values()
        ]
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    for group, rules in groupby(sorted(RULES.values(), key=lambda rule: rule.group), key=lambda rule: rule.group):
        typer.echo(f"{group}:")
        for rule in rules:
            typer.echo(f"  {rule.name}: {_(rule.excel)}\n    → {_(rule.remedy)}")
