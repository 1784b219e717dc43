"""A workbook that a test saves twice with openpyxl is the same twice, even when a second ends between the two."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import openpyxl.packaging.core
import openpyxl.writer.excel

_MOMENT = dt.datetime(2027, 1, 31, 12, 0, 0)


class _Stopped(dt.datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> _Stopped:
        """The moment at which all workbooks are saved."""
        return cls.combine(_MOMENT.date(), _MOMENT.time(), tz)


_CLOCK = SimpleNamespace(datetime=_Stopped, timezone=dt.timezone)


def stop_the_clock_of_openpyxl() -> None:
    """Let every workbook that this process saves say the same moment."""
    for module in (openpyxl.packaging.core, openpyxl.writer.excel):
        module.datetime = _CLOCK
