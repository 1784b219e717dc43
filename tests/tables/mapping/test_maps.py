"""Foreign exports read through a map: columns, values, dates and numbers as their systems write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import InputError
from xlsales.schema import TABLES
from xlsales.tables import Validated, read_tables, validate
from xlsales.tables.mapping import PRESETS, read_map
from xlsales.tables.mapping.shape import How
from xlsales.tables.mapping.written import reader

EXPORTS = Path(__file__).resolve().parents[3] / "examples" / "exports"
TERRITORIES = "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,North,Ada,2026,EUR,500000\n"
DEALS = """
[deals]
from = "export"
[deals.constants]
territory_id = "T1"
[deals.columns]
deal_id = "Nr"
amount = "Betrag"
stage = "Phase"
close_date = "Datum"
[deals.stages]
"Gewonnen" = ["CLOSED", "WON"]
"Angebot" = ["PROPOSAL", "OPEN"]
"""

Read = Callable[..., Validated]
_TIMES = ("2026-02-03 10:22", "2026-02-03T10:00:00.000Z", "2026-02-03 10:22 AM", "2026-02-03T00:00:00+01:00")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(rows: str | bytes, mapping: str, **files: str) -> Validated:
        folder = tmp_path / "crm"
        folder.mkdir()
        content = rows if isinstance(rows, bytes) else rows.encode()
        (folder / "export.csv").write_bytes(content)
        for name, text in {"territories": TERRITORIES, **files}.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        path = tmp_path / "my map.toml"
        path.write_text(mapping, encoding="utf-8")
        return validate(read_tables(folder, read_map(path)))

    return read


def codes(validated: Validated) -> list[str]:
    return [finding.code for finding in validated.findings]


def first(validated: Validated, table: str = "deals") -> dict[str, Any]:
    return {name: value for name, value in validated.rows(table, "T1")[0].items() if value is not None}


def test_export_of_another_country_is_read_as_it_is_written(read: Read) -> None:
    rows = 'Nr;Betrag;Phase;Datum\r\n="007";1.234,50 €;gewonnen;3.2.2026\r\n'.encode("cp1252")
    how = '[read]\nencoding = "cp1252"\ndecimal = ","\nthousands = "."\ncurrency = ["€"]\ndates = "dmy"\n'
    validated = read(rows, how + DEALS)
    assert codes(validated) == []
    assert first(validated) == {
        "territory_id": "T1",
        "deal_id": "007",
        "amount": 1234.5,
        "stage": "CLOSED",
        "outcome": "WON",
        "close_date": dt.date(2026, 2, 3),
    }


def test_without_a_map_nothing_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "territories.csv").write_text(TERRITORIES, encoding="utf-8")
    (tmp_path / "deals.csv").write_text("territory_id,deal_id,amount\nT1,1,$5\n", encoding="utf-8")
    assert codes(validate(read_tables(tmp_path))) == ["NUMBER"]


def test_value_that_the_map_leaves_open_is_a_finding_with_the_line_to_add(read: Read) -> None:
    rows = "Nr,Betrag,Phase,Datum\n1,5,Gewonnen,2026-02-03\n2,5,Verhandlung,\n3,5,Verhandlung,\n"
    validated = read(rows, DEALS)
    (told,) = (str(f) for f in validated.findings if f.code == "MAP_VALUE_UNKNOWN" and f.column == "stage")
    assert "“Verhandlung” (2 rows) is not in the map" in told
    assert '"Verhandlung" = "…" under [deals.values.stage]' in told
    assert validated.accounting["deals"].accepted == 1


@pytest.mark.parametrize(
    ("written", "line", "how"),
    [
        ("31.12.2026", 'dates = ["dmy"] or dates = ["mdy"]', ""),
        ("03/04/2026", 'dates = ["dmy"] or dates = ["mdy"]', 'times = "drop"'),
        ("2026-02-03 10:22", 'times = "drop"', ""),
        ("1770076800000", '["epoch_ms"]', ""),
        ("46056", '["excel"]', 'dates = ["epoch_s"]'),
        ("n/a", 'add blank = ["n/a"] to [read]', 'times = "drop"'),
        ("{open}", 'add blank = ["{open}"] to [read]', ""),
    ],
)
def test_date_that_the_map_leaves_open_is_a_finding_with_the_line_to_add(
    read: Read, written: str, line: str, how: str
) -> None:
    validated = read(f"Nr,Betrag,Phase,Datum\n1,5,Gewonnen,{written}\n", f"[read]\n{how}\n{DEALS}")
    finding = next(one for one in validated.findings if one.code == "DATE")
    assert line in finding.message
    assert written in finding.message


@pytest.mark.parametrize(
    ("written", "line", "how"),
    [
        ('"1.234,50"', 'add decimal = ",", thousands = ["."] to [read]', ""),
        ('"1234,5"', 'add decimal = "," to [read]', ""),
        ('"1,234.50"', 'add thousands = [","] to [read]', ""),
        ('"1,234"', 'add thousands = [","] to [read]', ""),
        ("1 234", 'add thousands = [" "] to [read]', ""),
        ("1'234.5", 'add thousands = ["\'"] to [read]', ""),
        ("5 €", 'add currency = ["€"] to [read]', ""),
        ("USD 5", 'add currency = ["USD"] to [read]', 'currency = ["€"]'),
        ("(500.00)", 'add parentheses = "negative" to [read]', ""),
        ("n/a", 'add blank = ["n/a"] to [read]', ""),
        ("{x}€ – à définir", 'add blank = ["{x}€ – à définir"] to [read]', 'blank = ["-"]'),
        ("1.23", "correct it, or the map", 'decimal = ","\nthousands = "."'),
        ("1.2.3", "", ""),
    ],
)
def test_number_that_the_map_leaves_open_is_a_finding_with_the_line_to_add(
    read: Read, written: str, line: str, how: str
) -> None:
    validated = read(f"Nr,Betrag,Phase,Datum\n1,{written},Gewonnen,2026-02-03\n", f"[read]\n{how}\n{DEALS}")
    finding = next(one for one in validated.findings if one.code == "NUMBER")
    assert line in finding.message
    assert written.strip('"') in finding.message


def test_number_kept_from_excel_that_is_empty_is_blank(read: Read) -> None:
    validated = read('Nr,Betrag,Phase,Datum\n1,"=""""",Angebot,\n', DEALS)
    assert "NUMBER" not in codes(validated)


