"""Workbooks that are sealed or of an old kind, put together of the parts that Excel writes for it."""

from __future__ import annotations

from tests.package_edit import OFFICE, TYPES, WORKBOOK, PackageEdit

_SIGNATURES = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MACROS = "http://schemas.microsoft.com/office"


def signed(package: bytes) -> bytes:
    """A workbook with a digital signature: which one does not matter, for it is not verified here."""
    edit = PackageEdit(package)
    edit.insert(
        TYPES,
        '<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/>',
        "Override",
    )
    kind = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
    edit.add("_xmlsignatures/sig1.xml", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>', kind)
    edit.parts["_xmlsignatures/origin.sigs"] = b""
    edit.link("_xmlsignatures/origin.sigs", f"{_SIGNATURES}/signature", "_xmlsignatures/sig1.xml")
    origin = f'<Relationship Id="rIdS" Type="{_SIGNATURES}/origin" Target="_xmlsignatures/origin.sigs"/>'
    edit.replace("_rels/.rels", "</Relationships>", f"{origin}</Relationships>")
    return edit.close()


def with_old_macros(package: bytes) -> bytes:
    """A workbook with a sheet of macros as Excel 4 had them."""
    edit = PackageEdit(package)
    macros = (
        f'<xm:macrosheet xmlns="{_MAIN}" xmlns:xm="{_MACROS}/excel/2006/main"><sheetData><row r="1"><c r="A1">'
        '<f>ALERT("x")</f><v>0</v></c></row></sheetData></xm:macrosheet>'
    )
    edit.add("xl/macrosheets/sheet1.xml", macros, "application/vnd.ms-excel.macrosheet+xml")
    identifier = edit.link(WORKBOOK, f"{_MACROS}/2006/relationships/xlMacrosheet", "xl/macrosheets/sheet1.xml")
    listed = f'<sheet xmlns:r="{OFFICE}" name="Macro1" sheetId="77" r:id="{identifier}"/>'
    edit.replace(WORKBOOK, "</sheets>", f"{listed}</sheets>")
    return edit.close()
