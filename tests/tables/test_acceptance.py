"""What is accepted column by column, and explained row by row where there is any doubt, is what row by row gives."""

from __future__ import annotations

import datetime as dt
import pickle
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.schema import TABLES, Column, Kind
from xlsales.tables import RawTable, RawTables, Validated, parted, read_tables, validate
from xlsales.tables.acceptance import accepted
from xlsales.tables.coded import coded
from xlsales.tables.raw import BadCell, Problem, is_blank

AS_OF = dt.date(2027, 1, 31)
EXAMPLE = Path(__file__).parents[2] / "examples" / "crm" / "tables"
MakeFolder = Callable[..., Path]
Cells = Mapping[str, Sequence[object]]

_TERRITORY = {
    "Cost centre": "",
    "territory_id": "T1",
    "territory_name": "North",
    "person": "Ada",
    "fiscal_year": "2027",
}
GOOD: dict[str, dict[str, object]] = {
    "territories": {**_TERRITORY, "person": "Ada", "currency": "EUR", "revenue_goal": "500000"},
    "accounts": {"account_id": "A1", "account_name": "Acme", "high_value": "YES", "last_order": "2027-01-04"},
    "deals": {"deal_id": "D1", "account_id": "A1", "close_date": "2027-01-04", "amount": "5", "outcome": "WON"},
    "activity": {"week_start": "2027-01-04", "won": "1"},
    "org_health": {"element": "1", "score": "3"},
    "team": {"name": "Bo", "role": "Assistant"},
    "checkins": {"kind": "WEEKLY", "held": "2027-01-11"},
}
_DOUBTFUL: dict[Kind, tuple[object, ...]] = {
    Kind.KEY: (" A1", "A1 ", 7, 7.0, "7", 1e16, dt.date(2027, 1, 1), True, 1, Decimal("1.0"), Decimal("1.00"), "a\x01"),
    Kind.TEXT: ("a" + "\n" * 300, "\x0b", 5, 5.0, -0.0, False, dt.datetime(2027, 1, 1)),
    Kind.CHOICE: ("won", " Open ", "WONN", "weekly", True, 3),
    Kind.FLAG: ("y", "no", True, False, 1, 1.0, "perhaps"),
    Kind.MONEY: ("-5", "1,5", "1e13", "2e13", 5, -0.0, float("inf"), Decimal("7.50"), True, "€1", ".5"),
    Kind.RATE: ("20", "20%", "150%", 0.2, 1, "7", "-0.1"),
    Kind.COUNT: ("2.5", "1e300", 3, 3.0, "13", "0", 2**60, "-1"),
    Kind.NUMBER: ("169", "-1", 0.5, "x"),
    Kind.DATE: (
        "2027-01-05",
        "2027-02-30",
        "2027-12-27",
        "1899-01-01",
        "2027-01-04T00:00",
        "2027-01-04T10:00",
        dt.date(2027, 1, 4),
        dt.datetime(2027, 1, 4),
        dt.datetime(2027, 1, 4, 5),
        dt.datetime(2027, 1, 4, tzinfo=dt.UTC),
        pd.Timestamp("2027-01-04"),
        pd.NaT,
    ),
}
_BLANK = ("", " ", None, float("nan"), "\t")
_ODD = (BadCell("#N/A", Problem("NUMBER", "it is an error")), [1.0], "\ud800")


def _territory(number: int) -> dict[str, list[dict[str, object]]]:
    """Every table's good rows of one territory."""
    own = {"territory_id": f"T{number}"}
    rows = {name: [{**row, **own}] for name, row in GOOD.items()}
    rows["org_health"] = [{**GOOD["org_health"], **own, "element": str(element)} for element in range(1, 13)]
    rows["accounts"] += [{**GOOD["accounts"], **own, "account_id": f"A{other}"} for other in range(2, 5)]
    rows["deals"] += [{**GOOD["deals"], **own, "deal_id": f"D{other}", "outcome": "LOST"} for other in range(2, 5)]
    return rows


