"""The workbook being built, and the pages a sheet module writes on: XlsxWriter with the planner's manners."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from xlsales.excel.vba import attach
from xlsales.excel.xlsxwriter_texts import Texts
from xlsales.planner import styles
from xlsales.planner.areas import Area, Columns, Computed, Layout
from xlsales.planner.styles import SheetKind
from xlsales.planner.validation import validation
from xlsales.schema import Column, Kind
from xlsales.texts import _

ROW_PIXELS = 20
FIXED_DATE = dt.datetime(2020, 1, 1)  # the file's own dates stay the same in every build

_CALCULATION_ENGINE = 191029  # of Excel 2019 and later: values of an older one are calculated again on opening


class Book:
    """A planner being written; with `udf`, cells call the Python functions beside their native twins."""

    def __init__(self, layouts: Sequence[Layout], *, udf: bool) -> None:
        self.udf = udf
        self._bytes = io.BytesIO()
        self.texts = Texts()
        self._workbook = xlsxwriter.Workbook(
            self._bytes, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        )
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.areas = {layout.excel_table: Area(layout) for layout in layouts}
        self.columns = {name: Columns(area) for name, area in self.areas.items()}

    def page(self, name: str, kind: SheetKind, title: str, subtitle: str, widths: Sequence[float]) -> Page:
        """Add a sheet with its title band, tab colour, column widths and print set-up."""
        return Page(self, self._workbook.add_worksheet(name), kind, title, subtitle, widths)

    def column(self, excel_table: str, name: str, skip: int = 0) -> str:
        """Return the absolute range of a table's column."""
        return self.areas[excel_table].column(name, skip)

    def with_columns(self, formula: str) -> str:
        """Put the tables' ranges into a formula: `{tblWeeks.won}`."""
        return formula.format_map(self.columns)

    def local(self, excel_table: str, name: str) -> str:
        """Return a table's column as cells of its own sheet."""
        return self.column(excel_table, name).rpartition("!")[2].replace("$", "")

    def style(self, style: str | Mapping[str, Any]) -> Any:
        """Return XlsxWriter's format for a named style or a set of properties, made once."""
        properties = styles.complete(dict(styles.STYLES[style] if isinstance(style, str) else style))
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self._workbook.add_format(properties)
        return self._styles[key]

    def condition(self, properties: Mapping[str, Any]) -> Any:
        """Return a conditional format's difference from the cell's own style."""
        return self._workbook.add_format(dict(properties))

    def name(self, name: str, sheet: str, cells: str) -> None:
        """Define a name for absolute cells of a sheet."""
        self._workbook.define_name(name, f"={quote_sheetname(sheet)}!{cells}")

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        """Return a new chart of XlsxWriter's `kind`."""
        return self._workbook.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})

    def add_project(self, name: str) -> None:
        """Add the VBA project of this name, after the last sheet."""
        attach.add_project(self._workbook, name)

    def close(self, properties: Mapping[str, str]) -> bytes:
        """Finish the workbook and return the package's bytes."""
        self._workbook.set_properties({"title": "Sales Planner", "created": FIXED_DATE})
        for name, value in properties.items():
            self._workbook.set_custom_property(name, value, "text")
        self._workbook.set_calc_mode("auto", _CALCULATION_ENGINE)
        self._workbook.calc_on_load = False  # every formula has its value: opening starts no calculation
        self._workbook.close()
        return self.texts.put_into(self._bytes.getvalue())


