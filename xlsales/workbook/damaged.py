"""A workbook that no Excel wrote, whatever stumbles over it, is told in one line and costs that file alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xlsales.errors import InputError, XlsalesError
from xlsales.texts import _


@contextmanager
def in_one_line(name: str) -> Iterator[None]:
    """Raise InputError, with what went wrong, for anything but errors of ours while a workbook is taken apart."""
    try:
        yield
    except (XlsalesError, MemoryError, OSError):
        raise
    except Exception as error:
        message = _(
            "{name} is damaged, or holds what Excel does not write ({kind}: {error}). It was left as it is. "
            "Open it in Excel, save it, and run again."
        )
        first = str(error).partition("\n")[0][:200]
        raise InputError(message.format(name=name, kind=type(error).__name__, error=first)) from error
