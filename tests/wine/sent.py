"""The values of a case as the questions to the programs in `inside` hold them, and their answers as outcomes."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from tests.parity import excel
from tests.parity.cases import Given
from tests.parity.outcomes import Outcome, outcome
from xlsales.functions import CellError
from xlsales.functions.errors import ERROR_NUMBERS
from xlsales.functions.serials import serial

MISSING = {"error": -2147352572}
E_FAIL = -2147467259


def argument(given: Given, chance: random.Random) -> Any:
    """An argument; numbers now and then as currency, dates as dates or serials, single cells as ranges of one."""
    return _tagged(excel.sent(given, chance))


def _tagged(value: Any) -> Any:
    if isinstance(value, tuple):
        return [[_tagged(cell) for cell in row] for row in value]
    if isinstance(value, Decimal):
        return {"currency": str(value)}
    if isinstance(value, dt.datetime):
        return {"date": serial(value)}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"error": value}  # nothing else comes as an integer
    return value


def answered(answer: dict[str, Any]) -> Outcome:
    """What a cell would show, as our VBA reads it: error texts as errors, a list as a row."""
    if "value" not in answer:
        assert answer["number"] == E_FAIL, answer
        return [[CellError(answer["description"].split(" ", 1)[0], answer["description"])]]
    value = answer["value"]
    if not isinstance(value, dict):
        return [[_cell(value)]]
    cells = value["cells"] if len(value["lowest"]) == 2 else [value["cells"]]
    return [[_cell(cell) for cell in row] for row in outcome(cells)]


def _cell(value: Any) -> Any:
    assert isinstance(value, (float, str)), f"VBA does not expect {value!r}"
    return CellError(value) if value in ERROR_NUMBERS else value