def test_rows_that_the_map_leaves_out_are_counted(read: Read) -> None:
    rows = "Nr,Betrag,Phase,Datum\n1,5,Gewonnen,2026-02-03\nCopyright (c) 2026\nTotal,5,,\n"
    leave_out = '[deals]\nleave_out = [{ column = "Nr", is = ["copyright*", "Total"] }]\n'
    validated = read(rows, DEALS.replace("[deals]\n", leave_out))
    assert [(f.code, "2 rows" in f.message) for f in validated.findings] == [("MAP_LEFT_OUT", True)]
    assert validated.accounting["deals"].accepted == 1


def test_column_that_the_export_lacks_is_told_with_the_one_that_was_meant(read: Read) -> None:
    validated = read("Nr,Betrag EUR,Phase,Datum\n1,5,Angebot,\n", DEALS.replace('"Betrag"', '"Betrag EURO"'))
    (told,) = (str(f) for f in validated.findings if f.code == "MAP_COLUMN_MISSING")
    assert "takes amount from “Betrag EURO”, which is not here: did you mean “Betrag EUR”?" in told


def test_required_column_that_is_missing_makes_the_table_unusable(read: Read) -> None:
    validated = read("Nummer,Betrag,Phase,Datum\n1,5,Angebot,\n", DEALS)
    assert {"MAP_COLUMN_MISSING", "COLUMN_MISSING"} <= set(codes(validated))
    assert validated.accounting["deals"].accepted == 0


def test_credit_note_is_less_than_zero(read: Read) -> None:
    rows = "Nr,Betrag,Phase,Datum,Art\n1,500,Gewonnen,2026-02-03,Gutschrift\n2,(70),Gewonnen,2026-02-03,\n"
    negative = '[deals.negative]\namount = { column = "Art", is = "gutschrift" }\n'
    validated = read(rows, '[read]\nparentheses = "negative"\n' + DEALS + negative)
    assert [row["amount"] for row in validated.rows("deals", "T1")] == [-500, -70]


def test_one_date_is_the_close_or_the_expected_close(read: Read) -> None:
    rows = "Nr,Betrag,Phase,Datum\n1,5,Gewonnen,2026-02-03\n2,9,Angebot,2026-05-01\n"
    columns = """
close_date = { column = "Datum", when = { outcome = ["WON", "LOST"] } }
expected_close = { column = "Datum", when = { outcome = "OPEN" } }
"""
    validated = read(rows, DEALS.replace('close_date = "Datum"\n', columns))
    deals = sorted(validated.rows("deals", "T1"), key=lambda row: str(row["deal_id"]))
    dates = [(row["close_date"], row["expected_close"]) for row in deals]
    assert dates == [(dt.date(2026, 2, 3), None), (None, dt.date(2026, 5, 1))]


