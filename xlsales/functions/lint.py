"""What Excel, VBA or xlwings would refuse, or get wrong in silence, in the declaration of a function.

Nobody checks these when a workbook is built: xlwings writes the wrappers as they come, and Excel shows what
is wrong only when the macro is compiled on a user's computer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from xlsales.functions.arguments import Argument
from xlsales.functions.excel_names import BUILT_IN, RESERVED_IN_VBA, USED_BY_WRAPPERS, name_in_vba
from xlsales.functions.registry import SalesFunction

LONGEST_TEXT = 255  # what the function wizard shows of a summary or an argument's help
LONGEST_ARGUMENTS = 254  # the number of arguments and the characters of all their names, together
MOST_ARGUMENTS = 60  # of a function in VBA
LONGEST_NAME = 255

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW_COLUMN = re.compile(r"R[0-9]*|C[0-9]*|R[0-9]+C[0-9]*|RC[0-9]*")
_LAST_COLUMN = 16384  # XFD
_LAST_ROW = 1048576


def problems(functions: Iterable[SalesFunction]) -> list[str]:
    """Everything that is wrong with these functions, each with its place and what to do instead."""
    listed = list(functions)
    counted = Counter(function.name.upper() for function in listed)
    found = [problem for function in listed for problem in _of_function(function, frozenset(counted))]
    found += [
        f"{name}: {count} functions have this name; Excel knows no letter case."
        for name, count in counted.items()
        if count > 1
    ]
    return found


def _of_function(function: SalesFunction, functions: frozenset[str]) -> Iterator[str]:
    name = function.name
    yield from (f"{name}: {problem}" for problem in _of_name(name))
    if name.upper() in BUILT_IN:
        yield f"{name}: Excel has a function of this name; choose another."
    if len(function.summary) > LONGEST_TEXT:
        yield f"{name}: {_too_long('summary', function.summary)}"
    for argument in function.arguments:
        yield from (f"{name}, {argument.name}: {problem}" for problem in _of_argument(argument, functions))
    yield from (f"{name}: {problem}" for problem in _of_arguments_together(function, functions))


def _of_name(name: str) -> Iterator[str]:
    if name.startswith("_"):
        yield "VBA refuses a name that begins with an underscore; drop it."
    elif not _IDENTIFIER.fullmatch(name):
        yield "VBA takes only a letter followed by letters, digits and underscores as a name."
    if len(name) > LONGEST_NAME:
        yield f"a name has at most {LONGEST_NAME} characters in VBA; this one has {len(name)}."
    if name.lower() in RESERVED_IN_VBA:
        yield "this is a reserved word of VBA; choose another name."
    if is_cell_address(name):
        yield "Excel reads this as the address of a cell; choose another name."


def is_cell_address(name: str) -> bool:
    """Whether Excel reads a name as the address of cells: `Q1`, `tax2024`, `R1C1`, `RC`."""
    word = name.upper()
    if _ROW_COLUMN.fullmatch(word):
        return True
    match = _CELL.fullmatch(word)
    if not match:
        return False
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column <= _LAST_COLUMN and 1 <= int(match[2]) <= _LAST_ROW


def _of_argument(argument: Argument, functions: frozenset[str]) -> Iterator[str]:
    yield from _of_name(argument.name)
    if argument.name.lower() in USED_BY_WRAPPERS:
        yield "the function's VBA wrapper uses this name itself; choose another."
    in_vba = name_in_vba(argument.name, functions)
    if in_vba.upper() in functions:
        yield f"in VBA this would be {in_vba}, which is a function's name as well; choose another."
    if len(argument.help) > LONGEST_TEXT:
        yield _too_long("help", argument.help)


def _of_arguments_together(function: SalesFunction, functions: frozenset[str]) -> Iterator[str]:
    names = [name_in_vba(argument.name, functions).lower() for argument in function.arguments]
    yield from (f"two arguments are called {name}." for name, count in Counter(names).items() if count > 1)
    if any(argument.name.upper() == function.name.upper() for argument in function.arguments):
        yield "an argument has the function's own name, which VBA refuses; rename the argument."
    if len(names) > MOST_ARGUMENTS:
        yield f"VBA takes at most {MOST_ARGUMENTS} arguments; there are {len(names)}."
    length = len(names) + sum(map(len, names))
    if length > LONGEST_ARGUMENTS:
        yield (
            f"the number of arguments and the letters of their names add up to {length}, and Excel's "
            f"function wizard breaks above {LONGEST_ARGUMENTS}; shorten the names."
        )
    if function.is_variadic and any(not argument.required for argument in function.arguments[:-1]):
        yield "xlwings refuses optional arguments before one that is given any number of times."


def _too_long(what: str, text: str) -> str:
    return f"the {what} has {len(text)} characters, and Excel shows {LONGEST_TEXT}; shorten it."
