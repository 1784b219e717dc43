import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from xlsales.errors import InputError
from xlsales.tables import Validated, read_tables

Run = Callable[..., Validated]

TERRITORIES = (
    ("territory_id", "territory_name", "person", "fiscal_year", "currency", "revenue_goal"),
    ("T1", "North", "Ada", 2027, "EUR", 500000),
)


def write(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in {"territories": TERRITORIES, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def accounts(*cells: object, column: str = "account_id") -> list[tuple[object, ...]]:
    if column == "account_id":
        return [("territory_id", "account_id", "account_name"), *(("T1", cell, "x") for cell in cells)]
    body = [("T1", f"A{at}", "x", cell) for at, cell in enumerate(cells)]
    return [("territory_id", "account_id", "account_name", column), *body]


@pytest.mark.parametrize(
    ("cell", "key"),
    [(7, "7"), (7.0, "7"), ("007", "007"), (7.5, "7.5"), ("1e5", "1e5"), (True, "TRUE"), (" 7 ", "7")],
)
def test_identifiers_of_a_workbook_become_text(tmp_path: Path, run: Run, cell: object, key: str) -> None:
    validated = run(write(tmp_path / "crm.xlsx", accounts=accounts(cell)))
    assert [row["account_id"] for row in validated.rows("accounts", "T1")] == [key]


def test_an_identifier_shown_with_leading_zeros_keeps_them(tmp_path: Path, run: Run) -> None:
    book = Workbook()
    book.worksheets[0].title = "territories"
    for row in TERRITORIES:
        book.worksheets[0].append(list(row))
    book.worksheets[0]["A2"] = 7
    book.worksheets[0]["A2"].number_format = "000"
    book.save(tmp_path / "crm.xlsx")
    assert run(tmp_path / "crm.xlsx").territory_ids == ["007"]


def test_a_number_shown_with_leading_zeros_stays_a_number_where_no_identifier_belongs(tmp_path: Path, run: Run) -> None:
    book = Workbook()
    book.worksheets[0].title = "territories"
    for row in TERRITORIES:
        book.worksheets[0].append(list(row))
    sheet = book.create_sheet("accounts")
    for account in accounts(46053, column="last_order"):
        sheet.append(list(account))
    sheet["D2"].number_format = "000000"
    book.save(tmp_path / "crm.xlsx")
    (finding,) = run(tmp_path / "crm.xlsx").findings
    assert "46053" in finding.message
    assert "format the cell as a date" in finding.message


@pytest.mark.parametrize(
    ("column", "cell", "code", "fragment"),
    [
        ("account_id", 12345678901234567890, "KEY", "stored as a number, digits lost"),
        ("account_id", 1234567890123456, "KEY", "stored as a number, digits lost"),
        ("account_id", 10**15, "KEY", "stored as a number, digits lost"),  # one digit more than Excel keeps
        ("account_id", -(10**15), "KEY", "stored as a number, digits lost"),
        ("account_id", datetime(2027, 3, 2), "KEY", "turned into the date 2027-03-02"),
        ("potential", "#N/A", "CELL_ERROR", "the error #N/A"),
        ("potential", datetime(2027, 3, 2), "NUMBER", "“2027-03-02” is not a number"),
        ("potential", True, "NUMBER", "“True” is not a number"),
        ("last_order", 46053, "DATE", "format the cell as a date"),
        ("last_order", datetime(2027, 1, 31, 9, 30), "DATE", "2027-01-31 09:30:00 has a time of day"),
        ("last_order", "31.01.2027", "DATE", "write it as 2027-01-31"),
        ("wallet_share", 20, "RATE", "enter 20% or 0.20"),
    ],
)
def test_bad_cells_of_a_workbook_are_told_with_their_place(
    tmp_path: Path, run: Run, column: str, cell: object, code: str, fragment: str
) -> None:
    validated = run(write(tmp_path / "crm.xlsx", accounts=accounts(cell, column=column)))
    (finding,) = validated.findings
    assert (finding.severity, finding.code, finding.file) == ("error", code, "crm.xlsx")
    assert (finding.table, finding.row, finding.column) == ("accounts", 2, column)
    assert fragment in finding.message
    assert finding.message.endswith("The row is left out.")
    assert validated.rows("accounts", "T1") == []


@pytest.mark.unsound("openpyxl says .xlsx of an .xlsm")
def test_values_of_a_workbook_arrive_as_they_are(tmp_path: Path, run: Run) -> None:
    header = ("territory_id", "account_id", "account_name", "last_order", "potential", "high_value", "owner")
    row = ("T1", "A1", "=1+1", datetime(2027, 1, 31), 1.5, True, 12)
    path = write(tmp_path / "crm.xlsm", accounts=[header, row])
    book = read_tables(path).tables["accounts"]
    # openpyxl wrote `=1+1` as a formula, which has never been calculated
    assert [problem.code for problem in run(path).findings] == ["CELL_UNCALCULATED"]
    assert book.frame.index.tolist() == [2]
    path = write(path, accounts=[header, ("T1", "A1", "'=1", *row[3:])])
    (account,) = run(path).rows("accounts", "T1")
    assert account["last_order"] == date(2027, 1, 31)
    assert (account["potential"], account["high_value"], account["owner"]) == (1.5, "YES", "12")


@pytest.mark.unsound("an escape of a letter, which needs none")
@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("_x005F_x0041_", "_x0041_"),
        ("A_x0041_", "AA"),
        ("a_x000D_\nb", "a\r\nb"),
        ("x005F_y", "x005F_y"),
        ("_xD83D__xDE00_", "😀"),
    ],
)
@pytest.mark.parametrize("shared", [True, False])
def test_a_text_with_escapes_is_read_as_excel_shows_it(
    tmp_path: Path, run: Run, stored: str, text: str, shared: bool
) -> None:
    path = tmp_path / "crm.xlsx"
    sheets = {"territories": TERRITORIES, "accounts": accounts("OWNER", column="owner")}
    if shared:  # as XlsxWriter does; openpyxl writes texts into their cells
        with xlsxwriter.Workbook(path) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
    else:
        write(path, **sheets)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    holders = [name for name, part in parts.items() if b">OWNER<" in part]
    assert holders == ["xl/sharedStrings.xml" if shared else "xl/worksheets/sheet2.xml"]
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part.replace(b">OWNER<", f">{stored}<".encode()))
    assert [row["owner"] for row in run(path).rows("accounts", "T1")] == [text]


