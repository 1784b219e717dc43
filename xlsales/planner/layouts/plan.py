"""The territory, relationship and development plans, the product lines and the ideal customers."""

from __future__ import annotations

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.layouts.columns import count, level, money, numbers, of_number, share, text, word
from xlsales.planner.layouts.turns import COACHING
from xlsales.schema import ORDINAL, Column, Kind
from xlsales.texts import N_

GOALS = (N_("For yourself"), N_("For the business"), N_("For your pay"), N_("For your markets"))
KPIS = (N_("Proposal ratio"), N_("Close ratio"), N_("Activity barometer"), N_("Selling time"))

# Each year with the column that it opens with, and its headings.
YEARS = (
    (1, "opening", N_("Target, year 1"), N_("New business, year 1")),
    (2, "target_1", N_("Target, year 2"), N_("New business, year 2")),
    (3, "target_2", N_("Target, year 3"), N_("New business, year 3")),
)


def _text(name: str, header: str, help_: str) -> Column:
    return Column(name, header, Kind.TEXT, help_)


_BY_WHEN = Column("by_when", N_("By when"), Kind.DATE, N_("The date by which it is done."))


def goals() -> Layout:
    """Return the four goals."""
    columns = (
        text("area", N_("Goal"), of_number("INDEX(list_goals,{ordinal})")),
        _text("goal", N_("What I want to reach"), N_("One sentence that can be checked.")),
        _text("strategy", N_("How"), N_("The way to get there.")),
        _text("measure", N_("How I will know"), N_("The figure or fact that proves it.")),
        _BY_WHEN,
        ORDINAL,
    )
    return Layout("tblGoals", "goals", columns, len(GOALS), numbers(len(GOALS)))


def actions() -> Layout:
    """Return the territory plan: accounts, activities, results, resources."""
    columns = (
        _text("account", N_("Account or segment"), N_("Whom it concerns.")),
        _text("activity", N_("Activity"), N_("What you will do.")),
        _text("result", N_("Result"), N_("What it should bring.")),
        _text("resources", N_("Resources"), N_("What you need for it.")),
        _BY_WHEN,
    )
    return Layout("tblActions", "actions", columns, 10)


# How many accounts have a plan, beside what is usual and what this plan asks for.
COVERAGE = Layout(
    "plan_coverage",
    "plan_coverage",
    (
        text("group", N_("Accounts"), "CHOOSE(ROW()-ROW({group.head}),say_all_accounts,say_top_accounts)"),
        level(
            "now",
            N_("Have a plan"),
            'IFERROR(1*CHOOSE(ROW()-ROW({now.head}),out_plan_coverage,out_top_coverage),"")',
        ),
        level("usual", N_("Usual"), "CHOOSE(ROW()-ROW({usual.head}),th_usual_plan_coverage,th_usual_top_coverage)"),
        level("target", N_("Target"), "CHOOSE(ROW()-ROW({target.head}),th_plan_coverage,th_top_coverage)"),
        word("state", N_("State"), 'IF({now}="",word_not_yet,IF({now}<{target},word_look,word_ok))'),
    ),
    2,
)


# Which lever brings most revenue when it is raised to its standard, with the appointments of the year so far.
LEVERS = Layout(
    "levers",
    "levers",
    (
        text(
            "lever",
            N_("Lever"),
            "CHOOSE(ROW()-ROW({lever.head}),say_appointments,say_proposal_ratio,say_close_ratio,say_average_sale)",
        ),
        level(
            "level",
            N_("Now"),
            "CHOOSE(ROW()-ROW({level.head}),fig_first_appointments,out_proposal_ratio,out_close_ratio,out_average_sale)",
            "#,##0.00",
        ),
        level(
            "aim",
            N_("Standard"),
            "IFERROR(1*CHOOSE(ROW()-ROW({aim.head}),out_magic_number*in_selling_weeks*fig_share_to_date,"
            'th_proposal_ratio,th_close_ratio,in_peer_average_sale),"")',
            "#,##0.00",
        ),
        level(
            "gain",
            N_("Revenue it would bring"),
            'IF(OR(COUNTBLANK({level.all})>0,N({level})=0,N({aim})=0),"",MAX(0,fig_revenue*({aim}/{level}-1)))',
            "#,##0",
        ),
        word("blocker", N_("Start here"), 'IF(N({gain})=0,"",IF({gain}=MAX({gain.all}),word_start,""))'),
    ),
    4,
)


