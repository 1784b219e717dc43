"""A template with defined names of every kind that Excel allows gives the planners that it gives without them."""

from __future__ import annotations

import re
import shutil
import sys
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lxml import etree

from tests.cli.printed import Type
from tests.package_edit import WORKBOOK, PackageEdit
from xlsales.batch import Options, prepare
from xlsales.workbook import defined_names

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.unsound("names of workbooks and sheets that are not there, as people's templates have them")

# name → (its attributes, what it stands for)
KINDS: Mapping[str, tuple[str, str]] = {
    "of another workbook": ('name="Rates"', "[1]Sheet1!$A$1"),
    "of another workbook, quoted": ('name="Rates"', "'[1]My sheet'!$A$1:$B$9"),
    "of another workbook's name": ('name="Rates"', "[1]!their_name"),
    "by the path of another workbook": ('name="Rates"', "'C:\\Plans\\[Rates 2027.xlsx]Sheet1'!$A$1"),
    "of a deleted cell": ('name="Old"', "Start!#REF!"),
    "of a deleted sheet": ('name="Old"', "#REF!$A$1"),
    "of nothing": ('name="Old"', "#REF!"),
    "of several sheets": ('name="All"', "Start:Targets!$A$1"),
    "of several quoted sheets": ('name="All"', "'Start:Org health'!$A$1:$B$2"),
    "empty": ('name="Empty"', ""),
    "blank": ('name="Empty"', " "),
    "union": ('name="Two"', "Start!$A$1,Targets!$C$5"),
    "union in parentheses": ('name="Two"', "(Start!$A$1,Targets!$C$5:$C$6)"),
    "intersection": ('name="Cross"', "Start!$A$1:$C$3 Start!$B$2:$D$4"),
    "whole column": ('name="Column"', "Lists!$A:$A"),
    "whole columns": ('name="Column"', "Lists!$A:$XFD"),
    "whole row": ('name="Row"', "Lists!$1:$1"),
    "whole sheet": ('name="Sheet"', "Lists!$1:$1048576"),
    "relative": ('name="Beside"', "Start!XFD1048576"),
    "of this sheet": ('name="Here"', "!$A$1"),
    "number": ('name="VAT"', "0.19"),
    "percent": ('name="VAT"', "19%"),
    "text": ('name="Greeting"', '"Targets!$C$6"'),
    "truth": ('name="Truth"', "TRUE"),
    "error": ('name="Missing"', "#N/A"),
    "array": ('name="Numbers"', '{1,2;"a",TRUE}'),
    "OFFSET": ('name="Moving"', "OFFSET(Start!$A$1,0,0,COUNTA(Lists!$A:$A),1)"),
    "INDIRECT": ('name="Told"', 'INDIRECT("Targets!C6")'),
    "range by INDEX": ('name="Range"', "Lists!$A$1:INDEX(Lists!$A:$A,5)"),
    "of a table's column": ('name="Column"', "tblDeals[Amount]"),
    "of a table": ('name="Deals"', "tblDeals[#All]"),
    "LAMBDA": ('name="Twice"', "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)"),
    "LET": ('name="Let"', "_xlfn.LET(_xlpm.x,in_revenue_goal,_xlpm.x/12)"),
    "of a macro": ('name="Macro" function="1" vbProcedure="1"', "#REF!"),
    "of a cell by another name": ('name="Goal"', "in_revenue_goal"),
    "hidden": ('name="Secret" hidden="1"', "Start!$A$1"),
    "with a comment": ('name="Said" comment="&lt;b&gt; &amp; more"', "Start!$A$1"),
    "of one sheet": ('name="Own" localSheetId="0"', "Start!$A$1"),
    "of one sheet, as an input is called": ('name="in_person" localSheetId="16"', "Lists!$Z$99"),
    "of one sheet, in other letters": ('name="IN_Person" localSheetId="15"', "Checks!$Z$99"),
    "of one sheet that is gone": ('name="Own" localSheetId="99"', "Start!$A$1"),
    "of a sheet that is not there": ('name="Old"', "Nowhere!$A$1"),
    "with an apostrophe": ('name="Quoted"', "'It''s Org health'!$A$1"),
    "with a dot and a backslash": ('name="\\a.b_1"', "Start!$A$1"),
    "of other letters": ('name="Größe_北"', "Start!$A$1"),
    "like an input": ('name="in_something_else"', "Start!$A$1:$B$2"),
    "filter": ('name="_xlnm._FilterDatabase" localSheetId="16" hidden="1"', "Lists!$A$1:$B$5"),
    "extract": ('name="_xlnm.Extract" localSheetId="16"', "Lists!#REF!"),
    "print titles": ('name="_xlnm.Print_Titles" localSheetId="16"', "Lists!$A:$A,Lists!$1:$1"),
    "odd print area": ('name="_xlnm.Print_Area" localSheetId="99"', "#REF!"),
    "print area by OFFSET": ('name="Print_Area_2" localSheetId="0"', "OFFSET(Start!$A$1,0,0,5,5)"),
    "cell of one": ('name="One"', "Start!$A$1:$A$1"),
}  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, write_tables: WriteTables) -> Path:
    territory = {"territory_id": "T1", "territory_name": "North", "person": "Ada", "fiscal_year": "2027"}
    goals = {"currency": "EUR", "revenue_goal": "500000", "growth_rate": "0.10"}
    goals |= {"attrition_rate": "0.17", "gross_margin": "0.5", "selling_weeks": "46"}  # nothing is taken for granted
    deal = {"territory_id": "T1", "deal_id": "D1", "first_appointment": "2027-01-11", "outcome": "OPEN"}
    tables: Tables = {"territories": [{**territory, **goals}], "deals": [deal]}
    return write_tables(tmp_path_factory.mktemp("crm"), tables)


