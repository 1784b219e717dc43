"""What holds several cells: right, or a clear TypeError."""

from __future__ import annotations

import array
import collections
import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlsales
from xlsales.functions import CATALOGUE

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")

COLUMNS: list[Any] = [
    [13, None, 5],
    (13, None, 5),
    lambda: (won for won in (13, None, 5)),
    lambda: iter([13, "", 5]),
    lambda: map(float, ("13", "nan", "5")),
    collections.deque([13, None, 5]),
    array.array("d", [13, float("nan"), 5]),
    memoryview(array.array("d", [13, float("nan"), 5])),
    np.ma.array([13.0, 99.0, 5.0], mask=[False, True, False]),
    np.ma.array([13, 99, 5], mask=[False, True, False]),
    np.ma.array(["13", "99", "5"], mask=[False, True, False]),
    np.ma.array([13, 99, 5], mask=[False, True, False], dtype=object),
    [13, np.ma.masked, 5],
    [np.array(13), None, np.array(5)],
    pa.array([13, None, 5]),
    pa.array([13.0, None, 5.0]),
    pa.array(["13", None, "5"]),
    pa.array(["13", None, "5"]).dictionary_encode(),
    pa.chunked_array([[13, None], [5]]),
    [pa.scalar(13), pa.scalar(None, pa.int64()), pa.scalar(5)],
    {1: 13, 2: None, 3: 5}.values(),
]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: type(column).__name__)
def test_column_is_read_with_its_missing_cells(column: Any) -> None:
    def given() -> Any:
        return column() if callable(column) else column

    checked = xlsales.check("CLOSE_RATIO", given(), 20)
    assert isinstance(checked.values, np.ndarray)
    assert checked.errors.tolist() == ["", "#N/A", ""]
    assert checked.values[[0, 2]].tolist() == [0.65, 0.25]
    assert xlsales.peer_gap(18, given()) == pytest.approx(1)  # the mean of 13 and 5 is 9


@pytest.mark.parametrize("zone", ["America/New_York", None])
def test_dates_of_arrow_count_as_the_days_they_show(zone: str | None) -> None:
    shown = pd.Series([pd.Timestamp("2027-01-31 23:00"), pd.NaT]).dt.tz_localize(zone)
    starts = pa.array(shown)
    assert xlsales.next_checkin(starts, "MONTHLY").tolist() == [dt.date(2027, 2, 28), None]
    days = pa.array([dt.date(2027, 1, 31), None])
    assert xlsales.next_checkin(days, "MONTHLY").tolist() == [dt.date(2027, 2, 28), None]


def test_masked_dates_are_blank() -> None:
    days = np.ma.array(np.array(["2027-01-31", "2027-02-28"], dtype="M8[D]"), mask=[False, True])
    assert xlsales.checkin_status(days, "MONTHLY", "2027-02-28").tolist() == ["DUE", "NEVER"]


@pytest.mark.parametrize(
    ("single", "result"),
    [(np.ma.array(13.0), 0.65), (np.array(13), 0.65), (pa.scalar(13), 0.65), (np.float32(13), 0.65)],
)
def test_single_value_in_a_wrapping_is_a_single_value(single: Any, result: float) -> None:
    assert xlsales.close_ratio(single, 20) == result


@pytest.mark.parametrize(
    "single", [np.ma.masked, np.array(np.nan), pa.scalar(None), pd.NA, pd.NaT, "", " \t", "\u00a0"]
)
def test_single_value_that_is_missing_is_blank(single: Any) -> None:
    assert xlsales.check("CLOSE_RATIO", single, 20).errors == "#N/A"


@pytest.mark.parametrize(
    "given",
    [{"a": 1}, {1, 2}, frozenset([1]), pa.table({"a": [1]}), pl.LazyFrame({"a": [1]}), collections.Counter("a")],
    ids=lambda given: type(given).__name__,
)
@pytest.mark.parametrize(("name", "others"), [("CLOSE_RATIO", (20,)), ("ORG_HEALTH", ())])
def test_what_has_no_order_of_cells_is_a_type_error(name: str, others: tuple[Any, ...], given: Any) -> None:
    argument = CATALOGUE[name].arguments[0].name
    with pytest.raises(TypeError, match=rf"^{argument} is a {type(given).__name__}: give a single value, a list"):
        CATALOGUE[name].call(given, *others)


