"""The bridge to Python on the sheet Functions: both values agree, and a planner without Python is the same."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import formualizer
import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from tests.planner.in_the_engine import opened
from tests.planner.rules.formulas import short_formulas
from tests.planner.rules.opened import Opened
from tests.planner.rules.planted import formula
from tests.planner.sound_plan import SOUND, Content, day, inputs
from xlsales.calculation.engine.values import cell_value
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue, serial
from xlsales.workbook import package
from xlsales.workbook.formula_cells import answered
from xlsales.workbook.template import Template, parse


def headlines(template: Template) -> dict[str, int]:
    """The rows of the bridge, by name."""
    return {
        name: int(cell[1:])
        for name, (sheet, cell) in template.names.items()
        if name.startswith("out_") and sheet == "Functions"
    }


def column(values: dict[Any, CellValue], letter: str, template: Template) -> dict[str, CellValue]:
    return {name: values["Functions", f"{letter}{row}"] for name, row in headlines(template).items()}


@pytest.fixture(scope="module")
def bridged(small_template: Path) -> Template:
    return opened(small_template)[0]


@pytest.fixture(scope="module")
def session(small_template: Path) -> Session:
    return opened(small_template)[1]


@pytest.fixture(scope="module")
def sound(bridged: Template, session: Session) -> dict[Address, CellValue]:
    """What a sound plan shows."""
    return session.values(inputs(bridged, SOUND))


def test_with_python_every_headline_says_so_and_both_values_agree(bridged: Template, session: Session) -> None:
    more: Content = {"in_opening_revenue": 100_000, "tblDeals.Proposal": [day("2027-01-25"), None, day("2027-02-01")]}
    values = session.values(inputs(bridged, {**SOUND, **more}))
    status = column(values, "E", bridged)
    assert set(status.values()) == {"Python"}, status
    python, native = (column(values, letter, bridged) for letter in "FG")
    assert [name for name in python if not _same(python[name], native[name])] == []
    assert column(values, "C", bridged) == column(values, "F", bridged)


def test_without_python_every_headline_is_native_and_the_plan_the_same(
    bridged: Template, sound: dict[Address, CellValue]
) -> None:
    with_python, without = sound, _without_python(bridged, inputs(bridged, SOUND))
    assert set(column(without, "E", bridged).values()) == {"Native"}
    assert set(column(without, "F", bridged).values()) == {""}
    changed = {
        f"{sheet}!{cell}"
        for (sheet, cell), value in with_python.items()
        if not _same(value, without[sheet, cell]) and not re.fullmatch(r"Functions![CEF]\d+", f"{sheet}!{cell}")
    }
    assert changed == set()
    used = [column(values, "C", bridged) for values in (with_python, without)]
    assert [name for name in used[0] if not _same(used[0][name], used[1][name])] == []


def _same(a: CellValue, b: CellValue) -> bool:
    return a == (pytest.approx(b, rel=1e-9) if isinstance(b, float) else b)


def _without_python(template: Template, content: dict[Any, Any]) -> dict[Any, CellValue]:
    """Calculate with the bare engine, which knows no sales function."""
    workbook = formualizer.load_workbook_bytes(template.package)
    for (sheet, cell), value in content.items():
        row, column = coordinate_to_tuple(cell)
        workbook.set_value(sheet, row, column, float(serial(value)) if isinstance(value, dt.date) else value)
    for (sheet, cell), text in template.formulas.items():
        if "ISFORMULA" in text:
            row, column = coordinate_to_tuple(cell)
            workbook.set_formula(sheet, row, column, answered(text, sheet, template.formulas))
    workbook.set_temporal_egress("serial")
    workbook.evaluate_all()
    return {
        (sheet, cell): cell_value(workbook.get_value(sheet, *coordinate_to_tuple(cell)))
        for sheet, cell in template.formulas
    }


def test_portable_twin_says_native(small_template_xlsx: Path) -> None:
    template, portable = opened(small_template_xlsx)
    values = portable.values(inputs(template, SOUND))
    assert set(column(values, "E", template).values()) == {"Native"}


def test_twin_that_is_off_by_more_than_a_billionth_is_different_and_pythons_value_is_used(
    bridged: Template, sound: dict[Address, CellValue]
) -> None:
    rows, near, far = headlines(bridged), "out_average_sale", "out_breakeven_price"
    wrong = dict.fromkeys(("out_close_ratio", "out_magic_number", "out_org_health"), "1+1")
    right = {name: bridged.formulas["Functions", f"G{rows[name]}"].removeprefix("=") for name in (near, far)}
    twins = {**wrong, near: f"({right[near]})*1.0000000005", far: f"({right[far]})*1.000000002"}
    planted = Opened(package.read(bridged.package))
    for name, text in twins.items():
        planted = formula(short_formulas, name, f"G{rows[name]}", text, "", sheet="Functions").planted(planted)
    template = parse(package.write(planted.parts), bridged.name)
    shown = Session(template).values(inputs(template, SOUND))
    words = column(shown, "E", template)
    assert {name for name, word in words.items() if word == "DIFFERENT"} == {*wrong, far}
    assert words[near] == "Python"
    for row in (rows[name] for name in twins):
        assert shown["Functions", f"C{row}"] == sound["Functions", f"C{row}"] != shown["Functions", f"G{row}"]