def relations() -> Layout:
    """Return the relationship plans, one row for each account."""
    found = "INDEX({{tblAccounts.{name}}},MATCH({{account_id}},{{tblAccounts.account_id}},0))"
    columns = (
        Column("account_id", N_("Account ID"), Kind.KEY, N_("As on the Accounts sheet.")),
        _text("goal", N_("Goal with the account"), N_("What you want to reach with it.")),
        _text("people", N_("People to know"), N_("Who decides, who takes part.")),
        _text("next_step", N_("Next step"), N_("What happens next, and who does it.")),
        _BY_WHEN,
        text(
            "name",
            N_("Account"),
            f'IF({{account_id}}="","",IFERROR({found.format(name="account_name")},word_unknown))',
        ),
        count("rank", N_("Revenue rank"), f'IF({{account_id}}="","",IFERROR({found.format(name="rank")},""))'),
        word(
            "type",
            N_("Plan type"),
            f'IF({{account_id}}="","",IFERROR({found.format(name="plan_type")}&"",""))',
        ),
    )
    return Layout("tblRelations", "relations", columns, 15)


def development() -> Layout:
    """Return the development plan: what to practise, tied to a figure."""
    columns = (
        text("kpi", N_("Figure"), of_number("INDEX(list_kpis,{ordinal})")),
        _text("practise", N_("What to practise"), N_("One skill at a time.")),
        _text("with_whom", N_("With whom"), N_("Who trains or coaches.")),
        _text("measure", N_("How I will know"), N_("What will be different.")),
        _BY_WHEN,
        share(
            "now",
            N_("Now"),
            'IF({ordinal}="","",CHOOSE({ordinal},out_proposal_ratio,out_close_ratio,out_activity_barometer,'
            "out_selling_time))",
        ),
        share(
            "standard",
            N_("Standard"),
            'IF({ordinal}="","",CHOOSE({ordinal},th_proposal_ratio,th_close_ratio,th_barometer,th_selling_time))',
        ),
        word(
            "verdict",
            N_("Verdict"),
            'IF(NOT(ISNUMBER({now})),"",IF({now}<{standard},word_coach,word_ok))',
        ),
        ORDINAL,
        *COACHING,
    )
    return Layout("tblDevelopment", "development", columns, len(KPIS), numbers(len(KPIS)))


def products() -> Layout:
    """Return the product lines over three years."""
    columns: tuple[Column | Computed, ...] = (
        _text("line", N_("Product line"), N_("A group of products with a goal of its own.")),
        Column(
            "goal",
            N_("Goal this year"),
            Kind.MONEY,
            N_("Its part of the revenue goal."),
            minimum=0,
            maximum=1e13,
        ),
        Column("opening", N_("Opening revenue"), Kind.MONEY, N_("Last year's revenue."), minimum=0, maximum=1e13),
        Column("growth", N_("Growth"), Kind.RATE, N_("Blank: as on Targets."), minimum=0, maximum=1),
        Column("attrition", N_("Attrition"), Kind.RATE, N_("Blank: as on Targets."), minimum=0, maximum=1),
        Column("protected", N_("Protected share"), Kind.RATE, N_("Blank: as on Targets."), minimum=0, maximum=1),
        share("growth_used", N_("Growth used"), 'IF({line}="","",IF({growth}="",N(in_growth_rate),{growth}))'),
        share(
            "loss_used",
            N_("Loss used"),
            'IF({line}="","",IF({attrition}="",N(in_attrition_rate),{attrition})*'
            '(1-IF({protected}="",N(in_high_value_share),{protected})))',
        ),
        *(money(f"target_{year}", target, _target(before)) for year, before, target, _ in YEARS),
        *(money(f"needed_{year}", new, _needed(before)) for year, before, _, new in YEARS),
        money(
            "actual",
            N_("Won this year"),
            'IF({line}="","",SUMIFS({tblDeals.won_this_year},{tblDeals.product},{line}))',
        ),
        share("of_goal", N_("Of goal"), 'IF(OR({line}="",N({goal})=0),"",{actual}/{goal})', "0%"),
        share(
            "mix_gap",
            N_("Mix: off by"),
            'IF(OR({line}="",SUM({goal.all})=0,SUM({actual.all})=0),"",'
            "ABS({actual}/SUM({actual.all})-N({goal})/SUM({goal.all})))",
        ),
    )
    return Layout("tblProducts", "products", columns, 8)


def _target(before: str) -> str:
    return f'IF(OR({{{before}}}="",{{growth_used}}=""),"",{{{before}}}*(1+{{growth_used}}))'


def _needed(before: str) -> str:
    return f'IF({{opening}}="","",MAX(0,{{{before}}}*({{growth_used}}+{{loss_used}})))'


def segments() -> Layout:
    """Return the segments with the ideal customer of each and what to say to them."""
    columns = (
        _text("segment", N_("Segment"), N_("Industry or kind of customer.")),
        _text("value", N_("Why they buy, in their words"), N_("The customer's words, not the brochure's.")),
        _text("ideal", N_("Ideal customer"), N_("Size, situation and need of the customers you want.")),
    )
    return Layout("tblSegments", "segments", columns, 6)
