"""What cells send and what they get back: the rules that hold for every function."""

from __future__ import annotations

import datetime as dt
import importlib.util
import inspect
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from xlsales.functions import CATALOGUE, MISSING, CellError, SalesFunctionError
from xlsales.functions.cells import from_excel, received, to_excel

NA, NUM, VALUE, DIV0 = (CellError(code) for code in ("#N/A", "#NUM!", "#VALUE!", "#DIV/0!"))
SPILL = CellError("#SPILL!")
FACES = Path(__file__).parents[2] / "udfs" / "sales_udfs.py"

RULES: list[tuple[str, tuple[Any, ...], Any]] = [
    # what arrives, what the cell shows
    ("AVERAGE_SALE", (50000, 20), 2500.0),
    ("AVERAGE_SALE", (Decimal("50000.5"), 20), 2500.025),  # a currency cell
    ("AVERAGE_SALE", ("50000", " 20 "), 2500.0),  # numbers stored as text
    ("AVERAGE_SALE", (np.float64(50), np.int64(2)), 25.0),
    ("AVERAGE_SALE", (None, 20), NA),
    ("AVERAGE_SALE", (50000, MISSING), NA),
    ("AVERAGE_SALE", (50000,), NA),
    ("AVERAGE_SALE", ("", 20), NA),
    ("AVERAGE_SALE", (50000, 20, 1), VALUE),  # one argument too many
    ("AVERAGE_SALE", ("abc", 20), VALUE),
    ("AVERAGE_SALE", ("1,000", 20), VALUE),
    ("AVERAGE_SALE", ("nan", 20), VALUE),
    ("AVERAGE_SALE", (10**400, 20), NUM),
    ("BREAKEVEN_UPLIFT", (0.5, 0.2, 10**400), VALUE),
    ("AVERAGE_SALE", (1j, 20), VALUE),
    ("AVERAGE_SALE", ("1_000", 20), VALUE),
    ("AVERAGE_SALE", (True, 20), VALUE),
    ("AVERAGE_SALE", (SPILL, 20), SPILL),
    ("AVERAGE_SALE", (1, CellError("#REF!")), CellError("#REF!")),
    ("AVERAGE_SALE", (float("nan"), 20), NA),
    ("BREAKEVEN_UPLIFT", ("50%", "20 %"), 0.25),
    ("BREAKEVEN_UPLIFT", (0.5, 0.2, None), 0.25),  # a blank option is left out
    ("BREAKEVEN_UPLIFT", (0.5, 0.2, MISSING), 0.25),
    ("MAGIC_NUMBER", (780000, 2500, 0.6, 0.4, None), 25.0),
    ("MAGIC_NUMBER", (780000, 2500, 0.6, 0.4, MISSING), 25.0),
    ("ORG_HEALTH", ([[3.0]] * 12, MISSING, 5), 0.5),  # =ORG_HEALTH(A1:A12,,5)
    ("ORG_HEALTH", ([[3.0]] * 12, None, 9), 0.25),  # (3 − 1) / (9 − 1)
    # ranges spill
    ("AVERAGE_SALE", ([[10], [20]], 2), [[5.0], [10.0]]),
    ("AVERAGE_SALE", ([[10, 20]], 2), [[5.0, 10.0]]),
    ("AVERAGE_SALE", ([[10], [20]], [[1, 2]]), [[10.0, 5.0], [20.0, 10.0]]),  # a column against a row
    ("AVERAGE_SALE", ([[10, 20], [30, 40]], [[1], [2]]), [[10.0, 20.0], [15.0, 20.0]]),
    ("AVERAGE_SALE", ([[10]], [[2]]), 5.0),  # one cell is a single value
    ("AVERAGE_SALE", ([10, 20], 2), [[5.0, 10.0]]),  # a flat list is a row
    ("AVERAGE_SALE", (((10,), (20,)), 2), [[5.0], [10.0]]),
    ("AVERAGE_SALE", ([[10], [20], [30]], [[1], [2]]), VALUE),
    ("AVERAGE_SALE", ([[10, 20], [30]], 2), VALUE),  # no rectangle
    ("AVERAGE_SALE", ([[10], [None], ["x"], [True], [SPILL]], 2), [[5.0], [NA], [VALUE], [VALUE], [SPILL]]),
    ("AVERAGE_SALE", ([[10], [20]], [[0], [-1]]), [[DIV0], [NUM]]),
    ("MAGIC_NUMBER", (780000, 2500, 0.6, 0.4, [[None], [26]]), [[25.0], [50.0]]),
    (
        "BREAKEVEN_UPLIFT",
        (0.5, [[0.2], [0.5], [0.2], [0.2]], [["price"], ["UNITS"], ["x"], [None]]),
        [[pytest.approx(1 / 3)], [NUM], [NUM], [0.25]],
    ),
    # whole ranges
    ("SALES_CYCLE_DAYS", ([[46000], [None]], [[46030], [46040]]), 30.0),
    ("SALES_CYCLE_DAYS", ([[dt.date(2027, 1, 4)]], [[dt.datetime(2027, 1, 14, 12)]]), 10.5),
    ("SALES_CYCLE_DAYS", ([[46000], [""]], [[46030], [46040]]), 30.0),
    ("SALES_CYCLE_DAYS", ([[46000], [SPILL]], [[46030], [46040]]), SPILL),
    ("SALES_CYCLE_DAYS", ([[46000], [True]], [[46030], [46040]]), VALUE),
    ("SALES_CYCLE_DAYS", ([[46000], [46001]], [[46030, 46040]]), VALUE),
    ("SALES_CYCLE_DAYS", (None, [[46030]]), DIV0),
    ("ORG_HEALTH", ([[3]] * 12, [[1], [2]]), [[0.5], [pytest.approx(1 / 3)]]),  # (3 − 2) / (5 − 2)
]

