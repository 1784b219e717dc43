"""Excel's error values, and the exception that stands for them in Python."""

from __future__ import annotations

from dataclasses import dataclass, field

NULL = "#NULL!"
DIV0 = "#DIV/0!"
VALUE = "#VALUE!"
REF = "#REF!"
NAME = "#NAME?"
NUM = "#NUM!"
NA = "#N/A"

# Excel's own numbers (xlErrNull …), as COM and VBA's CVErr use them.
ERROR_NUMBERS = {
    NULL: 2000,
    DIV0: 2007,
    VALUE: 2015,
    REF: 2023,
    NAME: 2029,
    NUM: 2036,
    NA: 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
    "#BUSY!": 2051,
    "#PYTHON!": 2222,
}


@dataclass(frozen=True)
class CellError:
    """An error value in a cell; two of the same code are equal, whatever their reasons."""

    code: str
    message: str = field(default="", compare=False)  # why, and what to do instead
    argument: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.code


class SalesFunctionError(ValueError):
    """A sales function has no result for these arguments.

    Attributes
    ----------
    code : str
        The error value that a cell would show, for example `#NUM!`.
    argument : str
        The argument at fault; empty where it is not a single one.
    message : str
        What is wrong and what to do instead.
    """

    def __init__(self, code: str, argument: str, message: str) -> None:
        super().__init__(code, argument, message)
        self.code = code
        self.argument = argument
        self.message = message

    def __str__(self) -> str:
        return f"{self.code} {self.message}"

    def as_cell(self) -> CellError:
        """The same error as a cell holds it."""
        return CellError(self.code, self.message, self.argument)
