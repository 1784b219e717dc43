"""The workbook after a table's change of size: defined names, texts that name a range, the table's own part."""

from __future__ import annotations

import html
import re

from lxml import etree

from xlsales.cells.references import Reference, area, replaced
from xlsales.texts import _
from xlsales.workbook import parts as parts_of
from xlsales.workbook.parts import MAIN
from xlsales.workbook.table_size.resize import Resize, always, never

_NAME = f"{{{MAIN}}}definedName"
_PRINT_AREA = "_xlnm.Print_Area"
_TEXT = re.compile(rb"(?<=<t>)[^<]*")
_RANGE = re.compile(r"(?:'[^']*'|\w+)![A-Z]+[0-9]+:[A-Z]+[0-9]+")


def follow(parts: dict[str, bytes], resize: Resize) -> None:
    """Rewrite the workbook part, the shared strings and the table."""
    part = parts_of.workbook_part(parts)
    parts[part] = _names(parts[part], resize)
    texts = parts_of.target_of_kind(parts, part, "sharedStrings")
    if texts is not None:
        parts[texts] = _TEXT.sub(lambda text: _label(text[0], resize), parts[texts])
    parts[resize.place.part] = _table(parts[resize.place.part], resize)


def _names(content: bytes, resize: Resize) -> bytes:
    root = parts_of.parse(content)
    sheets = [sheet.get("name") for sheet in root.iter(f"{{{MAIN}}}sheet")]
    changed = False
    for defined in root.iter(_NAME):
        local = defined.get("localSheetId")
        new = _named(defined, sheets[int(local)] if local is not None else "", resize)
        if new != (defined.text or ""):
            defined.text = new
            changed = True
    return parts_of.serialised(root) if changed else content


def _named(defined: etree._Element, sheet: str, resize: Resize) -> str:
    name, formula = defined.get("name"), defined.text or ""
    if name == _PRINT_AREA:
        return _printed(formula, sheet, resize)
    return resize.followed(formula, sheet, _("the name {name}").format(name=name), always)


def _printed(formula: str, sheet: str, resize: Resize) -> str:
    """Let a print area follow that covers the table's last row, whatever else it covers."""

    def change(reference: Reference) -> Reference:
        cells = area(f"{reference.start}:{reference.end}")
        if cells is None or reference.end is None or not reference.on(resize.place.sheet, sheet):
            return reference
        new = resize.stretched(cells) or cells
        return reference._replace(end=reference.end._replace(row=new.bottom))

    return replaced(formula, change)


def _label(text: bytes, resize: Resize) -> bytes:
    """Let a text follow that is nothing but a range: a planner says in such texts what a figure is made of."""
    label = html.unescape(text.decode())
    if not _RANGE.fullmatch(label):
        return text
    return html.escape(resize.followed(label, "", "", never, inside=True), quote=False).encode()


def _table(content: bytes, resize: Resize) -> bytes:
    """Give the table its new range, and the filter and the order of sorting inside it."""
    root = parts_of.parse(content)
    cells = resize.place.area
    root.set("ref", str(cells._replace(bottom=resize.new_last)))
    for element in root.iter("{*}autoFilter", "{*}sortState", "{*}sortCondition"):
        inner = area(element.get("ref", ""))
        if inner is not None and inner.bottom == resize.place.last:
            element.set("ref", str(inner._replace(bottom=resize.new_last)))
    return parts_of.serialised(root)
