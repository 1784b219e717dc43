"""The findings of a run in both forms: `findings.csv` and `findings.xlsx`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence

from xlsales.batch import aside, findings_book, out_folder
from xlsales.batch.out_folder import FINDINGS, FINDINGS_BOOK, Output
from xlsales.batch.row_accounts import TableAccount
from xlsales.batch.run_report import Planner
from xlsales.batch.transaction import Transaction
from xlsales.findings import Finding, FindingsLog


def write(
    folder: Transaction,
    chunks: Callable[[], Iterable[Sequence[Finding]]],
    log: FindingsLog,
    planners: Sequence[Planner],
    accounts: Mapping[str, TableAccount],
    output: Output,
) -> None:
    """Write the findings in both forms; where one cannot be written, the other says so."""
    files = {one.territory_id: one.file_name for one in planners}
    so_far = aside.folder_of(folder.out) / aside.FINDINGS_SO_FAR
    for name in (FINDINGS_BOOK, FINDINGS):
        if name in output.held:
            continue
        try:
            with folder.report(name) as file:
                if name == FINDINGS_BOOK:
                    findings_book.write(file, chunks, log, files, accounts)
                else:
                    with so_far.open("rb") as source:
                        shutil.copyfileobj(source, file)
        except OSError as error:
            output.held[name] = found = out_folder.failed(folder.out / name, error)
            log.add([found])
