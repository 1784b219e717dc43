"""Amounts that may be a thousand times as large are told, and nothing else is."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from xlsales.findings import Finding
from xlsales.tables import Summary, parted, read_tables, validate

MakeFolder = Callable[..., Path]
Good = dict[str, dict[str, str]]


def told(folder: Path, rows: int = 2) -> list[Finding]:
    """What is said of a source's points: the same of all parts together as of the whole."""
    summary = Summary()
    with parted(folder, rows=rows) as parts:
        for part in parts:
            summary.add(validate(part))
    whole = [one for one in validate(read_tables(folder)).findings if one.code == "THOUSANDS"]
    assert [one for one in summary.findings() if one.code == "THOUSANDS"] == whole
    return whole


@pytest.fixture
def deals(make_folder: MakeFolder, good: Good) -> Callable[[Sequence[str]], Path]:
    """Deals of these amounts, each in a territory of its own."""

    def of(amounts: Sequence[str]) -> Path:
        names = [f"T{number}" for number in range(1, len(amounts) + 1)]
        deal = good["deals"]
        return make_folder(
            territories=[{**good["territories"], "territory_id": name} for name in names],
            accounts=[{**good["accounts"], "territory_id": name} for name in names],
            deals=[{**deal, "territory_id": n, "amount": amount} for n, amount in zip(names, amounts, strict=True)],
        )

    return of


def test_amounts_whose_points_all_have_three_digits_behind_them_are_told(deals: Callable[..., Path]) -> None:
    (one,) = told(deals(["980", "1.250", "12.500", " 3.000 ", ""]))
    assert (one.severity, one.file, one.table, one.column) == ("warning", "deals.csv", "deals", "amount")
    assert (one.row, one.value, one.territory_id) == (3, "1.250", None)
    assert one.message == (
        "All amounts with a decimal mark have three digits behind it (3 rows), and none is 1000 or more: “1.250” is "
        "read as 1.25, not as 1250. Where the mark stands between thousands, say so in a map: decimal and thousands "
        "under [read]."
    )


@pytest.mark.parametrize(
    "amounts",
    [
        ["1.250", "12.500"],  # too few to say anything
        ["1.250", "12.500", "3.000", "12.5"],
        ["1.250", "12.500", "3.000", "0.125"],
        ["1.250", "12.500", "3.000", "1250"],
        ["1.250", "12.500", "3.000", "1e3"],
        ["980", "20", "31", "4"],
    ],
    ids=" ".join,
)
def test_a_cell_that_shows_what_the_point_is_leaves_nothing_to_tell(
    deals: Callable[..., Path], amounts: list[str]
) -> None:
    assert told(deals(amounts)) == []
    assert told(deals(amounts[::-1])) == []


def test_it_is_told_row_by_row_too(deals: Callable[..., Path]) -> None:
    raw = read_tables(deals(["1.250", "12.500", "3.000"]))
    assert validate(raw).findings == validate(raw, row_by_row=True).findings


def test_number_is_what_it_is_where_the_source_has_numbers(tmp_path: Path, good: Good) -> None:
    territories = pd.DataFrame([{**good["territories"], "territory_id": f"T{number}"} for number in (1, 2, 3)])
    for goals, codes in (([1.25, 12.5, 3.125], []), (["1.250", "12.500", "3.125"], ["THOUSANDS"])):
        territories["revenue_goal"] = goals
        territories.to_parquet(tmp_path / "territories.parquet")
        assert [one.code for one in validate(read_tables(tmp_path)).findings if one.column == "revenue_goal"] == codes
