"""One opener for every workbook: what no Excel saved is refused in one line, by whatever reads it, before it costs."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from xlsales.errors import InputError
from xlsales.lambdas.embed import embedded
from xlsales.lambdas.files import embed
from xlsales.recalc import recalculated
from xlsales.tables.source import read_tables
from xlsales.workbook import limits, lint, opening
from xlsales.workbook.parts import relationships_of
from xlsales.workbook.template import read

SHEET = "xl/worksheets/sheet1.xml"


def plain() -> dict[str, bytes]:
    """The parts of a workbook that is one sheet of territories."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "territories"
    workbook.active.append(["territory_id", "territory_name", "currency"])
    workbook.active.append(["T1", "North", "EUR"])
    workbook.active["E1"] = "=1+1"
    saved = io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes], *more: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*parts.items(), *more):
            archive.writestr(name, content)
    return saved.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    parts = plain()
    return zipped({**parts, SHEET: change(parts[SHEET])})


def before_end(more: bytes) -> bytes:
    return with_sheet(lambda sheet: sheet.replace(b"</worksheet>", more + b"</worksheet>"))


def in_front(declaration: bytes) -> bytes:
    return with_sheet(lambda sheet: declaration + re.sub(rb"\A<\?xml.*?\?>", b"", sheet))


def of_link() -> bytes:
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    return zipped(plain(), (link, b"/etc/passwd"))


def other_directory(field: int, size: int, value: int) -> bytes:
    """The directory says something else of the sheet than is true."""
    package = zipped(plain())
    entry = package.rindex(SHEET.encode()) - 46
    kind = {2: "<H", 4: "<I"}[size]
    return package[: entry + field] + struct.pack(kind, value) + package[entry + field + size :]


def led_to(part: str, content: bytes, kind: str, source: str = SHEET) -> bytes:
    """A workbook with one more part, and a relationship of this kind that leads to it."""
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    link = b'<Relationship Id="rId77" Type="%b%b" Target="/%b"/>' % (office, kind.encode(), part.encode())
    none = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    contents, holder = plain(), relationships_of(source)
    links = contents.get(holder, none).replace(b"</Relationships>", link + b"</Relationships>")
    return zipped({**contents, holder: links, part: content})


def sheet_called(part: str) -> bytes:
    """The sheet is a part that is called otherwise, and declares a document type."""
    contents = {name.replace(SHEET, part): content for name, content in plain().items()}
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        contents[name] = contents[name].replace(SHEET.encode(), part.encode())
    return zipped({**contents, part: LAUGHS + re.sub(rb"\A<\?xml.*?\?>", b"", contents[part])})


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_PRINTED = bytes(33 + one % 27 for one in range(256))
NOISE = random.Random(7).randbytes(2 << 20).translate(_PRINTED)  # does not deflate to nothing

