"""The overview's values are those that the engine calculates from the sheet, to the last bit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.batch import overview, overview_values
from xlsales.batch.overview import Figures
from xlsales.batch.valued_sheet import ValuedSheet
from xlsales.calculation import session
from xlsales.cells.values import CellValue
from xlsales.functions import CellError
from xlsales.workbook import package

Planners = Sequence[tuple[str, Figures]]

_SMALL = st.floats(-1e6, 1e9, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-100)
_NUMBERS = st.one_of(_SMALL, st.integers(-5, 10**7), st.sampled_from((0, 0.0, -0.0, 0.1, 1 / 3)))
_FIGURES = st.one_of(_NUMBERS, _NUMBERS, _NUMBERS, st.sampled_from(("", None, "NOT YET")))
_NAMES = ("", None, "Lee", "Ana María", "Łucja", "*", "a?", ">5", "=Lee", "5", "TRUE", " Lee")


@st.composite
def _planner(draw: st.DrawFn) -> Figures:
    numbers = (*overview_values.ADDED, *overview_values.GAPS.values())
    return {
        "territory_id": f"T{draw(st.integers(1, 9))}",
        "territory_name": "North",
        "leader": draw(st.sampled_from(_NAMES)),
        "region": draw(st.sampled_from(_NAMES)),
        "currency": draw(st.sampled_from(("EUR", "USD", "PLN"))),
        **{name: draw(_FIGURES) for name in numbers},
    }


def _by_the_engine(planners: Planners, monkeypatch: pytest.MonkeyPatch) -> bytes:
    with monkeypatch.context() as patched:
        patched.setattr(overview_values, "known", lambda _planners: None)
        return overview.overview(planners, session.blank_values)


def _no_engine(_workbook: bytes) -> Any:
    raise AssertionError("the engine is not needed")


@settings(max_examples=examples(12), deadline=None)
@given(figures=st.lists(_planner(), min_size=2, max_size=12))
def test_values_are_those_of_the_engine(figures: list[Figures]) -> None:
    planners = [(f"{number}.xlsm", one) for number, one in enumerate(figures)]
    assert overview_values.known(figures) is not None
    with pytest.MonkeyPatch.context() as patched:
        assert overview.overview(planners, _no_engine) == _by_the_engine(planners, patched)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("currency", ["eur", "EUR"]),
        ("currency", ["INF", "EUR"]),
        ("currency", ["", None]),
        ("leader", ["Lee", "LEE"]),
        ("leader", ["Straße", "STRASSE"]),
        ("region", [5, 5.0]),
        ("region", ["<r>x</r>", "a"]),
        ("fig_revenue", [True, 1]),
        ("fig_revenue", [CellError("#N/A"), 1]),
        ("out_close_ratio", [1e300, 1]),
        ("revenue_goal", [1e-300, 1]),
        ("out_average_sale", [-5e-324, 1]),
    ],
)
def test_figures_of_which_it_is_not_certain_are_left_to_the_engine(column: str, values: list[CellValue]) -> None:
    figures = [{"currency": "EUR", column: value} for value in values]
    assert overview_values.known([{"currency": "EUR"}, {"currency": "EUR"}]) is not None
    assert overview_values.known(figures) is None


def test_cells_are_those_that_xlsxwriter_would_store(monkeypatch: pytest.MonkeyPatch) -> None:
    figures: dict[str, CellValue] = {"currency": "EUR", "leader": "Lee & <Lee>", "fig_revenue": 1.5, "revenue_goal": 3}
    planners = [(f"{number}.xlsm", {**figures, "out_close_ratio": number / 7}) for number in range(3)]

    def cells() -> tuple[list[bytes], list[bytes]]:
        sheet = package.read(overview.overview(planners, _no_engine))["xl/worksheets/sheet1.xml"]
        found = re.findall(rb"<c .*?(?:/>|</c>)", sheet)
        formulas = [one.partition(b"</f>")[0] for one in found if b"<f>" in one]
        return [re.sub(b' t="str"', b"", one) for one in formulas], [one for one in found if b"<f>" not in one]

    ours = cells()
    assert len(ours[0]) == 5 * 3 + 4 + 4
    monkeypatch.delattr(ValuedSheet, "_write_cell")
    monkeypatch.delattr(ValuedSheet, "_prepare_formula")
    assert cells() == ours


def test_chart_remembers_the_totals_that_it_shows() -> None:
    figures: list[dict[str, CellValue]] = [
        {"currency": "EUR", "leader": f"L{number % 2}", "revenue_goal": number, "fig_revenue": number / 4}
        for number in range(overview.MOST_BARS + 2)
    ]
    planners = [(f"{number}.xlsm", one) for number, one in enumerate(figures)]
    chart = package.read(overview.overview(planners, _no_engine))["xl/charts/chart1.xml"]
    sums = [sum(range(first, len(planners), 2)) for first in (0, 1)]
    expected = [*sums, *(each / 4 for each in sums)]
    shown = re.findall(r"<c:v>([0-9.]+)</c:v>", "".join(re.findall("<c:val>.*?</c:val>", chart.decode())))
    assert [float(value) for value in shown] == expected
