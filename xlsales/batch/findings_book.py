"""`findings.xlsx`: the findings of a run as a table that opens in columns everywhere, with links to the planners."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import BinaryIO

from xlsales.batch import overview, row_accounts
from xlsales.batch.row_accounts import TableAccount
from xlsales.batch.table_book import TableBook, TableCell, TableColumn
from xlsales.findings import SEVERITIES, Finding, FindingsLog
from xlsales.texts import N_, _

SHEET = N_("Findings")
MOST = 100_000  # findings in a workbook that a person filters; findings.csv holds all
COLUMNS = (
    TableColumn("severity", 10),
    TableColumn("code", 22),
    TableColumn("file", 20),
    TableColumn("table", 14),
    TableColumn("row", 8, "0"),
    TableColumn("column", 20),
    TableColumn("value", 20),
    TableColumn("territory_id", 14),
    TableColumn("planner", 30),
    TableColumn("message", 110),
)
_PLANNER = [column.header for column in COLUMNS].index("planner")


def write(
    file: BinaryIO,
    chunks: Callable[[], Iterable[Sequence[Finding]]],
    log: FindingsLog,
    planners: Mapping[str, str],
    accounts: Mapping[str, TableAccount] = MappingProxyType({}),
) -> None:
    """Write the findings, the worst first, and what became of the tables' rows.

    `planners` are the files that were made, by territory id; `accounts` are of each table.
    """
    with TableBook(_(SHEET), COLUMNS) as book:
        everything = (
            finding
            for severity in SEVERITIES
            for chunk in (chunks() if log.counts[severity] else ())
            for finding in chunk
            if finding.severity == severity
        )
        for finding in islice(everything, MOST):
            planner = planners.get(finding.territory_id or "")
            book.add(_cells(finding, planner), {_PLANNER: overview.link(planner)} if planner else None)
        book.add_sheet(_("Summary"), (14, 26, 10, 80), _summary(log))
        if accounts:
            rows: list[list[TableCell]] = [[_(column) for column in row_accounts.COLUMNS]]
            rows += [[name, *account.cells] for name, account in accounts.items()]
            book.add_sheet(_("Rows"), (16, 10, 12, 10, 10, 10, 60), rows)
        book.save(file)


def _cells(finding: Finding, planner: str | None) -> list[TableCell]:
    cells = vars(finding) | {"planner": planner}
    return [cells[column.header] for column in COLUMNS]


def _summary(log: FindingsLog) -> list[list[TableCell]]:
    rows: list[list[TableCell]] = [["severity", "code", "count", None]]
    total = sum(log.counts.values())
    if total > MOST:
        message = _(
            "The first {most:,} of {total:,} findings are here, the worst first; findings.csv holds all of them."
        )
        rows[0][-1] = message.format(most=MOST, total=total)
    for (severity, code), count in sorted(
        log.by_code.items(), key=lambda one: (SEVERITIES.index(one[0][0]), one[0][1])
    ):
        rows.append([severity, code, count])
    return rows
