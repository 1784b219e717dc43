"""What stands in cells that should calculate, and in cells of another kind than what was typed into them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import groupby

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.figures.figure import Figure
from xlsales.planner.layouts import layouts
from xlsales.planner.sizes import Sizes
from xlsales.schema import NUMERIC, ORDINAL, Column, Kind
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
# The tables, and what is said of what was typed into them.
_KINDS = {
    "tblAccounts": N_("Accounts: values of a wrong kind"),
    "tblDeals": N_("Deals: values of a wrong kind"),
    "tblWeeks": N_("Weeks: values of a wrong kind"),
    "tblCheckins": N_("Check-ins: values of a wrong kind"),
    "tblTeam": N_("Team: values of a wrong kind"),
    "tblProducts": N_("Product lines: values of a wrong kind"),
    "tblGoals": N_("Goals: values of a wrong kind"),
    "tblActions": N_("Territory plan: values of a wrong kind"),
    "tblRelations": N_("Relationship plans: values of a wrong kind"),
    "tblDevelopment": N_("Development: values of a wrong kind"),
    "tblOrgHealth": N_("Elements: values of a wrong kind"),
}


def _runs(
    layout: Layout, kinds: Sequence[Kind], kind_of: type[Column] | type[Computed], without: Container[str] = ()
) -> Iterator[str]:
    """Yield the ranges of the columns of some kinds that stand side by side."""
    wanted = [
        (isinstance(column, kind_of) and column.kind in kinds and column.name not in without, column.name)
        for column in layout.columns
    ]
    for fits, run in groupby(wanted, key=lambda one: one[0]):
        if fits:
            columns = [name for _fits, name in run]
            yield f"{{{layout.excel_table}.{columns[0]}__{columns[-1]}}}"


def wrong_kinds(table: str) -> list[str]:
    """Return the formulas that count texts and errors where numbers and dates belong, and numbers for identifiers.

    Not with COUNTIF: LibreOffice takes numbers for texts there.
    """
    layout = _LAYOUTS[table]
    runs = list(_runs(layout, _VALUES, Column, [ORDINAL.name]))
    pairs = (",".join(runs[start : start + 2]) for start in range(0, len(runs), 2))
    terms = [f"COUNTA({cells})-COUNT({cells})" for cells in pairs]
    keys = [f"COUNT({cells})" for cells in _runs(layout, (Kind.KEY,), Column)]
    return ["+".join([*terms[:1], *keys]), *terms[1:]]


def filled(tables: Sequence[str]) -> str:
    """Return the formula that counts what was filled, without what the blank planner holds."""
    layouts_of = map(_LAYOUTS.__getitem__, tables)
    runs = (run for layout in layouts_of for run in _runs(layout, tuple(Kind), Column, layout.values))
    return "+".join(f"COUNTA({cells})" for cells in runs)


def overwritten(table: str) -> str:
    """Return the formula that counts a table's calculated cells without a formula."""
    runs = _runs(_LAYOUTS[table], tuple(Kind), Computed)
    return "+".join(f"SUMPRODUCT(1-_xlfn.ISFORMULA({cells}))" for cells in runs)


def _named(table: str, kind: str, number: int = 0) -> str:
    return f"{kind}_{table.removeprefix('tbl').lower()}" + (f"_{number}" if number else "")


OVERWRITTEN = {table: _named(table, "overwritten") for table in _TABLES}
WRONG = {table: [_named(table, "wrong", n) for n, _ in enumerate(wrong_kinds(table))] for table in _KINDS}
FIGURES = (
    *(
        Figure(name, label, "0", overwritten(table), N_("Overwritten, or in a row that was put in without one."))
        for (table, name), label in zip(OVERWRITTEN.items(), _TABLES.values(), strict=True)
    ),
    *(
        Figure(name, label, "0", formula, N_("Texts, errors, or numbers for IDs."))
        for table, label in _KINDS.items()
        for name, formula in zip(WRONG[table], wrong_kinds(table), strict=True)
    ),
)
