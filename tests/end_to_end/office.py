"""Recalculates workbooks in one LibreOffice with their macros, answering their calls of Python; opens CSV files.

A program for LibreOffice's own Python, which alone can import `uno`; it uses nothing else that is not in the
standard library. Its arguments are the program `soffice` and the command that answers calls (faces.py), which is
started where a workbook is the first to need it. Its standard input is pickled dicts:

    path        the workbook
    project     the name of the VBA project
    hand_in     whether its module Activation takes the answers to calls
    scripts     macros to run in turn, each (module, name, arguments)

    separator   instead of all but the path: what separates the cells of a CSV file

Its standard output is a pickled dict for each: `sheets`, by name the rows of all cells, and `scripts`, the results;
of a CSV file `formulas`, those of its cells, and `rows`, how many there are; or `problem`, what went wrong.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.script.provider import XScript

ALWAYS_RUN_MACROS = 4  # com.sun.star.document.MacroExecMode
FORMULAS = 16  # com.sun.star.sheet.CellFlags
PATIENCE = 600  # seconds for LibreOffice to start
LAST_ERROR = -2146800000  # error values and omitted arguments are integers below it, as COM has them


class Faces(unohelper.Base, XScript):  # type: ignore[misc]
    """Python beside Excel, as an object that Basic can call: of UNO's interfaces, this one takes anything."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.python: subprocess.Popen[bytes] | None = None

    def invoke(self, call: Any, positions: Any, others: Any) -> Any:
        """Answer a call; what Basic passes is the module, the function and its arguments."""
        module, function, arguments = call
        if self.python is None:
            self.python = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.python.stdin is not None
        assert self.python.stdout is not None
        pickle.dump((module, function, as_sent(arguments)), self.python.stdin)
        self.python.stdin.flush()
        return pickle.load(self.python.stdout), (), ()

    def end(self) -> None:
        """Let that Python end."""
        if self.python is not None:
            self.python.communicate()


def as_sent(value: Any) -> Any:
    """Numbers as Excel sends them; on the way through UNO, some integers become floats and the reverse."""
    if isinstance(value, tuple):
        return tuple(as_sent(cell) for cell in value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return int(value) if -(2**31) <= value < LAST_ERROR and value == int(value) else float(value)


def connected(pipe: str) -> Any:
    """The desktop of the LibreOffice that was started."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _attempt in range(PATIENCE * 5):
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
        else:
            return office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
    raise TimeoutError(f"LibreOffice did not start within {PATIENCE} seconds.")


def option(name: str, value: Any) -> Any:
    """An option of loading."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def run(document: Any, project: str, module: str, name: str, arguments: Sequence[Any] = ()) -> Any:
    """The result of a macro."""
    place = f"vnd.sun.star.script:{project}.{module}.{name}?language=Basic&location=document"
    return document.getScriptProvider().getScript(place).invoke(tuple(arguments), (), ())[0]


def rows_of(sheet: Any) -> Any:
    """All cells of a sheet."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.getRangeAddress()
    return sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow).getDataArray()


def answer(desktop: Any, question: dict[str, Any], faces: Faces) -> dict[str, Any]:
    """What is asked of a workbook."""
    url = Path(question["path"]).resolve().as_uri()
    document = desktop.loadComponentFromURL(
        url, "_blank", 0, (option("Hidden", True), option("MacroExecutionMode", ALWAYS_RUN_MACROS))
    )
    try:
        if question["hand_in"]:
            run(document, question["project"], "Activation", "HandIn", [faces])
        document.calculateAll()
        sheets = {sheet.Name: rows_of(sheet) for sheet in document.Sheets}
        scripts = [run(document, question["project"], *script) for script in question["scripts"]]
        return {"sheets": sheets, "scripts": scripts}
    finally:
        document.close(True)


def as_text(desktop: Any, path: str, separator: str) -> dict[str, Any]:
    """What becomes of a CSV file that a person opens who says what separates its cells."""
    options = (
        option("FilterName", "Text - txt - csv (StarCalc)"),
        option("FilterOptions", f"{ord(separator)},34,76,1"),
    )
    document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (option("Hidden", True), *options))
    try:
        sheet = document.Sheets.getByIndex(0)
        cells = sheet.queryContentCells(FORMULAS).Cells
        return {"formulas": [cell.Formula for cell in cells], "rows": len(rows_of(sheet))}
    finally:
        document.close(True)


def answered(desktop: Any, faces: Faces) -> Iterator[dict[str, Any]]:
    """The answer to each question, as it comes."""
    while True:
        try:
            question = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            yield as_text(desktop, **question) if "separator" in question else answer(desktop, question, faces)
        except Exception:
            yield {"problem": traceback.format_exc()}


def main() -> None:
    """Answer questions until there are no more."""
    program, *command = sys.argv[1:]
    pipe = f"xlsales{os.getpid()}"
    faces = Faces(command)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        started = [program, f"-env:UserInstallation={Path(profile).resolve().as_uri()}"]
        started += ["--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
        process = subprocess.Popen(started, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
        desktop = None
        try:
            desktop = connected(pipe)
            for told in answered(desktop, faces):
                pickle.dump(told, sys.stdout.buffer)
                sys.stdout.buffer.flush()
        finally:
            faces.end()
            process.terminate() if desktop is None else desktop.terminate()
        process.wait(PATIENCE)


if __name__ == "__main__":
    main()
