"""Recalculates a workbook in LibreOffice with its macros, answering their calls of Python.

A program for LibreOffice's own Python, which alone can import `uno`; it uses nothing else that is not in the
standard library. Its standard input is a pickled dict:

    soffice     the program
    path        the workbook
    command     the program that answers calls (faces.py)
    project     the name of the VBA project
    hand_in     whether its module Activation takes that program
    scripts     macros to run in turn, each (module, name, arguments)

Its standard output is a pickled dict: `sheets`, by name the rows of all cells, and `scripts`, the results.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.script.provider import XScript

ALWAYS_RUN_MACROS = 4  # com.sun.star.document.MacroExecMode
PATIENCE = 600  # seconds for LibreOffice to start
LAST_ERROR = -2146800000  # error values and omitted arguments are integers below it, as COM has them


class Faces(unohelper.Base, XScript):  # type: ignore[misc]
    """Python beside Excel, as an object that Basic can call: of UNO's interfaces, this one takes anything."""

    def __init__(self, calls: IO[bytes], answers: IO[bytes]) -> None:
        self.calls, self.answers = calls, answers

    def invoke(self, call: Any, positions: Any, others: Any) -> Any:
        """Answer a call; what Basic passes is the module, the function and its arguments."""
        module, function, arguments = call
        pickle.dump((module, function, as_sent(arguments)), self.calls)
        self.calls.flush()
        return pickle.load(self.answers), (), ()


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


def main() -> None:
    """Answer one question."""
    question = pickle.load(sys.stdin.buffer)
    pipe = f"xlsales{os.getpid()}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [question["soffice"], f"-env:UserInstallation={Path(profile).resolve().as_uri()}"]
        command += ["--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
        desktop = None
        with subprocess.Popen(question["command"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as python:
            assert python.stdin is not None
            assert python.stdout is not None
            try:
                desktop = connected(pipe)
                answered = answer(desktop, question, Faces(python.stdin, python.stdout))
            finally:
                process.terminate() if desktop is None else desktop.terminate()
        process.wait(PATIENCE)
    sys.stdout.buffer.write(pickle.dumps(answered))


if __name__ == "__main__":
    main()
