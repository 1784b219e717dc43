"""What XlsxWriter does not write and openpyxl loses is in the workbook, where Excel looks for it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from lxml import etree

from xlsales.batch import openpyxl_writer
from xlsales.workbook import extensions, package, template
from xlsales.workbook.parts import CONTENT_TYPES, parse, targets

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
GROUPS = '<functionGroups builtInGroupCount="19"><functionGroup name="Ours"/></functionGroups>'
PLAIN = '<ext uri="{A}" xmlns:x="urn:x"><x:feature name="ours"/></ext>'
LINKED = (
    '<ext uri="{B}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:x="urn:x">'
    '<x:caches><x:cache r:id="rId9"/></x:caches></ext>'
)
SIGNATURE = "xl/vbaProjectSignature.bin"
SIGNED = f"""\
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" \
Type="http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature" Target="{SIGNATURE[3:]}"/>\
</Relationships>""".encode()
SIGNATURE_TYPE = "application/vnd.ms-office.vbaProjectSignature"
OLD_RIBBON = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"


def workbook(inner: str) -> bytes:
    return f"<workbook {MAIN}>{inner}</workbook>".encode()


def order(part: bytes) -> list[str]:
    return [etree.QName(child).localname for child in parse(part)]


@pytest.mark.parametrize(
    ("kept", "original", "found"),
    [
        (
            "<sheets/><definedNames/><calcPr/>",
            f"<sheets/>{GROUPS}",
            ["sheets", "functionGroups", "definedNames", "calcPr"],
        ),
        (f"<sheets/>{GROUPS}<calcPr/>", f"<sheets/>{GROUPS}", ["sheets", "functionGroups", "calcPr"]),
        ("<sheets/><calcPr/>", f"<sheets/><extLst>{PLAIN}</extLst>", ["sheets", "calcPr", "extLst"]),
        ("<sheets/><calcPr/>", f"<sheets/><extLst>{LINKED}</extLst>", ["sheets", "calcPr"]),
        ("<sheets/><calcPr/>", "<sheets/><calcPr/>", ["sheets", "calcPr"]),
    ],
)
def test_lost_elements_come_back_in_the_schemas_order(kept: str, original: str, found: list[str]) -> None:
    parts = {
        extensions.WORKBOOK: workbook(kept),
        "_rels/.rels": b"<Relationships/>",
        CONTENT_TYPES: b"<Types/>",
    }
    extensions.put_back(parts, {**parts, extensions.WORKBOOK: workbook(original)})
    assert order(parts[extensions.WORKBOOK]) == found


def test_extension_without_links_comes_back_whole_beside_others() -> None:
    parts = {
        extensions.WORKBOOK: workbook('<sheets/><extLst><ext uri="{C}"/></extLst>'),
        "_rels/.rels": b"<Relationships/>",
        CONTENT_TYPES: b"<Types/>",
    }
    extensions.put_back(parts, {**parts, extensions.WORKBOOK: workbook(f"<sheets/><extLst>{LINKED}{PLAIN}</extLst>")})
    listed = parse(parts[extensions.WORKBOOK]).find("{*}extLst")
    assert [extension.get("uri") for extension in listed] == ["{C}", "{A}"]
    assert [feature.get("name") for feature in listed.iter("{urn:x}feature")] == ["ours"]


@pytest.fixture(scope="module")
def signed_template() -> dict[str, bytes]:
    """A macro-enabled workbook with a signature, and a ribbon for Excel 2007 beside the newer one, with a picture."""
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    parts = package.read(made.getvalue())
    types = parts[CONTENT_TYPES].replace(package.MAIN_XLSX, package.MAIN_XLSM)
    more = (
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/{SIGNATURE}" ContentType="{SIGNATURE_TYPE}"/></Types>'
    )
    parts[CONTENT_TYPES] = types.replace(b"</Types>", more.encode())
    parts[package.VBA_PROJECT] = b"project"
    parts[SIGNATURE], parts["xl/_rels/vbaProject.bin.rels"] = b"signature", SIGNED
    parts["customUI/images/logo.png"] = b"picture"
    extensions.put_ribbon(parts, "customUI/customUI14.xml", b"<new/>")
    links = parts["_rels/.rels"].replace(b"</Relationships>", b"")
    old = f'<Relationship Id="custom" Type="{OLD_RIBBON}" Target="/customUI/customUI.xml"/></Relationships>'
    parts["_rels/.rels"], parts["customUI/customUI.xml"] = links + old.encode(), b"<old/>"
    return parts


def test_filled_workbook_keeps_project_signature_and_ribbons(signed_template: dict[str, bytes]) -> None:
    content = package.write(signed_template)
    written = package.read(openpyxl_writer.write(template.parse(content, "signed.xlsm"), {}, [], {}))
    kept = [n for n in signed_template if n.startswith(("customUI", "xl/vba", "xl/_rels/vba"))]
    assert {name: written.get(name) for name in kept} == {name: signed_template[name] for name in kept}
    links = sorted((kind, name) for kind, name in targets(written, "").values() if name.startswith("customUI"))
    assert links == [(OLD_RIBBON, "customUI/customUI.xml"), (extensions.RIBBON, "customUI/customUI14.xml")]
    identifiers = [link.get("Id") for link in parse(written["_rels/.rels"])]
    assert len(set(identifiers)) == len(identifiers)
    types = {child.get("PartName") or child.get("Extension"): child for child in parse(written[CONTENT_TYPES])}
    assert types[f"/{SIGNATURE}"].get("ContentType") == SIGNATURE_TYPE
    assert types["/xl/workbook.xml"].get("ContentType").encode() == package.MAIN_XLSM
    assert [name for name in types if not name.startswith("/")] == ["bin", "png", "rels", "xml"]


def test_order_of_the_parts_is_no_accident(signed_template: dict[str, bytes]) -> None:
    content = openpyxl_writer.write(template.parse(package.write(signed_template), "signed.xlsm"), {}, [], {})
    names = list(package.read(content))
    assert names == [CONTENT_TYPES, *sorted(names[1:])]


def test_ribbon_gets_a_link_of_its_own() -> None:
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    taken = '<Relationship Id="rId1" Type="x" Target="a"/><Relationship Id="rId3" Type="x" Target="b"/>'
    parts = {"_rels/.rels": links.format(taken).encode()}
    extensions.put_ribbon(parts, "customUI/customUI14.xml", b"<customUI/>")
    assert targets(parts, "")["rId2"] == (extensions.RIBBON, "customUI/customUI14.xml")
    assert parts["customUI/customUI14.xml"] == b"<customUI/>"
