"""The findings of a run in both forms, `findings.xlsx` and `findings.csv`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from xlsales.batch import aside, findings_book, out_folder
from xlsales.batch.out_folder import FINDINGS, FINDINGS_BOOK
from xlsales.batch.transaction import Transaction
from xlsales.findings import Finding

if TYPE_CHECKING:
    from xlsales.batch.run import Batch


def write(batch: Batch, folder: Transaction, chunks: Callable[[], Iterable[Sequence[Finding]]]) -> None:
    """Write the findings in both forms; where one cannot be written, the other says so."""
    out, held = batch.options.out, batch.output.held
    planners = {one.territory_id: one.file_name for one in batch.made}
    so_far = aside.folder_of(out) / aside.FINDINGS_SO_FAR
    for name in (FINDINGS_BOOK, FINDINGS):
        if name in held:
            continue
        try:
            with folder.report(name) as file:
                if name == FINDINGS_BOOK:
                    findings_book.write(file, chunks, batch.log, planners, batch.accounts)
                else:
                    with so_far.open("rb") as source:
                        shutil.copyfileobj(source, file)
        except OSError as error:
            held[name] = found = out_folder.failed(out / name, error)
            batch.log.add([found])
