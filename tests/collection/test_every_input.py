"""Whatever somebody types into a planner stands in what is collected: no input is passed over."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.collection.conftest import ReadPlanner
from tests.workbook.returned.edits import PlannerEdit
from xlsales.cells.values import Address
from xlsales.collection.beyond import kind_of
from xlsales.collection.collected import DETAILS, Collected, collected
from xlsales.collection.copies import settled
from xlsales.epoch import EPOCH
from xlsales.schema import TERRITORIES, Kind
from xlsales.workbook import returned, typing_room

_CELL = re.compile(r'<c r="(?P<at>[A-Z]+[0-9]+)"(?P<style> s="\d+")?[^>]*?(?:/>|>.*?</c>)')
_FIRST_DAY = 25_000  # in 1968
KEPT = ("in_fiscal_year", "in_as_of", "in_year_start")
Typed = dict[Address, object]


def filled() -> tuple[bytes, Typed]:
    """Return the example with another value in each cell where somebody can type, and those values."""
    edit = PlannerEdit()
    planner = returned.parse(edit.close(), "planner.xlsx")
    open_styles = typing_room.open_styles(planner.parts)
    kept = {planner.names[name] for name in KEPT}
    typed: Typed = {}

    def cell(sheet: str, found: re.Match[str]) -> str:
        address = sheet, found["at"]
        style = int((found["style"] or ' s="0"')[4:-1])
        if style not in open_styles or address in kept:
            return found[0]
        number, kind = len(typed) + 1, kind_of(planner.cells.at(address).number_format)
        start = f'<c r="{found["at"]}"{found["style"]}'
        if kind is Kind.TEXT:
            typed[address] = f"typed {number}"
            return f'{start} t="inlineStr"><is><t>{typed[address]}</t></is></c>'
        typed[address] = number / 20_000 if kind is Kind.RATE else float(number)
        if kind is Kind.DATE:
            typed[address] = EPOCH + dt.timedelta(days=_FIRST_DAY + number)
            return f"{start}><v>{_FIRST_DAY + number}</v></c>"
        return f"{start}><v>{typed[address]!r}</v></c>"

    for sheet in planner.cells.sheets:
        part = edit.sheet(sheet)
        edit.parts[part] = _CELL.sub(lambda found, sheet=sheet: cell(sheet, found), edit.text(part)).encode()  # type: ignore[misc]
    return edit.close(), typed


@pytest.fixture(scope="module")
def came_back(read_planner: ReadPlanner) -> tuple[Collected, Typed]:
    package, typed = filled()
    planner = read_planner(package)
    counted, findings = settled([planner], "", None)
    return collected([planner], counted, findings), typed


def test_every_value_that_was_typed_is_in_a_table(came_back: tuple[Collected, Typed]) -> None:
    found, typed = came_back
    there = {value for name in (TERRITORIES.name, *DETAILS) for row in found.rows(name) for value in row}
    kept = {one.got for one in found.findings if one.code == "INPUT_UNCLEAR"}  # in cells with a list to choose from
    lost = {place: value for place, value in typed.items() if value not in there | kept}
    assert lost == {}
    assert len(typed) > 10_000


def test_each_value_stands_in_the_column_of_its_name(came_back: tuple[Collected, Typed]) -> None:
    found, typed = came_back
    planner = returned.parse(filled()[0], "planner.xlsx")
    (territory,) = (dict(zip(found.columns("territories"), row, strict=True)) for row in found.rows("territories"))
    own = {column.name for column in TERRITORIES}
    singles = {name if name in own else f"in_{name}": given.address for name, given in planner.inputs.items()}
    read = {name: territory[name] for name, at in singles.items() if territory.get(name) is not None and at in typed}
    assert read == {name: typed[singles[name]] for name in read}
    assert len(read) > len(singles) - 8  # those that are kept, and those with a list to choose from
    for name, table in planner.tables.items():
        frame = found.table(name)
        assert len(frame) == len(table.rows)
        for column in set(table.letters) - table.computed:
            wanted = [typed.get(row.cells[column].address) for row in table.rows]
            cells = list(frame[column])
            assert cells == wanted or cells.count(None) == len(cells), f"{name}.{column}"  # a list to choose from


def test_what_stands_in_a_row_without_its_key_is_an_other_cell(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    planner = returned.parse(edit.close(), "planner.xlsx")
    talks, health = planner.tables["checkins"], planner.tables["org_health"]
    talk = next(row for row in talks.rows if row["held"].is_blank)
    element = health.rows[-1]
    edit.cell(*talk["topic"].address, "<is><t>Prices</t></is>", "inlineStr")
    edit.cell(*talk["due"].address, "<v>46500</v>")
    edit.cell(*element["score"].address, "")
    edit.cell(*element["evidence"].address, "<is><t>Seen on Monday</t></is>", "inlineStr")
    found = collected([read_planner(edit)], [read_planner(edit)], []).table("other_cells")
    rows = {(row.table, row.column): row.value for row in found.itertuples()}
    assert rows["checkins", "topic"] == "Prices"
    assert rows["checkins", "due"] == dt.date(2027, 4, 23)
    assert rows["org_health", "evidence"] == "Seen on Monday"
    assert set(found.territory_id) == {"EXAMPLE"}
    assert found[found.column == "topic"].cell.item() == talk["topic"].cell
