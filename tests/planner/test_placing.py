"""What stands where on the sheets: blocks that would meet are told, and what grows pushes the rest down."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Drawing, Fields, Sheet, TableBlock
from xlsales.planner.build import SHEETS
from xlsales.planner.layouts import layouts
from xlsales.planner.placing import FIRST_ROW, Lane, OverlapError, Place, placed
from xlsales.planner.sizes import Sizes

PACKAGE = Path(__file__).resolve().parents[2] / "xlsales"
MORE = 8
TABLES = {layout.excel_table: layout for layout in layouts(Sizes())}


@dataclass(frozen=True)
class Box:
    """A block that writes nothing."""

    name: str
    rows: int = 2
    columns: int = 3
    title: str = ""
    gap: int = 1
    ahead: int = 0

    def write(self, page: Any, place: Place) -> None:
        """Write nothing."""


def test_blocks_of_a_lane_stand_one_below_another_with_their_titles_and_gaps() -> None:
    places = placed("S", [Lane(1, [Box("a"), Box("b", title="B"), Box("c", gap=0)])], 4)
    assert [(p.name, p.head, p.top, p.bottom) for p in places.values()] == [
        ("a", FIRST_ROW, FIRST_ROW, FIRST_ROW + 1),
        ("b", FIRST_ROW + 3, FIRST_ROW + 4, FIRST_ROW + 5),
        ("c", FIRST_ROW + 6, FIRST_ROW + 6, FIRST_ROW + 7),
    ]


def test_columns_that_are_folded_away_stand_left_of_the_lane() -> None:
    places = placed("S", [Lane(3, [Box("a", ahead=2), Box("b", ahead=1), Box("c")])], 6)
    assert [(p.left, p.right) for p in places.values()] == [(1, 3), (2, 4), (3, 5)]


def test_lane_beside_a_block_begins_with_its_title() -> None:
    lanes = [Lane(1, [Box("a"), Box("b", title="B")]), Lane(5, [Box("c", title="C"), Box("d")], beside="b")]
    places = placed("S", lanes, 8)
    assert places["c"].head == places["b"].head
    assert places["d"].top == places["c"].bottom + 2


@pytest.mark.parametrize(
    ("lanes", "told"),
    [
        ([Lane(1, [Box("deals")]), Lane(3, [Box("weeks")])], r"S: deals \(B4:D5\) and weeks \(D4:F5\) would stand"),
        ([Lane(1, [Box("deals", title="Deals")]), Lane(2, [Box("weeks")])], r"S: deals \(B4:D6\) and weeks \(C4:E5\)"),
        ([Lane(1, [Box("a", rows=4)]), Lane(1, [Box("b")], 6)], r"a \(B4:D7\) and b \(B7:D8\)"),
        ([Lane(1, [Box("a")], top=1)], r"the title band \(A1:D2\) and a \(B2:D3\)"),
        ([Lane(1, [Box("a"), Box("a")])], "S: two blocks are called a"),
    ],
)
def test_blocks_that_meet_are_both_named(lanes: list[Lane], told: str) -> None:
    with pytest.raises(OverlapError, match=told):
        placed("S", lanes, 4)


def test_blocks_that_touch_do_not_meet() -> None:
    lanes = [Lane(1, [Box("a"), Box("b", gap=0)]), Lane(4, [Box("c", rows=9)])]
    assert len(placed("S", lanes, 8)) == 3


def sheets(tables: Mapping[str, Layout]) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in (make(tables) for make in SHEETS)}


@pytest.mark.parametrize("grown", TABLES)
def test_table_with_more_rows_pushes_down_what_is_beneath_it_and_nothing_else(grown: str) -> None:
    before, after = sheets(TABLES), sheets({**TABLES, grown: replace(TABLES[grown], rows=TABLES[grown].rows + MORE)})
    for name, sheet in before.items():
        old, new = sheet.places(), after[name].places()
        assert old.keys() == new.keys()
        for lane in sheet.lanes:
            names = [block.name for block in lane.blocks]
            below = names[names.index(grown) + 1 :] if grown in names else []
            moved = {block: new[block].top - old[block].top for block in names}
            assert moved == {block: MORE if block in below else 0 for block in names}
        if grown in old:
            assert new[grown].bottom == old[grown].bottom + MORE


def test_every_table_stands_on_one_sheet() -> None:
    standing = [block.name for sheet in sheets(TABLES).values() for block in sheet.tables]
    assert len(standing) == len(set(standing))
    assert set(TABLES) <= set(standing)


@pytest.mark.parametrize("name", sheets(TABLES))
def test_every_block_is_within_the_columns_of_its_sheet(name: str) -> None:
    sheet = sheets(TABLES)[name]
    assert {place.name for place in sheet.places().values() if place.right >= sheet.columns} == set()


def test_block_that_is_too_wide_for_its_lane_is_told_before_anything_is_built() -> None:
    fields = Fields(name="wide", fields=(), columns=4)
    table = TableBlock(layout=TABLES["tblActions"])
    chart = Drawing(name="chart", chart=lambda page: page, width=100, height=100, columns=1)
    with pytest.raises(OverlapError, match=r"tblActions .* and chart"):
        placed("Plan", [Lane(1, [table]), Lane(4, [chart])], 9)
    assert placed("Plan", [Lane(1, [fields, table]), Lane(7, [chart])], 9)["chart"].rows == 5


# Numbers that are typed once


WRITERS = {"text", "formula", "number", "write", "link", "input", "field", "name_cell", "section", "chart"}
BAND_ROWS = (0, 1)


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


@pytest.mark.parametrize("path", sorted((PACKAGE / "planner" / "sheets").glob("*.py")), ids=lambda path: path.stem)
def test_no_sheet_types_a_row(path: Path) -> None:
    typed = [
        f"{path.name}:{call.lineno}"
        for call, name in calls(ast.parse(path.read_text(encoding="utf-8")))
        if name in WRITERS and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.args[0].value, int) and call.args[0].value not in BAND_ROWS
    ]
    assert typed == []


STANDARDS = {0.65, 0.55, 0.4, 0.3, 0.17, 0.27, 0.15, 0.85, 0.73, 2.5, 1e-9, 31}
WRITTEN_ELSEWHERE: Mapping[str, set[float]] = {
    # what is no standard there: margins of a page, gaps of a chart, noise of binary numbers, days of a month
    "planner/page.py": {0.4},
    "planner/validation.py": {31},
    "planner/sheets/targets.py": {31},  # a column's width
    "functions/organisation.py": {1e-9},
    "functions/explain.py": {1e-9},
    "functions/sentences.py": {1e-9},
}


def numbers(tree: ast.AST) -> Iterator[float]:
    """Numbers in a module, but for those of worked examples."""
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "example":
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float):
        yield tree.value
    for child in ast.iter_child_nodes(tree):
        yield from numbers(child)


OVERVIEW = PACKAGE / "batch" / "overview.py"
MODULES = [*(PACKAGE / "planner").rglob("*.py"), *(PACKAGE / "functions").rglob("*.py"), OVERVIEW]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_standard_is_typed_outside_the_standards(path: Path) -> None:
    allowed = WRITTEN_ELSEWHERE.get(path.relative_to(PACKAGE).as_posix(), set())
    found = set(numbers(ast.parse(path.read_text(encoding="utf-8"))))
    assert found & STANDARDS - allowed == set()


def test_epoch_is_typed_once() -> None:
    modules = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    assert [name for name, text in modules.items() if "1899" in text] == ["epoch.py"]
