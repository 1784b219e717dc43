"""Planners that somebody has changed in Excel: what a template of one's own may hold, each in one workbook.

Every function takes a planner's bytes and returns those of the changed one, the same at every call. They touch
different sheets, so that `everything` can have them all.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import reduce

from tests.foreign_parts import (
    BUTTON,
    BUTTON_CONTROL,
    BUTTON_DRAWING,
    BUTTON_SHAPE,
    COMMENT,
    COMMENT_SHAPE,
    CUSTOM_XML,
    CUSTOM_XML_PROPERTIES,
    EXTERNAL_BOOK,
    GADGET,
    PERSON,
    PICTURE_DRAWING,
    SLICER,
    SLICER_CACHE,
    SLICER_CACHES,
    SLICER_DRAWING,
    SLICER_LIST,
    SPARKLINES,
    THREADED_COMMENT,
    added_sheet,
)
from tests.package_edit import WORKBOOK, PackageEdit

Change = Callable[[bytes], bytes]
_SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EXCEL_TYPES = "application/vnd.ms-excel"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_MICROSOFT = "http://schemas.microsoft.com/office"


def sparklines(planner: bytes) -> bytes:
    """A line in each row of Accounts, and one of the whole column above them."""
    edit = PackageEdit(planner)
    last = _last_row(edit, "tblAccounts")
    lines = [f"<x14:sparkline><xm:f>Accounts!G{row}:I{row}</xm:f><xm:sqref>AV{row}</xm:sqref></x14:sparkline>"
             for row in range(7, last + 1)]  # fmt: skip
    lines.append(f"<x14:sparkline><xm:f>Accounts!H7:H{last}</xm:f><xm:sqref>AV4</xm:sqref></x14:sparkline>")
    edit.into_sheet("Accounts", "extLst", SPARKLINES.format(lines="".join(lines)))
    return edit.close()


def picture(planner: bytes) -> bytes:
    """A logo on Start."""
    edit = PackageEdit(planner)
    edit.add("xl/media/logo.png", _png(), "image/png")
    edit.add("xl/drawings/drawing91.xml", PICTURE_DRAWING, _DRAWING_TYPE)
    edit.link("xl/drawings/drawing91.xml", "image", "xl/media/logo.png")
    _draw(edit, "Start", "xl/drawings/drawing91.xml")
    return edit.close()


def button(planner: bytes) -> bytes:
    """A form button on Activity: a control, its shape in VML and in a drawing."""
    edit = PackageEdit(planner)
    sheet = edit.sheet("Activity")
    edit.add("xl/drawings/drawing92.xml", BUTTON_DRAWING, _DRAWING_TYPE)
    edit.add("xl/drawings/vmlDrawing92.vml", BUTTON_SHAPE, _VML)
    edit.add("xl/ctrlProps/ctrlProp1.xml", BUTTON, f"{_EXCEL_TYPES}.controlproperties+xml")
    _draw(edit, "Activity", "xl/drawings/drawing92.xml")
    shape = edit.link(sheet, "vmlDrawing", "xl/drawings/vmlDrawing92.vml")
    control = edit.link(sheet, "ctrlProp", "xl/ctrlProps/ctrlProp1.xml")
    edit.into_sheet("Activity", "legacyDrawing", f'<legacyDrawing r:id="{shape}"/>')
    edit.into_sheet("Activity", "controls", BUTTON_CONTROL.format(id=control))
    return edit.close()


def threaded_comment(planner: bytes) -> bytes:
    """A conversation on the person's name, with the list of people who took part."""
    edit = PackageEdit(planner)
    sheet = edit.sheet("Targets")
    edit.add("xl/comments93.xml", COMMENT, f"{_SHEET_TYPES}.comments+xml")
    edit.add("xl/drawings/vmlDrawing93.vml", COMMENT_SHAPE, _VML)
    edit.add("xl/threadedComments/threadedComment1.xml", THREADED_COMMENT, f"{_EXCEL_TYPES}.threadedcomments+xml")
    edit.add("xl/persons/person.xml", PERSON, f"{_EXCEL_TYPES}.person+xml")
    edit.link(sheet, "comments", "xl/comments93.xml")
    shape = edit.link(sheet, "vmlDrawing", "xl/drawings/vmlDrawing93.vml")
    edit.link(sheet, f"{_MICROSOFT}/2017/10/relationships/threadedComment", "xl/threadedComments/threadedComment1.xml")
    edit.link(WORKBOOK, f"{_MICROSOFT}/2017/10/relationships/person", "xl/persons/person.xml")
    edit.into_sheet("Targets", "legacyDrawing", f'<legacyDrawing r:id="{shape}"/>')
    return edit.close()


