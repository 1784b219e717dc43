"""What stands in cells that should calculate, and in cells of another kind than what was typed into them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.figures.figure import Figure
from xlsales.planner.layouts import layouts
from xlsales.planner.sizes import Sizes
from xlsales.schema import NUMERIC, Column, Kind
from xlsales.texts import N_

_LAYOUTS = {layout.excel_table: layout for layout in layouts(Sizes())}
_VALUES = (*NUMERIC, Kind.DATE)
# The tables, and what is said of their calculated cells.
_TABLES = {
    "tblAccounts": N_("Accounts: grey cells without a formula"),
    "tblDeals": N_("Deals: grey cells without a formula"),
    "tblWeeks": N_("Weeks: grey cells without a formula"),
    "tblCheckins": N_("Check-ins: grey cells without a formula"),
    "tblTeam": N_("Team: grey cells without a formula"),
    "tblStages": N_("Parts of the sale: grey cells without a formula"),
    "tblFunctions": N_("Functions of the organisation: grey cells without a formula"),
    "tblProducts": N_("Product lines: grey cells without a formula"),
    "tblGoals": N_("Goals: grey cells without a formula"),
    "tblRelations": N_("Relationship plans: grey cells without a formula"),
    "tblDevelopment": N_("Development: grey cells without a formula"),
    "tblOrgHealth": N_("Elements: grey cells without a formula"),
}


def _runs(
    layout: Layout, kinds: Sequence[Kind], kind_of: type[Column] | type[Computed], without: Collection[str] = ()
) -> Iterator[str]:
    """Yield the ranges of the columns of some kinds that stand side by side."""
    columns = ((column, column.name in without) for column in layout.columns)
    wanted = [(isinstance(c, kind_of) and c.kind in kinds and not left_out, c.name) for c, left_out in columns]
    for fits, run in groupby(wanted, key=lambda one: one[0]):
        if fits:
            names = [name for _fits, name in run]
            yield f"{{{layout.excel_table}.{names[0]}__{names[-1]}}}"


def _values(table: str) -> str:
    """Return the ranges that hold numbers and dates."""
    return ",".join(_runs(_LAYOUTS[table], _VALUES, Column))


def wrong_kinds(tables: Sequence[str]) -> str:
    """Return the formula that counts what is no number where numbers and dates belong, and numbers for identifiers."""
    terms = []
    for table in tables:
        name = table.removeprefix("tbl").lower()
        terms += [f"fig_texts_{name}"] if _values(table) else []
        terms += [f"COUNT({cells})" for cells in _runs(_LAYOUTS[table], (Kind.KEY,), Column)]
    return "+".join(terms)


def filled(tables: Sequence[str]) -> str:
    """Return the formula that counts what was filled, without what stands there from the beginning."""
    layouts_of = map(_LAYOUTS.__getitem__, tables)
    runs = (run for layout in layouts_of for run in _runs(layout, tuple(Kind), Column, layout.values))
    return "+".join(f"COUNTA({cells})" for cells in runs)


def overwritten(table: str) -> str:
    """Return the formula that counts a table's calculated cells without a formula."""
    runs = _runs(_LAYOUTS[table], tuple(Kind), Computed)
    return "+".join(f"SUMPRODUCT(1-_xlfn.ISFORMULA({cells}))" for cells in runs)


FIGURES = tuple(
    Figure(
        f"overwritten_{table.removeprefix('tbl').lower()}",
        label,
        "0",
        overwritten(table),
        N_("Overwritten, or in a row that was put in without one."),
    )
    for table, label in _TABLES.items()
)
VALUES = tuple(
    Figure(f"{name}_{table.removeprefix('tbl').lower()}", label, "#,##0", formula, table)
    for table in _LAYOUTS
    if _values(table)
    for name, label, formula in (
        ("filled", N_("Cells filled of those for numbers and dates"), f"COUNTA({_values(table)})"),
        ("numbers", N_("Numbers and dates among them"), f"COUNT({_values(table)})"),
        (
            "texts",
            N_("What is neither"),
            "fig_filled_{0}-fig_numbers_{0}".format(table.removeprefix("tbl").lower()),
        ),
    )
)
