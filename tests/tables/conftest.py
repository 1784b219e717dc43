"""Input tables for the tests: one good row of each, to be damaged one cell at a time."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

GOOD_ROWS: dict[str, dict[str, str]] = {
    "territories": {
        "territory_id": "T1",
        "territory_name": "North",
        "person": "Ada",
        "fiscal_year": "2027",
        "currency": "EUR",
        "revenue_goal": "500000",
    },
    "accounts": {"territory_id": "T1", "account_id": "A1", "account_name": "Acme"},
    "deals": {"territory_id": "T1", "deal_id": "D1", "account_id": "A1"},
    "activity": {"territory_id": "T1", "week_start": "2027-01-04"},  # 4 January 2027 is a Monday
    "org_health": {"territory_id": "T1", "element": "1", "score": "3"},
    "team": {"territory_id": "T1", "name": "Bo", "role": "Assistant"},
    "checkins": {"territory_id": "T1", "kind": "WEEKLY", "held": "2027-01-11"},
}

Rows = Sequence[Mapping[str, str]]
MakeFolder = Callable[..., Path]


@pytest.fixture
def good() -> dict[str, dict[str, str]]:
    return {name: dict(row) for name, row in GOOD_ROWS.items()}


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """A folder of CSV files: one good territory, and the tables given as rows or as the file's text."""

    def make(**tables: Rows | str | bytes) -> Path:
        folder = tmp_path / "crm"
        folder.mkdir(exist_ok=True)
        for name, content in {"territories": [GOOD_ROWS["territories"]], **tables}.items():
            path = folder / f"{name}.csv"
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, str):
                path.write_text(content, encoding="utf-8", newline="")
            else:
                columns = list(dict.fromkeys(column for row in content for column in row))
                with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
                    writer = csv.DictWriter(file, columns, restval="")
                    writer.writeheader()
                    writer.writerows(content)
        return folder

    return make
