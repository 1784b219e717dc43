"""A changed template: everything that is wrong with it is said at once, before anything is written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName

from tests.batches import Run
from tests.conftest import Tables, WriteTables
from tests.recalc.books import parts, with_parts
from tests.sealed import signed
from tests.tiny import INPUTS, SHEET, TOP, cell_of, light_book
from xlsales.batch import Options, prepare
from xlsales.batch.template_check import calculation, check
from xlsales.calculation.compiled import Compiled, remembered
from xlsales.calculation.session import Session
from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import DEALS
from xlsales.workbook import parts as package_parts
from xlsales.workbook.properties import CUSTOM_PROPERTIES, with_texts
from xlsales.workbook.template import parse, read
from xlsales.workbook.vba.project import Module, ModuleKind, vba_project


def changed(path: Path, *changes: Callable[[Any], None]) -> bytes:
    workbook = openpyxl.load_workbook(path)
    for change in changes:
        change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def findings(package: bytes) -> list[Finding]:
    template = parse(package, "mine.xlsx")
    return [*check(template), *calculation(template, Compiled(template).account)]


@pytest.fixture(scope="module")
def planner_of_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with the inputs and lists of a planner, and next to no formulas."""
    workbook = light_book()
    workbook[SHEET].protection.sheet = True
    for name in INPUTS:
        workbook[SHEET][cell_of(name)].protection = Protection(locked=False)
    sheet = workbook["Pipeline"]
    for name in ("amount", "product"):
        heading = next(cell for cell in sheet[TOP] if cell.value == DEALS[name].header)
        place = f"Pipeline!${heading.column_letter}${TOP}"
        workbook.defined_names[f"col_deals_{name}"] = DefinedName(f"col_deals_{name}", attr_text=place)
    path = tmp_path_factory.mktemp("template") / "Lists.xlsx"
    workbook.save(path)
    return path


GOAL, NAME = cell_of("revenue_goal"), cell_of("territory_name")


def merge(workbook: Any) -> None:
    workbook[SHEET].merge_cells(f"A{NAME[1:]}:{NAME}")


def formula(workbook: Any) -> None:
    workbook[SHEET][GOAL] = "=1+1"


def lock(workbook: Any) -> None:
    workbook[SHEET][GOAL].protection = Protection(locked=True)


def area(workbook: Any) -> None:
    workbook.defined_names["in_person"] = DefinedName("in_person", attr_text=f"{SHEET}!$B$1:$B$2")


def nameless(workbook: Any) -> None:
    del workbook.defined_names["in_region"]


def unknown_function(workbook: Any) -> None:
    workbook[SHEET]["Z1"] = "=_xlfn.STOCKHISTORY(in_revenue_goal)"
    workbook[SHEET]["Z2"] = "=IFERROR(Z1,0)"


def heading(workbook: Any) -> None:
    sheet = workbook["Pipeline"]
    table = sheet.tables["tblDeals"]
    column = next(column for column in table.tableColumns if column.name == "Amount")
    column.name = sheet.cell(TOP, 2 + table.tableColumns.index(column)).value = "Value"
    del workbook.defined_names["col_deals_amount"]


WRONG: dict[Callable[[Any], None], tuple[str, str, str]] = {
    lock: ("warning", "INPUT_LOCKED", f"mine.xlsx, {SHEET}, {GOAL}"),
    nameless: ("info", "NAME_MISSING", "mine.xlsx"),
    heading: ("warning", "COLUMN_MISSING", "mine.xlsx, Pipeline, tblDeals"),
    unknown_function: ("warning", "LEFT_FOR_EXCEL", f"mine.xlsx, {SHEET}, Z1"),
}


def test_what_is_wrong_is_told_with_its_place(planner_of_lists: Path) -> None:
    before = findings(changed(planner_of_lists))
    after = [one for one in findings(changed(planner_of_lists, *WRONG)) if one not in before]
    firsts = {one.code: (one.severity, one.code, one.place) for one in reversed(after)}
    assert firsts == {
        code: (severity, code, place) for severity, code, place in WRONG.values()
    }  # and nothing else is told


