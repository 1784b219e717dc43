"""The rules of the sheet Checks, counted again in plain Python: how many places break each, and whether it judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from tests.planner import oracle
from tests.planner.oracle import Typed, is_number, rows_of, sales_of, year_of
from tests.planner.oracle_calendar import check_ins
from tests.planner.oracle_lists import accounts, amount, deals, functions, given, stages
from tests.planner.oracle_rest import rest

DAY = dt.timedelta(1)
RATES = (
    "growth_rate",
    "attrition_rate",
    "gross_margin",
    "high_value_share",
    "planned_proposal_ratio",
    "planned_close_ratio",
)
# Each sheet with its lists; columns that a planner begins with say nothing of what was filled.
SHEETS = {
    "Accounts": ("Accounts",),
    "Pipeline": ("Deals",),
    "Activity": ("Weeks",),
    "Check-ins": ("Checkins",),
    "Team": ("Team", "Stages", "Functions"),
    "Growth": ("Products",),
    "Plan": ("Goals", "Actions", "Relations", "Development"),
    "Org health": ("OrgHealth",),
}
KEYS = {"Accounts": "Account ID", "Deals": "Deal ID", "Relations": "Account ID"}
Found = Mapping[str, Any]
Ruled = Iterator[tuple[str, float, float]]  # the rule, the places that break it, how much there is to judge


def places(typed: Typed) -> dict[str, tuple[Any, str]]:
    """What each rule shows: places and status."""
    found = oracle.figures(typed) | rest(typed)
    ruled = [rule for part in (_targets, _accounts, _deals, _weeks, _others, _entries) for rule in part(typed, found)]
    return {
        name: ("", "NOT YET") if not judged else (count, "LOOK" if count else "OK") for name, count, judged in ruled
    }


def _targets(typed: Typed, found: Found) -> Ruled:
    start, year = typed.get("in_year_start"), typed.get("in_fiscal_year")
    fits = start is None or (year is not None and start.year <= year <= start.year + 1)
    goal, opening = found["calc_goal"], amount(typed.get("in_opening_revenue"))
    wanted = opening * (1 + amount(given(typed, "in_growth_rate", 0.1)))
    yield "Territory, person, year, currency and goal are filled", found["fig_missing"], 1
    yield "The year starts in the calendar year that it is named for, or in the one before", not fits, 1
    rates = [typed.get(f"in_{name}") for name in RATES]
    wrong = sum(isinstance(rate, str) or amount(rate) > 1 for rate in rates)
    yield "The rates of the goal are percentages: 20%, not 20", wrong, 1
    yield "The season's shares add up to 100%", round(sum(year_of(typed).seasons), 2) != 1, 1
    known = goal != "" and opening > 0
    yield "The goal is not below the growth planned", known and round(goal - wanted) < 0, known


def _accounts(typed: Typed, found: Found) -> Ruled:
    rows, own, as_of = rows_of(typed, "tblAccounts"), accounts(typed), year_of(typed).as_of
    needed, talked = own["Plan needed?"].count(1), [days for days in own["Days since contact"] if days is not None]
    fine = sum(n == 1 and talk == "OK" for n, talk in zip(own["Plan needed?"], own["Contact"], strict=True))
    asleep = [amount(r.get("Prior 12 months")) for r, s in zip(rows, own["Status"], strict=True) if s == "DORMANT"]
    dates = [row[name] for row in rows for name in ("Last order", "Last contact") if row.get(name)]
    ordered = any(row.get("Last order") for row in rows)
    lost = found["fig_high_value"] - found["fig_high_value_kept"]
    ids = [*(row["Account ID"] for row in rows), *(row["Deal ID"] for row in rows_of(typed, "tblDeals"))]
    yield "Every account has an ID of its own", own["ID check"].count("DUPLICATE ID"), len(rows)
    yield "No more accounts than one person can look after", max(0, len(rows) - 100), len(rows)
    yield "No account is left in silence", own["Contact"].count("SILENT"), len(talked)
    yield "Every account has an owner", sum(not row.get("Owner") for row in rows), len(rows)
    yield "No high-value account of last year is lost", lost, found["out_retention"] != ""
    yield "No example rows are left in", sum(str(one).startswith("EXAMPLE") for one in ids), len(ids)
    yield "Every account that needs a plan was talked to lately", needed - fine, min(needed, len(talked))
    missing = own["Coverage"].count("UNCOVERED") + own["Coverage"].count("UNDER")
    judged = sum(gap is not None for gap in own["Touches missing"])
    yield "Every account gets the conversations it needs", missing, judged
    yield "No customer of value lies dormant", sum(prior > 0 for prior in asleep), bool(as_of and ordered)
    ahead = sum(day > as_of for day in dates) if as_of else 0
    yield "No date of an account lies ahead", ahead, len(dates) if as_of else 0
    plans, count = own["Plan"], found["fig_accounts_planned"]
    yield "The top accounts and those to keep or expand have a plan", plans.count("MISSING"), needed
    short = len(rows) - count if amount(found["out_plan_coverage"] or 0) < 0.5 else 0
    yield "Enough of all accounts have a plan", short, found["out_plan_coverage"] != ""


def _deals(typed: Typed, found: Found) -> Ruled:
    rows, own, year = rows_of(typed, "tblDeals"), deals(typed), year_of(typed)
    margins = [left for left in own["Margin after discount"] if left is not None]
    dates = [row[name] for row in rows for name in oracle.DATED["tblDeals"] if row.get(name)]
    early, last = year.start - 2 * 7 * 52 * DAY, year.as_of
    accuracy = found["fig_forecast_accuracy"]
    won = sum(row.get("Outcome") == "WON" for row in rows)
    yield "Every deal has an ID of its own", own["ID check"].count("DUPLICATE ID"), len(rows)
    yield "Every deal's account is on the account list", own["ID check"].count("UNKNOWN ACCOUNT"), len(rows)
    yield "Every sale won has a date and an amount", own["Date check"].count("NO DATE OR AMOUNT"), won
    yield "No deal closes before its first appointment", own["Date check"].count("CLOSED TOO EARLY"), len(rows)
    yield "No discount takes the margin below the minimum", own["Discount guard"].count("NO"), len(margins)
    yield "No first sale is bought with a discount", own["Discount guard"].count("APPROVAL"), len(margins)
    yield "Forecasts are close to what is won", accuracy != "" and accuracy < 0.8, accuracy != ""
    yield "No discount reaches the margin", sum(left <= 0 for left in margins), len(margins)
    unheard, lost = amount(found["fig_lost_unheard"]), amount(found["fig_lost"])
    yield "Every lost deal was talked over with the customer", unheard, lost
    apart = sum(day > last or day < early for day in dates) if last else 0
    yield "No date of a deal lies ahead, or years back", apart, len(dates) if last else 0


def _weeks(typed: Typed, found: Found) -> Ruled:
    firsts, proposals, won = (found[f"fig_{name}"] for name in ("first_appointments", "proposals", "won"))
    known = "" not in (proposals, firsts)
    yield "Proposals do not outnumber first appointments", known and proposals > firsts, known
    known = "" not in (won, proposals)
    yield "Sales won do not outnumber proposals", known and won > proposals, known
    surprises, buffer = found["fig_surprise_share"], amount(given(typed, "in_surprise_buffer", 0.1))
    yield "Surprises take no more hours than are kept for them", surprises != "" and surprises > buffer, surprises != ""
    standards = {
        "Enough of the hours go into selling": ("out_selling_time", 0.55),
        "Enough first appointments are held": ("out_activity_barometer", 1),
        "Enough first appointments lead to a proposal": ("out_proposal_ratio", 0.65),
        "Enough proposals are won": ("out_close_ratio", 0.65),
    }
    for rule, (name, standard) in standards.items():
        yield rule, found[name] != "" and found[name] < standard, found[name] != ""
    due = found["fig_goal_to_date"]
    behind = amount(found["fig_revenue"]) < amount(due)
    yield "Revenue keeps up with the goal", behind, found["fig_weeks_entered"] if amount(due) > 0 else 0
    missing, apart = found["fig_weeks_missing"], found["fig_sales_apart"]
    yield "Every selling week has an entry", amount(missing), missing != ""
    different = len(sales_of(typed).different())
    either = different or bool(amount(apart))
    yield "Weeks typed and deals listed say the same", either, found["fig_weeks_compared"] or apart != ""
    yield "The weeks are those of the year", 0, 1


def _others(typed: Typed, found: Found) -> Ruled:
    goals = [row["Goal this year"] for row in rows_of(typed, "tblProducts") if is_number(row.get("Goal this year"))]
    apart = round(sum(goals) - amount(typed.get("in_revenue_goal"))) != 0
    yield "The product lines' goals add up to the revenue goal", apart, len(goals)
    shares = [
        row.get(name) for row in rows_of(typed, "tblProducts") for name in ("Growth", "Attrition", "Protected share")
    ]
    known = [share for share in shares if is_number(share)]
    yield (
        "The rates of the product lines are percentages: 20%, not 20",
        sum(amount(share) > 1 for share in known),
        len(known),
    )
    owners = [row for row in rows_of(typed, "tblStages") if row.get("Owner")]
    wrong = sum(own in ("NO OWNER", "NO ASSISTANT", "SELLER SEARCHES") for own in stages(typed)["Verdict"])
    yield "Each part of the sale has the right owner", wrong, len(owners)
    owned = [row for row in rows_of(typed, "tblFunctions") if row.get("Owner")]
    yield "Each of the ten functions has an owner", functions(typed)["Verdict"].count("NO OWNER"), len(owned)
    held = [row["Held"] for row in rows_of(typed, "tblCheckins") if row.get("Held")]
    year, status = year_of(typed), check_ins(typed)["Status"]
    yield "No check-in is due", status.count("DUE"), len(held)
    yield "No check-in was missed", status.count("MISSED"), len(held) if year.as_of else 0
    outside = sum(day < year.start or day > year.until for day in held) if year.until else 0
    yield "Every check-in was held in the year", outside, len(held) if year.until else 0
    scored = sum(is_number(row.get("Score")) for row in rows_of(typed, "tblOrgHealth"))
    yield "All twelve elements are scored, or none", 12 - scored, scored


def _entries(typed: Typed, found: Found) -> Ruled:
    """Right kinds of values; no formula overwritten, no row moved, nothing beneath: nothing typed does that."""
    for sheet, tables in SHEETS.items():
        cells = {table: rows_of(typed, f"tbl{table}") for table in tables}
        typed_in = [(heading, value) for rows in cells.values() for row in rows for heading, value in row.items()]
        filled = sum(value is not None and heading != "Week of" for heading, value in typed_in)
        wrong = sum(found[f"fig_texts_{table.lower()}"] for table in tables)
        wrong += sum(is_number(row.get(KEYS.get(table, ""))) for table, rows in cells.items() for row in rows)
        yield f"{sheet} holds the right kinds of values", wrong, filled
        yield f"The grey cells of {sheet} calculate", 0, 1
        if sheet != "Org health":
            yield f"Each row of {sheet} reads itself", 0, 1
            yield f"Nothing stands beneath the list{'s' * (sheet == 'Plan')} of {sheet}", 0, 1
