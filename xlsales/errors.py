"""The exceptions of xlsales.

Exceptions are for files, templates and arguments; a problem in somebody's data is a finding.

    XlsalesError
    └── InputError    the input tables cannot be used at all
"""

from __future__ import annotations


class XlsalesError(Exception):
    """Something that stops a command, told in one line."""


class InputError(XlsalesError):
    """The input cannot be used at all: no such folder, not a workbook, no `territories` table."""
