"""The modules of the workbook's VBA project, from the source files in `udfs/vba`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

from xlsales.errors import XlsalesError
from xlsales.texts import _
from xlsales.version import XLWINGS_VERSION, __version__
from xlsales.workbook.vba.project import Module, ModuleKind

_PACKAGE = Path(__file__).resolve().parents[2]
WORKBOOK, SHEET = "ThisWorkbook", "Sheet"
# The module with the macros of the ribbon's buttons. A project has that of its own kind only, because Excel finds such
# a macro by its name in any open workbook.
PLANNER, ADDIN = "XlsalesPlanner", "XlsalesAddin"
# What stands in the sources for a version that only the build knows.
STAMPS = {"@XLSALES_VERSION@": __version__, "@XLWINGS_VERSION@": XLWINGS_VERSION}


def folder() -> Path:
    """Return where the sources are: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "udfs" / "vba"
    return installed if installed.exists() else _PACKAGE.parent / "udfs" / "vba"


def modules(code_names: Sequence[str], buttons: str = PLANNER) -> list[Module]:
    """Return the project's modules: the workbook's, one for each sheet's code name, then the others by name."""
    others = {WORKBOOK, SHEET, PLANNER, ADDIN} - {buttons}
    workbook = Module(WORKBOOK, _source(f"{WORKBOOK}.cls"), ModuleKind.DOCUMENT_WORKBOOK)
    sheet = _source(f"{SHEET}.cls")
    documents = [workbook, *(Module(name, sheet, ModuleKind.DOCUMENT_SHEET) for name in code_names)]
    standard = [Module(name, _source(f"{name}.bas"), ModuleKind.STANDARD) for name in _named("*.bas", others)]
    classes = [Module(name, _source(f"{name}.cls"), ModuleKind.CLASS) for name in _named("*.cls", others)]
    return documents + standard + classes


def _named(pattern: str, others: Container[str]) -> list[str]:
    return sorted(path.stem for path in folder().glob(pattern) if path.stem not in others)


def _source(name: str) -> str:
    path = folder() / name
    try:
        source = path.read_text(encoding="utf-8", errors="replace")  # what is not ASCII is refused later
    except OSError as error:
        text = _("{path}: the VBA source cannot be read ({reason}). Install xlsales again.")
        raise XlsalesError(text.format(path=path, reason=error.strerror)) from error
    for stamp, version in STAMPS.items():
        source = source.replace(stamp, version)
    return source
