"""Team: who does which part of the sale, what people earn, and how many accounts one can carry."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales import standards
from xlsales.planner import names
from xlsales.planner.areas import Layout
from xlsales.planner.blocks import Fields, Figures, Grid, Sheet, TableBlock, stacked
from xlsales.planner.figures import Figure
from xlsales.planner.layouts.people import PEERS
from xlsales.planner.styles import SheetKind
from xlsales.schema import TERRITORIES, Column, Kind
from xlsales.texts import N_


def _number(name: str, header: str, help_: str) -> Column:
    return Column(name, header, Kind.NUMBER, help_, minimum=0, maximum=1e6)


QUESTIONS = (
    (
        _number(
            "selling_hours",
            N_("Selling hours a year"),
            N_("Blank: hours to plan × selling weeks × selling time."),
        ),
        None,
    ),
    (_number("hours_per_account", N_("Hours per account"), N_("Hours one account takes in a year.")), None),
    (_number("support_hours", N_("Support hours a week"), N_("Hours of support that the team needs.")), None),
    (
        _number("support_week", N_("Hours of one supporter"), N_("Hours one support person works a week.")),
        standards.HOURS_A_WEEK,
    ),
    (
        Column(
            "assistant_cost",
            N_("Assistant, a month"),
            Kind.MONEY,
            N_("Cost of an assistant."),
            minimum=0,
            maximum=1e9,
        ),
        None,
    ),
)
# As RAMP_MONTHS: whole months, and the part of the one that has begun or is not over.
_RAMP = (
    'IF(fig_ramp_months="","",fig_ramp_months+(in_productive-fig_ramp_day)/'
    "ABS(EDATE(in_hired,fig_ramp_months+IF(in_productive<fig_ramp_day,-1,1))-fig_ramp_day))"
)
ANSWERS = (
    Figure(
        "out_account_load",
        N_("Accounts one person can carry"),
        "0",
        "IFERROR(INT(IF(ISNUMBER(in_selling_hours),in_selling_hours,"
        'calc_plannable_hours*in_selling_weeks*th_selling_time)/in_hours_per_account),"")',
    ),
    Figure(
        "out_support_needed",
        N_("Support people needed"),
        "0",
        'IFERROR(IF(ISNUMBER(in_support_hours),ROUNDUP(in_support_hours/in_support_week,0),""),"")',
    ),
    Figure(
        "out_assistant_payback",
        N_("Extra deals a month that pay an assistant"),
        "0.0",
        'IFERROR(IF(ISNUMBER(in_assistant_cost),in_assistant_cost/(calc_average_sale*in_gross_margin),""),"")',
    ),
)

PEOPLE = (
    (_number("leavers", N_("People who left in a year"), N_("Count of the last 12 months.")), None),
    (_number("headcount", N_("Average headcount"), N_("People in the team, on average of the year.")), None),
    (Column("hired", N_("Last hired on"), Kind.DATE, N_("First day of the person who came last.")), None),
    (Column("productive", N_("Fully productive on"), Kind.DATE, N_("The day that person reached the standard.")), None),
)
RAMP = (
    Figure(
        "fig_turnover",
        N_("Turnover"),
        "0%",
        'IF(AND(N(in_headcount)>0,ISNUMBER(in_leavers)),in_leavers/in_headcount,"")',
        N_("Low turnover is one of the twelve elements."),
    ),
    Figure("out_ramp_months", N_("Months to full productivity"), "0.0", _RAMP, N_("An assistant is ready in 6 to 9.")),
    Figure(
        "fig_ramp",
        N_("Against the standard on Targets"),
        "@",
        "IF(NOT(ISNUMBER(out_ramp_months)),word_not_yet,IF(out_ramp_months>th_assistant_to,word_look,word_ok))",
    ),
    Figure(
        "fig_best_in_front",
        N_("Best person in front of the customer"),
        "@",
        'IF(COUNT({tblTeam.fit})=0,"",INDEX({tblTeam.name},MATCH(MAX({tblTeam.fit}),{tblTeam.fit},0))&"")',
        N_("The highest fit in the list of people."),
    ),
)
PEER_MEANS = tuple((TERRITORIES[name], None) for name in ("peer_average_sale", "peer_cycle_days"))


def sheet(tables: Mapping[str, Layout]) -> Sheet:
    """Return the sheet."""
    bad = {"verdict": ("no_owner", "no_assistant", "seller_searches")}
    good = {"verdict": ("ok",)}
    carry = (
        Fields(name="capacity", title=N_("How many can you carry?"), fields=QUESTIONS, columns=5, gap=2),
        Figures(name="answers", figures=ANSWERS, gap=0, bold=True),
    )
    blocks = (
        TableBlock(layout=tables["tblTeam"], title=N_("People, and what their results earn them")),
        TableBlock(layout=tables["tblStages"], title=N_("Who does which part of the sale"), good=good, bad=bad),
        TableBlock(
            layout=tables["tblFunctions"], title=N_("Ten functions of a sales organisation"), good=good, bad=bad
        ),
        TableBlock(layout=tables["tblSupport"], title=N_("Whom to ask")),
        *carry,
        Fields(name="turnover", title=N_("Who leaves, and how fast new people are ready"), fields=PEOPLE, columns=5),
        Figures(name="ramp", figures=RAMP, gap=0, bold=True),
        Fields(name="peer means", title=N_("Against peers"), fields=PEER_MEANS, columns=5),
        Grid(layout=PEERS, gap=1, good={"flag": ("ok", "best_practice")}, bad={"flag": ("investigate",)}),
    )
    return Sheet(
        name=names.TEAM,
        kind=SheetKind.INPUT,
        title=N_("Team"),
        subtitle=N_("One owner for each part of the sale, and for each function of the organisation."),
        **stacked((42, 24, 24, 15, 14, 14, 14, 12, 14, 8), blocks),
        lists=True,
    )
