"""One table under validation: its values, its findings, and what became of each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from xlsales.findings import Finding, Severity, shown
from xlsales.schema import NUMERIC, Column, Kind, Table
from xlsales.tables.cells import MOST_LINE_FEEDS, Value, line_feeds, parse_column, territory_keys
from xlsales.tables.raw import RawTable, is_blank
from xlsales.tables.validated import Accounting, Trimmed
from xlsales.texts import _


class TableCheck:
    """One table under validation."""

    def __init__(self, raw: RawTable):
        self.raw = raw
        self.findings: list[Finding] = []
        self.trimmed: list[Trimmed] = []
        self.values = pd.DataFrame()
        self._refused: set[int] = set()
        self._skipped: set[int] = set()
        self._reported: set[tuple[int, str]] = set()
        self._territories = self._read_territories()

    @property
    def table(self) -> Table:
        """The table's declaration."""
        return self.raw.table

    def _read_territories(self) -> dict[int, str]:
        """The territory of every row where it can be read."""
        name = "territory_id"
        if name not in self.raw.frame:
            return {}
        keys = territory_keys(self.table, self.raw.frame[name].tolist())
        rows = self.raw.frame.index.tolist()
        return {row: key for row, key in zip(rows, keys, strict=True) if key is not None}

    def own(self) -> dict[str, dict[str, str]]:
        """What the accepted rows hold in columns of the company's own, as texts, by territory.

        What no workbook can hold is told and left out; the row stays.
        """
        frame = self._standing(self.raw.frame)
        known = {column.name for column in self.table}
        rows = frame.index.tolist()
        own: dict[str, dict[str, str]] = {self._territories.get(row, ""): {} for row in rows}
        for name in (str(name) for name in frame if name not in known):
            values, problems = parse_column(Column(name, name, Kind.TEXT, ""), frame[name].tolist())
            for position, problem in problems.items():
                text = _("{reason} The detail is left blank.").format(reason=problem.message)
                self.report("warning", "OWN_VALUE", text, rows[position], name)
            for row, value in zip(rows, values, strict=True):
                own[self._territories.get(row, "")][name] = "" if value is None else str(value).strip()
        return own

    def named(self) -> list[str]:
        """The territories that the table names, each once, in order."""
        return list(dict.fromkeys(self._territories.values()))

    def territory_rows(self) -> Iterable[tuple[int, str]]:
        """Every row that names a territory, with the territory."""
        return self._territories.items()

    def skip(self, row: int) -> None:
        """Leave a row out because its territory is refused."""
        self._skipped.add(row)

    def skip_all(self) -> None:
        """Leave all rows out because no territory can be produced."""
        self._skipped.update(self.raw.frame.index.tolist())
        self.parse()

    def refuse(self, row: int, code: str, message: str, column: str | None = None) -> None:
        """Leave a row out and say why."""
        self._refused.add(row)
        if column is not None:
            self._reported.add((row, column))
        consequence = (
            _("No planner is produced for this territory.")
            if self.table.name == "territories"
            else _("The row is left out.")
        )
        self.report("error", code, f"{message} {consequence}", row, column)

    def refuse_together(self, rows: Sequence[int], code: str, message: str, column: str) -> None:
        """Leave several rows out and say why once, at the first of them."""
        self._refused.update(rows)
        consequence = _("These rows are left out.")
        self.report("error", code, f"{message} {consequence}", rows[0], column)

    def report(
        self, severity: Severity, code: str, message: str, row: int | None = None, column: str | None = None
    ) -> None:
        """Add a finding about this table."""
        self.findings.append(self._finding(severity, code, message, row, column))

    def _finding(
        self, severity: Severity, code: str, message: str, row: int | None = None, column: str | None = None
    ) -> Finding:
        value = None if row is None or column is None else self.shown(row, column)
        territory_id = None if row is None else self.territory_of(row)
        return Finding(severity, code, message, self.raw.file, self.table.name, row, column, value, territory_id)

    def territory_of(self, row: int) -> str | None:
        """The territory that a row names, if it can be read."""
        return self._territories.get(row)

    def is_reported(self, row: int, column: str) -> bool:
        """Whether a cell already has a finding."""
        return (row, column) in self._reported

    def shown(self, row: int, column: str) -> str:
        """A cell as the source has it; blank where the source lacks the column."""
        cell = self.raw.frame.at[row, column] if column in self.raw.frame else None
        return "" if is_blank(cell) else shown(cell)

    def refuse_unreadable(self) -> None:
        """Refuse the rows that the source could not give whole; all of them when the table is unusable."""
        if not self.raw.usable:  # the reader has said why, once for the table
            self._refused.update(set(self.raw.frame.index.tolist()) - self._skipped)
            return
        for row, problem in self.raw.damaged.items():
            if row not in self._skipped and row not in self._refused:
                self.refuse(row, problem.code, problem.message)

    def parse(self) -> None:
        """Turn the cells of the rows still standing into typed values, and refuse the rows that resist."""
        cells = self._standing(self.raw.frame)
        rows = cells.index.tolist()
        series: dict[str, pd.Series] = {}
        for column in self.table:
            if column.name in cells:
                values, problems = parse_column(column, cells[column.name].tolist())
            else:
                values, problems = [None] * len(rows), {}
            for position, problem in problems.items():
                self.refuse(rows[position], problem.code, problem.message, column.name)
            if column.kind is Kind.TEXT:
                self._report_lines(column.name, values, rows)
            dtype = "float64" if column.kind in NUMERIC else "object"
            series[column.name] = pd.Series(values, index=cells.index, dtype=dtype)
            if column.name in cells and column.kind is Kind.KEY:
                self._report_spaces(column.name, cells[column.name].tolist(), values, rows)
        self.values = pd.DataFrame(series, index=cells.index)

    def _report_spaces(self, column: str, cells: list[object], values: list[Value], rows: list[int]) -> None:
        trimmed = [
            row
            for row, cell, value in zip(rows, cells, values, strict=True)
            if value is not None and isinstance(cell, str) and cell != value
        ]
        if trimmed:
            first = self._finding("info", "KEY_SPACES", "", trimmed[0], column)
            self.trimmed.append(Trimmed(len(trimmed), first))

    def _report_lines(self, column: str, values: list[Value], rows: list[int]) -> None:
        for row, value in zip(rows, values, strict=True):
            if isinstance(value, str) and (count := line_feeds(value)) > MOST_LINE_FEEDS:
                message = _(
                    "The text has {count} line breaks, and a cell of Excel shows {most}: what follows is there, but "
                    "not shown. Shorten it."
                )
                self.report("warning", "TEXT_LINES", message.format(count=count, most=MOST_LINE_FEEDS), row, column)

    def accepted(self) -> pd.DataFrame:
        """The typed rows that are neither refused nor skipped."""
        return self._standing(self.values)

    def _standing(self, frame: pd.DataFrame) -> pd.DataFrame:
        gone = self._refused | self._skipped
        return frame[~frame.index.isin(list(gone))] if gone else frame

    def accounting(self) -> Accounting:
        """What became of the table's rows."""
        read = len(self.raw.frame)
        refused, skipped = len(self._refused), len(self._skipped)
        return Accounting(read, read - refused - skipped, refused, skipped)
