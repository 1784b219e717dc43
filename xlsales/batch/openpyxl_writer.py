"""Fills a template through openpyxl: simple and slow, the writer that a faster one is held against.

openpyxl stores no value beside a formula, stamps the time of saving, redraws charts as it understands them
and leaves out what it does not know. So after saving, the values are put into the sheets, and the template's own
charts, drawings, document dates, function categories, extensions and ribbon are put back.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree
from openpyxl.packaging.custom import StringProperty

from xlsales.cells.escapes import escaped
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.workbook import cached_values, extensions, openpyxl_book, package
from xlsales.workbook import parts as parts_of
from xlsales.workbook.parts import CONTENT_TYPES
from xlsales.workbook.template import Template

_KEPT = ("xl/drawings/", "xl/charts/", "docProps/core.xml")
_MAIN = f"{{{parts_of.MAIN}}}"
# The order that the schema asks of a font's properties; openpyxl writes the colour after the name.
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name",
    "family", "charset", "scheme",
)  # fmt: skip


def write(
    template: Template,
    inputs: Mapping[Address, InputValue],
    values: Sequence[CellValue],
    provenance: Mapping[str, str],
) -> bytes:
    """Return the bytes of a filled workbook: inputs, formulas, and the formulas' values in the template's order.

    A value of None is one that could not be calculated here: the workbook asks Excel to calculate.
    """
    original = package.read(template.package)
    is_macro_enabled = package.VBA_PROJECT in original
    workbook = openpyxl_book.opened(original, template.name, as_stored=True, keep_vba=is_macro_enabled)
    for (sheet, cell), value in inputs.items():
        _fill(workbook[sheet][cell], value)
    for name, text in provenance.items():
        if name in workbook.custom_doc_props.names:  # of a template that was a planner
            del workbook.custom_doc_props[name]
        workbook.custom_doc_props.append(StringProperty(name=name, value=escaped(text)))
    original_book = original[parts_of.workbook_part(original)]
    asked = parts_of.asking_for_full_calculation(original_book) is original_book
    workbook.calculation.fullCalcOnLoad = (asked or None in values) or None  # openpyxl asks wherever nothing is said
    saved = io.BytesIO()
    workbook.save(saved)
    if workbook.vba_archive is not None:
        workbook.vba_archive.close()  # left to Python, it is closed at any time, with a warning if its bytes went first
    parts = package.read(saved.getvalue())
    _put_back(parts, original)
    book = parts_of.workbook_part(parts)
    parts[book] = _with_names(parts[book], original_book)
    by_address = dict(zip(template.formulas, values, strict=True))
    cached_values.put_all(parts, workbook.sheetnames, by_address)  # openpyxl numbers the parts in their order
    parts["xl/styles.xml"] = _ordered_fonts(parts["xl/styles.xml"])
    extensions.put_back(parts, original)
    parts[CONTENT_TYPES] = package.of_kind(parts[CONTENT_TYPES], original[CONTENT_TYPES])
    return package.write(dict(sorted(parts.items())))  # openpyxl copies the project's parts in any order


def _fill(cell: Any, value: InputValue) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell._value = escaped(value)  # openpyxl would cut it where it counts too many characters,
    cell.data_type = "s"  # make a formula of "=1+1" and an error value of "#N/A"


def _put_back(parts: dict[str, bytes], original: Mapping[str, bytes]) -> None:
    kept = {name: content for name, content in original.items() if name.startswith(_KEPT)}
    if kept.keys() <= parts.keys():
        parts.update(kept)


def _with_names(workbook: bytes, original: bytes) -> bytes:
    """Return the workbook part with the defined names of the original; openpyxl does not write all that it reads."""
    root = parts_of.parse(workbook)
    for names in root.findall(f"{_MAIN}definedNames"):
        root.remove(names)
    for names in parts_of.parse(original).findall(f"{_MAIN}definedNames"):
        root.find(f"{_MAIN}calcPr").addprevious(names)
    return parts_of.serialised(root)


def _ordered_fonts(styles: bytes) -> bytes:
    root = parts_of.parse(styles)
    for font in root.iter(f"{_MAIN}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    return parts_of.serialised(root)