PRECEDENCE: list[tuple[str, tuple[Any, ...], Any]] = [
    # size, error cell, kind, blank, domain, division, arguments together
    ("SALES_CYCLE_DAYS", ([[SPILL], [46000]], [[46000]]), VALUE),
    ("CLOSE_RATIO", ("abc", SPILL), SPILL),
    ("CLOSE_RATIO", (None, "abc"), VALUE),
    ("CLOSE_RATIO", (-1, None), NA),
    ("MAGIC_NUMBER", (1, 0, 2, 0.5), NUM),
    ("CLOSE_RATIO", (5, 0), DIV0),
]


@pytest.mark.parametrize(("name", "sent", "shown"), RULES + PRECEDENCE)
def test_cell_shows(name: str, sent: tuple[Any, ...], shown: Any) -> None:
    assert CATALOGUE[name].call_cells(*sent) == shown


def test_error_in_a_cell_carries_its_reason() -> None:
    error = CATALOGUE["CLOSE_RATIO"].call_cells(5, 4)
    assert error.argument == "won"
    assert "more than all" in error.message


def test_equal_errors_in_a_range_share_the_reason_of_the_first() -> None:
    first, _good, second = CATALOGUE["CLOSE_RATIO"].call_cells([[5], [1], [9]], 4)
    assert first[0] is second[0]
    assert first[0].message.startswith("5 sales won from 4")


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (dt.date(1900, 1, 1), 1.0),
        (dt.date(1900, 2, 28), 59.0),
        (dt.date(1900, 3, 1), 61.0),  # Excel has a 29 February 1900
        (dt.date(2027, 1, 4), 46391.0),
    ],
)
def test_dates_become_excel_serials(day: dt.date, number: float) -> None:
    cycle = CATALOGUE["SALES_CYCLE_DAYS"]
    assert cycle.call_cells([[number]], [[day]]) == 0
    assert cycle.call_cells([[np.datetime64(day)]], [[number]]) == 0
    assert cycle.call_cells([[day.isoformat()]], [[number]]) == 0


EXCEL = [
    (1.5, 1.5),
    (None, None),
    ("PRICE", "PRICE"),
    (True, True),
    (-2147352572, MISSING),
    (-2146826252, NUM),  # −2146828288 + 2036
    (-2146826243, SPILL),  # + 2045
    ("#DIV/0!", DIV0),
    (-2146826252.0, -2146826252.0),  # a number of that size is a number
    (((1.0, -2146826246), (None, "x")), [[1.0, NA], [None, "x"]]),
]


