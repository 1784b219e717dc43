"""The overview tells of an updated planner what stands in it, its goal, currency and people too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import overviews
from tests.batches import contents
from tests.conftest import RawWorkbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.update.conftest import Months

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


@pytest.mark.usefixtures("whole")
def test_goal_currency_and_people_that_a_manager_keeps_are_in_the_overview(months: Months) -> None:
    months.run()
    typed = {"in_revenue_goal": 600_000, "in_currency": "CHF", "in_leader": "Boss", "in_person": None}
    with months.edited() as sheets:
        for name, value in typed.items():
            sheets.named(name).value = value
    batch = months.update()
    told = [{heading: cell.value for heading, cell in row.items()} for row in overviews.rows(months.out)]
    figures = {heading: name for heading, name in overviews.FIGURES.items() if heading != "As of"}  # a day there
    for row, made in zip(told, batch.made, strict=False):
        planner = RawWorkbook(months.out / made.file_name)
        assert [row[heading] or "" for heading in figures] == pytest.approx(
            [planner.named(name) or "" for name in figures.values()]
        )
    (first, *_others) = told
    assert [first[heading] for heading in ("Goal", "Currency", "Leader", "Person")] == [600_000, "CHF", "Boss", ""]
    totals = {row["Currency"]: row["Goal"] for row in told if row["Territory"] == "Total"}
    assert totals["CHF"] == 600_000


@pytest.mark.parametrize(("typed", "rate"), [("CHF", None), ("GBP", 2)])
@pytest.mark.usefixtures("whole")
def test_currency_that_a_manager_keeps_is_in_the_total_of_the_group_or_told(
    months: Months, typed: str, rate: float | None
) -> None:
    own = months.tables["territories"][0]["currency"]
    rates = {own: "1", "GBP": "2"}
    months.tables["rates"] = [{"currency": currency, "rate": rate} for currency, rate in rates.items()]
    months.run()
    with months.edited() as sheets:
        sheets.named("in_currency").value = typed
        goal = sheets.named("in_revenue_goal").value
    batch = months.update()
    told = [{heading: cell.value for heading, cell in row.items()} for row in overviews.rows(months.out)]
    of_group = next(row["Goal"] for row in told if row["Territory"] == "Group total")
    others = sum(row["Goal"] for row in told[1 : len(batch.made)])
    assert of_group == pytest.approx(others + goal * (rate or 0))
    missing = [one.message for one in batch.findings if one.code == "RATE_MISSING"]
    text = f"{typed} has no rate up to 2027-02-28: 1 territory (T1) is left out of the total in {own}."
    assert missing == ([] if rate else [text])


@pytest.mark.usefixtures("whole")
def test_overview_of_planners_that_nobody_touched_is_that_of_a_new_run(
    months: Months, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for longest in (5000, 1):
        monkeypatch.setattr("xlsales.batch.overview.LONGEST", longest)
        months.run()
        months.row("accounts", account_id="A1")["potential"] = f"9{longest}"
        months.update()
        months.run(tmp_path / f"fresh {longest}")
        fresh, updated = contents(tmp_path / f"fresh {longest}"), contents(months.out)
        names = [name for name in fresh if name.startswith("Overview")]
        assert len(names) == (1 if longest > 1 else 2)
        assert [name for name in names if fresh[name] != updated[name]] == []
        months.out = tmp_path / "again"
