"""Rows that many planners have alike are read once: what they hold is told the same, whichever planners came before."""

from __future__ import annotations

import random
import re

import pytest

from tests.workbook.returned.edits import EXAMPLE, PlannerEdit, at
from xlsales.cells.values import Address
from xlsales.workbook import returned
from xlsales.workbook.given import Given
from xlsales.workbook.returned import look as looks
from xlsales.workbook.returned.look import Look
from xlsales.workbook.returned.shape import Glanced, Shape, learned

_VALUE = re.compile(r'(<c r="[A-Z]+\d+"(?: s="\d+")?)( t="\w+")?>(<f>[^<]*</f>)?<v>[^<]*</v></c>')
_WRITTEN = ("{}>{}<v>7</v></c>", "{}>{}<v>-0.25</v></c>", '{} t="str">{}<v>a text</v></c>',
            '{} t="e">{}<v>#N/A</v></c>', '{} t="b">{}<v>1</v></c>')  # fmt: skip


def looked(package: bytes) -> Look:
    look = looks.look(package)
    assert look is not None
    return look


@pytest.fixture
def shape() -> Shape:
    package = EXAMPLE.read_bytes()
    found = learned(returned.parse(package, "example"), looked(package))
    assert found is not None
    return found


def glanced(shape: Shape, package: bytes) -> tuple[Glanced, int]:
    """Return a planner at a glance, and how many cells had to be read."""
    look = looked(package)
    read = shape.read(look)
    assert read is not None
    found = shape.glanced(look, read, "planner")
    assert found is not None
    return found, read.written.cells.size


def edited(chance: random.Random, values: int) -> bytes:
    """Return a planner with some values of a few, so that rows come again."""
    edit = PlannerEdit()
    for _value in range(values):
        part = edit.sheet(chance.choice(["Targets", "Pipeline", "Lists"]))
        text = edit.text(part)
        cell = chance.choice(list(_VALUE.finditer(text))[:40])
        written = chance.choice(_WRITTEN).format(cell[1], cell[3] or "")
        edit.parts[part] = (text[: cell.start()] + written + text[cell.end() :]).encode()
    return edit.close()


def test_a_planner_that_comes_again_has_no_row_to_be_read(shape: Shape) -> None:
    package = EXAMPLE.read_bytes()
    read = [glanced(shape, package)[1] for _turn in range(3)]
    assert read == [read[0], read[0], 0]


def test_one_row_that_is_another_is_read_alone(shape: Shape) -> None:
    package, edit = EXAMPLE.read_bytes(), PlannerEdit()
    for _turn in range(2):
        glanced(shape, package)
    part = edit.sheet("Targets")
    edit.parts[part] = re.sub(r"<v>\d+\.?\d*</v></c>", "<v>12</v></c>", edit.text(part), count=1).encode()
    assert 0 < glanced(shape, edit.close())[1] < 60


def test_a_cell_that_is_another_is_read_alone(shape: Shape) -> None:
    """The other cells of its row are as they were."""
    package, edit = EXAMPLE.read_bytes(), PlannerEdit()
    for _turn in range(2):
        glanced(shape, package)
    sheet, cell = at("in_revenue_goal")
    edit.cell(sheet, cell, "<v>1234567</v>")
    assert 0 < glanced(shape, edit.close())[1] < 6


def test_a_cell_is_known_as_it_was_twice_in_a_row(shape: Shape) -> None:
    """Whatever it was before: a number, a text of its own, an error, and a shared text."""
    sheet, cell = at("in_revenue_goal")
    for inside, kind in [("<v>7</v>", ""), ("<v>seven</v>", "str"), ("<v>#N/A</v>", "e"), ("<v>0</v>", "s")]:
        packages = []
        for beside in range(4):
            edit = PlannerEdit()
            edit.cell(sheet, cell, inside, kind)
            edit.cell(*at("in_growth_rate"), f"<v>0.{beside + 1}</v>")
            packages.append(edit.close())
        told = {fresh_value(package, (sheet, cell)) for package in packages}
        assert {glanced(shape, package)[0].at((sheet, cell)) for package in packages} == told


def fresh_value(package: bytes, address: Address) -> Given:
    return returned.parse(package, "planner").cells.at(address)


def test_values_are_the_same_whichever_rows_came_before(shape: Shape) -> None:
    package = EXAMPLE.read_bytes()
    fresh = learned(returned.parse(package, "example"), looked(package))
    assert fresh is not None
    chance = random.Random(18)
    packages = [edited(chance, values) for values in (0, 3, 1, 0, 3, 1)]
    read = []
    for again in (*packages, *packages):
        known, cells = glanced(shape, again)
        other, _cells = glanced(fresh_copy(fresh), again)
        assert known.values.kinds.tolist() == other.values.kinds.tolist()
        size = known.values.kinds.size
        assert list(map(known.values.value, range(size))) == list(map(other.values.value, range(size)))
        read.append(cells)
    assert min(read) < read[0] / 4


def fresh_copy(shape: Shape) -> Shape:
    """Forget the rows that a shape knows."""
    shape.forget_rows()
    return shape


def test_a_planner_with_fewer_texts_knows_no_row(shape: Shape) -> None:
    package = EXAMPLE.read_bytes()
    for _turn in range(3):
        glanced(shape, package)
    edit = PlannerEdit()
    texts = edit.text("xl/sharedStrings.xml")
    edit.parts["xl/sharedStrings.xml"] = re.sub(r"(<sst[^>]*>).*</sst>", r"\1<si><t>one</t></si></sst>", texts).encode()
    look = looked(edit.close())
    read = shape.read(look)
    assert read is not None
    assert shape.glanced(look, read, "planner") is None  # it names texts that are not there
