"""Whether a Python can serve Excel."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.addin.checks import Check, fails, note, ok
from xlsales.addin.interpreter import OLDEST, Interpreter
from xlsales.addin.program import Excel
from xlsales.addin.sayable import sayable
from xlsales.addin.windows import Windows
from xlsales.texts import _
from xlsales.version import XLWINGS_VERSION, __version__


def checks(windows: Windows, interpreter: Interpreter, excel: Excel | None) -> Iterator[Check]:
    """Look at everything that Excel needs of a Python."""
    yield _python(interpreter)
    yield _xlsales(windows, interpreter)
    yield _path(windows, interpreter)
    yield _xlwings(interpreter)
    yield _pywin32(interpreter)
    yield _dll(windows, interpreter, excel)


def _python(interpreter: Interpreter) -> Check:
    found = _("{path} ({kind})").format(path=interpreter.path, kind=interpreter.kind)
    if interpreter.is_too_old:
        wanted = ".".join(map(str, OLDEST))
        remedy = _("Install Python {version} or newer, then xlsales into that.").format(version=wanted)
        return fails("python", found, remedy)
    return ok("python", found)


def _xlsales(windows: Windows, interpreter: Interpreter) -> Check:
    remedy = _('Install it there: "{path}" -m pip install xlsales=={version}')
    remedy = remedy.format(path=interpreter.path, version=__version__)
    if not interpreter.xlsales:
        return fails("xlsales", _("That Python has no xlsales."), remedy)
    if interpreter.xlsales != __version__:
        text = _("That Python has xlsales {there}, this command is of {here}.")
        return fails("xlsales", text.format(there=interpreter.xlsales, here=__version__), remedy)
    server = interpreter.server(windows)
    if server is None:
        text = _("The script udfs/serve.py is missing from {folder}.").format(folder=interpreter.package)
        return fails("xlsales", text, _("Install xlsales again."))
    return ok("xlsales", _("{version}; Excel starts {server}").format(version=__version__, server=server))


def _path(windows: Windows, interpreter: Interpreter) -> Check:
    """Look at the paths of the command line that the DLL takes."""
    server = interpreter.server(windows)
    short = False
    for path in filter(None, (interpreter.path, server)):
        said = sayable(windows, path)
        if said is None:
            text = _("{path} has characters that the code page of this Windows lacks, and no short name.")
            remedy = _("Put Python or its virtual environment into a folder with plain letters, such as C:\\Python.")
            return fails("path", text.format(path=path), remedy)
        short = short or said != path
    if short:
        return ok("path", _("Excel gets the short names of folders (8.3)."))
    return ok("path", _("Excel can name Python's folders as they are."))


def _xlwings(interpreter: Interpreter) -> Check:
    if interpreter.xlwings == XLWINGS_VERSION:
        return ok("xlwings", interpreter.xlwings)
    found = _("{version} is installed, {wanted} is needed.") if interpreter.xlwings else _("xlwings is not installed.")
    found = found.format(version=interpreter.xlwings, wanted=XLWINGS_VERSION)
    remedy = _('"{path}" -m pip install xlwings=={wanted}').format(path=interpreter.path, wanted=XLWINGS_VERSION)
    return fails("xlwings", found, remedy)


def _pywin32(interpreter: Interpreter) -> Check:
    if not interpreter.pywin32:
        return ok("pywin32", _("can be imported"))
    found = _("It cannot be imported: {reason}.").format(reason=interpreter.pywin32.rstrip("."))
    remedy = _('"{path}" -m pip install --force-reinstall pywin32').format(path=interpreter.path)
    return fails("pywin32", found, remedy)


def _dll(windows: Windows, interpreter: Interpreter, excel: Excel | None) -> Check:
    bits = (64, 32) if excel is None else (excel.bits,)
    dlls = [dll for one in bits if (dll := interpreter.dll(windows, one))]
    if not dlls:
        kinds = _(" or ").join(f"xlwings{one}-{XLWINGS_VERSION}.dll" for one in bits)
        remedy = _('"{path}" -m pip install --force-reinstall --no-deps xlwings=={wanted}')
        remedy = remedy.format(path=interpreter.path, wanted=XLWINGS_VERSION)
        return fails("dll", _("There is no {names} beside that Python.").format(names=kinds), remedy)
    if excel is None:
        return note("dll", _("{path}; Excel was not found, so which one it needs is not known.").format(path=dlls[0]))
    return ok("dll", _("{path}, for {bits}-bit Excel").format(path=dlls[0], bits=excel.bits))
