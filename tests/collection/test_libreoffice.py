"""Planners that LibreOffice saved: edited or not, what stands in them is read exactly, and nothing else is told."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.collection.conftest import ReadPlanner, SmallPlanner
from tests.end_to_end.libreoffice_vba import CHECKOUT, PATIENCE, bridge_needed, office_python
from tests.libreoffice import soffice
from tests.workbook.returned.edits import EXAMPLE
from xlsales.collection.planner import Columns

_FILTERS = {"saved.xlsx": "Calc MS Excel 2007 XML", "saved.xlsm": "Calc MS Excel 2007 VBA XML"}
UNEDITED = ("Sales Planner example.xlsx", "Sales Planner.xlsm")
Edits: TypeAlias = list[tuple[object, ...]]
Saved: TypeAlias = dict[str, list[bytes]]
# What is done to a planner with few rows, given the names of the columns of the accounts.
EDITS: Mapping[str, Callable[[list[str]], Edits]] = {
    "typed and sorted": lambda names: [
        ("type", "tblAccounts", 2, names.index("account_name"), "Łódź & Söhne <1>"),
        ("type", "tblAccounts", 2, names.index("prior_revenue"), 1234.567),
        ("type", "tblAccounts", 3, names.index("segment"), "12 %"),
        ("sort", "tblDeals", 0, True),
    ],
    "inserted and deleted": lambda names: [
        ("insert", "tblAccounts", 1, 2),
        ("type", "tblAccounts", 1, names.index("account_id"), "NEW1"),
        ("type", "tblAccounts", 1, names.index("account_name"), "Inserted"),
        ("delete", "tblDeals", 0, 1),
    ],
    "filled and moved": lambda names: [
        ("fill", "in_revenue_goal", 1234567.89),
        ("fill", "in_person", "Zoë Ünlü"),
        ("fill", "in_growth_rate", "12 %"),
        ("fill", "in_gross_margin", "=1/8"),
        ("fill", "in_opening_revenue", 0.0),
        ("fill", "in_hired", 46_081.0),
        ("widen", "tblAccounts", 3, 2),
        ("type", "tblAccounts", 1, names.index("account_name"), "Before the columns"),
        ("rename", "Accounts", "My customers"),
        ("move", "Targets", 9),
        ("move", "Check-ins", 0),
    ],
}
pytestmark = [bridge_needed(), pytest.mark.unsound("as LibreOffice writes it")]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, small: SmallPlanner) -> Saved:
    """What LibreOffice saves after each of the edits below, in one start of it."""
    folder = tmp_path_factory.mktemp("saved")
    names = list(small.planner.tables["accounts"])[1:]
    edited = folder / "edited.xlsx"
    edited.write_bytes(small.content)
    tried: list[tuple[str, Path, list[Any]]] = [(name, EXAMPLE.with_name(name), []) for name in UNEDITED]
    tried += [(name, edited, edits(names)) for name, edits in EDITS.items()]
    question = {
        "soffice": soffice(),
        "path": [str(path) for _name, path, _edits in tried],
        "sequences": [edits for _name, _path, edits in tried],
        "sheets": [],
        "names": [],
        "saved": [
            [(str(folder / f"{at} {name}"), kind) for name, kind in _FILTERS.items()] for at in range(len(tried))
        ],
    }
    python = office_python()
    assert python is not None
    done = subprocess.run(
        [python, str(CHECKOUT / "tests" / "edits" / "office.py")],
        input=pickle.dumps(question, protocol=4),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    found = {one[0]: [(folder / f"{at} {name}").read_bytes() for name in _FILTERS] for at, one in enumerate(tried)}
    shutil.rmtree(folder)  # LibreOffice's, not ours
    return found


def rounded(columns: Columns) -> Columns:
    """As LibreOffice writes numbers: with 15 digits."""
    return {name: [float(f"{one:.15g}") if isinstance(one, float) else one for one in c] for name, c in columns.items()}


def rows(columns: Columns) -> list[tuple[object, ...]]:
    return sorted(zip(*rounded(columns).values(), strict=True), key=repr)


@pytest.mark.parametrize("file", UNEDITED)
def test_an_unedited_planner_raises_no_false_alarm(file: str, saved: Saved, read_planner: ReadPlanner) -> None:
    original = read_planner(EXAMPLE.with_name(file).read_bytes())
    for content in saved[file]:
        planner = read_planner(content)
        assert [str(one) for one in planner.findings if one.code != "NO_TERRITORY"] == []
        assert rounded({name: [value] for name, value in planner.inputs.items()}) == rounded(
            {name: [value] for name, value in original.inputs.items()}
        )
        assert {n: rounded(t) for n, t in planner.tables.items()} == {n: rounded(t) for n, t in original.tables.items()}
        assert planner.template_version == original.template_version


def test_edited_values_are_read_exactly(saved: Saved, small: SmallPlanner) -> None:
    expected = {name: list(values) for name, values in small.planner.tables["accounts"].items()}
    expected["account_name"][2], expected["prior_revenue"][2] = "Łódź & Söhne <1>", 1234.567
    expected["segment"][3] = "12 %"
    for content in saved["typed and sorted"]:
        planner = small.read(content)
        assert [str(one) for one in planner.findings] == []
        assert rounded(planner.tables["accounts"]) == rounded(expected)
        assert rows(planner.tables["deals"]) == rows(small.planner.tables["deals"])
        assert planner.tables["deals"] != small.planner.tables["deals"]


def test_inserted_and_deleted_rows_lose_nothing(saved: Saved, small: SmallPlanner) -> None:
    for content in saved["inserted and deleted"]:
        planner = small.read(content)
        found = rows(planner.tables["accounts"])
        assert [row for row in found if row not in rows(small.planner.tables["accounts"])] == [
            row for row in found if "NEW1" in row
        ]
        assert len(found) == len(rows(small.planner.tables["accounts"])) + 1
        deals = {name: values[1:] for name, values in small.planner.tables["deals"].items()}
        assert rounded(planner.tables["deals"]) == rounded(deals)
        assert {one.sheet for one in planner.findings if one.code.startswith("FORMULA")} <= {"Accounts"}


def test_inputs_typed_anywhere_in_a_planner_of_which_everything_was_moved(saved: Saved, small: SmallPlanner) -> None:
    for content in saved["filled and moved"]:
        planner = small.read(content)
        inputs = planner.inputs
        assert (inputs["revenue_goal"], inputs["person"]) == (1234567.89, "Zoë Ünlü")
        assert (inputs["growth_rate"], inputs["gross_margin"], inputs["opening_revenue"]) == (0.12, 0.125, 0.0)
        assert inputs["in_hired"] == dt.date(2026, 2, 28)
        expected = {name: list(values) for name, values in small.planner.tables["accounts"].items()}
        expected["account_name"][1] = "Before the columns"
        assert rounded(planner.tables["accounts"]) == rounded(expected)
        others = {name for name in planner.tables if name != "accounts"}
        assert {n: rounded(planner.tables[n]) for n in others} == {n: rounded(small.planner.tables[n]) for n in others}
        assert [str(one) for one in planner.findings if one.code not in ("INPUT_TEXT_READ", "INPUT_FORMULA")] == []
