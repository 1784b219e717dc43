"""The exceptions of xlsales.

Exceptions are for files, templates and arguments; a problem in somebody's data is a finding.

    XlsalesError
    ├── InputError    the input tables cannot be used at all
    ├── DiskFull      no room left to write into
    └── Stopped       Ctrl-C
"""

from __future__ import annotations


class XlsalesError(Exception):
    """Something that stops a command, told in one line."""


class InputError(XlsalesError):
    """The input cannot be used at all: no such folder, not a workbook, no `territories` table."""


class DiskFull(XlsalesError):  # noqa: N818 (the state of a computer)
    """There is no room left to write into: what has been done by then, and how to go on."""


class Stopped(XlsalesError):  # noqa: N818 (no error)
    """A command was stopped by Ctrl-C: what it has done by then, and how to go on."""
