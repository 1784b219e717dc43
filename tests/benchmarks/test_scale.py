"""`benchmarks/scale.py` prints its table; no time is asserted."""

from __future__ import annotations

from pathlib import Path

from benchmarks.scale import Measured, measured, table


def test_a_line_says_what_a_planner_costs_of_processors_and_bytes() -> None:
    text = table([Measured("dask", 2, 1000, 10.0, 18.0, 5.0, 250_000_000)])
    assert text.splitlines()[2] == "| dask | 2 | 1,000 | 10.0 | 100.0 | 18.0 | 5.0 | 200,000 | 250,000 |"


def test_a_batch_is_made_and_counted(crm_tables: Path) -> None:
    (line,) = measured(crm_tables, 2, [1], ["local"])
    assert (line.way, line.workers, line.planners) == ("local", 1, 2)
    assert line.seconds > 0
    assert line.processor >= line.leading > 0
    assert line.size > 100_000