SEALS: dict[str, tuple[Callable[[bytes], bytes], list[str]]] = {
    "signature": (signed, ["TEMPLATE_SIGNED"]),
    "final": (lambda package: with_parts(package, _final(package)), ["TEMPLATE_READ_ONLY"]),
    "read only": (lambda package: _shared(package, 'readOnlyRecommended="1"'), ["TEMPLATE_READ_ONLY"]),
    "password to change": (lambda package: _shared(package, 'userName="A" hashValue="x="'), ["TEMPLATE_READ_ONLY"]),
    "user alone": (lambda package: _shared(package, 'userName="A"'), []),
}


def _final(package: bytes) -> dict[str, bytes]:
    place = CUSTOM_PROPERTIES.name
    own = dict(parts(package))
    if place not in own:
        package_parts.add(own, CUSTOM_PROPERTIES, "", "custom-properties")
    return {**own, place: with_texts(own[place], {"_MarkAsFinal": "true"})}


def _shared(package: bytes, attributes: str) -> bytes:
    workbook = parts(package)["xl/workbook.xml"]
    changed = workbook.replace(b"<workbookPr", f"<fileSharing {attributes}/><workbookPr".encode(), 1)
    return with_parts(package, {"xl/workbook.xml": changed})


@pytest.mark.parametrize("kind", SEALS)
def test_what_every_planner_would_be_sealed_with_is_told(planner_of_lists: Path, kind: str) -> None:
    seal, codes = SEALS[kind]
    package = planner_of_lists.read_bytes()
    before = [one.code for one in check(parse(package, "mine.xlsx"))]
    assert [one.code for one in check(parse(seal(package), "mine.xlsx")) if one.code not in before] == codes


def test_what_keeps_a_batch_from_starting_is_told_all_at_once(planner_of_lists: Path) -> None:
    with pytest.raises(InputError) as refused:
        findings(changed(planner_of_lists, merge, formula, area))
    assert sorted(str(refused.value).splitlines()) == [
        f"mine.xlsx, {SHEET}, {GOAL}: This input holds a formula, which a value would replace: type a value, or "
        "rename the cell.",
        f"mine.xlsx, {SHEET}, {NAME}: This input lies inside merged cells, where no value can stand: unmerge them.",
        "mine.xlsx: The name in_person must be one cell of this workbook: correct it in Excel's Name Manager.",
    ]


def test_workbook_that_is_no_planner_is_refused() -> None:
    saved = io.BytesIO()
    openpyxl.Workbook().save(saved)
    with pytest.raises(InputError, match="This is no planner"):
        findings(saved.getvalue())


def test_shipped_kinds_of_template_have_nothing_to_tell(small_template: Path, small_template_xlsx: Path) -> None:
    for path in (small_template, small_template_xlsx):
        template = read(path)
        assert [*check(template), *calculation(template, remembered.compiled(template).account)] == []


def twice_in_a_cell(workbook: Any) -> None:
    workbook.defined_names["in_leader"] = DefinedName(
        "in_leader", attr_text=workbook.defined_names["in_person"].attr_text
    )


def twice_in_a_column(workbook: Any) -> None:
    names = workbook.defined_names
    names["col_deals_product"] = DefinedName("col_deals_product", attr_text=names["col_deals_amount"].attr_text)


def in_a_table(workbook: Any) -> None:
    workbook.defined_names["in_leader"] = DefinedName("in_leader", attr_text="Pipeline!$C$8")


def without_day(workbook: Any) -> None:
    del workbook.defined_names["in_as_of"]


def without_deals(workbook: Any) -> None:
    del workbook["Pipeline"].tables["tblDeals"]