def named(planner: bytes, attributes: str, formula: str) -> bytes:
    """Return a planner with one more name, first of all."""
    edit = PackageEdit(planner)
    text = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    edit.replace(WORKBOOK, "<definedNames>", f"<definedNames><definedName {attributes}>{text}</definedName>")
    return edit.close()


def contents(path: Path) -> dict[str, bytes]:
    """The parts of a planner but those that say which template it was made from, or hold the name."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return {name: part for name, part in parts.items() if name not in (WORKBOOK, "docProps/custom.xml")}


@pytest.fixture(scope="module")
def plain(small_template_xlsx: Path) -> bytes:
    return small_template_xlsx.read_bytes()


@pytest.fixture(scope="module")
def expected(source: Path, plain: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of the planner that the template gives as it is."""
    folder = tmp_path_factory.mktemp("plain")
    path = folder / "My template.xlsx"
    path.write_bytes(plain)
    with prepare(source, Options(folder / "plans", template=path, workers=1)) as batch:
        batch.run()
    return contents(folder / "plans" / "T1 North.xlsx")


def planner(typed: Type, source: Path, template: bytes, folder: Path, *words: str) -> tuple[Path, str]:
    """Return the one planner that a batch makes, and what was said."""
    path = folder / "My template.xlsx"
    path.write_bytes(template)
    printed = typed("batch", source, "--out", folder / "plans", "--template", path, "--workers", 1, *words)
    assert printed.error == ""
    assert printed.code == 0
    return folder / "plans" / "T1 North.xlsx", printed.out


def groups() -> list[list[str]]:
    """The kinds, some at a time; those of one name of a sheet must not meet."""
    kinds = sorted(KINDS, key=lambda kind: "in_person" in KINDS[kind][0].lower())
    return [kinds[first::3] for first in range(3)]


@pytest.mark.parametrize("group", groups(), ids=lambda group: group[0])
def test_names_change_nothing_in_the_planners(
    typed: Type, source: Path, plain: bytes, expected: dict[str, bytes], tmp_path: Path, group: list[str]
) -> None:
    template = plain
    for number, kind in enumerate(group):
        attributes, formula = KINDS[kind]
        if not re.search("in_person|_xlnm", attributes, re.IGNORECASE):
            attributes = re.sub('name="([^"]*)"', rf'name="\1_{number}"', attributes.replace("\\", "\\\\"), count=1)
        template = named(template, attributes, formula)
    made, told = planner(typed, source, template, tmp_path)
    assert contents(made) == expected
    assert told.endswith("No findings.\n")
    assert names_of(made) == names_of(tmp_path / "My template.xlsx")


