"""Whatever is typed wrongly is one clear line and exit code 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.printed import Type

EXPORTS = Path(__file__).resolve().parents[2] / "examples" / "exports"
BATCH = ("batch", EXPORTS / "salesforce", "--map", "salesforce", "--out", "plans")
WRONG: list[tuple[tuple[object, ...], str]] = [
    ((*BATCH, "--map", "nope"), "There is no map nope"),
    ((*BATCH, "--map", "nope.toml"), "nope.toml cannot be read"),
    ((*BATCH, "--map", ""), "--map: nothing stands behind it"),
    ((*BATCH, "--map="), "--map: nothing stands behind it"),
    ((*BATCH, "--as-of", "31.12.2026"), "type a date such as 2027-01-31"),
    ((*BATCH, "--as-of", ""), "type a date"),
    ((*BATCH, "--workers", "0"), "--workers"),
    ((*BATCH, "--workers", "x"), "--workers"),
    ((*BATCH, "--writer", "fast"), "'fast' is not one of 'stamp', 'openpyxl'"),
    ((*BATCH, "--format", "pdf"), "'pdf' is not one of 'xlsm', 'xlsx'"),
    ((*BATCH, "--prefer", "me"), "'me' is not one of 'planner', 'tables'"),
    ((*BATCH, "--template", "nope.xlsx"), "the template, cannot be read"),
    ((*BATCH, "--template", ""), "--template: nothing stands behind it"),
    ((*BATCH, "--out", ""), "--out: nothing stands behind it"),
    ((*BATCH, "--out="), "--out: nothing stands behind it"),
    ((*BATCH, "--findings", "f.csv"), "--findings is for --dry-run"),
    ((*BATCH, "--dry-run", "--findings", ""), "--findings: nothing stands behind it"),
    ((*BATCH, "--update", "--overwrite"), "take one"),
    ((*BATCH, "--overwrite", "--resume"), "take one"),
    ((*BATCH, "--prefer", "tables"), "--prefer is for --update"),
    ((*BATCH, "--only", ","), "give ids such as T01,T07"),
    ((*BATCH, "--only", "boss=Lee"), "territories have no column boss"),
    ((*BATCH, "--name", "{nope}"), "territories have no column nope"),
    ((*BATCH, "--name", "{person"), "write each column in braces"),
    ((*BATCH, "--name", ""), "name a column of territories"),
    ((*BATCH, "--subfolders", "regoin"), "territories have no column regoin: did you mean region?"),
    ((*BATCH, "--subfolders", ""), "--subfolders: name columns of territories"),
    ((*BATCH, "--pdf", "Dashbord"), "did you mean Dashboard?"),
    ((*BATCH, "--pdf", ","), "name sheets of the planner"),
    ((*BATCH, "--nope"), "No such option: --nope"),
    ((*BATCH, "more"), "unexpected extra argument"),
    (("batch", "nope", "--out", "plans"), "There is no folder or workbook nope"),
    (("batch", "", "--out", "plans"), "an empty word"),
    (("batch", "sqlite:///nope.db", "--out", "plans"), "There is no database nope.db"),
    (("batch", EXPORTS / "salesforce"), "Missing option '--out'"),
    (("nope",), "No such command 'nope'"),
    (("tables", "nope"), "There is no input table nope"),
    (("tables", "--suggest-map", "nope"), "There is no folder or workbook nope"),
    (("tables", "--suggest-map", ""), "--suggest-map: nothing stands behind it"),
    (("tables", "--starter", "x.csv"), "a name that ends in .xlsx"),
    (("tables", "--starter", ""), "--starter: nothing stands behind it"),
    (("tables", "deals", "--starter", "new"), "are different things"),
    (("tables", "--markdown", "--starter", "new"), "are different things"),
    (("tables", "--suggest-map", EXPORTS, "--map", "salesforce"), "--map does not go with --suggest-map"),
    (("tables", "--convert", EXPORTS), "needs --map FILE.toml"),
    (("tables", "--convert", EXPORTS, "--map", "salesforce"), "and --out FOLDER"),
    (("tables", "--convert", "nope", "--map", "salesforce", "--out", "new"), "There is no folder or workbook nope"),
    (("tables", "--out", "new"), "--out is for --convert"),
    (("tables", "--overwrite"), "--overwrite is for --starter and --convert"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "says"), WRONG, ids=[f"{number} {says}" for number, (_, says) in enumerate(WRONG)])
def test_wrong_use_is_one_line(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert says in typed(*words).stopped()
    assert list(tmp_path.iterdir()) == []


def test_what_a_map_makes_of_an_export_is_written_as_tables(typed: Type, tmp_path: Path) -> None:
    words = ("tables", "--convert", EXPORTS / "dynamics", "--map", "dynamics", "--out", tmp_path / "new")
    done = typed(*words)
    assert done.code == 0, done.error
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "accounts.csv",
        "deals.csv",
        "territories.csv",
    ]
    head, *rows = (tmp_path / "new" / "deals.csv").read_text(encoding="utf-8").splitlines()
    assert (head.split(",")[:2], len(rows)) == (["territory_id", "deal_id"], 3)
    assert typed(*words).code == 2  # they are there
    assert typed(*words, "--overwrite").code == 0


def test_rows_that_are_refused_are_told_when_tables_are_written(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "territories.csv").write_text(
        "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,N,A,2026,EUR,5\n", encoding="utf-8"
    )
    (tmp_path / "crm" / "d.csv").write_text("Id,Who,Day\n1,T1,31.12.2025\n2,T1,99.12.2025\n", encoding="utf-8")
    (tmp_path / "map.toml").write_text(
        '[read]\ndates = ["dmy"]\n[deals]\nfrom = "d"\n[deals.columns]\n'
        'territory_id = "Who"\ndeal_id = "Id"\nfirst_appointment = "Day"\n',
        encoding="utf-8",
    )
    done = typed("tables", "--convert", tmp_path / "crm", "--map", tmp_path / "map.toml", "--out", tmp_path / "new")
    assert done.code == 1
    assert "d.csv, deals, row 3, first_appointment" in done.error
    assert (tmp_path / "new" / "deals.csv").read_text(encoding="utf-8").splitlines()[1:] == ["T1,1,2025-12-31"]