def slicer(planner: bytes) -> bytes:
    """A slicer of the deals' outcomes on Pipeline."""
    edit = PackageEdit(planner)
    sheet = edit.sheet("Pipeline")
    edit.add("xl/slicerCaches/slicerCache1.xml", SLICER_CACHE, f"{_EXCEL_TYPES}.slicerCache+xml")
    edit.add("xl/slicers/slicer1.xml", SLICER, f"{_EXCEL_TYPES}.slicer+xml")
    edit.add("xl/drawings/drawing94.xml", SLICER_DRAWING, _DRAWING_TYPE)
    _draw(edit, "Pipeline", "xl/drawings/drawing94.xml")
    shown = edit.link(sheet, f"{_MICROSOFT}/2007/relationships/slicer", "xl/slicers/slicer1.xml")
    cache = edit.link(WORKBOOK, f"{_MICROSOFT}/2007/relationships/slicerCache", "xl/slicerCaches/slicerCache1.xml")
    edit.into_sheet("Pipeline", "extLst", SLICER_LIST.format(id=shown))
    _workbook_extension(edit, SLICER_CACHES.format(id=cache))
    edit.insert(WORKBOOK, '<definedName name="Slicer_Outcome">#N/A</definedName>', "definedName ")
    return edit.close()


def unknown_parts(planner: bytes) -> bytes:
    """Parts of a kind that nobody knows: one leads to the next, and an extension of Check-ins to the first."""
    edit = PackageEdit(planner)
    sheet = edit.sheet("Check-ins")
    edit.add("xl/gadgets/gadget1.xml", '<gadget xmlns="http://example.com/gadgets"/>', "application/x-gadget+xml")
    edit.add("xl/gadgets/data/gadget1.bin", bytes(range(256)), "application/x-gadget-data")
    edit.link("xl/gadgets/gadget1.xml", "http://example.com/gadget-data", "xl/gadgets/data/gadget1.bin")
    shown = edit.link(sheet, "http://example.com/gadget", "xl/gadgets/gadget1.xml")
    edit.into_sheet("Check-ins", "extLst", GADGET.format(id=shown))
    return edit.close()


def printer_settings(planner: bytes) -> bytes:
    """What a printer's driver has stored for Dashboard."""
    edit = PackageEdit(planner)
    name = "xl/printerSettings/printerSettings1.bin"
    edit.add(name, b"Laser\x00" * 40, f"{_SHEET_TYPES}.printerSettings")
    sheet = edit.sheet("Dashboard")
    identifier = edit.link(sheet, "printerSettings", name)
    setup = re.search("<pageSetup [^>]*/>", edit.text(sheet))
    assert setup
    edit.replace(sheet, setup[0], setup[0].replace("/>", f' r:id="{identifier}"/>'))
    return edit.close()


def custom_xml(planner: bytes) -> bytes:
    """Data of a document management system."""
    edit = PackageEdit(planner)
    edit.parts["customXml/item1.xml"] = CUSTOM_XML.encode()  # its type is the default of .xml
    edit.add("customXml/itemProps1.xml", CUSTOM_XML_PROPERTIES,
             "application/vnd.openxmlformats-officedocument.customXmlProperties+xml")  # fmt: skip
    edit.link("customXml/item1.xml", "customXmlProps", "customXml/itemProps1.xml")
    edit.link(WORKBOOK, "customXml", "customXml/item1.xml")
    return edit.close()


def own_sheet(planner: bytes) -> bytes:
    """A sheet with formulas of one's own that read ours: cells, names, tables, and each other."""
    edit = PackageEdit(planner)
    sheet = added_sheet(_last_row(edit, "tblDeals"))
    edit.add("xl/worksheets/sheet96.xml", sheet, f"{_SHEET_TYPES}.worksheet+xml")
    identifier = edit.link(WORKBOOK, "worksheet", "xl/worksheets/sheet96.xml")
    edit.replace(WORKBOOK, "</sheets>", f'<sheet name="My bonus" sheetId="96" r:id="{identifier}"/></sheets>')
    edit.insert(WORKBOOK, "<definedName name=\"my_rate\">'My bonus'!$B$2</definedName>", "definedName ")
    return edit.close()


def renamed_sheet(planner: bytes) -> bytes:
    """Pipeline is called "Deals 2027": Excel then rewrites every formula and name."""
    edit = PackageEdit(planner)
    edit.replace(WORKBOOK, 'sheet name="Pipeline"', 'sheet name="Deals 2027"')
    for name, content in edit.parts.items():
        if name.endswith(".xml") and not name.startswith("docProps/") and name != "xl/sharedStrings.xml":
            edit.parts[name] = re.sub(rb"(?<!\w)Pipeline!", b"'Deals 2027'!", content)
    edit.parts["docProps/app.xml"] = edit.parts["docProps/app.xml"].replace(b">Pipeline<", b">Deals 2027<")
    edit.parts["docProps/app.xml"] = edit.parts["docProps/app.xml"].replace(b">Pipeline!", b">'Deals 2027'!")
    return edit.close()


