"""The input tables: every column once, with its kind, its rule and its heading in the planner.

The readers, the validation, the planner's sheets and the documentation all take the columns from here.
A column of `territories` fills the defined name `in_<column>`; a column of another table fills the column of the
table's Excel table whose heading has the defined name `col_<table>_<column>`, or else the heading given here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from xlsales.texts import N_

SCHEMA_VERSION = 2
MONEY_LIMIT = 1e13
YEAR_MAY_BEGIN_BEFORE = 1  # years: a fiscal year that ends in the calendar year it is named for
COUNT_LIMIT = 1e6


class Kind(StrEnum):
    """What a column holds."""

    KEY = "key"  # an identifier: text, kept exactly (`007`, `1e5`)
    TEXT = "text"
    CHOICE = "choice"  # one of `choices`, any letter case
    MONEY = "money"  # 0 or more, in the territory's currency
    RATE = "rate"  # a fraction: 0.65, not 65
    COUNT = "count"  # a whole number, 0 or more
    NUMBER = "number"  # 0 or more
    DATE = "date"  # ISO: 2027-01-31
    FLAG = "flag"  # YES or NO


WORDED = (Kind.CHOICE, Kind.FLAG)  # what a planner shows as words of its own
NUMERIC = (Kind.MONEY, Kind.RATE, Kind.COUNT, Kind.NUMBER)


def word_name(code: str) -> str:
    """Return the defined name of the cell that holds a planner's word for a code: `FIRST SALE` → `word_first_sale`."""
    return "word_" + re.sub(r"\W+", "_", code.lower())


def year_fits(start: date, fiscal_year: int) -> bool:
    """Whether a fiscal year may start on a day: it is named for the calendar year that it begins or ends in."""
    return fiscal_year - YEAR_MAY_BEGIN_BEFORE <= start.year <= fiscal_year


def heading_name(table: str, column: str) -> str:
    """Return the defined name of a column's heading in a planner."""
    return f"col_{table}_{column}"


@dataclass(frozen=True)
class Column:
    """One column of an input table."""

    name: str
    header: str  # the heading in the planner
    kind: Kind
    help: str  # what to type, shown when the cell is selected
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""  # a regular expression for the whole text
    past: bool = False  # a date that cannot lie after the as-of date


@dataclass(frozen=True)
class Table:
    """One input table and the Excel table that it fills, if the planner has one."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # together they name one row
    excel_table: str | None = None

    def __reduce__(self) -> tuple[Callable[..., Table], tuple[object, ...]]:
        """Stay the one declared table in other processes too, where it is told from others by `is`."""
        if self is (TABLES.get(self.name) or BESIDE.get(self.name)):
            return table_of, (self.name,)
        return Table, (self.name, self.columns, self.key, self.excel_table)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that a planner shows: all but the territory they belong to."""
        return tuple(column for column in self.columns if column.name != "territory_id")


def _money(name: str, header: str, help_: str, *, required: bool = False) -> Column:
    return Column(name, header, Kind.MONEY, help_, required, minimum=0, maximum=MONEY_LIMIT)


def _credit(name: str, header: str, help_: str) -> Column:
    """An amount that a credit note takes below 0."""
    return Column(name, header, Kind.MONEY, help_, minimum=-MONEY_LIMIT, maximum=MONEY_LIMIT)


def _rate(name: str, header: str, help_: str, *, minimum: float = 0, maximum: float = 1) -> Column:
    return Column(name, header, Kind.RATE, help_, minimum=minimum, maximum=maximum)


def _count(name: str, header: str, help_: str) -> Column:
    return Column(name, header, Kind.COUNT, help_, minimum=0, maximum=COUNT_LIMIT)


def _points(name: str, header: str, help_: str) -> Column:
    return Column(name, header, Kind.COUNT, help_, minimum=1, maximum=5)


def _hours(name: str, header: str, help_: str) -> Column:
    return Column(name, header, Kind.NUMBER, help_, minimum=0, maximum=168)


