"""CSV files are read many lines at a time; what comes out is what comes out line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.schema import DEALS
from xlsales.tables import delimited, runs
from xlsales.tables.delimited import read_csv

HEADS = ("territory_id,deal_id,reason", "territory_id,deal_id,reason,", "territory_id,deal_id,,reason")
_LINES = (
    "T1,D1,good",
    "T1,D2,",
    'T1,D3,"quoted, with a comma"',
    'T1,D4,"over',
    'two lines"',
    "",
    ",,",
    " ,\t, ",
    ",D5,no territory",
    "T1,D6",
    "T1,D7,too,many,cells",
    'T1,"D8" x,bad quotes',
    'T1,D9,"never closed',
    "T1,D10,good,",
)


def _said(path: Path, rows: int | None) -> object:
    found = read_csv(DEALS, path)
    chunks = list(found.chunks(rows))
    told = [*found.findings, *found.unheaded()]
    held = [(row, chunk.damaged.get(row)) for chunk in chunks for row in chunk.rows]
    columns = (
        [(name, [cell for chunk in chunks for cell in chunk.columns[name]]) for name in chunks[0].columns]
        if chunks
        else []
    )
    sizes = [len(chunk.rows) for chunk in chunks]
    return told, held, columns, sizes


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from(HEADS),
    lines=st.lists(st.sampled_from(_LINES), max_size=12),
    end=st.sampled_from(("\n", "\r\n")),
    at_a_time=st.integers(1, 5),
    rows=st.sampled_from((None, 1, 2, 3, 100)),
)
def test_lines_read_together_are_read_as_each_alone(
    tmp_path: Path, head: str, lines: list[str], end: str, at_a_time: int, rows: int | None
) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(end.join([head, *lines]), encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delimited, "_LINES", at_a_time)
        patched.setattr(runs, "_HELD", at_a_time)
        together = _said(path, rows)
        patched.setattr(delimited, "_run", lambda *_arguments: None)
        assert together == _said(path, rows)


def test_good_lines_are_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("\n".join([HEADS[0], *(f"T1,D{number},x" for number in range(1000))]), encoding="utf-8")

    def alone(*_arguments: object) -> None:
        raise AssertionError("a good line was read alone")

    monkeypatch.setattr(delimited, "_record", alone)
    assert sum(len(chunk.rows) for chunk in read_csv(DEALS, path).chunks(300)) == 1000
