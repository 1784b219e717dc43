"""What a cell holds, as Python sees it, and Excel's serial dates."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from xlsales.epoch import EPOCH
from xlsales.functions.errors import CellError

CellValue: TypeAlias = float | str | bool | CellError | None
InputValue: TypeAlias = float | str | dt.date | None
Address: TypeAlias = tuple[str, str]  # sheet and cell: ("Targets", "C4")


def serial(date: dt.date) -> int:
    """Return the serial number of a date."""
    return (date if type(date) is dt.date else dt.date(date.year, date.month, date.day)).toordinal() - EPOCH.toordinal()