@pytest.mark.parametrize(("com", "cell"), EXCEL)
def test_what_excel_sends(com: Any, cell: Any) -> None:
    assert from_excel(com) == cell


def test_what_excel_gets() -> None:
    assert to_excel(2.5) == 2.5
    assert to_excel([[1.0, NUM], ["OK", NA]]) == [[1.0, "#NUM!"], ["OK", "#N/A"]]
    with pytest.raises(SalesFunctionError, match=r"^#NUM! too much"):
        to_excel(CellError("#NUM!", "too much"))


@pytest.fixture(scope="module")
def faces() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sales_udfs", FACES)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_function_has_a_face_with_its_arguments(faces: ModuleType) -> None:
    found = [
        name for name in vars(faces) if name.isupper() and name not in ("CATALOGUE", "CATEGORY", "MISSING", "VERSIONS")
    ]
    assert found == list(CATALOGUE)
    for name, function in CATALOGUE.items():
        face = getattr(faces, name)
        parameters = inspect.signature(face).parameters
        assert list(parameters) == [argument.name for argument in function.arguments]
        for argument in function.arguments:
            assert (parameters[argument.name].default is inspect.Parameter.empty) == (
                argument.required or argument.variadic
            )
        assert face.__doc__ == function.summary
        assert not face.__annotations__


def test_faces_answer_as_excel_asks(faces: ModuleType) -> None:
    assert faces.BREAKEVEN_REVENUE(100000.0, 0.5, 0.2) == 125000
    assert faces.BREAKEVEN_REVENUE([[Decimal("100000")]], [[0.5]], [[0.2]], None) == 125000
    assert faces.CLOSE_RATIO([[5.0], [1.0]], [[4.0]]) == [["#NUM!"], [0.25]]
    assert faces.AVERAGE_SALE([["#DIV/0!"], [8.0]], [[4.0]]) == [["#DIV/0!"], [2.0]]
    assert faces.MAGIC_NUMBER([[780000.0]], [[2500.0]], [[0.6]], [[0.4]]) == 25
    with pytest.raises(SalesFunctionError, match=r"^#NUM! gross_margin is 20"):
        faces.BREAKEVEN_REVENUE([[100000.0]], [[20.0]], [[0.2]])


def test_faces_are_marked_for_excel() -> None:
    """Run the real xlwings decorators, with the parts of pywin32 that they import replaced."""
    code = (
        "import sys, json, runpy; from unittest.mock import MagicMock\n"
        "absent = ('pythoncom', 'pywintypes', 'win32com', 'win32com.client')\n"
        "sys.modules.update({name: MagicMock() for name in absent})\n"
        "import xlwings as xw; from xlwings import udfs\n"
        "xw.func, xw.arg = udfs.xlfunc, udfs.xlarg\n"
        "faces = runpy.run_path(sys.argv[1])\n"
        "marks = [face.__xlfunc__ for face in faces.values() if hasattr(face, '__xlfunc__')]\n"
        "print(json.dumps([[m['name'], m['category'], m['ret']['doc'],"
        " [[a['name'], a['doc'], a['options']] for a in m['args']]] for m in marks]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(FACES)], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    options = {"ndim": 2, "err_to_str": True}
    assert json.loads(done.stdout) == [
        [f.name, f.category, f.summary, [[a.name, a.help, options] for a in f.arguments]] for f in CATALOGUE.values()
    ]


def close(result: Any) -> Any:
    if isinstance(result, list):
        return [close(cell) for cell in result]
    return pytest.approx(result, rel=1e-12) if isinstance(result, (int, float)) else result


def test_each_face_passes_its_arguments_in_order(faces: ModuleType) -> None:
    for name, function in CATALOGUE.items():
        for example in function.examples:
            sent = [[[cell] for cell in value] if isinstance(value, list) else value for value in example.arguments]
            assert getattr(faces, name)(*sent) == close(example.result)


@pytest.mark.parametrize(
    ("value", "rows"),
    [((1, 2), [[1, 2]]), (((1,), (2,)), [[1], [2]]), ((1, (2,)), [[1], [2]]), (((1,), 2), [[1], [2]]), (((7,),), 7)],
)
def test_rows_of_one_cell_may_come_without_brackets(value: Any, rows: Any) -> None:
    assert received(value) == rows
