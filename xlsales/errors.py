"""The exceptions of xlsales.

Exceptions are for files, templates and arguments; a problem in somebody's data is a finding.

    XlsalesError
    ├── InputError    the input tables cannot be used at all
    ├── DiskFull      no room left to write into
    └── Stopped       Ctrl-C
"""

from __future__ import annotations

import unicodedata

# Controls, turning marks, separators of lines: a terminal obeys them, and they stand in what others have named.
_OBEYED = ("Cc", "Cf", "Zl", "Zp")


class XlsalesError(Exception):
    r"""Something that stops a command, told in one line; what a terminal would obey is shown as `\x1b`."""

    def __str__(self) -> str:
        text = super().__str__()
        return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char in "\n\t" or unicodedata.category(char) not in _OBEYED:
        return char
    return char.encode("unicode_escape").decode("ascii")


class InputError(XlsalesError):
    """The input cannot be used at all: no such folder, not a workbook, no `territories` table."""


class DiskFull(XlsalesError):  # noqa: N818 (the state of a computer)
    """There is no room left to write into: what has been done by then, and how to go on."""


class Stopped(XlsalesError):  # noqa: N818 (no error)
    """A command was stopped by Ctrl-C: what it has done by then, and how to go on."""
