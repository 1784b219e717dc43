"""Whatever a text holds, every writer makes well-formed files of it, and every reader reads it as it was."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.workbook.defined_name import DefinedName

from tests import libreoffice
from tests.depth import examples
from tests.strange_texts import LONG_TEXTS, SAMPLES, TEXTS, whole
from xlsales.batch import openpyxl_writer
from xlsales.batch.overview import overview
from xlsales.batch.table_book import TableBook, TableColumn
from xlsales.calculation.session import blank_values
from xlsales.cells.escapes import cut, escaped, fits, unescaped
from xlsales.recalc import book, writing
from xlsales.recalc.calculated import Calculated
from xlsales.workbook import archive, cached_values, openpyxl_texts, package
from xlsales.workbook.stamp import Stamp
from xlsales.workbook.template import Template, parse
from xlsales.workbook.xlsxwriter_texts import Texts

Write: TypeAlias = Callable[[Sequence[str]], bytes]
SEVERAL = st.lists(TEXTS, min_size=1, max_size=6)
ROWS = 6
HALVES_AND_NO_CHARACTERS = [*map(chr, range(0xD800, 0xE000)), "\ufffe", "\uffff"]


def _template() -> Template:
    """Inputs in column A of the sheet S, formulas in column B."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "S"
    for row in range(1, ROWS + 1):
        sheet[f"B{row}"] = f'="formula"&{row}'
        workbook.defined_names[f"in_{row}"] = DefinedName(f"in_{row}", attr_text=f"S!$A${row}")
    saved = io.BytesIO()
    workbook.save(saved)
    return parse(saved.getvalue(), "book.xlsx")


TEMPLATE = _template()
STAMP = Stamp(TEMPLATE, ["formula"] * ROWS)


def _filled(texts: Sequence[str]) -> tuple[dict[tuple[str, str], Any], list[str], dict[str, str]]:
    inputs = {("S", f"A{row}"): text for row, text in enumerate(texts, start=1)}
    return inputs, [*texts, *["formula"] * (ROWS - len(texts))], {"territory_id": texts[0]}


def stamped(texts: Sequence[str]) -> bytes:
    """A planner stamped: texts as inputs, as results of formulas and as a property."""
    return STAMP.write(*_filled(texts))


def through_openpyxl(texts: Sequence[str]) -> bytes:
    """The same, written by openpyxl."""
    return openpyxl_writer.write(TEMPLATE, *_filled(texts))


def recalculated(texts: Sequence[str]) -> bytes:
    """A stamped planner whose formulas get texts as new values."""
    read = book.read(STAMP.write(*_filled(texts)), "book.xlsx")
    values = dict.fromkeys(read.formulas.cells, "before")
    between = book.read(writing.written(read, Calculated(values=dict(values))).package, "book.xlsx")
    values |= {("S", f"B{row}"): text for row, text in enumerate(texts, start=1)}
    return writing.written(between, Calculated(values=dict(values))).package


def through_xlsxwriter(texts: Sequence[str]) -> bytes:
    """Texts and results of formulas in a workbook that XlsxWriter writes, as templates and reports are."""
    target, kept = io.BytesIO(), Texts()
    workbook = xlsxwriter.Workbook(target)
    workbook.set_custom_property("territory_id", "none", "text")
    sheet = workbook.add_worksheet("S")
    for row, text in enumerate(texts):
        sheet.write_string(row, 0, kept.storable(text))
        sheet.write_formula(row, 1, "=1")
    workbook.close()
    values = {("S", f"B{row}"): text for row, text in enumerate(texts, start=1)}
    return package.write(cached_values.with_values(kept.put_into(target.getvalue()), lambda _written: values))


WRITERS: tuple[Write, ...] = (stamped, through_openpyxl, recalculated, through_xlsxwriter)


