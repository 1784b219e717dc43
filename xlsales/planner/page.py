"""One sheet being written: XlsxWriter with the planner's manners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import quote_sheetname, xl_range, xl_rowcol_to_cell

from xlsales.planner import styles, words
from xlsales.planner.areas import Area, Computed
from xlsales.planner.placing import BAND, Place
from xlsales.planner.validation import guard, rectangles, validation
from xlsales.schema import Column, Kind, heading_name
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.planner.blocks import Sheet
    from xlsales.planner.book import Book

ROW_PIXELS = 20
A4 = 9  # Excel's number of the paper
KEYS = 2  # the last of the columns that name a row of a list
SCREEN = 900  # pixels: what stands left of here is seen without moving, and stands on the first page
SUMMARY = "out_checks_said"


class Page:
    """One sheet being written. Rows and columns are 0-based."""

    def __init__(self, book: Book, sheet: Any, plan: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        self.name = plan.name
        self.plan = plan
        self.columns = plan.columns
        self._repeated = (0, BAND - 1)
        self._frozen = (BAND, 0)
        self._formulas: set[tuple[int, int]] = set()
        self._signed: dict[str, set[tuple[int, int]]] = {}  # cells of differences by their number format
        sheet.set_tab_color(styles.TAB_COLOURS[plan.kind])
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, styles.MARGIN_WIDTH, book.style("plain"))
        for index, width in enumerate(plan.widths, start=1):
            sheet.set_column(index, index, width, book.style("plain"), self._outline(index))
        if plan.columns - 1 in plan.helpers:
            sheet.set_column(self.columns, self.columns, None, None, self._outline(self.columns))
        self._band(*(_(text) if text else "" for text in (plan.title, plan.subtitle, plan.more)))
        self._print_setup()

    def _band(self, title: str, subtitle: str, more: str) -> None:
        self.sheet.set_row(0, 34)
        for column in range(self.columns):
            self.sheet.write_blank(0, column, None, self.book.style("band"))
        self.text(0, self.shown[0], title, "title")
        self.sheet.set_row(1, 20)
        self.text(1, self.shown[0], subtitle, "subtitle")
        if more:
            self.text(1, self.shown[KEYS], more, "subtitle")

    def _outline(self, column: int) -> dict[str, Any]:
        """Fold a helper column away into a group; the sign that opens the group stands above the column after it."""
        helpers = self.plan.helpers
        folded = {"level": 1, "hidden": True} if column in helpers else {}
        return folded | ({"collapsed": True} if column - 1 in helpers and column not in helpers else {})

    @property
    def shown(self) -> list[int]:
        """The columns that are not folded away, without the margin."""
        return [column for column in range(1, self.columns) if column not in self.plan.helpers]

    def _print_setup(self) -> None:
        """Print on A4: one page wide where that can be read, else on as many as it takes, the keys on each of them."""
        upright = self.plan.upright
        self.sheet.set_portrait() if upright else self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        paper = styles.A4_WIDTH if upright else styles.A4_LENGTH
        wide = sum(self.pixels(column, column) for column in self.shown)
        across = 1 if upright else -(-wide * styles.READABLE // paper)
        self.sheet.fit_to_pages(int(across), 1 if upright or self.plan.one_page else 0)
        if across > 1 and self.plan.lists:
            self.sheet.repeat_columns(0, KEYS)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L&9&F&C&9&A&R&9&P / &N")

    def place(self, name: str) -> Place:
        """Return where a block of this sheet stands."""
        return self.book.place(self.name, name)

    def finish(self) -> None:
        """Show the master check, freeze, set what is printed, and lock all but the inputs, without a password.

        Excel sorts no locked cells on a protected sheet and deletes no rows there: sheets with lists stay open.
        """
        self.formula(0, self._right_end(), SUMMARY, "band_right")
        self._leave_out_signs()
        self.sheet.freeze_panes(*self._frozen)
        self.sheet.repeat_rows(*self._repeated)
        bottom = max(place.bottom for place in self.book.places[self.name].values())
        self.sheet.print_area(0, 0, bottom, self.shown[-1])
        self.sheet.set_selection(0, 0, 0, 0)
        if self.plan.lists:
            self._guard_formulas()
        else:
            self.sheet.protect("", dict.fromkeys(("format_columns", "format_rows"), True))

    def _right_end(self) -> int:
        """Return the last column, or of a sheet wider than a screen the last that is seen."""
        seen = [column for column in self.shown if not self.plan.lists or self.pixels(1, column) <= SCREEN]
        return seen[-1] if seen else self.shown[-1]

    def _leave_out_signs(self) -> None:
        """Show differences that are rounded to 0 without a sign."""
        for number_format, cells in self._signed.items():
            areas = [xl_range(*area) for area in rectangles(cells)]
            first = areas[0].partition(":")[0]
            rule = styles.no_sign(first, number_format, self.book.condition)
            self.sheet.conditional_format(areas[0], {**rule, "multi_range": " ".join(areas)})

    def _guard_formulas(self) -> None:
        """Refuse what is typed into cells that calculate: the sheet is not protected."""
        (row, column, *last), *others = rectangles(self._formulas)
        self.sheet.data_validation(row, column, *last, {**guard(), "other_cells": others})

    def pixels(self, first: int, last: int) -> int:
        """Return how wide the columns `first` to `last` are together."""
        widths = enumerate(self.plan.widths[first - 1 : last], start=first)
        return sum(styles.pixels(width) for column, width in widths if column not in self.plan.helpers)

    def freeze(self, row: int, column: int, repeated: tuple[int, int]) -> None:
        """Keep what is above a row and left of a column in sight, and repeat rows in print."""
        self._frozen, self._repeated = (row, column), repeated

    def text(self, row: int, column: int, text: str, style: str | Mapping[str, Any] = "plain") -> None:
        """Write a text as text, whatever it begins with."""
        self.sheet.write_string(row, column, self.book.texts.storable(text), self.book.style(style))

    def link(self, row: int, column: int, sheet: str, text: str, cell: str = "A1", style: str = "link") -> None:
        """Write a link to a cell of another sheet."""
        target = f"internal:{quote_sheetname(sheet)}!{cell}"
        self.sheet.write_url(row, column, target, self.book.style(style), self.book.texts.storable(text))

    def formula(self, row: int, column: int, formula: str, style: str | Mapping[str, Any]) -> None:
        """Write a formula; its value is put beside it when all of the workbook is calculated."""
        self._formulas.add((row, column))
        number_format = "" if isinstance(style, str) else str(style.get("num_format", ""))
        if styles.is_signed(number_format):
            self._signed.setdefault(number_format, set()).add((row, column))
        self.sheet.write_formula(row, column, f"={formula}", self.book.style(style))

    def number(self, row: int, column: int, number: float, style: str | Mapping[str, Any]) -> None:
        """Write a number that nobody changes."""
        self.sheet.write_number(row, column, number, self.book.style(style))

    def name_cell(self, name: str, row: int, column: int) -> None:
        """Define a name for one cell of this sheet."""
        self.book.name(name, self.name, xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))

    def name_cells(self, name: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Define a name for a range of this sheet."""
        cells = ":".join(xl_rowcol_to_cell(*cell, row_abs=True, col_abs=True) for cell in (first, last))
        self.book.name(name, self.name, cells)

    def input(self, row: int, column: int, field: Column, default: object = None, *, wrap: bool = False) -> None:
        """Write a cell that a person fills, with its prompt and its rule."""
        self.write(row, column, default, styles.input_style(field.kind, wrap=wrap))
        self.sheet.data_validation(row, column, row, column, validation(field))

    def field(self, row: int, column: int, field: Column, prefix: str, default: object = None) -> None:
        """Write a labelled, named input: label, cell, explanation."""
        self.text(row, column, _(field.header), "label")
        self.input(row, column + 1, field, default)
        self.text(row, column + 2, _(field.help), "note_line")
        self.name_cell(f"{prefix}_{field.name}", row, column + 1)

    def write(self, row: int, column: int, value: object, style: Mapping[str, Any]) -> None:
        """Write a value as what it is; a text never becomes a formula."""
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
        columns = area.layout.columns
        self._labels(area)
        self.sheet.add_table(
            area.head,
            area.left,
            area.last,
            area.left + len(columns) - 1,
            {"name": excel_table, "style": None, "columns": [self._table_column(area, column) for column in columns]},
        )
        for index, column in enumerate(columns, start=area.left):
            self._heading(area, index, column)
            if isinstance(column, Computed):
                self._computed_column(area, index, column)
            else:
                self._input_column(area, index, column, wrap=row_height is not None)
        if row_height:
            for row in range(area.first, area.last + 1):
                self.sheet.set_row(row, row_height)
        if main:
            self.freeze(area.first, area.left + 2, (area.labels, area.head))

    def computed_columns(self, area: Area) -> None:
        """Write headings and formulas that belong to no Excel table."""
        self.sheet.set_row(area.head, 32)
        for index, column in enumerate(area.layout.columns, start=area.left):
            self.text(area.head, index, _(column.header), "head_calculated")
            if isinstance(column, Computed):
                self._computed_column(area, index, column)

    def _table_column(self, area: Area, column: Column | Computed) -> dict[str, str]:
        """Return a column as the table declares it: new rows in Excel get its formula, as the first row has it.

        Files that Excel saved hold the first row's formula there, with A1 references as it was typed.
        """
        formula = {"formula": self._row_formula(area, column, area.first)} if isinstance(column, Computed) else {}
        return {"header": _(column.header), **formula}

    def _row_formula(self, area: Area, column: Computed, row: int) -> str:
        return column.formula.format_map({**self.book.columns, **area.cells(row)})

    def _labels(self, area: Area) -> None:
        self.sheet.set_row(area.head, 32)
        previous, in_sight = None, False
        for index, column in enumerate(area.layout.columns, start=area.left):
            in_sight = in_sight and previous is type(column)
            if previous is not type(column) or not in_sight:
                computed = isinstance(column, Computed)
                label = _("CALCULATED") if computed else _("YOU FILL")
                self.text(area.labels, index, label, "group_calculated" if computed else "group_input")
                in_sight = index not in self.plan.helpers
            previous = type(column)

    def _heading(self, area: Area, index: int, column: Column | Computed) -> None:
        style = "head_calculated" if isinstance(column, Computed) else "head_input"
        self.text(area.head, index, _(column.header), style)
        if column.name in area.layout.named:
            self.name_cell(heading_name(area.layout.name, column.name), area.head, index)

    def _computed_column(self, area: Area, index: int, column: Computed) -> None:
        style = styles.calculated_style(
            column.number_format,
            centred=column.kind in styles.CENTRED,
            textual=column.kind in styles.TEXTUAL,
        )
        for row in range(area.first, area.last + 1):
            self.formula(row, index, self._row_formula(area, column, row), style)

    def _input_column(self, area: Area, index: int, column: Column, *, wrap: bool) -> None:
        style = styles.input_style(column.kind, wrap=wrap and column.kind is Kind.TEXT)
        values = area.layout.values.get(column.name, (None,) * area.layout.rows)
        for row, value in enumerate(values, start=area.first):
            self.write(row, index, value, style)
        self.sheet.data_validation(area.first, index, area.last, index, validation(column))

    def section(self, row: int, first: int, last: int, title: str) -> None:
        """Write a section's heading over columns `first` to `last`."""
        start = next(column for column in range(first, last + 1) if column not in self.plan.helpers)
        for column in range(start, last + 1):
            self.write(row, column, title if column == start else None, styles.STYLES["section"])

    def chart(self, row: int, column: int, chart: Any, width: int, height: int, *, x_offset: int = 0) -> None:
        """Place a chart, with its alt text, over the cells."""
        chart.set_size({"width": width, "height": height})
        options = {"description": chart.alt_text, "x_offset": x_offset, "object_position": 2}
        self.sheet.insert_chart(row, column, chart, options)

    def words(self, cells: str, *, good: Sequence[str] = (), bad: Sequence[str] = ()) -> None:
        """Tint cells by the word they hold, given by its name; the word itself carries the meaning."""
        tints = ((good, styles.GOOD_FILL, styles.GOOD_INK), (bad, styles.ALERT_FILL, styles.ALERT_INK))
        for names, fill, ink in tints:
            for name in names:
                self._tint(cells, words.named(name), fill, ink)

    def signs(self, cells: str, *, good: str, bad: str) -> None:
        """Tint cells by the sign they hold."""
        self._tint(cells, f'"{good}"', styles.GOOD_FILL, styles.GOOD_INK)
        self._tint(cells, f'"{bad}"', styles.ALERT_FILL, styles.ALERT_INK)

    def _tint(self, cells: str, value: str, fill: str, ink: str) -> None:
        look = self.book.condition({"bg_color": fill, "font_color": ink})
        self.sheet.conditional_format(cells, {"type": "cell", "criteria": "==", "value": value, "format": look})
