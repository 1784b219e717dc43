"""Our VBA project as LibreOffice runs it: what stands in for Windows, and what it does otherwise than Excel.

Everything else – the wrappers, the calls, the error values, the holding of the connection – is ours, unchanged.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from tests.libreoffice import LibreOfficeError, soffice
from xlsales.workbook.vba.project import Module, ModuleKind, vba_project
from xlsales.workbook.vba.sources import modules

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
PLANNER = CHECKOUT / "workbook" / "Sales Planner.xlsm"
PROJECT = "xlsales_planner"
PART = "xl/vbaProject.bin"
PATIENCE = 600  # seconds
SHEET_CODE_NAME = re.compile(rb'<sheetPr[^>]* codeName="(\w+)"')


@dataclass(frozen=True)
class Patch:
    """What a line of a module becomes in LibreOffice, and why."""

    module: str
    excel: str
    libreoffice: str
    reason: str


PATCHES = (
    Patch(
        "Calls",
        "    all(i) = given(i)",
        "    all(i) = InLibreOffice.Passed(given, i)",
        "Assigning an argument that was left out stops the macro; and error values do not reach UNO.",
    ),
    Patch(
        "Calls",
        "TakeOver all(place + i - LBound(others)), others(i)",
        "If IsError(others(i)) Then all(place + i - LBound(others)) = InLibreOffice.Passed(others, i)"
        " Else TakeOver all(place + i - LBound(others)), others(i)",
        "As above; passing it on stops the macro, too.",
    ),
    Patch(
        "Calls",
        "CellsOf = area.Resize(bottom).Value2",
        "CellsOf = InLibreOffice.ValuesOf(area.Resize(bottom))",
        "There is no Value2, and Value reads a cell with an error as 0.",
    ),
    Patch(
        "Calls",
        "CellsOf = area.Value2",
        "CellsOf = InLibreOffice.ValuesOf(area)",
        "As above.",
    ),
    Patch(
        "Connection",
        "Application.Visible And Application.Interactive And Application.UserControl",
        "InLibreOffice.Attended",
        "There is no UserControl.",
    ),
    Patch(
        "Connection",
        "refreshing Or Not ThisWorkbook.IsAddin",
        "refreshing Or Not InLibreOffice.IsAddin",
        "There is no IsAddin.",
    ),
    Patch(
        "Connection",
        "        If Not ThisWorkbook.IsAddin",
        "        If Not InLibreOffice.IsAddin",
        "As above.",
    ),
    Patch(
        "Buttons",
        "Application.CalculateFull",
        "InLibreOffice.CalculateFull",
        "There is no CalculateFull.",
    ),
    Patch(
        "XlsalesPlanner",
        "If Not (ActiveWorkbook Is Nothing) Then front = ActiveWorkbook.Name",
        'If InLibreOffice.InFront <> "" Then front = InLibreOffice.InFront',
        "No window is shown; the test says which workbook is in front.",
    ),
    Patch(
        "XlsalesPlanner",
        "Application.Run ",
        "InLibreOffice.RunMacro ",
        "There is one workbook.",
    ),
    Patch(
        "Messages",
        'MsgBox text, vbInformation, "xlsales"',
        "InLibreOffice.Hear text",
        "Nobody is there to press OK.",
    ),
)
TEST_ONLY = {
    "Activation": ModuleKind.STANDARD,
    "Sessions": ModuleKind.STANDARD,
    "StandIn": ModuleKind.CLASS,
    "InLibreOffice": ModuleKind.STANDARD,
    "Trials": ModuleKind.STANDARD,
}


def project(code_names: Sequence[str]) -> bytes:
    """The project with our modules, patched, and those of the test."""
    ours = [patched(module) for module in modules(code_names) if module.name not in TEST_ONLY]
    tests = [module_of_tests(name) for name in TEST_ONLY if name != "Sessions"]
    return vba_project(PROJECT, [*ours, *tests])


def patched(module: Module) -> Module:
    """Our module as LibreOffice can run it."""
    source = module.source
    for patch in PATCHES:
        if patch.module == module.name:
            assert source.count(patch.excel) == 1, f"{module.name} has no longer: {patch.excel}"
            source = source.replace(patch.excel, patch.libreoffice)
    return replace(module, source=source)


def module_of_tests(name: str) -> Module:
    """A module that only tests have."""
    kind = TEST_ONLY[name]
    ending = "cls" if kind is ModuleKind.CLASS else "bas"
    return Module(name, (HERE / "vba" / f"{name}.{ending}").read_text(encoding="ascii"), kind)


def code_names(workbook: Path) -> list[str]:
    """The code names of a workbook's sheets."""
    with zipfile.ZipFile(workbook) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [found[1].decode() for name in sheets for found in SHEET_CODE_NAME.finditer(archive.read(name))]


