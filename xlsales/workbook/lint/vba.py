"""Rules of the VBA project, and of the names that bind it to the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, elements, local
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.vba.compound_reader import NotCompoundError, streams

rule = Group("VBA")
BROKEN = rule(
    "vba-project-broken",
    N_("Excel says that the VBA project is corrupt, and opens the workbook without its macros."),
    N_("Copy xl/vbaProject.bin from the workbook that it came from, byte for byte."),
    "[MS-CFB] 2; [MS-OVBA] 2.2.1; openxml-audit",
)
STREAM = rule(
    "vba-stream-missing",
    N_("Excel says that the VBA project is corrupt: a stream that it needs is not there."),
    N_("Copy xl/vbaProject.bin from the workbook that it came from, byte for byte."),
    "[MS-OVBA] 2.2.1, 2.3.1",
)
LINK = rule(
    "vba-project-not-linked",
    N_("Excel does not find the macros: the workbook part has no relationship to the project, or none to one."),
    N_("Add the vbaProject relationship and the content type application/vnd.ms-office.vbaProject."),
    "[MS-OFFMACRO2], VBA project part; both validators refuse it",
)
IN_PLAIN = rule(
    "vba-project-in-plain-workbook",
    N_("Excel refuses a workbook with macros whose kind is one without."),
    N_("Write the macro-enabled content type and the extension .xlsm."),
    "[MS-OFFMACRO2], VBA project part; Excel: the file format or file extension is not valid",
)
BOOK_NAME = rule(
    "code-name-of-workbook",
    N_("Excel makes a new module ThisWorkbook1 where workbookPr@codeName is none of the project's."),
    N_("Write the name of the workbook's document module into codeName."),
    "jmcnamara/XlsxWriter#438 (ThisWorkbook1)",
)
SHEET_NAME = rule(
    "code-name-of-sheet",
    N_("Excel gives a sheet without a module of its own a new one, and the macros of its old one are lost."),
    N_("Write the name of the sheet's document module into sheetPr@codeName."),
    "ClosedXML/ClosedXML#2200, JanKallman/EPPlus#7 (VBA macros corrupted and deleted)",
)
NAME_TWICE = rule(
    "code-name-twice",
    N_("Excel says that the VBA project is corrupt where two sheets share a module."),
    N_("Give each sheet a code name of its own."),
    "EPPlusSoftware/EPPlus#1145; JanKallman/EPPlus#7",
)
GHOST = rule(
    "module-of-no-sheet",
    N_("Excel shows a ghost sheet in the VBA editor for a document module that no sheet has."),
    N_("Remove the module, or give its sheet back the code name."),
    "ClosedXML/ClosedXML#2200 (ghost sheet)",
)
SIGNATURE = rule(
    "signature-lost",
    N_("Excel drops a signature of the macros that the project does not lead to, and blocks them."),
    N_("Keep xl/_rels/vbaProject.bin.rels and all vbaProjectSignature*.bin as they were."),
    "[MS-OFFMACRO2], VBA signatures; measured: openpyxl loses xl/_rels/vbaProject.bin.rels",
)

_LISTED = re.compile(r"^(Document|Module|Class|BaseClass)=([^\r\n/]+)", re.MULTILINE)
_NEEDED = ("PROJECT", "VBA/dir", "VBA/_VBA_PROJECT")


def project(book: Book) -> Iterator[Fault]:
    """The project opens, is led to, and its document modules are the workbook's."""
    part = book.target(book.workbook, "vbaProject")
    lost = [name for name in book.parts if name.casefold().endswith("vbaproject.bin") and name != part]
    for name in lost:
        yield LINK.at(name)
    if part is None or part not in book.parts:
        return
    kind = book.content_type(book.workbook) or ""
    if "macroEnabled" not in kind:
        yield IN_PLAIN.at(part, kind)
    yield from _signatures(book, part)
    try:
        found = streams(book.parts[part])
    except NotCompoundError as error:
        yield BROKEN.at(part, error)
        return
    spelled = {name.casefold(): name for name in found}
    missing = [name for name in _NEEDED if name.casefold() not in spelled]
    for name in missing:
        yield STREAM.at(part, name)
    if "PROJECT" in missing:
        return
    listed = _LISTED.findall(found[spelled["project"]].decode("cp1252", "replace"))
    for _kind, name in listed:
        if f"vba/{name}".casefold() not in spelled:
            yield STREAM.at(part, f"VBA/{name}")
    yield from _code_names(book, part, [name for kind, name in listed if kind == "Document"])


def _code_names(book: Book, part: str, documents: list[str]) -> Iterator[Fault]:
    known = {name.casefold() for name in documents}
    used = set()
    without = []
    own = next((one.get("codeName") for one in elements(book.book) if local(one) == "workbookPr"), None)
    if own is None or own.casefold() not in known:
        yield BOOK_NAME.at(book.workbook, own)
    else:
        used.add(own.casefold())
    for sheet in book.sheets:
        if sheet.part is None or sheet.kind not in ("worksheet", "chartsheet"):
            continue
        root = book.root(sheet.part)
        name = next((one.get("codeName") for one in elements(root) if local(one) == "sheetPr"), None)
        if name is None:
            without.append(sheet)
        elif name.casefold() not in known:
            yield SHEET_NAME.at(sheet.part, name, sheet.name)
        elif name.casefold() in used:
            yield NAME_TWICE.at(sheet.part, name, sheet.name)
        used.add((name or "").casefold())
    left = known - used
    if left:  # Excel itself leaves a new sheet without a code name until somebody opens the editor
        yield from (SHEET_NAME.at(sheet.part or "", "", sheet.name) for sheet in without)
    if all(sheet.kind in ("worksheet", "chartsheet") for sheet in book.sheets):
        for name in documents:
            if name.casefold() not in used:
                yield GHOST.at(part, name)


def _signatures(book: Book, part: str) -> Iterator[Fault]:
    led = {link.target for link in book.links(part)}
    for name in book.parts:
        if "vbaprojectsignature" in name.casefold() and name.endswith(".bin") and name not in led:
            yield SIGNATURE.at(name)