def _text(name: str, header: str, help_: str, *, required: bool = False) -> Column:
    return Column(name, header, Kind.TEXT, help_, required)


def _key(name: str, header: str, help_: str, *, required: bool = True) -> Column:
    return Column(name, header, Kind.KEY, help_, required)


def _date(name: str, header: str, help_: str, *, required: bool = False, past: bool = False) -> Column:
    return Column(name, header, Kind.DATE, help_, required, past=past)


def _choice(name: str, header: str, help_: str, choices: tuple[str, ...], *, required: bool = False) -> Column:
    return Column(name, header, Kind.CHOICE, help_, required, choices)


COVERAGE_MODELS = ("COMBINED", "HUNTER/FARMER", "SPECIALISED")
STAGES = ("PROSPECT", "FIRST APPOINTMENT", "PROPOSAL", "CLOSED")
OUTCOMES = ("OPEN", "WON", "LOST")
YES_NO = ("YES", "NO")
PLAN_TYPES = ("MUST KEEP", "MUST EXPAND")
CADENCES = ("WEEKLY", "BIWEEKLY", "MONTHLY", "QUARTERLY", "HALF-YEARLY", "YEARLY")
TEAM_STAGES = ("SEARCH", "WAKE DORMANT", "SALE", "PAPERWORK")
LANGUAGES = ("en", "it", "fr", "es", "pl", "bg")
SPOKEN = ("en",)  # the languages that planners exist in
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
# In this order everywhere: the scores of the twelve elements of a healthy sales organisation.
ELEMENTS = (
    N_("Management and rep relationship"),
    N_("CRM implementation"),
    N_("Sales team support"),
    N_("Pipeline management"),
    N_("Top client reviews"),
    N_("Win/loss reports"),
    N_("Low turnover"),
    N_("Fast ramp-up"),
    N_("Sales process progression"),
    N_("Sales coverage model"),
    N_("Sales strategy"),
    N_("Top performers"),
)

TERRITORY_ID = _key("territory_id", N_("Territory ID"), N_("The territory's identifier, unique in this run."))

TERRITORIES = Table(
    "territories",
    (
        TERRITORY_ID,
        _text("territory_name", N_("Territory"), N_("The territory's name."), required=True),
        _text("person", N_("Person"), N_("The one person responsible for this plan."), required=True),
        _text("leader", N_("Leader"), N_("Who this person reports to.")),
        _text("region", N_("Region"), N_("The region or team that the territory belongs to.")),
        Column(
            "fiscal_year",
            N_("Fiscal year"),
            Kind.COUNT,
            N_("The year of the plan, for example 2027."),
            required=True,
            minimum=1990,
            maximum=2100,
        ),
        _date("year_start", N_("Year start"), N_("First day of the fiscal year; blank means 1 January.")),
        Column(
            "currency",
            N_("Currency"),
            Kind.KEY,
            N_("Three letters, ISO 4217, for example EUR."),
            required=True,
            pattern="[A-Z]{3}",
        ),
        _choice(
            "coverage_model",
            N_("Coverage model"),
            N_("COMBINED, HUNTER/FARMER or SPECIALISED: who finds, who keeps."),
            COVERAGE_MODELS,
        ),
        _money("revenue_goal", N_("Revenue goal"), N_("Revenue to bring in this fiscal year."), required=True),
        _money("opening_revenue", N_("Opening revenue"), N_("Revenue of the year before.")),
        _rate("growth_rate", N_("Growth rate"), N_("Growth planned on opening revenue: 10%.")),
        _rate("attrition_rate", N_("Attrition rate"), N_("Share of opening revenue lost in a year: 17%.")),
        _rate(
            "high_value_share",
            N_("High-value share"),
            N_("Share of opening revenue from the customers you cannot afford to lose."),
        ),
        Column(
            "selling_weeks",
            N_("Selling weeks"),
            Kind.NUMBER,
            N_("Weeks of the year with selling in them."),
            minimum=1,
            maximum=53,
        ),
        _rate("gross_margin", N_("Gross margin"), N_("Gross profit as a share of revenue: 50%.")),
        _choice(
            "checkin_cadence",
            N_("Check-ins, at least"),
            N_("How often you two talk: Check-ins plans this kind and all rarer ones."),
            CADENCES,
        ),
        _choice("language", N_("Language"), N_("Language of the planner; only en has an effect yet."), LANGUAGES),
        _money(
            "planned_average_sale",
            N_("Average sale to plan with"),
            N_("The first magic number needs it; blank: the average measured this year."),
        ),
        _rate(
            "planned_proposal_ratio",
            N_("Proposal ratio to plan with"),
            N_("Leave blank to plan with the ratio measured this year."),
        ),
        _rate(
            "planned_close_ratio",
            N_("Close ratio to plan with"),
            N_("Leave blank to plan with the ratio measured this year."),
        ),
        _money(
            "peer_average_sale",
            N_("Average sale of the peers"),
            N_("Mean of those who sell the same; blank in a batch: the other territories with this currency."),
        ),
        Column(
            "peer_cycle_days",
            N_("Sales cycle of the peers"),
            Kind.NUMBER,
            N_("Days, mean of those who sell the same; blank in a batch: the other territories."),
            minimum=0,
            maximum=COUNT_LIMIT,
        ),
        *(
            _rate(f"season_{month:02}", name, N_("Share of the year's goal that falls in this month."))
            for month, name in enumerate(MONTHS, start=1)
        ),
    ),
    key=("territory_id",),
)