class Page:
    """One sheet being written."""

    def __init__(
        self, book: Book, sheet: Any, kind: SheetKind, title: str, subtitle: str, widths: Sequence[float]
    ) -> None:
        self.book = book
        self.sheet = sheet
        self.name: str = sheet.get_name()
        self.columns = len(widths) + 1
        sheet.set_tab_color(styles.TAB_COLOURS[kind])
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 2, book.style("plain"))
        for index, width in enumerate(widths, start=1):
            sheet.set_column(index, index, width, book.style("plain"))
        self._repeats = False
        self._bottom = 1  # the last row with something to print
        self._band(title, subtitle)
        self._print_setup()

    def _band(self, title: str, subtitle: str) -> None:
        self.sheet.set_row(0, 34)
        for column in range(self.columns):
            self.sheet.write_blank(0, column, None, self.book.style("band"))
        self.text(0, 1, title, "title")
        self.sheet.set_row(1, 20)
        self.text(1, 1, subtitle, "subtitle")

    def _print_setup(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L&9&F&C&9&A&R&9&P / &N")

    def portrait(self) -> None:
        """Print on one page, upright: for sheets that are longer than wide."""
        self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)

    def finish(self) -> None:
        """Show the master check, set the print area, and lock all but the inputs, without a password."""
        summary = 'IF(out_open_checks=0,"{fine}",SUBSTITUTE("{look}","#",out_open_checks))'.format(
            fine=_("All checks pass"), look=_("Checks to look at: #")
        )
        self.formula(0, self.columns - 1, summary, "band_right")
        self.sheet.print_area(0, 0, self._bottom, self.columns - 1)
        if not self._repeats:
            self.sheet.repeat_rows(0, 1)
        self.sheet.set_selection(0, 0, 0, 0)
        allowed = ("format_columns", "format_rows", "insert_rows", "sort", "autofilter")
        self.sheet.protect("", dict.fromkeys(allowed, True))

    def text(self, row: int, column: int, text: str, style: str | Mapping[str, Any] = "plain") -> None:
        """Write a text as text, whatever it begins with."""
        self._bottom = max(self._bottom, row)
        self.sheet.write_string(row, column, self.book.texts.storable(text), self.book.style(style))

    def link(self, row: int, column: int, sheet: str, text: str, cell: str = "A1") -> None:
        """Write a link to a cell of another sheet."""
        target = f"internal:{quote_sheetname(sheet)}!{cell}"
        self.sheet.write_url(row, column, target, self.book.style("link"), self.book.texts.storable(text))

    def formula(self, row: int, column: int, formula: str, style: str | Mapping[str, Any]) -> None:
        """Write a formula; its value is put beside it when all of the workbook is calculated."""
        self._bottom = max(self._bottom, row)
        self.sheet.write_formula(row, column, f"={formula}", self.book.style(style))

    def number(self, row: int, column: int, number: float, style: str | Mapping[str, Any]) -> None:
        """Write a number that nobody changes."""
        self.sheet.write_number(row, column, number, self.book.style(style))

    def name_cell(self, name: str, row: int, column: int) -> None:
        """Define a name for one cell of this sheet."""
        self.book.name(name, self.name, xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))

    def input(self, row: int, column: int, field: Column, default: object = None, *, wrap: bool = False) -> None:
        """Write a cell that a person fills, with its prompt and its rule."""
        self.write(row, column, default, styles.input_style(field.kind, wrap=wrap))
        self.sheet.data_validation(row, column, row, column, validation(field))

    def field(self, row: int, column: int, field: Column, prefix: str, default: object = None) -> None:
        """Write a labelled, named input: label, cell, explanation."""
        self.text(row, column, _(field.header), "label")
        self.input(row, column + 1, field, default)
        self.text(row, column + 2, _(field.help), {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
        self.name_cell(f"{prefix}_{field.name}", row, column + 1)

    def write(self, row: int, column: int, value: object, style: Mapping[str, Any]) -> None:
        """Write a value as what it is; a text never becomes a formula."""
        self._bottom = max(self._bottom, row)
        cell_format = self.book.style(style)
        match value:
            case None:
                self.sheet.write_blank(row, column, None, cell_format)
            case str():
                self.sheet.write_string(row, column, self.book.texts.storable(value), cell_format)
            case bool():
                self.sheet.write_boolean(row, column, value, cell_format)
            case dt.date():
                self.sheet.write_datetime(row, column, value, cell_format)
            case _:
                self.sheet.write_number(row, column, value, cell_format)

    def table(self, excel_table: str, *, main: bool = True, row_height: int | None = None) -> None:
        """Write an Excel table; the sheet's main one has its headings frozen and repeated in print.

        Rows with a height of their own are for sentences: their texts wrap.
        """
        area = self.book.areas[excel_table]
        layout = area.layout
        self._headings(area)
        self.sheet.add_table(
            layout.head,
            area.left,
            area.last,
            area.left + len(layout.columns) - 1,
            {
                "name": excel_table,
                "style": None,
                "columns": [{"header": _(c.header)} for c in layout.columns],
            },
        )
        for index, column in enumerate(layout.columns):
            self._heading(layout.head, area.left + index, column)
            if isinstance(column, Computed):
                self._computed_column(area, area.left + index, column)
            else:
                self._input_column(area, area.left + index, column, wrap=row_height is not None)
        if row_height:
            for row in range(area.first, area.last + 1):
                self.sheet.set_row(row, row_height)
        if not main:
            return
        self.sheet.freeze_panes(area.first, area.left + 2)
        self.sheet.repeat_rows(layout.head - 1, layout.head)
        self._repeats = True

    def _headings(self, area: Area) -> None:
        self.sheet.set_row(area.layout.head, 32)
        previous: type | None = None
        for index, column in enumerate(area.layout.columns):
            computed = isinstance(column, Computed)
            if previous is not type(column):
                label = _("CALCULATED") if computed else _("YOU FILL")
                style = "group_calculated" if computed else "group_input"
                self.text(area.layout.head - 1, area.left + index, label, style)
            previous = type(column)

    def _heading(self, row: int, index: int, column: Column | Computed) -> None:
        style = "head_calculated" if isinstance(column, Computed) else "head_input"
        self.text(row, index, _(column.header), style)

    def _computed_column(self, area: Area, index: int, column: Computed) -> None:
        style = styles.calculated_style(
            column.number_format,
            centred=column.kind in styles.CENTRED,
            textual=column.kind in styles.TEXTUAL,
        )
        for row in range(area.first, area.last + 1):
            cells = {**self.book.columns, **area.cells(row)}
            self.formula(row, index, column.formula.format_map(cells), style)

    def _input_column(self, area: Area, index: int, column: Column, *, wrap: bool) -> None:
        style = styles.input_style(column.kind, wrap=wrap and column.kind is Kind.TEXT)
        for row in range(area.first, area.last + 1):
            self.write(row, index, None, style)
        self.sheet.data_validation(area.first, index, area.last, index, validation(column))

    def section(self, row: int, first: int, last: int, title: str) -> None:
        """Write a section's heading over columns `first` to `last`."""
        for column in range(first, last + 1):
            self.write(row, column, title if column == first else None, styles.STYLES["section"])

    def chart(self, row: int, column: int, chart: Any, width: int, height: int, *, x_offset: int = 0) -> None:
        """Place a chart, with its alt text, over the cells."""
        chart.set_size({"width": width, "height": height})
        options = {"description": chart.alt_text, "x_offset": x_offset, "object_position": 2}
        self._bottom = max(self._bottom, row + height // ROW_PIXELS + 1)
        self.sheet.insert_chart(row, column, chart, options)

    def words(self, cells: str, *, good: Sequence[str] = (), bad: Sequence[str] = ()) -> None:
        """Tint cells by the word they hold; the word itself carries the meaning."""
        tints = ((good, styles.GOOD_FILL, styles.GOOD_INK), (bad, styles.ALERT_FILL, styles.ALERT_INK))
        for words, fill, ink in tints:
            for word in words:
                self.sheet.conditional_format(
                    cells,
                    {
                        "type": "cell",
                        "criteria": "==",
                        "value": f'"{word}"',
                        "format": self.book.condition({"bg_color": fill, "font_color": ink}),
                    },
                )
