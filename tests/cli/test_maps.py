"""`--map`, `--suggest-map` and `--starter` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.printed import Type

EXPORTS = Path(__file__).resolve().parents[2] / "examples" / "exports"


def test_export_of_a_crm_becomes_planners(typed: Type, tmp_path: Path, small_template: Path) -> None:
    out = tmp_path / "out"
    done = typed("batch", EXPORTS / "salesforce", "--map", "salesforce", "--out", out, "--template", small_template)
    assert done.code == 0, done
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["map"]["name"] == "salesforce.toml"
    assert report["rows"]["deals"]["in_planners"] == 4
    book = openpyxl.load_workbook(out / report["planners"][0]["file"], data_only=True)
    rows = [row for row in book["Pipeline"].iter_rows(values_only=True) if "0065g00000AbCdeAAF" in row]
    assert [12000 in row for row in rows] == [True]


def test_wrong_map_is_one_line_and_nothing_is_written(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text("[dealz]\n", encoding="utf-8")
    out = tmp_path / "out"
    done = typed("batch", EXPORTS / "salesforce", "--map", tmp_path / "map.toml", "--out", out)
    assert (done.code, done.out) == (2, "")
    assert done.error == "xlsales: map.toml, dealz: there is no such key: did you mean deals?\n"
    assert not out.exists()


def test_map_is_shown_column_by_column(typed: Type) -> None:
    shown = typed("tables", "deals", "--map", "salesforce").out
    assert "  * deal_id                 Opportunity: Id\n" in shown
    assert "    close_date              Opportunity: CloseDate; where outcome is won, lost\n" in shown


def test_column_that_a_map_forgets_is_shown(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('[deals]\nfrom = "x"\nconstants = { territory_id = "T1" }\n', encoding="utf-8")
    shown = typed("tables", "--map", tmp_path / "map.toml").out
    assert "  * territory_id            always T1\n" in shown
    assert "  * deal_id                 NOT MAPPED, and needed\n" in shown
    assert "accounts" not in shown


def test_draft_of_a_map_is_one_that_batch_takes(typed: Type, tmp_path: Path, light_template: Path) -> None:
    draft = typed("tables", "--suggest-map", EXPORTS / "hubspot")
    assert draft.code == 0
    (tmp_path / "map.toml").write_text(draft.out, encoding="utf-8")
    words = ("--map", tmp_path / "map.toml", "--template", light_template)
    done = typed("batch", EXPORTS / "hubspot", *words, "--out", tmp_path / "out", "--dry-run")
    assert done.code == 0, done


@pytest.mark.parametrize("name", ["tables", "my tables.xlsx"])
def test_starter_is_written_once_and_not_over_what_was_filled(typed: Type, tmp_path: Path, name: str) -> None:
    place = tmp_path / "new folder" / name
    assert typed("tables", "--starter", place).code == 0
    again = typed("tables", "--starter", place)
    assert again.code == 2
    assert "--overwrite" in again.error
    assert typed("tables", "--starter", place, "--overwrite").code == 0
    done = typed("batch", place, "--out", tmp_path / "out", "--dry-run")
    assert "would get 2 planners" in done.out


def test_starter_of_another_kind_is_refused(typed: Type, tmp_path: Path) -> None:
    done = typed("tables", "--starter", tmp_path / "tables.xls")
    assert (done.code, "give a name that ends in .xlsx" in done.error) == (2, True)
