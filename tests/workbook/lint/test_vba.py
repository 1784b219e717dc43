"""VBA projects that Excel calls corrupt, or whose macros it loses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.package_edit import TYPES, WORKBOOK, PackageEdit
from tests.workbook.lint.crafted import Changed, assert_told, cases
from xlsales.addin.shipped import shipped as shipped_addin
from xlsales.workbook.lint import check
from xlsales.workbook.template import shipped
from xlsales.workbook.vba import compound_file, compound_reader
from xlsales.workbook.vba.compound_reader import NotCompoundError, streams

PROJECT, LINKS = "xl/vbaProject.bin", "xl/_rels/workbook.xml.rels"


def addin(change: Callable[[PackageEdit], object]) -> Callable[[bytes], bytes]:
    """A change to the add-in, in the place of the sound workbook."""

    def changed(_content: bytes) -> bytes:
        edit = PackageEdit(shipped_addin().read_bytes())
        change(edit)
        return edit.close()

    return changed


def macro(rule: str, kind: str, change: Callable[[PackageEdit], object], *also: str, told: str = "") -> Changed:
    """A defect of the add-in."""
    return Changed(rule, kind, addin(change), also, "Book.xlam", told)


def _put(part: str, change: Callable[[bytes], bytes]) -> Callable[[PackageEdit], object]:
    return lambda edit: edit.parts.update({part: change(edit.parts[part])})


def _text(part: str, pattern: str, replacement: str) -> Callable[[PackageEdit], object]:
    return _put(part, lambda content: re.sub(pattern.encode(), replacement.encode(), content, count=1))


def _project(change: Callable[[dict[str, bytes]], object]) -> Callable[[PackageEdit], object]:
    def changed(content: bytes) -> bytes:
        found = streams(content)
        change(found)
        return compound_file.compound_file(found)

    return _put(PROJECT, changed)


def _listed(old: bytes, new: bytes) -> Callable[[PackageEdit], object]:
    def change(found: dict[str, bytes]) -> None:
        assert old in found["PROJECT"]
        found["PROJECT"] = found["PROJECT"].replace(old, new, 1)

    return _project(change)


def _signature(edit: PackageEdit) -> None:
    edit.add("xl/vbaProjectSignature.bin", b"signed", "application/vnd.ms-office.vbaProjectSignature")


_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@cases(
    macro("vba-project-broken", "no compound file", _put(PROJECT, lambda _old: b"Option Explicit")),
    macro("vba-project-broken", "half of it", _put(PROJECT, lambda old: old[: len(old) // 2])),
    macro("vba-project-broken", "last sector gone", _put(PROJECT, lambda old: old[:-512])),
    macro("vba-project-broken", "empty", _put(PROJECT, lambda _old: b"")),
    macro("vba-stream-missing", "no dir stream", _project(lambda found: found.pop("VBA/dir")), told="VBA/dir"),
    macro("vba-stream-missing", "no PROJECT stream", _project(lambda found: found.pop("PROJECT")), told="PROJECT"),
    macro(
        "vba-stream-missing",
        "module without a stream",
        _project(lambda found: found.pop("VBA/Functions")),
        told="VBA/Functions",
    ),
    macro(
        "vba-project-not-linked",
        "no relationship",
        _text(LINKS, '<Relationship [^>]*vbaProject.bin"/>', ""),
        "unreached-part",
    ),
    Changed(
        "vba-project-in-plain-workbook",
        "macros in .xlsx",
        addin(_text(TYPES, r"application/vnd\.ms-excel\.addin\.macroEnabled\.main\+xml", _PLAIN)),
    ),
    macro(
        "code-name-of-workbook",
        "workbook without a code name",
        _text(WORKBOOK, '(<workbookPr) codeName="[^"]*"', r"\1"),
        "module-of-no-sheet",
    ),
    macro(
        "code-name-of-workbook",
        "code name of no module",
        _text(WORKBOOK, '(<workbookPr) codeName="[^"]*"', r'\1 codeName="Book1"'),
        "module-of-no-sheet",
    ),
    macro(
        "code-name-of-sheet",
        "code name of no module",
        _text("xl/worksheets/sheet1.xml", 'codeName="[^"]*"', 'codeName="Tab1"'),
        "module-of-no-sheet",
    ),
    macro(
        "code-name-of-sheet",
        "sheet lost its code name",
        _text("xl/worksheets/sheet1.xml", ' codeName="[^"]*"', ""),
        "module-of-no-sheet",
    ),
    macro(
        "code-name-twice",
        "two sheets of one code name",
        _text("xl/worksheets/sheet2.xml", 'codeName="[^"]*"', 'codeName="Sheet1"'),
        "module-of-no-sheet",
    ),
    macro(
        "module-of-no-sheet",
        "module of a deleted sheet",
        _listed(b"Document=Sheet1/", b"Document=Ghost/&H00000000\r\nDocument=Sheet1/"),
        "vba-stream-missing",
    ),
    macro("signature-lost", "signature that the project does not lead to", _signature, "unreached-part"),
)
def test_a_project_that_excel_calls_corrupt_is_told(crafted: Changed) -> None:
    if crafted.rule == "vba-project-in-plain-workbook":
        crafted = Changed(crafted.rule, crafted.kind, crafted.change, crafted.also, "Book.xlsx", crafted.told)
    assert_told(crafted)


def test_streams_come_out_as_they_went_in() -> None:
    content = {"PROJECT": b"x" * 70, "VBA/dir": bytes(range(256)) * 40, "VBA/_VBA_PROJECT": b"1234567", "VBA/M": b""}
    assert streams(compound_file.compound_file(content)) == content


def test_every_shorter_project_is_broken() -> None:
    """Each sector is needed, but what only fills the last one."""
    whole = shipped_addin()
    project = PackageEdit(whole.read_bytes()).parts[PROJECT]
    for kept in range(0, len(project) - 511, 512):
        with pytest.raises(NotCompoundError):
            streams(project[:kept])


def test_a_project_whose_chains_go_round_is_broken_and_does_not_hang() -> None:
    project = bytearray(PackageEdit(shipped_addin().read_bytes()).parts[PROJECT])
    for place in range(512, len(project) - 4, 4):
        changed = bytes(project[:place]) + bytes(4) + bytes(project[place + 4 :])
        try:
            streams(changed)
        except NotCompoundError:
            continue
    assert compound_reader.streams(bytes(project))


@pytest.mark.parametrize("file_format", ["xlsm"])
def test_the_planner_with_macros_breaks_no_rule_of_vba(file_format: str) -> None:
    found = check(shipped(file_format).read_bytes(), f"Book.{file_format}").faults
    assert [fault for fault in found if fault.rule.group == "VBA"] == []
