"""The workbook being built: its sheets and where all blocks stand, its styles, names and tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import quote_sheetname

from xlsales.epoch import FIXED_DATE
from xlsales.planner import names, styles
from xlsales.planner.areas import ROOM, Area, Columns
from xlsales.planner.blocks import Grid, Sheet, TableBlock
from xlsales.planner.figures import FIGURES
from xlsales.planner.page import Page
from xlsales.planner.placing import Place
from xlsales.workbook.vba import attach
from xlsales.workbook.vba.sources import PLANNER
from xlsales.workbook.xlsxwriter_texts import Texts

_CALCULATION_ENGINE = 191029  # of Excel 2019 and later: values of an older one are calculated again on opening


class Book:
    """A planner being written; with `udf`, cells call the Python functions beside their native twins."""

    def __init__(self, sheets: Sequence[Sheet], *, udf: bool) -> None:
        self.udf = udf
        self.sheets = sheets
        self.places = {sheet.name: sheet.places() for sheet in sheets}
        self._bytes = io.BytesIO()
        self.texts = Texts()
        self._workbook = xlsxwriter.Workbook(
            self._bytes, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        )
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.areas = {
            block.name: Area(block.layout, self.place(sheet.name, block.name), block.headings, self._room(sheet, block))
            for sheet in sheets
            for block in sheet.tables
        }
        self.columns = {name: Columns(area) for name, area in self.areas.items()}

    def _room(self, sheet: Sheet, block: TableBlock | Grid) -> int:
        """Return how many blank rows lie beneath a table."""
        places = self.places[sheet.name]
        last = places[block.name].bottom
        return min((place.head - last - 1 for place in places.values() if place.head > last), default=ROOM)

    def place(self, sheet: str, block: str) -> Place:
        """Return where a block stands."""
        return self.places[sheet][block]

    def figure_cells(self, first: str, last: str) -> tuple[str, str]:
        """Return the labels and the values of figures that stand one below the other on Functions, for a chart."""
        place = self.place(names.FUNCTIONS, "figures")
        order = [figure.name for figure in FIGURES]
        top, bottom = order.index(first), order.index(last)
        return place.range((top, 0), (bottom, 0)), place.range((top, 1), (bottom, 1))

    def write(self) -> None:
        """Write all sheets."""
        for sheet in self.sheets:
            sheet.write(Page(self, self._workbook.add_worksheet(sheet.name), sheet))

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
        attach.add_project(self._workbook, name, PLANNER)

    def close(self, properties: Mapping[str, str]) -> bytes:
        """Finish the workbook and return the package's bytes."""
        self._workbook.set_properties({"title": "Sales Planner", "created": FIXED_DATE})
        for name, value in properties.items():
            self._workbook.set_custom_property(name, value, "text")
        self._workbook.set_calc_mode("auto", _CALCULATION_ENGINE)
        self._workbook.calc_on_load = False  # every formula has its value: opening starts no calculation
        self._workbook.close()
        return self.texts.put_into(self._bytes.getvalue())
