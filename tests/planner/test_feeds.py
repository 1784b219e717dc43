"""The table of inputs and figures holds against the planner's own arithmetic: what moves a figure is listed for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.planner.in_the_engine import opened
from tests.planner.sound_plan import SOUND, inputs
from xlsales.calculation.session import Session
from xlsales.cells.values import InputValue
from xlsales.planner.feeds import AS_OF, Feeds, of_planner
from xlsales.schema import TABLES
from xlsales.workbook.template import Template


@pytest.fixture(scope="module")
def template(small_template_xlsx: Path) -> Template:
    return opened(small_template_xlsx)[0]


@pytest.fixture(scope="module")
def session(small_template_xlsx: Path) -> Session:
    return opened(small_template_xlsx)[1]


@pytest.fixture(scope="module")
def feeds() -> Feeds:
    return of_planner()


def changed(value: Any) -> InputValue:
    """Another value of the same kind."""
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=40)
    return value * 3 + 1 if isinstance(value, (int, float)) else None


def test_an_input_that_moves_a_figure_is_listed_for_it(template: Template, session: Session, feeds: Feeds) -> None:
    cells = inputs(template, SOUND)
    before = session.values(cells)
    listed = {feed.name: feed.inputs for feed in feeds.figures()}
    tables = {table.excel_table: table for table in TABLES.values() if table.excel_table}
    moved = 0
    for place, values in SOUND.items():
        excel_table, _dot, heading = place.partition(".")
        if heading and excel_table not in tables:
            continue
        if heading:
            table = tables[excel_table]
            source = f"{table.name}.{next(c.name for c in table.inputs if c.header == heading)}"
        else:
            source = AS_OF if place == "in_as_of" else f"territories.{place.removeprefix('in_')}"
        given = list(values) if isinstance(values, (list, tuple)) else [values]
        change = {place: [changed(value) for value in given] if heading else changed(given[0])}
        after = session.values(cells | inputs(template, change))
        for name, sources in listed.items():
            address = template.names[name]
            if before[address] != after[address]:
                moved += 1
                assert source in sources, f"{source} moves {name}, which lists {sources}"
    assert moved > 40, "the changes reach the figures"


def test_every_column_of_the_tables_that_a_figure_lists_exists(feeds: Feeds) -> None:
    known = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table} | {AS_OF}
    assert [(feed.name, one) for feed in feeds.figures() for one in feed.inputs if one not in known] == []


def test_the_headline_figures_rest_on_what_a_manager_expects(feeds: Feeds) -> None:
    assert feeds.of("out_org_health") == ("org_health.score",)
    assert feeds.of("out_new_business") == tuple(
        f"territories.{name}" for name in ("opening_revenue", "growth_rate", "attrition_rate", "high_value_share")
    )
    assert {"territories.selling_weeks", "territories.planned_average_sale"} < set(feeds.of("out_magic_number"))
    assert {f"territories.season_{month:02}" for month in range(1, 13)} < set(feeds.of("fig_goal_to_date"))
