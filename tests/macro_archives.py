"""The archive in which openpyxl keeps a workbook's macros, and leaves to Python to close.

Python does so at any time, and complains in whatever test is running if the archive's bytes went first.
"""

from __future__ import annotations

import zipfile

import openpyxl.reader.excel


class _Archive(zipfile.ZipFile):
    """An archive that is not written any more when its bytes are gone."""

    def __del__(self) -> None:
        if self.fp is not None and not self.fp.closed:
            self.close()


def let_macro_archives_go() -> None:
    """Let every archive that openpyxl opens in this process go in silence."""
    openpyxl.reader.excel.ZipFile = _Archive