@dataclass
class Drawn:
    """Tables, and how they were damaged."""

    raw: RawTables = field(repr=False)
    damages: list[tuple[object, ...]]


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    """Tables of some territories with a few cells and rows damaged; in many of them most territories stay clean."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for number in range(1, draw(st.integers(1, 5)) + 1):
        for name, more in _territory(number).items():
            rows[name] += more
    damages: list[tuple[object, ...]] = []
    for _damage in range(draw(st.integers(0, 6))):
        name = draw(st.sampled_from(sorted(rows)))
        at = draw(st.integers(0, len(rows[name]) - 1))
        own = (Column("Cost centre", "Cost centre", Kind.TEXT, ""),) if name == "territories" else ()
        column = draw(st.sampled_from((*TABLES[name].columns, *own)))
        row = rows[name][at]
        what = draw(st.sampled_from(("cell", "cell", "cell", "twice", "gone", "stray", "everywhere")))
        value = draw(st.sampled_from((*_DOUBTFUL[column.kind], *_BLANK, *_ODD)))
        damages.append((name, at, column.name, what, value))
        if what == "cell":
            row[column.name] = value
        elif what == "everywhere":
            for other in rows[name]:
                other[column.name] = value
        elif what == "twice":
            rows[name].insert(draw(st.integers(0, len(rows[name]))), {**row, column.name: value})
        elif what == "gone" and len(rows[name]) > 1:
            rows[name].remove(row)
        elif what == "stray":
            row["territory_id"] = draw(st.sampled_from(("T1", " T2", "T99", "", None, 7, "t1")))
    without = draw(st.sets(st.sampled_from([name for name in TABLES if name != "territories"]), max_size=2))
    random.Random(draw(st.integers(0, 9))).shuffle(rows["deals"])
    raw = {name: _raw(name, of, draw) for name, of in rows.items() if name not in without}
    damages += [(name, "damaged", *table.damaged) for name, table in raw.items()]
    return Drawn(RawTables(raw), damages)


def _raw(name: str, rows: Sequence[Mapping[str, object]], draw: st.DrawFn) -> RawTable:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    frame = pd.DataFrame(index=range(2, 2 + len(rows)))
    for column in columns:
        cells = np.empty(len(rows), object)
        cells[:] = [row.get(column) for row in rows]
        frame[column] = pd.Series(cells, frame.index, object)
    damaged = draw(st.sets(st.sampled_from(frame.index.tolist()), max_size=1)) if draw(st.booleans()) else set()
    return RawTable(TABLES[name], f"{name}.csv", frame, {row: Problem("ROW_RAGGED", "cells") for row in damaged})


def _said(validated: Validated) -> tuple[Any, ...]:
    """Return all that comes out of a validation, the types of the values too."""
    frames = {
        name: (frame.index.tolist(), [(column, frame[column].dtype, _typed(frame[column])) for column in frame])
        for name, frame in validated.frames.items()
    }
    rows = {
        (table, key): [(name, _typed(cells)) for name, cells in validated.rows(table, key).columns.items()]
        for table in TABLES
        for key in validated.territory_ids
    }
    return (
        validated.findings,
        validated.accounting,
        validated.skipped_territories,
        validated.trimmed,
        validated.files,
        validated.own,
        frames,
        rows,
    )


def _typed(cells: Any) -> list[tuple[str, str]]:
    return [(type(cell).__name__, repr(cell)) for cell in cells]


@settings(max_examples=examples(30), deadline=None)
@given(drawn=tables(), as_of=st.sampled_from((None, AS_OF)), whole=st.booleans())
def test_rows_and_findings_are_those_of_a_check_row_by_row(drawn: Drawn, as_of: dt.date | None, whole: bool) -> None:
    raw = RawTables(drawn.raw.tables, whole=whole)
    assert _said(validate(raw, as_of)) == _said(validate(raw, as_of, row_by_row=True))


def test_the_example_is_the_same_either_way() -> None:
    raw = read_tables(EXAMPLE)
    assert _said(validate(raw, AS_OF)) == _said(validate(raw, AS_OF, row_by_row=True))


def _only(*numbers: int, **damage: tuple[str, str, object]) -> RawTables:
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for number in numbers:
        for name, more in _territory(number).items():
            rows[name] += more
    for name, (key, column, value) in damage.items():
        next(row for row in rows[name] if row["territory_id"] == key)[column] = value
    frames = {name: pd.DataFrame(of, dtype=object) for name, of in rows.items()}
    return RawTables({name: RawTable(TABLES[name], f"{name}.csv", frame) for name, frame in frames.items()})


def test_clean_territories_are_left_out_of_the_check_row_by_row() -> None:
    found = accepted(_only(1, 2, 3), AS_OF)
    assert found is not None
    assert {name: len(table.frame) for name, table in found.rest.tables.items()} == dict.fromkeys(TABLES, 0)


def test_a_part_that_another_process_gets_is_accepted_there_too() -> None:
    with parted(EXAMPLE, rows=5000) as parts:
        there = [pickle.loads(pickle.dumps(part)).tables() for part in parts.apart()]
    found = [accepted(raw, AS_OF) for raw in there]
    assert all(one is not None and not any(len(t.frame) for t in one.rest.tables.values()) for one in found)
    assert len(found) > 1


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("territories", "person", " "),
        ("territories", "season_01", "0.5"),
        ("territories", "year_start", "2025-04-01"),
        ("territories", "currency", "EUR\n"),
        ("accounts", "account_id", "A2"),
        ("accounts", "account_id", "A9 "),
        ("accounts", "last_order", "2027-02-01"),
        ("deals", "account_id", "A9"),
        ("deals", "amount", ""),
        ("deals", "close_date", ""),
        ("deals", "first_appointment", "2027-01-05"),
        ("deals", "reason", "a" + "\n" * 254),
        ("deals", "product", "x" * 40_000),
        ("territories", "Cost centre", "a\x0b"),
        ("activity", "week_start", "2027-01-05"),
        ("org_health", "element", "2"),
        ("org_health", "element", "13"),
        ("team", "hours_per_week", "169"),
        ("checkins", "kind", "DAILY"),
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_doubtful_row_sends_its_territory_and_no_other(table: str, column: str, value: object) -> None:
    raw = _only(1, 2, 3, **{table: ("T2", column, value)})
    found = accepted(raw, AS_OF)
    assert found is not None
    assert {key for held in found.tables.values() for key in held.frame["territory_id"]} == {"T1", "T3"}
    left = {key for rest in found.rest.tables.values() for key in rest.frame["territory_id"]}
    assert left == {"T2"}
    assert validate(raw, AS_OF).findings


def test_a_row_of_no_territory_goes_to_the_check_row_by_row() -> None:
    found = accepted(_only(1, 2, team=("T2", "territory_id", "T9")), AS_OF)
    assert found is not None
    assert found.rest.tables["team"].frame["territory_id"].tolist() == ["T9"]


@example([1, True, 1.0, "1"])
@example([Decimal("1.0"), Decimal("1.00")])
@example([None, float("nan"), "", " "])
@given(st.lists(st.sampled_from((1, True, 1.0, 0, False, "1", "", None, Decimal("1.0"), Decimal("1.00"), [1], "a"))))
def test_cells_that_are_not_alike_have_codes_of_their_own(cells: list[object]) -> None:
    array = np.empty(len(cells), object)
    array[:] = cells
    found = coded(array)
    assert [_shown(found.cells[code]) for code in found.codes] == [_shown(cell) for cell in cells]


def _shown(cell: object) -> str:
    return "blank" if is_blank(cell) else repr(cell)
