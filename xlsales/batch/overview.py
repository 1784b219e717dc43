"""Overview: a row for each planner of a batch, its gaps to its peers, totals and a chart."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xlsales.batch import overview_values
from xlsales.batch.overview_columns import AS_OF, COLUMNS, LIMITS, SHARE, Heading
from xlsales.batch.table_book import LINKS, relative_links
from xlsales.batch.valued_sheet import ValuedSheet
from xlsales.cells.values import Address, CellValue
from xlsales.epoch import FIXED_DATE
from xlsales.planner import styles
from xlsales.planner.areas import CellText
from xlsales.texts import N_, _, _n
from xlsales.workbook import archive, package
from xlsales.workbook.cached_values import Calculate
from xlsales.workbook.xlsxwriter_texts import Texts

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from xlsales.batch.delivery.group_currency import GroupCurrency
    from xlsales.tables.rates import Rate  # imports pandas

Figures: TypeAlias = Mapping[str, CellValue]
OVERVIEW = "Overview.xlsx"
LONG_OVERVIEW = "Overview.csv"
LONGEST = 5000  # planners in a workbook that a person reads
SHEET = "Overview"
CHART = "Chart"
HEAD = 4
MOST_BARS = 40  # pairs of columns that a chart shows with all of their names
RATE = "rate"  # of a territory's currency, where there is a table of rates
_MOST_NAMED = 20
_CHART_COLUMNS, _CHART_COLUMN = 16, 10.0  # how many, and how wide each
KEYS = 1  # the last of the columns that name a planner
_ANY_ROW = 2**24 - 1  # where no row is: what stands around a row's number in a formula is the same in all rows
_NONE: Mapping[Address, CellValue] = MappingProxyType({})


GROUPS = (("leader", N_("By leader")), ("region", N_("By region")))


def overview(
    planners: Sequence[tuple[str, Figures]], calculate: Calculate, group: GroupCurrency | None = None
) -> bytes:
    """Return the overview workbook's bytes for (file name, figures) pairs, formulas with their values.

    With rates there are totals in the group's currency too.
    """
    made = _Overview(planners, group)
    parts = made.parts()
    if made.known is None:
        values = calculate(package.write(parts, None))
        parts = _Overview(planners, group, values).parts()
    return package.write(parts, archive.ONCE)


def _rate_column(currency: str) -> Heading:
    return Heading(RATE, _("Rate to {currency}").format(currency=currency), 10, "0.0000")


def overview_name(count: int) -> str:
    """Return the name of the overview of so many planners: a workbook, or a plain table where they are too many."""
    return LONG_OVERVIEW if count > LONGEST else OVERVIEW


class _Cells(dict[str, CellText]):
    """The cells of a row by column, those that are asked for."""

    def __init__(self, letters: Mapping[str, str], row: int, last: int) -> None:
        super().__init__()
        self._letters, self._row, self._last = letters, row, last

    def __missing__(self, name: str) -> CellText:
        cell = self[name] = CellText.of(self._letters[name], self._row + 1, HEAD + 1, self._last + 1)
        return cell


class _Overview:
    def __init__(
        self,
        planners: Sequence[tuple[str, Figures]],
        group: GroupCurrency | None,
        values: Mapping[Address, CellValue] = _NONE,
    ) -> None:
        """Take the formulas' values, where an engine has found them out."""
        self._planners = planners
        self._calculated = values
        currencies = {str(figures.get("currency")) for _file, figures in planners}
        self._group = group if group is not None and currencies - {group.currency} else None
        self._columns = COLUMNS if self._group is None else (*COLUMNS, _rate_column(self._group.currency))
        self.known = overview_values.known([figures for _file, figures in planners]) if self._group is None else None
        self._titles: dict[int, str] = {}  # of the sums by leader and by region, by their first row
        self._bytes = io.BytesIO()
        self._texts = Texts()
        self._workbook = xlsxwriter.Workbook(self._bytes, {"in_memory": True})
        self._sheet = self._workbook.add_worksheet(SHEET, ValuedSheet)
        self._letters = {c.name: xl_col_to_name(i) for i, c in enumerate(self._columns)}
        self._first, self._last = HEAD + 1, HEAD + len(planners)
        any_row = self._cells(_ANY_ROW)
        formulas = {c.name: c.formula.format_map(any_row) for c in self._columns if c.formula}
        self._between = {name: formula.split(str(_ANY_ROW + 1)) for name, formula in formulas.items()}

    def parts(self) -> dict[str, bytes]:
        """Write everything and return the workbook's parts."""
        self._title()
        for row, (file_name, figures) in enumerate(self._planners, start=self._first):
            self._row(row, file_name, figures)
        row, shown = self._totals(), [(self._first, self._last)]
        for name, title in GROUPS:
            row, first = self._subtotals(row, name, _(title))
            self._titles[first] = _(title)
            shown += [(first, row - 1)] if first < row else []
            row = self._in_one_currency(row, name, _(title))
        of_all, *of_groups = shown
        of_few = [rows for rows in of_groups if rows[1] - rows[0] < MOST_BARS]
        self._chart(of_all if len(self._planners) <= MOST_BARS or not of_few else of_few[0])
        self._workbook.set_properties({"title": SHEET, "created": FIXED_DATE})
        self._workbook.close()
        parts = package.read(self._texts.put_into(self._bytes.getvalue()))
        self._sheet.put_into(parts)
        parts |= {name: relative_links(part) for name, part in parts.items() if name.startswith(LINKS)}
        package.explicit_charts(parts)
        return parts

    def _style(self, style: str | Mapping[str, Any]) -> Any:
        properties = styles.STYLES[style] if isinstance(style, str) else style
        return self._workbook.add_format(styles.complete(dict(properties)))

    def _title(self) -> None:
        sheet = self._sheet
        sheet.hide_gridlines(2)
        sheet.set_row(0, 34)
        for index, column in enumerate(self._columns):
            sheet.set_column(index, index, column.width)
        self._band(sheet, len(self._columns), _("Overview"))
        # Beside the columns that each printed page repeats: a sentence there would be cut off on all but the first.
        label_at, number_at, said_at = KEYS + 1, KEYS + 4, (KEYS + 5, KEYS + 10)
        for row, (_gap, name, label, default, low, high) in enumerate(LIMITS, start=1):
            sheet.write_string(row, label_at, _(label), self._style("note_line"))
            number = self._style({"num_format": "0%", "bg_color": styles.INPUT_FILL})
            sheet.write_number(row, number_at, default, number)
            sheet.data_validation(row, number_at, row, number_at, _limit())
            self._name(name, row, number_at)
            for (say, said), at in ((low, said_at[0]), (high, said_at[1])):
                sheet.write_string(row, at, _(said), self._style("note_line"))
                self._name(say, row, at)
        self._seen_from()
        self._say_what_is_unknown(HEAD - 1, label_at)
        sheet.set_row(HEAD, 32)
        heading = self._style("head_input")
        for index, column in enumerate(self._columns):
            sheet.write_string(HEAD, index, _(column.header), heading)
        sheet.freeze_panes(self._first, 2)
        sheet.autofilter(HEAD, 0, self._last, len(self._columns) - 1)
        self._printed(sheet, styles.pages_wide(column.width for column in self._columns), 0)
        sheet.repeat_rows(HEAD)
        sheet.repeat_columns(0, KEYS)
        self._formats = {c.number_format: self._style(_look(c.number_format)) for c in self._columns}
        self._wrapping = self._style({**_look("@"), "text_wrap": True})
        for index, column in enumerate(self._columns):
            if styles.is_signed(column.number_format):
                cell = xl_rowcol_to_cell(self._first, index)
                rule = styles.no_sign(cell, column.number_format, self._workbook.add_format)
                sheet.conditional_format(self._first, index, self._last, index, rule)
        self._link = self._style(
            {"font_color": styles.TEAL, "underline": 1, "bottom": 1, "bottom_color": styles.CALCULATED_LINE}
        )

    def _band(self, sheet: Worksheet, width: int, title: str) -> None:
        """Write a sheet's title in a band across so many columns."""
        for index in range(width):
            sheet.write_blank(0, index, None, self._style("band"))
        sheet.write_string(0, 0, title, self._style("title"))

    @staticmethod
    def _printed(sheet: Worksheet, wide: int, high: int) -> None:
        """Fit a sheet to so many pages of landscape A4; 0: as many as it takes."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(wide, high)
        sheet.set_footer("&L&9&F&R&9&P / &N")

    def _name(self, name: str, row: int, column: int) -> None:
        self._workbook.define_name(name, f"={SHEET}!{xl_rowcol_to_cell(row, column, True, True)}")

    def _seen_from(self) -> None:
        """Say of which year the plans are, and as of when; where they differ, their columns say it."""
        for row, name in enumerate(("fiscal_year", AS_OF), start=1):
            heading = next(column for column in self._columns if column.name == name)
            values = {figures.get(name) for _file, figures in self._planners}
            alike = next(iter(values)) if len(values) == 1 else None
            self._sheet.write_string(row, 9, _(heading.header), self._style("note_line"))
            style = self._style({"bold": True, "align": "left", "num_format": heading.number_format})
            if isinstance(alike, (int, float)):
                self._sheet.write_number(row, 10, alike, style)
            else:
                self._sheet.write_string(row, 10, _("as in the last columns") if len(values) > 1 else "–", style)

    def _say_what_is_unknown(self, row: int, column: int) -> None:
        """Say of whom there is no revenue: their goals are in the totals of goals, and in no share."""
        without = [
            str(one.get("territory_name"))
            for _file, one in self._planners
            if not isinstance(one.get("fig_revenue"), (int, float))
        ]
        if without:
            message = _n(
                "Revenue is not known of {count} territory, {example}: its goal is in the total of goals, but Of goal "
                "counts those of the others alone.",
                "Revenue is not known of {count} territories, for example {example}: their goals are in the total of "
                "goals, but Of goal counts those of the others alone.",
                len(without),
            )
            said = message.format(count=len(without), example=without[0])
            self._sheet.write_string(row, column, self._texts.storable(said), self._style("note_line"))

    def _row(self, row: int, file_name: str, figures: Figures) -> None:
        number = str(row + 1)
        for index, column in enumerate(self._columns):
            cell_format = self._wrapping if column.wraps else self._formats[column.number_format]
            if column.formula:
                value = self.known.of_row(row - self._first, column.name) if self.known else None
                self._formula(row, index, number.join(self._between[column.name]), cell_format, value)
                continue
            value = self._rate(figures) if column.name == RATE else figures.get(column.name)
            if column.name == "territory_name":
                name = self._texts.storable(str(value))
                self._sheet.write_url(row, index, f"external:{link(file_name)}", self._link, name)
            elif isinstance(value, str) or value is None:
                self._sheet.write_string(row, index, self._texts.storable(value or ""), cell_format)
            else:
                self._sheet.write_number(row, index, value, cell_format)

    def _totals(self) -> int:
        """Write a total for each currency and return the row after them."""
        first = self._last + 1
        currencies = dict.fromkeys(str(figures.get("currency")) for _file, figures in self._planners)
        for row, currency in enumerate(currencies, start=first):
            self._total(row, currency)
        return first + len(currencies) if self._group is None else self._in_group(first + len(currencies), self._group)

    def _rate(self, figures: Figures) -> float | None:
        rate = self._group and self._group.rates.get(str(figures.get("currency")))
        return rate.value if rate else None

    def _in_group(self, row: int, group: GroupCurrency) -> int:
        """Write the total in the group's currency, the rates that it counts with, and who is not in it."""
        rates = self._cells(row)[RATE].all
        self._total(row, group.currency, _("Group total"), rates)
        note = self._style("note_line")
        others = {str(figures.get("currency")) for _file, figures in self._planners} - {group.currency}
        shown = [_in_words(name, rate, group.currency) for name, rate in group.rates.items() if name in others]
        lines = [_("Counted in {currency}: {rates}.").format(currency=group.currency, rates="; ".join(shown) or "–")]
        without = [figures for _file, figures in self._planners if self._rate(figures) is None]
        if without:
            names = ", ".join(f"{one.get('territory_name')} ({one.get('currency')})" for one in without[:_MOST_NAMED])
            more = len(without) - _MOST_NAMED
            names += _(" and {count} more").format(count=more) if more > 0 else ""
            lines.append(_("Not in the group total, for want of a rate: {names}.").format(names=names))
        for place, line in enumerate(lines, start=row + 1):
            self._sheet.write_string(place, 1, self._texts.storable(line), note)
        return row + 1 + len(lines)

    def _groups(self, group: str) -> list[str]:
        """Return the leaders or regions as each is first spelt, whoever has none last; nothing where nobody has any.

        Formulas tell no capitals from small letters: two spellings would both be the sum of both.
        """
        spelt: dict[str, str] = {}
        for name in (_group_name(figures, group) for _file, figures in self._planners):
            spelt.setdefault(name.lower(), name)
        return sorted(spelt.values(), key=lambda name: not name) if any(spelt) else []

    def _subtotals(self, row: int, group: str, title: str) -> tuple[int, int]:
        """Add up by leader or region and currency; return the row after, and the first of them."""
        spelt = {name.lower(): name for name in self._groups(group)}
        if not spelt:
            return row, row
        of_all = ((_group_name(f, group).lower(), str(f.get("currency"))) for _file, f in self._planners)
        pairs = sorted(dict.fromkeys(of_all), key=lambda pair: not pair[0])
        self._sheet.write_string(row + 1, 0, title, self._style("section"))
        for number, (name, currency) in enumerate(pairs, start=row + 2):
            self._subtotal(number, group, spelt[name], currency)
        return row + 2 + len(pairs), row + 2

    def _subtotal(self, row: int, group: str, name: str, currency: str) -> None:
        cells = self._cells(row)
        text, number, share = (self._formats[look] for look in ("@", "#,##0", SHARE))
        of_group = self._whose(row, group, name)
        self._sheet.write_string(row, self._index("currency"), self._texts.storable(currency), text)
        ours = f"{of_group}*({cells['currency'].all}={cells['currency']})"
        for column, formula in self._added(cells, ours):
            value = self.known.total(column, currency, group, name) if self.known else None
            self._formula(row, self._index(column), formula, share if column == "of_goal" else number, value)

    def _whose(self, row: int, group: str, name: str) -> str:
        """Write who is added up, and return the condition that picks their rows."""
        self._sheet.write_string(row, 1, self._texts.storable(name or _("(not named)")), self._formats["@"])
        return f"({self._cells(row)[group].all}=" + (f"$B{row + 1})" if name else '"")')

    def _in_one_currency(self, row: int, group: str, title: str) -> int:
        """Add up by leader or region in the group's currency, where there are rates; return the row after."""
        named = self._groups(group)
        if self._group is None or not named:
            return row
        words = _("{title}, in {currency}").format(title=title, currency=self._group.currency)
        self._sheet.write_string(row + 1, 0, words, self._style("section"))
        text, number, share = (self._formats[look] for look in ("@", "#,##0", SHARE))
        for at, name in enumerate(named, start=row + 2):
            cells = self._cells(at)
            ours = f"{self._whose(at, group, name)}*1"
            self._sheet.write_string(at, self._index("currency"), self._group.currency, text)
            for column, formula in self._added(cells, ours, cells[RATE].all):
                self._formula(at, self._index(column), formula, share if column == "of_goal" else number, None)
        return row + 2 + len(named)

    def _index(self, name: str) -> int:
        return [column.name for column in self._columns].index(name)

    def _added(self, cells: Mapping[str, CellText], ours: str, rates: str = "") -> Iterator[tuple[str, str]]:
        """Yield the formulas of a total by column: sums of what is known, and the share of the goals of that alone.

        `ours` is 1 for each row that counts, else 0.
        """
        counted, weights = (f"*{_are_numbers(rates)}", f",{rates}") if rates else ("", "")
        for name in (column.name for column in self._columns if column.total):
            amounts = cells[name].all
            count = f"SUMPRODUCT({ours}*{_are_numbers(amounts)}{counted})"
            yield name, f'IF({count}>0,SUMPRODUCT({ours},{amounts}{weights}),"")'
        revenue, goal = cells["fig_revenue"], cells["revenue_goal"]
        goals = f"SUMPRODUCT({ours}*{_are_numbers(revenue.all)},{goal.all}{weights})"
        yield "of_goal", f'IF(ISNUMBER({revenue}),IFERROR({revenue}/{goals},""),"")'

    def _total(self, row: int, currency: str, label: str = "", rates: str = "") -> None:
        bold = {"bold": True, "top": 1, "top_color": styles.NAVY, "bottom": 0}
        text, number, share = (self._style({**_look(look), **bold}) for look in ("@", "#,##0", SHARE))
        cells = self._cells(row)
        ours = f"{_are_numbers(rates)}*1" if rates else f"({cells['currency'].all}={cells['currency']})*1"
        formulas = dict(self._added(cells, ours, rates))
        words = {"territory_name": label or _("Total"), "currency": currency}
        for index, column in enumerate(self._columns):
            if column.name in formulas:
                value = self.known.total(column.name, currency) if self.known else None
                self._formula(row, index, formulas[column.name], share if column.name == "of_goal" else number, value)
            else:
                self._sheet.write_string(row, index, self._texts.storable(words.get(column.name, "")), text)

    def _cells(self, row: int) -> dict[str, CellText]:
        return _Cells(self._letters, row, self._last)

    def _formula(self, row: int, column: int, formula: str, cell_format: Any, value: CellValue) -> None:
        if self.known is None:
            value = self._calculated.get((SHEET, xl_rowcol_to_cell(row, column)))
        self._sheet.write_valued(row, column, formula, cell_format, value)

    def _chart(self, shown: tuple[int, int]) -> None:
        """Draw the goals and the revenues of some rows, each with its short name, on a sheet of its own.

        Beneath the rows nobody would find it, and a sheet that is printed on several pages cuts it in two.
        """
        chart = self._workbook.add_chart({"type": "column"})
        named = "territory_id" if shown == (self._first, self._last) else "territory_name"
        for name, label, colour in (
            ("revenue_goal", _("Goal"), "#9FB3C8"),
            ("fig_revenue", _("Revenue"), styles.NAVY),
        ):
            chart.add_series(
                {
                    "name": label,
                    "categories": self._cells_of(named, shown),
                    "values": self._cells_of(name, shown),
                    "fill": {"color": colour},
                    "gap": 60,
                    "overlap": 0,
                }
            )
        font = {"name": styles.FONT, "size": 9, "color": styles.MUTED}
        title = self._chart_title(shown)
        chart.set_title({"name": title, "name_font": {"name": styles.FONT, "size": 12}})
        turned = {"rotation": -45} if shown[1] - shown[0] >= MOST_BARS // 2 else {}
        chart.set_x_axis({"num_font": {**font, **turned}, "interval_unit": 1, "line": {"color": styles.SLATE}})
        grid = {"visible": True, "line": {"color": styles.CALCULATED_LINE, "width": 0.75}}
        chart.set_y_axis({"num_format": "#,##0", "num_font": font, "major_gridlines": grid, "line": {"none": True}})
        chart.set_legend({"position": "top", "font": font})
        chart.set_size({"width": _CHART_COLUMNS * styles.pixels(_CHART_COLUMN), "height": 560})
        options = {
            "description": _("Columns of the goal and the revenue: {title}.").format(title=title),
            "object_position": 2,
        }
        sheet = self._workbook.add_worksheet(CHART)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 34)
        sheet.set_column(0, _CHART_COLUMNS - 1, _CHART_COLUMN)
        self._band(sheet, _CHART_COLUMNS, _("Goal and revenue"))
        sheet.insert_chart(2, 0, chart, options)
        self._printed(sheet, 1, 1)

    def _chart_title(self, shown: tuple[int, int]) -> str:
        """Say whose columns these are, and in which currency; the axis has no unit where there are several."""
        by = _("by territory") if shown == (self._first, self._last) else self._titles[shown[0]].lower()
        currencies = {str(figures.get("currency") or "") for _file, figures in self._planners}
        unit = currencies.pop() if len(currencies) == 1 else _("each in its own currency")
        return _("Revenue against goal, {by}, {unit}").format(by=by, unit=unit).removesuffix(", ")

    def _cells_of(self, name: str, rows: tuple[int, int]) -> str:
        letter = self._letters[name]
        return f"={SHEET}!${letter}${rows[0] + 1}:${letter}${rows[1] + 1}"


