"""Cells that hold what a plain cell cannot: a data type, a picture, an error of Excel's later years."""

from __future__ import annotations

import re

from tests.package_edit import TYPES, PackageEdit
from xlsales.workbook.parts import sheet_parts

MICROSOFT, PICTURE, SPILL = 1, 2, 3  # what cells name them with
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DATA = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
_KINDS = "http://schemas.microsoft.com/office/2017/06/relationships"
_METADATA = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
_PARTS = {  # as Excel writes them
    "metadata.xml": (
        f'<metadata xmlns="{_MAIN}" xmlns:xlrd="{_DATA}"><metadataTypes count="1"><metadataType name="XLRICHVALUE" '
        'minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" '
        'clearFormats="1" clearComments="1" assign="1" coerce="1"/></metadataTypes>'
        '<futureMetadata name="XLRICHVALUE" count="3">'
        + "".join(
            '<bk><extLst><ext uri="{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}">'
            f'<xlrd:rvb i="{place}"/></ext></extLst></bk>'
            for place in (0, 1, 2)
        )
        + '</futureMetadata><valueMetadata count="3"><bk><rc t="1" v="0"/></bk><bk><rc t="1" v="1"/></bk>'
        '<bk><rc t="1" v="2"/></bk></valueMetadata></metadata>'
    ),
    "richData/rdrichvalue.xml": (
        f'<rvData xmlns="{_DATA}" count="3"><rv s="0"><v>536870912</v><v>Microsoft &amp; Sons</v><v>en-US</v></rv>'
        '<rv s="1"><v>0</v><v>5</v></rv><rv s="2"><v>0</v><v>8</v><v>0</v></rv></rvData>'
    ),
    "richData/rdrichvaluestructure.xml": (
        f'<rvStructures xmlns="{_DATA}" count="3"><s t="_linkedentity2"><k n="%EntityServiceId" t="i"/>'
        '<k n="_DisplayString" t="s"/><k n="%EntityCulture" t="s"/></s>'
        '<s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/><k n="CalcOrigin" t="i"/></s>'
        '<s t="_error"><k n="colOffset" t="i"/><k n="errorType" t="i"/><k n="rwOffset" t="i"/></s></rvStructures>'
    ),
}
_TYPES = {
    "metadata.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml",
    "richData/rdrichvalue.xml": "application/vnd.ms-excel.rdrichvalue+xml",
    "richData/rdrichvaluestructure.xml": "application/vnd.ms-excel.rdrichvaluestructure+xml",
}
_LINKS = {
    "metadata.xml": _METADATA,
    "richData/rdrichvalue.xml": f"{_KINDS}/rdRichValue",
    "richData/rdrichvaluestructure.xml": f"{_KINDS}/rdRichValueStructure",
}


def put(edit: PackageEdit, *cells: tuple[str, str, int]) -> None:
    """Put such values into cells that are there: sheet, cell, which one."""
    for place, (name, text) in enumerate(_PARTS.items()):
        edit.parts[f"xl/{name}"] = text.encode()
        edit.insert(TYPES, f'<Override PartName="/xl/{name}" ContentType="{_TYPES[name]}"/>')
        link = f'<Relationship Id="rIdRich{place}" Type="{_LINKS[name]}" Target="{name}"/>'
        edit.insert("xl/_rels/workbook.xml.rels", link)
    for sheet, cell, number in cells:
        part = sheet_parts(edit.parts)[sheet]
        found = re.search(rf'<c r="{cell}"([^>]*?)(?:/>|>.*?</c>)', edit.text(part))
        assert found, f"{sheet}!{cell}"
        style = re.search(r' s="\d+"', found[1])
        new = f'<c r="{cell}"{style[0] if style else ""} t="e" vm="{number}"><v>#VALUE!</v></c>'
        edit.parts[part] = edit.text(part).replace(found[0], new, 1).encode()
