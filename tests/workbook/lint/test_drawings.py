"""Pictures, charts, comments and controls that Excel drops."""

from __future__ import annotations

from tests.foreign_parts import COMMENT_SHAPE, PERSON, THREADED_COMMENT
from tests.package_edit import WORKBOOK, PackageEdit
from tests.workbook.lint.crafted import Changed, Crafted, assert_told, cases, edited

DRAWING, CHART, NOTES = "xl/drawings/drawing1.xml", "xl/charts/chart1.xml", "xl/comments1.xml"
SHAPES = "xl/drawings/vmlDrawing2.vml"
_TYPES = "application/vnd.ms-excel"
_MICROSOFT = "http://schemas.microsoft.com/office"


def threads(person: bool) -> Changed:
    """A threaded comment, by somebody or by nobody."""

    def change(edit: PackageEdit) -> None:
        edit.add("xl/threadedComments/threadedComment1.xml", THREADED_COMMENT, f"{_TYPES}.threadedcomments+xml")
        kind = f"{_MICROSOFT}/2017/10/relationships/threadedComment"
        edit.link(edit.sheet("Other sheet"), kind, "xl/threadedComments/threadedComment1.xml")
        if person:
            edit.add("xl/persons/person.xml", PERSON, f"{_TYPES}.person+xml")
            edit.link(WORKBOOK, f"{_MICROSOFT}/2017/10/relationships/person", "xl/persons/person.xml")

    return Changed("threaded-comment-person", "comment by nobody", edited(change), told="C7")


def _control(edit: PackageEdit) -> None:
    edit.add("xl/ctrlProps/ctrlProp1.xml", "<formControlPr/>", f"{_TYPES}.controlproperties+xml")
    identifier = edit.link(edit.sheet("Other sheet"), "ctrlProp", "xl/ctrlProps/ctrlProp1.xml")
    edit.into_sheet(
        "Other sheet", "controls", f'<controls><control shapeId="1099" r:id="{identifier}" name="Go"/></controls>'
    )


@cases(
    Crafted("shape-id-twice", "two shapes of one id", DRAWING, 'cNvPr id="3"', 'cNvPr id="2"'),
    Crafted("drawing-anchor", "column that no sheet has", DRAWING, "<xdr:col>9<", "<xdr:col>99999<"),
    Crafted("drawing-anchor", "row above the first", DRAWING, "<xdr:row>14<", "<xdr:row>-1<"),
    Crafted("drawing-anchor", "corner without a column", DRAWING, "<xdr:col>9</xdr:col>", ""),
    Changed(
        "image-type", "text as a picture", edited(lambda edit: edit.parts.update({"xl/media/image1.png": b"<svg/>"}))
    ),
    Crafted("chart-reference", "sheet that is gone", CHART, r"Calc!\$A\$1:\$A\$3", "Gone!$A$1:$A$3"),
    Crafted("chart-reference", "formula that cannot be read", CHART, r"Calc!\$A\$1:\$A\$3", "Calc!$A$1:"),
    Crafted(
        "comment-author",
        "author that does not exist",
        NOTES,
        'ref="B2" authorId="1"',
        'ref="B2" authorId="2"',
        told="Other sheet!B2",
    ),
    Crafted("comment-twice", "two comments on one cell", NOTES, 'ref="B2"', 'ref="A1"', told="Other sheet!A1"),
    Crafted("comment-cell", "comment on no cell", NOTES, 'ref="B2"', 'ref="B0"'),
    Crafted("comment-without-shape", "comment without a shape", NOTES, 'ref="B2"', 'ref="B3"', told="Other sheet!B3"),
    Crafted("comment-without-shape", "no VML drawing", "Other sheet", '<legacyDrawing r:id="rId1"/>', ""),
    Crafted("vml-shape-id", "two shapes of one id", SHAPES, 'id="_x0000_s2050"', 'id="_x0000_s2049"'),
    Crafted(
        "drawing-relationship", "drawing that leads to VML", "Look", '<drawing r:id="rId1"/>', '<drawing r:id="rId2"/>'
    ),
    Changed("control-shape", "control without a shape", edited(_control)),
    threads(person=False),
)
def test_what_excel_drops_is_told(crafted: Crafted | Changed) -> None:
    assert_told(crafted)


def test_a_threaded_comment_by_somebody_is_sound() -> None:
    from xlsales.workbook.lint import check

    assert "Note" in COMMENT_SHAPE
    assert check(threads(person=True).broken(), "Book.xlsx").faults == ()


def test_vml_as_excel_writes_it_is_read() -> None:
    """Excel leaves the line break of HTML open."""
    from xlsales.workbook.lint import check

    crafted = Crafted("", "", SHAPES, "<div style", "<br><div style")
    assert check(crafted.broken(), "Book.xlsx").faults == ()