def without_team(workbook: Any) -> None:
    del workbook["Team"].tables["tblTeam"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (twice_in_a_cell, "The names in_leader, in_person stand for this one cell"),
        (twice_in_a_column, "The names col_deals_amount, col_deals_product stand for this one column, Amount"),
        (in_a_table, "The cell of the name in_leader lies in the table tblDeals"),
        (without_day, "As of has no cell named in_as_of, and each planner needs its day"),
        (without_deals, "The template has no table tblDeals, and there are rows of deals"),
    ],
)
@pytest.mark.unsound("a name is taken out, and the formulas that use it stay")
def test_nothing_is_written_where_a_template_would_lose_values(
    tmp_path: Path,
    planner_of_lists: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    change: Callable[[Any], None],
    told: str,
) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(changed(planner_of_lists, change))
    source = write_tables(tmp_path / "tables", small_tables)
    with pytest.raises(InputError, match=re.escape(told)):
        prepare(source, Options(tmp_path / "out", template=path))
    assert not (tmp_path / "out").exists()


@pytest.mark.unsound("a table is taken out, and the formulas that name it stay")
def test_rows_of_a_table_that_only_shows_them_are_left_out_with_a_warning_and_counted(
    run: Run, tmp_path: Path, planner_of_lists: Path, small_tables: Tables
) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(changed(planner_of_lists, without_team))
    small_tables["team"] = [{"territory_id": "T1", "name": name, "role": "Seller"} for name in ("Ada", "Bo")]
    batch = run(small_tables, template=path)
    told = [(one.severity, one.territory_id) for one in batch.findings if one.code == "NO_SHEET"]
    assert told == [("warning", "T1")]
    assert batch.accounts["team"].told() | {"read": 2} == {
        "read": 2, "in_planners": 0, "left_out": {"NO_SHEET": 2}, "refused": 0, "skipped": 0,
    }  # fmt: skip


def test_nothing_is_written_with_a_template_that_cannot_work(
    tmp_path: Path, planner_of_lists: Path, small_tables: Tables, write_tables: WriteTables
) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(changed(planner_of_lists, merge))
    source = write_tables(tmp_path / "tables", small_tables)
    with pytest.raises(InputError, match="inside merged cells"):
        prepare(source, Options(tmp_path / "out", template=path))
    assert not (tmp_path / "out").exists()


def test_function_of_a_template_s_own_vba_is_left_for_excel_and_said(small_template: Path) -> None:
    planner = small_template.read_bytes()
    source = "Public Function CLOSE_RATIO(won, proposals)\nCLOSE_RATIO = 42\nEnd Function"
    book, own = Module("ThisWorkbook", "", ModuleKind.DOCUMENT_WORKBOOK), Module("Own", source, ModuleKind.STANDARD)
    theirs = with_parts(planner, {"xl/vbaProject.bin": vba_project("theirs", [book, own])})
    formula = parts(theirs)
    sheet = next(name for name in formula if name.endswith("sheet1.xml"))
    called = formula[sheet].replace(
        b"</sheetData>", b'<row r="900"><c r="A900"><f>CLOSE_RATIO(1,4)</f></c></row></sheetData>'
    )
    for package, is_ours in ((planner, True), (theirs, False)):
        template = parse(with_parts(package, {sheet: called}), "mine.xlsm")
        left = [reason for (_sheet, cell), reason in Session(template).left_for_excel.items() if cell == "A900"]
        assert left == ([] if is_ours else ["the workbook has a CLOSE_RATIO of its own"])


@pytest.mark.unsound("damaged on purpose")
@pytest.mark.parametrize("part", ["docProps/custom.xml", "docProps/app.xml", "xl/styles.xml", "xl/theme/theme1.xml"])
def test_template_with_a_part_that_is_no_xml_is_refused_before_anything_is_made(
    small_template_xlsx: Path,
    tmp_path: Path,
    out: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    part: str,
) -> None:
    package = small_template_xlsx.read_bytes()
    bad = tmp_path / "mine.xlsx"
    bad.write_bytes(with_parts(package, {part: parts(package)[part][:-9]}))
    with pytest.raises(InputError, match=rf"mine\.xlsx is damaged: its part {part} is no well-formed XML") as refusal:
        prepare(write_tables(tmp_path / "tables", small_tables), Options(out, template=bad))
    assert "\n" not in str(refusal.value)
    assert not out.exists()
