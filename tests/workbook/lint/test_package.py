"""The zip and the package: what Excel refuses before it looks at a cell."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import pytest

from tests.package_edit import TYPES, PackageEdit
from tests.workbook.lint.crafted import Changed, Crafted, assert_told, cases, edited
from tests.workbook.lint.sound import CHAIN, sound
from xlsales.workbook.lint import Unreadable, archive, book, check

ROOT, LINKS, STYLES, STRINGS = "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"


def rezipped(
    content: bytes, *more: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, of_more: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """The same parts, and some more, in a zip of Python's."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, part in more:
            new.writestr(name, part, of_more)
    return target.getvalue()


def twin(content: bytes) -> bytes:
    """A member of the name of another."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        return rezipped(content, (SHEET, b"<x/>"))


def zip64(content: bytes) -> bytes:
    """A member whose sizes stand in zip64's field though they are small."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=name == SHEET) as member:
                member.write(old.read(name))
    return target.getvalue()


def described(content: bytes) -> bytes:
    """Stored members with their sizes behind them, as a stream that cannot go back writes them."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.written += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    target = Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return bytes(target.written)


def patched(content: bytes, name: str, local: int, central: int, value: bytes) -> bytes:
    """Other bytes in the two headers of a member: at this place of each, or in one alone where it is negative."""
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        header = found.getinfo(name).header_offset
    changed = bytearray(content)
    listed = content.index(b"PK\x01\x02")
    while content[listed + 46 : listed + 46 + len(name)] != name.encode():
        listed = content.index(b"PK\x01\x02", listed + 1)
    for start, place in ((header, local), (listed, central)):
        if place >= 0:
            changed[start + place : start + place + len(value)] = value
    return bytes(changed)


def damaged(content: bytes) -> bytes:
    """One bit of a stored member flipped."""
    stored = rezipped(content, method=zipfile.ZIP_STORED)
    place = stored.index(b"<sst ")
    return stored[: place + 1] + bytes([stored[place + 1] ^ 1]) + stored[place + 2 :]


def named(content: bytes, name: str) -> bytes:
    """A part of a strange name, which nothing leads to."""
    return rezipped(content, (name, b"<x/>"))


def linked(content: bytes) -> bytes:
    """A symbolic link as a member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        link = zipfile.ZipInfo("xl/link.xml")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        new.writestr(link, "/etc/passwd")
    return target.getvalue()


def utf16(content: bytes) -> bytes:
    """A part in UTF-16, which Excel reads as well."""
    edit = PackageEdit(content)
    edit.parts[STRINGS] = edit.text(STRINGS).replace("UTF-8", "UTF-16").encode("utf-16")
    return edit.close()


_UNLED = ("unreached-part",)
_TYPELESS = '<Default Extension="png"[^>]*>'


@cases(
    Changed("duplicate-member", "two members of one name", twin),
    Changed(
        "case-twin-member",
        "two members alike but for letter case",
        lambda whole: rezipped(whole, ("XL/Worksheets/Sheet1.xml", b"<x/>")),
        _UNLED,
    ),
    Changed("member-name", "backslashes", lambda whole: named(whole, "xl\\more.xml"), _UNLED),
    Changed("member-name", "absolute name", lambda whole: named(whole, "/xl/more.xml"), _UNLED),
    Changed("member-name", "way out of the package", lambda whole: named(whole, "../more.xml"), _UNLED),
    Changed("member-name", "drive letter", lambda whole: named(whole, "C:/more.xml"), _UNLED),
    Changed("bytes-before-zip", "bytes before the zip", lambda whole: b"\r\n" + whole),
    Changed("bytes-after-zip", "bytes after the zip", lambda whole: whole + b"<!-- scanned -->"),
    Changed("zip64", "zip64 for small parts", zip64, told=SHEET),
    Changed("data-descriptor", "stored, with the size behind it", described),
    Changed(
        "compression-method",
        "bzip2",
        lambda whole: rezipped(whole, ("xl/more.xml", b"<x/>" * 99), of_more=zipfile.ZIP_BZIP2),
    ),
    Changed(
        "encrypted-member",
        "member with a password",
        lambda whole: patched(whole, "docProps/app.xml", 6, 8, b"\x01\x00"),
        ("content-type-of-nothing", "missing-target"),
    ),
    Changed("bad-crc", "one bit flipped", damaged, ("malformed-xml",)),
    Changed("bad-crc", "another checksum", lambda whole: patched(whole, STRINGS, 14, 16, b"\1\2\3\4"), told=STRINGS),
    Changed("local-header", "another name before the part", lambda whole: patched(whole, SHEET, 30, -1, b"xx")),
    Changed("local-header", "another size before the part", lambda whole: patched(whole, SHEET, 22, -1, b"\1\0\0\0")),
    Changed("link-member", "symbolic link", linked, (*_UNLED, "malformed-xml")),
)
def test_a_zip_that_excel_does_not_read_is_told(crafted: Changed) -> None:
    assert_told(crafted)


