"""Targets: the goal, the season, the ratios to plan with and the standards, each a named cell."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales import standards
from xlsales.planner import actions, names, styles
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Fields, Figures, Free, Grid, Sheet
from xlsales.planner.figures import Figure
from xlsales.planner.layouts.columns import count, day, money, share
from xlsales.planner.page import Page
from xlsales.planner.placing import Lane, Place
from xlsales.planner.styles import SheetKind
from xlsales.planner.thresholds import THRESHOLDS, WEIGHTS
from xlsales.schema import AS_OF, CADENCES, COVERAGE_MODELS, MONTHS, TERRITORIES, Column, Kind
from xlsales.texts import N_, _

DEFAULTS: dict[str, object] = {
    "coverage_model": COVERAGE_MODELS[0],
    "checkin_cadence": CADENCES[0],
    "growth_rate": standards.GROWTH,
    "attrition_rate": standards.ATTRITION,
    "selling_weeks": standards.WEEKS_A_YEAR,
    "gross_margin": standards.GROSS_MARGIN,
    "language": "en",
    "hours_per_week": standards.HOURS_A_WEEK,
    "surprise_buffer": standards.SURPRISE_BUFFER,
} | {f"season_{month:02}": 1 / len(MONTHS) for month in range(1, len(MONTHS) + 1)}

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
    "checkin_cadence",
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


def _ratio(name: str, label: str) -> tuple[Figure, Figure]:
    """The ratio that the plan uses, and what it rests on: one of 0 cannot be planned with."""
    planned, measured = f"N(in_planned_{name})>0", f"N(out_{name})>0"
    return (
        Figure(
            f"calc_{name}",
            label,
            "0.0%",
            f"IF({planned},in_planned_{name},IF({measured},out_{name},th_{name}))",
            N_("Planned above, else measured this year, else the standard."),
        ),
        Figure(
            f"calc_{name}_basis",
            N_("It rests on"),
            "@",
            f"IF({planned},word_typed,IF({measured},word_measured,word_standard))",
            N_("TYPED, MEASURED, or the STANDARD where nothing above 0% is measured."),
        ),
    )


CALCULATED = (
    Figure(
        "calc_year_start",
        N_("Year starts"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(in_year_start),in_year_start,IF(ISNUMBER(in_fiscal_year),DATE(in_fiscal_year,1,1),""))',
        N_("First day of the fiscal year."),
    ),
    Figure(
        "calc_year_end",
        N_("Year ends"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_year_start),EDATE(calc_year_start,12)-1,"")',
        N_("Last day of the fiscal year."),
    ),
    Figure(
        "calc_first_week",
        N_("First week"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_year_start),calc_year_start-WEEKDAY(calc_year_start,2)+1-7*calc_history_weeks,"")',
        N_("The Monday that the Activity sheet begins with."),
    ),
    Figure(
        "calc_year_monday",
        N_("Week of the year's first day"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_first_week),calc_first_week+7*calc_history_weeks,"")',
        N_("Its Monday; that week's days of the old year count for the old year."),
    ),
    Figure(
        "calc_latest",
        N_("Latest day known"),
        "yyyy-mm-dd",
        "MAX({tblWeeks.recorded},fig_latest_deal,{tblAccounts.last_order__last_contact},{tblCheckins.held})",
        N_("Of weeks filled, deals, orders, conversations."),
    ),
    Figure(
        "calc_as_of",
        N_("Looking from"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(in_as_of),in_as_of,IF(calc_latest=0,"",MIN(calc_latest,calc_year_end)))',
        N_("As of, or the latest day that the plan knows of."),
    ),
    Figure(
        "calc_until",
        N_("This year, to"),
        "yyyy-mm-dd",
        'IF(COUNT(calc_as_of,calc_year_end)=2,MIN(calc_as_of,calc_year_end),"")',
        N_("As of, or the year's last day."),
    ),
    Figure(
        "calc_until_monday",
        N_("Week of that day"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_until),INT(calc_until)-MOD(INT(calc_until)-2,7),"")',
        N_("Its Monday."),
    ),
    Figure(
        "calc_goal",
        N_("Goal used"),
        "#,##0",
        'IF(N(in_revenue_goal)>0,in_revenue_goal,"")',
        N_("A goal of 0 is none."),
    ),
    Figure(
        "calc_selling_weeks",
        N_("Selling weeks used"),
        "0.0",
        "IF(N(in_selling_weeks)>0,in_selling_weeks,52)",
        N_("As above, or 52."),
    ),
    Figure(
        "calc_plannable_hours",
        N_("Hours to plan, a week"),
        "0.0",
        "N(in_hours_per_week)*(1-N(in_surprise_buffer))",
        N_("Without what is kept for surprises."),
    ),
    Figure(
        "calc_average_sale",
        N_("Average sale used"),
        "#,##0",
        'IF(N(in_planned_average_sale)>0,in_planned_average_sale,IF(N(out_average_sale)>0,out_average_sale,""))',
        N_("Planned above, else measured this year."),
    ),
    Figure(
        "calc_average_sale_basis",
        N_("It rests on"),
        "@",
        "IF(N(in_planned_average_sale)>0,word_typed,IF(N(out_average_sale)>0,word_measured,word_not_yet))",
        N_("Type an average sale above, as long as none is measured."),
    ),
    *_ratio("proposal_ratio", N_("Proposal ratio used")),
    *_ratio("close_ratio", N_("Close ratio used")),
)

MONTHS_OF_YEAR = Layout(
    "months",
    "months",
    (
        day(
            "start",
            N_("Month begins"),
            'IF(ISNUMBER(calc_year_start),EDATE(calc_year_start,ROW()-ROW({start.head})-1),"")',
        ),
        share("share", N_("Share"), 'IF({start}="","",N(INDEX(season_weights,MONTH({start}))))'),
        share("before", N_("Share before"), "SUM({share.head}:{share.above})"),
        count("days", N_("Days"), 'IF({start}="","",EDATE({start},1)-{start})'),
        money("goal", N_("Goal"), 'IF(OR({share}="",NOT(ISNUMBER(in_revenue_goal))),"",in_revenue_goal*{share})'),
    ),
    len(MONTHS),
)
CALENDAR = {"start": "cal_start", "share": "cal_weight", "before": "cal_before", "days": "cal_days"}
SEASON_COLUMNS = 2
WIDE = SEASON_COLUMNS + len(MONTHS_OF_YEAR.columns)  # of the right lane


def sheet(_tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    left = (
        _fields("territory", N_("Territory"), TERRITORY),
        _fields("goal", N_("Goal"), GOAL),
        _fields("ratios", N_("Ratios to plan with"), RATIOS),
        Figures(name="used", title=N_("What the plan uses"), figures=CALCULATED),
        Fields(
            name="chances",
            title=N_("Chance that a deal of a stage is won"),
            fields=actions.chances(),
            prefix="th_chance",
            cells="stage_chances",
        ),
        Fields(name="points", title=N_("This week: points of an action"), fields=actions.fields(), prefix="w"),
    )
    right = (
        Free(
            name="season",
            title=N_("Season: share of the goal"),
            rows=2 + len(MONTHS),
            columns=SEASON_COLUMNS,
            content=_season,
        ),
        Free(
            name="weights",
            title=N_("Priority criteria: what makes an account worth your time"),
            rows=2,
            columns=WIDE,
            content=_weights,
        ),
        Fields(
            name="standards",
            title=N_("Standards"),
            fields=[(threshold.field, threshold.default) for threshold in THRESHOLDS],
            prefix="th",
            columns=WIDE,
            gap=2,
        ),
    )
    calendar = Grid(layout=MONTHS_OF_YEAR, title=N_("Months of the fiscal year"), names=CALENDAR, totals=("goal",))
    return Sheet(
        name=names.TARGETS,
        kind=SheetKind.INPUT,
        title=N_("Targets"),
        subtitle=N_("Set the goal, the season and the standards here; every other sheet reads them."),
        widths=(27, 17, 62, 2, 31, 12, 13, 11, 11, 8, 13),
        lanes=(Lane(1, left), Lane(5, right), Lane(5 + SEASON_COLUMNS, (calendar,))),
    )


def _fields(name: str, title: str, fields: tuple[str, ...]) -> Fields:
    return Fields(name=name, title=title, fields=[(FIELDS[field], DEFAULTS.get(field)) for field in fields])


def _season(page: Page, place: Place) -> None:
    """Write the share of the goal in each calendar month."""
    first = place.top + 1
    months, shares = place.left, place.left + 1
    for column, text in ((months, _("Month")), (shares, _("Share of goal"))):
        page.text(place.top, column, text, "head_input")
    for row, label in enumerate(MONTHS, start=first):
        name = f"season_{row - place.top:02}"
        page.text(row, months, _(label), "label")
        page.input(row, shares, FIELDS[name], DEFAULTS[name])
        page.name_cell(f"in_{name}", row, shares)
    page.name_cells("season_weights", (first, shares), (place.top + len(MONTHS), shares))
    page.text(place.bottom, months, _("Total"), "label")
    page.formula(place.bottom, shares, "SUM(season_weights)", {**styles.calculated_style("0.0%"), "bold": True})


def _weights(page: Page, place: Place) -> None:
    """Write the weights of the account score side by side, as the points stand on Accounts."""
    page.text(place.bottom, place.left, _("Weight"), "label")
    for column, weight in enumerate(WEIGHTS, start=place.left + 1):
        page.text(place.top, column, _(weight.field.header), "head_input")
        page.input(place.bottom, column, weight.field, weight.default)
        page.name_cell(f"w_{weight.field.name}", place.bottom, column)
    page.name_cells("weights", (place.bottom, place.left + 1), (place.bottom, place.left + len(WEIGHTS)))
