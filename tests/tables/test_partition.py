import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pyarrow import parquet

from tests.depth import examples
from xlsales.errors import InputError, XlsalesError
from xlsales.tables import Validated, parted, validate

MakeFolder = Callable[..., Path]
Run = Callable[..., Validated]
Good = dict[str, dict[str, str]]

CRM = Path(__file__).resolve().parents[2] / "examples" / "crm" / "tables"


@pytest.fixture
def several(make_folder: MakeFolder, good: Good) -> Path:
    """Territories T1 to T4 with 3 accounts each, the rows of all territories mixed; and 5 of unknown ones."""
    names = ("T3", "T1", "T4", "T2")
    accounts = [{**good["accounts"], "territory_id": name, "account_id": f"A{at}"} for at in range(3) for name in names]
    strays = [{**good["accounts"], "territory_id": name, "account_id": "A9"} for name in ("", "T8", "T9", "T8", "x")]
    territories = [{**good["territories"], "territory_id": name} for name in names]
    return make_folder(territories=territories, accounts=[*strays[:2], *accounts, *strays[2:]])


def shape(folder: Path, rows: int) -> list[list[tuple[str, int]]]:
    """The territory and the row number of every account, part by part."""
    with parted(folder, rows) as parts:
        shapes = []
        for part in parts:
            column = part.tables["accounts"].frame["territory_id"]
            shapes.append(list(zip(column.tolist(), column.index.tolist(), strict=True)))
        assert parts.count == len(shapes)
        return shapes


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (21, [17]),  # with the 4 territories, all rows there are
        (20, [12, 5]),
        (8, [6, 6, 5]),
        (4, [3, 3, 3, 3, 4, 1]),
        (1, [3, 3, 3, 3, 1, 1, 1, 1, 1]),  # a territory is never divided
    ],
)
def test_parts_have_whole_territories_and_about_so_many_rows(several: Path, rows: int, expected: list[int]) -> None:
    assert [len(accounts) for accounts in shape(several, rows)] == expected


@pytest.mark.parametrize(("territories", "rows", "parts"), [(1250, 2500, 1), (1251, 2500, 2), (1251, 2499, 1)])
def test_territories_with_hardly_any_rows_are_divided_too(
    make_folder: MakeFolder, good: Good, territories: int, rows: int, parts: int
) -> None:
    source = make_folder(territories=[{**good["territories"], "territory_id": f"T{at}"} for at in range(territories)])
    with parted(source, rows) as found:
        read = [row for part in found for row in part.tables["territories"].frame["territory_id"]]
        assert (found.count, len(read)) == (parts, territories)


def test_territories_come_in_their_stated_order_and_rows_keep_their_numbers(several: Path) -> None:
    assert shape(several, 8) == [
        [("T1", 5), ("T2", 7), ("T1", 9), ("T2", 11), ("T1", 13), ("T2", 15)],
        [("T3", 4), ("T4", 6), ("T3", 8), ("T4", 10), ("T3", 12), ("T4", 14)],
        [("", 2), ("T8", 3), ("T9", 16), ("T8", 17), ("x", 18)],
    ]


def test_the_crm_example_in_parts_says_the_same_as_the_whole(run: Run) -> None:
    assert [finding.code for finding in run(CRM, parts=(700, 3000)).findings] == ["ACCOUNT_SHARED"]


def test_parts_can_be_gone_through_again(several: Path) -> None:
    with parted(several, rows=8) as parts:
        first, second = ([validate(part) for part in parts] for _time in range(2))
    assert [one.findings for one in first] == [one.findings for one in second]
    assert [one.territory_ids for one in first] == [["T1", "T2"], ["T3", "T4"], []]


def test_what_concerns_the_whole_source_is_told_once(several: Path) -> None:
    (several / "notes.csv").write_text("x\n", encoding="utf-8")
    (several / "deals.csv").write_text("territory_id,deal_id,shoe size\n", encoding="utf-8")
    with parted(several, rows=1) as parts:
        codes = [finding.code for part in parts for finding in validate(part).findings]
    assert [finding.code for finding in parts.findings] == ["COLUMN_UNKNOWN", "TABLE_EMPTY", "TABLE_UNKNOWN"]
    assert sorted(codes) == ["MISSING", *["TERRITORY_UNKNOWN"] * 4]


def test_deals_are_held_against_the_accounts_of_their_part_even_if_it_has_none(
    make_folder: MakeFolder, run: Run, good: Good
) -> None:
    territories = [{**good["territories"], "territory_id": name} for name in ("T1", "T2")]
    deals = [{**good["deals"], "territory_id": name} for name in ("T1", "T2")]
    validated = run(make_folder(territories=territories, accounts=[good["accounts"]], deals=deals))
    assert [(finding.code, finding.row) for finding in validated.findings] == [("ACCOUNT_UNKNOWN", 3)]


