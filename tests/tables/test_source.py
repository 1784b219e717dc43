import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.tables import Validated, read_tables, validate

MakeFolder = Callable[..., Path]
Run = Callable[..., Validated]

GOOD = "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,North,Ada,2027,EUR,1\n"


@pytest.mark.parametrize(
    ("files", "source", "fragment"),
    [
        ({}, "nowhere", "There is no folder or workbook"),
        ({}, ".", "holds no .csv and no .parquet file"),
        ({"notes.txt": "x"}, ".", "holds no .csv and no .parquet file"),
        (
            {"deals.csv": "deal_id\n"},
            ".",
            "has no table “territories”, the one table that is needed; it has deals.csv. Is it",
        ),
        ({"territory.csv": GOOD}, ".", "did you mean territory.csv? Rename it to territories."),
        ({"territories.csv": GOOD}, "territories.csv", "is neither a folder nor a workbook"),
        ({"territories.csv": GOOD, "Territories.parquet": ""}, ".", "more than once"),
        ({"territories.csv": ""}, ".", "territories.csv is empty"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, files: dict[str, str], source: str, fragment: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_tables(tmp_path / source)
    assert fragment in str(error.value)
    assert "\n" not in str(error.value)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("Windows has no pipes in folders")
    os.mkfifo(path)


def _link_to_nothing(path: Path) -> None:
    try:
        path.symlink_to(path.with_name("gone.csv"))
    except OSError:
        pytest.skip("links need a right that this user has not")


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (_folder, "it is a folder"),
        (_pipe, "it is no ordinary file"),
        (_link_to_nothing, "it is a link that leads nowhere"),
    ],
)
@pytest.mark.parametrize("name", ["accounts.csv", "Deals.parquet", "territories.csv"])
def test_a_table_that_is_there_and_cannot_be_read_is_not_taken_for_none(
    tmp_path: Path, make: Callable[[Path], None], what: str, name: str
) -> None:
    (tmp_path / "territories.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / name).unlink(missing_ok=True)
    make(tmp_path / name)
    make(tmp_path / "notes.csv")  # which is none of the tables
    (tmp_path / "activity.csv").write_text("territory_id,week_start\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_tables(tmp_path)
    assert f"{name} has the name of a table, and cannot be read ({what})" in str(error.value)


def test_files_that_macos_and_excel_lay_beside_tables_are_no_tables(tmp_path: Path) -> None:
    for name in ("._territories.csv", "._deals.csv", "~$accounts.csv", ".~lock.territories.csv#", ".territories.csv"):
        (tmp_path / name).write_bytes(b"\x00\x05\x16\x07")
    with pytest.raises(InputError, match="holds no"):
        read_tables(tmp_path)
    (tmp_path / "territories.csv").write_text(GOOD, encoding="utf-8")
    read = read_tables(tmp_path)
    assert (list(read.tables), read.findings) == (["territories"], ())


def found(validated: Validated) -> list[tuple[str, str, str | None, str | None]]:
    return [(finding.severity, finding.code, finding.file, finding.column) for finding in validated.findings]


@pytest.mark.parametrize(
    ("table", "content", "expected", "fragment"),
    [
        (
            "accounts",
            "territory_id,account id,account_name\nT1,A1,x\n",
            [
                ("error", "COLUMN_MISSING", "accounts.csv", "account_id"),
                ("warning", "COLUMN_UNKNOWN", "accounts.csv", "account id"),
            ],
            "did you mean “account id”? Rename it to account_id. No planner is produced.",
        ),
        (
            "accounts",
            "territory_id,account_id,account_name,Account_ID \nT1,A1,x,A2\n",
            [("error", "COLUMN_DUPLICATE", "accounts.csv", "account_id")],
            "is there 2 times (“account_id”, “Account_ID”): keep one of them.",
        ),
        (
            "accounts",
            "territory_id,account_id,account_name,Potental,shoe size,,\nT1,A1,x,5,9,,\n",
            [
                ("warning", "COLUMN_UNKNOWN", "accounts.csv", "Potental"),
                ("warning", "COLUMN_UNKNOWN", "accounts.csv", "shoe size"),
            ],
            "did you mean potential? Rename it to potential.",
        ),
        (
            "accounts",
            "territory_id,account_id,account_name\n",
            [("warning", "TABLE_EMPTY", "accounts.csv", None)],
            "The table accounts has no rows; the planners are produced without it.",
        ),
        (
            "deals",
            "",
            [("warning", "TABLE_EMPTY", "deals.csv", None)],
            "The table deals has no rows",
        ),
        ("account", "x\n", [("warning", "TABLE_UNKNOWN", "account.csv", None)], "did you mean accounts?"),
        ("notes", "x\n", [("warning", "TABLE_UNKNOWN", "notes.csv", None)], "is not one of the input tables"),
    ],
)
def test_a_faulty_table_is_told_and_the_territory_is_produced(
    make_folder: MakeFolder,
    run: Run,
    table: str,
    content: str,
    expected: list[tuple[str, str, str | None, str | None]],
    fragment: str,
) -> None:
    folder = make_folder(**{table: content})
    validated = run(folder)
    assert found(validated) == expected
    assert fragment in validated.findings[0].message
    assert validated.territory_ids == ["T1"]


def test_a_table_without_a_needed_column_is_left_out_with_every_row_counted(make_folder: MakeFolder, run: Run) -> None:
    validated = run(make_folder(accounts="territory_id,account_id\nT1,A1\nT9,A2\n"))
    accounting = validated.accounting["accounts"]
    assert (accounting.read, accounting.accepted, accounting.refused) == (2, 0, 2)
    assert [finding.code for finding in validated.findings] == ["COLUMN_MISSING"]


@pytest.mark.parametrize(
    ("header", "code"),
    [(GOOD.splitlines()[0].replace("person", "persona"), "COLUMN_MISSING"), (None, "COLUMN_DUPLICATE")],
)
def test_without_a_needed_column_of_territories_no_planner_is_produced(
    make_folder: MakeFolder, run: Run, header: str | None, code: str
) -> None:
    first, row = GOOD.splitlines()
    content = f"{header}\n{row}\n" if header else f"{first},Person\n{row},Bo\n"
    folder = make_folder(territories=content, accounts="territory_id,account_id,account_name\nT1,A1,x\n")
    validated = run(folder)
    assert validated.territory_ids == []
    errors = [finding for finding in validated.findings if finding.severity == "error"]
    assert [finding.code for finding in errors] == [code]
    assert errors[0].message.endswith("No planner is produced.")
    assert validated.accounting["territories"].refused == 1
    assert validated.accounting["accounts"].skipped == 1
    assert validated.skipped_territories == ("T1",)


def test_no_rows_of_territories_is_a_warning(make_folder: MakeFolder, run: Run) -> None:
    validated = run(make_folder(territories=GOOD.splitlines()[0] + "\n"))
    (finding,) = validated.findings
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.code) == ("warning", "TABLE_EMPTY")
    assert "no planner is produced. Add a row per territory." in finding.message
    assert list(validated.territories) == []


@pytest.mark.parametrize("header", ["", ",,", " , ,"])
@pytest.mark.parametrize("table", ["territories", "deals"])
def test_rows_beneath_a_header_without_headings_are_not_taken_for_an_empty_file(
    make_folder: MakeFolder, table: str, header: str
) -> None:
    found = read_tables(make_folder(**{table: f"{header}\nT1,D1,A1\n"})).findings
    missing = {finding.column for finding in found if finding.code == "COLUMN_MISSING" and finding.table == table}
    assert "territory_id" in missing
    assert {finding.severity for finding in found if finding.column in missing} == {"error"}


def test_tables_with_tabs_may_be_called_tsv(tmp_path: Path) -> None:
    (tmp_path / "territories.tsv").write_text(GOOD.replace(",", "\t"), encoding="utf-8")
    assert [row["territory_name"] for row in validate(read_tables(tmp_path)).territories] == ["North"]


@pytest.mark.parametrize(
    "name", ["accounts.xlsx", "Accounts.XLS", "deals.ods", "deals.csv.gz", "team.txt", "team.json", "rates"]
)
def test_a_table_in_a_file_of_another_kind_is_not_taken_for_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "territories.csv").write_text(GOOD, encoding="utf-8")
    for other in ("territories.xlsx", "notes.xlsx", "deals.pdf", "~$team.xlsx", "contacts.json"):  # there, or no tables
        (tmp_path / other).write_bytes(b"x")
    assert set(read_tables(tmp_path).tables) == {"territories"}
    (tmp_path / name).write_bytes(b"x")
    table = name.partition(".")[0].lower()
    with pytest.raises(InputError, match=rf"{name} has the name of a table, and is not read: save it as {table}\.csv"):
        read_tables(tmp_path)
