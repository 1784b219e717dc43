"""The rows of a sheet one after the other, as openpyxl parses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

_FORMULA = f"{{{SHEET_MAIN_NS}}}f"


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """Tells a formula that nothing has calculated (type `f`) from a blank cell."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Parse one cell."""
        cell: dict[str, Any] = super().parse_cell(element)
        # A formula whose value is "" has the type `str` and an empty value.
        if cell["value"] is None and cell["data_type"] != "str" and element.find(_FORMULA) is not None:
            cell["data_type"] = "f"
        return cell


def sheet_rows(sheet: Any) -> Iterator[tuple[int, dict[int, ReadOnlyCell]]]:
    """Each row that exists with its cells by column; `sheet` is of a workbook opened to be read only.

    openpyxl's own `iter_rows` makes up every cell of the rectangle: one stray cell in XFD1048576 would cost hours.
    """
    book = sheet.parent
    with sheet._get_source() as content:
        parser = _Parser(
            content,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for row, cells in parser.parse():
            yield row, {cell["column"]: ReadOnlyCell(sheet, **cell) for cell in cells}
