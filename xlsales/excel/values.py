"""What a cell holds, as Python sees it, and Excel's serial dates."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from xlsales.functions.errors import CellError

CellValue: TypeAlias = float | str | bool | CellError | None
InputValue: TypeAlias = float | str | dt.date | None
Address: TypeAlias = tuple[str, str]  # sheet and cell: ("Targets", "C4")

_EPOCH = dt.date(1899, 12, 30)  # serial 0, for dates from March 1900 on


def serial(date: dt.date) -> int:
    """Return the serial number of a date."""
    return (
        date if type(date) is dt.date else dt.date(date.year, date.month, date.day)
    ).toordinal() - _EPOCH.toordinal()
