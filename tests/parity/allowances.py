"""Where a native twin may answer otherwise than the function: these kinds of argument, and no others.

The user guide documents each of them. Everywhere else twin and function must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.parity.cases import Case, rows_of
from xlsales.functions.arguments import MISSING, Argument, Kind
from xlsales.functions.coercion import READERS, WRONG, is_blank


@dataclass(frozen=True)
class Allowance:
    """A kind of call that a twin may answer otherwise."""

    kind: str
    reason: str
    applies: Callable[[Case], bool]


def _any_cell(condition: Callable[[Argument, Any], bool]) -> Callable[[Case], bool]:
    return lambda case: any(condition(argument, cell) for argument, cell in case.cells())


def _incomplete_row(case: Case) -> bool:
    """Whether ranges go together of which one has a blank cell, and with it a row that is left out."""
    together = [given for argument, given in case.pairs() if argument.is_range and argument.skip_blanks]
    return len(together) > 1 and any(
        is_blank(cell) for given in together if given is not MISSING for row in rows_of(given) for cell in row
    )


def _different_sizes(case: Case) -> bool:
    ranges = [given for argument, given in case.pairs() if argument.is_range and given is not MISSING]
    return len({(len(rows_of(given)), len(rows_of(given)[0])) for given in ranges}) > 1


def _block(case: Case) -> bool:
    """Whether ranges have several rows and several columns."""
    return any(
        argument.is_range and len(rows_of(given)) > 1 and len(rows_of(given)[0]) > 1 for argument, given in case.pairs()
    )


FIRST_OF_MARCH = 61  # 1900, as a serial date


# A twin may show an error here although the function has a result.
STRICTER = (
    Allowance(
        "a number or date stored as text",
        "A formula would need VALUE or DATEVALUE around every argument, which read text differently in every country.",
        _any_cell(
            lambda argument, cell: (
                argument.is_numeric
                and isinstance(cell, str)
                and cell != ""
                and READERS[argument.kind](cell) is not WRONG
            )
        ),
    ),
    Allowance(
        "a blank cell given for an optional argument",
        "A formula cannot tell a blank cell from 0 without an IF for each; leave the argument out instead.",
        _any_cell(lambda argument, cell: argument.default is not MISSING and not argument.variadic and is_blank(cell)),
    ),
    Allowance(
        'empty text, as from =IF(…,""), or text of spaces in a range',
        "COUNTA counts it, so that the twin takes it for text that is no number.",
        _any_cell(lambda argument, cell: argument.is_range and isinstance(cell, str) and is_blank(cell)),
    ),
    Allowance(
        "a word with spaces around it",
        "A formula would need TRIM around every word.",
        _any_cell(lambda argument, cell: bool(argument.choices) and isinstance(cell, str) and cell != cell.strip()),
    ),
    Allowance(
        "1, 0, YES or NO for TRUE or FALSE",
        "A formula takes any number for a truth, and no word.",
        _any_cell(lambda argument, cell: argument.kind is Kind.FLAG and not isinstance(cell, bool)),
    ),
    Allowance(
        "a number outside its domain, in a row that is left out because another cell of it is blank",
        "A formula checks whole ranges with MIN and MAX before it pairs them.",
        _incomplete_row,
    ),
    Allowance(
        "a block of several rows and columns, where the answer is looked up by its position",
        "MATCH takes one row or one column, and so does INDEX with one number.",
        lambda case: "INDEX(" in case.function.native and _block(case),
    ),
    Allowance(
        "text of spaces for a date or a revenue, and names that begin with one",
        "TRIM leaves the spaces that do not break, and takes one cell at a time.",
        _any_cell(
            lambda argument, cell: (
                (argument.keep_blank or argument.kind is Kind.TEXT) and isinstance(cell, str) and cell[:1].isspace()
            )
        ),
    ),
)
# One program reads these otherwise than Excel, and its twins may say anything.
IN_LIBREOFFICE = (
    Allowance(
        "TRUE or FALSE where a number or a text is wanted",
        "LibreOffice counts TRUE and FALSE as the numbers 1 and 0; Excel does not.",
        _any_cell(
            lambda argument, cell: (argument.is_numeric or argument.kind is Kind.TEXT) and isinstance(cell, bool)
        ),
    ),
    Allowance(
        "a date before March 1900",
        "Excel's calendar has a 29 February 1900; LibreOffice's has not, and is a day ahead before it.",
        _any_cell(
            lambda argument, cell: (
                argument.kind is Kind.DATE and isinstance(cell, (int, float)) and 0 < cell < FIRST_OF_MARCH
            )
        ),
    ),
)
IN_THE_ENGINE = (
    Allowance(
        "ranges of different sizes",
        "The engine's COUNTIFS takes them; Excel's and LibreOffice's give an error.",
        _different_sizes,
    ),
)


def applies(allowances: tuple[Allowance, ...], case: Case) -> bool:
    """Whether one of these allowances is for this call."""
    return any(allowance.applies(case) for allowance in allowances)
