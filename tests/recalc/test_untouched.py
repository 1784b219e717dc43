"""`recalc` changes values and nothing else: other parts keep their bytes, and a second run changes none."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.batches import PLANNERS, Run
from tests.depth import examples
from tests.made_once import made_once
from tests.recalc.books import done, openpyxl_book, parts, shown, with_parts
from tests.recalc.test_values import xlsxwriter_book
from tests.sealed import signed, with_old_macros

if TYPE_CHECKING:
    from tests.conftest import Tables

SHEET = "xl/worksheets/sheet1.xml"
_CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)


def without_values(sheet: bytes) -> bytes:
    """A worksheet part without the types and values of its formula cells."""

    def bare(cell: re.Match[bytes]) -> bytes:
        if b"<f" not in cell[0]:
            return cell[0]
        opening, _end, rest = cell[0].partition(b">")
        return re.sub(rb' t="\w+"', b"", opening) + b">" + re.sub(rb"<v(?: [^>]*[^/])?>[^<]*</v>|<v ?/>", b"", rest)

    return _CELL.sub(bare, sheet)


@pytest.fixture
def planner(run: Run, out: Path, small_tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A filled planner, with something of everything."""

    def made() -> bytes:
        run(small_tables)
        return (out / PLANNERS[0]).read_bytes()

    return made_once(tmp_path_factory, "Planner to recalculate.xlsm", made).read_bytes()


def test_planner_of_a_batch_keeps_its_bytes(planner: bytes) -> None:
    result = done(planner)
    assert result.package == planner
    assert (result.changed, result.left) == (0, {})
    assert result.formulas > 7000


def test_planner_that_lost_its_values_gets_them_back_and_keeps_all_other_bytes(planner: bytes) -> None:
    blank = {
        name: without_values(part) for name, part in parts(planner).items() if name.startswith("xl/worksheets/sheet")
    }
    result = done(with_parts(planner, blank))
    assert result.left == {}
    before, after = parts(planner), parts(result.package)
    assert list(before) == list(after)
    assert [name for name, part in before.items() if part != after[name] and name not in blank] == []
    assert done(result.package).package == result.package
    for name in blank:
        assert without_values(before[name]) == without_values(after[name])
    for sheet in ("Start", "Dashboard", "Pipeline", "Checks", "Functions"):
        assert shown(result.package, sheet) == shown(planner, sheet)


def test_parts_nobody_knows_are_copied_still_compressed() -> None:
    package = with_parts(
        openpyxl_book({"A1": "=1+1"}),
        {"xl/vbaProject.bin": bytes(range(256)), "customXml/item1.xml": b"<x/>", "xl/unknown/Größe.bin": b"1" * 999},
    )
    result = done(package)
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (package, result.package))
    for old, new in zip(before.infolist(), after.infolist(), strict=True):
        assert old.filename == new.filename
        if old.filename != SHEET:
            assert (old.CRC, old.compress_size, old.compress_type) == (new.CRC, new.compress_size, new.compress_type)


def test_signature_that_no_longer_holds_is_told() -> None:
    once = done(signed(openpyxl_book({"A1": "=1+1"})))
    assert once.breaks_signature
    assert "_xmlsignatures/sig1.xml" in parts(once.package)
    assert not done(once.package).breaks_signature
    assert not done(openpyxl_book({"A1": "=1+1"})).breaks_signature


def test_sheet_of_old_macros_stays_as_it_is_beside_sheets_that_are_calculated() -> None:
    package = with_old_macros(openpyxl_book({"A1": "=1+1", "A2": "=Macro1!A1", "A3": '=INDIRECT("Macro1!A1")'}))
    result = done(package)
    assert shown(result.package)["A1"] == 2
    assert [*result.left] == [("S", "A2"), ("S", "A3")]
    assert parts(result.package)["xl/macrosheets/sheet1.xml"] == parts(package)["xl/macrosheets/sheet1.xml"]


