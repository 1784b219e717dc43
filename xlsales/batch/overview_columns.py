"""The overview's columns: figures of the planners, and formulas over them."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales import standards
from xlsales.planner.peer_verdicts import verdict
from xlsales.planner.styles import GAP
from xlsales.texts import N_

AS_OF = "calc_as_of"
DAY = "yyyy-mm-dd"
SHARE = "0.0%"  # as planners show them


@dataclass(frozen=True)
class Heading:
    """A column: a figure of the planner, or a formula over the row with `{figure}` for its cells."""

    name: str
    header: str
    width: float
    number_format: str = "@"
    formula: str = ""
    total: bool = False
    wraps: bool = False


def _gap(name: str) -> str:
    """Compare with the mean of the others of the currency, as planners and the roll-up do; not with one below 0."""
    same = "{currency.all},{currency}"
    total, others = f"SUMIFS({{{name}.all}},{same})", f'(COUNTIFS({same},{{{name}.all}},">-1E+99")-1)'
    gap = f"{{{name}}}*{others}/({total}-{{{name}}})-1"
    return f'IFERROR(IF(AND(ISNUMBER({{{name}}}),{total}>{{{name}}}),{gap},""),"")'


def _flag(gap: str, limit: str, low: str, high: str) -> str:
    flag = verdict(f"{{{gap}}}", limit, '""', f'"{BETWEEN}"&{low}', f'"{BETWEEN}"&{high}')
    return f'IF(ISNUMBER({{{gap}}}),{flag},"")'


# An unknown revenue is no share of a goal.
_OF_GOAL = 'IF(ISNUMBER({fig_revenue}),IFERROR({fig_revenue}/{revenue_goal},""),"")'
BETWEEN = "; "  # two flags of a planner
# A gap to the peers, the cell with the limit from which it is flagged, what the limit is for and is at first, and the
# cells with what is said of a planner that is so far below or above its peers.
LIMITS = (
    (
        "sale_gap",
        "peer_average_sale",
        N_("Flag an average sale this far below or above peers"),
        standards.PEER_AVERAGE_SALE,
        ("say_small_sale", N_("INVESTIGATE: small average sale")),
        ("say_large_sale", N_("BEST PRACTICE: large average sale")),
    ),
    (
        "cycle_gap",
        "peer_cycle",
        N_("Flag a sales cycle this far below or above peers"),
        standards.PEER_SALES_CYCLE,
        ("say_short_cycle", N_("BEST PRACTICE: short sales cycle")),
        ("say_long_cycle", N_("INVESTIGATE: long sales cycle")),
    ),
)
_FLAGS = "&".join(_flag(gap, limit, low, high) for gap, limit, _label, _default, (low, _), (high, _) in LIMITS)

COLUMNS = (
    Heading("territory_id", N_("ID"), 9),
    Heading("territory_name", N_("Territory"), 22),
    Heading("person", N_("Person"), 22),
    Heading("leader", N_("Leader"), 19),
    Heading("region", N_("Region"), 11),
    Heading("currency", N_("Currency"), 10),
    Heading("revenue_goal", N_("Goal"), 13, "#,##0", total=True),
    Heading("fig_revenue", N_("Revenue"), 13, "#,##0", total=True),
    Heading("of_goal", N_("Of goal"), 9, SHARE, _OF_GOAL),
    Heading("fig_trajectory", N_("Year-end at this pace"), 14, "#,##0", total=True),
    Heading("out_close_ratio", N_("Close ratio"), 10, SHARE),
    Heading("close_gap", N_("Close ratio: gap to peers"), 10, GAP, _gap("out_close_ratio")),
    Heading("out_average_sale", N_("Average sale"), 11, "#,##0"),
    Heading("sale_gap", N_("Average sale: gap to peers"), 10, GAP, _gap("out_average_sale")),
    Heading("out_sales_cycle_days", N_("Cycle, days"), 10, "0.0"),
    Heading("cycle_gap", N_("Cycle: gap to peers"), 10, GAP, _gap("out_sales_cycle_days")),
    Heading("out_magic_number", N_("Magic number"), 10, "0.0"),
    Heading("calc_proposal_ratio_basis", N_("Rests on a proposal ratio"), 13),
    Heading("calc_close_ratio_basis", N_("And on a close ratio"), 13),
    Heading("out_activity_barometer", N_("Barometer"), 11, SHARE),
    Heading("out_open_checks", N_("Checks to look at"), 11, "0"),
    Heading("out_unfilled_checks", N_("Checks not yet filled"), 11, "0"),
    Heading("flag", N_("Look at"), 35, formula=f"MID({_FLAGS},{1 + len(BETWEEN)},255)", wraps=True),
    Heading("fiscal_year", N_("Year"), 8, "0"),
    Heading(AS_OF, N_("As of"), 11, DAY),
)
FIGURES = tuple(column.name for column in COLUMNS if not column.formula)
