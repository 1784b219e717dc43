"""The same rows in whatever order, on whatever computer, give the same bytes in every file of a batch.

XLSALES_SHUFFLES=1 python -m pytest tests/batch/test_order_of_rows.py tries each pair of what may differ.
"""

from __future__ import annotations

import json
import locale
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batches import Run, contents
from xlsales.batch import Batch
from xlsales.batch.filled_copies import WRITERS
from xlsales.schema import TABLES

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

# With `locale.setlocale`, so that whatever follows the language of the computer does.
START = """
import locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:  # not installed here
    pass
from xlsales.cli import main
if __name__ == "__main__":
    main()
"""
ALL = "XLSALES_SHUFFLES" in os.environ
WORKERS = ("1", "2", "3")
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns")
LANGUAGES = (
    {"LC_ALL": "C.UTF-8"},
    {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},  # where the small letter of I is ı
    {"LC_ALL": "C", "LANGUAGE": "de"},
)
HASHES = ("0", "1", "77")
# Each value of one of the four with each value of every other, in nine runs (an orthogonal array).
COMPUTERS = [
    {
        "workers": WORKERS[first],
        "TZ": ZONES[second],
        **LANGUAGES[(first + second) % 3],
        "PYTHONHASHSEED": HASHES[(first + 2 * second) % 3],
    }
    for first in range(3)
    for second in range(3)
]


def every_table(tables: Tables) -> Tables:
    """All seven tables, with what an order could change: twins, and rows that fall on one row of the planner."""
    people = [
        ("Di", "PAPERWORK"),
        ("Ada", "SALE"),
        ("Eve", "SALE"),
        ("Bo", ""),
        ("Iğdır", "SEARCH"),
        ("ığdır", "SEARCH"),
    ]
    early = ("2019-01-07", "2019-01-14")
    same = {"territory_id": "T2", "account_name": "Same", "recent_revenue": "0.1"}
    days = ("2027-01-05", "2027-01-06", "2027-01-07", "2027-02-01", "2028-01-05")
    alike = [{**tables["territories"][1], "territory_id": f"T{number}"} for number in (4, 10, 11)]
    return {
        **tables,
        "territories": [*tables["territories"], *alike],
        "activity": [*tables["activity"], *({"territory_id": "T2", "week_start": day} for day in early)],
        "team": [{"territory_id": "T1", "name": name, "role": "rep", "stage": stage} for name, stage in people],
        "checkins": [{"territory_id": "T1", "kind": "WEEKLY", "held": day, "topic": day} for day in days],
        "accounts": [
            *tables["accounts"],
            *({**same, "account_id": name} for name in "zyx"),
            {"territory_id": "T3", "account_id": "A1", "account_name": "Acme"},
            {"territory_id": "T3", "account_id": "A2", "account_name": "Corta"},
        ],
    }  # fmt: skip


def shuffled(tables: Tables, seed: int) -> Tables:
    """The tables, the rows of each and their columns in another order."""
    chance = random.Random(seed)
    mixed = {}
    for name in chance.sample(list(tables), len(tables)):
        columns = list(dict.fromkeys(column for row in tables[name] for column in row))
        chance.shuffle(columns)
        rows = chance.sample(tables[name], len(tables[name]))
        mixed[name] = [{column: row.get(column, "") for column in columns} for row in rows]
    return mixed


def test_nine_computers_have_each_pair_of_what_may_differ() -> None:
    named = ("workers", "TZ", "LC_ALL", "PYTHONHASHSEED")
    for one, other in combinations(named, 2):
        assert len({(computer[one], computer[other]) for computer in COMPUTERS}) == 9


def test_shuffled_tables_give_the_same_bytes_on_every_computer(
    tmp_path: Path, small_template: Path, small_tables: Tables, write_tables: WriteTables
) -> None:
    tables = every_table(small_tables)
    assert tables.keys() == TABLES.keys()
    made = []
    for number, computer in enumerate(COMPUTERS if ALL else COMPUTERS[::4]):
        source = write_tables(tmp_path / f"tables {number}", shuffled(tables, number))
        out = tmp_path / f"plans {number}"
        start = tmp_path / f"start{number}.py"
        start.write_text(START, encoding="utf-8")
        command = [sys.executable, str(start), "batch", str(source), "--out", str(out), "--quiet"]
        command += ["--template", str(small_template), "--workers", computer["workers"]]
        place = {name: value for name, value in computer.items() if name != "workers"}
        project = Path(__file__).resolve().parents[2]
        subprocess.run(command, check=True, env={**os.environ, **place, "PYTHONPATH": str(project)}, cwd=tmp_path)
        made.append(contents(out))
    assert len(made[0]) == 6 + 4
    assert made[1:] == made[:1] * (len(made) - 1)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes its time zone from the system alone")
