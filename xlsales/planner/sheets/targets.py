"""Targets: the goal, the season, the ratios to plan with and the standards, each a named cell."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from xlsales.planner import styles
from xlsales.planner.book import Book, Page
from xlsales.planner.sizes import HISTORY_WEEKS
from xlsales.planner.styles import SheetKind
from xlsales.planner.thresholds import THRESHOLDS, WEIGHTS
from xlsales.schema import MONTHS, TERRITORIES, Column, Kind
from xlsales.texts import N_, _

NAME = "Targets"
DEFAULTS: dict[str, object] = {
    "coverage_model": "COMBINED",
    "growth_rate": 0.10,
    "attrition_rate": 0.17,
    "selling_weeks": 52,
    "gross_margin": 0.5,
    "language": "en",
    "hours_per_week": 40,
    "surprise_buffer": 0.1,
} | {f"season_{month:02}": 1 / 12 for month in range(1, 13)}

TERRITORY = (
    "territory_id",
    "territory_name",
    "person",
    "leader",
    "region",
    "fiscal_year",
    "year_start",
    "as_of",
    "currency",
    "coverage_model",
    "language",
)
GOAL = (
    "revenue_goal",
    "opening_revenue",
    "growth_rate",
    "attrition_rate",
    "high_value_share",
    "selling_weeks",
    "gross_margin",
    "hours_per_week",
    "surprise_buffer",
)
RATIOS = ("planned_average_sale", "planned_proposal_ratio", "planned_close_ratio")

AS_OF = Column(
    "as_of", N_("As of"), Kind.DATE, N_("The day this planner looks from; blank means the last week filled.")
)
HOURS = Column(
    "hours_per_week",
    N_("Hours a week"),
    Kind.NUMBER,
    N_("Working hours of a week."),
    minimum=0,
    maximum=168,
)
BUFFER = Column(
    "surprise_buffer",
    N_("Kept for surprises"),
    Kind.RATE,
    N_("Share of the hours that is never planned."),
    minimum=0,
    maximum=1,
)
FIELDS = {column.name: column for column in (*TERRITORIES, AS_OF, HOURS, BUFFER)}

CALCULATED = (
    (
        "calc_year_start",
        N_("Year starts"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(in_year_start),in_year_start,IF(ISNUMBER(in_fiscal_year),DATE(in_fiscal_year,1,1),""))',
        N_("First day of the fiscal year."),
    ),
    (
        "calc_year_end",
        N_("Year ends"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_year_start),EDATE(calc_year_start,12)-1,"")',
        N_("Last day of the fiscal year."),
    ),
    (
        "calc_first_week",
        N_("First week"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_year_start),calc_year_start-WEEKDAY(calc_year_start,2)+1-7*calc_history_weeks,"")',
        N_("The Monday that the Activity sheet begins with."),
    ),
    (
        "calc_as_of",
        N_("Looking from"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(in_as_of),in_as_of,IF(MAX({recorded})=0,"",MIN(MAX({recorded}),calc_year_end)))',
        N_("As of, or the end of the last week filled."),
    ),
    (
        "calc_plannable_hours",
        N_("Hours to plan, a week"),
        "0.0",
        "N(in_hours_per_week)*(1-N(in_surprise_buffer))",
        N_("Without what is kept for surprises."),
    ),
    (
        "calc_average_sale",
        N_("Average sale used"),
        "#,##0",
        "IF(ISNUMBER(in_planned_average_sale),in_planned_average_sale,out_average_sale)",
        N_("Planned above, else measured this year."),
    ),
    (
        "calc_proposal_ratio",
        N_("Proposal ratio used"),
        "0.0%",
        "IF(ISNUMBER(in_planned_proposal_ratio),in_planned_proposal_ratio,"
        "IF(ISNUMBER(out_proposal_ratio),out_proposal_ratio,th_proposal_ratio))",
        N_("Planned above, else measured this year, else the standard."),
    ),
    (
        "calc_close_ratio",
        N_("Close ratio used"),
        "0.0%",
        "IF(ISNUMBER(in_planned_close_ratio),in_planned_close_ratio,"
        "IF(ISNUMBER(out_close_ratio),out_close_ratio,th_close_ratio))",
        N_("Planned above, else measured this year, else the standard."),
    ),
)

FIXED = (
    (
        "calc_top_points",
        N_("Top points"),
        5,
        "0",
        N_("The best that an account or a conversation can be given."),
    ),
    (
        "calc_history_weeks",
        N_("Weeks of history"),
        HISTORY_WEEKS,
        "0",
        N_("Weeks that the Activity sheet shows before the year starts."),
    ),
    (
        "calc_tolerance",
        N_("Tolerance"),
        1e-9,
        "0E+00",
        N_("Two figures closer than this, relatively, are the same."),
    ),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        NAME,
        SheetKind.INPUT,
        _("Targets"),
        _("Set the goal, the season and the standards here; every other sheet reads them."),
        (27, 17, 62, 2, 24, 12, 13, 11, 11, 8, 13),
    )
    row = _fields(page, 3, _("Territory"), TERRITORY)
    row = _fields(page, row + 1, _("Goal"), GOAL)
    row = _fields(page, row + 1, _("Ratios to plan with"), RATIOS)
    _calculated(page, row + 1)
    row = _season(page, 3)
    row = _weights(page, row + 1)
    _thresholds(page, row + 1)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.freeze_panes(2, 0)
    page.finish()


def _fields(page: Page, row: int, title: str, names: tuple[str, ...]) -> int:
    page.section(row, 1, 3, title)
    for row_, name in enumerate(names, start=row + 1):
        page.field(row_, 1, FIELDS[name], "in", DEFAULTS.get(name))
    return row + 1 + len(names)


def _calculated(page: Page, row: int) -> None:
    page.section(row, 1, 3, _("What the plan uses"))
    recorded = page.book.column("tblWeeks", "recorded")
    for row_, (name, label, number_format, formula, note) in enumerate(CALCULATED, start=row + 1):
        page.text(row_, 1, _(label), "label")
        page.formula(row_, 2, formula.format(recorded=recorded), styles.calculated_style(number_format))
        page.text(row_, 3, _(note), {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
        page.name_cell(name, row_, 2)
    for row_, (name, label, number, number_format, note) in enumerate(FIXED, start=row + 1 + len(CALCULATED)):
        page.text(row_, 1, _(label), "label")
        page.number(row_, 2, number, styles.calculated_style(number_format))
        page.text(row_, 3, _(note), {"font_color": styles.MUTED, "font_size": 10, "indent": 1})
        page.name_cell(name, row_, 2)


def _season(page: Page, row: int) -> int:
    """Write the share of the goal in each calendar month, and the months of the fiscal year."""
    page.section(row, 5, 11, _("Season: how the goal spreads over the year"))
    head = row + 1
    for column, text in enumerate((_("Month"), _("Share of goal")), start=5):
        page.text(head, column, text, "head_input")
    headings = (_("Month begins"), _("Share"), _("Share before"), _("Days"), _("Goal"))
    for column, text in enumerate(headings, start=7):
        page.text(head, column, text, "head_calculated")
    for month, label in enumerate(MONTHS, start=1):
        name = f"season_{month:02}"
        page.text(head + month, 5, _(label), "label")
        page.input(head + month, 6, FIELDS[name], DEFAULTS[name])
        page.name_cell(f"in_{name}", head + month, 6)
        _month(page, head, head + month)
    last = head + 12
    for name, column in (
        ("season_weights", 6),
        ("cal_start", 7),
        ("cal_weight", 8),
        ("cal_before", 9),
        ("cal_days", 10),
    ):
        first_cell = xl_rowcol_to_cell(head + 1, column, row_abs=True, col_abs=True)
        last_cell = xl_rowcol_to_cell(last, column, row_abs=True, col_abs=True)
        page.book.name(name, NAME, f"{first_cell}:{last_cell}")
    page.text(last + 1, 5, _("Total"), "label")
    page.formula(last + 1, 6, "SUM(season_weights)", {**styles.calculated_style("0.0%"), "bold": True})
    page.formula(last + 1, 11, f"SUM(L{head + 2}:L{last + 1})", {**styles.calculated_style("#,##0"), "bold": True})
    return last + 2


def _month(page: Page, head: int, row: int) -> None:
    """Write one month of the fiscal year: H begins, I share, J share before, K days, L goal."""
    r = row + 1
    cells = (
        ("yyyy-mm-dd", f'IF(ISNUMBER(calc_year_start),EDATE(calc_year_start,ROW()-ROW($H${head + 1})-1),"")'),
        ("0.0%", f'IF($H{r}="","",N(INDEX(season_weights,MONTH($H{r}))))'),
        ("0.0%", f"SUM($I${head + 1}:$I{r - 1})"),
        ("0", f'IF($H{r}="","",EDATE($H{r},1)-$H{r})'),
        ("#,##0", f'IF(OR($I{r}="",NOT(ISNUMBER(in_revenue_goal))),"",in_revenue_goal*$I{r})'),
    )
    for column, (number_format, formula) in enumerate(cells, start=7):
        page.formula(row, column, formula, styles.calculated_style(number_format))


def _weights(page: Page, row: int) -> int:
    """Write the weights of the account score side by side, as the points stand on Accounts."""
    page.section(row, 5, 11, _("Priority criteria: what makes an account worth your time"))
    page.text(row + 2, 5, _("Weight"), "label")
    for column, weight in enumerate(WEIGHTS, start=6):
        page.text(row + 1, column, _(weight.field.header), "head_input")
        page.input(row + 2, column, weight.field, weight.default)
        page.name_cell(f"w_{weight.field.name}", row + 2, column)
    first, last = (xl_rowcol_to_cell(row + 2, c, row_abs=True, col_abs=True) for c in (6, 5 + len(WEIGHTS)))
    page.book.name("weights", NAME, f"{first}:{last}")
    return row + 4


def _thresholds(page: Page, row: int) -> None:
    page.section(row, 5, 11, _("Standards"))
    for row_, threshold in enumerate(THRESHOLDS, start=row + 1):
        page.field(row_, 5, threshold.field, "th", threshold.default)
