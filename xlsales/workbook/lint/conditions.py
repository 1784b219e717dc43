"""Rules of data validations, conditional formats and the extensions that go with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import (
    MAIN,
    STRICT_MAIN,
    Book,
    Element,
    child,
    elements,
    flat,
    local,
    namespace,
    units,
    whole,
)  # fmt: skip
from xlsales.workbook.lint.formulas import Known, formula_faults
from xlsales.workbook.lint.places import areas, cell
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.sheet import Grid

rule = Group("validations and conditional formats")
LIST = rule(
    "validation-list-too-long",
    N_("Excel offers to repair a list of more than 255 characters and drops all validations of the sheet."),
    N_("Write the choices into cells and name their range."),
    "jmcnamara/XlsxWriter#89, ClosedXML/ClosedXML#1016",
)
FORMULA = rule(
    "validation-formula-too-long",
    N_("Excel has validation formulas of at most 255 characters and offers to repair a longer one."),
    N_("Put the formula into a cell or a defined name."),
    "jmcnamara/XlsxWriter data_validation(): 255 characters",
)
TITLE = rule(
    "validation-title-too-long",
    N_("Excel has titles of at most 32 characters for validations and offers to repair a longer one."),
    N_("Shorten the title."),
    "ECMA-376-1 part 1, 18.3.1.32; Open XML SDK refuses it",
)
MESSAGE = rule(
    "validation-message-too-long",
    N_("Excel has messages of at most 255 characters for validations and offers to repair a longer one."),
    N_("Shorten the message."),
    "ECMA-376-1 part 1, 18.3.1.32; rubyXL#230",
)
AREA = rule(
    "validation-area",
    N_("Excel offers to repair a validation whose area is none, and drops it."),
    N_("Write areas of the sheet into sqref, with spaces between them."),
    "ECMA-376-1 part 1, 18.18.76",
)
KIND = rule(
    "validation-kind",
    N_("Excel offers to repair a validation whose type, operator or style it does not know."),
    N_("Write one of the schema's words."),
    "ECMA-376-1 part 1, 18.18.18-21; both validators refuse it",
)
NO_FORMULA = rule(
    "validation-without-formula",
    N_("Excel offers to repair a validation that has nothing to compare with."),
    N_("Write formula1, and formula2 for between and notBetween."),
    "ECMA-376-1 part 1, 18.3.1.32",
)
FORMAT_AREA = rule(
    "conditional-format-area",
    N_("Excel offers to repair a conditional format whose area is none, and drops it."),
    N_("Write areas of the sheet into sqref, with spaces between them."),
    "ECMA-376-1 part 1, 18.18.76",
)
DXF = rule(
    "conditional-format-index",
    N_("Excel calls a workbook corrupt whose conditional format or table names a format that does not exist."),
    N_("Use an index below the count of dxfs in xl/styles.xml."),
    "ECMA-376-1 part 1, 18.3.1.10, 18.8.15",
)
PRIORITY = rule(
    "conditional-format-priority",
    N_("Excel offers to repair a conditional format whose priority is not a number from 1."),
    N_("Number the rules of a sheet from 1."),
    "ECMA-376-1 part 1, 18.3.1.10; both validators refuse it",
)
FORMAT_KIND = rule(
    "conditional-format-kind",
    N_("Excel offers to repair a conditional format whose kind it does not know, or that lacks what its kind needs."),
    N_("Write the kind's own element: formula, colorScale, dataBar or iconSet with its cfvo."),
    "ECMA-376-1 part 1, 18.18.12, 18.3.1.10",
)
PAIR = rule(
    "extension-id",
    N_("Excel drops the 2010 part of a conditional format whose id has no counterpart."),
    N_("Write the same id into x14:id and x14:cfRule."),
    "[MS-XLSX], x14:id and x14:cfRule",
)
EXTENSION = rule(
    "extension-unknown-element",
    N_("Excel offers to repair an extension that holds an element of none of its namespaces."),
    N_("Write into <ext> only what its uri stands for."),
    "ECMA-376-3; [MS-XLSX] extensions; both validators refuse it",
)
EXTENSION_URI = rule(
    "extension-uri",
    N_("Excel offers to repair an extension without a uri, and ignores what it does not know."),
    N_('Write <ext uri="{…}"> with the extension\'s own GUID.'),
    "ECMA-376-1 part 1, 18.2.7",
)
SPARKLINE = rule(
    "sparkline",
    N_("Excel offers to repair a sparkline without a place of one cell or a range, and drops all of the sheet."),
    N_("Write xm:sqref with one cell, and xm:f with a range."),
    "[MS-XLSX], CT_Sparkline; seen so in every file that Excel saved",
)

LONGEST_LIST, LONGEST_FORMULA, LONGEST_TITLE, LONGEST_MESSAGE = 255, 255, 32, 255
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_KINDS = {
    "type": {"none", "whole", "decimal", "list", "date", "time", "textLength", "custom"},
    "operator": {"between", "notBetween", "equal", "notEqual", "lessThan", "lessThanOrEqual", "greaterThan",
                 "greaterThanOrEqual"},
    "errorStyle": {"stop", "warning", "information"},
}  # fmt: skip
_FORMAT_KINDS = {
    "expression", "cellIs", "colorScale", "dataBar", "iconSet", "top10", "uniqueValues", "duplicateValues",
    "containsText", "notContainsText", "beginsWith", "endsWith", "containsBlanks", "notContainsBlanks",
    "containsErrors", "notContainsErrors", "timePeriod", "aboveAverage",
}  # fmt: skip
_STOPS = {"colorScale": (2, 3), "dataBar": (2, 2), "iconSet": (3, 5)}
_ICONS = re.compile(r"([345])")


def of_sheet(book: Book, known: Known, grid: Grid, root: Element) -> Iterator[Fault]:
    """Validations, conditional formats and extensions of one sheet."""
    part = grid.entry.part or ""
    for one in child(root, "dataValidations"):
        yield from _validation(known, part, one, grid.entry.name)
    formats = book.dxf_count
    for one in elements(root):
        if local(one) == "conditionalFormatting":
            yield from _format(known, part, one, grid.entry.name, formats)
    yield from _extensions(known, part, root, grid.entry.name)
    yield from _pairs(part, root, grid.entry.name)


def _validation(known: Known, part: str, one: Element, sheet: str) -> Iterator[Fault]:
    place = f"{sheet}!{one.get('sqref', '')}"
    if areas(one.get("sqref", "")) is None:
        yield AREA.at(part, one.get("sqref"), sheet)
    for name, words in _KINDS.items():
        if one.get(name) is not None and one.get(name) not in words:
            yield KIND.at(part, f"{name} {one.get(name)}", place)
    for name, limit, broken in (
        ("promptTitle", LONGEST_TITLE, TITLE),
        ("errorTitle", LONGEST_TITLE, TITLE),
        ("prompt", LONGEST_MESSAGE, MESSAGE),
        ("error", LONGEST_MESSAGE, MESSAGE),
    ):
        if units(one.get(name, "")) > limit:
            yield broken.at(part, f"{name}: {units(one.get(name))}", place)
    formulas = {local(child): child.text or "" for child in flat(one)}
    kind = one.get("type", "none")
    if kind != "none" and not (formulas.get("formula1") or formulas.pop("list", "")):
        yield NO_FORMULA.at(part, kind, place)
    for text in formulas.values():
        is_list = kind == "list" and text.startswith('"')
        if is_list and units(text) - 2 > LONGEST_LIST:
            yield LIST.at(part, units(text) - 2, place)
        elif units(text) > LONGEST_FORMULA + 2 * is_list:
            yield FORMULA.at(part, units(text), place)
        elif text and kind != "none":
            yield from formula_faults(known, part, text, place)


def _format(known: Known, part: str, area: Element, sheet: str, formats: int) -> Iterator[Fault]:
    place = f"{sheet}!{area.get('sqref', '')}"
    if areas(area.get("sqref", "")) is None and area.get("pivot") not in ("1", "true"):
        yield FORMAT_AREA.at(part, area.get("sqref"), sheet)
    for one in elements(area):
        if local(one) != "cfRule":
            continue
        index, priority, kind = one.get("dxfId"), whole(one.get("priority", "1")), one.get("type", "")
        if index is not None and not 0 <= (-1 if whole(index) is None else whole(index) or 0) < formats:
            yield DXF.at(part, index, place)
        if priority is None or priority < 1:
            yield PRIORITY.at(part, one.get("priority"), place)
        yield from _kind(part, one, kind, place)
        for formula in elements(one):
            if local(formula) == "formula" and formula.text:
                yield from formula_faults(known, part, formula.text, place)


def _kind(part: str, one: Element, kind: str, place: str) -> Iterator[Fault]:
    inside = [local(found) for found in elements(one)]
    if kind not in _FORMAT_KINDS:
        yield FORMAT_KIND.at(part, kind, place)
    elif kind in ("expression", "cellIs") and "formula" not in inside:
        yield FORMAT_KIND.at(part, f"{kind} without formula", place)
    elif kind in _STOPS:
        for scale in elements(one):
            if local(scale) == kind:
                stops = [local(found) for found in elements(scale)]
                least, most = _STOPS[kind]
                if kind == "iconSet" and (icons := _ICONS.match(scale.get("iconSet", "3"))):
                    least = most = int(icons[1])
                colours = stops.count("color")
                wrong = kind == "colorScale" and colours != stops.count("cfvo")
                if not least <= stops.count("cfvo") <= most or wrong:
                    yield FORMAT_KIND.at(part, f"{kind}: {' '.join(stops)}", place)
        if kind not in inside:
            yield FORMAT_KIND.at(part, f"{kind} without {kind}", place)


def _extensions(known: Known, part: str, root: Element, sheet: str) -> Iterator[Fault]:
    for extension in child(root, "extLst"):
        if not extension.get("uri"):
            yield EXTENSION_URI.at(part, "", sheet)
        for one in elements(extension):
            if namespace(one) in (MAIN, STRICT_MAIN, ""):
                yield EXTENSION.at(part, one.tag, sheet)
            if namespace(one) == _X14 and local(one) not in _X14_LISTS:
                yield EXTENSION.at(part, one.tag, sheet)
            if local(one) == "sparklineGroups":
                yield from _sparklines(known, part, one, sheet)
            else:
                for formula in one.iter(f"{{{_XM}}}f"):
                    if formula.text:
                        yield from formula_faults(known, part, formula.text, sheet)


_X14_LISTS = {
    "conditionalFormattings", "dataValidations", "sparklineGroups", "slicerList", "protectedRanges", "ignoredErrors",
    "id", "slicerStyles", "dxfs", "table", "slicerCaches", "definedNames", "pivotCaches", "workbookPr", "timelineRefs",
    "pivotTableDefinition", "webExtensions",
}  # fmt: skip


def _sparklines(known: Known, part: str, groups: Element, sheet: str) -> Iterator[Fault]:
    for line in groups.iter(f"{{{_X14}}}sparkline"):
        place = next((one.text or "" for one in elements(line) if local(one) == "sqref"), "")
        if cell(place) is None:
            yield SPARKLINE.at(part, place, sheet)
        text = next((one.text or "" for one in elements(line) if local(one) == "f"), "")
        if text and any(formula_faults(known, part, text, sheet, shows_error=True)):
            yield SPARKLINE.at(part, text, f"{sheet}!{place}")


def _pairs(part: str, root: Element, sheet: str) -> Iterator[Fault]:
    """Each x14:id in a rule has an x14:cfRule of this id."""
    named = {(one.text or "").strip().upper() for one in root.iter(f"{{{_X14}}}id")}
    there = {one.get("id", "").upper() for one in root.iter(f"{{{_X14}}}cfRule")}
    for identifier in sorted(named - there):
        yield PAIR.at(part, identifier, sheet)
