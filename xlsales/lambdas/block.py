"""A function's block on a sheet of the gallery: what it does, its arguments with cells to type in, the result."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.functions import MISSING, SalesFunction, reference
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.coercion import READERS
from xlsales.functions.markdown import allowed
from xlsales.functions.registry import Example
from xlsales.texts import _

_FIRST_CELL: Final = 4  # the column of the cells to type in
_CELLS: Final = 12  # of the widest range
_SPILL: Final = 12  # rows that a spilling result may need
_RATE: Final = "fraction: 0.65 = 65%"
_INK: Final = {"font_name": "Calibri", "font_color": "#1F2933", "valign": "top"}
_INPUT: Final = {**_INK, "bg_color": "#FFF9E6", "border": 1, "border_color": "#E3D5A8", "align": "left"}
_RESULT: Final = {**_INK, "bg_color": "#E6F1F4", "bold": True, "align": "left"}
_FORMATS: Final = {Kind.RATE: "0.0%", Kind.DATE: "yyyy-mm-dd", Kind.NUMBER: "#,##0.##", Kind.TEXT: "@"}


class Block:
    """One function on its sheet."""

    FIRST_ROW: ClassVar = 2

    def __init__(self, sheet: Any, styles: dict[str, Any], function: SalesFunction) -> None:
        self._sheet = sheet
        self._styles = styles
        self._function = function

    @staticmethod
    def styles(workbook: Any) -> dict[str, Any]:
        """The formats of all blocks."""
        looks = {
            "name": {**_INK, "bold": True, "font_size": 14, "font_color": "#1B3A57"},
            "line": _INK,
            "head": {**_INK, "bold": True, "font_color": "#52606D", "bottom": 1, "bottom_color": "#D5DBE1"},
            "wrapped": {**_INK, "text_wrap": True},
            "muted": {**_INK, "font_color": "#52606D"},
        }
        for kind in Kind:
            looks[f"input {kind}"] = {**_INPUT, "num_format": _FORMATS.get(kind, "General")}
            looks[f"result {kind}"] = {**_RESULT, "num_format": _FORMATS.get(kind, "General")}
        return {name: workbook.add_format(look) for name, look in looks.items()}

    @staticmethod
    def sheet(workbook: Any, subject: str, styles: dict[str, Any]) -> Any:
        """A sheet for a subject."""
        sheet = workbook.add_worksheet(subject)
        sheet.hide_gridlines(2)
        for column, width in enumerate((22, 62, 20, 26)):
            sheet.set_column(column, column, width)
        sheet.set_column(_FIRST_CELL, _FIRST_CELL + _CELLS - 1, 13)
        sheet.write_string(0, 0, subject, styles["name"])
        return sheet

    def write(self, row: int) -> int:
        """Write the block from a row on; return the first row of the next one."""
        function, styles = self._function, self._styles
        shown = self._live()
        self._sheet.write_string(row, 0, function.name, styles["name"])
        self._sheet.write_string(row, 1, _(function.summary), styles["line"])
        self._sheet.write_string(row + 1, 1, f"={function.signature}", styles["muted"])
        row += 2
        heads = (_("Argument"), _("What it is"), _("Unit"), _("Allowed"), _("Type here"))
        for column, head in enumerate(heads):
            self._sheet.write_string(row, column, head, styles["head"])
        cells = []
        for argument, value in zip(function.arguments, function.bind(shown.arguments), strict=True):
            row += 1
            cells.append(self._write_argument(row, argument, value))
        row = self._write_result(row + 1, shown, cells)
        for note in function.notes:
            self._sheet.write_string(row, 1, _(note), styles["wrapped"])
            row += 1
        for example in function.examples:
            call, result = reference.excel_call(function, example), reference.shown_result(function, example.result)
            self._sheet.write_string(row, 0, _("Example"), styles["muted"])
            self._sheet.write_string(row, 1, f"{call} → {result}", styles["wrapped"])
            self._sheet.write_string(row, 2, _(example.working), styles["muted"])
            row += 1
        return row + 1

    def _live(self) -> Example:
        """The example that stands in the cells: one that spills, if there is any."""
        spilling = (example for example in self._function.examples if isinstance(example.result, list))
        return next(spilling, self._function.examples[0])

    def _write_argument(self, row: int, argument: Argument, value: Any) -> str:
        """Write what an argument is, and its cells; return their reference."""
        styles = self._styles
        range_note = _(" (range)") if argument.is_range else ""
        self._sheet.write_string(row, 0, argument.name + range_note, styles["line"])
        self._sheet.write_string(row, 1, _(argument.help), styles["wrapped"])
        self._sheet.write_string(row, 2, _(argument.unit), styles["line"])
        self._sheet.write_string(row, 3, self._allowed(argument), styles["wrapped"])
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        room = max(len(values), argument.cells or 6) if argument.is_range else 1
        look = styles[f"input {argument.kind}"]
        for column in range(room):
            self._write_cell(
                row, _FIRST_CELL + column, argument, values[column] if column < len(values) else None, look
            )
        if argument.choices:
            last = _FIRST_CELL + room - 1
            self._sheet.data_validation(
                row, _FIRST_CELL, row, last, {"validate": "list", "source": list(argument.choices)}
            )
        if room == 1:
            return str(xl_rowcol_to_cell(row, _FIRST_CELL))
        return str(xl_range(row, _FIRST_CELL, row, _FIRST_CELL + room - 1))

    def _write_cell(self, row: int, column: int, argument: Argument, value: Any, look: Any) -> None:
        cell = READERS[argument.kind](value) if argument.kind is Kind.DATE and value else value
        if cell is None or cell is MISSING or cell == "":
            self._sheet.write_blank(row, column, None, look)
        elif isinstance(cell, bool):
            self._sheet.write_boolean(row, column, cell, look)
        elif isinstance(cell, str):
            self._sheet.write_string(row, column, cell, look)
        else:
            self._sheet.write_number(row, column, cell, look)

    def _allowed(self, argument: Argument) -> str:
        parts = [allowed(argument).replace("`", "")]
        if not argument.required:
            default = reference.literal(argument.default) if argument.default is not None else ""
            parts.append(_("optional; {default} if left out").format(default=default) if default else _("optional"))
        return "; ".join(part for part in parts if part)

    def _write_result(self, row: int, example: Example, cells: list[str]) -> int:
        """Write the live formula with the value that it has; return the row after what it may fill."""
        function = self._function
        given = function.bind(example.arguments)
        # A blank text for an optional argument is not one left out.
        while cells and given[len(cells) - 1] is MISSING and function.arguments[len(cells) - 1].keep_blank:
            cells = cells[:-1]
        result = function.call_cells(*example.arguments)
        rows = result if isinstance(result, list) else [[result]]
        look = self._styles[f"result {self._kind()}"]
        self._sheet.write_string(row, 0, _("Result"), self._styles["line"])
        self._sheet.write_string(row, 1, _(example.working), self._styles["muted"])
        self._sheet.write_string(row, 2, _(function.unit), self._styles["line"])
        bottom, right = row + len(rows) - 1, _FIRST_CELL + len(rows[0]) - 1
        formula = f"={function.name}({','.join(cells)})"
        self._sheet.write_dynamic_array_formula(row, _FIRST_CELL, bottom, right, formula, look, rows[0][0])
        for down, line in enumerate(rows):
            for across, value in enumerate(line):
                if (down, across) != (0, 0):
                    self._sheet.write(row + down, _FIRST_CELL + across, value, look)
        return row + (_SPILL if function.spills else 1)

    def _kind(self) -> Kind:
        if self._function.gives_date:
            return Kind.DATE
        if self._function.gives_text or self._function.spills:
            return Kind.ANY
        return Kind.RATE if self._function.unit == _RATE else Kind.NUMBER
