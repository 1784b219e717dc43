"""Functions: the figures of the year, the headline functions fed with them, and a gallery of examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.registry import Example
from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.figures import FIGURES, with_columns
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

NAME = "Functions"
FIGURES_ROW = 3
BRIDGE_ROW = FIGURES_ROW + len(FIGURES) + 3
FIRST_ARGUMENT = 5
ARGUMENTS = 12
NATIVE = N_("Native")


@dataclass(frozen=True)
class Headline:
    """A function with the planner's own inputs; its value is the defined name `out_…`."""

    name: str
    function: str
    label: str
    number_format: str
    arguments: dict[str, str]
    formats: tuple[str, ...] = ()
    ranges: dict[str, str] = field(default_factory=dict)  # argument → the table column it stands for


HEADLINES = (
    Headline(
        "proposal_ratio",
        "PROPOSAL_RATIO",
        N_("Proposal ratio this year"),
        "0.0%",
        {"proposals": "fig_proposals", "first_appointments": "fig_first_appointments"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "close_ratio",
        "CLOSE_RATIO",
        N_("Close ratio this year"),
        "0.0%",
        {"won": "fig_won", "proposals": "fig_proposals"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "average_sale",
        "AVERAGE_SALE",
        N_("Average sale this year"),
        "#,##0.00",
        {"revenue": "fig_revenue", "won": "fig_won"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "sales_cycle_days",
        "SALES_CYCLE_DAYS",
        N_("Sales cycle of the closed deals listed"),
        "0.0",
        {},
        ranges={"start_dates": "tblDeals.first_appointment", "close_dates": "tblDeals.close_date"},
    ),
    Headline(
        "magic_number",
        "MAGIC_NUMBER",
        N_("Magic number: first appointments a week"),
        "0.0",
        {
            "revenue_goal": 'IF(ISNUMBER(in_revenue_goal),in_revenue_goal,"")',
            "average_sale": "calc_average_sale",
            "proposal_ratio": "calc_proposal_ratio",
            "close_ratio": "calc_close_ratio",
            "weeks": "IF(ISNUMBER(in_selling_weeks),in_selling_weeks,52)",
        },
        ("#,##0", "#,##0", "0.0%", "0.0%", "0"),
    ),
    Headline(
        "activity_barometer",
        "ACTIVITY_BAROMETER",
        N_("Activity barometer"),
        "0%",
        {"actual_per_week": "fig_per_week", "magic_number": "out_magic_number"},
        ("0.0", "0.0"),
    ),
    Headline(
        "org_health",
        "ORG_HEALTH",
        N_("Organisation health"),
        "0%",
        {},
        ranges={"scores": "tblOrgHealth.score"},
    ),
    Headline(
        "breakeven_profit",
        "BREAKEVEN_REVENUE",
        N_("Sell this much when a discount gives profit away"),
        "#,##0",
        {
            "revenue": 'IF(ISNUMBER(in_revenue_goal),in_revenue_goal,"")',
            "gross_margin": "in_gross_margin",
            "discount": "in_discount_asked",
            "basis": '"PROFIT"',
        },
        ("#,##0", "0.0%", "0.0%", "@"),
    ),
    Headline(
        "breakeven_price",
        "BREAKEVEN_REVENUE",
        N_("Sell this much when a discount cuts the price"),
        "#,##0",
        {
            "revenue": 'IF(ISNUMBER(in_revenue_goal),in_revenue_goal,"")',
            "gross_margin": "in_gross_margin",
            "discount": "in_discount_asked",
            "basis": '"PRICE"',
        },
        ("#,##0", "0.0%", "0.0%", "@"),
    ),
)


def figure_cells(names: Sequence[str]) -> tuple[str, str]:
    """Return the ranges of labels and values of figures that stand one below the other."""
    rows = [[figure.name for figure in FIGURES].index(name) for name in names]
    first, last = FIGURES_ROW + rows[0] + 2, FIGURES_ROW + rows[-1] + 2
    return f"{NAME}!$B${first}:$B${last}", f"{NAME}!$C${first}:$C${last}"


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.OUTPUT,
        _("Functions"),
        _("What the headline figures are made of: each function, its arguments and its value."),
        [44, 14, 22, 11] + [13.0] * ARGUMENTS,
    )
    page.section(FIGURES_ROW, 1, FIRST_ARGUMENT + ARGUMENTS - 1, _("Counted from the tables"))
    for row, figure in enumerate(FIGURES, start=FIGURES_ROW + 1):
        page.text(row, 1, _(figure.label), "label")
        page.formula(
            row, 2, with_columns(book, figure.formula), styles.calculated_style(figure.number_format)
        )
        page.text(row, 3, _(figure.note), {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
        page.name_cell(f"fig_{figure.name}", row, 2)
    page.section(
        BRIDGE_ROW, 1, FIRST_ARGUMENT + ARGUMENTS - 1, _("Headline functions with this plan's figures")
    )
    for index, headline in enumerate(HEADLINES):
        _headline(page, BRIDGE_ROW + 1 + 2 * index, headline)
    _gallery(page, BRIDGE_ROW + 2 * len(HEADLINES) + 3)
    page.sheet.freeze_panes(2, 0)
    page.sheet.set_selection(0, 0, 0, 0)
    page.finish()


def _headline(page: Page, row: int, headline: Headline) -> None:
    """Write a function's row: value, name, status, and its arguments under their names."""
    references: dict[str, str] = {}
    for index, (argument, formula) in enumerate(headline.arguments.items()):
        column = FIRST_ARGUMENT + index
        page.text(row, column, argument, ARGUMENT_NAME)
        style = styles.calculated_style(headline.formats[index], textual=headline.formats[index] == "@")
        page.formula(row + 1, column, formula, style)
        references[argument] = xl_rowcol_to_cell(row + 1, column)
    for index, (argument, source) in enumerate(headline.ranges.items()):
        excel_table, _dot, name = source.partition(".")
        column = FIRST_ARGUMENT + 2 * index
        page.text(row, column, argument, ARGUMENT_NAME)
        references[argument] = page.book.column(excel_table, name)
        page.text(row + 1, column, references[argument].replace("$", ""), {"font_size": 10})
    twin = CATALOGUE[headline.function].native_formula(**references)
    page.text(row + 1, 1, _(headline.label), "label")
    style = {**styles.calculated_style(headline.number_format), "bold": True}
    page.formula(row + 1, 2, f'IFERROR({twin},"")', style)
    page.text(row + 1, 3, headline.function, "label")
    page.text(row + 1, 4, _(NATIVE), "label")
    page.name_cell(f"out_{headline.name}", row + 1, 2)


ARGUMENT_NAME = {"font_size": 9, "font_color": styles.MUTED}


def _gallery(page: Page, row: int) -> None:
    """Write every function's examples with the expected value and a tick: an acceptance test for anyone."""
    page.section(
        row, 1, FIRST_ARGUMENT + ARGUMENTS - 1, _("Gallery: every function, with results worked by hand")
    )
    headings = (_("Function"), _("Result"), _("Expected"), _("Right?"))
    for column, heading in enumerate(headings, start=1):
        page.text(row + 1, column, heading, "head_calculated")
    examples = [(function, example) for function in CATALOGUE.values() for example in function.examples]
    for index, (function, example) in enumerate(examples):
        _example(page, row + 2 + 2 * index, function, example)
    first, last = row + 4, row + 2 + 2 * len(examples)
    page.words(f"E{first}:E{last}", good=("✓",), bad=("✗",))


def _example(page: Page, row: int, function: SalesFunction, example: Example) -> None:
    references: dict[str, str] = {}
    column = FIRST_ARGUMENT
    for argument, value in zip(function.arguments, example.arguments, strict=False):
        page.text(row, column, argument.name, ARGUMENT_NAME)
        cells = list(value) if argument.is_range else [value]
        for offset, cell in enumerate(cells):
            page.write(row + 1, column + offset, _cell(argument, cell), _example_style(argument))
        last = xl_rowcol_to_cell(row + 1, column + len(cells) - 1)
        first = xl_rowcol_to_cell(row + 1, column)
        references[argument.name] = f"{first}:{last}" if argument.is_range else first
        column += len(cells)
    number_format = "0.0%" if "65%" in function.unit else "#,##0.00"
    page.text(row + 1, 1, function.name, "label")
    page.formula(row + 1, 2, function.native_formula(**references), styles.calculated_style(number_format))
    page.write(row + 1, 3, float(example.result), {"num_format": number_format, "align": "right"})
    value, expected = xl_rowcol_to_cell(row + 1, 2), xl_rowcol_to_cell(row + 1, 3)
    tick = f'IF(ISNUMBER({value}),IF(ABS({value}-{expected})<=ABS({expected})*calc_tolerance,"✓","✗"),"✗")'
    page.formula(row + 1, 4, tick, styles.calculated_style("@", centred=True))


def _cell(argument: Argument, value: Any) -> Any:
    if value in (None, ""):
        return None
    return dt.date.fromisoformat(value) if argument.kind is Kind.DATE and isinstance(value, str) else value


def _example_style(argument: Argument) -> dict[str, Any]:
    formats = {Kind.DATE: "yyyy-mm-dd", Kind.RATE: "0.0%", Kind.NUMBER: "#,##0.##"}
    return {"num_format": formats.get(argument.kind, "@"), "font_size": 10, "align": "right"}