ACCOUNTS = Table(
    "accounts",
    (
        TERRITORY_ID,
        _key("account_id", N_("Account ID"), N_("The account's identifier, unique in this territory.")),
        _text("account_name", N_("Account"), N_("The account's name."), required=True),
        _text("segment", N_("Segment"), N_("Industry or segment.")),
        _text("owner", N_("Owner"), N_("Who owns the relationship.")),
        Column(
            "high_value",
            N_("High value?"),
            Kind.FLAG,
            N_("YES for an account you cannot afford to lose."),
            choices=YES_NO,
        ),
        _money("prior_revenue", N_("Prior 12 months"), N_("Revenue of the 12 months before the last 12.")),
        _money("recent_revenue", N_("Last 12 months"), N_("Revenue of the last 12 months.")),
        _money("potential", N_("Potential"), N_("What this account could buy in a year, from anybody.")),
        _rate("wallet_share", N_("Wallet share"), N_("Your share of what the account spends.")),
        _date("last_order", N_("Last order"), N_("Date of the last order."), past=True),
        _date("last_contact", N_("Last contact"), N_("Date of the last conversation."), past=True),
        _count("products_sold", N_("Products sold"), N_("How many of your products the account buys.")),
        _count("touches_required", N_("Touches needed"), N_("Conversations this account needs in a year.")),
        _count("touches_planned", N_("Touches planned"), N_("Conversations planned with it this year.")),
        _text("service_lead", N_("Service lead"), N_("Who serves the account.")),
        _text("technical_lead", N_("Technical lead"), N_("Who answers its technical questions.")),
        _choice("plan_type", N_("Plan type"), N_("MUST KEEP or MUST EXPAND; blank for others."), PLAN_TYPES),
        _date("plan_date", N_("Plan date"), N_("Date of the written relationship plan.")),
    ),
    key=("territory_id", "account_id"),
    excel_table="tblAccounts",
)