def test_a_small_source_needs_no_temporary_file(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with parted(several, rows=21) as parts:
        assert [validate(part).territory_ids for part in parts] == [["T1", "T2", "T3", "T4"]]


def test_nothing_stays_in_the_temporary_folder(several: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with pytest.raises(KeyboardInterrupt), parted(several, rows=1):
        raise KeyboardInterrupt
    assert list(temporary.iterdir()) == []


def test_the_source_is_free_again_while_its_parts_are_used(several: Path) -> None:
    with parted(several, rows=1) as parts:
        for file in several.iterdir():
            file.unlink()
        assert [name for part in parts for name in validate(part).territory_ids] == ["T1", "T2", "T3", "T4"]


def test_a_full_disk_is_told_with_the_folder(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with (
        pytest.raises(XlsalesError, match=r"cannot take the tables: No space left on device\. Make room there"),
        parted(several, rows=1),
    ):
        pass


def test_a_source_that_cannot_be_used_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no folder or workbook"), parted(tmp_path / "nowhere"):
        pass


def as_csv(path: Path, rows: Sequence[Sequence[object]]) -> str:
    with (path / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def as_parquet(path: Path, rows: Sequence[Sequence[object]]) -> str:
    columns = dict(zip([str(name) for name in rows[0]], zip(*rows[1:], strict=True), strict=True))
    table = pa.table({name: list(cells) for name, cells in columns.items()})
    parquet.write_table(table, path / "accounts.parquet", row_group_size=700)
    return str(path)


def as_workbook(path: Path, rows: Sequence[Sequence[object]]) -> str:
    book = Workbook()
    book.worksheets[0].title = "territories"
    for line in (path / "territories.csv").read_text(encoding="utf-8").splitlines():
        book.worksheets[0].append(line.split(","))
    sheet = book.create_sheet("accounts")
    for row in rows:
        sheet.append(list(row))
    book.save(path / "crm.xlsx")
    return str(path / "crm.xlsx")


def as_database(path: Path, rows: Sequence[Sequence[object]]) -> str:
    url = f"sqlite:///{path / 'crm.sqlite'}"
    engine = sqlalchemy.create_engine(url)
    lines = [line.split(",") for line in (path / "territories.csv").read_text(encoding="utf-8").splitlines()]
    with engine.begin() as connection:
        for name, (header, *body) in {"territories": lines, "accounts": rows}.items():
            connection.exec_driver_sql(f"CREATE TABLE {name} ({', '.join(f'{column} TEXT' for column in header)})")
            marks = ", ".join("?" * len(header))
            connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", [tuple(row) for row in body])
    engine.dispose()
    return url


@pytest.mark.parametrize("write", [as_csv, as_parquet, as_workbook, as_database])
def test_long_tables_of_every_kind_are_read_to_the_end(
    make_folder: MakeFolder, run: Run, write: Callable[[Path, Sequence[Sequence[object]]], str]
) -> None:
    body = [("T1", f"A{at:05}", "x" if at % 1000 else " ") for at in range(5000)]
    source = write(make_folder(), [("territory_id", "account_id", "account_name"), *body])
    validated = run(source, parts=(2000, 10_000))
    assert [(finding.code, finding.row) for finding in validated.findings] == [
        ("MISSING", at + 2) for at in range(0, 5000, 1000)
    ]
    names = [row["account_id"] for row in validated.rows("accounts", "T1")]
    assert names == [f"A{at:05}" for at in range(5000) if at % 1000]


CELLS = {
    "territory_id": st.sampled_from(["T1", "T2", "T3", "T4"] * 3 + [" T2", "T9", ""]),
    "account_id": st.sampled_from(["A1", "A2", "A3", "A4", " A5"]),
    "deal_id": st.sampled_from([f"D{at}" for at in range(12)]),
    "element": st.integers(1, 12).map(str),
}
DAMAGE = st.sampled_from(["", " ", "-1", "20", "x", "2027-01-05", "WON", '"', ",", "\n"])


def lines(row: dict[str, str]) -> st.SearchStrategy[str]:
    """A CSV file of rows like this one, now and then damaged."""
    line = st.tuples(*(st.one_of(*[CELLS.get(column, st.just(cell))] * 9, DAMAGE) for column, cell in row.items()))
    texts = st.lists(line.map(",".join), max_size=12).map("\n".join)
    return texts.map(lambda body: ",".join(row) + "\n" + body)


@settings(deadline=None, max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from([1, 7, 100]))
def test_random_tables_in_parts_say_the_same_as_the_whole(
    make_folder: MakeFolder, run: Run, good: Good, data: st.DataObject, rows: int
) -> None:
    tables = ("territories", "accounts", "deals", "org_health")
    run(make_folder(**{name: data.draw(lines(good[name])) for name in tables}), parts=(rows,))


def test_a_part_of_no_rows_cannot_be_asked_for(several: Path) -> None:
    with pytest.raises(ValueError, match=re.escape("A part has at least one row, not 0.")), parted(several, rows=0):
        pass
