"""Opens a workbook in openpyxl."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import openpyxl_texts
from xlsales.workbook import package as packages
from xlsales.workbook import parts as parts_of


def opened(parts: Mapping[str, bytes], name: str, *, as_stored: bool = False, **options: bool) -> Any:
    """Return a workbook in openpyxl, without its defined names, of which it knows some kinds only.

    Its texts are as Excel shows them, or as they are stored, escapes included.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl would lose on saving: here it only reads
            nameless = _without_names(parts)
            if as_stored:
                return openpyxl_texts.opened(io.BytesIO(nameless), **options)
            return openpyxl_texts.read(nameless, **options)
    except Exception as error:  # openpyxl raises whatever its parsers do
        message = _("{name} is not a workbook that can be read ({error}). Open it in Excel and save it again.")
        cause = error.__cause__ or error  # openpyxl's own words are several lines of advice
        first = str(cause).partition("\n")[0] or type(cause).__name__
        raise InputError(message.format(name=name, error=first)) from error


def _without_names(parts: Mapping[str, bytes]) -> bytes:
    contents = dict(parts)
    part = parts_of.workbook_part(contents)
    root = parts_of.parse(contents[part])
    for names in list(root.iter("{*}definedNames")):
        names.getparent().remove(names)
    contents[part] = parts_of.serialised(root)
    return packages.write(contents, None)
