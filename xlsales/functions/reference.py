"""What the documentation of a function says, composed from its declaration so that it cannot drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlsales.functions.arguments import MISSING, Argument, Kind
from xlsales.functions.serials import moments
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.functions.registry import Example, SalesFunction

_DECIMALS = 6  # of the numbers in examples
_COMMON_ERRORS = (
    "`#VALUE!` for text that is not a number, TRUE or FALSE, or sizes that do not fit; `#N/A` for a blank; "
    "`#NUM!` out of domain; `#DIV/0!` with nothing to divide by. Arrays hold NaN there instead: "
    "`xlsales.check` tells why."
)


def signature(function: SalesFunction) -> str:
    """The call as a person reads it: `NAME(first, second, [third=52])`."""
    return f"{function.name}({', '.join(_parameter(argument) for argument in function.arguments)})"


def _parameter(argument: Argument) -> str:
    if argument.variadic:
        return f"{argument.name}…"
    if argument.required:
        return argument.name
    if argument.default is None:
        return f"[{argument.name}]"
    return f"[{argument.name}={literal(argument.default)}]"


def literal(value: Any) -> str:
    """A constant as a formula has it."""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else f"{value:.15g}"


def excel_call(function: SalesFunction, example: Example) -> str:
    """An example as it is typed in a cell."""
    arguments = [
        _excel_argument(argument, value)
        for argument, value in zip(function.arguments, function.bind(example.arguments), strict=True)
        if value is not MISSING
    ]
    return f"={function.name}({', '.join(arguments)})"


def _excel_argument(argument: Argument, value: Any) -> str:
    if argument.variadic:
        return ", ".join(literal(cell) for cell in value)
    if isinstance(value, (list, tuple)):
        return "{" + ";".join(literal(cell) for cell in value) + "}"
    if argument.kind is Kind.RATE:
        return f"{value * 100:.15g}%"
    return literal(value)


def python_call(function: SalesFunction, example: Example) -> str:
    """An example as it is typed in Python."""
    return f"xlsales.{function.python_name}({', '.join(repr(value) for value in example.arguments)})"


def shown_result(function: SalesFunction, result: Any) -> str:
    """A result as a person reads it, with fifteen digits at most, as Excel shows them."""
    if isinstance(result, list):
        return "; ".join(shown_result(function, cell) for cell in result)
    if function.gives_date and not isinstance(result, str):
        return str(moments(float(result)))
    return str(result) if isinstance(result, (str, bool)) else f"{result:.15g}"


def argument_line(argument: Argument) -> str:
    """What an argument is: its kind, unit, and default."""
    parts = [_(argument.unit)]
    if argument.choices:
        parts = [" · ".join(argument.choices)]
    if argument.is_range:
        parts.append(_("range"))
    if not argument.required and argument.default is not None and not argument.variadic:
        parts.append(_("optional, {default} if left out").format(default=literal(argument.default)))
    elif not argument.required:
        parts.append(_("optional"))
    return ", ".join(parts)


def native_examples(function: SalesFunction) -> Iterator[tuple[str, str]]:
    """The native twin with the arguments' names as references; one per word, each with it, of a choice."""
    given = {argument.name: argument.name for argument in function.arguments}
    choices = [argument for argument in function.arguments if argument.choices]
    if not (function.native_for and choices):
        yield "", "=" + function.native_formula(**given)
        return
    for word in choices[0].choices:
        yield word, "=" + function.native_formula(**{**given, choices[0].name: f'"{word}"'})


def too_many(function: SalesFunction, count: int) -> str:
    """A call has more arguments than the function takes."""
    return _("{count} arguments are too many: {signature}.").format(count=count, signature=function.signature)


def docstring(function: SalesFunction) -> str:
    """The function's Python documentation, in numpydoc's form."""
    shapes = "array_like or scalar"
    lines = [function.summary, "", "Parameters", "----------"]
    for argument in function.arguments:
        optional = "" if argument.required or argument.variadic else ", optional"
        kind = "range (array_like)" if argument.is_range else shapes
        lines += [f"{argument.name} : {kind}{optional}", f"    {argument.help} Unit: {argument.unit}."]
    lines += ["", "Returns", "-------", _returns(function), f"    Unit: {function.unit}."]
    lines += ["", "Raises", "------", "SalesFunctionError", f"    {_COMMON_ERRORS}", "", "Notes", "-----"]
    lines += [f"Formula: {function.formula}", ""]
    lines += [line for note in function.notes for line in (note, "")]
    lines += [f"Source: {function.source}", "", "Examples", "--------"]
    lines.append(">>> import xlsales")
    for example in function.examples:
        lines += [f">>> {_python_example(function, example)}  # {example.working}", _as_python(function, example)]
    return "\n".join(lines) + "\n"


def _python_example(function: SalesFunction, example: Example) -> str:
    """A call whose printed result is the same on every computer."""
    call = python_call(function, example)
    if function.gives_date:
        return f"str({call})"
    return call if isinstance(example.result, (str, list)) else f"round({call}, {_DECIMALS})"


def _as_python(function: SalesFunction, example: Example) -> str:
    if function.gives_date:
        return repr(str(moments(example.result)))
    if isinstance(example.result, (str, list)):
        return repr(example.result)
    return repr(round(float(example.result), _DECIMALS))


def _returns(function: SalesFunction) -> str:
    if function.spills:
        return "list"
    kind = "str" if function.gives_text else "datetime.date" if function.gives_date else "float"
    if all(argument.is_range for argument in function.arguments):
        return kind
    return f"{kind}, array or Series, of the shape that the arguments broadcast to"
