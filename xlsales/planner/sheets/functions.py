"""Functions: the figures of the year, the headline functions fed with them, and a gallery of examples."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.registry import Example
from xlsales.planner import candidates, names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Figures, Free, Sheet
from xlsales.planner.figures import FIGURES
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.schema import STAGES, word_name
from xlsales.texts import N_, _

FIRST_ARGUMENT = 7
ARGUMENTS = 12
LAST_COLUMN = FIRST_ARGUMENT + ARGUMENTS - 1


@dataclass(frozen=True)
class Headline:
    """A function with the planner's own inputs; its value is the defined name `out_…`."""

    name: str
    function: str
    label: str
    number_format: str
    arguments: dict[str, str | tuple[str, ...]]  # formulas, one for each cell of a range
    formats: tuple[str, ...] = ()
    ranges: dict[str, str] = field(default_factory=dict)  # argument → the table column it stands for
    when: str = ""  # what must hold for the figure to mean something

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formulas of all its arguments' cells."""
        return tuple(formula for given in self.arguments.values() for formula in _cells(given))


def _cells(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


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
        "#,##0",
        {"revenue": "fig_revenue", "won": "fig_won"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "sales_cycle_days",
        "SALES_CYCLE_DAYS",
        N_("Sales cycle of the deals closed this year"),
        "0.0",
        {"start_dates": "fig_cycle_from", "close_dates": "fig_cycle_to"},
        ("yyyy-mm-dd", "yyyy-mm-dd"),
    ),
    Headline(
        "magic_number",
        "MAGIC_NUMBER",
        N_("Magic number: first appointments a week"),
        "0.0",
        {
            "revenue_goal": "calc_goal",
            "average_sale": "calc_average_sale",
            "proposal_ratio": "calc_proposal_ratio",
            "close_ratio": "calc_close_ratio",
            "weeks": "calc_selling_weeks",
        },
        ("#,##0", "#,##0", "0.0%", "0.0%", "0.0"),
    ),
    Headline(
        "catch_up_number",
        "CATCH_UP_NUMBER",
        N_("Catch-up number: first appointments a week from now on"),
        "0.0",
        {
            "goal_left": "fig_goal_left",
            # Where the goal is met, no sale is needed: any average will do.
            "average_sale": 'IF(ISNUMBER(calc_average_sale),calc_average_sale,IF(fig_goal_left=0,1,""))',
            "proposal_ratio": "calc_proposal_ratio",
            "close_ratio": "calc_close_ratio",
            "weeks_left": "fig_weeks_left",
        },
        ("#,##0", "#,##0", "0.0%", "0.0%", "0.0"),
    ),
    Headline(
        "conversation_ratio",
        "CONVERSATION_RATIO",
        N_("Conversations that become first appointments"),
        "0.0%",
        {"first_appointments": "fig_first_appointments", "conversations": "fig_conversations"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "quota_attainment",
        "QUOTA_ATTAINMENT",
        N_("Revenue, of the goal"),
        "0.0%",
        {"actual": "fig_revenue", "quota": "calc_goal"},
        ("#,##0", "#,##0"),
    ),
    *(
        Headline(
            f"win_rate_{stage}",
            "STAGE_WIN_RATE",
            label,
            "0.0%",
            {"won": f"fig_won_from_{stage}", "entered": f"fig_won_from_{stage}+fig_lost_from_{stage}"},
            ("#,##0", "#,##0"),
        )
        for stage, label in (
            ("appointment", N_("Won, of the deals with a first appointment")),
            ("proposal", N_("Won, of the deals with a proposal")),
        )
    ),
    Headline(
        "weighted_pipeline",
        "WEIGHTED_PIPELINE",
        N_("Open pipeline, each stage weighted with its chance"),
        "#,##0",
        {
            "amounts": tuple(
                f"SUMIFS({{tblDeals.open_worth}},{{tblDeals.stage}},{word_name(stage)})" for stage in STAGES
            ),
            "probabilities": tuple(word_name(stage).replace("word", "th_chance") for stage in STAGES),
        },
        ("#,##0", "0.0%"),
        when="ISNUMBER(fig_open_deals)",
    ),
    Headline(
        "activity_barometer",
        "ACTIVITY_BAROMETER",
        N_("Activity barometer"),
        "0.0%",
        {"actual_per_week": "fig_per_week", "magic_number": "out_magic_number"},
        ("0.0", "0.0"),
    ),
    Headline(
        "org_health",
        "ORG_HEALTH",
        N_("Organisation health"),
        "0.0%",
        {},
        ranges={"scores": "tblOrgHealth.score"},
    ),
    Headline(
        "new_business",
        "NEW_BUSINESS_NEEDED",
        N_("New business needed this year"),
        "#,##0",
        {
            "opening": 'IF(ISNUMBER(in_opening_revenue),in_opening_revenue,"")',
            "growth": "N(in_growth_rate)",
            "attrition": "N(in_attrition_rate)",
            "protected_share": "N(in_high_value_share)",
        },
        ("#,##0", "0.0%", "0.0%", "0.0%"),
    ),
    Headline(
        "run_rate",
        "RUN_RATE_NEEDED",
        N_("Revenue still needed a week"),
        "#,##0",
        {
            "goal": "calc_goal",
            "actual": 'IF(ISNUMBER(calc_until),N(fig_revenue),"")',
            "weeks_left": "fig_weeks_left",
        },
        ("#,##0", "#,##0", "0.0"),
    ),
    Headline(
        "pipeline_coverage",
        "PIPELINE_COVERAGE",
        N_("Open pipeline, times the goal still open"),
        "0.0",
        {"open_pipeline": "fig_open_forecast", "goal_left": "fig_goal_left"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "plan_coverage",
        "PLAN_COVERAGE",
        N_("Plan coverage, all accounts"),
        "0.0%",
        {"with_plan": "fig_accounts_planned", "total": "fig_accounts"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "top_coverage",
        "PLAN_COVERAGE",
        N_("Plan coverage, top accounts"),
        "0.0%",
        {"with_plan": "fig_top_planned", "total": "fig_top_accounts"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "retention",
        "RETENTION_RATE",
        N_("High-value retention"),
        "0.0%",
        {"kept": "fig_high_value_kept", "opening": "fig_high_value"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "dormant_value",
        "DORMANT_VALUE",
        N_("Revenue that accounts no longer bring"),
        "#,##0",
        {},
        ranges={"prior_revenue": "tblAccounts.prior_revenue", "recent_revenue": "tblAccounts.recent_revenue"},
        when="COUNT({tblAccounts.prior_revenue})>0",
    ),
    Headline(
        "selling_time",
        "SELLING_TIME",
        N_("Selling time"),
        "0.0%",
        {"selling_hours": "fig_selling_hours", "total_hours": "fig_hours"},
        ("#,##0", "#,##0"),
    ),
    Headline(
        "selling_time_status",
        "SELLING_TIME_STATUS",
        N_("Selling time against its band"),
        "@",
        {"selling_time": "out_selling_time", "low": "th_selling_time", "high": "th_selling_time_high"},
        ("0.0%", "0.0%", "0.0%"),
    ),
    Headline(
        "balance",
        "BALANCE_MIX",
        N_("Share of new customers in what is won"),
        "0.0%",
        {"new_revenue": "fig_new_revenue", "existing_revenue": "fig_existing_revenue"},
        ("#,##0", "#,##0"),
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


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    blocks = (
        Figures(
            name="figures", title=N_("Counted from the tables"), figures=FIGURES, prefix="fig_", columns=LAST_COLUMN
        ),
        candidates.block(),
        Free(
            name="headlines",
            title=N_("Headline functions with this plan's figures"),
            rows=1 + 2 * len(HEADLINES),
            columns=LAST_COLUMN,
            gap=2,
            content=_headlines,
        ),
        Free(
            name="gallery",
            title=N_("Gallery: every function, with results worked by hand"),
            rows=1 + 2 * len(examples()),
            columns=LAST_COLUMN,
            content=_gallery,
        ),
    )
    return Sheet(
        name=names.FUNCTIONS,
        kind=SheetKind.OUTPUT,
        title=N_("Functions"),
        subtitle=N_("What the headline figures are made of: each function, its arguments and its value."),
        widths=[46, 12, 25, 10, 11, 10] + [9.5] * ARGUMENTS,
        lanes=(Lane(1, blocks),),
    )


def _headlines(page: Page, place: Place) -> None:
    for column, heading in ((2, _("Value used")), (4, _("Status")), (5, _("Python")), (6, _("Native"))):
        page.text(place.top, column, heading, ARGUMENT_NAME)
    for index, headline in enumerate(HEADLINES):
        _headline(page, place.top + 2 * index, headline)
    page.words(xl_range(place.top + 2, 4, place.bottom, 4), good=("python",), bad=("different",))


def _headline(page: Page, row: int, headline: Headline) -> None:
    """Write a function's row: value used, name, status, Python's and the native value, and its arguments."""
    references: dict[str, str] = {}
    column = FIRST_ARGUMENT
    for (argument, given), number_format in zip(headline.arguments.items(), headline.formats, strict=True):
        page.text(row, column, _plain(argument), ARGUMENT_NAME)
        first, formulas = column, _cells(given)
        for column, formula in enumerate(formulas, start=first):
            _argument(page, row + 1, column, formula, number_format)
        references[argument] = _range(row + 1, first, column)
        column += 1
    for index, (argument, source) in enumerate(headline.ranges.items()):
        excel_table, _dot, name = source.partition(".")
        column = FIRST_ARGUMENT + 2 * index
        page.text(row, column, _plain(argument), ARGUMENT_NAME)
        references[argument] = page.book.column(excel_table, name)
        page.text(row + 1, column, references[argument].replace("$", ""), {"font_size": 10})
    label = {**styles.STYLES["label"], "shrink": True}
    page.text(row + 1, 1, _(headline.label), label)
    page.text(row + 1, 3, headline.function, label)
    _bridge(
        page,
        row + 1,
        CATALOGUE[headline.function],
        references,
        headline.number_format,
        page.book.with_columns(headline.when),
    )
    page.name_cell(f"out_{headline.name}", row + 1, 2)


def _argument(page: Page, row: int, column: int, formula: str, number_format: str) -> None:
    style = styles.calculated_style(number_format, textual=number_format == "@")
    if code := re.fullmatch(r'"(\w+)"', formula):
        page.text(row, column, code[1], style)
    else:
        page.formula(row, column, page.book.with_columns(formula), style)


def _range(row: int, first: int, last: int) -> str:
    cells: str = xl_rowcol_to_cell(row, first) if first == last else xl_range(row, first, row, last)
    return cells


def _plain(argument: str) -> str:
    """Return an argument's name as words."""
    return argument.replace("_", " ")


DATE_UNIT = "date"  # the unit of a result that is a date
ARGUMENT_NAME = {"font_size": 9, "font_color": styles.MUTED, "shrink": True}


def _bridge(
    page: Page, row: int, function: SalesFunction, references: Mapping[str, str], number_format: str, when: str = ""
) -> None:
    """Write the native twin, beside it Python's value where cells can call it, and which of them is used."""
    style = {**styles.calculated_style(number_format), "align": "right"}
    native, udf = f"G{row + 1}", f"F{row + 1}"
    twin = f'IFERROR({function.native_formula(**references)},"")' if function.native else '""'
    page.formula(row, 6, f'IF({when},{twin},"")' if when else twin, style)
    if page.book.udf:
        call = f"{function.name}({','.join(references.values())})"
        call = f'IFERROR({f"INDEX({call},1,1)" if function.spills else call},"")'  # the first of a spilling result
        page.formula(row, 5, f'IF({when},{call},"")' if when else call, style)
    used = f'IF({udf}="",{native},{udf})' if page.book.udf else native
    same = f"ABS({udf}-{native})<=ABS({native})*calc_tolerance"
    status = f'IF({udf}="",word_native,IF(IFERROR({same},{udf}={native}),word_python,word_different))'
    page.formula(row, 2, used, {**style, "bold": True})
    page.formula(row, 4, status if page.book.udf else "word_native", styles.calculated_style("@", centred=True))


def _gallery(page: Page, place: Place) -> None:
    """Write every function's examples with the expected value and a tick: an acceptance test for anyone."""
    headings = (_("Function"), _("Result"), _("Expected"), _("Right?"), _("Python"), _("Native"))
    for column, heading in enumerate(headings, start=1):
        page.text(place.top, column, heading, "head_calculated")
    for index, (function, example) in enumerate(examples()):
        _example(page, place.top + 1 + 2 * index, function, example)
    page.signs(xl_range(place.top + 2, 4, place.bottom, 4), good="✓", bad="✗")


def examples() -> list[tuple[SalesFunction, Example]]:
    """Return the examples that the gallery shows: those whose arguments fit its columns."""
    return [
        (function, example)
        for function in CATALOGUE.values()
        for example in function.examples
        if sum(len(cells) for _argument, cells in _placed(function, example)) <= ARGUMENTS
    ]


def _placed(function: SalesFunction, example: Example) -> list[tuple[Argument, list[Any]]]:
    """Return each argument of an example with its cells; a variadic one takes all that are left."""
    fixed = [argument for argument in function.arguments if not argument.variadic]
    rest = [function.arguments[-1]] * (len(example.arguments) - len(fixed))
    return [
        (argument, list(value) if isinstance(value, (list, tuple)) else [value])
        for argument, value in zip([*fixed, *rest], example.arguments, strict=False)
    ]


def _example(page: Page, row: int, function: SalesFunction, example: Example) -> None:
    references: dict[str, str] = {}
    column = FIRST_ARGUMENT
    for index, (argument, cells) in enumerate(_placed(function, example)):
        page.text(row, column, _plain(argument.name), ARGUMENT_NAME)
        for offset, cell in enumerate(cells):
            page.write(row + 1, column + offset, _cell(argument, cell), _example_style(argument))
        first, last = (xl_rowcol_to_cell(row + 1, column + offset) for offset in (0, len(cells) - 1))
        name = f"{argument.name}{index}" if argument.variadic else argument.name
        references[name] = first if len(cells) == 1 else f"{first}:{last}"
        column += len(cells)
    expected = example.result[0][0] if isinstance(example.result, list) else example.result
    number_format = _result_format(function, expected)
    page.text(row + 1, 1, function.name, "label")
    _bridge(page, row + 1, function, references, number_format)
    page.write(row + 1, 3, expected, {"num_format": number_format, "align": "right", "shrink": number_format == "@"})
    value, wanted = xl_rowcol_to_cell(row + 1, 2), xl_rowcol_to_cell(row + 1, 3)
    same = f"{value}={wanted}" if isinstance(expected, str) else f"ABS({value}-{wanted})<=ABS({wanted})*calc_tolerance"
    # Without Python there is nothing to compare where no native formula exists.
    tick = f'IF({value}="","–",IF({same},"✓","✗"))' if not function.native else f'IF(IFERROR({same},FALSE),"✓","✗")'
    page.formula(row + 1, 4, tick, styles.calculated_style("@", centred=True))


def _result_format(function: SalesFunction, expected: object) -> str:
    if isinstance(expected, str):
        return "@"
    return "yyyy-mm-dd" if function.unit == DATE_UNIT else "0.0%" if "65%" in function.unit else "#,##0.00"


def _cell(argument: Argument, value: Any) -> Any:
    if value in (None, ""):
        return None
    return dt.date.fromisoformat(value) if argument.kind is Kind.DATE and isinstance(value, str) else value


def _example_style(argument: Argument) -> dict[str, Any]:
    formats = {Kind.DATE: "yyyy-mm-dd", Kind.RATE: "0.0%", Kind.NUMBER: "#,##0.##"}
    number_format = formats.get(argument.kind, "@")
    return {"num_format": number_format, "font_size": 10, "align": "right", "shrink": number_format == "@"}
