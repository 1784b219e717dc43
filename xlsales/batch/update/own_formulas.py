"""Formulas that somebody has written beside those of the template, told by how they are built.

Rows, columns and sheets may have other places and names since, and programs write one formula in several ways. So a
formula is the template's where one of the template's is built alike, whatever it refers to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from xlsales.cells.formula_texts import meaning
from xlsales.workbook.sheet_part import SheetPart

_TEXT = re.compile(rb">(.+)</", re.DOTALL)
_PLACE = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
    | (?P<place>(?:(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)?
      \$?[a-z]{1,3}\$?[0-9]+(?::\$?[a-z]{1,3}\$?[0-9]+)?(?![\w.(]) | \#ref!)
    """,
    re.VERBOSE,
)


class OwnFormulas:
    """Knows the formulas of a template."""

    def __init__(self) -> None:
        self._elements: set[bytes] = set()  # of formulas that are the template's, as some file has them
        self._forms: set[str] = {"true", "false"}  # which LibreOffice writes where somebody typed them

    def learn(self, sheet: SheetPart) -> None:
        """Take the formulas of a sheet of the template for its own."""
        for cell in sheet.formulas:
            self._elements.add(cell.formula)
            self._forms.add(_form(cell.formula))

    def others(self, sheet: SheetPart) -> Iterator[str]:
        """Yield the cells of a planner's sheet that hold others; of those that share one, the first."""
        for cell in sheet.formulas:
            if cell.formula in self._elements:
                continue
            form = _form(cell.formula)
            if not form or form in self._forms:
                self._elements.add(cell.formula)
            else:
                yield cell.reference


@lru_cache(maxsize=20_000)
def _form(element: bytes) -> str:
    """Return how a formula is built; nothing where it is that of another cell."""
    found = _TEXT.search(element)
    if found is None:
        return ""
    text = meaning(html.unescape(found[1].decode("utf-8", "replace")))
    return _PLACE.sub(lambda token: token["text"] or "#", text)
