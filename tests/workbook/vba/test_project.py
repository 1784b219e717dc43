"""The VBA project as olevba reads it, and record by record beside one that Excel wrote."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.vba.olevba import ProjectError, modules_in, streams_in, unpacked
from xlsales.errors import XlsalesError
from xlsales.workbook.vba.project import Module, ModuleKind, vba_project

CODE = """Option Explicit

Public Function TWICE(number)
Attribute TWICE.VB_Description = "Doubles ""a"" number"
Attribute TWICE.VB_ProcData.VB_Invoke_Func = " \\n14"
    TWICE = 2 * number
End Function
"""
MODULES = (
    Module("ThisWorkbook", "Option Explicit\n", ModuleKind.DOCUMENT_WORKBOOK),
    Module("Sheet1", "", ModuleKind.DOCUMENT_SHEET),
    Module("Sheet2", "", ModuleKind.DOCUMENT_SHEET),
    Module("Functions", CODE * 40, ModuleKind.STANDARD),
    Module("Invoker", "Public Script As Object\n", ModuleKind.CLASS),
)
PROJECT = vba_project("xlsales_planner", MODULES)


def written_by_excel(name: str) -> dict[str, bytes]:
    """The streams of a project that comes with xlwings: Excel wrote it, and its compiled code was taken out."""
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    with zipfile.ZipFile(Path(spec.origin).parent / name) as archive:
        return streams_in(archive.read("xl/vbaProject.bin"))


def records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of an unpacked dir stream; sizes that do not add up fail."""
    place = 0
    while place < len(directory):
        identifier, size = struct.unpack_from("<HI", directory, place)
        size = 6 if identifier == 0x09 else size  # PROJECTVERSION: its size says 4, and 6 bytes follow
        content = directory[place + 6 : place + 6 + size]
        assert len(content) == size, f"record {identifier:#x} is cut off"
        yield identifier, content
        place += 6 + size


def contents(identifier: int) -> list[bytes]:
    return [content for found, content in records(unpacked(streams_in(PROJECT)["VBA/dir"])) if found == identifier]


