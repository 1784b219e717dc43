"""A workbook as the calculation engine's reader gets it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import formualizer

from xlsales.cells import escapes
from xlsales.cells.columns import coordinate_to_tuple
from xlsales.cells.formulas import Formulas, cells_of
from xlsales.cells.markup import escape
from xlsales.cells.values import Address
from xlsales.workbook import archive, parts, sheet_part
from xlsales.workbook.sheet_part import SheetPart

_OWN_SHEET = "Sheet1"
_SHEET1 = re.compile(rb"""(<(?:[\w.-]+:)?sheet\s(?:[^>]*?\s)?name\s*=\s*)(?:"sheet1"|'sheet1')""", re.IGNORECASE)
_ARRAY = re.compile(rb"""<(?:[\w.-]+:)?f\b[^>]*\bt\s*=\s*["']array["'][^>]*(?<!/)>""")
_STRICT = (
    b"http://purl.oclc.org/ooxml/",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_USUAL = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
# A sheet of Excel 4 macros, which the engine's reader refuses; a sheet of a chart has no cells that it reads either.
_OLD_MACROS = re.compile(
    rb"""(\sType\s*=\s*["']http://schemas\.)microsoft\.com/office/2006/relationships/xl(?:Intl)?Macrosheet"""
)
_FAULTY = re.compile("[\0-\x1f\ufffe\uffff]")
_ITERATE = re.compile(rb"""\siterate\s*=\s*("[^"]*"|'[^']*')""")


def opened(
    package: bytes,
    name: str,
    formulas: Formulas,
    kept: Collection[Address] = (),
    texts: Mapping[Address, str] | None = None,
    sheets: Mapping[str, SheetPart] | None = None,
) -> formualizer.Workbook:
    """Return a workbook in the engine; dates and times come from it as serial numbers.

    The formulas that are `kept` are values to it, those that the file has; of others it gets these `texts`. `sheets`
    are the worksheets' parts, where they were read already.
    """
    texts, sheets = texts or {}, sheets or {}
    settings = formualizer.EvaluationConfig()
    settings.enable_parallel = False  # every processor has a worker of its own
    settings.date_system = "1904" if formulas.counts_from_1904 else "1900"
    configuration = formualizer.WorkbookConfig(eval_config=settings, enable_changelog=False)
    has_arrays = any(formula.is_array for formula in formulas.cells.values())
    is_strict = _is_strict(package)
    is_readable = is_strict or bool(
        formulas.iterates or has_arrays or kept or texts or set(formulas.sizes) - {*map(known_as, formulas.sizes)}
    )
    if is_strict:
        sheets = {}
    if is_readable:
        package = _readable(package, name, formulas, kept, texts, sheets)
    try:
        workbook = formualizer.Workbook.from_bytes(package, config=configuration)
    except OSError:  # an extension list inside a cell stops its reader
        if is_readable:
            raise
        package = _readable(package, name, formulas, kept, texts, sheets)
        workbook = formualizer.Workbook.from_bytes(package, config=configuration)
    workbook.set_temporal_egress("serial")
    for (sheet, cell), text in texts.items():
        if (sheet, cell) not in kept and fault_in_text(text):
            row, column = coordinate_to_tuple(cell)
            workbook.set_formula(known_as(sheet), row, column, f"={text}")
    for sheet, cell in kept:
        shown = sheets[sheet].cells[cell].shown if sheet in sheets else None
        if shown and escapes.unescaped(shown) != shown:  # the engine takes them for what is written
            row, column = coordinate_to_tuple(cell)
            workbook.set_value(known_as(sheet), row, column, escapes.unescaped(shown))
    return workbook


def _is_strict(package: bytes) -> bool:
    """Whether a workbook is written as "Strict Open XML", whose names the engine's reader does not know."""
    return _STRICT[0] in archive.opened(package, "").get(parts.PACKAGE_RELATIONSHIPS, b"")


def _transitional(part: bytes) -> bytes:
    """Return a part with the names of the usual format in place of the strict one's."""
    if _STRICT[0] not in part[:4096]:
        return part
    for strict, usual in zip(_STRICT[1:], _USUAL, strict=True):
        part = part.replace(strict, usual)
    return part


def fault_in_text(text: str) -> bool:
    """Whether a text has characters that no file can hold as they are."""
    return _FAULTY.search(text) is not None


def known_as(sheet: str) -> str:
    """Return the name of a sheet in the engine, which has a `Sheet1` of its own beside one of another letter case."""
    return _OWN_SHEET if sheet.casefold() == _OWN_SHEET.casefold() else sheet


def _readable(
    package: bytes,
    name: str,
    formulas: Formulas,
    kept: Collection[Address],
    texts: Mapping[Address, str],
    known: Mapping[str, SheetPart],
) -> bytes:
    """Return the workbook without extension lists in cells, and without values where array formulas spill.

    Nor may the engine go round in circles where Excel is told to: what comes out depends on what was shown before.
    """
    original = archive.opened(package, name)
    contents = {place: _transitional(part) for place, part in original.items()}
    workbook = parts.workbook_part(contents)
    sheets = parts.sheet_parts(contents)
    links = parts.relationships_of(workbook)
    contents[links] = _OLD_MACROS.sub(
        rb"\1openxmlformats.org/officeDocument/2006/relationships/chartsheet", contents[links]
    )
    contents[workbook] = _SHEET1.sub(rb'\1"Sheet1"', _ITERATE.sub(b"", contents[workbook]))
    for sheet, place in sheets.items():
        part = known[sheet] if sheet in known else sheet_part.read(contents[place], f"{name}, {sheet}")
        values = _values(part, {cell for own, cell in kept if own == sheet})
        emptied = _emptied(part, sheet, formulas, kept)
        written = _written(part, {cell: text for (own, cell), text in texts.items() if own == sheet})
        contents[place] = part.with_cells(_without_extensions(part) | written | values | emptied)
    return archive.write(original.with_contents(contents, None))


def _written(part: SheetPart, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return these cells with other formulas, and without values."""
    found = {}
    for cell, text in texts.items():
        if fault_in_text(text):
            continue
        there = part.cells[cell]
        opening = _ARRAY.match(there.formula)
        tag = opening[0] if opening else b"<%bf>" % part.prefix
        written = b"%b%b</%bf>" % (tag, escape(text).encode(), part.prefix)
        found[cell] = there._replace(formula=written, after=b"").with_value(None, part.prefix)
    return found


def _values(part: SheetPart, cells: Collection[str]) -> dict[str, bytes]:
    """Return these cells without their formulas, as what the file shows."""
    formulas = ((part.cells[cell], part.content[part.cells[cell].start : part.cells[cell].end]) for cell in cells)
    return {
        cell.reference: whole.replace(cell.formula, b"").replace(cell.after or b"\0", b"") for cell, whole in formulas
    }


def _without_extensions(part: SheetPart) -> dict[str, bytes]:
    extended = [cell for cell in part.cells.values() if cell.after]
    return {cell.reference: part.content[cell.start : cell.end].replace(cell.after, b"") for cell in extended}


def _emptied(part: SheetPart, sheet: str, formulas: Formulas, kept: Collection[Address]) -> dict[str, bytes]:
    """Return the cells that array formulas spill into, where values would be in the way."""
    found = {}
    for (own, cell), formula in formulas.cells.items():
        if own != sheet or (own, cell) in kept:
            continue
        for _sheet, place in cells_of((own, cell), formula.area):
            spilled = part.cells.get(place)
            if spilled is not None and place != cell and not spilled.formula:
                found[place] = spilled._replace(after=b"").with_value(None, part.prefix)
    return found