def with_project(workbook: Path, copy: Path, part: bytes) -> None:
    """Copy a workbook with this project in the place of its own."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, part if name == PART else source.read(name))


@dataclass(frozen=True)
class Recalculated:
    """What LibreOffice made of a workbook: all cells by sheet, and the results of scripts."""

    sheets: dict[str, tuple[tuple[Any, ...], ...]]
    scripts: list[Any]


@dataclass(frozen=True)
class AsText:
    """What LibreOffice made of a CSV file: the formulas of its cells, and how many rows it has."""

    formulas: list[str]
    rows: int


class Office:
    """One LibreOffice for workbooks one after the other."""

    def __init__(self) -> None:
        python, program = office_python(), soffice()
        if python is None or program is None:
            raise LibreOfficeError("LibreOffice or its bridge (python3-uno) is missing: install it, or unset CI.")
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed as it ends
        self._process = subprocess.Popen(
            [python, str(HERE / "office.py"), program, sys.executable, str(HERE / "faces.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        )

    def recalculated(
        self, workbook: Path, scripts: Sequence[tuple[Any, ...]] = (), *, hand_in: bool = True
    ) -> Recalculated:
        """Recalculate a workbook with its macros, first handing in Python, and run some of them."""
        asked = [tuple(script) for script in scripts]
        question = {"path": str(workbook), "project": PROJECT, "hand_in": hand_in, "scripts": asked}
        return Recalculated(**self._answer(question))

    def as_text(self, file: Path, separator: str) -> AsText:
        """Open a CSV file as a person does who says what separates its cells."""
        return AsText(**self._answer({"path": str(file), "separator": separator}))

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        hanging = Timer(PATIENCE, self._process.kill)
        hanging.start()
        try:
            pickle.dump(question, self._process.stdin, protocol=4)
            self._process.stdin.flush()
            answer: dict[str, Any] = pickle.load(self._process.stdout)
        except (EOFError, OSError) as ended:
            answer = {"problem": f"it ended ({ended})"}
        finally:
            hanging.cancel()
        if "problem" in answer:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace")
            raise LibreOfficeError(f"LibreOffice failed on {question['path']}: {answer['problem']}\n{said}")
        return answer

    def end(self) -> None:
        """Let it end."""
        try:
            self._process.communicate(timeout=PATIENCE)
        finally:
            self._process.kill()
            self._said.close()


@cache
def office_python() -> str | None:
    """A Python that can import LibreOffice's bridge: the system's, or the one that LibreOffice brings."""
    program = soffice()
    beside = [] if program is None else [Path(program).resolve().parent]
    found = [folder / name for folder in beside for name in ("python", "python.exe", "../Resources/python")]
    found += [Path(place) for place in ("/usr/bin/python3", shutil.which("python3") or "") if place]
    return next((str(path) for path in found if path.is_file() and _imports_uno(path)), None)


def _imports_uno(python: Path) -> bool:
    done = subprocess.run([str(python), "-c", "import uno"], capture_output=True, check=False)
    return done.returncode == 0


def bridge_needed() -> pytest.MarkDecorator:
    """A mark that skips tests where the bridge is missing; on a build server they fail instead."""
    absent = (soffice() is None or office_python() is None) and not os.environ.get("CI")
    return pytest.mark.skipif(absent, reason="LibreOffice or its Python bridge (python3-uno) is not installed here")
