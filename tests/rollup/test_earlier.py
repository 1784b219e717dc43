"""Earlier results of collect are read back, in each form that it writes."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from tests.rollup.worlds import gathered, mixed, territory, written
from xlsales.errors import InputError
from xlsales.rollup import earlier
from xlsales.rollup.gathered import Row, Table, number

FIGURES = ("revenue_goal", "fig_revenue", "out_org_health", "out_open_checks")


def told(row: Row) -> list[object]:
    """What is compared of a territory."""
    figures = [found and pytest.approx(found) for name in FIGURES for found in [number(row[name])]]
    return [row["territory_id"], (row["leader"] or "").split(), *figures]


def test_workbook_that_collect_wrote_is_read_back(tmp_path: Path) -> None:
    rows = mixed(12)
    path = written(gathered(rows), tmp_path / "May results.xlsx")
    assert [told(row) for row in earlier.read(path).territories.rows] == [told(row) for row in rows]
    assert earlier.read(path).as_of == 46447
    assert earlier.read(path).called == "May results, 2027-03-01"


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_table_that_collect_wrote_is_read_back(tmp_path: Path, kind: str) -> None:
    rows = [territory(1, leader="=1+1", revenue_goal=12.5, calc_as_of=None, as_of=dt.date(2027, 4, 2))]
    rows += [territory(2, leader="007", revenue_goal=None, as_of=dt.date(2027, 4, 1))]
    path = tmp_path / f"all{kind}"
    if kind == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file, lineterminator="\r\n")
            out.writerow(rows[0])
            guarded = (
                {**row, "leader": f"'{row['leader']}" if row["leader"][0] == "=" else row["leader"]} for row in rows
            )
            out.writerows(["" if cell is None else cell for cell in row.values()] for row in guarded)
    else:
        pyarrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    found = earlier.read(path)
    assert [row["leader"] for row in found.territories.rows] == ["=1+1", "007"]
    assert [row["revenue_goal"] for row in found.territories.rows] == [12.5, None]
    assert found.called == "all, 2027-04-02"


@pytest.mark.unsound("one of them is damaged")
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "no earlier result"),
        ("a.csv", b"a;b\r\n1;2\r\n", "it has no table territories"),
        ("a.csv", b"", "it has no table territories"),
        ("a.csv", b"\xff\xfe\x00", "no CSV file in UTF-8"),
        ("a.xlsx", b"", ""),
        ("a.xlsx", b"PK\x03\x04 broken", ""),
        ("a.parquet", b"PAR1", "no Parquet file"),
    ],
)
def test_what_is_no_earlier_result_is_refused_with_its_name(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"(?s)a\.{name[2:]}.*{said}"):
        earlier.read(path)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for kind in ("xlsx", "csv"):
        with pytest.raises(InputError, match=f"gone.{kind}"):
            earlier.read(tmp_path / f"gone.{kind}")


def test_workbook_without_the_table_is_refused(tmp_path: Path) -> None:
    path = written(gathered([], details={"other": Table(("a",))}), tmp_path / "a.xlsx")
    assert earlier.read(path).territories.rows == []