DEALS = Table(
    "deals",
    (
        TERRITORY_ID,
        _key("deal_id", N_("Deal ID"), N_("The deal's identifier, unique in this territory.")),
        _key("account_id", N_("Account ID"), N_("The account, as in the Accounts sheet."), required=False),
        _text("product", N_("Product"), N_("What is being sold.")),
        _choice("stage", N_("Stage"), N_("How far the deal has come."), STAGES),
        _date("first_appointment", N_("First appointment"), N_("Date of the first appointment."), past=True),
        _date("proposal_date", N_("Proposal"), N_("Date of the proposal."), past=True),
        _date("close_date", N_("Closed"), N_("Date the deal was won or lost."), past=True),
        _credit("amount", N_("Amount"), N_("Revenue of the deal, after any discount; less than 0 for a credit note.")),
        _rate("discount", N_("Discount"), N_("Price cut as a share of list price: 20%.")),
        Column(
            "first_sale",
            N_("First sale?"),
            Kind.FLAG,
            N_("YES for the first sale to this account."),
            choices=YES_NO,
        ),
        _choice("outcome", N_("Outcome"), N_("OPEN, WON or LOST."), OUTCOMES),
        _text("reason", N_("Reason"), N_("Why it was won or lost, in the customer's words.")),
        _date("interview_date", N_("Interview"), N_("Date of the win/loss interview.")),
        _money("forecast", N_("Forecast"), N_("Revenue expected from the deal while it is open.")),
        _date("expected_close", N_("Expected close"), N_("The day on which you expect the decision.")),
        _text("next_action", N_("Next action"), N_("What happens next, and who does it.")),
    ),
    key=("territory_id", "deal_id"),
    excel_table="tblDeals",
)

ACTIVITY = Table(
    "activity",
    (
        TERRITORY_ID,
        _date("week_start", N_("Week of"), N_("The Monday that the week begins with."), required=True, past=True),
        _count("conversations", N_("Conversations"), N_("Prospecting conversations held in the week.")),
        _count("appointments", N_("Appointments"), N_("Appointments held in the week, of any kind.")),
        _count("first_appointments", N_("First appointments"), N_("New opportunities: first appointments held.")),
        _count("proposals", N_("Proposals"), N_("Proposals decided in the week, won or lost.")),
        _count("won", N_("Won"), N_("Sales won in the week.")),
        _credit("revenue", N_("Revenue"), N_("Revenue of the sales won in the week, less credit notes.")),
        _hours("selling_hours", N_("Selling"), N_("Hours spent with customers and prospects.")),
        _hours("search_hours", N_("Search"), N_("Hours spent looking for new business.")),
        _hours("paperwork_hours", N_("Paperwork"), N_("Hours spent on paperwork.")),
        _hours("travel_hours", N_("Travel"), N_("Hours spent travelling.")),
        _hours("internal_hours", N_("Internal"), N_("Hours spent in internal meetings.")),
        _hours("surprise_hours", N_("Surprises"), N_("Hours that nobody had planned.")),
    ),
    key=("territory_id", "week_start"),
    excel_table="tblWeeks",
)

ORG_HEALTH = Table(
    "org_health",
    (
        TERRITORY_ID,
        Column("element", N_("No."), Kind.COUNT, N_("Element 1 to 12."), required=True, minimum=1, maximum=12),
        Column(
            "score",
            N_("Score"),
            Kind.COUNT,
            N_("1 (not at all) to 5 (fully)."),
            required=True,
            minimum=1,
            maximum=5,
        ),
        _text("evidence", N_("Evidence"), N_("What you saw that justifies the score.")),
    ),
    key=("territory_id", "element"),
    excel_table="tblOrgHealth",
)

TEAM = Table(
    "team",
    (
        TERRITORY_ID,
        _text("name", N_("Name"), N_("The person's name."), required=True),
        _text("role", N_("Role"), N_("What the person does."), required=True),
        _choice("stage", N_("Stage"), N_("The part of the sale that the person owns."), TEAM_STAGES),
        _hours("hours_per_week", N_("Hours a week"), N_("Hours the person works in a week.")),
        _money("target", N_("Target"), N_("Revenue target of the person.")),
        _money("actual", N_("Actual"), N_("Revenue of the person so far.")),
        _money("target_pay", N_("Pay at target"), N_("Variable pay for reaching the target.")),
    ),
    key=("territory_id", "name"),
    excel_table="tblTeam",
)

