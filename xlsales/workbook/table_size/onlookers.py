"""What reads a table from outside the worksheets: charts, calculated columns, pivot tables, form controls."""

from __future__ import annotations

import html
import re

from lxml import etree

from xlsales.cells.references import area
from xlsales.workbook import parts as parts_of
from xlsales.workbook.table_size.place import tables
from xlsales.workbook.table_size.resize import Resize, always, never

_FIRST_TAG = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]+)[\s/>]")
# A part is known by its root element, whatever its name. A chart's `f` may be of Excel's later kinds of charts too.
_ROOTS = ("chartSpace", "table", "pivotCacheDefinition", "formControlPr")
_LIST_RANGE = re.compile(rb"(?<=:FmlaRange>)[^<]*")  # of a control in VML, which need not be good XML


def follow(parts: dict[str, bytes], resize: Resize) -> None:
    """Rewrite the parts that read the table to its last row."""
    sheets = {table.part: table.sheet for table in tables(parts).values()}
    for name, content in parts.items():
        if resize.grows and str(resize.place.last).encode() not in content:
            continue
        if name.endswith(".vml"):
            parts[name] = _vml(content, name, resize)
        elif name.endswith(".xml") and (tag := _FIRST_TAG.search(content)):
            parts[name] = _xml(content, tag[1].decode(), name, resize, sheets.get(name, ""))


def _vml(content: bytes, name: str, resize: Resize) -> bytes:
    def followed(found: re.Match[bytes]) -> bytes:
        formula = html.unescape(found[0].decode())
        return html.escape(resize.followed(formula, "", name, never), quote=False).encode()

    return _LIST_RANGE.sub(followed, content)


def _xml(content: bytes, kind: str, name: str, resize: Resize, sheet: str) -> bytes:
    if kind not in _ROOTS:
        return content
    root = parts_of.parse(content)
    match kind:
        case "chartSpace":
            changed = [_text(element, name, resize) for element in root.iter("{*}f", "{*}sqref")]
        case "table":
            formulas = root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula")
            changed = [_text(element, name, resize, sheet, in_table=True) for element in formulas]
        case "pivotCacheDefinition":
            changed = [_source(element, resize) for element in root.iter("{*}worksheetSource")]
        case _:
            changed = [_list(root, name, resize)]
    return parts_of.serialised(root) if any(changed) else content


def _text(element: etree._Element, name: str, resize: Resize, sheet: str = "", *, in_table: bool = False) -> bool:
    """Let a formula follow that is an element's text; a table's is one of the sheet that the table stands on."""
    old = element.text or ""
    own = in_table and name == resize.place.part
    element.text = resize.followed(old, sheet, name, always if in_table else never, inside=own)
    return bool(element.text != old)


def _list(control: etree._Element, name: str, resize: Resize) -> bool:
    """Let the range follow that a list box or a drop-down shows."""
    old = control.get("fmlaRange", "")
    new = resize.followed(old, "", name, never)
    if new != old:
        control.set("fmlaRange", new)
    return bool(new != old)


def _source(source: etree._Element, resize: Resize) -> bool:
    """Let the cells follow that a pivot table is made of."""
    cells = area(source.get("ref", ""))
    if cells is None or cells.bottom != resize.place.last or source.get("sheet") != resize.place.sheet:
        return False
    if not {cells.left, cells.right} <= resize.columns:
        return False
    source.set("ref", str(cells._replace(bottom=resize.new_last)))
    return True
