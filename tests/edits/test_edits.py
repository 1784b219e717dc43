"""A person edits the lists in every way there is: each figure stays right, or a check looks.

What LibreOffice shows after the edits is held against a fresh calculation of what then stands in the cells to fill.
More sequences than the usual ones: `XLSALES_EDITS=200 pytest tests/edits`.
"""

from __future__ import annotations

import math
import os
import pickle
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from tests.edits import edits
from tests.edits.edits import Edit
from tests.end_to_end.libreoffice_vba import CHECKOUT, PATIENCE, bridge_needed, office_python
from tests.libreoffice import soffice
from tests.planner.sound_plan import SOUND, inputs
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.functions import CellError
from xlsales.planner.checks import entries, lists
from xlsales.schema import NUMERIC, TABLES, Kind
from xlsales.workbook import table_size
from xlsales.workbook.stamp import Stamp
from xlsales.workbook.template import INPUT_NAMES, Template, TemplateTable, parse, read

SEQUENCES = int(os.environ.get("XLSALES_EDITS", "6"))
EDITS = 3  # in a row
ALONE = ("tblAccounts", "tblDeals", "tblWeeks", "tblCheckins")  # the only table of their sheet
FILLED = {
    "tblAccounts": 4, "tblDeals": 3, "tblWeeks": 66, "tblCheckins": 97, "tblTeam": 0, "tblStages": 4,
    "tblFunctions": 10, "tblProducts": 2, "tblGoals": 4, "tblActions": 0, "tblRelations": 0, "tblDevelopment": 4,
}  # fmt: skip
# The checks that say that something is wrong with the cells themselves.
OF_CELLS = {
    *(check.rule for check in (*entries.CHECKS, *lists.CHECKS)),
    "Every account has an ID of its own",
    "Every deal has an ID of its own",
    "The weeks are those of the year",
}
# Edits, the checks that look then, and whether some figure is no longer what a fresh calculation gives.
KNOWN: tuple[tuple[list[Edit], set[str], bool], ...] = (
    ([], set(), False),
    ([("sort", "tblDeals", 0, False), ("sort", "tblWeeks", 3, True), ("sort", "tblFunctions", 3, False)], set(), False),
    ([("cut", "tblDeals", (0, 7, 1, 1), 4, 7)], {"Each row of Pipeline reads itself"}, True),
    ([("cut", "tblAccounts", (0, 0, 1, 18), 4, 0)], {"Each row of Accounts reads itself"}, True),
    ([("type", "tblDeals", 6, 7, 5000.0)], {"Nothing stands beneath the list of Pipeline"}, False),
    ([("type", "tblAccounts", 0, 18, 0.0)], {"The grey cells of Accounts calculate"}, True),
    ([("insert", "tblDeals", 1, 2)], {"The grey cells of Pipeline calculate"}, False),
    ([("type", "tblDeals", 2, 0, 7.0)], {"Pipeline holds the right kinds of values"}, False),
    ([("type", "tblAccounts", 0, 9, "20.02.2027")], {"Accounts holds the right kinds of values"}, False),
    ([("type", "tblWeeks", 20, 0, 46400.0)], {"The weeks are those of the year"}, False),
    ([("delete", "tblAccounts", 3, 1)], set(), False),
)
FIGURES = ("fig_", "out_", "calc_")
OF_CHECKS = (
    "fig_overwritten_",
    "fig_moved_",
    "fig_beneath_",
    "fig_filled_",
    "fig_numbers_",
    "fig_texts_",
    "out_open_checks",
    "out_unfilled_checks",
    "out_checks_said",
)


OF_PLACES = ("For checks: rows", "Place in the list")  # columns that say where a row stands: blank rows count there
_COLUMNS = {table.excel_table: table.inputs for table in TABLES.values() if table.excel_table}


