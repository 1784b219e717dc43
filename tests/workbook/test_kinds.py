"""A file that is no .xlsx or .xlsm workbook is called what it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.package_edit import WORKBOOK, PackageEdit
from xlsales.errors import InputError
from xlsales.workbook import file_kinds
from xlsales.workbook.template import read

if TYPE_CHECKING:
    from collections.abc import Callable

COMPOUND = file_kinds.COMPOUND_FILE + bytes(1000)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override ContentType="{}"/>'


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def of_type(kind: str) -> bytes:
    return zipped({"[Content_Types].xml": (TYPES.format(f"application/vnd.{kind}") + "</Types>").encode()})


SPREADSHEET = "openxmlformats-officedocument.spreadsheetml"


@pytest.mark.unsound("files that are no workbook, or of another kind than their name says")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (bytes(5000), "it is empty"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
        (COMPOUND + "Workbook\0".encode("utf-16-le"), "is an old .xls file"),
        (COMPOUND, "is protected with a password or is an old .xls file"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "it is a web page under another name"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><html>", "it is a web page under another name"),
        ("<html>".encode("utf-16"), "it is a web page under another name"),
        (b"<table><tr>", "it is a web page under another name"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "it is an “XML Spreadsheet 2003”",
        ),
        (b"%PDF-1.7", "it is a PDF document"),
        (b"territory_id,person\r\nT1,Ada\r\n", "it is a text file under another name"),
        (b"PK no zip", "it is a text file under another name"),
        (b"\x00\x01\x02\xff" * 99, "its first bytes are of no kind"),
        (b"PK\x03\x04" + bytes(99), "its zip archive is cut off or damaged"),
        (zipped({"a.txt": b"x"}), "it is a zip archive without a workbook"),
        (zipped({}), "it is a zip archive without a workbook"),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "it is an OpenDocument spreadsheet, .ods",
        ),
        (zipped({"mimetype": b"application/epub+zip"}), "it is a zip archive without a workbook"),
        (of_type("ms-excel.sheet.binary.macroEnabled.main"), "it is a binary workbook, .xlsb"),
        (of_type(f"{SPREADSHEET}.template.main+xml"), "it is an Excel template, .xltx"),
        (of_type("ms-excel.template.macroEnabled.main+xml"), "it is an Excel template, .xltm"),
        (of_type("ms-excel.addin.macroEnabled.main+xml"), "it is an add-in, .xlam"),
        (of_type("openxmlformats-officedocument.wordprocessingml.document.main+xml"), "it is a Word document"),
        (of_type("openxmlformats-officedocument.presentationml.main+xml"), "it is a PowerPoint presentation"),
        (of_type("unheard.of"), "it is a zip archive without a workbook"),
    ],
)
def test_template_that_is_none_is_called_what_it_is(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read(path)
    line = str(refused.value)
    assert told in line
    assert line.startswith("mine.xlsx")
    assert str(tmp_path) not in line
    assert "\n" not in line


def cut_off(planner: bytes) -> bytes:
    return planner[:-200]


def strict(planner: bytes) -> bytes:
    edit = PackageEdit(planner)
    for name, content in edit.parts.items():
        edit.parts[name] = content.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
    return edit.close()


def without_workbook(planner: bytes) -> bytes:
    edit = PackageEdit(planner)
    del edit.parts[WORKBOOK]
    return edit.close()


def broken_workbook(planner: bytes) -> bytes:
    edit = PackageEdit(planner)
    edit.parts[WORKBOOK] = edit.parts[WORKBOOK][:500]
    return edit.close()


@pytest.mark.unsound("planners that are broken, or of another kind than their name says")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (cut_off, "its zip archive is cut off or damaged"),
        (strict, "is a “Strict Open XML Spreadsheet”. Open it in Excel and save it as"),
        (without_workbook, "this is not an Excel workbook"),
        (broken_workbook, "this is not an Excel workbook"),
    ],
)
def test_planner_that_was_changed_into_something_else_is_refused(
    small_template: Path, tmp_path: Path, change: Callable[[bytes], bytes], told: str
) -> None:
    path = tmp_path / "mine.xlsm"
    path.write_bytes(change(small_template.read_bytes()))
    with pytest.raises(InputError, match=r"mine\.xlsm") as refused:
        read(path)
    assert told in str(refused.value)
