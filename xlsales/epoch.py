"""Where Excel's serial dates begin: the day that a workbook counts from, once for the whole project."""

from __future__ import annotations

import datetime as dt
from typing import Final

EPOCH: Final = dt.date(1899, 12, 30)  # serial 0, for dates from March 1900 on
MIDNIGHT: Final = dt.datetime(EPOCH.year, EPOCH.month, EPOCH.day)  # the same, as a moment
ISO: Final = EPOCH.isoformat()  # the same, for NumPy
FIRST_OF_MARCH: Final = 61  # Excel counts a 29 February 1900 that never was: earlier serials are one lower
FIXED_DATE = dt.datetime(2020, 1, 1)  # of the files that are built: the same in every build
