"""A planner filled with an invented half year, to look at before filling one's own: the same bytes every time.

Nobody in it exists. Its deals are counted out by arithmetic: four to six first appointments a week, about three
quarters of them decided some weeks later, and somewhat more than six in ten of those won.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from xlsales.batch.filled_copies import WRITERS, copies
from xlsales.batch.plan import Plan, fill
from xlsales.cells.rows import Rows
from xlsales.cells.values import InputValue
from xlsales.schema import ELEMENTS, TABLES, Table, heading_name
from xlsales.tables.order import stated
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template

NAME = "Sales Planner example.xlsx"
TERRITORY_ID = "EXAMPLE"
AS_OF = dt.date(2027, 6, 30)
SELLER, ASSISTANT, LEADER = "Ada Marsh", "Cleo Finch", "Ben Holt"
FIRST_MONDAY = dt.date(2026, 9, 28)
WEEKS = 39  # to the last Monday of June
TERRITORY: Mapping[str, InputValue] = {
    "territory_id": TERRITORY_ID,
    "territory_name": "Northern Valleys",
    "person": SELLER,
    "leader": LEADER,
    "region": "North",
    "fiscal_year": 2027,
    "year_start": dt.date(2027, 1, 1),
    "currency": "EUR",
    "coverage_model": "HUNTER/FARMER",
    "revenue_goal": 960_000.0,
    "opening_revenue": 860_000.0,
    "growth_rate": 0.10,
    "attrition_rate": 0.17,
    "high_value_share": 0.35,
    "selling_weeks": 46.0,
    "gross_margin": 0.48,
    "language": "en",
    "planned_average_sale": 7_500.0,
}
DETAILS: Mapping[str, str] = {  # columns of a company's own
    "Cost centre": "4711 North",
    "E-mail": "ada.marsh@example.com",
    "Car": "Van, due for service in September",
}
ACCOUNTS = (
    "Alder Mills",
    "Birch & Sons",
    "Cedar Freight",
    "Dune Foods",
    "Elm Hospital",
    "Fjord Paper",
    "Glen Dairy",
    "Heath Motors",
    "Iris Clinics",
    "Juniper Bakery",
    "Kelp Marine",
    "Linden Schools",
    "Moor Brewery",
    "Nettle Textiles",
    "Oak Joinery",
    "Pine Logistics",
    "Quince Hotels",
    "Rowan Glass",
    "Sedge Farms",
    "Tarn Water",
    "Umber Ceramics",
    "Vale Packaging",
    "Willow Care",
    "Yew Castings",
)
SEGMENTS = ("Industry", "Food", "Health", "Transport")
PRODUCTS = ("Pumps", "Filters", "Service")
REASONS = ("Delivers when promised", "Knows our plant", "Lowest running cost")
LOSSES = ("Price", "Stayed with the present supplier", "Project put off")
# What the tables of a batch do not have, by layout and column.
WRITTEN: Mapping[str, Mapping[str, Sequence[InputValue]]] = {
    "goals": {
        "goal": (
            "Lead a team of two by December",
            "960,000 of revenue, 35% of it from new customers",
            "Reach 110% of the target pay",
            "Be first choice of the hospitals in the valley",
        ),
        "strategy": (
            "Train with Ben every second Friday",
            "Five first appointments a week, none given up for paperwork",
            "No discount on first sales",
            "Four reference visits a year",
        ),
        "measure": ("Appointed", "Goal to date, each month", "Payout on Team", "Hospitals among the top 20"),
        "by_when": (dt.date(2027, 12, 31), dt.date(2027, 12, 31), dt.date(2027, 12, 31), dt.date(2027, 10, 31)),
    },
    "actions": {
        "account": ("Health", "Dormant accounts", "Food"),
        "activity": (
            "Reference visit at Elm Hospital",
            "Call in the order of Wake-up turn",
            "Breakfast for plant heads",
        ),
        "result": ("Three first appointments", "Two orders by September", "Five first appointments"),
        "resources": ("Elm's technical lead", "Cleo, two mornings a week", "1,200 and a room"),
        "by_when": (dt.date(2027, 7, 15), dt.date(2027, 9, 30), dt.date(2027, 9, 10)),
    },
    "relations": {
        "account_id": ("A01", "A02", "A03", "A04"),
        "goal": ("Second plant", "Service contract", "Three more depots", "Keep through the tender"),
        "people": ("Plant head, buyer", "Owner, works manager", "Fleet manager", "Quality, purchasing"),
        "next_step": ("Site visit", "Offer for three years", "Trial at one depot", "Meet the new buyer"),
        "by_when": (dt.date(2027, 7, 9), dt.date(2027, 7, 20), dt.date(2027, 8, 3), dt.date(2027, 7, 6)),
    },
    "development": {
        "practise": (
            "Agree the next step before leaving",
            "Ask for the order",
            "Call before ten",
            "Hand paperwork over",
        ),
        "with_whom": (LEADER, LEADER, ASSISTANT, ASSISTANT),
        "measure": ("Two of three get a proposal", "Two of three are won", "Five a week", "55% of the hours"),
        "by_when": (dt.date(2027, 9, 30),) * 4,
    },
    "products": {
        "line": PRODUCTS,
        "goal": (480_000.0, 290_000.0, 190_000.0),
        "opening": (430_000.0, 260_000.0, 170_000.0),
    },
    "segments": {
        "segment": SEGMENTS,
        "value": ("It never stops", "Clean, and we can prove it", "Nobody waits", "Fewer stops on the road"),
        "ideal": ("50 to 500 people, own workshop", "Audited plants", "More than 100 beds", "Own fleet, own depot"),
    },
    "stages": {
        "owner": (SELLER, SELLER, SELLER, ASSISTANT),
        "note": ("Mornings", "With Cleo's list", None, "Same day"),
    },
    "functions": {
        "owner": (LEADER, SELLER, SELLER, LEADER, LEADER, LEADER, LEADER, LEADER, ASSISTANT, ASSISTANT),
    },
    "support": {
        "topic": ("A quotation", "A demonstration", "Credit"),
        "contact": (ASSISTANT, "Dev Rao", "Eve Stone"),
        "reach": ("extension 21", "extension 34", "extension 40"),
    },
    "team": {"fit": (5, 3)},
}
CELLS: Mapping[str, InputValue] = {
    "in_hours_per_account": 30.0,
    "in_support_hours": 24.0,
    "in_assistant_cost": 2_900.0,
    "in_leavers": 1.0,
    "in_headcount": 8.0,
    "in_hired": dt.date(2026, 9, 1),
    "in_productive": dt.date(2027, 4, 1),
    "in_peer_average_sale": 8_100.0,
    "in_peer_cycle_days": 48.0,
    "in_signed_person": SELLER,
    "in_signed_leader": LEADER,
    "in_signed_on": dt.date(2027, 1, 8),
}


def workbook(template: Template) -> bytes:
    """Return the template filled with the example."""
    filling = fill(template, plan())
    _add(template, filling)
    made = copies(template, next(iter(WRITERS)), AS_OF).make(
        [filling], [{"territory_id": TERRITORY_ID, "as_of": AS_OF.isoformat()}], []
    )
    return next(made)[0]


def plan() -> Plan:
    """Return what a batch would have read."""
    contents: Mapping[str, Sequence[Mapping[str, InputValue]]] = {
        "accounts": list(_accounts()),
        "deals": list(_deals()),
        "activity": list(_activity()),
        "org_health": [
            {"element": number, "score": 2 + (number * 5) % 4, "evidence": _EVIDENCE[number % len(_EVIDENCE)]}
            for number in range(1, len(ELEMENTS) + 1)
        ],
        "team": list(_team()),
        "checkins": list(_checkins()),
    }
    territory = {column.name: TERRITORY.get(column.name) for column in TABLES["territories"]}
    rows = {name: _rows(TABLES[name], rows) for name, rows in contents.items()}
    return Plan(territory, rows, NAME, AS_OF, own=DETAILS)


_EVIDENCE = ("Seen in the last review", "Two of three say so", "Noted in the check-ins")


def _rows(table: Table, rows: Sequence[Mapping[str, InputValue]]) -> Rows:
    columns = {column.name: [row.get(column.name) for row in rows] for column in table}
    columns["territory_id"] = [TERRITORY_ID] * len(rows)
    order = stated(table.name, columns)
    return Rows({name: [values[at] for at in order] for name, values in columns.items()}, len(rows))


def _accounts() -> Iterator[Mapping[str, InputValue]]:
    for number, name in enumerate(ACCOUNTS):
        dormant = number % 8 == 7
        yield {
            "account_id": f"A{number + 1:02}",
            "account_name": name,
            "segment": SEGMENTS[number % len(SEGMENTS)],
            "owner": SELLER,
            "high_value": "YES" if number < 5 else "NO",
            "prior_revenue": 72_000.0 - 2_700 * number,
            "recent_revenue": 0.0 if dormant else 78_000.0 - 2_900 * number - 5_000 * (number % 5 == 3),
            "potential": 150_000.0 - 4_000 * number,
            "wallet_share": 0.2 + 0.05 * (number % 9),
            "last_order": AS_OF - dt.timedelta(days=240 if dormant else 9 + 5 * number),
            "last_contact": AS_OF - dt.timedelta(days=3 + (number * 7) % 40),
            "products_sold": 1 + number % 3,
            "touches_required": 12 if number < 8 else 6,
            "touches_planned": 12 if number < 8 else 4 + number % 3,
            "service_lead": "Fay Wood" if number % 2 else "Gus Lane",
            "technical_lead": "Dev Rao",
            "plan_type": "MUST KEEP" if number < 3 else "MUST EXPAND" if number < 7 else None,
            "plan_date": dt.date(2027, 1, 11) if number < 13 and number != 5 else None,
        }


def _deals() -> Iterator[Mapping[str, InputValue]]:
    number = 0
    for week in range(WEEKS):
        for day in range(4 + week * 7 % 3):
            first = FIRST_MONDAY + dt.timedelta(weeks=week, days=day % 5)
            number += 1
            if first <= AS_OF:
                yield {"deal_id": f"D{number:03}", **_deal(number, first)}


def _deal(number: int, first: dt.date) -> Mapping[str, InputValue]:
    """Follow one first appointment: given up at once, decided after some weeks, or still open."""
    amount = 4_000.0 + number * 631 % 8_000
    proposal, close = (first + dt.timedelta(days=days) for days in (12, 28 + number * 11 % 31))
    deal: dict[str, InputValue] = {
        "account_id": f"A{1 + number * 5 % len(ACCOUNTS):02}",
        "product": PRODUCTS[number % len(PRODUCTS)],
        "first_appointment": first,
        "discount": 0.05 if number % 9 == 2 else 0.0,
        "first_sale": "YES" if number % 4 == 0 else "NO",
    }
    if number % 4 == 1:  # no need: given up before a proposal
        lost = {"outcome": "LOST", "stage": "FIRST APPOINTMENT", "reason": LOSSES[-1]}
        return {**deal, **lost, "interview_date": min(AS_OF, first + dt.timedelta(days=30))}
    if close > AS_OF:
        proposed = proposal <= AS_OF
        stage: dict[str, InputValue] = {"stage": "PROPOSAL" if proposed else "FIRST APPOINTMENT"}
        stage["proposal_date"] = proposal if proposed else None
        ahead = {"expected_close": close, "next_action": "Answer the buyer" if proposed else "Send the proposal"}
        return {**deal, **stage, **ahead, "outcome": "OPEN", "forecast": amount}
    won = number * 37 % 100 < 66
    told = REASONS if won else LOSSES
    return {
        **deal,
        "stage": "CLOSED",
        "proposal_date": proposal,
        "close_date": close,
        "amount": amount,
        "forecast": amount * (0.9 + 0.05 * (number % 5)),
        "outcome": "WON" if won else "LOST",
        "reason": told[number % len(told)],
        "interview_date": None if number % 11 == 0 else min(AS_OF, close + dt.timedelta(days=7)),
    }


def _activity() -> Iterator[Mapping[str, InputValue]]:
    """The hours and the conversations of each week; appointments, sales and revenue come from the deals."""
    for week in range(WEEKS):
        selling = 20.0 + week * 5 % 7
        yield {
            "week_start": FIRST_MONDAY + dt.timedelta(weeks=week),
            "conversations": 22 + week * 3 % 9,
            "appointments": 9 + week % 4,
            "selling_hours": selling,
            "search_hours": 5.0,
            "paperwork_hours": 6.0 - week % 3,
            "travel_hours": 4.0,
            "internal_hours": 3.0,
            "surprise_hours": 1.0 + week % 4,
        }


def _team() -> Iterator[Mapping[str, InputValue]]:
    yield {
        "name": SELLER,
        "role": "Sales",
        "stage": "SALE",
        "hours_per_week": 40.0,
        "target": 960_000.0,
        "actual": 455_000.0,
        "target_pay": 18_000.0,
    }
    yield {"name": ASSISTANT, "role": "Assistant", "stage": "PAPERWORK", "hours_per_week": 20.0}


def _checkins() -> Iterator[Mapping[str, InputValue]]:
    held = [("WEEKLY", dt.date(2027, 1, 4) + dt.timedelta(weeks=week)) for week in range(26) if week != 17]
    months = [("MONTHLY", dt.date(2027, month, 28)) for month in range(1, 7)]
    quarters = [("QUARTERLY", dt.date(2027, 3, 30)), ("QUARTERLY", dt.date(2027, 6, 29))]
    for number, (kind, day) in enumerate([*held, *months, *quarters, ("HALF-YEARLY", dt.date(2027, 6, 28))]):
        yield {
            "kind": kind,
            "held": day,
            "topic": "First appointments" if kind == "WEEKLY" else "Goal and pipeline",
            "planned": 5.0,
            "actual": 4.0 + number % 3,
            "issue": "Two days lost to paperwork" if number % 6 == 5 else None,
            "reset": "Cleo takes the quotations" if number % 6 == 5 else None,
            "owner": ASSISTANT if number % 6 == 5 else None,
            "due": day + dt.timedelta(days=14) if number % 6 == 5 else None,
            "value_to_leader": 3 + number % 3,
            "value_to_person": 3 + (number + 1) % 3,
        }


def _add(template: Template, filling: Filling) -> None:
    """Fill what the tables of a batch do not have."""
    for layout, columns in WRITTEN.items():
        for name, values in columns.items():
            sheet, heading = template.names[heading_name(layout, name)]
            letter, row = _split(heading)
            for number, value in enumerate(values, start=row + 1):
                if value is not None:
                    filling.single[sheet, f"{letter}{number}"] = value
    for name, value in CELLS.items():
        filling.single[template.names[name]] = value


def _split(cell: str) -> tuple[str, int]:
    letter = cell.rstrip("0123456789")
    return letter, int(cell.removeprefix(letter))