def test_everything_but_values_survives_in_a_changed_sheet() -> None:
    odd = (
        b'<c r="A1" s="0" foo:bar="1"><f ca="1">1+1</f><v>7</v><extLst><ext uri="{1}"/></extLst></c>'
        b"<c r='B1' t='b' ><v>1</v></c>"
    )
    package = openpyxl_book({"A1": "=1+1", "A2": "text"})
    sheet = parts(package)[SHEET]
    sheet = re.sub(rb'<c r="A1".*?</c>', odd, sheet).replace(b"<worksheet ", b'<worksheet xmlns:foo="urn:foo" ')
    new = parts(done(with_parts(package, {SHEET: sheet})).package)[SHEET]
    assert b'<c r="A1" s="0" foo:bar="1"><f ca="1">1+1</f><v>2</v><extLst><ext uri="{1}"/></extLst></c>' in new
    assert without_values(new) == without_values(sheet)


@pytest.mark.parametrize(
    "package", [xlsxwriter_book(), openpyxl_book({"A1": "=NOW()", "A2": "=NO_SUCH(1)", "A3": "x"})]
)
def test_second_run_changes_nothing(package: bytes) -> None:
    once = done(package)
    again = done(once.package)
    assert once.changed
    assert (again.package, again.changed) == (once.package, 0)
    assert again.left == once.left


def test_workbook_without_formulas_keeps_its_bytes() -> None:
    package = openpyxl_book({"A1": 1})
    assert (done(package).package, done(package).formulas) == (package, 0)


@pytest.mark.parametrize("stored", [b"0.1", b"1E-1", b"0.10000000000000001", b"0.1000"])
def test_value_written_in_another_way_keeps_its_bytes(stored: bytes) -> None:
    package = openpyxl_book({"A1": "=1/10"})
    sheet = re.sub(rb"<v></v>|<v ?/>", b"<v>%b</v>" % stored, parts(package)[SHEET])
    written = with_parts(package, {SHEET: sheet})
    assert done(written).package == written


CELLS = st.sampled_from([f"{column}{row}" for column in "ABC" for row in (1, 2, 3)])
CONSTANTS = st.one_of(
    st.integers(-5, 5), st.floats(-10, 10), st.booleans(), st.text("aé <&'\"_x\t", max_size=5), st.none()
)
FORMULAS = st.one_of(
    st.builds("={}+{}".format, CELLS, CELLS),
    st.builds('=IFERROR({}/{},"none")'.format, CELLS, CELLS),
    st.builds("=SUM({}:{})".format, CELLS, CELLS),
    st.builds("=CLOSE_RATIO({},{})".format, CELLS, CELLS),
    st.builds('={}&"<"&{}'.format, CELLS, CELLS),
    st.builds("=NO_SUCH({})".format, CELLS),
)


@settings(max_examples=examples(25), deadline=None)
@example({"A1": " ", "A2": '=A1&"<"&A1'})  # a value with blanks at its ends
@given(st.dictionaries(CELLS, st.one_of(CONSTANTS, FORMULAS), min_size=1))
def test_any_workbook_keeps_all_but_its_values_and_settles(cells: dict[str, Any]) -> None:
    cells = {
        place: content.replace("_x", "x") if isinstance(content, str) else content for place, content in cells.items()
    }
    package = openpyxl_book(cells)
    result = done(package)
    before, after = parts(package), parts(result.package)
    assert without_values(before[SHEET]) == without_values(after[SHEET])
    assert {name for name in before if before[name] != after[name]} <= {SHEET, "xl/workbook.xml"}
    assert done(result.package).package == result.package
    found = shown(result.package)
    formulas = {place for place, content in cells.items() if isinstance(content, str) and content.startswith("=")}
    assert result.left.keys() <= {("S", place) for place in formulas}
    assert not {place for _sheet, place in result.left} & found.keys()
