"""The sheets of totals: by currency, by leader, by region; amounts of two currencies are never added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xlsales.planner import styles
from xlsales.rollup.book import Page, Value
from xlsales.rollup.gathered import Row, currency, number
from xlsales.rollup.lists import COUNT, TEXT, headings, look
from xlsales.rollup.measures import BLOCKS, MEASURES, Ours, formula, value
from xlsales.texts import _, _n

UNKNOWN = "–"
HEAD = 4  # the row of the headings; above it those of the blocks
FIRST = HEAD + 1
Key: TypeAlias = tuple[str, str]  # a name as it is compared, and a currency
_FIXED = ("number", "name", "currency", "territories")
PLACE = {name: index for index, name in enumerate((*_FIXED, *(measure.name for measure in MEASURES)))}


@dataclass
class Group:
    """Territories that are added up together: of a leader, a region, or all, in one currency."""

    name: str
    currency: str
    rows: list[Row] = field(default_factory=list)
    is_all: bool = False  # of every currency: amounts of money are not added
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def goal(self) -> float:
        """What orders groups."""
        return sum(number(row["revenue_goal"]) or 0.0 for row in self.rows)


@dataclass(frozen=True)
class Groups:
    """A sheet of totals as others refer to it."""

    page: Page
    groups: Sequence[Group]

    def cell(self, at: int, name: str) -> str:
        """Return a cell of a group, as other sheets name it."""
        return f"'{self.page.name}'!{xl_rowcol_to_cell(FIRST + at, PLACE[name], row_abs=True, col_abs=True)}"

    def range(self, name: str) -> str:
        """Return a column of all groups, as other sheets name it."""
        return self.page.range(PLACE[name], FIRST, FIRST + max(0, len(self.groups) - 1))

    def series(self, name: str, first: int, last: int) -> tuple[str, list[Any]]:
        """Return cells of some groups, and what stands in them."""
        values = [group.values[name] for group in self.groups[first : last + 1]]
        return self.page.range(PLACE[name], FIRST + first, FIRST + last), values

    @property
    def by_currency(self) -> dict[str, tuple[int, int]]:
        """The first and the last group of each currency."""
        found: dict[str, tuple[int, int]] = {}
        for at, group in enumerate(self.groups):
            found[group.currency] = (found.get(group.currency, (at, at))[0], at)
        return found


def grouped(territories: Sequence[Row], name: Callable[[Row], str], order: Sequence[str]) -> list[Group]:
    """Put territories into groups by name and currency, the currencies in their order, the largest goals first.

    Names that differ in their letters' case or their blanks are one, spelt as the first of them.
    """
    found: dict[Key, Group] = {}
    spelt: dict[str, str] = {}
    for row in territories:
        spelling, code = " ".join(name(row).split()), currency(row)
        shown = spelt.setdefault(spelling.casefold(), spelling)
        found.setdefault((shown.casefold(), code), Group(shown, code)).rows.append(row)
    return sorted(found.values(), key=lambda one: (order.index(one.currency), -one.goal, one.name))


def currencies(territories: Sequence[Row]) -> list[str]:
    """Return the currencies, the one of most territories first; the unknown one last."""
    count: dict[str, int] = {}
    for row in territories:
        count[currency(row)] = count.get(currency(row), 0) + 1
    return sorted(count, key=lambda code: (code == "", -count[code], code))


def write(page: Page, titles: tuple[str, str, str], groups: Sequence[Group], data: Data) -> Groups:
    """Write a sheet of totals; `titles` are its own, what it adds up by, and its heading of the names."""
    title, subtitle, heading = titles
    columns = [(_("No."), 5.0), (heading, 24.0), (_("Currency"), 9.0), (_("Territories"), 10.0)]
    columns += [(_(measure.header), measure.width) for measure in MEASURES]
    headings(page, title, subtitle, columns, HEAD + max(1, len(groups)), 3, HEAD)
    _block_titles(page)
    for at, group in enumerate(groups):
        _group(page, at, group, data)
    return Groups(page, groups)


@dataclass(frozen=True)
class Data:
    """Where the territories' figures stand: the ranges of their columns, and that of the numbers of their groups."""

    columns: Mapping[str, str]
    numbers: str


def _block_titles(page: Page) -> None:
    page.height(HEAD - 1, 18)
    for block in BLOCKS:
        first = PLACE[block.measures[0].name]
        for column in range(first, first + len(block.measures)):
            page.put(HEAD - 1, column, None, _BLOCK)
        page.put(HEAD - 1, first, _(block.title), _BLOCK)


_BLOCK = {"bold": True, "font_size": 10, "font_color": styles.NAVY, "bottom": 2, "bottom_color": styles.NAVY}


def _group(page: Page, at: int, group: Group, data: Data) -> None:
    row = FIRST + at
    page.put(row, PLACE["number"], at + 1, look("0", font_color=styles.MUTED))
    page.put(row, PLACE["name"], label(group), look(TEXT))
    page.put(row, PLACE["currency"], group.currency or UNKNOWN, look(TEXT))
    picked = f"$A{row + 1}"
    ours = Ours(f"{data.numbers},{picked}", f"({data.numbers}={picked})")
    if group.is_all:
        ours = Ours(f'{data.numbers},">0"', f"ISNUMBER({data.numbers})")
    group.values |= {"name": label(group), "territories": float(len(group.rows))}
    page.formula(row, PLACE["territories"], f"COUNTIFS({ours.criteria})", len(group.rows), look(COUNT))
    cells = {name: f"${xl_col_to_name(column)}{row + 1}" for name, column in PLACE.items()}
    for measure in MEASURES:
        style = look(measure.number_format)
        if measure.is_money and not group.currency:
            group.values[measure.name] = None
            page.put(row, PLACE[measure.name], UNKNOWN, look(TEXT, align="right", font_color=styles.MUTED, indent=0))
            continue
        found = group.values[measure.name] = value(measure, group.rows, group.values)
        write_it = page.array_formula if measure.kind == "median" else page.formula
        write_it(row, PLACE[measure.name], formula(measure, ours, data.columns, cells), found, style)


def label(group: Group) -> str:
    """Return what a group is called where nobody has named it."""
    return group.name or _("(not named)")


def territories_said(count: int) -> str:
    """Return how many territories there are, in words."""
    return _n("{count:,} territory", "{count:,} territories", count).format(count=count)
