"""Gives a workbook that XlsxWriter writes the VBA project, the functions' help and the buttons of the ribbon."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from xlsales.errors import XlsalesError
from xlsales.functions import CATALOGUE
from xlsales.texts import _
from xlsales.workbook import extensions, ribbon
from xlsales.workbook.vba import lint, wizard
from xlsales.workbook.vba.project import Module, vba_project
from xlsales.workbook.vba.sources import WORKBOOK, modules


def add_project(workbook: Any, name: str, buttons: str) -> None:
    """Add the hidden sheet that tooltips read, then the project, with a module for each sheet of XlsxWriter's workbook.

    `buttons` is the module with the macros of the ribbon's buttons.

    Code names count the sheets: `Sheet1`, `Sheet2`, … They must equal the names of the project's document modules.
    """
    hidden = workbook.add_worksheet(wizard.INTELLISENSE)
    hidden.very_hidden()
    for row, cells in enumerate(wizard.intellisense_rows()):
        hidden.write_row(row, 0, cells)
    sheets = workbook.worksheets()
    code_names = [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    for sheet, code_name in zip(sheets, code_names, strict=True):
        sheet.set_vba_name(code_name)
    workbook.set_vba_name(WORKBOOK)
    workbook.add_vba_project(io.BytesIO(_project(name, modules(code_names, buttons))), is_stream=True)


def _project(name: str, listed: Sequence[Module]) -> bytes:
    faults = lint.problems(name, listed, CATALOGUE)
    if faults:
        raise XlsalesError(_("The VBA project cannot be shown to Excel: {faults}").format(faults=" ".join(faults)))
    return vba_project(name, listed)


def add_help_and_buttons(parts: dict[str, bytes], buttons: str, label: str) -> None:
    """Add to the written parts what XlsxWriter does not write; the group of buttons has this label."""
    parts[extensions.WORKBOOK] = wizard.with_help(parts[extensions.WORKBOOK])
    ribbon.add(parts, label, buttons)