HARM: dict[str, tuple[Callable[[], bytes], str]] = {
    "document type": (lambda: in_front(LAUGHS), "declares a document type"),
    "outer entity": (lambda: in_front(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "document type"),
    "document type after a comment": (lambda: in_front(b"<!-- --> <!DOCTYPE x []>"), "declares a document type"),
    "document type in UTF-16": (
        lambda: with_sheet(lambda sheet: (LAUGHS + re.sub(rb"\A<\?xml.*?\?>", b"", sheet)).decode().encode("utf-16")),
        "declares a document type",
    ),
    "UTF-32": (lambda: with_sheet(lambda sheet: sheet.decode().encode("utf-32")), "not written in UTF-8"),
    "UTF-7": (lambda: in_front(b'<?xml version="1.0" encoding="UTF-7"?>'), "not written in UTF-8"),
    "long attribute": (lambda: before_end(b'<a b="' + NOISE + b'"/>'), "longer than a million bytes"),
    "long attribute of greater-than signs": (lambda: before_end(b'<a b="' + b"> ;" * 500_000 + b'"/>'), "longer than"),
    "long comment": (lambda: before_end(b"<!--" + b"<a>b" * 400_000 + b"-->"), "longer than a million bytes"),
    "long characters": (lambda: before_end(b"<a><![CDATA[" + b"<a>b" * 400_000 + b"]]></a>"), "longer than"),
    "thousands of attributes": (
        lambda: before_end(b"<a " + b" ".join(b'b%d="1"' % one for one in range(2000)) + b"/>"),
        "more than 300 attributes",
    ),
    "millions of rows": (
        lambda: with_sheet(lambda sheet: sheet.replace(b"</sheetData>", b"<row/>" * 1_100_000 + b"</sheetData>")),
        "times larger|more rows than Excel has",
    ),
    "zip bomb": (lambda: zipped(plain(), ("xl/media/image1.png", bytes(8 << 20))), "times larger"),
    "bomb of content types": (
        lambda: zipped({**plain(), "[Content_Types].xml": plain()["[Content_Types].xml"] + b" " * (8 << 20)}),
        "times larger",
    ),
    "sheet called a picture": (lambda: sheet_called("xl/media/image1.svg"), "declares a document type"),
    "picture that is a sheet too": (
        lambda: led_to("xl/media/image1.svg", LAUGHS + b"<svg/>", "image", "xl/workbook.xml"),
        "declares a document type",
    ),
    "document type in data beside it": (
        lambda: led_to("customXml/item1.xml", LAUGHS + b"<a/>", "customXml", "xl/workbook.xml"),
        "declares a document type",
    ),
    "bomb of relationships": (
        lambda: zipped({**plain(), "xl/media/_rels/image1.png.rels": b"<a>" + b" " * (8 << 20)}),
        "times larger",
    ),
    "way out": (lambda: zipped(plain(), ("xl/../../evil.xml", b"<a/>")), "leads out of the workbook"),
    "absolute": (lambda: zipped(plain(), ("/etc/evil.xml", b"<a/>")), "leads out of the workbook"),
    "drive": (lambda: zipped(plain(), ("C:/evil.xml", b"<a/>")), "leads out of the workbook"),
    "case twin": (lambda: zipped(plain(), (SHEET.upper(), b"<a/>")), "two parts of the name"),
    "link": (of_link, "is a link to another file"),
    "size that lies small": (lambda: other_directory(24, 4, 100), "is damaged"),
    "size that lies large": (lambda: other_directory(24, 4, 200 << 20), "times larger"),
    "checksum": (lambda: other_directory(16, 4, 7), "is damaged"),
    "packed with a password": (lambda: other_directory(8, 2, 1), "encrypted or packed unusually"),
    "packed otherwise": (lambda: other_directory(10, 2, 12), "encrypted or packed unusually"),
    "offset": (lambda: other_directory(42, 4, 0x7FFFFFF0), "is not an Excel workbook"),
    "offset of another part": (lambda: other_directory(42, 4, 0), "is damaged|over one another"),
}


def of_tables(path: Path) -> None:
    read_tables(path)


def of_template(path: Path) -> None:
    read(path)


def of_recalc(path: Path) -> None:
    recalculated(path.read_bytes(), path.name)


def of_functions(path: Path) -> None:
    embedded(path.read_bytes(), path.name)


def of_file_with_functions(path: Path) -> None:
    embed(path, path.with_name("with functions.xlsx"))


READERS = (of_tables, of_template, of_recalc, of_functions)


@pytest.mark.unsound("made to harm")
@pytest.mark.parametrize("kind", HARM)
def test_what_may_do_harm_is_refused_in_one_line_by_every_reader(tmp_path: Path, kind: str) -> None:
    make, told = HARM[kind]
    path = tmp_path / "my book.xlsx"
    path.write_bytes(make())
    lines = set()
    for reader in READERS:
        with pytest.raises(InputError, match=told) as refused:
            reader(path)
        lines.add(str(refused.value))
    (line,) = lines  # the same words, whoever reads it
    assert line.startswith("my book.xlsx")
    assert "\n" not in line
    with suppress(lint.Unreadable):  # the linter tells what is wrong with the parts that it can read
        lint.check(path.read_bytes(), path.name)


@pytest.mark.unsound("a twin")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "my book.xlsx"
    path.write_bytes(zipped(plain(), (SHEET, b"<a/>")))
    for reader in READERS:
        with pytest.raises(InputError, match="two parts of the name"):
            reader(path)


@pytest.mark.unsound("files that are no workbook")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"a,b\r\n1,2\r\n", "it is a text file under another name"),
        (b"<html><table>", "it is a web page under another name"),
        (b"%PDF-1.7", "it is a PDF document"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage DRMEncryptedTransform".encode("utf-16-le"),
            "encrypted by rights management",
        ),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "Workbook\0".encode("utf-16-le"), "is an old .xls file"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "an OpenDocument spreadsheet"),
        (zipped({"[Content_Types].xml": b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"}), ".xlsb"),
        (zipped({"inside.xlsx": zipped(plain())}), "a zip archive without a workbook"),
    ],
)
def test_every_reader_calls_a_file_what_it_is(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "my book.xlsx"
    path.write_bytes(content)
    for reader in READERS:
        with pytest.raises(InputError, match=re.escape(told)):
            reader(path)


@pytest.mark.unsound("strict")
def test_strict_open_xml_is_called_so_where_it_cannot_be_read(tmp_path: Path) -> None:
    usual, strict = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    path = tmp_path / "my book.xlsx"
    path.write_bytes(zipped({name: part.replace(usual, strict) for name, part in plain().items()}))
    for reader in (of_tables, of_template, of_functions):
        with pytest.raises(InputError, match="Strict Open XML Spreadsheet"):
            reader(path)


def test_a_file_too_large_to_be_looked_at_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "USUAL", limits.Sizes(package=1 << 20))
    path = tmp_path / "my book.xlsx"
    path.write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(InputError, match="more than is read of a workbook"):
        opening.read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    pipe, device = tmp_path / "pipe.xlsx", tmp_path / "device.xlsx"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        for reader in (of_tables, of_template, of_file_with_functions, opening.bytes_of):
            with pytest.raises(InputError, match="is no ordinary file"):
                reader(path)
        with pytest.raises(lint.Unreadable, match="It is no ordinary file"):
            lint.check_file(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG <!DOCTYPE",
        b'<?xml version="1.0" encoding="utf-8"?><a>&lt;!DOCTYPE</a>',
        b"<a><![CDATA[<!DOCTYPE html>]]></a>",
        b'<?xml version="1.0"?><a b="' + b"A1:B2 " * 100_000 + b'"/>',
        "<a>ä</a>".encode("utf-16"),
        b"<a>" + b"<row/>" * 1_000_000 + b"</a>",
    ],
)
def test_what_workbooks_do_hold_is_no_harm(content: bytes) -> None:
    assert limits.harm_in(content) == ""