def moved_sheets(planner: bytes) -> bytes:
    """The sheets stand the other way round; names of one sheet are told by its place."""
    edit = PackageEdit(planner)
    text = edit.text(WORKBOOK)
    sheets = re.findall("<sheet [^>]*/>", text)
    text = text.replace("".join(sheets), "".join(reversed(sheets)))
    text = re.sub(r'localSheetId="(\d+)"', lambda at: f'localSheetId="{len(sheets) - 1 - int(at[1])}"', text)
    text = text.replace("<workbookView ", f'<workbookView activeTab="{len(sheets) - 1}" ')
    edit.parts[WORKBOOK] = text.encode()
    return edit.close()


def column_beside(planner: bytes) -> bytes:
    """A column of one's own beside the deals, with its total above it."""
    edit = PackageEdit(planner)
    last = _last_row(edit, "tblDeals")
    edit.put_cells("Pipeline", 4, f'<c r="AS4"><f>SUM(AS7:AS{last})</f><v>0</v></c>')
    edit.put_cells("Pipeline", 6, '<c r="AS6" t="inlineStr"><is><t>My bonus</t></is></c>')
    for row in range(7, last + 1):
        edit.put_cells("Pipeline", row, f'<c r="AS{row}"><f>N(I{row})*2%</f><v>0</v></c>')
    return edit.close()


def moved_input(planner: bytes) -> bytes:
    """The region was cut and pasted elsewhere, with its format, its rule and its name."""
    edit = PackageEdit(planner)
    sheet = edit.sheet("Targets")
    cell = re.search('<c r="C9"[^>]*/>', edit.text(sheet))
    assert cell
    edit.replace(sheet, cell[0], "")
    edit.put_cells("Targets", 9, cell[0].replace("C9", "N9"))
    edit.replace(sheet, 'sqref="C9"', 'sqref="N9"')
    edit.replace(WORKBOOK, "Targets!$C$9<", "Targets!$N$9<")
    return edit.close()


def external_link(planner: bytes) -> bytes:
    """A formula on Growth that reads another workbook, and what Excel remembers of that one."""
    edit = PackageEdit(planner)
    edit.add("xl/externalLinks/externalLink1.xml", EXTERNAL_BOOK, f"{_SHEET_TYPES}.externalLink+xml")
    edit.link("xl/externalLinks/externalLink1.xml", "externalLinkPath", "file:///C:/Plans/Rates.xlsx", external=True)
    identifier = edit.link(WORKBOOK, "externalLink", "xl/externalLinks/externalLink1.xml")
    reference = f'<externalReferences><externalReference r:id="{identifier}"/></externalReferences>'
    edit.insert(WORKBOOK, reference, "definedNames")
    edit.put_cells("Growth", 3, '<c r="Z3"><f>[1]Rates!$B$2</f><v>1.1</v></c>')
    return edit.close()


def everything(planner: bytes) -> bytes:
    """All of it in one workbook."""
    return reduce(lambda done, change: change(done), SINGLE.values(), planner)


SINGLE: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        sparklines,
        picture,
        button,
        threaded_comment,
        slicer,
        unknown_parts,
        printer_settings,
        custom_xml,
        own_sheet,
        column_beside,
        moved_input,
        external_link,
        moved_sheets,
        renamed_sheet,
    )
}
FOREIGN: Mapping[str, Change] = {**SINGLE, "everything": everything}

_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def _draw(edit: PackageEdit, sheet: str, drawing: str) -> None:
    identifier = edit.link(edit.sheet(sheet), "drawing", drawing)
    edit.into_sheet(sheet, "drawing", f'<drawing r:id="{identifier}"/>')


def _workbook_extension(edit: PackageEdit, extension: str) -> None:
    if "<extLst>" in edit.text(WORKBOOK):
        edit.replace(WORKBOOK, "</extLst>", f"{extension}</extLst>")
    else:
        edit.insert(WORKBOOK, f"<extLst>{extension}</extLst>")


def _last_row(edit: PackageEdit, table: str) -> int:
    (text,) = [
        content.decode()
        for name, content in edit.parts.items()
        if name.startswith("xl/tables/") and f'displayName="{table}"'.encode() in content
    ]
    found = re.search(r' ref="[A-Z]+\d+:[A-Z]+(\d+)"', text)
    assert found
    return int(found[1])


def _png() -> bytes:
    """A square of one colour, 8 by 8."""
    rows = b"".join(b"\x00" + b"\x1b\x3a\x57" * 8 for _row in range(8))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
