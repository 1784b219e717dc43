"""Templates that somebody has changed in Excel: read whole, filled and grown with nothing of it lost."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tests import libreoffice, open_xml_sdk
from tests.conftest import RawWorkbook
from tests.depth import VARIABLE
from tests.foreign_templates import FOREIGN
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue, InputValue, serial
from xlsales.workbook import package
from xlsales.workbook.stamp import Stamp
from xlsales.workbook.table_size import resized
from xlsales.workbook.template import Template, parse

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# What a planner's inputs are written into, besides the sheets.
WRITTEN = {"xl/sharedStrings.xml", "docProps/custom.xml", "xl/workbook.xml"}
RENAMED = {"renamed_sheet", "everything"}
GROWN = {"tblDeals": 11, "tblAccounts": 8}
MOVED = {"moved_input", "everything"}

every_template = pytest.mark.parametrize("name", FOREIGN)


@pytest.fixture(scope="module")
def plain(small_template: Path) -> bytes:
    return small_template.read_bytes()


@pytest.fixture(scope="module")
def ours(plain: bytes) -> Template:
    return parse(plain, "plain")


@pytest.fixture(scope="module")
def foreign(plain: bytes) -> Mapping[str, bytes]:
    return {name: change(plain) for name, change in FOREIGN.items()}


@pytest.fixture(scope="module")
def read(foreign: Mapping[str, bytes]) -> Mapping[str, Template]:
    return {name: parse(content, name) for name, content in foreign.items()}


@pytest.fixture(scope="module")
def copies(read: Mapping[str, Template]) -> Mapping[str, bytes]:
    """A filled copy of each: with right values the one that has every change, the others with any."""
    return {name: filled(template, known=name != "everything") for name, template in read.items()}


@every_template
def test_a_changed_planner_is_the_same_at_every_call(foreign: Mapping[str, bytes], plain: bytes, name: str) -> None:
    assert FOREIGN[name](plain) == foreign[name]


@pytest.mark.sdk
@pytest.mark.parametrize("name", FOREIGN if os.environ.get(VARIABLE) else ["everything"])  # which has each change
def test_the_open_xml_sdk_finds_nothing(foreign: Mapping[str, bytes], name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsm"
    path.write_bytes(foreign[name])
    assert open_xml_sdk.faults(path) == []


@every_template
def test_every_slot_is_found(read: Mapping[str, Template], ours: Template, name: str) -> None:
    theirs = read[name]
    sheets = {"Pipeline": "Deals 2027"} if name in RENAMED else {}

    def there(address: Address) -> Address:
        if name in MOVED and address == ("Targets", "C9"):
            return "Targets", "N9"
        return sheets.get(address[0], address[0]), address[1]

    assert {known: there(address) for known, address in ours.names.items()}.items() <= theirs.names.items()
    assert {there(address) for address in ours.inputs()} == set(theirs.inputs())
    assert {there(address) for address in ours.formulas} <= set(theirs.formulas)
    assert {there(address): value for address, value in ours.defaults.items()} == theirs.defaults
    assert theirs.tables.keys() == ours.tables.keys()


def inputs(template: Template) -> dict[Address, InputValue]:
    """Something of each kind, also what another program might take for a formula or a link."""
    deals = template.tables["tblDeals"]
    accounts = template.tables["tblAccounts"]
    return {
        template.names["in_person"]: "=1+1",
        template.names["in_region"]: "Île 北 <&>",
        template.names["in_revenue_goal"]: 500_000.0,
        template.names["in_as_of"]: dt.date(2027, 3, 31),
        deals.cell("Deal ID", 0): "@007",
        deals.cell("Amount", 0): 1234.5,
        deals.cell("Amount", deals.rows - 1): 0.1,
        accounts.cell("Account", 1): "http://example.com",
    }


def filled(template: Template, *, known: bool = False) -> bytes:
    """A filled copy; where its values are no matter, they are taken for known."""
    number = len(template.formulas)
    base: Sequence[CellValue] = [0.0] * number
    values: Sequence[CellValue] = [1.0] * number
    if not known:
        base, values = Session(template).calculated([{}, inputs(template)])
    return Stamp(template, base).write(inputs(template), values, {"run_id": "r1"})


@cache  # most sheets are the same in several templates
def bare(sheet: bytes) -> bytes:
    """A worksheet without what its cells show: values, their types, and cells with neither format nor formula."""
    root = etree.fromstring(sheet)
    for row in root.iter(f"{MAIN}row"):
        row.attrib.pop("spans", None)
        for cell in list(row):
            cell.attrib.pop("t", None)
            for shown in cell.findall(f"{MAIN}v") + cell.findall(f"{MAIN}is"):
                cell.remove(shown)
            if not len(cell) and "s" not in cell.attrib:
                row.remove(cell)
    return bytes(etree.tostring(root, method="c14n"))


@every_template
def test_a_filled_copy_keeps_every_part(foreign: Mapping[str, bytes], copies: Mapping[str, bytes], name: str) -> None:
    before, after = package.read(foreign[name]), package.read(copies[name])
    assert list(after) == list(before)
    sheets = {part for part in before if part.startswith("xl/worksheets/sheet")}
    others = before.keys() - sheets - WRITTEN
    assert {part for part in others if after[part] != before[part]} == set()
    assert {part for part in sheets if bare(after[part]) != bare(before[part])} == set()


@every_template
def test_a_filled_copy_adds_texts_properties_and_a_wish_to_calculate(
    foreign: Mapping[str, bytes], copies: Mapping[str, bytes], name: str
) -> None:
    before, after = package.read(foreign[name]), package.read(copies[name])
    for part, element in (("xl/sharedStrings.xml", b"<si>"), ("docProps/custom.xml", b"<property ")):
        kept = before[part][before[part].index(element) : before[part].rindex(b"</")]
        assert kept in after[part]
    book = [etree.fromstring(parts["xl/workbook.xml"]) for parts in (before, after)]
    for root in book:
        root.find(f"{MAIN}calcPr").attrib.pop("fullCalcOnLoad", None)
    assert etree.tostring(book[0], method="c14n") == etree.tostring(book[1], method="c14n")


@every_template
def test_a_filled_copy_holds_what_went_in(
    read: Mapping[str, Template], copies: Mapping[str, bytes], name: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.xlsm"
    path.write_bytes(copies[name])
    workbook = RawWorkbook(path)
    for (sheet, reference), value in inputs(read[name]).items():
        cell = workbook.sheets[sheet][reference]
        assert cell.formula is None
        assert cell.value == (serial(value) if isinstance(value, dt.date) else value)


@every_template
def test_a_grown_template_keeps_what_does_not_read_the_table(foreign: Mapping[str, bytes], name: str) -> None:
    before = package.read(foreign[name])
    after = package.read(resized(foreign[name], GROWN))
    assert list(after) == list(before)
    changed = {re.sub(r"\d+", "#", part) for part in before if after[part] != before[part]}
    assert changed == {"xl/worksheets/sheet#.xml", "xl/tables/table#.xml", "xl/workbook.xml", "xl/sharedStrings.xml"}
    assert after["xl/sharedStrings.xml"].count(b"<si>") == before["xl/sharedStrings.xml"].count(b"<si>")


@pytest.mark.sdk
def test_the_open_xml_sdk_finds_nothing_in_a_grown_and_filled_template(
    foreign: Mapping[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "everything.xlsm"
    path.write_bytes(filled(parse(resized(foreign["everything"], GROWN), "everything")))
    assert open_xml_sdk.faults(path) == []


@pytest.mark.libreoffice
@libreoffice.needed()
def test_libreoffice_calculates_a_filled_copy_as_it_is_stored(small_template_xlsx: Path, tmp_path: Path) -> None:
    """A grown one: it has every change, and everything moved."""
    plain = small_template_xlsx.read_bytes()  # without the functions of Python, which LibreOffice does not have
    path = tmp_path / "grown.xlsx"
    path.write_bytes(filled(parse(resized(FOREIGN["everything"](plain), GROWN), path.name)))
    [copy] = libreoffice.recalculated([path], tmp_path / "copies")
    stored, fresh = RawWorkbook(path), RawWorkbook(copy)
    assert list(fresh.sheets) == list(stored.sheets)
    assert list(_differences(stored, fresh)) == []
    copy.unlink()  # LibreOffice's, not ours


def _differences(stored: RawWorkbook, fresh: RawWorkbook) -> Iterator[str]:
    for sheet, cells in stored.sheets.items():
        for reference, cell in cells.items():
            found = fresh.sheets[sheet][reference].value if isinstance(cell.value, float) else cell.value
            if isinstance(cell.value, float) and found != pytest.approx(cell.value, rel=1e-9):
                yield f"{sheet}!{reference}: {cell.value!r}, LibreOffice says {found!r}"
