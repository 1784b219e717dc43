"""The custom document properties of a workbook: texts by name, in `docProps/custom.xml`."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from xlsales.cells.escapes import escaped
from xlsales.workbook import parts as parts_of

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one format id of custom properties
CUSTOM_PROPERTIES = parts_of.NewPart(
    "docProps/custom.xml",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_TYPES}"></Properties>'.encode(),
)


def with_texts(part: bytes, texts: Mapping[str, str]) -> bytes:
    """Return the part with these properties; those of the same name are replaced."""
    root = parts_of.parse(part)
    for old in [child for child in root if child.get("name") in texts]:
        root.remove(old)
    number = max((int(child.get("pid")) for child in root), default=1)  # 0 and 1 are reserved
    for name, text in texts.items():
        number += 1
        new = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT, pid=str(number), name=name)
        etree.SubElement(new, f"{{{_TYPES}}}lpwstr").text = escaped(text)
    return parts_of.serialised(root)