CHECKINS = Table(
    "checkins",
    (
        TERRITORY_ID,
        _choice(
            "kind",
            N_("Kind"),
            N_("WEEKLY, BIWEEKLY, MONTHLY, QUARTERLY, HALF-YEARLY or YEARLY."),
            CADENCES,
            required=True,
        ),
        _date("held", N_("Held"), N_("Date of the conversation."), required=True, past=True),
        _text("topic", N_("Topic"), N_("What it was about.")),
        _money("planned", N_("Planned"), N_("The figure that had been agreed, for example appointments.")),
        _money("actual", N_("Actual"), N_("The figure that was reached.")),
        _text("issue", N_("Issue"), N_("What stands in the way.")),
        _text("reset", N_("Reset"), N_("What is agreed instead.")),
        _text("owner", N_("Owner"), N_("Who does it.")),
        _date("due", N_("Due"), N_("By when.")),
        _points("value_to_leader", N_("Value to leader"), N_("1 (none) to 5 (high), given by the leader.")),
        _points("value_to_person", N_("Value to person"), N_("1 (none) to 5 (high), given by the person.")),
    ),
    key=("territory_id", "kind", "held"),
    excel_table="tblCheckins",
)

# Of no territory and in no planner: read beside the input tables, for the overview.
RATES = Table(
    "rates",
    (
        Column(
            "currency",
            N_("Currency"),
            Kind.KEY,
            N_("Three letters, as in territories; the currency of the group is the one whose rate is 1."),
            required=True,
            pattern="[A-Z]{3}",
        ),
        Column(
            "rate",
            N_("Rate"),
            Kind.NUMBER,
            N_("What one unit of the currency is worth in the group's currency."),
            required=True,
            minimum=1e-9,
            maximum=1e9,
        ),
        _date("date", N_("Date"), N_("The rate's first day; blank: always. The latest up to the as-of date counts.")),
    ),
    key=("currency", "date"),
)

# Not a column of any table: what `--as-of` fills.
AS_OF = Column(
    "as_of", N_("As of"), Kind.DATE, N_("The day this planner looks from; blank means the last week filled.")
)
# Of tables that only planners have: what a row of a fixed list is about, typed so that it moves with its row.
ORDINAL = Column(
    "ordinal",
    N_("No."),
    Kind.COUNT,
    N_("What the row is about, by its number: each stands once."),
    minimum=1,
    maximum=12,
)
TURN = Column(
    "turn",
    N_("Turn"),
    Kind.COUNT,
    N_("Which of its kind in the year: the 5th weekly one, the 2nd quarterly one. It gives the date."),
    minimum=1,
    maximum=53,
)
# Of a table that only planners have: who does which part of the sale.
STAGE_OWNER = Column("owner", N_("Owner"), Kind.TEXT, N_("The one person who answers for it."))
# Of the list of a territory's details, which a batch fills with the columns of `territories` that are nobody else's.
DETAILS = "tblDetails"
DETAIL = Column("detail", N_("Detail"), Kind.TEXT, N_("What it is, for example: Telephone."))
DETAIL_VALUE = Column("value", N_("Value"), Kind.TEXT, N_("What it is for this territory."))

# Columns of planners that the input tables do not have, and no batch fills.
OF_PLANNERS_ALONE = {"team": ("fit",), "checkins": ("turn",)}

TABLES = {table.name: table for table in (TERRITORIES, ACCOUNTS, DEALS, ACTIVITY, ORG_HEALTH, TEAM, CHECKINS)}
BESIDE = {RATES.name: RATES}


def table_of(name: str) -> Table:
    """Return a table by its name, one of those beside the input tables too."""
    return TABLES.get(name) or BESIDE[name]
