"""The functions in Python: arrays, lists and pandas Series."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlsales
from xlsales import SalesFunctionError
from xlsales.functions import CATALOGUE, MISSING


def test_array_has_nan_where_an_element_has_no_result() -> None:
    found = xlsales.close_ratio(np.array([13.0, 5.0, 1.0, np.nan]), np.array([20.0, 4.0, 0.0, 4.0]))
    np.testing.assert_array_equal(found, [0.65, np.nan, np.nan, np.nan])


def test_list_gives_an_array() -> None:
    found = xlsales.close_ratio([13, 1], 20)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [0.65, 0.05]


def test_integers_and_mixed_lists_are_read_cell_by_cell() -> None:
    assert xlsales.average_sale(np.array([10, 20]), np.array([2, 4], dtype=np.int8)).tolist() == [5, 5]
    checked = xlsales.check("AVERAGE_SALE", [10, "20", "x", None, True], 2)
    assert checked.errors.tolist() == ["", "", "#VALUE!", "#N/A", "#VALUE!"]
    assert checked.values[:2].tolist() == [5, 10]


def test_check_tells_codes_and_reasons() -> None:
    checked = xlsales.check("CLOSE_RATIO", [13, 5, 1], [20, 4, 0])
    assert checked.errors.tolist() == ["", "#NUM!", "#DIV/0!"]
    assert checked.reasons[1].startswith("5 sales won from 4 proposals")
    assert checked.reasons[0] == ""


def test_check_takes_the_function_itself_and_never_raises() -> None:
    checked = xlsales.check(xlsales.close_ratio, won=5, proposals=4)
    assert np.isnan(checked.values)
    assert checked.errors == "#NUM!"
    assert xlsales.check("close_ratio", 13, 20) == (0.65, "", "")
    with pytest.raises(LookupError, match="no sales function"):
        xlsales.check("NONSENSE", 1)


def test_reasons_are_each_elements_own_across_words_and_blocks() -> None:
    size = 200_000
    discount = np.full(size, 0.2)
    discount[[3, 150_000]] = [0.6, 0.7]
    words = np.where(np.arange(size) % 2, "PRICE", "PROFIT")
    words[150_000] = "price"
    checked = xlsales.check("BREAKEVEN_UPLIFT", 0.5, discount, words)
    assert np.flatnonzero(checked.errors != "").tolist() == [3, 150_000]
    assert "discount of 60%" in checked.reasons[3]
    assert "discount of 70%" in checked.reasons[150_000]
    assert checked.values[[0, 1]] == pytest.approx([0.25, 1 / 3])


def test_many_rows_against_a_row_of_columns() -> None:
    revenue = np.arange(100_000.0).reshape(-1, 1)
    found = xlsales.average_sale(revenue, np.array([[1.0, 2.0, 0.0]]))
    np.testing.assert_array_equal(found[:, :2], revenue / [1.0, 2.0])
    assert np.isnan(found[:, 2]).all()


def test_arguments_are_never_changed() -> None:
    revenue, won = np.array([10.0, np.nan]), np.array([2.0, 0.0])
    weeks = np.array([np.nan, 2.0])
    xlsales.average_sale(revenue, won)
    xlsales.magic_number(1.0, 1.0, 1.0, 1.0, weeks)
    np.testing.assert_array_equal(revenue, [10.0, np.nan])
    np.testing.assert_array_equal(weeks, [np.nan, 2.0])


def test_blank_options_take_their_default_one_by_one() -> None:
    assert xlsales.magic_number(780000, 2500, 0.6, 0.4, [np.nan, 26.0]) == pytest.approx([25, 50])
    assert xlsales.magic_number(780000, 2500, 0.6, 0.4, None) == pytest.approx(25)


def test_series_comes_back_with_index_and_name() -> None:
    won = pd.Series([13.0, 5.0], index=["north", "south"], name="deals")
    found = xlsales.close_ratio(won, 20)
    assert isinstance(found, pd.Series)
    assert found.to_dict() == {"north": 0.65, "south": 0.25}
    assert found.name == "deals"
    assert xlsales.close_ratio(won, won.rename("proposals")).name is None
    assert xlsales.check("CLOSE_RATIO", won, 10).errors.to_dict() == {"north": "#NUM!", "south": ""}


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([10, None], dtype="Float64"),
        pd.Series([10, None], dtype="Int64"),
        pd.Series([10, None], dtype="float64"),
        pd.Series(["10", None]),
        pd.Series([10, pd.NA], dtype=object),
    ],
)
def test_missing_values_of_pandas_are_blanks(values: Any) -> None:
    assert xlsales.check("AVERAGE_SALE", values, 2).errors.tolist() == ["", "#N/A"]
    assert xlsales.average_sale(values, 2)[0] == 5


def test_dates_of_pandas() -> None:
    starts = pd.to_datetime(pd.Series(["2027-01-04", None, "2027-01-11"]))
    closes = pd.Series([dt.date(2027, 2, 3), dt.date(2027, 2, 3), dt.date(2027, 1, 31)])
    assert xlsales.sales_cycle_days(starts, closes) == 25
    assert xlsales.sales_cycle_days(starts.dt.tz_localize("UTC"), closes) == 25


def test_series_of_different_indexes_are_refused() -> None:
    with pytest.raises(SalesFunctionError, match="align them first"):
        xlsales.close_ratio(pd.Series([1.0, 2.0]), pd.Series([3.0, 4.0], index=[1, 2]))


def test_different_sizes_are_refused_as_a_whole() -> None:
    with pytest.raises(SalesFunctionError, match="won, proposals differ in size"):
        xlsales.close_ratio([1, 2], [1, 2, 3])


def test_empty_arrays_give_empty_arrays() -> None:
    assert xlsales.close_ratio(np.array([]), 20).shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "named"), [((1,), {}), ((1, 2, 3), {}), ((1, 2), {"won": 1}), ((1, 2), {"lost": 1})]
)
def test_wrong_arguments_are_a_type_error(arguments: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"CLOSE_RATIO\(won, proposals\)"):
        xlsales.close_ratio(*arguments, **named)


def test_function_and_error_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(xlsales.close_ratio)) is xlsales.close_ratio
    error = pickle.loads(pickle.dumps(SalesFunctionError("#NUM!", "won", "too many")))
    assert (error.code, error.argument, error.message) == ("#NUM!", "won", "too many")


@pytest.mark.parametrize("name", CATALOGUE)
def test_functions_of_the_catalogue_can_be_pickled_and_copied(name: str) -> None:
    assert pickle.loads(pickle.dumps(CATALOGUE[name])) is CATALOGUE[name]
    assert copy.deepcopy(CATALOGUE[name]) is CATALOGUE[name]


def test_missing_stays_the_same_when_pickled_and_copied() -> None:
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING
    assert copy.copy(MISSING) is copy.deepcopy([MISSING])[0] is MISSING


def test_public_names_are_all_there() -> None:
    assert sorted(xlsales.__all__) == sorted(set(xlsales.__all__))
    for name in xlsales.__all__:
        assert getattr(xlsales, name) is not None
    functions = {function.python_name for function in xlsales.CATALOGUE.values()}
    others = {"CATALOGUE", "CellError", "Checked", "SalesFunctionError", "__version__", "check"}
    others |= {"Collected", "collect"}
    assert functions | others == set(xlsales.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        xlsales.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_functions_load_numpy_alone() -> None:
    heavy = "{'pandas', 'openpyxl', 'pandera', 'typer', 'xlwings', 'formualizer'}"
    code = (
        "import sys, xlsales; assert 'numpy' not in sys.modules; "
        f"xlsales.magic_number(1, 1, 1, 1); print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
