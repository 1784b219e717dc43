"""Which functions a workbook's own VBA offers to its cells."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.workbook.vba.compression import NotCompressedError, compressed, uncompressed
from xlsales.workbook.vba.functions_in import own_functions
from xlsales.workbook.vba.project import Module, ModuleKind, vba_project
from xlsales.workbook.vba.wrappers import functions_module

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
PLANNER = Path(__file__).parents[3] / "workbook" / "Sales Planner.xlsm"


def package(project: bytes) -> dict[str, bytes]:
    """The parts of a workbook that lead to its VBA project."""
    link = '<Relationships xmlns="{}"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
    return {
        "_rels/.rels": link.format(_LINKS, _OFFICE, "officeDocument", "xl/workbook.xml").encode(),
        "xl/workbook.xml": b"<workbook/>",
        "xl/_rels/workbook.xml.rels": link.format(_LINKS, _OFFICE, "vbaProject", "vbaProject.bin").encode(),
        "xl/vbaProject.bin": project,
    }


def offered(source: str, kind: ModuleKind = ModuleKind.STANDARD) -> set[str]:
    book = Module("ThisWorkbook", "", ModuleKind.DOCUMENT_WORKBOOK)
    return own_functions(package(vba_project("theirs", [book, Module("Own", source, kind)])))


@pytest.mark.parametrize(
    "source",
    [
        "Function MAGIC_NUMBER(a, b)\nMAGIC_NUMBER = a\nEnd Function",
        "public function Magic_Number(a)\nend function",
        "Option Explicit\n\n  Private Static Function magic_number() As Double\nEnd Function",
        "Public _\n  Function _\n  MAGIC_NUMBER _\n  (a As Double)\nEnd Function",
        "Function MAGIC_NUMBER#(a)\nEnd Function",
        "Function [MAGIC_NUMBER](a)\nEnd Function",
        "Declare PtrSafe Function MAGIC_NUMBER Lib \"own.dll\" (a)",
        # Those that go to Python, but to another function, or to another module
        "Function MAGIC_NUMBER(a)\nMAGIC_NUMBER = Answer(\"CLOSE_RATIO\", Array(a))\nEnd Function",
        "Function MAGIC_NUMBER(a)\nMAGIC_NUMBER = Py.CallUDF(\"my_udfs\", \"MAGIC_NUMBER\", Array(a))\nEnd Function",
        # What stands behind the function is not its own
        "Function MAGIC_NUMBER(a)\nEnd Function\nSub t()\nx = Answer(\"MAGIC_NUMBER\", 1)\nEnd Sub",
    ],
)  # fmt: skip
def test_function_of_a_standard_module_is_the_workbook_s_own(source: str) -> None:
    assert offered(source) == {"magic_number"}


@pytest.mark.parametrize(
    "source",
    [
        "",
        "' Function MAGIC_NUMBER(a)",
        "Sub MAGIC_NUMBER()\nEnd Sub",
        'Sub t()\nx = "\nFunction: MAGIC_NUMBER(a)"\nEnd Sub',
        "Function MAGIC_NUMBER(a)\nMAGIC_NUMBER = Answer(\"MAGIC_NUMBER\", Array(a))\nEnd Function",
        "Function MAGIC_NUMBER(a)\nMAGIC_NUMBER = Py.CallUDF(\"sales_udfs\", \"MAGIC_NUMBER\", Array(a))\nEnd Function",
        "Function MAGIC_NUMBER(a)\nMAGIC_NUMBER = Py.CallUDF(\"xlsales.udfs\", \"MAGIC_NUMBER\", a)\nEnd Function",
    ],
)  # fmt: skip
def test_what_is_no_function_or_calls_ours_is_not(source: str) -> None:
    assert offered(source) == set()


@pytest.mark.parametrize("kind", [ModuleKind.CLASS, ModuleKind.DOCUMENT_SHEET])
def test_cells_cannot_call_the_functions_of_classes_and_sheets(kind: ModuleKind) -> None:
    assert offered("Function MAGIC_NUMBER(a)\nEnd Function", kind) == set()


def test_our_own_wrappers_are_not_the_workbook_s_own() -> None:
    assert offered(functions_module()) == set()
    with zipfile.ZipFile(io.BytesIO(PLANNER.read_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    found = own_functions(parts)
    assert "answer" in found  # the project is read
    assert "magic_number" not in found


@pytest.mark.parametrize("kept", [0, 3, 511, 600, 1500])
def test_project_that_was_cut_off_offers_nothing(kept: int) -> None:
    project = vba_project("theirs", [Module("Own", "Function MAGIC_NUMBER(a)\nEnd Function", ModuleKind.STANDARD)])
    assert own_functions(package(project[:kept])) == set()
    assert own_functions({name: part for name, part in package(b"").items() if "vba" not in name}) == set()


@given(st.binary(max_size=600), st.integers(1, 40))
def test_what_is_compressed_comes_back(data: bytes, times: int) -> None:
    assert uncompressed(compressed(data * times)).startswith(data * times)


def test_what_nobody_compressed_is_refused() -> None:
    chance = random.Random(1)
    for container in (b"", b"\x02\x00\xb0x", b"\x01\x01\xb0\x01\x00\x00", b"\x01\x03\x00abc"):
        with pytest.raises(NotCompressedError):
            uncompressed(container)
    for _time in range(300):
        try:
            uncompressed(b"\x01" + chance.randbytes(200))
        except NotCompressedError:
            continue


def test_few_bytes_do_not_unpack_to_many() -> None:
    with pytest.raises(NotCompressedError, match="too long"):
        uncompressed(b"\x01" + b"\x03\xb0\x02x\xff\x0f" * 9000)
