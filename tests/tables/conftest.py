"""Input tables for the tests: one good row of each, to be damaged one cell at a time."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from xlsales.findings import ordered
from xlsales.schema import TABLES
from xlsales.tables import Summary, Validated, default_as_of, parted, read_tables, validate

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
Run = Callable[..., Validated]


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


@pytest.fixture
def run() -> Run:
    """Read and validate a source, and see that its parts say the same as the whole."""

    def run(source: str | Path, as_of: date | None = None, parts: Sequence[int] | None = None) -> Validated:
        whole = validate(read_tables(source), as_of)
        expected = whole.findings, whole.accounting, whole.skipped_territories, default_as_of(whole), _rows([whole])
        read = sum(accounting.read for accounting in whole.accounting.values())
        divided = (1, 7, 100) if read > 7 else (1, 7)  # what is no longer than a part is one part, however long
        for rows in divided if parts is None else parts:
            assert _in_parts(source, as_of, rows) == expected
        return whole

    return run


def _in_parts(source: str | Path, as_of: date | None, rows: int) -> tuple[object, ...]:
    summary = Summary()
    with parted(source, rows) as parts:
        every = [validate(part, as_of) for part in parts]
    for validated in every:
        summary.add(validated)
    findings = [*parts.findings, *(finding for one in every for finding in one.findings), *summary.findings()]
    return (
        tuple(ordered(findings)),
        summary.accounting,
        tuple(summary.skipped_territories),
        summary.as_of,
        _rows(every),
    )


def _rows(every: Iterable[Validated]) -> list[tuple[str, str, object]]:
    """The accepted rows, territory by territory."""
    return [
        (territory_id, table, validated.rows(table, territory_id))
        for validated in every
        for territory_id in validated.territory_ids
        for table in TABLES
    ]
