"""Answers calls as Python does beside Excel: xlwings' own COM server, with pywin32 as a stub.

A program: pickled `(module, function, arguments)` on its standard input, a pickled pair on its standard
output for each: True and the result, or False and the description that COM would carry.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any, BinaryIO

from tests.parity import pywin32
from xlsales.functions import SalesFunctionError


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # xlwings prints
    pywin32.install()
    from xlwings import com_server

    com_server.FromVariant = lambda value: value  # unwraps COM objects, and the stub has none
    answer_all(sys.stdin.buffer, answers, com_server.XLPython())


def answer_all(calls: BinaryIO, answers: BinaryIO, server: Any) -> None:
    """Answer each call when it comes."""
    while True:
        try:
            module, function, arguments = pickle.load(calls)
        except EOFError:
            return
        try:
            answer = True, server.CallUDF(module, function, arguments)
        except Exception as error:
            name = "" if isinstance(error, SalesFunctionError) else f"{type(error).__name__}: "  # as serve.py has it
            answer = False, f"{name}{error}"
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
