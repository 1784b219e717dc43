"""Rules of drawings, pictures, charts, comments, VML and form controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, child, elements, flat, local, related, whole
from xlsales.workbook.lint.formulas import Known, formula_faults
from xlsales.workbook.lint.places import LAST_COLUMN, LAST_ROW, cell
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.sheet import Grid

rule = Group("drawings, comments, VML")
SHAPE_ID = rule(
    "shape-id-twice",
    N_("Excel offers to repair a drawing in which two shapes have one id, and drops shapes."),
    N_("Number the shapes of a drawing from 1."),
    "ECMA-376-1 part 1, 20.1.2.2.8 (id is unique)",
)
ANCHOR = rule(
    "drawing-anchor",
    N_("Excel offers to repair a drawing whose corner is no cell of a sheet, and drops the shape."),
    N_("Write rows and columns from 0 that a sheet has."),
    "ECMA-376-1 part 1, 20.5.2.5, 20.5.2.15",
)
IMAGE = rule(
    "image-type",
    N_("Excel shows a red cross in the place of a picture whose bytes are none."),
    N_("Store the bytes of a PNG, JPEG, GIF, BMP, TIFF, EMF or WMF picture."),
    "openxml-audit; ECMA-376-1 part 1, 15.2.14",
)
CHART = rule(
    "chart-reference",
    N_("Excel offers to repair a chart whose formula it cannot read, and drops the chart."),
    N_("Write ranges of sheets that exist into c:f."),
    "ECMA-376-1 part 1, 21.2.2.65",
)
AUTHOR = rule(
    "comment-author",
    N_("Excel offers to repair comments whose author does not exist, and drops them."),
    N_("Write authorId below the count of authors."),
    "ECMA-376-1 part 1, 18.7.3",
)
COMMENT_TWICE = rule(
    "comment-twice",
    N_("Excel offers to repair a cell with two comments and drops one of them."),
    N_("Join the two."),
    "ECMA-376-1 part 1, 18.7.3; seen in no file that Excel saved",
)
COMMENT_CELL = rule(
    "comment-cell",
    N_("Excel offers to repair a comment on a cell that no sheet has, and drops it."),
    N_("Write the cell's address into ref."),
    "ECMA-376-1 part 1, 18.7.3",
)
COMMENT_SHAPE = rule(
    "comment-without-shape",
    N_("Excel shows no comment that has no shape in the sheet's VML drawing, and drops it when it saves."),
    N_("Write the shape, and the sheet's legacyDrawing with its relationship."),
    "ECMA-376-1 part 1, 18.3.1.51, 18.7; seen so in every file that Excel saved",
)
PERSON = rule(
    "threaded-comment-person",
    N_("Excel offers to repair a threaded comment by nobody in xl/persons, and drops the conversation."),
    N_("Write the person, or the id of one who is there."),
    "[MS-XLSX], CT_ThreadedComment (personId)",
)
VML = rule(
    "vml-shape-id",
    N_("Excel offers to repair a VML drawing in which two shapes have one id, and drops comments or controls."),
    N_("Give each v:shape an id of its own."),
    "ECMA-376-1 part 4, VML (shape ids); office-kit/xlsx#108",
)
CONTROL = rule(
    "control-shape",
    N_("Excel offers to repair a form control whose shape is not in the sheet's VML drawing, and drops it."),
    N_("Keep legacyDrawing, its relationship and the shape that shapeId names."),
    "ECMA-376-1 part 1, 18.3.1.19; office-kit/xlsx#108",
)
SHEET_DRAWING = rule(
    "drawing-relationship",
    N_("Excel drops a drawing whose relationship is of another kind, and offers to repair."),
    N_("Let drawing lead to a drawing, legacyDrawing to VML, picture to an image."),
    "ECMA-376-1 part 1, 18.3.1.36, 18.3.1.51",
)

# Excel looks at the bytes, not at the extension: a JPEG called .png is shown.
_ANY_IMAGE = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*",
    b"\x01\0\0\0", b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0", b"\x02\0\x09\0", b"\x1f\x8b",
)  # fmt: skip
_TYPES = ("image/jpg", "image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/x-emf", "image/x-wmf")
_KINDS = {"drawing": "drawing", "legacyDrawing": "vmlDrawing", "legacyDrawingHF": "vmlDrawing", "picture": "image"}


def images(book: Book) -> Iterator[Fault]:
    """Pictures are what they say."""
    for name, content in book.parts.items():
        is_image = book.content_type(name) in _TYPES
        if is_image and not name.startswith("docProps/") and not content.startswith(_ANY_IMAGE):
            yield IMAGE.at(name, content[:8].hex(" "))


def drawings(book: Book) -> Iterator[Fault]:
    """Shapes and their places in every drawing."""
    for part in book.parts:
        if (book.content_type(part) or "").endswith("drawing+xml"):
            root = book.root(part)
            if root is not None:
                yield from _drawing(part, root)


def _drawing(part: str, root: Element) -> Iterator[Fault]:
    seen: set[str] = set()
    for anchor in elements(root):
        ids = {one.get("id", "") for one in anchor.iter("{*}cNvPr")}
        for identifier in sorted((ids & seen) - {"0", ""}):
            yield SHAPE_ID.at(part, identifier)
        seen |= ids
        for corner in elements(anchor):
            if local(corner) not in ("from", "to"):
                continue
            place = {local(one): whole(one.text) for one in elements(corner)}
            row, column = place.get("row"), place.get("col")
            if row is None or column is None or not (0 <= row <= LAST_ROW and 0 <= column <= LAST_COLUMN):
                yield ANCHOR.at(part, f"{local(corner)} {place}")


def charts(book: Book, known: Known) -> Iterator[Fault]:
    """The ranges that charts show can be read."""
    for part in book.parts:
        if not (book.content_type(part) or "").endswith("drawingml.chart+xml"):
            continue
        root = book.root(part)
        for one in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}f") if root is not None else ():
            text = one.text or ""
            text = text[1:-1] if text.startswith("(") and text.endswith(")") else text
            for _fault in formula_faults(known, part, text, "", shows_error=True):
                yield CHART.at(part, text)
                break


def of_sheet(book: Book, grid: Grid, root: Element) -> Iterator[Fault]:
    """Comments, VML and controls of one sheet."""
    part = grid.entry.part or ""
    links = {link.id: link for link in book.links(part)}
    for one in flat(root):
        link = links.get(related(one) or "")
        if local(one) in _KINDS and link is not None and link.kind != _KINDS[local(one)]:
            yield SHEET_DRAWING.at(part, f"{local(one)}: {link.kind}", grid.entry.name)
    legacy = next((links.get(related(one) or "") for one in flat(root) if local(one) == "legacyDrawing"), None)
    vml = book.root(legacy.target) if legacy is not None else None
    shapes = list(_shapes(vml))
    names = Counter(shape.get("id", "") for shape in shapes if shape.get("id"))
    for name in (name for name, count in names.items() if count > 1):
        yield VML.at(legacy.target if legacy else part, name, grid.entry.name)
    notes = {(row, column) for shape in shapes for row, column in _noted(shape)}
    unread = legacy is not None and vml is None
    for link in links.values():
        if link.kind == "comments" and not link.external:
            yield from _comments(book, grid, link.target, None if unread else notes)
        elif link.kind == "threadedComment":
            yield from _threads(book, grid, link.target)
    if not unread:
        yield from _controls(part, grid, root, set(_numbers(shapes)))


def _shapes(vml: Element | None) -> Iterator[Element]:
    if vml is not None:
        yield from vml.iter("{urn:schemas-microsoft-com:vml}*")


def _numbers(shapes: list[Element]) -> Iterator[str]:
    """The numbers by which controls name shapes: of their ids, or of what Office calls them."""
    for shape in shapes:
        for name in (shape.get("id", ""), shape.get("{urn:schemas-microsoft-com:office:office}spid", "")):
            yield name.rpartition("_s")[2]


def _noted(shape: Element) -> Iterator[tuple[int, int]]:
    for data in elements(shape):
        if local(data) == "ClientData" and data.get("ObjectType") == "Note":
            place = {local(one): whole(one.text) for one in elements(data)}
            row, column = place.get("Row"), place.get("Column")
            if row is not None and column is not None:
                yield row + 1, column + 1


def _comments(book: Book, grid: Grid, part: str, notes: set[tuple[int, int]] | None) -> Iterator[Fault]:
    root = book.root(part)
    authors = sum(1 for _author in child(root, "authors"))
    seen = set()
    for one in child(root, "commentList"):
        address = one.get("ref", "")
        place, author = cell(address), whole(one.get("authorId"))
        if place is None:
            yield COMMENT_CELL.at(part, address, grid.entry.name)
            continue
        if author is None or not 0 <= author < authors:
            yield AUTHOR.at(part, one.get("authorId"), grid.where(address))
        if place in seen:
            yield COMMENT_TWICE.at(part, "", grid.where(address))
        elif notes is not None and place not in notes:
            yield COMMENT_SHAPE.at(part, "", grid.where(address))
        seen.add(place)


def _threads(book: Book, grid: Grid, part: str) -> Iterator[Fault]:
    people = {
        person.get("id", "").upper()
        for link in book.links(book.workbook)
        if link.kind == "person" and not link.external
        for person in elements(book.root(link.target))
    }
    for one in elements(book.root(part)):
        if local(one) == "threadedComment" and one.get("personId", "").upper() not in people:
            yield PERSON.at(part, one.get("personId"), grid.where(one.get("ref", "")))


def _controls(part: str, grid: Grid, root: Element, shapes: set[str]) -> Iterator[Fault]:
    told = set()
    for one in root.iter("{*}control"):
        shape = one.get("shapeId")
        if shape is not None and shape not in shapes and shape not in told:
            told.add(shape)
            yield CONTROL.at(part, shape, grid.entry.name)