def test_findings_show_the_row_of_the_export(read: Read) -> None:
    validated = read("Nr,Betrag,Phase,Datum\n1,5,Angebot,\n2,about 5,Angebot,\n", DEALS)
    (found,) = validated.findings
    assert (found.file, found.row, found.value) == ("export.csv", 3, "about 5")


@pytest.mark.parametrize(
    ("how", "written", "date"),
    [
        ('"dmy"', "03/02/2026", dt.date(2026, 2, 3)),
        ('"mdy"', "03/02/2026", dt.date(2026, 3, 2)),
        ('"dmy"', "3.2.26", dt.date(2026, 2, 3)),
        ('"mdy"', "2026-02-03", dt.date(2026, 2, 3)),
        ('"epoch_ms"', "1770076800000", dt.date(2026, 2, 3)),
        ('"epoch_s"', "1770076800", dt.date(2026, 2, 3)),
        ('"excel"', "46056", dt.date(2026, 2, 3)),
    ],
)
def test_dates_in_the_order_that_the_map_says(read: Read, how: str, written: str, date: dt.date) -> None:
    validated = read(f"Nr,Betrag,Phase,Datum\n1,5,Gewonnen,{written}\n", f"[read]\ndates = {how}\n{DEALS}")
    assert first(validated)["close_date"] == date


@pytest.mark.parametrize(
    "time", ["2026-02-03 10:22", "2026-02-03T10:00:00.000Z", "2026-02-03 10:22 AM", "2026-02-03T00:00:00+01:00"]
)
def test_time_of_day_is_dropped_only_where_the_map_says_so(read: Read, time: str, tmp_path: Path) -> None:
    rows = f"Nr,Betrag,Phase,Datum\n1,5,Gewonnen,{time}\n"
    assert first(read(rows, f'[read]\ntimes = "drop"\n{DEALS}'))["close_date"] == dt.date(2026, 2, 3)
    (tmp_path / "crm" / "again").mkdir()
    refused = validate(read_tables(tmp_path / "crm", read_map(_file(tmp_path, DEALS))))
    assert codes(refused) == ["DATE"]


def _file(folder: Path, content: str) -> Path:
    path = folder / "other.toml"
    path.write_text(content, encoding="utf-8")
    return path


