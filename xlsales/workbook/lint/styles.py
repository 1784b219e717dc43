"""Rules of the styles part."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, child, elements, local, whole
from xlsales.workbook.lint.conditions import DXF
from xlsales.workbook.lint.rules import Fault, Group

rule = Group("styles")
NO_FORMATS = rule(
    "no-cell-formats",
    N_("Excel repairs a workbook whose styles have no cell format, and loses all formats."),
    N_("Write at least one xf into cellXfs and into cellStyleXfs, one font, border and two fills."),
    "ECMA-376-1 part 1, 18.8.10",
)
PART_INDEX = rule(
    "format-part-index",
    N_("Excel calls a workbook corrupt whose format names a font, fill, border or base format that does not exist."),
    N_("Use indexes below the counts of fonts, fills, borders and cellStyleXfs."),
    "ECMA-376-1 part 1, 18.8.45; Open XML SDK refuses it",
)
NUMBER_ID = rule(
    "number-format-id",
    N_("Excel offers to repair a workbook that gives one number format id twice."),
    N_("Number own formats from 164, each once."),
    "ECMA-376-1 part 1, 18.8.30",
)
NUMBER_CODE = rule(
    "number-format-code",
    N_("Excel offers to repair a number format that it cannot read, and drops it."),
    N_("Close quotes and brackets, write at most four sections and 255 characters."),
    "ECMA-376-1 part 1, 18.8.31; Microsoft Support, Number format codes",
)
NUMBER_MISSING = rule(
    "number-format-missing",
    N_("Excel shows numbers plainly where a format names a number format that does not exist."),
    N_("Write the numFmt, or use an id of Excel's own."),
    "ECMA-376-1 part 1, 18.8.30",
)
MANY_NUMBERS = rule(
    "too-many-number-formats",
    N_("Excel has between 200 and 250 number formats of a workbook's own and offers to repair more."),
    N_("Use fewer number formats."),
    "Microsoft, Excel specifications and limits",
)
MANY_FORMATS = rule(
    "too-many-cell-formats",
    N_("Excel has at most 65,490 cell formats and offers to repair more by dropping formats."),
    N_("Use fewer formats."),
    "Microsoft, Excel specifications and limits",
)
MANY_FONTS = rule(
    "too-many-fonts",
    N_("Excel has at most 1,024 global fonts, 512 in a workbook, and drops what is beyond."),
    N_("Use fewer fonts."),
    "Microsoft, Excel specifications and limits",
)
FILLS = rule(
    "first-fills",
    N_("Excel takes the first two fills for none and gray125 whatever they say, so that their colours are lost."),
    N_("Write none and gray125 first."),
    "ECMA-376-1 part 1, 18.8.20; seen so in every file that Excel saved",
)
COLOUR = rule(
    "colour",
    N_("Excel offers to repair a colour that is not eight hexadecimal digits, and loses the formats."),
    N_("Write rgb as AARRGGBB, for example FF1B3A57."),
    "ECMA-376-1 part 1, 18.18.86; Open XML SDK refuses it",
)
STYLE_FORMAT = rule(
    "named-style-format",
    N_("Excel offers to repair a named style whose base format does not exist, or whose name comes twice."),
    N_("Use an xfId below the count of cellStyleXfs, and each name once."),
    "ECMA-376-1 part 1, 18.8.7",
)

MOST_FORMATS, MOST_FONTS, MOST_NUMBERS = 65_490, 1_024, 250
_FIRST_OWN = 164
_LONGEST_CODE = 255
_CODE = re.compile(r'"[^"]*+"|\\.|_.|\*.|\[[^\[\]]*+\]|(?P<bad>["\[])|(?P<section>;)|.', re.DOTALL)
_RGB = re.compile(r"[0-9A-Fa-f]{8}")


def styles(book: Book) -> Iterator[Fault]:
    """All of the styles part."""
    root = book.styles
    if root is None:
        return
    part = book.target(book.workbook, "styles") or ""
    counts = {name: sum(1 for _one in child(root, name)) for name in ("fonts", "fills", "borders", "cellStyleXfs")}
    formats = list(child(root, "cellXfs"))
    if not formats:
        yield NO_FORMATS.at(part)
    numbers = {}
    for one in child(root, "numFmts"):
        if one.get("numFmtId") in numbers:
            yield NUMBER_ID.at(part, one.get("numFmtId"))
        numbers[one.get("numFmtId")] = one.get("formatCode", "")
        yield from _code(part, one.get("formatCode", ""))
    for name, xfs in (("cellXfs", formats), ("cellStyleXfs", list(child(root, "cellStyleXfs")))):
        for place, xf in enumerate(xfs):
            yield from _format(part, f"{name}[{place}]", xf, counts)
            number = xf.get("numFmtId", "0")
            if (whole(number) or 0) >= _FIRST_OWN and number not in numbers:
                yield NUMBER_MISSING.at(part, f"{name}[{place}]: {number}")
    for count, most, broken in (
        (len(formats), MOST_FORMATS, MANY_FORMATS),
        (counts["fonts"], MOST_FONTS, MANY_FONTS),
        (len(numbers), MOST_NUMBERS, MANY_NUMBERS),
    ):
        if count > most:
            yield broken.at(part, count)
    yield from _fills(part, root)
    yield from _named(part, root, counts["cellStyleXfs"])
    for one in root.iter("{*}color", "{*}fgColor", "{*}bgColor", "{*}rgbColor", "{*}tabColor"):
        if one.get("rgb") is not None and not _RGB.fullmatch(one.get("rgb")):
            yield COLOUR.at(part, one.get("rgb"))


def _format(part: str, place: str, xf: Element, counts: dict[str, int]) -> Iterator[Fault]:
    parts = [("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")]
    if place.startswith("cellXfs"):
        parts.append(("xfId", "cellStyleXfs"))
    for attribute, name in parts:
        index = whole(xf.get(attribute, "0"))
        if index is None or not 0 <= index < max(counts[name], 1):
            yield PART_INDEX.at(part, f"{place}: {attribute} {xf.get(attribute)}")


def _code(part: str, code: str) -> Iterator[Fault]:
    sections = 1
    for found in _CODE.finditer(code):
        sections += found["section"] is not None
        if found["bad"]:
            yield NUMBER_CODE.at(part, code)
            return
    if sections > 4 or len(code) > _LONGEST_CODE:
        yield NUMBER_CODE.at(part, code)


def _fills(part: str, root: Element) -> Iterator[Fault]:
    for place, fill in enumerate(child(root, "fills")):
        if place > 1:
            return
        pattern = next((one.get("patternType", "none") for one in elements(fill)), "none")
        if pattern != ("none", "gray125")[place]:
            yield FILLS.at(part, f"fill {place}: {pattern}")


def _named(part: str, root: Element, bases: int) -> Iterator[Fault]:
    seen = set()
    for one in child(root, "cellStyles"):
        index, name = whole(one.get("xfId", "0")), one.get("name", "").casefold()
        if index is None or not 0 <= index < max(bases, 1) or (name and name in seen and one.get("builtinId") is None):
            yield STYLE_FORMAT.at(part, f"{one.get('name')}: {one.get('xfId')}")
        seen.add(name)


def table_formats(book: Book) -> Iterator[Fault]:
    """Formats that tables name exist."""
    count = book.dxf_count
    for table in book.tables:
        for element in (table.root, *child(table.root, "tableColumns")):
            for name, value in element.attrib.items():
                if name.endswith("DxfId") and not 0 <= (whole(value) or 0) < count:
                    yield DXF.at(table.part, f"{local(element)} {name} {value}", table.name)