def test_a_formula_that_gives_an_empty_text_is_a_blank_cell(tmp_path: Path, run: Run) -> None:
    path = write(tmp_path / "crm.xlsx", accounts=accounts("POTENTIAL", column="potential"))
    formula = b'<c r="D2" t="str"><f>""</f><v></v></c>'
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            accounts_sheet = name == "xl/worksheets/sheet2.xml"
            package.writestr(name, re.sub(rb'<c r="D2".*?</c>', formula, part) if accounts_sheet else part)
    validated = run(path)
    assert validated.findings == ()
    assert [row["potential"] for row in validated.rows("accounts", "T1")] == [None]


@pytest.mark.unsound("row twice")
def test_rows_out_of_order_are_not_guessed_at(tmp_path: Path) -> None:
    path = write(tmp_path / "crm.xlsx", accounts=accounts("A1", "A2"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part.replace(b'<row r="3"', b'<row r="2"'))
    with pytest.raises(InputError, match=r"crm\.xlsx is not a workbook that can be read"):
        read_tables(path)


def test_blank_rows_and_far_cells_of_a_workbook_cost_nothing(tmp_path: Path, run: Run) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Territories"
    for row in TERRITORIES:
        sheet.append(list(row))
    sheet["XFD1048576"] = "stray"
    sheet["A9"] = "T9"
    book.save(tmp_path / "crm.xlsx")
    validated = run(tmp_path / "crm.xlsx")
    assert validated.accounting["territories"].read == 2
    assert {finding.row for finding in validated.findings if finding.severity == "error"} == {9}
    assert found(validated) == [("COLUMN_UNNAMED", 1048576, "Column XFD has no heading")]


def found(validated: Validated) -> list[tuple[str, int | None, str]]:
    """Warnings: their code, their row, and how they begin."""
    warnings = (one for one in validated.findings if one.severity == "warning")
    return [(one.code, one.row, one.message.split(",")[0].split(" and")[0]) for one in warnings]


def test_cells_beside_the_headings_are_told_and_ignored(tmp_path: Path, run: Run) -> None:
    rows = [
        ("territory_id", None, "account_id", "account_name"),
        ("T1", None, "A1", "Acme"),
        ("T1", "x", "A2", "Bond", None, 5),
        (None, None, None, None, None, 6),
    ]
    validated = run(write(tmp_path / "crm.xlsx", accounts=rows))
    assert validated.accounting["accounts"].accepted == 2
    assert found(validated) == [
        ("COLUMN_UNNAMED", 3, "Column B has no heading"),
        ("COLUMN_UNNAMED", 3, "Column F has no heading"),
    ]


def test_other_sheets_are_named_and_ignored(tmp_path: Path) -> None:
    path = write(tmp_path / "crm.xlsx", account=accounts("A1"), Notes=[("hello",)])
    findings = read_tables(path).findings
    assert [(finding.severity, finding.code, finding.table) for finding in findings] == [
        ("warning", "TABLE_UNKNOWN", "account"),
        ("warning", "TABLE_UNKNOWN", "Notes"),
    ]
    assert "did you mean accounts?" in findings[0].message


def no_workbook(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 not really")


def password(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("hello.txt", "hello")


def no_territories(path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "Territory"
    book.save(path)


@pytest.mark.unsound("what is refused")
@pytest.mark.parametrize(
    ("make", "fragment"),
    [
        (no_workbook, "its zip archive is cut off or damaged"),
        (other_zip, "it is a zip archive without a workbook"),
        (password, "crm.xlsx is protected with a password or is an old .xls file"),
        (no_territories, "did you mean Territory? Rename it to territories."),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, make: Callable[[Path], None], fragment: str
) -> None:
    make(tmp_path / "crm.xlsx")
    with pytest.raises(InputError) as error:
        read_tables(tmp_path / "crm.xlsx")
    assert fragment in str(error.value)
    assert "\n" not in str(error.value)
