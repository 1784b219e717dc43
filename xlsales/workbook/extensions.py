"""What a workbook has beyond sheets and names: function categories, its extension list, a ribbon, a signature.

XlsxWriter writes none of them, and openpyxl loses them: they are put in, or put back, here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from xlsales.workbook.parts import CONTENT_TYPES, MAIN, PACKAGE_RELATIONSHIPS, parse, serialised, targets

WORKBOOK = "xl/workbook.xml"
RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"  # for customUI14.xml
_RIBBONS = (RIBBON, "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility")
_SIGNATURES = "xl/_rels/vbaProject.bin.rels"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONSHIP = f"{{{_PACKAGE}/relationships}}Relationship"
_DEFAULT, _OVERRIDE = (f"{{{_PACKAGE}/content-types}}{kind}" for kind in ("Default", "Override"))
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS, _GROUPS, _EXTENSIONS = (f"{{{MAIN}}}{name}" for name in ("sheets", "functionGroups", "extLst"))


def put_function_groups(workbook: etree._Element, groups: etree._Element) -> None:
    """Put the function categories where the schema wants them: behind the sheets."""
    for old in workbook.findall(_GROUPS):
        workbook.remove(old)
    workbook.find(_SHEETS).addnext(groups)


def put_extensions(workbook: etree._Element, extensions: Iterable[etree._Element]) -> None:
    """Add extensions to the list at the workbook's end."""
    listed = workbook.find(_EXTENSIONS)
    if listed is None:
        listed = etree.SubElement(workbook, _EXTENSIONS)
    listed.extend(extensions)


def put_ribbon(parts: dict[str, bytes], name: str, ribbon: bytes) -> None:
    """Add the part that describes buttons of the ribbon, and the package's link to it."""
    parts[name] = ribbon
    _add_links(parts, [(RIBBON, name)])


def put_back(parts: dict[str, bytes], original: Mapping[str, bytes]) -> None:
    """Put back what openpyxl leaves out of a workbook; the project and the ribbon's parts it keeps with `keep_vba`."""
    parts[WORKBOOK] = _workbook(parts[WORKBOOK], original[WORKBOOK])
    known = {name for _kind, name in targets(parts, "").values()}
    links = targets(original, "").values()
    _add_links(parts, [(k, name) for k, name in links if k in _RIBBONS and name in parts and name not in known])
    if _SIGNATURES in original:
        parts[_SIGNATURES] = original[_SIGNATURES]
    parts[CONTENT_TYPES] = _content_types(parts, original[CONTENT_TYPES])


def _add_links(parts: dict[str, bytes], links: Iterable[tuple[str, str]]) -> None:
    root = parse(parts[PACKAGE_RELATIONSHIPS])
    for kind, name in links:
        taken = {link.get("Id") for link in root}
        identifier = next(found for number in range(1, len(root) + 2) if (found := f"rId{number}") not in taken)
        etree.SubElement(root, _RELATIONSHIP, Id=identifier, Type=kind, Target=name)
    parts[PACKAGE_RELATIONSHIPS] = serialised(root)


def _workbook(part: bytes, original: bytes) -> bytes:
    root, model = parse(part), parse(original)
    groups = model.find(_GROUPS)
    if groups is not None:
        put_function_groups(root, deepcopy(groups))
    kept = [deepcopy(extension) for extension in model.iterfind(f"{_EXTENSIONS}/*") if not _leads_on(extension)]
    if kept:
        put_extensions(root, kept)
    return serialised(root)


def _leads_on(extension: etree._Element) -> bool:
    """Whether an extension has links to other parts, which openpyxl leaves out."""
    names = (etree.QName(name) for element in extension.iter(etree.Element) for name in element.attrib)
    return any(name.namespace == _OFFICE for name in names)


def _content_types(parts: Mapping[str, bytes], original: bytes) -> bytes:
    """Return the content types of these parts, with those of the original that are missing, in a fixed order.

    openpyxl adds the defaults of the parts that it copies in the order of a set, which changes from run to run.
    """
    root = parse(parts[CONTENT_TYPES])
    known = {child.get("PartName") for child in root.iter(_OVERRIDE)}
    for override in parse(original).iter(_OVERRIDE):
        name = override.get("PartName")
        if name not in known and name.lstrip("/") in parts:
            root.append(deepcopy(override))
    defaults = sorted(root.iter(_DEFAULT), key=lambda child: child.get("Extension"))
    root[:] = [*defaults, *root.iter(_OVERRIDE)]
    return serialised(root)
