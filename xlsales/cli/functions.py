"""The commands `calc` and `functions`: one sales function, and the catalogue of them all."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from xlsales.cli.embed import embed, gallery
from xlsales.cli.streams import print_json
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.functions import CellError, SalesFunction
    from xlsales.functions.arguments import Argument

_CALC_SETTINGS = {"ignore_unknown_options": True}  # -5 is a number, not an option


class _Functions(TyperGroup):
    """`functions` lists them all and `functions NAME` shows one, without the word `show`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed after `functions`."""
        known = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if known else ["show", *args])


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("calc", context_settings=_CALC_SETTINGS, add_help_option=False)(calc)
    group = typer.Typer(cls=_Functions, help="List the functions, show one, or put them into a workbook.")
    group.command("show")(functions)
    group.command("embed")(embed)
    group.command("gallery")(gallery)
    app.add_typer(group, name="functions")


def calc(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The function, for example MAGIC_NUMBER.", show_default=False)] = "",
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            help='Its arguments: 100000, 20% or 0.2, 2027-01-31, PRICE; a range as "3,4,5"; "" for blank.',
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    show_help: Annotated[
        bool, typer.Option("--help", help="Show this, or the function's help after its name.")
    ] = False,
) -> None:
    """Calculate one sales function.

    `xlsales calc MAGIC_NUMBER 15000 2500 60% 40% 1` prints 25.
    """
    if show_help or not name:
        typer.echo("\n".join(full_help(_find(name))) if name else context.get_help())
        raise typer.Exit(0 if show_help else 2)
    function = _find(name)
    given = arguments or []
    required = sum(argument.required for argument in function.arguments)
    if len(given) < required or (len(given) > len(function.arguments) and not function.is_variadic):
        _refuse(
            _("The number of arguments, {count}, does not fit {signature}.").format(
                signature=function.signature, count=len(given)
            )
        )
    result = function.call_cells(*_values(function, given))
    _print_json(function, result) if as_json else _print_plain(function, result)
    if _errors(result):
        raise typer.Exit(1)


def functions(
    name: Annotated[str, typer.Argument(help="Show everything about this function.", show_default=False)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the sales functions by subject, or show one in full."""
    from xlsales.functions import CATALOGUE

    chosen = [_find(name)] if name else list(CATALOGUE.values())
    if as_json:
        print_json(json.dumps([_described(function) for function in chosen], ensure_ascii=False, indent=2))
    elif name:
        typer.echo("\n".join(full_help(chosen[0])))
    else:
        _print_catalogue(chosen)


def full_help(function: SalesFunction) -> list[str]:
    """Everything about one function, as lines of plain text."""
    from xlsales.functions import reference

    lines = [_(function.summary), "", "  " + function.signature, "", _("Arguments")]
    width = max(len(argument.name) for argument in function.arguments)
    for argument in function.arguments:
        lines.append(f"  {argument.name:<{width}}  {_(argument.help)}")
        lines.append(f"  {'':<{width}}  ({reference.argument_line(argument)})")
    lines += ["", _("Result"), "  " + _(function.unit)]
    lines += ["", _("Formula"), *("  " + line for line in function.formula.splitlines())]
    if function.notes:
        lines += ["", _("Good to know"), *("  " + _(note) for note in function.notes)]
    lines += ["", _("Examples")]
    for example in function.examples:
        shown = reference.shown_result(function, example.result)
        lines += [f"  {reference.excel_call(function, example)}  →  {shown}", f"      {_(example.working)}"]
    lines += ["", _("The same without Python")]
    if function.native:
        for word, formula in reference.native_examples(function):
            lines.append(f"  {word + ': ' if word else ''}{formula}")
    else:
        lines.append("  " + _(function.no_native))
    return [*lines, "", _("Source"), "  " + _(function.source)]


def _find(name: str) -> SalesFunction:
    from xlsales.functions import CATALOGUE

    word = name.upper().replace("-", "_")
    if word in CATALOGUE:
        return CATALOGUE[word]
    near = get_close_matches(word, CATALOGUE, n=3, cutoff=0.5)
    if near:
        text = _("There is no function {name}. Did you mean {near}?")
    else:
        text = _("There is no function {name}. `xlsales functions` lists them all.")
    _refuse(text.format(name=name, near=", ".join(near)))
    raise AssertionError


def _refuse(message: str) -> None:
    """Wrong use of the command."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _values(function: SalesFunction, given: list[str]) -> list[Any]:
    """What was typed, as cells: blank, number, text, or a range."""
    from xlsales.functions.coercion import both_readings
    from xlsales.functions.messages import wrong_kind

    values: list[Any] = []
    for position, typed in enumerate(given):
        argument = _argument(function, given, position)
        if argument.is_range:
            values.append([[_cell(part)] for part in typed.split(";" if ";" in typed else ",")])
        elif ";" in typed:
            values.append([[_cell(part)] for part in typed.split(";")])
        else:
            values.append(_cell(typed))
        if "," in typed and argument.is_numeric and (";" in typed or not argument.is_range):
            _refuse(
                wrong_kind(argument, typed)
                if both_readings(typed)
                else _(
                    '{argument}: "{typed}" has a comma, which could separate thousands or decimals. '
                    "Type the number with a decimal point and nothing else, such as 100000 or 0.5."
                ).format(argument=argument.name, typed=typed)
            )
    return values


def _argument(function: SalesFunction, given: list[str], position: int) -> Argument:
    """What stands at a position; in a call that is explained, what the explained function has there."""
    from xlsales.functions import CATALOGUE

    arguments = function.arguments
    fixed = len(arguments) - 1
    explained = CATALOGUE.get(given[0].strip().upper().replace("-", "_"))
    if function.is_variadic and position >= fixed and explained is not None:
        arguments, position = explained.arguments, position - fixed
    return arguments[min(position, len(arguments) - 1)]


def _cell(typed: str) -> str | float | bool | None:
    """What a cell holds when this is typed into it; a percent sign stays, because it tells what is meant."""
    from xlsales.functions.coercion import WRONG, read_number

    word = typed.strip()
    if word.upper() in ("TRUE", "FALSE"):
        return word.upper() == "TRUE"
    number: Any = WRONG if word.endswith("%") else read_number(word)
    return (word or None) if number is WRONG else float(number)


def _rows(result: Any) -> list[list[Any]]:
    return result if isinstance(result, list) else [[result]]


def _errors(result: Any) -> list[CellError]:
    from xlsales.functions import CellError

    return [cell for row in _rows(result) for cell in row if isinstance(cell, CellError)]


def _print_plain(function: SalesFunction, result: Any) -> None:
    from xlsales.functions import reference

    errors = _errors(result)
    if isinstance(result, list) or not errors:
        for row in _rows(result):
            typer.echo("\t".join(str(c) if c in errors else reference.shown_result(function, c) for c in row))
    for text in dict.fromkeys(f"{error.code} {error.message}" for error in errors):
        typer.echo(text, err=True)


def _print_json(function: SalesFunction, result: Any) -> None:
    errors = _errors(result)

    def plain(cell: Any) -> Any:
        return None if cell in errors else cell

    shown = [[plain(cell) for cell in row] for row in result] if isinstance(result, list) else plain(result)
    described = [
        {"code": error.code, "argument": error.argument, "message": error.message}
        for error in {(error.code, error.message): error for error in errors}.values()
    ]
    answer = {"function": function.name, "result": shown, "errors": described}
    print_json(json.dumps(answer, ensure_ascii=False))


def _described(function: SalesFunction) -> dict[str, Any]:
    from xlsales.functions import reference

    return {
        "name": function.name,
        "subject": _(function.subject),
        "signature": function.signature,
        "summary": _(function.summary),
        "arguments": [
            {
                "name": argument.name,
                "unit": _(argument.unit),
                "help": _(argument.help),
                "range": argument.is_range,
                "required": argument.required,
                "default": None if argument.required or argument.variadic else argument.default,
            }
            for argument in function.arguments
        ],
        "unit": _(function.unit),
        "formula": function.formula,
        "notes": [_(note) for note in function.notes],
        "examples": [
            {"call": reference.excel_call(function, example), "result": example.result} for example in function.examples
        ],
        "native": dict(reference.native_examples(function)) if function.native else None,
        "source": _(function.source),
    }


def _print_catalogue(chosen: list[SalesFunction]) -> None:
    """A table on a terminal, plain lines elsewhere."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for subject in dict.fromkeys(function.subject for function in chosen):
        listed = [function for function in chosen if function.subject == subject]
        if not console.is_terminal:
            typer.echo(_(subject))
            for function in listed:
                typer.echo(f"  {function.name:<22}{_(function.summary)}")
            continue
        table = Table(title=_(subject), title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
        for function in listed:
            table.add_row(f"[bold]{function.name}[/bold]", _(function.summary))
        console.print(table)
