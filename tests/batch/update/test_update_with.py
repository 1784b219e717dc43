"""`--update` together with what else a run can be asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.batch.delivery.test_pdf import pdfs, posix_only, program
from tests.batch.folders import check
from xlsales.batch import Options, prepare_each
from xlsales.batch.delivery.name_patterns import name_pattern
from xlsales.errors import InputError
from xlsales.tables.mapping import read_map

if TYPE_CHECKING:
    from tests.batch.update.conftest import Months

__all__ = ["program"]
pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


def told(batch: Any, code: str) -> list[str]:
    return [one.message for one in batch.findings if one.code == code]


@posix_only
def test_pdfs_follow_the_planners_and_those_that_do_not_are_listed(three: Months, program: Callable[..., Path]) -> None:
    program()
    three.run(pdf="Dashboard")
    before = {path.name: path.read_bytes() for path in three.out.glob("*.pdf")}
    with three.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    three.row("territories", territory_id="T2")["territory_name"] = "Elsewhere"
    rehearsed = three.update(pdf="Dashboard", rehearse=True)
    assert {path.name: path.read_bytes() for path in three.out.glob("*.pdf")} == before
    batch = three.update(pdf="Dashboard")
    assert pdfs(three.out) == ["T1 North.pdf", "T2 Elsewhere.pdf", "T2 South.pdf", "T3 West.pdf"]
    for run in (rehearsed, batch):
        [message] = told(run, "STALE_PDF")
        assert message.startswith("1 PDF shows a planner as it was before: T2 South.pdf.")
    (three.out / "T2 South.pdf").unlink()
    assert told(three.update(pdf="Dashboard"), "STALE_PDF") == []


@posix_only
def test_without_pdf_those_of_planners_that_have_changed_are_listed_until_they_are_printed(
    months: Months, program: Callable[..., Path]
) -> None:
    program()
    months.run(pdf="Dashboard,Plan")
    assert told(months.update(), "STALE_PDF") == []  # nothing has changed
    months.row("accounts", account_id="A1", territory_id="T1")["recent_revenue"] = "1501"
    for _month in range(2):
        [message] = told(months.update(as_of=None), "STALE_PDF")
        assert "T1 North.pdf" in message
    assert not any("T1" in one for one in told(months.update(only=["T2"]), "STALE_PDF"))  # nobody has asked for it
    assert "1 PDF shows a planner as it was before: T1 North.pdf." in told(months.update(only=["T1"]), "STALE_PDF")[0]
    report = json.loads((months.out / "run.json").read_bytes())
    assert report["older_pdfs"][0]["sheets"] == ["Dashboard", "Plan"]
    assert told(months.update(pdf="Dashboard"), "STALE_PDF") == []
    assert "older_pdfs" not in json.loads((months.out / "run.json").read_bytes())


def test_a_map_feeds_an_update_and_edits_stay(months: Months, tmp_path: Path) -> None:
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
        sheets.cell("tblDeals", "D3", "Reason").value = "They asked"
    path, deals = tmp_path / "map.toml", months.tables.pop("deals")
    path.write_text(
        '[deals]\nfrom = "pipeline"\n[deals.columns]\nstage = "STAGE"\n'
        + "".join(f'{name} = "{name.upper()}"\n' for name in dict.fromkeys(key for row in deals for key in row)),
        encoding="utf-8",
    )
    months.tables["pipeline"] = [{name.upper(): value for name, value in row.items()} for row in deals]
    [deal] = [row for row in months.tables["pipeline"] if row["DEAL_ID"] == "D3"]
    deal["STAGE"] = "PROPOSAL"
    batch = months.update(mapping=read_map(path))
    sheets = months.read()
    assert sheets.cell("tblAccounts", "A1", "Potential").value == 4321
    assert sheets.cell("tblDeals", "D3", "Reason").value == "They asked"
    assert sheets.cell("tblDeals", "D3", "Stage").value == "PROPOSAL"
    assert told(batch, "PLANNER_LEFT_ALONE") == []
    assert json.loads((months.out / "run.json").read_bytes())["map"]["name"] == "map.toml"


def test_a_new_pattern_renames_planners_with_their_edits(three: Months) -> None:
    three.run()
    with three.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    pattern = name_pattern("{person} {territory_id}")
    rehearsed = three.update(name=pattern, rehearse=True)
    assert sorted(path.name for path in three.out.glob("T*.xlsm")) == [
        "T1 North.xlsm",
        "T2 South.xlsm",
        "T3 West.xlsm",
    ]
    batch = three.update(name=pattern)
    assert len(told(rehearsed, "PLANNER_RENAMED")) == len(told(batch, "PLANNER_RENAMED")) == 3
    assert list(three.out.glob("T*.xlsm")) == []
    [renamed] = three.out.glob("* T1.xlsm")
    assert three.read(renamed.name).cell("tblAccounts", "A1", "Potential").value == 4321
    check(three.out)


def test_some_territories_rehearsed_are_those_that_the_run_then_makes(months: Months) -> None:
    months.run()
    for name in ("T1 North.xlsm", "T2 South.xlsm"):
        with months.edited(name) as sheets:
            sheets.named("in_growth_rate").value = 0.2
    before = {path.name: path.read_bytes() for path in months.out.iterdir() if path.is_file()}
    rehearsed = months.update(only=["T1"], rehearse=True)
    assert {path.name: path.read_bytes() for path in months.out.iterdir() if path.is_file()} == before
    batch = months.update(only=["T1"])
    assert [one.file_name for one in rehearsed.made] == [one.file_name for one in batch.made] == ["T1 North.xlsm"]
    kinds = [sorted(one.code for one in run.findings if one.code != "BEFORE_UPDATE") for run in (rehearsed, batch)]
    assert kinds[0] == kinds[1]
    assert (months.out / "T2 South.xlsm").read_bytes() == before["T2 South.xlsm"]


def test_several_years_are_each_updated_in_their_folder(three: Months, tmp_path: Path) -> None:
    earlier = [{**row, "fiscal_year": "2026"} for row in three.tables["territories"] if row["territory_id"] != "T3"]
    three.tables["territories"] += earlier

    def run(**options: Any) -> dict[str, Any]:
        source = three.written()
        made = {}
        for batch in prepare_each(source, Options(three.out, template=three.template, workers=1, **options)):
            with batch:
                batch.run()
            made[batch.options.out.name] = batch
        return made

    assert list(run()) == ["2026", "2027"]
    for year in ("2026", "2027"):
        with three.edited(f"{year}/T1 North.xlsm") as sheets:
            sheets.cell("tblAccounts", "A1", "Potential").value = int(year)
    three.row("accounts", account_id="A1", territory_id="T1")["recent_revenue"] = "1501"
    with pytest.raises(InputError, match="2026"):
        run()
    updated = run(update=True)
    for year, count in (("2026", 2), ("2027", 3)):
        cell = three.read(f"{year}/T1 North.xlsm").cell
        assert cell("tblAccounts", "A1", "Potential").value == int(year)
        assert cell("tblAccounts", "A1", "Last 12 months").value == 1501
        assert len(updated[year].made) == count
        assert told(updated[year], "PLANNER_LEFT_ALONE") == []


def test_one_year_alone_is_one_batch_in_the_folder_itself(months: Months) -> None:
    [batch] = prepare_each(months.written(), Options(months.out, template=months.template, workers=1))
    with batch:
        assert (batch.options.out, batch.count) == (months.out, 2)
