"""What a cell of somebody's workbook holds, told apart as Excel does: blank, "", an error and 0 are four things."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_ISO8601

from xlsales.cells.values import Address, CellValue, serial
from xlsales.epoch import EPOCH, FIRST_OF_MARCH
from xlsales.functions.errors import CellError

DAYS_TO_1904 = 1462  # days between the two calendars of Excel
_LAST_SERIAL = 2_958_465  # 9999-12-31


class Kind(StrEnum):
    """What a cell holds."""

    BLANK = "blank"
    EMPTY_TEXT = "empty text"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    NOT_CALCULATED = "not calculated"  # a formula whose value nobody has stored


class Given(NamedTuple):
    """What stands in a cell, as the file has it."""

    kind: Kind
    value: float | str | bool | None  # an error by its code; None where there is no value
    sheet: str
    cell: str
    formula: str = ""  # without the equals sign
    number_format: str = "General"
    from_1904: bool = False  # whether the workbook counts its days from 1904
    is_rich: bool = False  # a data type, taken for the text that it shows, or what has none: an error, for a picture

    @property
    def address(self) -> Address:
        """The sheet and the cell."""
        return self.sheet, self.cell

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands there, not even an empty text or a formula."""
        return self.kind is Kind.BLANK

    @property
    def shows_date(self) -> bool:
        """Whether its number format shows a number as a date."""
        return _shows_date(self.number_format)

    @property
    def day(self) -> dt.date | None:
        """The day that its number is in this workbook; None for what is no number, or no day of Excel's."""
        if self.kind is not Kind.NUMBER:
            return None
        number = float(self.value or 0) + (DAYS_TO_1904 if self.from_1904 else 0)
        if not 1 <= number < _LAST_SERIAL + 1:
            return None
        days = int(number)
        return EPOCH + dt.timedelta(days=days + (days < FIRST_OF_MARCH - 1))

    @property
    def cell_value(self) -> CellValue:
        """Its value as formulas read it; None for blank and for what is not calculated."""
        match self.kind:
            case Kind.BLANK | Kind.NOT_CALCULATED:
                return None
            case Kind.ERROR:
                return CellError(str(self.value))
        return self.value


@lru_cache(maxsize=1024)
def _shows_date(number_format: str) -> bool:
    return bool(is_date_format(number_format))


def serial_of(text: str) -> float:
    """Return the serial number of a day, a moment or a time of day as ISO 8601 has it, counted from 1900."""
    moment = from_ISO8601(text)
    clock = moment.time() if isinstance(moment, dt.datetime) else moment if isinstance(moment, dt.time) else dt.time()
    if isinstance(moment, dt.timedelta):
        return moment.total_seconds() / 86_400
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6
    days = serial(moment) if isinstance(moment, dt.date) else 0
    return days + seconds / 86_400
