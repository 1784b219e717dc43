"""How the parts of a package belong together: content types, relationships, the workbook's sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from xlsales.texts import _

CONTENT_TYPES = "[Content_Types].xml"
PACKAGE_RELATIONSHIPS = "_rels/.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MACRO_SHEETS = ("/xlMacrosheet", "/xlIntlMacrosheet")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class NewPart(NamedTuple):
    """A part that a package may lack."""

    name: str
    content_type: str
    content: bytes


def parse(part: bytes) -> etree._Element:
    """Parse a part; nothing outside it is read."""
    return etree.fromstring(part, _PARSER)


def fault_in(part: bytes) -> str:
    """Return what makes a part no well-formed XML; nothing where it is."""
    try:
        expat.ParserCreate().Parse(part, True)
    except expat.ExpatError as error:
        return str(error)
    return ""


def serialised(root: etree._Element) -> bytes:
    """Return an element as a part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def relationships_of(part: str) -> str:
    """Return the name of the part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def targets(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Return a part's internal relationships: id → (type, name of the target part)."""
    found = parts.get(relationships_of(part) if part else PACKAGE_RELATIONSHIPS)
    if found is None:
        return {}
    folder = posixpath.dirname(part)
    links = [link for link in parse(found) if link.get("TargetMode") != "External"]
    if any(link.get("Target") is None for link in links):
        raise ValueError(_("a relationship of {part} leads nowhere").format(part=part or _("the workbook")))
    return {
        link.get("Id"): (
            link.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, link.get("Target"))).lstrip("/"),
        )
        for link in links
    }


def target_of_kind(parts: Mapping[str, bytes], part: str, kind: str) -> str | None:
    """Return the part that a relationship of a kind leads to: "officeDocument", "sharedStrings"…"""
    found = (name for relation, name in targets(parts, part).values() if relation.endswith(f"/{kind}"))
    return next((name for name in found if name in parts), None)


def workbook_part(parts: Mapping[str, bytes]) -> str:
    """Return the name of the workbook part."""
    return target_of_kind(parts, "", "officeDocument") or "xl/workbook.xml"


def sheet_names(parts: Mapping[str, bytes]) -> list[str]:
    """Return the names of all sheets, those of charts, dialogs and old macros too, in the workbook's order."""
    return [sheet.get("name", "") for sheet in parse(parts[workbook_part(parts)]).iter("{*}sheet")]


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the worksheets' parts by sheet name, in the workbook's order."""
    workbook = workbook_part(parts)
    links = targets(parts, workbook)
    found = {}
    for sheet in parse(parts[workbook]).iter("{*}sheet"):
        identifier = sheet.get(f"{{{_OFFICE}}}id") or sheet.get(f"{{{_STRICT_OFFICE}}}id")
        kind, part = links.get(identifier, ("", ""))
        if kind.endswith("/worksheet"):
            found[sheet.get("name")] = part
    return found


def macro_sheets(parts: Mapping[str, bytes]) -> set[str]:
    """Return the names of the sheets that hold macros as Excel 4 had them."""
    workbook = workbook_part(parts)
    links = targets(parts, workbook)
    ids = {identifier for identifier, (kind, _part) in links.items() if kind.endswith(_MACRO_SHEETS)}
    sheets = parse(parts[workbook]).iter("{*}sheet") if ids else ()
    return {sheet.get("name", "") for sheet in sheets if ids & {*sheet.values()}}


def add(parts: dict[str, bytes], new: NewPart, source: str, kind: str) -> None:
    """Add a part, its content type, and a relationship that leads to it from the part `source` ("" the package)."""
    parts[new.name] = new.content
    override = f'<Override PartName="/{new.name}" ContentType="{new.content_type}"/>'.encode()
    parts[CONTENT_TYPES] = _before_end(parts[CONTENT_TYPES], override)
    holder = relationships_of(source) if source else PACKAGE_RELATIONSHIPS
    links = parts.get(holder, f'<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'.encode())
    taken = {link.get("Id") for link in parse(links)}
    identifier = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
    link = f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target="/{new.name}"/>'.encode()
    parts[holder] = _before_end(links, link)


def _before_end(part: bytes, element: bytes) -> bytes:
    place = part.rindex(b"</")
    return part[:place] + element + part[place:]


def asking_for_full_calculation(workbook: bytes) -> bytes:
    """Return the workbook part with the wish that Excel calculates everything on opening; as it is if it has it."""
    root = parse(workbook)
    main = etree.QName(root).namespace
    found = root.find(f"{{{main}}}calcPr")
    if found is not None and found.get("fullCalcOnLoad") in ("1", "true"):
        return workbook
    if found is None:
        found = etree.Element(f"{{{main}}}calcPr")
        before = [f"{{{main}}}{name}" for name in _BEFORE_CALC]
        place = max((index for index, child in enumerate(root) if child.tag in before), default=-1)
        root.insert(place + 1, found)
    found.set("fullCalcOnLoad", "1")
    return serialised(root)


# CT_Workbook's order, up to calcPr.
_BEFORE_CALC = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip
