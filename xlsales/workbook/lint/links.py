"""Rules of hyperlinks and of printing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, child, elements, local, related, units, whole
from xlsales.workbook.lint.formulas import Known
from xlsales.workbook.lint.places import area
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.sheet import Grid

rule = Group("links and print")
MANY = rule(
    "too-many-links",
    N_("Excel has at most 65,530 links on a sheet and offers to repair more by dropping them."),
    N_("Write fewer links, or HYPERLINK formulas."),
    "Microsoft, Excel specifications and limits",
)
LONG = rule(
    "link-too-long",
    N_("Excel has addresses of at most 2,079 characters in links and offers to repair a longer one."),
    N_("Shorten the address."),
    "jmcnamara/XlsxWriter write_url(): 2,079 characters",
)
URI = rule(
    "link-address",
    N_("Excel calls a workbook corrupt whose link leads to an address that is none."),
    N_("Percent-encode the address; a space is %20."),
    "ECMA-376-2, Relationship element (Target is xsd:anyURI); Open XML SDK refuses it",
)
CELL = rule(
    "link-cell",
    N_("Excel offers to repair a link on a cell that no sheet has, and drops it."),
    N_("Write the cell or area into ref."),
    "ECMA-376-1 part 1, 18.3.1.47",
)
LOCATION = rule(
    "link-location",
    N_("Excel says that the reference is not valid when somebody follows the link."),
    N_("Name a sheet with a cell, or a defined name, of the workbook."),
    "ECMA-376-1 part 1, 18.3.1.47",
)
HEADER = rule(
    "header-too-long",
    N_("Excel has headers and footers of at most 255 characters and offers to repair longer ones by dropping them."),
    N_("Shorten the header or footer."),
    "Microsoft, Excel specifications and limits",
)
BREAKS = rule(
    "too-many-page-breaks",
    N_("Excel has at most 1,026 page breaks in a direction and drops what is beyond."),
    N_("Write fewer page breaks."),
    "Microsoft, Excel specifications and limits",
)
SETUP = rule(
    "page-setup",
    N_("Excel offers to repair a page setup that is none: a scale outside 10 to 400, or a margin below 0."),
    N_("Write a scale from 10 to 400, orientation portrait or landscape, and margins from 0 to 49."),
    "ECMA-376-1 part 1, 18.3.1.62, 18.3.1.63",
)

MOST_LINKS, LONGEST_LINK, LONGEST_HEADER, MOST_BREAKS = 65_530, 2_079, 255, 1_026
_NOT_IN_URI = re.compile(r"[\s<>\"{}\x00-\x1f]")
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!")


def of_sheet(book: Book, known: Known, grid: Grid, root: Element) -> Iterator[Fault]:
    """Links and print settings of one sheet."""
    part = grid.entry.part or ""
    links = {link.id: link for link in book.links(part)}
    found = [one for one in child(root, "hyperlinks") if local(one) == "hyperlink"]
    if len(found) > MOST_LINKS:
        yield MANY.at(part, len(found), grid.entry.name)
    for one in found:
        place = grid.where(one.get("ref", ""))
        if area(one.get("ref", "")) is None:
            yield CELL.at(part, one.get("ref"), grid.entry.name)
        identifier, location = related(one), one.get("location")
        link = links.get(identifier or "")
        if link is not None and link.external:
            if units(link.target) > LONGEST_LINK:
                yield LONG.at(part, units(link.target), place)
            if _NOT_IN_URI.search(link.target) and not link.target.startswith(("file:", "mailto:")):
                yield URI.at(part, link.target, place)
        elif location and identifier is None and not _leads(known, location):
            yield LOCATION.at(part, location, place)
    yield from _print(part, grid, root)


def _leads(known: Known, location: str) -> bool:
    location = location.removeprefix("#")
    sheet = _PLACE.match(location)
    if sheet is None:
        name = location.casefold()
        return name in known.names or name in known.tables or "[" in name or area(location) is not None
    name = (sheet[1] or sheet[2]).replace("''", "'")
    return name.casefold() in known.sheets or "[" in name


def _print(part: str, grid: Grid, root: Element) -> Iterator[Fault]:
    for one in elements(root):
        name = local(one)
        if name == "headerFooter":
            for text in elements(one):
                if units(text.text or "") > LONGEST_HEADER:
                    yield HEADER.at(part, f"{local(text)}: {units(text.text)}", grid.entry.name)
        elif name in ("rowBreaks", "colBreaks") and sum(1 for _brk in elements(one)) > MOST_BREAKS:
            yield BREAKS.at(part, name, grid.entry.name)
        elif name == "pageSetup":
            scale = whole(one.get("scale", "100"))
            words = (one.get("orientation", "default"), one.get("pageOrder", "downThenOver"))
            wrong = words[0] not in ("default", "portrait", "landscape") or words[1] not in (
                "downThenOver", "overThenDown",
            )  # fmt: skip
            if scale is None or not (scale == 0 or 10 <= scale <= 400) or wrong:
                yield SETUP.at(part, dict(one.attrib), grid.entry.name)
        elif name == "pageMargins" and any(not _margin(value) for value in one.attrib.values()):
            yield SETUP.at(part, dict(one.attrib), grid.entry.name)


def _margin(text: str) -> bool:
    try:
        return 0 <= float(text) < 49
    except ValueError:
        return False
