"""The types of the functions as editors and type checkers read them, from their declarations.

python -m xlsales.functions.stubs xlsales/__init__.pyi
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from xlsales.functions import formulas
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.catalogue import CATALOGUE
from xlsales.functions.registry import SalesFunction

COMMAND = "python -m xlsales.functions.stubs xlsales/__init__.pyi"
OTHERS = ("CATALOGUE", "CellError", "Checked", "SalesFunctionError", "check")
RETURNED = ("Collected", "collect")
_HEAD = f"""\
# The types of the public names. Made from the declarations of the functions: do not edit, run
# {COMMAND}
# mypy: disable-error-code="overload-overlap"

import datetime as dt
from array import array
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.collection import {", ".join(RETURNED)}
{{imports}}
from xlsales.version import __version__

class _PolarsSeries(Protocol):  # known by what it offers, so that polars need not be there
    def null_count(self) -> int: ...
    def to_physical(self) -> Any: ...
    def is_null(self) -> Any: ...

_Polars = TypeVar("_Polars", bound=_PolarsSeries)
_Number: TypeAlias = float | Decimal | np.number[Any] | str  # text such as "20%"
_Date: TypeAlias = dt.date | np.datetime64 | float | str  # text such as "2027-01-31"
_Text: TypeAlias = str | float
_Column: TypeAlias = (
    npt.NDArray[Any] | list[Any] | tuple[Any, ...] | range | Iterator[Any] | array[Any] | deque[Any] | memoryview
)
_Range: TypeAlias = _Column | pd.Series[Any] | _PolarsSeries | _Number | dt.date

"""
_SINGLE = {Kind.NUMBER: "_Number", Kind.RATE: "_Number", Kind.DATE: "_Date", Kind.FLAG: "bool", Kind.TEXT: "_Text"}
_SEVERAL = ("_Column", "_Column | pd.Series[Any]", "_Column | _Polars")  # in the place of single values
_FILLING = {"REVENUE_BLOCKER": "list[list[str | float]]"}  # what fills several cells
_TEXTS = "list[list[str]] | str"


def document() -> str:
    """The whole file."""
    imports = f"from xlsales.functions import {', '.join(OTHERS)}"
    names = sorted([*OTHERS, *RETURNED, "__version__", *(function.python_name for function in CATALOGUE.values())])
    listed = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n"
    functions = "".join(line for function in CATALOGUE.values() for line in _definitions(function))
    return _HEAD.replace("{imports}", imports) + listed + "\n" + functions


def _definitions(function: SalesFunction) -> Iterator[str]:
    if function.is_variadic:
        yield "@overload\ndef sales_explain(function_name: str, *argument: _Text | bool | dt.date | None) -> str: ...\n"
        yield "@overload\ndef sales_explain(function_name: str, *argument: Any) -> Any: ...\n"
        return
    single, *several = _results(function)
    if function.spills or all(argument.is_range for argument in function.arguments):
        yield _definition(function, "", single)
        return
    yield "@overload\n" + _definition(function, "", single)
    for taken, result in zip(_SEVERAL, several, strict=True):
        yield "@overload\n" + _definition(function, taken, result)


def _definition(function: SalesFunction, several: str, result: str) -> str:
    parameters = ", ".join(_parameter(argument, several) for argument in function.arguments)
    return f"def {function.python_name}({parameters}) -> {result}: ...\n"


def _parameter(argument: Argument, several: str) -> str:
    parts = ["_Range"] if argument.is_range else [_single(argument)]
    if several and not argument.is_range:
        parts.append(several)
    if argument.keep_blank or not argument.required:
        parts.append("None")
    return f"{argument.name}: {' | '.join(parts)}{'' if argument.required else ' = ...'}"


def _single(argument: Argument) -> str:
    if argument.choices:
        return _literal([word for choice in argument.choices for word in (choice, choice.lower())])
    return _SINGLE[argument.kind]


def _literal(words: list[str]) -> str:
    return f"Literal[{', '.join(repr(word) for word in words)}]".replace("'", '"')


def _results(function: SalesFunction) -> tuple[str, str, str, str]:
    """What single values, arrays, pandas and polars give."""
    if function.spills:
        result = _FILLING.get(function.name, _TEXTS)
        return (result,) * 4
    if function.gives_date:
        return "dt.date", "npt.NDArray[np.datetime64]", "pd.Series[pd.Timestamp]", "_Polars"
    if function.gives_text:
        words = [case.text for case in formulas.cases(function.formula) if formulas.is_word(case.text)]
        single = _literal(list(dict.fromkeys(words))) if words else "str"
        return single, "npt.NDArray[np.object_]", "pd.Series[str]", "_Polars"
    return "float", "npt.NDArray[np.float64]", "pd.Series[float]", "_Polars"


def main(arguments: list[str]) -> None:
    """Write the types into the file named."""
    Path(arguments[0]).write_text(document(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
