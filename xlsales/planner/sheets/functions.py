"""Functions: the figures of the year, the headline functions fed with them, and a gallery of examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.registry import Example
from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.figures import FIGURES
from xlsales.planner.styles import SheetKind
from xlsales.texts import N_, _

NAME = "Functions"
FIGURES_ROW = 3
BRIDGE_ROW = FIGURES_ROW + len(FIGURES) + 3
FIRST_ARGUMENT = 7
ARGUMENTS = 12
LAST_COLUMN = FIRST_ARGUMENT + ARGUMENTS - 1
# Status words: which of the two values is used. They are code words, the same in every language.
NATIVE, PYTHON, DIFFERENT = "Native", "Python", "DIFFERENT"


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
            "revenue": "in_ask_revenue",
            "gross_margin": "in_gross_margin",
            "discount": "in_ask_discount",
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
            "revenue": "in_ask_revenue",
            "gross_margin": "in_gross_margin",
            "discount": "in_ask_discount",
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
        [44, 14, 22, 12, 14, 14] + [13.0] * ARGUMENTS,
    )
    page.section(FIGURES_ROW, 1, LAST_COLUMN, _("Counted from the tables"))
    for row, figure in enumerate(FIGURES, start=FIGURES_ROW + 1):
        page.text(row, 1, _(figure.label), "label")
        page.formula(row, 2, book.with_columns(figure.formula), styles.calculated_style(figure.number_format))
        page.text(row, 3, _(figure.note), {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
        page.name_cell(f"fig_{figure.name}", row, 2)
    page.section(BRIDGE_ROW, 1, LAST_COLUMN, _("Headline functions with this plan's figures"))
    for column, heading in ((2, _("Value used")), (4, _("Status")), (5, _("Python")), (6, _("Native"))):
        page.text(BRIDGE_ROW + 1, column, heading, ARGUMENT_NAME)
    for index, headline in enumerate(HEADLINES):
        _headline(page, BRIDGE_ROW + 1 + 2 * index, headline)
    page.words(f"E{BRIDGE_ROW + 3}:E{BRIDGE_ROW + 2 + 2 * len(HEADLINES)}", good=(PYTHON,), bad=(DIFFERENT,))
    _gallery(page, BRIDGE_ROW + 2 * len(HEADLINES) + 3)
    page.sheet.freeze_panes(2, 0)
    page.sheet.set_selection(0, 0, 0, 0)
    page.finish()


def _headline(page: Page, row: int, headline: Headline) -> None:
    """Write a function's row: value used, name, status, Python's and the native value, and its arguments."""
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
    page.text(row + 1, 1, _(headline.label), "label")
    page.text(row + 1, 3, headline.function, "label")
    _bridge(page, row + 1, CATALOGUE[headline.function], references, headline.number_format)
    page.name_cell(f"out_{headline.name}", row + 1, 2)


ARGUMENT_NAME = {"font_size": 9, "font_color": styles.MUTED}


def _bridge(page: Page, row: int, function: SalesFunction, references: Mapping[str, str], number_format: str) -> None:
    """Write the native twin, beside it Python's value where cells can call it, and which of them is used."""
    style = styles.calculated_style(number_format)
    native, udf = f"G{row + 1}", f"F{row + 1}"
    page.formula(row, 6, f'IFERROR({function.native_formula(**references)},"")', style)
    if page.book.udf:
        arguments = ",".join(references.values())
        page.formula(row, 5, f'IFERROR({function.name}({arguments}),"")', style)
    used = f'IF({udf}="",{native},{udf})' if page.book.udf else native
    same = f"ABS({udf}-{native})<=ABS({native})*calc_tolerance"
    status = f'IF({udf}="","{NATIVE}",IF(IFERROR({same},{udf}={native}),"{PYTHON}","{DIFFERENT}"))'
    page.formula(row, 2, used, {**style, "bold": True})
    page.formula(row, 4, status if page.book.udf else f'"{NATIVE}"', styles.calculated_style("@", centred=True))


def _gallery(page: Page, row: int) -> None:
    """Write every function's examples with the expected value and a tick: an acceptance test for anyone."""
    page.section(row, 1, LAST_COLUMN, _("Gallery: every function, with results worked by hand"))
    headings = (_("Function"), _("Result"), _("Expected"), _("Right?"), _("Python"), _("Native"))
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
        first, last = (xl_rowcol_to_cell(row + 1, column + offset) for offset in (0, len(cells) - 1))
        references[argument.name] = f"{first}:{last}" if argument.is_range else first
        column += len(cells)
    number_format = "0.0%" if "65%" in function.unit else "#,##0.00"
    page.text(row + 1, 1, function.name, "label")
    _bridge(page, row + 1, function, references, number_format)
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