def decrypted(project_stream: str, key: str) -> bytes:
    """The value of CMG, DPB or GC ([MS-OVBA] 2.4.3.3)."""
    values = dict(line.split("=", 1) for line in project_stream.splitlines() if "=" in line)
    data, identity = bytes.fromhex(values[key].strip('"')), values["ID"].strip('"')
    seed = data[0]
    assert data[1] ^ seed == 2
    assert data[2] ^ seed == sum(identity.encode()) % 256
    plain = [data[2] ^ seed]
    for place in range(3, len(data)):
        plain.append(data[place] ^ (data[place - 2] + plain[-1]) % 256)
    found = bytes(plain[1 + (seed & 6) // 2 :])
    assert len(found) == 4 + int.from_bytes(found[:4], "little")
    return found[4:]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_olevba_extracts_every_source_unchanged(module: Module) -> None:
    text = modules_in(PROJECT)[module.name]
    assert text == module.text
    assert text.endswith(module.source.replace("\n", "\r\n"))


def test_the_project_has_its_modules_and_no_compiled_code() -> None:
    assert list(modules_in(PROJECT)) == [module.name for module in MODULES]
    places = {"PROJECT", "PROJECTwm", "VBA/_VBA_PROJECT", "VBA/dir", *(f"VBA/{module.name}" for module in MODULES)}
    assert set(streams_in(PROJECT)) == places


def test_it_says_that_it_has_no_compiled_code_as_the_specification_and_a_file_that_excel_opens_daily() -> None:
    said = streams_in(PROJECT)["VBA/_VBA_PROJECT"]
    assert said == bytes.fromhex("CC61FFFF000100")  # the example in [MS-OVBA] 3.1.1
    assert said == written_by_excel("addin/xlwings.xlam")["VBA/_VBA_PROJECT"]


LINES = st.lists(st.text("abAB '_=\"(),.\t", max_size=60), max_size=300).map("\n".join)


@given(LINES, LINES)
@settings(deadline=None)
def test_any_source_comes_back(first: str, second: str) -> None:
    modules = [Module("One", first, ModuleKind.STANDARD), Module("Two", second, ModuleKind.CLASS)]
    assert modules_in(vba_project("any", modules)) == {module.name: module.text for module in modules}


@pytest.mark.parametrize("kept", [0, 100, 512, 1024, len(PROJECT) // 2, len(PROJECT) - 1024, len(PROJECT) - 512])
def test_a_project_that_was_cut_off_is_noticed(kept: int) -> None:
    # olevba alone ends well on a cut-off file: only the sources show the loss.
    try:
        found = modules_in(PROJECT[:kept])
    except ProjectError:
        return
    assert found != {module.name: module.text for module in MODULES}


def test_same_modules_give_the_same_bytes_in_every_process() -> None:
    code = "import sys, tests.workbook.vba.test_project as t; sys.stdout.write(t.PROJECT.hex())"
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, env=environment)
    assert bytes.fromhex(done.stdout) == PROJECT


# As Excel writes it


def test_project_and_references_are_told_as_excel_tells_them() -> None:
    excel = list(records(unpacked(written_by_excel("addin/xlwings.xlam")["VBA/dir"])))
    ours = list(records(unpacked(streams_in(PROJECT)["VBA/dir"])))
    modules = 0x0F
    before = [identifier for identifier, _content in excel].index(modules)
    assert [identifier for identifier, _content in ours[:before]] == [found for found, _content in excel[:before]]
    own = {0x04: b"xlsales_planner", 0x09: bytes.fromhex("010000000000")}
    assert dict(ours[:before]) == dict(excel[:before]) | own
    assert [content for found, content in ours if found == 0x0D] == [c for found, c in excel if found == 0x0D]


def test_modules_are_told_as_excel_tells_them() -> None:
    excel = [found for found, _content in records(unpacked(written_by_excel("quickstart.xlsm")["VBA/dir"]))]
    ours = [found for found, _content in records(unpacked(streams_in(PROJECT)["VBA/dir"]))]
    standard = [0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x1E, 0x2C, 0x21, 0x2B]
    document = [0x22 if identifier == 0x21 else identifier for identifier in standard]
    assert excel[-45:] == [0x13, *document, *document, *standard, *document, 0x10][-45:]
    assert ours[-57:] == [0x13, *document, *document, *document, *standard, *document, 0x10]


def test_dir_counts_and_names_the_modules_and_their_streams() -> None:
    names = [module.name for module in MODULES]
    assert contents(0x0F) == [struct.pack("<H", len(MODULES))]
    for identifier, encoding in ((0x19, "ascii"), (0x47, "utf-16-le"), (0x1A, "ascii"), (0x32, "utf-16-le")):
        assert [content.decode(encoding) for content in contents(identifier)] == names
    assert contents(0x31) == [bytes(4)] * len(MODULES)  # the source begins where the stream begins
    assert contents(0x13) + contents(0x2C) == [b"\xff\xff"] * (1 + len(MODULES))  # cookies, as a writer has to set them
    assert contents(0x03) == [struct.pack("<H", 1252)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Module1", ModuleKind.STANDARD),
        ("Dictionary", ModuleKind.CLASS),
        ("ThisWorkbook", ModuleKind.DOCUMENT_WORKBOOK),
        ("Sheet1", ModuleKind.DOCUMENT_SHEET),
    ],
)
def test_modules_begin_as_those_that_excel_wrote(name: str, kind: ModuleKind) -> None:
    streams = written_by_excel("quickstart_standalone.xlsm")
    found = list(records(unpacked(streams["VBA/dir"])))
    names = [content.decode() for identifier, content in found if identifier == 0x1A]
    offsets = [int.from_bytes(content, "little") for identifier, content in found if identifier == 0x31]
    excel = unpacked(streams[f"VBA/{name}"][offsets[names.index(name)] :]).decode("cp1252")
    if kind is not ModuleKind.CLASS:  # that one has attributes of its own
        header = "".join(f"{line}\r\n" for line in excel.split("\r\n") if line.startswith("Attribute VB_"))
        assert Module(name, "", kind).text == header
    assert Module(name, excel, kind).text == excel


@pytest.mark.parametrize(("key", "value"), [("CMG", bytes(4)), ("DPB", b"\0"), ("GC", b"\xff")])
def test_nothing_is_locked_as_in_a_new_project_of_excel(key: str, value: bytes) -> None:
    assert decrypted(written_by_excel("quickstart.xlsm")["PROJECT"].decode("cp1252"), key) == value
    assert decrypted(streams_in(PROJECT)["PROJECT"].decode("ascii"), key) == value


def test_project_stream_lists_what_the_editor_shows() -> None:
    lines = streams_in(PROJECT)["PROJECT"].decode("ascii").split("\r\n")
    assert lines[1:7] == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet1/&H00000000",
        "Document=Sheet2/&H00000000",
        "Module=Functions",
        "Class=Invoker",
        'Name="xlsales_planner"',
    ]
    assert lines[lines.index("[Workspace]") + 1 :] == [*(f"{m.name}=0, 0, 0, 0, C" for m in MODULES), ""]
    excel = written_by_excel("quickstart.xlsm")["PROJECT"].decode("cp1252").split("\r\n")
    ours = [line.split("=")[0] for line in lines if "=" in line and ", " not in line]
    theirs = [line.split("=")[0] for line in excel if "=" in line and ", " not in line]
    assert list(dict.fromkeys(ours)) == [*list(dict.fromkeys(theirs))[:3], "Class", *list(dict.fromkeys(theirs))[3:]]


def test_names_are_kept_in_unicode_too() -> None:
    pairs = (module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in MODULES)
    assert streams_in(PROJECT)["PROJECTwm"] == b"".join(pairs) + b"\0\0"


def test_two_projects_have_two_identities() -> None:
    other = streams_in(vba_project("xlsales_addin", MODULES))["PROJECT"].split(b"\r\n")
    ours = streams_in(PROJECT)["PROJECT"].split(b"\r\n")
    assert ours[0].startswith(b'ID="{')
    assert len(ours[0]) == len('ID="{}"') + 36
    assert other[0] != ours[0]


# What a source may be


def test_an_exported_class_keeps_its_own_attributes_and_takes_the_name_of_the_module() -> None:
    source = (
        "VERSION 1.0 CLASS\r\nBEGIN\r\n  MultiUse = -1  'True\r\nEND\r\n"
        'Attribute VB_Name = "Sheet"\r\nAttribute VB_PredeclaredId = True\r\n'
        'Attribute VB_Description = "Keeps a script"\r\nOption Explicit\r\n'
    )
    assert Module("Keeper", source, ModuleKind.CLASS).text.split("\r\n") == [
        'Attribute VB_Name = "Keeper"',
        'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"',
        "Attribute VB_GlobalNameSpace = False",
        "Attribute VB_Creatable = False",
        "Attribute VB_PredeclaredId = True",
        "Attribute VB_Exposed = False",
        "Attribute VB_TemplateDerived = False",
        "Attribute VB_Customizable = False",
        'Attribute VB_Description = "Keeps a script"',
        "Option Explicit",
        "",
    ]


@pytest.mark.parametrize("source", ["Option Explicit", "Option Explicit\n", "Option Explicit\r\n"])
def test_lines_end_as_on_windows(source: str) -> None:
    assert Module("One", source, ModuleKind.STANDARD).text == 'Attribute VB_Name = "One"\r\nOption Explicit\r\n'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Option Explicit\n' Größe\n", r"VBA module One, line 3: VBA sources are plain ASCII text.*“' Größe”"),
        ("' a\rb", r"VBA module One, line 2: VBA sources are plain ASCII"),
        ("x" * 1024, r"VBA module One, line 2: more than 1,023 characters\. Continue it"),
    ],
)
def test_a_source_that_excel_would_not_take_is_refused_with_its_line(source: str, message: str) -> None:
    with pytest.raises(XlsalesError, match=message):
        vba_project("any", [Module("One", source, ModuleKind.STANDARD)])


@pytest.mark.parametrize("name", ["", "1Sheet", "_hidden", "Blatt-1", "Größe", "a b", "x" * 32])
def test_a_name_that_vba_does_not_allow_is_refused(name: str) -> None:
    with pytest.raises(XlsalesError, match=f"“{name}” cannot name a VBA module: use a letter"):
        vba_project("any", [Module(name, "", ModuleKind.STANDARD)])


@pytest.mark.parametrize("names", [("One", "ONE"), ("Any", "One"), ("Dir", "One")])
def test_a_name_that_is_taken_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(XlsalesError, match=r"is taken in the VBA project.*rename it"):
        vba_project("any", [Module(name, "", ModuleKind.STANDARD) for name in names])
