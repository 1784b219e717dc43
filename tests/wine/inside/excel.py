"""What the VBA of the workbook does, step by step with the same calls of Windows, in a process without Excel."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import Any

from tests.wine.inside import variants

assert sys.platform == "win32"  # elsewhere mypy reads no further

NO_INTERFACE = bytes(16)
METHOD = 1  # DISPATCH_METHOD
EXCEPTION = -2147352567  # DISP_E_EXCEPTION
MISSING = {"error": -2147352572}  # an argument left out: DISP_E_PARAMNOTFOUND

_get_ids = ctypes.WINFUNCTYPE(
    ctypes.c_long, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.POINTER(ctypes.c_long)
)(5, "GetIDsOfNames")
_invoke = ctypes.WINFUNCTYPE(
    ctypes.c_long,
    *(ctypes.c_long, ctypes.c_char_p, ctypes.c_uint, ctypes.c_ushort),
    *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p),
)(6, "Invoke")


class Arguments(ctypes.Structure):
    """DISPPARAMS."""

    _fields_ = (
        ("arguments", ctypes.c_void_p),
        ("names", ctypes.c_void_p),
        ("count", ctypes.c_uint),
        ("named", ctypes.c_uint),
    )


class Reasons(ctypes.Structure):
    """EXCEPINFO."""

    _fields_ = (
        ("code", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort),
        ("source", ctypes.c_void_p),
        ("description", ctypes.c_void_p),
        ("help_file", ctypes.c_void_p),
        ("help_context", ctypes.c_uint),
        ("reserved_too", ctypes.c_void_p),
        ("fill_in", ctypes.c_void_p),
        ("number", ctypes.c_long),
    )


class FailedError(Exception):
    """A call failed, with the number and the description that VBA's `Err` would have."""

    def __init__(self, number: int, description: str) -> None:
        super().__init__(number, description)
        self.number = number
        self.description = description


class Server:
    """An object of Python's server, as VBA calls it: late bound."""

    def __init__(self, variant: bytes) -> None:
        self.variant = variant
        self._place = ctypes.c_void_p(struct.unpack_from("<Q", variant, 8)[0])

    def ask(self, method: str, *arguments: bytes) -> bytes:
        """Call a method with VARIANTs; the result is one too."""
        content = ctypes.create_string_buffer(b"".join(reversed(arguments)), variants.SIZE * len(arguments))
        given = Arguments(ctypes.addressof(content), None, len(arguments), 0)
        result = ctypes.create_string_buffer(variants.SIZE)
        reasons = Reasons()
        number = _invoke(
            self._place,
            *(self._method(method), NO_INTERFACE, 0, METHOD),
            *(ctypes.addressof(part) for part in (given, result, reasons)),
            None,
        )
        if number == EXCEPTION:
            raise FailedError(reasons.number or number, variants.text_at(reasons.description or 0))
        if number < 0:
            raise FailedError(number, "")
        return result.raw

    def call(self, function: str, arguments: list[Any]) -> Any:
        """Answer a cell: CallUDF, with values alone, as VBA passes what its functions return."""
        values = ctypes.create_string_buffer(variants.list_of(arguments), variants.SIZE)
        try:
            given = variants.packed("sales_udfs"), variants.packed(function), values.raw
            return variants.read(self.ask("CallUDF", *given))
        finally:
            variants.automation.VariantClear(values)

    def versions(self) -> str:
        """The versions, asked for in one line as VBA does."""
        module = self.ask("Module", variants.packed("sales_udfs"))
        return str(variants.read(self.ask("Str", self.ask("GetAttr", module, variants.packed("VERSIONS")))))

    def _method(self, name: str) -> int:
        number = ctypes.c_long()
        names = (ctypes.c_wchar_p * 1)(name)
        code = _get_ids(self._place, NO_INTERFACE, ctypes.addressof(names), 1, 0, ctypes.byref(number))
        if code < 0:
            raise FailedError(code, "")
        return number.value


def variable(name: str) -> str:
    """An environment variable, as VBA reads it."""
    buffer = ctypes.create_unicode_buffer(32767)
    ctypes.windll.kernel32.GetEnvironmentVariableW(name, buffer, 32767)
    return buffer.value


def setting(key: str) -> str:
    """A setting, as VBA reads it."""
    buffer = ctypes.create_unicode_buffer(32767)
    path = variable("LOCALAPPDATA") + r"\xlsales\excel.ini"
    ctypes.windll.kernel32.GetPrivateProfileStringW("xlsales", key, None, buffer, 32767, path)
    return buffer.value


def command_line() -> str:
    """The line that starts the server."""
    return f'"{setting("interpreter")}" -B "{setting("server")}" $(CLSID)'


def activated(line: str) -> Server:
    """Start the server with this line, or find it again."""
    path = setting("dll64")
    load = ctypes.windll.kernel32.LoadLibraryW
    load.restype = ctypes.c_void_p
    if not load(path):
        raise FailedError(ctypes.GetLastError(), f"no DLL: {path}")
    activate = ctypes.WinDLL(os.path.basename(path)).XLPyDLLActivateAuto  # noqa: PTH119 - found by its name alone
    result = ctypes.create_string_buffer(variants.SIZE)
    # VBA hands a String to a DLL in the ANSI code page, and writes ? for what that lacks.
    code = activate(result, line.encode("mbcs", errors="replace"), 1)
    if code:
        raise FailedError(code, str(variants.read(result.raw)))
    return Server(result.raw)


ctypes.oledll.ole32.CoInitialize(None)
