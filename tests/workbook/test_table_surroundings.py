"""What stands around a table that grows or shrinks: rules, names, charts, labels follow; the rest stays."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from lxml import etree

from tests.workbook.deals_book import DEALS, FIVE, VIEW, book, cells, edited
from xlsales.cells.references import Area
from xlsales.workbook import package
from xlsales.workbook.table_size import resized
from xlsales.workbook.table_size.place import TablePlace
from xlsales.workbook.table_size.resize import Resize, always


def test_names_follow_and_names_of_other_cells_do_not() -> None:
    names = {
        "amounts": ("=Deals!$C$4:$C$6", "Deals!$C$4:$C$8"),
        "two": ("=Deals!$B$4:$B$6,Deals!$C$4:$C$6", "Deals!$B$4:$B$8,Deals!$C$4:$C$8"),
        "last": ("=Deals!$C$6", "Deals!$C$6"),
        "others": ("=Other!$C$4:$C$6", "Other!$C$4:$C$6"),
    }

    def define(workbook: Any, _sheets: Mapping[str, Any]) -> None:
        for name, (before, _after) in names.items():
            workbook.define_name(name, before)

    found = openpyxl.load_workbook(io.BytesIO(resized(book(define), FIVE))).defined_names
    assert {name: found[name].attr_text for name in names} == {name: after for name, (_before, after) in names.items()}


@pytest.mark.parametrize(
    ("area", "after"),
    [("A1:G6", "$A$1:$G$8"), ("A1:G7", "$A$1:$G$8"), ("A1:G20", "$A$1:$G$20"), ("A1:G2", "$A$1:$G$2")],
)
def test_the_print_area_covers_the_new_rows_where_it_covered_the_last_one(area: str, after: str) -> None:
    grown = resized(book(lambda _workbook, sheets: sheets["Deals"].print_area(area)), FIVE)
    assert openpyxl.load_workbook(io.BytesIO(grown))["Deals"].print_area == f"'Deals'!{after}"


@pytest.mark.parametrize(
    ("cells_of_rule", "grown", "shrunk"),
    [
        ("C4:C6", "C4:C8", "C4:C5"),
        ("B4:C6 E4:E6", "B4:C8 E4:E8", "B4:C5 E4:E5"),
        ("C6", "C6:C8", None),
        ("A1:G6", "A1:G8", "A1:G5"),
        ("C4:C5", "C4:C5", "C4:C5"),
        ("C1:C1000", "C1:C1000", "C1:C1000"),
        ("G4:G6", "G4:G6", "G4:G6"),
    ],
)
def test_rules_for_the_last_row_hold_for_the_new_ones(cells_of_rule: str, grown: str, shrunk: str | None) -> None:
    first, *others = cells_of_rule.split()

    def rules(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        rule = {
            "validate": "integer",
            "criteria": ">",
            "value": 0,
            "other_cells": [_corners(other) for other in others],
        }
        sheets["Deals"].conditional_format(first, {"type": "no_blanks", "multi_range": cells_of_rule})
        sheets["Deals"].data_validation(first, rule)
        sheets["Deals"].ignore_errors({"number_stored_as_text": cells_of_rule})

    content = book(rules, typed=2)
    for rows, expected in ((5, grown), (2, shrunk)):
        root = etree.fromstring(package.read(resized(content, {"tblDeals": rows}))[DEALS])
        for kind in ("conditionalFormatting", "dataValidation", "ignoredError"):
            assert [rule.get("sqref") for rule in root.iter(f"{{*}}{kind}")] == [expected] * (expected is not None)
        assert len(list(root.iter("{*}dataValidations"))) == (expected is not None)


def test_newer_rules_for_the_last_row_hold_for_the_new_ones() -> None:
    def rules(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].conditional_format("C4:C6", {"type": "data_bar", "data_bar_2010": True})
        sheets["Deals"].conditional_format("D6", {"type": "data_bar", "data_bar_2010": True})

    content = book(rules, typed=2)
    for rows, expected in ((5, [b"C4:C8", b"D6:D8"]), (2, [b"C4:C5"])):
        part = package.read(resized(content, {"tblDeals": rows}))[DEALS]
        assert re.findall(b"<xm:sqref>([^<]*)<", part) == expected


def _corners(area: str) -> list[int]:
    left, top, right, bottom = openpyxl.utils.cell.range_boundaries(area)
    return [top - 1, left - 1, bottom - 1, right - 1]


def test_formulas_inside_rules_follow() -> None:
    def rules(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["View"].data_validation("A1", {"validate": "list", "source": "=Deals!$B$4:$B$6"})
        sheets["View"].conditional_format("A2", {"type": "formula", "criteria": "=A2>MAX(Deals!$C$4:$C$6)"})
        sheets["View"].conditional_format(
            "A3", {"type": "2_color_scale", "max_type": "formula", "max_value": "=MAX(Deals!$C$4:$C$6)"}
        )
        sheets["View"].conditional_format("A4", {"type": "data_bar", "data_bar_2010": True, "max_type": "formula",
                                                 "max_value": "=MAX(Deals!$C$4:$C$6)"})  # fmt: skip

    part = package.read(resized(book(rules), FIVE))[VIEW].decode()
    assert "$6" not in part
    assert len(re.findall(r"Deals!\$[BC]\$4:\$[BC]\$8", part)) == 5  # a data bar has two, the older and the newer


def test_charts_follow() -> None:
    def chart(workbook: Any, sheets: Mapping[str, Any]) -> None:
        made = workbook.add_chart({"type": "line"})
        made.add_series({"categories": "=Deals!$B$4:$B$6", "values": "=Deals!$C$4:$C$6", "name": "=Deals!$C$3"})
        sheets["View"].insert_chart("A1", made)

    parts = package.read(resized(book(chart), FIVE))
    assert re.findall(rb"<c:f>([^<]*)", parts["xl/charts/chart1.xml"]) == [
        b"Deals!$C$3", b"Deals!$B$4:$B$8", b"Deals!$C$4:$C$8",
    ]  # fmt: skip


def test_sparklines_follow_and_new_rows_get_their_own() -> None:
    def lines(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["View"].add_sparkline("A1", {"range": "Deals!C4:C6"})
        sheets["Deals"].add_sparkline("H1", {"range": "Deals!C4:C6"})
        sheets["Deals"].add_sparkline("H4", {"location": ["H4", "H5", "H6"], "range": ["C4:E4", "C5:E5", "C6:E6"]})

    def shown(part: bytes) -> dict[bytes, bytes]:
        found = re.findall(rb"<xm:f>([^<]*)</xm:f><xm:sqref>([^<]*)<", part)
        return {place: source for source, place in found}

    content = book(lines, typed=2)
    grown = package.read(resized(content, FIVE))
    assert shown(grown[VIEW]) == {b"A1": b"Deals!C4:C8"}
    rows = {b"H%d" % row: b"Deals!C%d:E%d" % (row, row) for row in range(4, 9)}
    assert shown(grown[DEALS]) == {b"H1": b"Deals!C4:C8", **rows}
    shrunk = package.read(resized(content, {"tblDeals": 2}))
    assert shown(shrunk[DEALS]) == {b"H1": b"Deals!C4:C5", b"H4": b"Deals!C4:E4", b"H5": b"Deals!C5:E5"}


def test_a_sparkline_of_cells_in_several_rows_is_repeated_as_it_is() -> None:
    def lines(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].add_sparkline("H4", {"location": ["H4", "H5", "H6"], "range": ["C4:C9", "C5:C9", "C6:C9"]})

    grown = package.read(resized(book(lines, typed=2), FIVE))[DEALS]
    found = {place: source for source, place in re.findall(rb"<xm:f>([^<]*)</xm:f><xm:sqref>([^<]*)<", grown)}
    own = {b"H4": b"Deals!C4:C9", b"H5": b"Deals!C5:C9", b"H6": b"Deals!C6:C9"}
    assert found == {**own, b"H7": b"Deals!C6:C9", b"H8": b"Deals!C6:C9"}


def test_a_label_merged_down_beside_the_table_follows() -> None:
    def label(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].merge_range("A4:A6", "2027")
        sheets["Deals"].merge_range("A1:F1", "Deals")
        sheets["Deals"].merge_range("H6:I6", "last")

    content = book(label, typed=2)
    for rows, expected in ((5, ["A4:A8"]), (2, ["A4:A5"]), (1, [])):
        content = book(label, typed=1) if rows == 1 else content
        root = etree.fromstring(package.read(resized(content, {"tblDeals": rows}))[DEALS])
        assert [merged.get("ref") for merged in root.iter("{*}mergeCell")] == [*expected, "A1:F1", "H6:I6"]
        assert root.find("{*}mergeCells").get("count") == str(len(expected) + 2)


@pytest.mark.parametrize(("rows", "dimension"), [(5, "B3:F8"), (2, "B3:F5")])
def test_the_dimension_is_that_of_the_cells(rows: int, dimension: str) -> None:
    part = package.read(resized(book(typed=2), {"tblDeals": rows}))[DEALS]
    assert f'<dimension ref="{dimension}"/>'.encode() in part


def test_new_rows_are_as_high_as_the_last_one_and_shown_even_where_a_filter_hides_it() -> None:
    def rows(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].set_row(5, 33, None, {"hidden": True, "level": 1})

    made = openpyxl.load_workbook(io.BytesIO(resized(book(rows), FIVE)))["Deals"].row_dimensions
    assert [(made[row].height, made[row].hidden, made[row].outlineLevel) for row in (6, 7, 8)] == [
        (33, True, 1),
        (33, False, 1),
        (33, False, 1),
    ]


def test_what_stands_beside_in_the_new_rows_stays() -> None:
    def beside(workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].write_string("A8", "left")
        sheets["Deals"].write_string("Z7", "right")
        sheets["Deals"].write_blank("A6", None, workbook.add_format({"bg_color": "#FFEE00"}))

    grown = resized(book(beside), FIVE)
    assert cells(grown, "Deals", "A7:Z8") == [
        [None, None, None, "=C7/SUM(C$4:C$8)", "=SUM(C$4:C7)", *[None] * 20, "right"],
        ["left", None, None, "=C8/SUM(C$4:C$8)", "=SUM(C$4:C8)", *[None] * 21],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(grown))["Deals"]
    assert sheet["A7"].fill.fgColor.rgb == "FFFFEE00"  # a blank cell's colour goes on


def test_texts_that_name_a_range_follow() -> None:
    def labels(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        for row, text in enumerate(("Deals!C4:C6", "see Deals!C4:C6", "<Deals!C4:C6", "Other!C4:C6")):
            sheets["View"].write_string(row, 0, text)

    grown = resized(book(labels), FIVE)
    texts = [row[0] for row in cells(grown, "View", "A1:A4")]
    assert texts == ["Deals!C4:C8", "see Deals!C4:C6", "<Deals!C4:C6", "Other!C4:C6"]


FOREIGN_PARTS = {
    "xl/ctrlProps/ctrlProp1.xml": (
        '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="Drop"'
        ' fmlaLink="$A$1" fmlaRange="Deals!$B$4:$B${}"/>'
    ),
    "xl/drawings/vmlDrawing1.vml": "<xml><br><x:FmlaRange>Deals!$B$4:$B${}</x:FmlaRange></xml>",
    "xl/pivotCache/pivotCacheDefinition1.xml": (
        '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cacheSource type="worksheet"><worksheetSource ref="B3:F{}" sheet="Deals"/>'
        "</cacheSource></pivotCacheDefinition>"
    ),
    "xl/charts/chartEx1.xml": (
        '<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"><cx:chartData>'
        '<cx:data id="0"><cx:numDim type="val"><cx:f>Deals!$C$4:$C${}</cx:f></cx:numDim>'
        "</cx:data></cx:chartData></cx:chartSpace>"
    ),
}


@pytest.mark.parametrize("part", FOREIGN_PARTS)
def test_pivot_tables_controls_and_newer_charts_follow(part: str) -> None:
    parts = package.read(book()) | {part: FOREIGN_PARTS[part].format(6).encode()}
    grown = package.read(resized(package.write(parts), FIVE))[part]
    assert grown.endswith(FOREIGN_PARTS[part].format(8).encode())


def test_what_nobody_here_knows_stays_with_its_namespaces() -> None:
    unknown = 'xmlns:k="http://example.com/k" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    content = edited(book(), DEALS, "<worksheet ", f'<worksheet {unknown} mc:Ignorable="k" ')
    content = edited(content, DEALS, '<row r="6"', '<row r="6" k:note="6"')
    content = edited(
        content, DEALS, "</worksheet>", '<extLst><ext uri="{1}"><k:gadget k:at="C4:C6"/></ext></extLst></worksheet>'
    )
    part = package.read(resized(content, FIVE))[DEALS].decode()
    assert 'mc:Ignorable="k"' in part
    assert '<k:gadget k:at="C4:C6"/>' in part
    assert part.count('k:note="6"') == 3


def test_parts_that_do_not_read_the_table_keep_their_bytes() -> None:
    before, after = package.read(book()), package.read(resized(book(), FIVE))
    assert {name for name in before if before[name] != after[name]} == {DEALS, "xl/tables/table1.xml"}


@pytest.mark.parametrize(
    ("formula", "followed"),
    [
        ("SUM('Ada''s list'!$A$2:$A$9)", "SUM('Ada''s list'!$A$2:$A$20)"),
        ("SUM('ADA''S LIST'!$A$2:$A$9)", "SUM('ADA''S LIST'!$A$2:$A$20)"),
        ("SUM('Ada list'!$A$2:$A$9)", "SUM('Ada list'!$A$2:$A$9)"),
        ("SUM($A$2:$A$9)", "SUM($A$2:$A$9)"),
    ],
)
def test_a_formula_of_another_sheet_follows_where_it_names_the_tables(formula: str, followed: str) -> None:
    place = TablePlace("tblList", "", "Ada's list", "", Area(1, 1, 1, 9), 1, 0, "worksheet")
    assert Resize(place, frozenset(), 20).followed(formula, "Other", "Other!A1", always) == followed