def test_polars_in_polars_out_with_nulls() -> None:
    won = pl.Series("won", [13, None, 5])
    found = xlsales.close_ratio(won, 20)
    assert isinstance(found, pl.Series)
    assert (found.name, found.to_list()) == ("won", [0.65, None, 0.25])
    checked = xlsales.check("CLOSE_RATIO", won, pl.Series("proposals", [10, 10, 10]))
    assert checked.errors.to_list() == ["#NUM!", "#N/A", ""]
    assert checked.values.name == ""
    words = xlsales.selling_time_status(pl.Series("time", [0.5, None, 0.9]))
    assert words.to_list() == ["BELOW", None, "ABOVE"]
    assert xlsales.check("CLOSE_RATIO", won.clear(), 1).errors.dtype == pl.String


def test_polars_dates_with_a_time_zone_count_as_the_days_they_show() -> None:
    held = pl.Series("held", [dt.datetime(2027, 1, 31, 23), None]).dt.replace_time_zone("Asia/Tokyo")
    found = xlsales.next_checkin(held, "MONTHLY")
    assert (found.dtype, found.to_list()) == (pl.Date, [dt.date(2027, 2, 28), None])
    assert xlsales.next_checkin(held.dt.replace_time_zone(None), "MONTHLY").to_list() == found.to_list()


def test_polars_range_gives_a_single_value() -> None:
    assert xlsales.weighted_pipeline(pl.Series([100, 200, None]), pl.Series([0.5, 0.25, 0.1])) == 100


def test_series_of_two_libraries_are_refused() -> None:
    with pytest.raises(TypeError, match="convert one of them"):
        xlsales.close_ratio(pl.Series([1, 2]), pd.Series([1, 2]))


def test_iterator_is_explained_as_well() -> None:
    told = xlsales.sales_explain("CLOSE_RATIO", (won for won in (13, 5)), 20)
    assert told == ["CLOSE_RATIO is won ÷ proposals: 13 ÷ 20 = 65%.", "CLOSE_RATIO is won ÷ proposals: 5 ÷ 20 = 25%."]


def test_dates_of_an_array_where_texts_are_wanted_are_texts_of_their_numbers() -> None:
    days = np.array(["2027-01-01", "2027-02-01"], dtype="M8[D]")
    assert CATALOGUE["BEST_IN_FRONT"].call([3, 5], days) == "46419"


@pytest.mark.parametrize("blank", [None, float("nan"), pd.NA, "", " "])
@pytest.mark.parametrize("shape", [(6,), (6, 1), (2, 3)])
def test_numbers_beside_any_kind_of_blank_are_read_as_they_are(blank: Any, shape: tuple[int, ...]) -> None:
    cells = np.array([13, blank, 5.0, 0, -0.0, 2**53 + 1], dtype=object).reshape(shape)
    checked = xlsales.check("QUOTA_ATTAINMENT", cells, 4)
    assert checked.values.shape == checked.errors.shape == shape
    assert checked.values.ravel()[[0, 2, 3, 4, 5]].tolist() == [3.25, 1.25, 0, 0, 2.0**51]
    assert checked.errors.ravel().tolist() == ["", "#N/A", "", "", "", ""]
    assert xlsales.check("CHECKIN_STATUS", cells, "WEEKLY", 46000).values.ravel()[[1, 3, 4]].tolist() == ["NEVER"] * 3


def test_an_integer_larger_than_any_number_of_a_cell_is_out_of_domain_beside_blanks_too() -> None:
    checked = xlsales.check("QUOTA_ATTAINMENT", [10**400, None, -(10**400), 2], 4)
    assert checked.errors.tolist() == ["#NUM!", "#N/A", "#NUM!", ""]


@pytest.mark.parametrize("kind", ["Int64", "Float64", "UInt8", "Float32"])
def test_columns_of_pandas_with_na_are_numbers_wherever_numbers_or_texts_are_wanted(kind: str) -> None:
    column = pd.Series([13, None, 5], dtype=kind, name="won")
    ratios = xlsales.close_ratio(column, 20)
    assert (ratios.name, ratios.tolist()[::2], bool(np.isnan(ratios[1]))) == ("won", [0.65, 0.25], True)
    assert xlsales.peer_gap(18, column) == 1
    assert xlsales.best_in_front([1, 9, 3], column) == "5"


@pytest.mark.parametrize("ratio", [[None], [[None]], np.array([np.nan]), pd.Series([None], dtype="Float64")])
def test_a_single_cell_that_is_blank_is_told_by_functions_that_fill_several_cells(ratio: Any) -> None:
    checked = xlsales.check("REVENUE_BLOCKER", 100, ratio, 0.4, 2500, 120, 2600)
    assert (checked.errors, checked.reasons[:24]) == ("#N/A", "proposal_ratio is blank:")
