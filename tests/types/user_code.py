"""What users write: lines marked `refused` are mistakes that a type checker must find, and all others are fine.

mypy, which checks all of this project, tells a comment `type: ignore` that is not needed.
"""

import datetime as dt
from array import array
from typing import Any, Literal, assert_type

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

import xlsales

FLOATS: npt.NDArray[np.float64] = np.array([13.0, 5.0])
SERIES = pd.Series([13.0, 5.0])
POLARS = pl.Series("won", [13.0, 5.0])

# single values give single values
assert_type(xlsales.close_ratio(13, 20), float)
assert_type(xlsales.close_ratio("13", np.float64(20)), float)
assert_type(xlsales.magic_number(15000, 2500, "60%", 0.4, weeks=1), float)
assert_type(xlsales.breakeven_revenue(1e5, 0.5, 0.2, "PRICE"), float)
assert_type(xlsales.breakeven_revenue(1e5, 0.5, 0.2, basis="price"), float)
assert_type(xlsales.next_checkin("2027-01-31", "MONTHLY"), dt.date)
assert_type(xlsales.next_checkin(dt.datetime(2027, 1, 31), "yearly"), dt.date)
assert_type(xlsales.discount_guard(0.5, 0.2, 0.3, True), Literal["NO", "APPROVAL", "OK"])
assert_type(xlsales.account_tier(4.2), Literal["A", "B", "C"])
assert_type(xlsales.checkin_status(None, "WEEKLY", 46000), Literal["NEVER", "OK", "DUE", "OVERDUE"])
assert_type(xlsales.sales_explain("CLOSE_RATIO", 13, 20), str)

# ranges are taken whole
assert_type(xlsales.org_health([3] * 12), float)
assert_type(xlsales.weighted_pipeline(SERIES, POLARS), float)
assert_type(xlsales.commission(120000, 100000, [0, 1], (0.05, 0.1)), float)
assert_type(xlsales.best_in_front([3, 5], ["Ann", "Bob"]), str)
assert_type(xlsales.peer_gap(5, FLOATS), float)

# arrays, lists and iterators give arrays; Series give Series of their library
assert_type(xlsales.close_ratio([13, 5], 20), npt.NDArray[np.float64])
assert_type(xlsales.close_ratio(FLOATS, [20, None]), npt.NDArray[np.float64])
assert_type(xlsales.close_ratio(array("d", [13]), 20), npt.NDArray[np.float64])
assert_type(xlsales.close_ratio((won for won in (13, 5)), 20), npt.NDArray[np.float64])
assert_type(xlsales.close_ratio(SERIES, 20), "pd.Series[float]")
assert_type(xlsales.close_ratio(SERIES, FLOATS), "pd.Series[float]")
assert_type(xlsales.close_ratio(20, POLARS), pl.Series)
assert_type(xlsales.account_tier(SERIES), "pd.Series[str]")
assert_type(xlsales.account_tier(FLOATS), npt.NDArray[np.object_])
assert_type(xlsales.commission(SERIES, 100000, [0, 1], [0.05, 0.1]), "pd.Series[float]")
assert_type(xlsales.check("CLOSE_RATIO", 13, 20), xlsales.Checked)

ROWS: Any = xlsales.sales_explain("CLOSE_RATIO", FLOATS, 20)
SHARE: float = xlsales.close_ratio(13, 20)

# mistakes
xlsales.close_ratio(13)  # type: ignore[call-overload]  # refused
xlsales.close_ratio(13, 20, 1)  # type: ignore[call-overload]  # refused
xlsales.close_ratio(won=13, lost=7)  # type: ignore[call-overload]  # refused
xlsales.close_ratio(None, 20)  # type: ignore[call-overload]  # refused
xlsales.close_ratio({"won": 13}, 20)  # type: ignore[call-overload]  # refused
xlsales.close_ratio({13, 5}, 20)  # type: ignore[call-overload]  # refused
xlsales.close_ratio(object(), 20)  # type: ignore[call-overload]  # refused
xlsales.breakeven_revenue(1e5, 0.5, 0.2, "REBATE")  # type: ignore[call-overload]  # refused
xlsales.next_checkin("2027-01-31", "SOMETIMES")  # type: ignore[call-overload]  # refused
xlsales.discount_guard(0.5, 0.2, 0.3, "maybe")  # type: ignore[call-overload]  # refused
xlsales.magic_numbr(1, 1, 1, 1)  # type: ignore[attr-defined]  # refused
WORD: str = xlsales.close_ratio(13, 20)  # type: ignore[assignment]  # refused
RATIO: float = xlsales.close_ratio([13, 5], 20)  # type: ignore[assignment]  # refused
TIER: Literal["A", "B"] = xlsales.account_tier(4.2)  # type: ignore[assignment]  # refused
LISTED: npt.NDArray[np.float64] = xlsales.close_ratio(13, 20)  # type: ignore[assignment]  # refused
if xlsales.account_tier(4.2) == "D":  # type: ignore[comparison-overlap]  # refused
    raise SystemExit