def well_formed(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook, each of which XML's own parser reads."""
    parts = package.read(content)
    for name, part in parts.items():
        assert etree.fromstring(part) is not None, name
    return parts


def by_openpyxl(content: bytes, rows: int) -> list[list[Any]]:
    """Columns A and B as this project reads them."""
    sheet = openpyxl_texts.read(content, data_only=True)["S"]
    return [[sheet[f"{column}{row}"].value or "" for column in "AB"] for row in range(1, rows + 1)]


def by_calamine(content: bytes, rows: int) -> list[list[Any]]:
    """Columns A and B as calamine reads them."""
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("S")
    found: list[list[Any]] = [[*row, "", ""][:2] for row in sheet.to_python(skip_empty_area=False)]
    return [*found, *([["", ""]] * rows)][:rows]


def is_misread_by_calamine(text: str) -> bool:
    """Calamine does not decode the escapes of halves of characters and of what is none, nor those that follow."""
    return any(character in HALVES_AND_NO_CHARACTERS for character in whole(text))


@pytest.mark.parametrize("write", WRITERS)
@settings(max_examples=examples(15), deadline=None)
@given(texts=SEVERAL)
def test_any_text_goes_through_any_writer(write: Write, texts: list[str]) -> None:
    content = write(texts)
    well_formed(content)
    assert by_openpyxl(content, len(texts)) == [[whole(text)] * 2 for text in texts]
    for text, row in zip(texts, by_calamine(content, len(texts)), strict=True):
        assert row == [whole(text)] * 2 or is_misread_by_calamine(text)


@pytest.mark.parametrize("write", WRITERS)
def test_texts_that_are_almost_too_long_arrive_whole_and_longer_ones_as_excels_error(write: Write) -> None:
    texts = [text for text in LONG_TEXTS if fits(text)]
    for first in range(0, len(texts), ROWS):
        some = texts[first : first + ROWS]
        content = write(some)
        well_formed(content)
        assert by_openpyxl(content, len(some)) == [[whole(text)] * 2 for text in some]
    too_long = [text for text in LONG_TEXTS if not fits(text)]
    assert len(too_long) == 4
    content = write(too_long)
    well_formed(content)
    assert [row[1] for row in by_openpyxl(content, len(too_long))] == ["#VALUE!"] * len(too_long)
    if write is through_xlsxwriter:
        assert [row[0] for row in by_openpyxl(content, len(too_long))] == [whole(cut(text)) for text in too_long]


@pytest.mark.parametrize("write", [stamped, through_openpyxl])
@settings(max_examples=examples(10), deadline=None)
@given(text=TEXTS)
def test_any_text_is_a_document_property(write: Write, text: str) -> None:
    parts = well_formed(write([text]))
    (found,) = etree.fromstring(parts["docProps/custom.xml"])
    assert unescaped("".join(found.itertext())) == whole(text)


@pytest.mark.parametrize("write", WRITERS)
def test_texts_are_stored_as_excel_stores_them(write: Write) -> None:
    parts = well_formed(write(["Acme\x0bLtd", " a\rb", "_x0041_"]))
    sheet, strings = parts["xl/worksheets/sheet1.xml"], parts.get("xl/sharedStrings.xml", b"")
    for stored in (b"Acme_x000B_Ltd", b" a_x000D_b", b"_x005F_x0041_"):
        assert b">%b</v>" % stored in sheet
        assert b">%b</t>" % stored in strings + sheet
    assert b'<v xml:space="preserve"> a_x000D_b</v>' in sheet
    assert b'<t xml:space="preserve"> a_x000D_b</t>' in strings + sheet


def test_any_text_goes_into_the_overview_of_a_batch() -> None:
    names = [text for text in SAMPLES if text.strip()]
    planners = [(f"{row}.xlsx", {"territory_name": text, "person": text}) for row, text in enumerate(names)]
    content = overview(planners, blank_values)
    well_formed(content)
    sheet = openpyxl_texts.read(content, data_only=True)["Overview"]
    shown = [(sheet[f"B{row}"].value, sheet[f"C{row}"].value) for row in range(6, 6 + len(names))]
    assert shown == [(whole(text), whole(text)) for text in names]


def in_a_long_table(texts: Sequence[str]) -> bytes:
    """Texts below a heading, each alone and on a link."""
    target = io.BytesIO()
    with TableBook("S", [TableColumn("text", 9), TableColumn("link", 9)]) as written:
        for text in texts:
            written.add([text, text], {1: "file.xlsx"})
        written.add_sheet("Few", [9], [["text"], *([text] for text in texts)])
        written.save(target)
    return target.getvalue()


def of_a_long_table(content: bytes, rows: int) -> list[list[Any]]:
    """What those cells hold, and those of the sheet that follows."""
    found = [row[:2] for row in by_openpyxl(content, rows + 1)[1:]]
    few = openpyxl_texts.read(content)["Few"]
    return [[*row, few[f"A{number}"].value or ""] for number, row in enumerate(found, start=2)]


@settings(max_examples=examples(25), deadline=None)
@given(texts=SEVERAL, block=st.integers(1, 200))
def test_any_text_goes_into_a_long_table(texts: list[str], block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(archive, "_BLOCK", block)  # a text may begin in one and end in another
        content = in_a_long_table(texts)
    well_formed(content)
    assert of_a_long_table(content, len(texts)) == [[whole(text)] * 3 for text in texts]
    for text, row in zip(texts, by_calamine(content, len(texts) + 1)[1:], strict=True):
        assert row == [whole(text)] * 2 or is_misread_by_calamine(text)


def test_every_text_that_is_hard_to_store_goes_into_a_long_table() -> None:
    content = in_a_long_table(SAMPLES)
    well_formed(content)
    assert of_a_long_table(content, len(SAMPLES)) == [[whole(text)] * 3 for text in SAMPLES]
    assert package.read(content) == package.read(in_a_long_table(SAMPLES))


def test_texts_that_are_too_long_are_cut_with_a_mark_in_a_long_table() -> None:
    content = in_a_long_table(LONG_TEXTS)
    well_formed(content)
    assert of_a_long_table(content, len(LONG_TEXTS)) == [[whole(cut(text))] * 3 for text in LONG_TEXTS]


@pytest.mark.unsound("the used range of the templates is that of their formulas alone")
@pytest.mark.libreoffice
@libreoffice.needed()
def test_libreoffice_reads_texts_as_they_were(tmp_path: Path) -> None:
    samples = [text for text in SAMPLES if text not in ("\r\n", "") and not _is_misread_by_libreoffice(text)]
    assert len(samples) > 100
    files = []
    for number, first in enumerate(range(0, len(samples), ROWS)):
        for write in WRITERS:
            path = tmp_path / f"{number} {write.__name__}.xlsx"
            path.write_bytes(write(samples[first : first + ROWS]))
            files.append((path, samples[first : first + ROWS]))
    copies = libreoffice.recalculated([path for path, _texts in files], tmp_path / "copies")
    for (path, texts), copy in zip(files, copies, strict=True):
        sheet = openpyxl_texts.read(copy.read_bytes(), data_only=True)["S"]
        found = [sheet[f"A{row}"].value or "" for row in range(1, len(texts) + 1)]
        assert found == [whole(text) for text in texts], path.name


def _is_misread_by_libreoffice(text: str) -> bool:
    """It takes the last underscore of an escape for the first of another, and knows no halves and no lone \\r."""
    stored = escaped(text)
    return "\r" in text or stored.count("_") > 3 or any(c in whole(text) for c in HALVES_AND_NO_CHARACTERS)


@pytest.mark.parametrize("writer", ["stamp", "openpyxl"])
def test_texts_of_a_template_stay_as_they_are(writer: str) -> None:
    texts = [text for text in SAMPLES if text]
    template = parse(through_xlsxwriter(texts), "labels.xlsx")
    values = ["x"] * len(template.formulas)
    write = Stamp(template, values).write if writer == "stamp" else partial(openpyxl_writer.write, template)
    content = write({}, values, {"territory_id": "T1"})
    well_formed(content)
    assert [row[0] for row in by_openpyxl(content, len(texts))] == [whole(text) for text in texts]


def test_texts_in_the_input_cells_of_a_template_are_its_defaults() -> None:
    texts = ["a\x0bb", "_x0041_", "\r", "=1+1", " x "]
    template = parse(STAMP.write(*_filled(texts)), "book.xlsx")
    assert list(template.defaults.values()) == texts
    assert list(template.constants.values())[: len(texts)] == texts
