"""What a roll-up is made of: a row for each planner that came back, the tables in them, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from xlsales.cells.values import serial
from xlsales.epoch import FIRST_OF_MARCH
from xlsales.functions import CellError
from xlsales.texts import _

Row: TypeAlias = Mapping[str, Any]
PLAN = "plan_revenue"  # what the product lines of a plan add up to
PER_WEEK = "fig_per_week"
MISSING = "MISSING"  # the code of a finding: a planner that was expected
COUNTED, REASON = "counted", "not_counted_because"
# What the sheets read of a territory: its inputs, and the figures of its planner by their names there.
ABOUT = ("file", "territory_id", "territory_name", "person", "leader", "region", "fiscal_year", "currency")
INPUTS = ("revenue_goal", "opening_revenue", "completeness")
FIGURES = (
    "calc_as_of",
    "fig_revenue",
    "fig_trajectory",
    "fig_goal_left",
    "fig_accounts",
    "fig_accounts_planned",
    "fig_top_accounts",
    "fig_top_planned",
    "fig_open_deals",
    "fig_open_forecast",
    PER_WEEK,
    "out_magic_number",
    "out_catch_up_number",
    "out_activity_barometer",
    "out_proposal_ratio",
    "out_close_ratio",
    "out_average_sale",
    "out_sales_cycle_days",
    "out_org_health",
    "out_dormant_value",
    "out_weighted_pipeline",
    "out_open_checks",
    "out_unfilled_checks",
)
_CURRENCY = re.compile("[A-Z]{3}")
_YES = ("YES", "TRUE", "1")


@dataclass(frozen=True)
class Table:
    """A table: its columns, and its rows, which can be gone through again."""

    columns: Sequence[str]
    rows: Iterable[Sequence[object]] = ()

    @classmethod
    def of(cls, frame: Any) -> Table:
        """Take a DataFrame as it is; nothing of it is copied."""
        return cls([str(column) for column in frame.columns], _FrameRows(frame))


@dataclass(frozen=True)
class _FrameRows:
    frame: Any

    def __iter__(self) -> Iterator[Sequence[object]]:
        return iter(self.frame.itertuples(index=False, name=None))


@dataclass(frozen=True)
class LeftOut:
    """A file that no total holds, and why."""

    file: str
    reason: str
    territory_id: str = ""


@dataclass(frozen=True)
class Gathered:
    """What was collected.

    `territories` has a row for each planner: ABOUT, INPUTS and FIGURES as far as they are known, `counted`, which is
    false where no total may hold the planner, with `not_counted_because`, and whatever else is worth a column.
    `details` are the tables of all planners by name, each row with its `territory_id`. `findings` have a column
    `file`. `left_out` are files of which there is no row, such as those that cannot be read.
    """

    territories: Table
    details: Mapping[str, Table] = field(default_factory=dict)
    findings: Table = field(default_factory=lambda: Table(()))
    left_out: Sequence[LeftOut] = ()

    @property
    def missing(self) -> list[str]:
        """The territories whose planners were expected and have not come back; "" where a finding names none."""
        columns = list(self.findings.columns)
        if "code" not in columns:
            return []
        code, whose = columns.index("code"), columns.index("territory_id") if "territory_id" in columns else None
        found = [cells for cells in self.findings.rows if cells[code] == MISSING]
        return ["" if whose is None else text(plain(cells[whose])) for cells in found]


class Territories:
    """The planners as the sheets read them: those that count, and those that do not, each with the reason."""

    def __init__(self, gathered: Gathered) -> None:
        needed = [*ABOUT, *INPUTS, *FIGURES, PLAN]
        given = [column for column in gathered.territories.columns if column not in (COUNTED, REASON)]
        self.columns = [*dict.fromkeys([*needed[: len(ABOUT)], *given, *needed])]
        plans = _plans(gathered.details.get("products"))
        self.rows = [_row(gathered.territories.columns, cells, plans) for cells in gathered.territories.rows]
        self.year = _usual_year(self.rows)
        copies = Counter(_whose(row) for row in self.rows if _is_counted(row))
        for row in self.rows:
            row[REASON] = _reason(row, self.year, copies[_whose(row)])
            row[COUNTED] = not row[REASON]
        self._others = tuple(gathered.left_out)
        missing = gathered.missing
        self.missing = len(missing)
        self.not_counted = {*missing, *(one.territory_id for one in self.left_out)}  # of whom no total says anything

    @property
    def counted(self) -> list[dict[str, Any]]:
        """The planners that totals hold."""
        return [row for row in self.rows if row[COUNTED]]

    @property
    def left_out(self) -> list[LeftOut]:
        """What no total holds."""
        others = [
            LeftOut(text(row["file"]), row[REASON], text(row["territory_id"])) for row in self.rows if not row[COUNTED]
        ]
        return [*others, *self._others]


def _row(columns: Sequence[str], cells: Sequence[object], plans: Mapping[str, float]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys((*ABOUT, *INPUTS, *FIGURES, PLAN))
    row |= {name: plain(cell) for name, cell in zip(columns, cells, strict=True)}
    if row["calc_as_of"] is None:
        row["calc_as_of"] = row.get("as_of")
    if PLAN not in columns:
        row[PLAN] = plans.get(text(row["territory_id"]))
    pace = number(row["out_activity_barometer"]), number(row["out_magic_number"])
    if row[PER_WEEK] is None and None not in pace:
        row[PER_WEEK] = math.prod(part for part in pace if part is not None)
    return row


def _plans(products: Table | None) -> dict[str, float]:
    """Return what the goals of the product lines add up to, of each territory that has any."""
    if products is None or not {"territory_id", "goal"} <= set(products.columns):
        return {}
    place, goal = products.columns.index("territory_id"), products.columns.index("goal")
    found: dict[str, list[float]] = {}
    for cells in products.rows:
        amount = number(plain(cells[goal]))
        if amount is not None:
            found.setdefault(text(plain(cells[place])), []).append(amount)
    return {territory: math.fsum(amounts) for territory, amounts in found.items()}


def _usual_year(rows: Sequence[Row]) -> int | None:
    years = Counter(int(year) for row in rows if _is_counted(row) and (year := number(row["fiscal_year"])))
    return max(years, key=lambda year: (years[year], year), default=None)


def _is_counted(row: Row) -> bool:
    counted = row.get(COUNTED)
    return counted is None or text(counted).upper() in _YES


def _whose(row: Row) -> tuple[str, float | None]:
    return text(row["territory_id"]).casefold(), number(row["fiscal_year"])


def _reason(row: Row, usual: int | None, copies: int) -> str:
    """Return why no total holds a planner; "" where totals do."""
    territory, year = _whose(row)
    if not _is_counted(row):
        return text(row.get(REASON)) or _("It was collected, and is not to be counted.")
    if not territory:
        return _("It does not say whose plan it is: its territory id is blank.")
    if copies > 1:
        return _("Several files are the plan of this territory and year: none of them is counted.")
    if year is not None and usual is not None and int(year) != usual:
        return _("It is the plan of {year}; most are of {usual}.").format(year=int(year), usual=usual)
    return ""


def plain(cell: Any) -> Any:
    """Return a cell as what a workbook can hold: a text, a number, a truth, a day, or None for what is unknown."""
    if cell is None or cell is NotImplemented:
        return None
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, (str, bool, int)):
        return str(cell) if isinstance(cell, str) else cell
    if isinstance(cell, float):
        return None if math.isnan(cell) else float(cell)
    if isinstance(cell, (dt.date, dt.datetime)):
        return None if cell != cell else cell  # NaT is no day, and not itself
    if hasattr(cell, "item"):  # NumPy's own kinds
        return plain(cell.item())
    return None if str(cell) in ("<NA>", "NaT") else str(cell)


def number(cell: Any) -> float | None:
    """Return a number; None for all that is none."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not math.isfinite(cell):
        return None
    return float(cell)


def day(cell: Any) -> float | None:
    """Return the serial of a day, however it is given; None for what is none."""
    if isinstance(cell, str):
        with suppress(ValueError):
            return storable_day(dt.date.fromisoformat(cell))
    return storable_day(cell) if isinstance(cell, dt.date) else number(cell)


def storable_day(cell: dt.date) -> float | None:
    """Return a day's serial with its time; None before March 1900, where workbooks count otherwise."""
    whole = serial(cell.date() if isinstance(cell, dt.datetime) else cell)
    if whole < FIRST_OF_MARCH:
        return None
    time = cell.time() if isinstance(cell, dt.datetime) else dt.time()
    seconds = dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second).total_seconds()
    return whole + seconds / dt.timedelta(days=1).total_seconds()


def text(cell: Any) -> str:
    """Return a text; a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def currency(row: Row) -> str:
    """Return the code of a planner's currency; "" where it is none, so that nothing is added to it."""
    code = text(row["currency"]).upper()
    return code if _CURRENCY.fullmatch(code) else ""