@cases(
    Changed("no-content-types", "no content types", edited(lambda edit: edit.parts.pop(TYPES))),
    Crafted("part-without-content-type", "extension of no type", TYPES, _TYPELESS, ""),
    Crafted(
        "part-without-content-type",
        "macro-like part of no type",
        TYPES,
        '<Default Extension="vml"[^>]*>',
        "",
    ),
    Crafted("content-type-twice", "override twice", TYPES, f'(<Override PartName="/{STYLES}"[^>]*>)', r"\1\1"),
    Crafted("content-type-twice", "extension twice", TYPES, f"({_TYPELESS})", r"\1\1"),
    Crafted(
        "content-type-of-nothing",
        "type of a lost part",
        TYPES,
        "</Types>",
        '<Override PartName="/xl/lost.xml" ContentType="application/xml"/></Types>',
    ),
    Crafted("content-type-of-another-kind", "styles called a sheet", TYPES, r"styles\+xml", "worksheet+xml"),
    Crafted("content-type-of-another-kind", "workbook called a drawing", TYPES, r"sheet\.main\+xml", "drawing+xml"),
    Changed("kind-against-extension", ".xlsx called .xlsm", lambda whole: whole, name="Book.xlsm"),
    Changed("kind-against-extension", ".xlsx called .xlam", lambda whole: whole, name="Book.xlam"),
    Crafted(
        "kind-against-extension",
        ".xlsm called .xlsx",
        TYPES,
        r"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main\+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ),
    Crafted(
        "no-workbook",
        "package without a workbook",
        ROOT,
        "xl/workbook.xml",
        "xl/book.xml",
        ("missing-target", "unreached-part"),
    ),
    Crafted("missing-target", "chart gone", "xl/drawings/_rels/drawing1.xml.rels", "chart1.xml", "chart9.xml", _UNLED),
    Crafted(
        "relationship-id-twice",
        "one id twice",
        LINKS,
        'Id="rId6"',
        'Id="rId7"',
    ),
    Crafted("relationship-id", "id that is a number", LINKS, 'Id="rId5"', 'Id="5"'),
    Crafted(
        "dangling-relationship-id",
        "drawing without a relationship",
        "Look",
        '<drawing r:id="rId1"/>',
        '<drawing r:id="rId9"/>',
    ),
    Crafted(
        "dangling-relationship-id",
        "picture without a relationship",
        "xl/drawings/drawing1.xml",
        'r:embed="rId1"',
        'r:embed="rId9"',
    ),
    Crafted(
        "dangling-relationship-id",
        "printer settings dropped, their id kept",
        "Data",
        '<pageSetup scale="80"',
        '<pageSetup r:id="rId77" scale="80"',
    ),
    Crafted(
        "dangling-relationship-id",
        "link without a relationship",
        "Data",
        'ref="A8" r:id="rId1"',
        'ref="A8" r:id="rId99"',
    ),
    Changed(
        "relationships-of-nothing",
        "relationships of a lost part",
        edited(lambda edit: edit.parts.update({"xl/worksheets/_rels/sheet9.xml.rels": edit.parts[ROOT]})),
    ),
    Changed(
        "unreached-part",
        "part that nothing leads to",
        edited(lambda edit: edit.add("xl/lost.xml", "<x/>", "application/xml")),
        told="xl/lost.xml",
    ),
    Crafted(
        "address-as-part",
        "link that is not called external",
        "xl/worksheets/_rels/sheet1.xml.rels",
        ' TargetMode="External"',
        "",
    ),
)
def test_a_package_that_excel_does_not_read_is_told(crafted: Crafted | Changed) -> None:
    assert_told(crafted)


@cases(
    Crafted("malformed-xml", "tag not closed", "Calc", "</sheetData>", ""),
    Crafted("malformed-xml", "prefix not declared", "Look", "<sheetData/>", "<sheetData/><zz:more/>"),
    Crafted("malformed-xml", "ampersand not escaped", STRINGS, "<t>here", "<t>R&D here"),
    Crafted("malformed-xml", "control character", STRINGS, "<t>here", "<t>\x0bhere", told=STRINGS),
    Crafted("malformed-xml", "reference to a control character", STRINGS, "<t>here", "<t>&#11;here"),
    Crafted("malformed-xml", "unpaired surrogate", STRINGS, "<t>here", "<t>\ud83dhere"),
    Crafted("malformed-xml", "U+FFFE", STRINGS, "<t>here", "<t>\ufffehere"),
    Crafted("malformed-xml", "VML that is cut off", "xl/drawings/vmlDrawing2.vml", "</xml>", ""),
    Crafted(
        "malformed-xml",
        "thousands of attributes",
        "Calc",
        "<pageMargins ",
        "<pageMargins " + "".join(f'attribute{number}="1" ' for number in range(2_000)),
        told="2,006 attributes",
    ),
    Crafted("malformed-xml", "attribute twice", "Calc", '<c r="A1">', '<c r="A1" r="A1">'),
    Crafted("malformed-xml", "empty part", STYLES, ".*", ""),
    Crafted("document-type", "document type in a sheet", "Calc", "<worksheet", "<!DOCTYPE worksheet><worksheet"),
    Crafted(
        "document-type",
        "entities that grow",
        STRINGS,
        "<sst",
        '<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst',
    ),
    Crafted("document-type", "document type in VML", "xl/drawings/vmlDrawing1.vml", "<xml", "<!DOCTYPE xml><xml"),
    Crafted("xml-encoding", "Windows code page", "docProps/app.xml", "UTF-8", "windows-1251"),
    Crafted("ignorable-prefix", "prefix ignored, not declared", "Look", 'Ignorable="x14ac"', 'Ignorable="x14ac xr9"'),
    Crafted(
        "required-prefix",
        "prefix required, not declared",
        "Look",
        "<sheetData/>",
        '<sheetData/><mc:AlternateContent><mc:Choice Requires="zz9"/></mc:AlternateContent>',
    ),
)
def test_xml_that_excel_does_not_read_is_told(crafted: Crafted | Changed) -> None:
    assert_told(crafted)


def test_utf_16_is_read() -> None:
    assert check(utf16(sound()), "Book.xlsx").is_sound


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It is empty."),
        (b"name;amount\n1;2\n", "not a zip archive"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "Excel 97–2003"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "a password"),
        (b"PK\x05\x06" + bytes(18), "without a file"),
        (sound()[: len(sound()) // 2], "not all of one"),
    ],
)
def test_what_is_no_workbook_is_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        check(content, "Book.xlsx")


def test_a_word_document_and_another_zip_are_unreadable() -> None:
    edit = PackageEdit(sound())
    types = edit.text(TYPES).replace("spreadsheetml.sheet.main+xml", "wordprocessingml.document.main+xml")
    edit.parts[TYPES] = types.encode()
    with pytest.raises(Unreadable, match="no workbook"):
        check(edit.close(), "Book.xlsx")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as other:
        other.writestr("readme.txt", "x")
    with pytest.raises(Unreadable, match="no workbook"):
        check(target.getvalue(), "Book.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = rezipped(sound(), ("xl/bomb.xml", bytes(8 << 20)))
    with pytest.raises(Unreadable, match=r"xl/bomb\.xml is .* times larger"):
        check(bomb, "Book.xlsx")


def test_more_parts_than_any_workbook_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 5)
    with pytest.raises(Unreadable, match="more than 5 parts"):
        check(sound(), "Book.xlsx")


def test_parts_larger_than_any_of_excels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_PART", 5_000)
    with pytest.raises(Unreadable, match="takes more than 5,000 bytes"):
        check(sound(), "Book.xlsx")
    monkeypatch.setattr(archive, "LARGEST_PART", 1 << 20)
    monkeypatch.setattr(archive, "LARGEST_PACKAGE", 9_000)
    with pytest.raises(Unreadable, match="more than 9,000 bytes"):
        check(sound(), "Book.xlsx")


def test_more_elements_than_fit_into_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_TAGS", 100)
    with pytest.raises(Unreadable, match="has more than 50 elements"):
        check(sound(), "Book.xlsx")


def test_a_lying_central_directory_does_not_unpack_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small size in the list, and a large part behind it."""
    monkeypatch.setattr(archive, "LARGEST_PART", 100_000)
    bomb = rezipped(sound(), ("xl/bomb.xml", bytes(200_000)))
    lying = patched(bomb, "xl/bomb.xml", 22, 24, struct.pack("<I", 10))
    assert zlib.crc32(lying) != zlib.crc32(bomb)
    with pytest.raises(Unreadable, match="takes more than 100,000 bytes"):
        check(lying, "Book.xlsx")


def test_a_missing_calculation_chain_is_no_fault() -> None:
    edit = PackageEdit(sound())
    del edit.parts[CHAIN]
    for part, pattern in ((TYPES, f'<Override PartName="/{CHAIN}"[^>]*>'), (LINKS, '<Relationship Id="rId9"[^>]*>')):
        edit.parts[part] = re.sub(pattern, "", edit.text(part)).encode()
    assert check(edit.close(), "Book.xlsx").is_sound