@pytest.mark.parametrize(
    ("part", "content", "kind", "source"),
    [
        ("xl/media/image1.svg", b"<!DOCTYPE svg><svg/>", "image", "xl/drawings/drawing1.xml"),
        ("xl/media/image1.svg", b'<svg><image href="data:%b"/></svg>' % NOISE, "image", "xl/drawings/drawing1.xml"),
        ("xl/media/image1.bmp", b"BM" + b"\xff" * (8 << 20), "image", "xl/drawings/drawing1.xml"),
        ("xl/embeddings/oleObject1.bin", bytes(8 << 20), "oleObject", SHEET),
        ("customXml/item1.xml", b"<DataMashup>%b</DataMashup>" % NOISE, "customXml", "xl/workbook.xml"),
        ("customXml/item1.xml", f"<DataMashup>{NOISE.decode()}</DataMashup>".encode("utf-16"), "customXml",
         "xl/workbook.xml"),
    ],
    ids=["svg with a document type", "svg with a photograph", "white bitmap", "blank object", "queries", "UTF-16"],
)  # fmt: skip
@pytest.mark.unsound("a part of no content type")
def test_pictures_objects_and_data_of_others_may_be_as_they_are(
    tmp_path: Path, part: str, content: bytes, kind: str, source: str
) -> None:
    package = led_to(part, content, kind, source)
    path = tmp_path / "my book.xlsx"
    path.write_bytes(package)
    of_tables(path)
    with pytest.raises(InputError, match="in_"):
        of_template(path)
    assert recalculated(package, "my book.xlsx").formulas == 1
    lint.check(package, "my book.xlsx")