def _limit() -> dict[str, Any]:
    """Return what may be typed as a limit."""
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -1,
        "maximum": -0.01,
        "input_title": _("Gap to peers"),
        "input_message": _("A percentage below 0; what is as far above is flagged too."),
        "error_title": _("Gap to peers"),
        "error_message": _("Type a percentage from -100% to -1%: -40% or -0.4."),
    }


def _are_numbers(cells: str) -> str:
    """Tell numbers from what is blank and from text, which is above all numbers; no engine has ISNUMBER of a range."""
    return f'({cells}<1E+99)*({cells}<>"")'


def _group_name(figures: Figures, group: str) -> str:
    return str(figures.get(group) or "")


def _look(number_format: str) -> dict[str, Any]:
    align = {"indent": 1} if number_format == "@" else {}
    return {"num_format": number_format, "bottom": 1, "bottom_color": styles.CALCULATED_LINE, **align}


def _in_words(name: str, rate: Rate, currency: str) -> str:
    """Say which rate: 1 USD = 0.92 EUR (2027-01-31)."""
    day = "" if rate.day is None else f" ({rate.day.isoformat()})"
    return f"1 {name} = {rate.value:.10g} {currency}{day}"


_ESCAPES = {ord(sign): f"%{ord(sign):02X}" for sign in '% "#<>[]^`{}'}


def link(file_name: str) -> str:
    """Return a file name as a relative link, whole: XlsxWriter escapes nothing once it sees one escape."""
    return file_name.translate(_ESCAPES)
