"""The sheet with the limits that the others compare with; whoever changes one sees at once what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsales import standards
from xlsales.planner import styles
from xlsales.rollup.book import Book
from xlsales.texts import N_, _


@dataclass(frozen=True)
class Limit:
    """A limit, the name of its cell, and what it is for."""

    name: str
    value: float
    label: str


LIMITS = (
    Limit(
        "rollup_balance",
        standards.TERRITORY_BALANCE,
        N_("Balance: a territory this far from the median of its currency is out of balance"),
    ),
    Limit(
        "rollup_average_sale",
        standards.PEER_AVERAGE_SALE,
        N_("Peers: an average sale this far below the others is investigated; as far above, it is best practice"),
    ),
    Limit(
        "rollup_sales_cycle",
        standards.PEER_SALES_CYCLE,
        N_("Peers: a sales cycle this far below the others is best practice; as far above, it is investigated"),
    ),
    Limit("rollup_usual_coverage", standards.USUAL_PLAN_COVERAGE, N_("Coverage: accounts with a plan, as is usual")),
    Limit("rollup_usual_top", standards.USUAL_TOP_COVERAGE, N_("Coverage: top accounts with a plan, as is usual")),
    Limit("rollup_coverage", standards.PLAN_COVERAGE, N_("Coverage: accounts with a plan, the target")),
    Limit("rollup_top", standards.TOP_COVERAGE, N_("Coverage: top accounts with a plan, the target")),
    Limit("rollup_barometer", standards.ACTIVITY_BAROMETER, N_("Barometer: the standard")),
)
VALUES = {limit.name: limit.value for limit in LIMITS}


def write(book: Book) -> None:
    """Write the limits and the words, each into a cell with a name."""
    page = book.page(_("Standards"), styles.SLATE)
    page.sheet.set_column(0, 0, 84)
    page.sheet.set_column(1, 1, 18)
    page.height(0, 34)
    page.put(0, 0, _("Standards"), "title")
    page.put(0, 1, None, "band")
    page.put(1, 0, _("What the other sheets compare with. Change a limit here, and they follow."), "subtitle")
    _head(page, 3, _("Limit"), _("Value"))
    look: dict[str, Any] = {"num_format": "0%", "bg_color": styles.INPUT_FILL, "border": 1}
    look["border_color"] = styles.INPUT_LINE
    for row, limit in enumerate(LIMITS, start=4):
        page.put(row, 0, _(limit.label), "label")
        page.put(row, 1, limit.value, look)
        book.workbook.define_name(limit.name, f"='{page.name}'!$B${row + 1}")
    page.sheet.fit_to_pages(1, 0)


def _head(page: Any, row: int, label: str, value: str) -> None:
    page.put(row, 0, label, "head_input")
    page.put(row, 1, value, "head_input")