def names_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        found = re.search(rb"<definedNames>.*</definedNames>", archive.read(WORKBOOK), re.DOTALL)
    assert found
    return found[0]


@pytest.fixture(scope="module")
def before(plain: bytes) -> Mapping[str, tuple[str, str]]:
    return defined_names.read(plain, "plain").cells()


@pytest.mark.parametrize("kind", KINDS)
def test_name_of_any_kind_leaves_the_inputs_as_they_are(
    plain: bytes, before: Mapping[str, tuple[str, str]], kind: str
) -> None:
    cells = defined_names.read(named(plain, *KINDS[kind]), "named").cells()
    assert {name: cell for name, cell in cells.items() if name in before} == before
    assert cells.keys() - before <= {"old", "one", "own", "secret", "said", "beside", "\\a.b_1", "größe_北"}


def test_slow_writer_keeps_the_names_too(typed: Type, source: Path, plain: bytes, tmp_path: Path) -> None:
    template = plain
    for kind in ("of several sheets", "of another workbook", "empty", "LAMBDA", "filter", "odd print area"):
        template = named(template, *KINDS[kind])
    made, _told = planner(typed, source, template, tmp_path, "--writer", "openpyxl")
    ours, theirs = (
        [(dict(name.attrib), name.text or "") for name in etree.fromstring(names_of(path))]
        for path in (made, tmp_path / "My template.xlsx")
    )
    assert ours == theirs


def test_input_is_found_in_any_letter_case(
    typed: Type, source: Path, plain: bytes, expected: dict[str, bytes], tmp_path: Path
) -> None:
    template = PackageEdit(plain)
    template.replace(WORKBOOK, '<definedName name="in_person"', '<definedName name="IN_Person"')
    made, told = planner(typed, source, template.close(), tmp_path)
    assert contents(made) == expected
    assert told.endswith("No findings.\n")


def test_input_is_found_where_one_sheet_alone_has_its_name(plain: bytes) -> None:
    sheets = defined_names.read(plain, "plain").sheets
    for local, found in (([3], True), ([3, 4], False)):
        edit = PackageEdit(plain)
        own = "".join(
            f'<definedName name="IN_own" localSheetId="{number}">{sheets[number]}!$C$3</definedName>'
            for number in local
        )
        edit.replace(WORKBOOK, "<definedNames>", f"<definedNames>{own}")
        cells = defined_names.read(edit.close(), "named").cells()
        assert cells.get("in_own") == ((sheets[3], "C3") if found else None)


