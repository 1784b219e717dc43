"""A sheet of XlsxWriter with very many cells: its formulas have their values, and its rows are written quickly."""

from __future__ import annotations

import io
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xlsales.cells.columns import get_column_letter
from xlsales.cells.markup import escape
from xlsales.cells.stored import stored
from xlsales.cells.values import CellValue

_MARK = b"<!--rows-->"  # where they belong in the sheet's part


class ValuedSheet(Worksheet):  # type: ignore[misc]
    """Stores formulas as they are, where XlsxWriter looks for some thirty new functions in each.

    Its rows come apart from its part: XlsxWriter would compress them for nothing.
    """

    fh: io.StringIO  # where XlsxWriter writes the part

    def __init__(self) -> None:
        """Begin without a row."""
        super().__init__()
        self._rows = b""
        self._values: dict[tuple[int, int], CellValue] = {}  # of formulas

    def write_valued(self, row: int, column: int, formula: str, cell_format: Any, value: CellValue) -> None:
        """Write a formula, without its equals sign, with any value that a cell holds; None is one that is not known."""
        self._values[row, column] = value
        in_charts = value if isinstance(value, (int, float)) else 0
        self.write_formula(row, column, formula, cell_format, in_charts)

    def put_into(self, parts: dict[str, bytes]) -> None:
        """Put the rows where they belong in the parts of the workbook that XlsxWriter wrote."""
        part = f"xl/worksheets/sheet{self.index + 1}.xml"
        parts[part] = parts[part].replace(_MARK, self._rows)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        part, self.fh = self.fh, io.StringIO()
        super()._write_rows()
        self._rows, self.fh = self.fh.getvalue().encode(), part
        part.write(_MARK.decode())

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write a text, a number or a formula; what else there is, XlsxWriter does."""
        kind = type(cell).__name__
        if cell.format is None or kind not in ("String", "Number", "Formula"):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{get_column_letter(col + 1)}{row + 1}" s="{cell.format._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        elif kind == "Number":
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        else:
            value = stored(self._values[row, col])
            known = f' t="{value.kind}">' if value is not None and value.kind else ">"
            element = value.element().decode() if value is not None else ""
            self.fh.write(f"{start}{known}<f>{escape(cell.formula)}</f>{element}</c>")
