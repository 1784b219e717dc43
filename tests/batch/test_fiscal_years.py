"""Several fiscal years in one table: a folder a year, each a complete run, and every row accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.cli.printed import Printed, Type
from xlsales.cli import main

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    def run(*words: object) -> Printed:
        monkeypatch.setattr("sys.argv", ["xlsales", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return Printed(int(end.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def two_years(small_tables: Tables) -> Tables:
    """T1 in 2026 and 2027, T2 in 2027, T3 in 2026; what T1 has is of both years."""
    first, _second, third = small_tables["territories"]
    third["fiscal_year"] = "2026"
    small_tables["territories"].append({**first, "fiscal_year": "2026", "person": "Ann"})
    small_tables["deals"].append(
        {**small_tables["deals"][0], "deal_id": "OLD", "first_appointment": "2026-03-02", "close_date": "2026-04-10"}
    )
    small_tables["activity"] += [
        {"territory_id": "T1", "week_start": "2026-03-02", "first_appointments": "1"},
        {"territory_id": "T1", "week_start": "2024-03-04", "first_appointments": "1"},
    ]
    small_tables["checkins"] = [
        {"territory_id": "T1", "kind": "WEEKLY", "held": day} for day in ("2026-05-05", "2027-01-19")
    ]
    return small_tables


def report(folder: Path) -> Any:
    return json.loads((folder / "run.json").read_bytes())


def test_each_year_is_a_complete_run_in_a_folder_of_its_own(
    typed: Type, tmp_path: Path, two_years: Tables, write_tables: WriteTables, small_template: Path
) -> None:
    source, out = write_tables(tmp_path / "crm", two_years), tmp_path / "plans"
    printed = typed("batch", source, "-o", out, "--template", small_template, "--workers", 1)
    assert printed.code == 0, printed.error
    assert sorted(path.name for path in out.iterdir()) == ["2026", "2027"]
    old, new = report(out / "2026"), report(out / "2027")
    assert [one["territory_id"] for one in old["planners"]] == ["T1", "T3"]
    assert [one["territory_id"] for one in new["planners"]] == ["T1", "T2"]
    assert (old["fiscal_year"], old["as_of"]) == (2026, "2026-12-31")
    assert (new["fiscal_year"], new["as_of"]) == (2027, "2027-02-28")
    for folder in (out / "2026", out / "2027"):
        assert (folder / "Overview.xlsx").exists()
        for table, account in report(folder)["rows"].items():
            total = account["in_planners"] + account["refused"] + account["skipped"]
            assert account["read"] == total + sum(account["left_out"].values()), table
    assert old["rows"]["checkins"]["left_out"] == new["rows"]["checkins"]["left_out"] == {"OTHER_YEAR": 1}
    assert old["rows"]["deals"]["left_out"] == {"OTHER_YEAR": 3}
    assert new["rows"]["deals"]["left_out"] == {}
    assert old["rows"]["activity"]["left_out"] == {"OUTSIDE_YEAR": 1, "OTHER_YEAR": 4}
    assert new["rows"]["activity"]["left_out"] == {"OUTSIDE_YEAR": 1, "OTHER_YEAR": 1}


def test_planner_of_a_year_has_its_own_person_and_deals(
    typed: Type, tmp_path: Path, two_years: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    source, out = write_tables(tmp_path / "crm", two_years), tmp_path / "plans"
    typed("batch", source, "-o", out, "--template", light_template, "--workers", 1)
    [old], [new] = (list((out / year).glob("T1*")) for year in ("2026", "2027"))
    texts = [
        {str(cell.value) for row in openpyxl.load_workbook(path)["Pipeline"].iter_rows() for cell in row}
        for path in (old, new)
    ]
    assert "OLD" in texts[0]
    assert "D1" not in texts[0]
    assert {"OLD", "D1"} <= texts[1]


def test_folder_with_planners_stops_all_years_before_the_first(
    typed: Type, tmp_path: Path, two_years: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    source, out = write_tables(tmp_path / "crm", two_years), tmp_path / "plans"
    command = ("batch", source, "-o", out, "--template", light_template, "--workers", 1)
    (out / "2027").mkdir(parents=True)
    (out / "2027" / "run.json").write_text("{}")
    printed = typed(*command)
    assert printed.code == 2
    assert not (out / "2026").exists()
    assert typed(*command, "--overwrite", "-q").code == 0
    told = json.loads(typed(*command, "--resume", "--json").out)
    assert list(told["fiscal_years"]) == ["2026", "2027"]


def test_row_without_a_readable_year_is_told_once(
    typed: Type, tmp_path: Path, two_years: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    two_years["territories"].append({**two_years["territories"][1], "territory_id": "T9", "fiscal_year": "soon"})
    two_years["deals"].append({**two_years["deals"][0], "territory_id": "T7", "deal_id": "X"})
    source, out = write_tables(tmp_path / "crm", two_years), tmp_path / "plans"
    printed = typed("batch", source, "-o", out, "--template", light_template, "--workers", 1)
    assert printed.code == 1
    assert printed.error.count("soon") == 1
    assert printed.error.count("T7") == 1
    assert report(out / "2026")["findings"]["error"] == 2
    assert report(out / "2027")["findings"]["error"] == 0


def test_one_year_of_several_keeps_its_folder(
    typed: Type, tmp_path: Path, two_years: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    source, out = write_tables(tmp_path / "crm", two_years), tmp_path / "plans"
    command = ("batch", source, "-o", out, "--template", light_template, "--workers", 1)
    printed = typed(*command, "--only", "fiscal_year=2027")
    assert printed.code == 0, printed.error
    assert [path.name for path in out.iterdir()] == ["2027"]


def test_one_year_makes_no_folder(
    typed: Type, tmp_path: Path, small_tables: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    source, out = write_tables(tmp_path / "crm", small_tables), tmp_path / "plans"
    assert typed("batch", source, "-o", out, "--template", light_template, "--workers", 1).code == 0
    assert (out / "run.json").exists()
    assert "fiscal_year" not in report(out)