def test_input_on_a_sheet_with_an_apostrophe_is_found(
    typed: Type, source: Path, plain: bytes, expected: dict[str, bytes], tmp_path: Path
) -> None:
    edit = PackageEdit(plain)
    edit.replace(WORKBOOK, 'sheet name="Targets"', 'sheet name="Ada&apos;s goals"')
    for name, content in edit.parts.items():
        if name.endswith(".xml") and not name.startswith("docProps/") and name != "xl/sharedStrings.xml":
            edit.parts[name] = re.sub(rb"(?<!\w)Targets!", b"'Ada''s goals'!", content)
    made, _told = planner(typed, source, edit.close(), tmp_path)
    targets = next(name for name in expected if b'sqref="C9"' in expected[name])
    assert contents(made)[targets] == expected[targets].replace(b"Targets!", b"'Ada''s goals'!")


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("Targets!$C$7", "The names in_person, in_region stand for this one cell"),
        ("targets!C7", "The names in_person, in_region stand for this one cell"),
        ("Targets!$C$7:$C$7", "The names in_person, in_region stand for this one cell"),
        ("Pipeline!$B$8", "The cell of the name in_region lies in the table tblDeals"),
        ("Targets!$C$9:$C$10", "The name in_region must be one cell of this workbook"),
        ("[1]Sheet1!$A$1", "The name in_region must be one cell of this workbook"),
        ("Start:Targets!$C$9", "The name in_region must be one cell of this workbook"),
        ("Targets!$C$9,Targets!$C$10", "The name in_region must be one cell of this workbook"),
        ("Targets!$C:$C", "The name in_region must be one cell of this workbook"),
        ("Nowhere!$C$9", "The name in_region must be one cell of this workbook"),
        ("OFFSET(Targets!$C$9,0,0)", "The name in_region must be one cell of this workbook"),
        ("", "The name in_region must be one cell of this workbook"),
        ('"Targets!$C$9"', "The name in_region must be one cell of this workbook"),
    ],
)
def test_input_without_one_cell_of_its_own_is_told_before_anything_is_written(
    typed: Type, source: Path, plain: bytes, tmp_path: Path, formula: str, told: str
) -> None:
    edit = PackageEdit(plain)
    edit.parts[WORKBOOK] = re.sub(
        rb'(<definedName name="in_region"[^>]*>)[^<]*', rb"\1" + formula.encode(), edit.parts[WORKBOOK]
    )
    path = tmp_path / "mine.xlsx"
    path.write_bytes(edit.close())
    line = typed("batch", source, "--out", tmp_path / "plans", "--template", path).stopped()
    assert line.startswith("xlsales: mine.xlsx")
    assert told in line
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("formula", ["Plan!#REF!", "#REF!", "#REF!$C$9"])
def test_input_whose_cell_was_deleted_is_left_out_and_told(
    typed: Type, source: Path, tiny_template: Path, tmp_path: Path, formula: str
) -> None:
    source = shutil.copytree(source, tmp_path / "territories alone", ignore=shutil.ignore_patterns("deals*"))
    edit = PackageEdit(tiny_template.read_bytes())
    edit.parts[WORKBOOK] = re.sub(
        rb'(<definedName name="in_region"[^>]*>)[^<]*', rb"\1" + formula.encode(), edit.parts[WORKBOOK]
    )
    _made, told = planner(typed, source, edit.close(), tmp_path)
    assert "warning My template.xlsx: The cell of the name in_region was deleted, and its value is left out." in told


def test_large_workbook_that_is_no_planner_is_not_even_read(
    typed: Type, source: Path, tmp_path: Path, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = PackageEdit(plain)
    edit.parts[WORKBOOK] = re.sub(rb"<definedNames>.*</definedNames>", b"", edit.parts[WORKBOOK], flags=re.DOTALL)
    for name in [name for name in edit.parts if name.startswith("xl/tables/")]:
        edit.parts[name] = re.sub(rb'displayName="[^"]*"', b'displayName="tblMine"', edit.parts[name])
    path = tmp_path / "mine.xlsx"
    path.write_bytes(edit.close())

    def never(*_arguments: object, **_options: object) -> None:
        raise AssertionError

    monkeypatch.setattr("openpyxl.load_workbook", never)
    line = typed("batch", source, "--out", tmp_path / "plans", "--template", path).stopped()
    assert line.startswith("xlsales: mine.xlsx: This is no planner: it has no input cell")


def _shown(*told: Any, **named: Any) -> None:
    sys.stderr.write(str((told, named)))


def test_what_openpyxl_warns_of_is_not_shown(typed: Type, source: Path, tmp_path: Path, plain: bytes) -> None:
    edit = PackageEdit(plain)
    name = edit.sheet("Targets")
    edit.parts[name] = edit.parts[name].replace(
        b"</worksheet>", b'<extLst><ext uri="{AAAAAAAA-0000-4000-8000-000000000000}"/></extLst></worksheet>'
    )
    path = tmp_path / "mine.xlsx"
    path.write_bytes(edit.close())
    with pytest.warns(UserWarning, match="Unknown extension is not supported"):
        openpyxl.load_workbook(path)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = _shown  # as outside of pytest
        printed = typed("batch", source, "--out", tmp_path / "plans", "--template", path, "--dry-run")
    assert (printed.code, printed.error) == (0, "")
