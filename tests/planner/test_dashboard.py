"""A tile shows what is measured, says what that rests on, and asks for what is missing and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.planner.in_the_engine import opened
from tests.planner.sound_plan import BEFORE, Content, day, inputs
from xlsales.cells.values import CellValue
from xlsales.planner.sheets import dashboard

ROW, COLUMN = 4, 2  # of the first tile, from 1
GOAL: Content = {"in_fiscal_year": 2027, "in_revenue_goal": 100_000}
YEAR: Content = {**GOAL, "in_as_of": day("2027-03-31")}
WEEKS = ("tblWeeks.First appointments", "tblWeeks.Proposals", "tblWeeks.Won", "tblWeeks.Revenue")


class Shown(NamedTuple):
    """What a tile shows."""

    state: CellValue
    value: CellValue
    basis: CellValue
    said: CellValue
    beside: CellValue


class Planner:
    """A planner's tiles and named cells with some contents."""

    def __init__(self, path: Path, content: Content) -> None:
        template, session = opened(path)
        values = session.values(inputs(template, content))
        self.named: Mapping[str, CellValue] = {
            name: values.get(place) for name, place in template.names.items() if ":" not in place[1]
        }
        self.tiles = {tile.label: self._tile(values, at) for at, tile in enumerate(dashboard.TILES)}

    @staticmethod
    def _tile(values: Mapping[Any, CellValue], at: int) -> Shown:
        down, across = divmod(at, dashboard.ACROSS)
        row, column = ROW + (dashboard.TILE_ROWS + 1) * down, COLUMN + dashboard.STRIDE * across
        first, second = (chr(ord("A") + number - 1) for number in (column, column + 1))
        cells = (f"{second}{row}", f"{first}{row + 1}", f"{second}{row + 1}", f"{first}{row + 2}", f"{second}{row + 2}")
        return Shown(*(values.get(("Dashboard", cell)) for cell in cells))


def weeks(*counts: float | None) -> Content:
    """The week that the year begins in, with these counts."""
    return {name: [*BEFORE, count] for name, count in zip(WEEKS, counts, strict=True)}


@pytest.fixture(scope="module")
def planner(small_template_xlsx: Path) -> Any:
    return lambda content: Planner(small_template_xlsx, content)


@pytest.mark.parametrize(
    ("content", "tile", "shown"),
    [
        (
            weeks(10, 4, 2, -1000),  # credit notes beyond what was sold
            "AVERAGE SALE",
            Shown("LOOK", -500, "MEASURED", "sales won, no revenue left", 2),
        ),
        (weeks(10, 4, 2, 0), "AVERAGE SALE", Shown("LOOK", 0, "MEASURED", "sales won, no revenue left", 2)),
        (weeks(10, 4, 2, 3000), "AVERAGE SALE", Shown("OK", 1500, "MEASURED", "sales won this year", 2)),
        (weeks(10, 0, None, None), "AVERAGE SALE", Shown("NOT YET", "–", "NOT YET", "type an average sale", "")),
        (weeks(10, 0, None, None), "PROPOSAL RATIO", Shown("LOOK", 0, "MEASURED", "low: coach next steps", 0)),
        (weeks(10, 8, 0, None), "CLOSE RATIO", Shown("LOOK", 0, "MEASURED", "low: coach closing", 0)),
        (weeks(10, 8, 4, None), "CLOSE RATIO", Shown("LOOK", 0.5, "MEASURED", "low: coach closing", 0.5)),
        (weeks(None, None, None, None), "CLOSE RATIO", Shown("NOT YET", 0.65, "STANDARD", "not measured yet", "")),
        (
            {**weeks(10, 8, 0, None), "in_planned_close_ratio": 0.4},
            "CLOSE RATIO",
            Shown("LOOK", 0.4, "TYPED", "low: coach closing", 0),
        ),
        (
            {**weeks(10, 4, 2, -1000), "in_planned_average_sale": 900},
            "AVERAGE SALE",
            Shown("LOOK", 900, "TYPED", "sales won, no revenue left", 2),
        ),
    ],
)
def test_what_is_measured_is_shown_even_where_it_cannot_be_planned_with(
    planner: Any, content: Content, tile: str, shown: Shown
) -> None:
    assert planner({**YEAR, **content}).tiles[tile] == shown


def test_what_is_planned_with_says_that_it_is_a_standard(planner: Any) -> None:
    named = planner({**YEAR, **weeks(10, 0, None, None)}).named
    assert [named[f"calc_proposal_ratio{end}"] for end in ("", "_basis")] == [0.65, "STANDARD"]
    assert named["out_proposal_ratio"] == 0


@pytest.mark.parametrize(
    ("content", "tile", "asked"),
    [
        ({}, "ACTIVITY BAROMETER", "set a goal on Targets"),
        (YEAR, "ACTIVITY BAROMETER", "fill Activity or Pipeline"),
        ({**YEAR, **weeks(10, 4, None, None)}, "ACTIVITY BAROMETER", "type an average sale"),
        ({**YEAR, "in_planned_average_sale": 900}, "ACTIVITY BAROMETER", "fill Activity or Pipeline"),
        ({}, "STILL NEEDED A WEEK", "set a goal on Targets"),
        (GOAL, "STILL NEEDED A WEEK", "type As of on Targets"),
    ],
)
def test_a_tile_asks_for_what_is_missing(planner: Any, content: Content, tile: str, asked: str) -> None:
    shown = planner(content).tiles[tile]
    assert (shown.state, shown.value, shown.said) == ("NOT YET", "–", asked)


def test_this_week_and_the_dashboard_show_a_figure_alike(small_template_xlsx: Path) -> None:
    """64.62% is 64.6% on both, and a standard of 62.5% no 63%."""
    template, session = opened(small_template_xlsx)
    content = {**YEAR, **weeks(100, 65, 42, 90_000), "th_close_ratio": 0.665}
    values = session.values(inputs(template, content))
    said = [str(value) for (sheet, _cell), value in values.items() if sheet == "This week" and "now" in str(value)]
    assert [text for text in said if "66.5" in text] == ["now 64.6%, standard 66.5%"] * 2
    assert f"{Planner(small_template_xlsx, content).tiles['CLOSE RATIO'].value:.1%}" == "64.6%"