@dataclass(frozen=True)
class Shown:
    """What LibreOffice shows after some edits."""

    sheets: Mapping[str, tuple[tuple[Any, ...], ...]]
    names: Mapping[str, tuple[str, int, int]]
    tables: Mapping[str, tuple[str, int, int, int, int]]

    def at(self, sheet: str, row: int, column: int) -> Any:
        """What a cell shows; None for an error."""
        rows = self.sheets[sheet]
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    @cached_property
    def looking(self) -> set[str]:
        """The rules of the checks that look."""
        return {str(row[1]) for row in self.sheets["Checks"] if len(row) > 3 and row[3] == "LOOK"}

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, by heading."""
        sheet, top, left, bottom, right = self.tables[table]
        headings = [str(self.at(sheet, top, column)) for column in range(left, right + 1)]
        for row in range(top + 1, bottom + 1):
            yield dict(zip(headings, (self.at(sheet, row, column) for column in range(left, right + 1)), strict=True))


@pytest.fixture(scope="module")
def template(small_template_xlsx: Path) -> Template:
    return read(small_template_xlsx)


@pytest.fixture(scope="module")
def roomy(template: Template) -> Template:
    """The same with room for the rows that a person adds."""
    rows = {name: template.tables[name].rows + 20 for name in ALONE}
    return parse(table_size.resized(template.package, rows, values_follow=True), template.name)


def sequences(template: Template) -> list[list[Edit]]:
    """What is done at random."""
    return edits.sequences(edits.lists(template, FILLED, ALONE), SEQUENCES, EDITS)


def shown_after(path: Path, template: Template, done: list[list[Edit]]) -> list[Shown]:
    """What LibreOffice shows after each sequence; it is started once."""
    python = office_python()
    assert python is not None
    edited = {table.sheet for table in template.tables.values()}
    figures = {name: sheet for name, (sheet, _cell) in template.names.items() if name.startswith(FIGURES)}
    question = {
        "soffice": soffice(),
        "path": str(path),
        "sequences": done,
        "sheets": sorted(edited | {"Checks", *figures.values()}),
        "names": [name for name, sheet in figures.items() if sheet in edited],
    }
    answered = subprocess.run(
        [python, str(Path(__file__).parent / "office.py")],
        input=pickle.dumps(question, protocol=4),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        timeout=PATIENCE * max(1, len(done) // 50),
        check=False,
    )
    assert answered.returncode == 0, answered.stderr.decode(errors="replace")
    return [Shown(**state) for state in pickle.loads(answered.stdout)]


class Fresh:
    """A fresh calculation of what stands in the cells to fill."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self._session = Session(template)
        self._single = {place: value for place, value in inputs(template, SOUND).items() if place in self._named}

    @cached_property
    def _named(self) -> set[Address]:
        return {address for name, address in self.template.names.items() if name.startswith(INPUT_NAMES)}

    def values(self, shown: Shown) -> tuple[Mapping[Address, CellValue], Mapping[str, list[dict[str, Any]]]]:
        """The values of all formulas, and the rows of each table that have something typed in them."""
        content: dict[Address, InputValue] = dict.fromkeys(self.template.inputs())
        content |= {place: value for place, value in self.template.defaults.items() if place in self._named}
        content |= self._single
        rows = {name: list(self._filled(shown, name, table)) for name, table in self.template.tables.items()}
        for name, filled in rows.items():
            table = self.template.tables[name]
            for index, row in enumerate(filled):
                for heading in table.letters.keys() - table.computed:
                    content[table.cell(heading, index)] = None if row[heading] == "" else row[heading]
        return self._session.values(content), rows

    def misplaced(self, shown: Shown) -> Iterator[str]:
        """Yield what a person typed where no figure can count it: beneath a list, or a text for a number."""
        for name, table in self.template.tables.items():
            sheet, _top, left, bottom, right = shown.tables[name]
            for column in range(left, right + 1):
                if shown.at(sheet, bottom + 1, column) != "":
                    yield f"{name}: {shown.at(sheet, bottom + 1, column)!r} stands beneath it"
            numbers = [column.header for column in _COLUMNS.get(name, ()) if column.kind in (*NUMERIC, Kind.DATE)]
            for index, row in enumerate(self._filled(shown, name, table)):
                yield from (f"{name}, row {index}, {h}: {row[h]!r}" for h in numbers if type(row[h]) is str and row[h])

    def _filled(self, shown: Shown, name: str, table: TemplateTable) -> Iterator[dict[str, Any]]:
        to_fill = table.letters.keys() - table.computed
        for row in shown.rows(name):
            if name == "tblOrgHealth" or any(row[heading] != "" for heading in to_fill):
                yield row


def differences(fresh: Fresh, shown: Shown) -> list[str]:
    """Every figure and every calculated cell of a list that is not what a fresh calculation gives."""
    values, rows = fresh.values(shown)
    told = []
    for name, address in fresh.template.names.items():
        if name.startswith(FIGURES) and not name.startswith(OF_CHECKS) and address in values:
            found = shown.at(*shown.names.get(name, place(address)))
            if not same(found, values[address]):
                told.append(f"{name}: {found!r}, not {values[address]!r}")
    for name, filled in rows.items():
        table = fresh.template.tables[name]
        for heading in table.computed:
            if not heading.startswith(OF_PLACES):
                for index, row in enumerate(filled):
                    value = values[table.cell(heading, index)]
                    if not same(row[heading], value):
                        told.append(f"{name}, row {index}, {heading}: {row[heading]!r}, not {value!r}")
    return told


def place(address: Address) -> tuple[str, int, int]:
    """Where a cell is, counted from 0."""
    row, column = coordinate_to_tuple(address[1])
    return address[0], row - 1, column - 1


def same(shown: Any, value: CellValue) -> bool:
    """Whether LibreOffice shows a value; an error is as good as another."""
    if isinstance(value, CellError) or not isinstance(shown, (str, float)):
        return isinstance(value, CellError) and not isinstance(shown, (str, float))
    if isinstance(value, (int, float)) and isinstance(shown, float):
        return math.isclose(shown, value, rel_tol=1e-9, abs_tol=1e-9)
    return shown == ("" if value is None else value)


@pytest.mark.libreoffice
@bridge_needed()
def test_whatever_is_done_to_the_lists_every_figure_is_right_or_a_check_looks(
    template: Template, roomy: Template, tmp_path: Path
) -> None:
    content = inputs(template, SOUND)
    session = Session(template)
    base, values = session.values({}), session.values(content)
    path = tmp_path / "planner.xlsx"
    order = list(template.formulas)
    path.write_bytes(Stamp(template, [base[a] for a in order]).write(content, [values[a] for a in order], {}))
    random = sequences(template)
    fresh = Fresh(roomy)
    shown = shown_after(path, template, [*(sequence for sequence, _looking, _wrong in KNOWN), *random])
    for (sequence, looking, wrong), state in zip(KNOWN, shown, strict=False):
        assert state.looking & OF_CELLS == looking, sequence
        assert bool(differences(fresh, state)) == wrong, (sequence, differences(fresh, state)[:6])
    silent = []
    for sequence, state in zip(random, shown[len(KNOWN) :], strict=True):
        wrong_figures = [*differences(fresh, state), *fresh.misplaced(state)]
        if wrong_figures and not state.looking & OF_CELLS:
            silent.append(f"{sequence}\n    " + "\n    ".join(wrong_figures[:6]))
    assert not silent, "\n" + "\n".join(silent)
