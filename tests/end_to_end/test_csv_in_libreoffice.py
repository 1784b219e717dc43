"""CSV files that xlsales writes, opened by a spreadsheet with every separator: no cell of them becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.end_to_end.libreoffice_vba import Office, bridge_needed
from xlsales.batch import earlier
from xlsales.batch.overview import LONG_OVERVIEW
from xlsales.batch.overview_columns import FIGURES
from xlsales.batch.overview_files import Collector
from xlsales.batch.transaction import Transaction
from xlsales.calculation.session import blank_values
from xlsales.files.file_names import planner_names
from xlsales.findings import Finding, FindingsLog, findings_file

FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "=HYPERLINK(1)", "＝1+1", "＋1+1", "－1+1", "＠SUM(1,1)", "﹦1+1",
    "=DDE(\"soffice\";\"x\";\"y\")", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
BEFORE = (
    "", "x;", "x,", "x\t", "x|", "x\n", "x\r", "x\r\n", "\t", " ", "x; ", 'x;"', 'x;""', '"', 'x\n"', 'x,"', "x;\t",
    "x\u2028",    "x\v", "x\x1f", "'x;", "\ufeff", "x;\u3000", "x\x85",
)  # fmt: skip
TEXTS = [before + formula + after for before in BEFORE for formula in FORMULAS for after in ("", ";y", '"')]


def write_all(folder: Path, texts: Sequence[str]) -> list[Path]:
    """`findings.csv`, a long `Overview.csv`, and a file that is not made harmless, all with the same texts."""
    with findings_file(folder / "findings.csv") as file:
        FindingsLog(file).add(Finding("error", text, text, text, text, 2, text, text, text) for text in texts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("xlsales.batch.overview.LONGEST", 1)
        names = planner_names({str(number): text for number, text in enumerate(texts)}, "xlsm")
        with Transaction(folder) as held:
            held.begin(earlier.read(folder), None)
            with Collector(held, len(texts), blank_values) as overview:
                for name, text in zip(names.values(), texts, strict=True):
                    overview.add(name, dict.fromkeys(FIGURES, text))
    with (folder / "control.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([text] for text in FORMULAS)
    return [folder / name for name in ("findings.csv", LONG_OVERVIEW, "control.csv")]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_all(tmp_path_factory.mktemp("written"), TEXTS)


@pytest.mark.libreoffice
@bridge_needed()
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_of_a_csv_file_runs_whatever_separates_its_cells(
    written: list[Path], office: Office, separator: str
) -> None:
    found = {path.stem: office.as_text(path, separator) for path in written}
    assert found["control"].formulas, "what is not made harmless runs, so that this test can fail"
    assert (found["findings"].formulas, found["Overview"].formulas) == ([], [])
    assert found["findings"].rows > len(TEXTS)
