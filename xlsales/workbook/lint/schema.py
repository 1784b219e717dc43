"""Rules of the schema: which elements a part has, in which order, and which attributes they carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import MAIN, STRICT_MAIN, Book, Element, elements, local, namespace
from xlsales.workbook.lint.rules import Fault, Group

rule = Group("schema")
ORDER = rule(
    "element-order",
    N_("Excel reads a part's elements in the order of the schema and offers to repair any other."),
    N_("Move the element to its place."),
    "ECMA-376-1 part 1, annex A (CT_Worksheet, CT_Workbook …); exceljs/exceljs#106",
)
TWICE = rule(
    "element-twice",
    N_("Excel offers to repair a part that has an element twice where the schema has it once."),
    N_("Join the two, or remove one."),
    "ECMA-376-1 part 1, annex A",
)
UNKNOWN = rule(
    "unknown-element",
    N_("Excel offers to repair a part with an element that the schema does not have there."),
    N_("Remove the element, or put it into an extension list with its own namespace."),
    "ECMA-376-1 part 1, annex A; both validators refuse it",
)
ATTRIBUTE = rule(
    "unknown-attribute",
    N_("Excel offers to repair a part with an attribute that the schema does not have there."),
    N_("Remove the attribute, or write it with its own namespace under mc:Ignorable."),
    "ECMA-376-1 part 1, annex A; Open XML SDK refuses it",
)
MISSING_ATTRIBUTE = rule(
    "missing-attribute",
    N_("Excel offers to repair an element without an attribute that the schema asks for."),
    N_("Write the attribute."),
    "ECMA-376-1 part 1, annex A; Open XML SDK refuses it",
)
ROOT = rule(
    "root-element",
    N_("Excel finds another root element than the part's kind has, and drops the part or refuses the file."),
    N_("Write the root element of the part's kind, in the main namespace."),
    "ECMA-376-1 part 1, 12.3",
)

# What stands in each element, in this order; * may come several times.
_CHILDREN = {
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols* sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr "
    "conditionalFormatting* dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks "
    "colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF "
    "picture oleObjects controls webPublishItems tableParts extLst",
    "chartsheet": "sheetPr sheetViews sheetProtection customSheetViews pageMargins pageSetup headerFooter drawing "
    "legacyDrawing legacyDrawingHF drawingHF picture webPublishItems extLst",
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes "
    "webPublishing fileRecoveryPr* webPublishObjects extLst",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "table": "autoFilter sortState tableColumns tableStyleInfo extLst",
    "tableColumn": "calculatedColumnFormula totalsRowFormula xmlColumnPr extLst",
    "comments": "authors commentList extLst",
    "dxf": "font numFmt fill alignment border protection extLst",
    "xf": "alignment protection extLst",
    "sst": "si* extLst",
    "dataValidation": "formula1 formula2",
    "cfRule": "formula* colorScale dataBar iconSet extLst",
    "conditionalFormatting": "cfRule* extLst",
    "sheetPr": "tabColor outlinePr pageSetUpPr",
    "sheetView": "pane selection* pivotSelection* extLst",
    "headerFooter": "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter",
    "comment": "text commentPr",
}
CHILDREN = {
    name: {one.rstrip("*"): (place, one.endswith("*")) for place, one in enumerate(text.split())}
    for name, text in _CHILDREN.items()
}
_ATTRIBUTES = {
    "row": "r spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph",
    "c": "r s t cm vm ph",
    "f": "t aca ref dt2D dtr del1 del2 r1 r2 ca si bx",
    "sheetPr": "syncHorizontal syncVertical syncRef transitionEvaluation transitionEntry published codeName "
    "filterMode enableFormatConditionsCalculation",
    "dimension": "ref",
    "sheetView": "windowProtection showFormulas showGridLines showRowColHeaders showZeros rightToLeft tabSelected "
    "showRuler showOutlineSymbols defaultGridColor showWhiteSpace view topLeftCell colorId zoomScale "
    "zoomScaleNormal zoomScaleSheetLayoutView zoomScalePageLayoutView workbookViewId zoomToFit",
    "pane": "xSplit ySplit topLeftCell activePane state",
    "selection": "pane activeCell activeCellId sqref",
    "sheetFormatPr": "baseColWidth defaultColWidth defaultRowHeight customHeight zeroHeight thickTop thickBottom "
    "outlineLevelRow outlineLevelCol",
    "col": "min max width style hidden bestFit customWidth phonetic outlineLevel collapsed",
    "mergeCell": "ref",
    "cfRule": "type dxfId priority stopIfTrue aboveAverage percent bottom operator text timePeriod rank stdDev "
    "equalAverage",
    "conditionalFormatting": "pivot sqref",
    "dataValidations": "disablePrompts xWindow yWindow count",
    "dataValidation": "type errorStyle imeMode operator allowBlank showDropDown showInputMessage showErrorMessage "
    "errorTitle error promptTitle prompt sqref",
    "hyperlink": "ref location tooltip display",
    "printOptions": "horizontalCentered verticalCentered headings gridLines gridLinesSet",
    "pageMargins": "left right top bottom header footer",
    "pageSetup": "paperSize paperHeight paperWidth scale firstPageNumber fitToWidth fitToHeight pageOrder orientation "
    "usePrinterDefaults blackAndWhite draft cellComments useFirstPageNumber errors horizontalDpi verticalDpi copies",
    "headerFooter": "differentOddEven differentFirst scaleWithDoc alignWithMargins",
    "sheet": "name sheetId state",
    "definedName": "name comment customMenu description help statusBar localSheetId hidden function vbProcedure xlm "
    "functionGroupId shortcutKey publishToServer workbookParameter",
    "workbookPr": "date1904 showObjects showBorderUnselectedTables filterPrivacy promptedSolutions "
    "showInkAnnotation backupFile saveExternalLinkValues updateLinks codeName hidePivotFieldList "
    "showPivotChartFilter allowRefreshQuery publishItems checkCompatibility autoCompressPictures "
    "refreshAllConnections defaultThemeVersion dateCompatibility",
    "workbookView": "visibility minimized showHorizontalScroll showVerticalScroll showSheetTabs xWindow yWindow "
    "windowWidth windowHeight tabRatio firstSheet activeTab autoFilterDateGrouping",
    "calcPr": "calcId calcMode fullCalcOnLoad refMode iterate iterateCount iterateDelta fullPrecision calcCompleted "
    "calcOnSave concurrentCalc concurrentManualCount forceFullCalc",
    "table": "id name displayName comment ref tableType headerRowCount insertRow insertRowShift totalsRowCount "
    "totalsRowShown published headerRowDxfId dataDxfId totalsRowDxfId headerRowBorderDxfId tableBorderDxfId "
    "totalsRowBorderDxfId headerRowCellStyle dataCellStyle totalsRowCellStyle connectionId",
    "tableColumn": "id uniqueName name totalsRowFunction totalsRowLabel queryTableFieldId headerRowDxfId dataDxfId "
    "totalsRowDxfId headerRowCellStyle dataCellStyle totalsRowCellStyle",
    "tableStyleInfo": "name showFirstColumn showLastColumn showRowStripes showColumnStripes",
    "xf": "numFmtId fontId fillId borderId xfId quotePrefix pivotButton applyNumberFormat applyFont applyFill "
    "applyBorder applyAlignment applyProtection",
    "numFmt": "numFmtId formatCode",
    "protection": "locked hidden",
    "comment": "ref authorId guid shapeId",
}
ATTRIBUTES = {name: frozenset(text.split()) for name, text in _ATTRIBUTES.items()}
_NEEDED = {
    "sheet": ("name", "sheetId"),
    "definedName": ("name",),
    "mergeCell": ("ref",),
    "col": ("min", "max"),
    "dataValidation": ("sqref",),
    "cfRule": ("priority",),
    "hyperlink": ("ref",),
    "sheetView": ("workbookViewId",),
    "pageMargins": ("left", "right", "top", "bottom", "header", "footer"),
    "table": ("id", "displayName", "ref"),
    "tableColumn": ("id", "name"),
    "numFmt": ("numFmtId", "formatCode"),
    "comment": ("ref", "authorId"),
    "dimension": ("ref",),
    "brk": (),
}
_ROOTS = {
    "worksheet": "worksheet", "chartsheet": "chartsheet", "styles": "styleSheet", "sharedStrings": "sst",
    "table": "table", "comments": "comments", "officeDocument": "workbook", "calcChain": "calcChain",
}  # fmt: skip


_IN_ROWS = frozenset(("row", "c", "f"))  # read with the grid; elsewhere other elements are called so
_KNOWN_ROOTS = frozenset(_ROOTS.values()) - {"calcChain"}


def schema_of(part: str, root: Element) -> Iterator[Fault]:
    """Every element of the main namespace stands in its place, with its own attributes."""
    if local(root) not in _KNOWN_ROOTS:
        return
    for element in root.iter(f"{{{MAIN}}}*", f"{{{STRICT_MAIN}}}*"):
        yield from _element(part, element)


def _element(part: str, element: Element) -> Iterator[Fault]:
    name = local(element)
    order = CHILDREN.get(name)
    if order is not None:
        yield from _children(part, element, order)
    known = ATTRIBUTES.get(name)
    if known is not None and name not in _IN_ROWS:
        yield from attributes_of(part, name, element.keys(), known)
        yield from (
            MISSING_ATTRIBUTE.at(part, f"{name} {needed}", element.get("ref") or element.get("sqref") or "")
            for needed in _NEEDED.get(name, ())
            if element.get(needed) is None
        )


def attributes_of(part: str, name: str, found: Iterable[str], known: frozenset[str]) -> Iterator[Fault]:
    """Attributes without a namespace are the element's own."""
    yield from (ATTRIBUTE.at(part, f"{name} {one}") for one in found if one not in known and one[0] != "{")


def _children(part: str, element: Element, order: dict[str, tuple[int, bool]]) -> Iterator[Fault]:
    last = -1
    seen = set()
    for child in elements(element):
        name = local(child)
        if namespace(child) not in (MAIN, STRICT_MAIN):
            continue
        if name not in order:
            yield UNKNOWN.at(part, f"{local(element)}/{name}")
            continue
        place, many = order[name]
        if place < last:
            yield ORDER.at(part, f"{local(element)}/{name}")
        elif name in seen and not many:
            yield TWICE.at(part, f"{local(element)}/{name}")
        last = max(last, place)
        seen.add(name)


def roots(book: Book) -> Iterator[Fault]:
    """The root of a part is the one that its relationship asks for."""
    for source in ("", book.workbook, *(sheet.part for sheet in book.sheets if sheet.part)):
        for link in book.links(source):
            root = book.root(link.target) if link.kind in _ROOTS and not link.external else None
            if root is None:
                continue
            if local(root) != _ROOTS[link.kind] or namespace(root) not in (MAIN, STRICT_MAIN):
                yield ROOT.at(link.target, root.tag)
