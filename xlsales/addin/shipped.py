"""The add-in that comes with xlsales; finding it loads nothing that builds it."""

from __future__ import annotations

from pathlib import Path

from xlsales.addin.places import ADDIN

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped() -> Path:
    """Return the add-in that comes with xlsales: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "templates" / ADDIN
    return installed if installed.exists() else _PACKAGE.parent / "workbook" / ADDIN
