"""Run as a script by any Python: says in one line of JSON what it is. Imports nothing of xlsales."""

from __future__ import annotations

import importlib
import json
import os
import struct
import sys
import sysconfig
from importlib import metadata, util


def description() -> dict[str, object]:
    """Return what `xlsales addin` needs to know of this Python."""
    spec = util.find_spec("xlsales")
    return {
        "version": ".".join(map(str, sys.version_info[:3])),
        "bits": struct.calcsize("P") * 8,
        "base": sys.base_prefix,
        "virtual": sys.prefix != sys.base_prefix,
        "data": _data_folders(),
        "xlwings": _version("xlwings"),
        "pywin32": _imports("pywintypes", "pythoncom", "win32com.client"),
        "package": os.path.dirname(spec.origin or "") if spec else "",  # noqa: PTH120 - a path of that Python
        "xlsales": _xlsales_version() if spec else "",
    }


def _data_folders() -> list[str]:
    """Where pip puts a wheel's data files, such as the DLLs of xlwings."""
    folders = [sysconfig.get_path("data")]
    user = os.name + "_user"
    if user in sysconfig.get_scheme_names():
        folders.append(sysconfig.get_path("data", user))
    return folders


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _xlsales_version() -> str:
    try:
        return str(importlib.import_module("xlsales.version").__version__)
    except ImportError:
        return ""


def _imports(*modules: str) -> str:
    """Return why the modules cannot be imported; nothing where they can."""
    try:
        for module in modules:
            importlib.import_module(module)
    except ImportError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder, whose modules are no one else's
    print(json.dumps(description()))  # noqa: T201