_STAGES = '[deals]\nfrom = "x"\n[deals.columns]\nstage = "S"\n[deals.stages]\nWon = ["CLOSD", "WON"]'
_BOTH = '[deals]\nfrom = "x"\n[deals.columns]\namount = "A"\n[deals.constants]\namount = 5'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[deals", "my.toml: it is not TOML"),
        ("[dealz]", "my.toml, dealz: there is no such key: did you mean deals?"),
        ("[deals]", "my.toml, deals.from: name the file, the sheet or the database table."),
        ('[deals]\nfrom = "x"\nstages = { "Won" = "WON" }', "my.toml, deals.stages: say in deals.columns which column"),
        ('[deals]\nfrom = "x"\ncolumns = { amout = "A" }', "columns.amout: there is no such key: did you mean amount?"),
        (_STAGES, "“CLOSD” is none of PROSPECT"),
        ('[read]\ndates = ["dmy", "mdy"]', "read.dates: dmy and mdy cannot be told apart"),
        ('[read]\ndates = "dd/mm"', "read.dates: “dd/mm” is none of ymd, dmy, mdy, epoch_s, epoch_ms, excel."),
        ('[read]\ndecimal = ","\nthousands = ","', "read.thousands: give"),
        ('[read]\nencoding = "latin-99"', "read.encoding: “latin-99” is no encoding."),
        ('[read]\ndelimiter = ";;"', "read.delimiter: give one character."),
        ('preset = "salesfroce"', "my.toml, preset: did you mean salesforce?"),
        ('[deals]\nfrom = "x"\nleave_out = "x"', "deals.leave_out: give a list"),
        (_BOTH, "my.toml, deals.constants.amount: the column is in columns too."),
        ("deals = 5", "my.toml, deals: this is a section, with keys of its own."),
    ],
)  # fmt: skip
def test_map_that_is_wrong_is_one_line_with_the_key(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_map(path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_map_that_is_not_there_is_told_with_the_presets() -> None:
    with pytest.raises(InputError, match=r"There is no map mine: give a .toml file, or one of dynamics, hubspot"):
        read_map("mine")


def test_source_that_the_map_names_and_the_folder_lacks(tmp_path: Path) -> None:
    (tmp_path / "territories.csv").write_text(TERRITORIES, encoding="utf-8")
    (tmp_path / "exports.csv").write_text("Nr\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"has no “export”, .* did you mean “exports.csv”\?"):
        read_tables(tmp_path, read_map(_file(tmp_path, DEALS)))


def test_table_named_by_the_map_and_by_its_own_name_is_refused(tmp_path: Path) -> None:
    for name in ("export", "deals"):
        (tmp_path / f"{name}.csv").write_text("Nr,Betrag,Phase,Datum\n", encoding="utf-8")
    (tmp_path / "territories.csv").write_text(TERRITORIES, encoding="utf-8")
    with pytest.raises(InputError, match=r"the table deals more than once \(deals.csv, export.csv\)"):
        read_tables(tmp_path, read_map(_file(tmp_path, DEALS)))


def test_map_on_top_of_a_preset_changes_what_it_names(tmp_path: Path) -> None:
    mine = read_map(
        _file(tmp_path, 'preset = "salesforce"\n[deals]\nfrom = "Opps"\n[deals.stages]\nSigned = ["CLOSED", "WON"]\n')
    )
    assert mine.tables["deals"].source == "Opps"
    assert mine.tables["deals"].values["stage"]["signed"] == "CLOSED"
    assert mine.tables["deals"].values["stage"]["closed lost"] == "CLOSED"
    assert mine.tables["accounts"] == read_map("salesforce").tables["accounts"]


@pytest.mark.parametrize("preset", PRESETS)
def test_preset_is_a_map(preset: str) -> None:
    tables = read_map(preset).tables
    for name, shape in tables.items():
        needed = {column.name for column in TABLES[name] if column.required}
        assert needed <= shape.columns.keys() | shape.constants.keys()


@pytest.mark.parametrize("preset", ["salesforce", "hubspot"])
def test_example_of_a_preset_is_read_whole(preset: str) -> None:
    validated = validate(read_tables(EXPORTS / preset, read_map(preset)))
    assert set(codes(validated)) <= {"MAP_LEFT_OUT"}
    read = {
        (row["stage"], row["outcome"], row["amount"], row["forecast"], row["close_date"], row["first_sale"])
        for row in _all(validated, "deals")
    }
    assert read == {
        ("CLOSED", "WON", 12000, None, dt.date(2026, 2, 3), "NO"),
        ("PROPOSAL", "OPEN", None, 30000, None, "YES"),
        ("CLOSED", "LOST", None, None, dt.date(2026, 2, 17), "YES"),
        ("FIRST APPOINTMENT", "OPEN", None, 5000, None, "NO"),
    }
    names = {row["account_name"] for row in _all(validated, "accounts")}
    assert names == {"Northwind Example", "Contoso Sample", "Fabrikam Test"}


def test_example_of_views_of_dynamics_is_read_whole() -> None:
    validated = validate(read_tables(EXPORTS / "dynamics", read_map("dynamics")))
    assert codes(validated) == []
    read = [
        (row["stage"], row["outcome"], row["amount"], row["forecast"], row["close_date"], row["expected_close"])
        for row in _all(validated, "deals")
    ]
    assert sorted(read, key=str) == [
        ("CLOSED", "LOST", None, None, dt.date(2026, 2, 17), None),
        ("CLOSED", "WON", 12000, None, dt.date(2026, 2, 3), None),
        ("PROPOSAL", "OPEN", None, 30000, None, dt.date(2026, 4, 30)),
    ]
    names = {row["account_name"] for row in _all(validated, "accounts")}
    assert names == {"Northwind Example", "Contoso Sample", "Fabrikam Test"}


def _all(validated: Validated, table: str) -> list[Any]:
    return [row for territory in validated.territory_ids for row in validated.rows(table, territory)]


def test_views_of_dynamics_are_read_from_their_workbooks(tmp_path: Path) -> None:
    _workbook(
        tmp_path / "opportunities.xlsx",
        ["(Do Not Modify) Opportunity", "Topic", "Potential Customer", "Status", "Pipeline Phase", "Est. Close Date",
         "Est. Revenue", "Actual Close Date", "Actual Revenue", "Owner", "Created On"],
        ["a1", "Licences", "Northwind", "Won", "4-Close", dt.datetime(2026, 2, 1), 900, dt.datetime(2026, 2, 3), 1000.5,
         "Ada", dt.datetime(2026, 1, 5, 9, 30)],
        ["a2", "Training", "Contoso", "Open", "3-Propose", dt.datetime(2026, 5, 1), 700, None, None, "Ada",
         dt.datetime(2026, 1, 9, 17, 1)],
    )  # fmt: skip
    _workbook(tmp_path / "accounts.xlsx", ["Account Name", "Industry", "Owner"], ["Northwind", "Energy", "Ada"])
    (tmp_path / "territories.csv").write_text(TERRITORIES.replace("T1", "Ada"), encoding="utf-8")
    validated = validate(read_tables(tmp_path, read_map("dynamics")))
    assert "MAP_COLUMN_MISSING" not in codes(validated)
    won, still_open = sorted(_all(validated, "deals"), key=lambda row: str(row["deal_id"]))
    assert (won["stage"], won["outcome"], won["amount"], won["close_date"]) == (
        "CLOSED",
        "WON",
        1000.5,
        dt.date(2026, 2, 3),
    )
    assert won["first_appointment"] == dt.date(2026, 1, 5)
    assert (still_open["stage"], still_open["forecast"], still_open["expected_close"]) == (
        "PROPOSAL",
        700,
        dt.date(2026, 5, 1),
    )


def _workbook(path: Path, *rows: list[Any]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


@given(
    amount=st.decimals(-(10**12), 10**12, places=2),
    marks=st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u202f"), (".", "")]),
    sign=st.sampled_from(["", "€", "EUR "]),
)
def test_any_amount_comes_back_as_it_was_written(amount: Decimal, marks: tuple[str, str], sign: str) -> None:
    decimal, thousands = marks
    text = f"{abs(amount):,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    written = f"{'-' if amount < 0 else ''}{sign}{text}"
    grouping = () if not thousands else (" " if thousands == "\u202f" else thousands,)
    how = How(decimal=decimal, thousands=grouping, currency=("EUR", "€"))
    read_again = reader(TABLES["deals"]["amount"], how)(written)
    assert Decimal(str(read_again)) == amount


@given(text=st.text(max_size=12))
def test_what_is_no_number_stays_as_it_is(text: str) -> None:
    how = How(decimal=",", thousands=(".",), currency=("€",))
    read_again = reader(TABLES["deals"]["amount"], how)(text)
    assert str(read_again) == text or Decimal(str(read_again).removesuffix("%")).is_finite()


@pytest.mark.parametrize("text", ["1.23", "1.2345", "12.34.567", "1,2,3", "1.234.56", ",", "€", "--5", "(5", "1..234"])
def test_number_with_marks_in_odd_places_stays_as_it_is(text: str) -> None:
    how = How(decimal=",", thousands=(".",), currency=("€",), parentheses=True)
    assert str(reader(TABLES["deals"]["amount"], how)(text)) == text


TITLED = [
    ["Opportunities", "", "", ""],
    ["as of 31.12.2026", "", "", ""],
    [],
    ["Id", "Who", "Value", "Day"],
    ["1", "T1", "1.234,56 €", "31.12.2025"],
    ["2", "T1", "oops", "31.12.2025"],
]
TITLED_MAP = """
[read]
decimal = ","
thousands = ["."]
currency = ["€"]
dates = ["dmy"]
[deals]
from = "report"
header = 4
[deals.columns]
deal_id = "Id"
territory_id = "Who"
forecast = "Value"
first_appointment = "Day"
"""


@pytest.mark.parametrize("kind", ["csv", "sep", "xlsx"])
def test_headings_beneath_titles_are_found_in_the_row_that_the_map_names(tmp_path: Path, kind: str) -> None:
    (tmp_path / "territories.csv").write_text(
        "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,N,A,2026,EUR,5\n", encoding="utf-8"
    )
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for number, row in enumerate(TITLED, start=1):
            for column, cell in enumerate(row, start=1):
                book.active.cell(number, column, cell or None)
        book.save(tmp_path / "report.xlsx")
    else:
        lines = ["sep=;"] if kind == "sep" else []
        lines += [";".join(row) for row in TITLED]
        (tmp_path / "report.csv").write_text("\r\n".join([*lines, ""]), encoding="utf-8", newline="")
    validated = validate(read_tables(tmp_path, read_map(_file(tmp_path, TITLED_MAP))))
    [deal] = validated.rows("deals", "T1")
    assert (deal["deal_id"], deal["forecast"], deal["first_appointment"]) == ("1", 1234.56, dt.date(2025, 12, 31))
    [refused] = [one for one in validated.findings if one.severity == "error"]
    assert (refused.row, refused.column, refused.value) == (6, "forecast", "oops")


@pytest.mark.parametrize("row", ["0", '"3"', "true", "1.5", "-1", "100000"])
def test_row_of_headings_that_is_none_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputError, match=r"deals\.header: give the row"):
        read_map(_file(tmp_path, TITLED_MAP.replace("header = 4", f"header = {row}")))