def test_time_zone_and_language_change_no_byte(
    run: Run, tmp_path: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables, before, made = every_table(small_tables), locale.setlocale(locale.LC_ALL), []
    try:
        for number, (zone, language) in enumerate(
            product(ZONES, LANGUAGES) if ALL else zip(ZONES, LANGUAGES, strict=True)
        ):
            with monkeypatch.context() as patch:
                for name, value in {"TZ": zone, **language}.items():
                    patch.setenv(name, value)
                time.tzset()
                with suppress(locale.Error):  # not installed here
                    locale.setlocale(locale.LC_ALL, "")
                run(shuffled(tables, number), tmp_path / str(number))
            made.append(contents(tmp_path / str(number)))
    finally:
        locale.setlocale(locale.LC_ALL, before)
        time.tzset()
    assert made[1:] == made[:1] * (len(made) - 1)
    assert len(made) >= len(ZONES)


def without_findings(files: dict[str, bytes]) -> dict[str, object]:
    """What a run wrote but for its findings, which name the rows of the source, and their fingerprints."""
    report = json.loads(files["run.json"])
    report["reports"] = {name: sha256 for name, sha256 in report["reports"].items() if "findings" not in name}
    return {**{name: content for name, content in files.items() if "findings" not in name}, "run.json": report}


@pytest.mark.parametrize(
    ("writer", "times", "template"),
    [("stamp", 3, "small_template"), ("openpyxl", 2, "light_template")],  # which fill what is put in one order
)
def test_rows_with_faults_leave_the_same_planners_and_findings_in_any_order(
    run: Run,
    tmp_path: Path,
    small_tables: Tables,
    writer: str,
    times: int,
    template: str,
    request: pytest.FixtureRequest,
) -> None:
    assert {"stamp", "openpyxl"} == set(WRITERS)
    tables = every_table(small_tables)
    tables["deals"] += [
        {**tables["deals"][0], "amount": "7000"},  # the same deal with another amount
        {**tables["deals"][2], "next_action": ""},
        {**tables["deals"][2], "next_action": "Call"},
        {**tables["deals"][0], "deal_id": "D7", "outcome": "MAYBE"},
        {**tables["deals"][0], "territory_id": "T99"},
    ]
    tables["territories"].append({**tables["territories"][2], "territory_name": "Twice"})
    made: list[dict[str, object]] = []
    told: list[Counter[tuple[object, ...]]] = []
    for seed in range(times):
        chosen = request.getfixturevalue(template)
        batch = run(shuffled(tables, seed), tmp_path / str(seed), template=chosen, writer=writer)
        made.append(without_findings(contents(tmp_path / str(seed))))
        told.append(findings(batch))
    assert made[1:] == made[:1] * (times - 1)
    assert told[1:] == told[:1] * (times - 1)
    assert {code for code, *_rest in told[0]} >= {
        "DUPLICATE",
        "CHOICE",
        "TERRITORY_UNKNOWN",
        "SAME_ROW",
        "OUTSIDE_YEAR",
    }


def findings(batch: Batch) -> Counter[tuple[object, ...]]:
    """The findings, but for the row of the source that each is about."""
    return Counter(
        (one.code, one.table, one.column, one.value, one.territory_id, re.sub(r"rows? [\d, …]+", "row", one.message))
        for one in batch.findings
    )


def test_id_of_a_run_tells_apart_what_writes_it(
    run: Run, tmp_path: Path, small_tables: Tables, tiny_template: Path
) -> None:
    tables = {"territories": small_tables["territories"]}
    ids = {run(tables, tmp_path / writer, template=tiny_template, writer=writer).run_id for writer in WRITERS}
    assert len(ids) == len(WRITERS)
