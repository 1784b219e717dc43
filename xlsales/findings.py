"""A finding: a problem with its place, and `findings.csv`, the list of them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO, TypeAlias, get_args

from xlsales.schema import TABLES
from xlsales.texts import _

Severity = Literal["error", "warning", "info"]
CsvCell: TypeAlias = str | float | None
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the worst first
CSV_COLUMNS = ("severity", "code", "file", "table", "row", "column", "value", "territory_id", "message")

_KEPT = 1000
_LONGEST_VALUE = 80
# What Excel takes for the start of a formula; full-width signs count in East Asian editions.
_FORMULA_STARTS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_PLAIN_NUMBER = re.compile(_NUMBER)
# A program that separates by something else than the comma sees a cell's start in the middle of ours, also behind a
# quotation mark or a blank. A comma is no such place, unless a formula follows at once: these cells are quoted.
_SEPARATORS = ";|\t\r\n\v\f\x1c-\x1f\x85\u2028\u2029"
_HIDDEN_START = re.compile(
    rf"""((?:\A|[{_SEPARATORS}])[\s"]*|,"*)(?=[{_FORMULA_STARTS}])(?!{_NUMBER}\s*(?:[{_SEPARATORS}]|\Z))"""
)
_PLACES = rf"""((?:\A|[{_SEPARATORS}])[\s"]*|,"*)"""
_APOSTROPHES = re.compile(rf"{_PLACES}('+)(?=[{_FORMULA_STARTS}])|\A()('+)(?=[\t\r])")
_GUARD = re.compile(rf"{_PLACES}'(?='*[{_FORMULA_STARTS}])|\A()'(?='*[\t\r])")


@dataclass(frozen=True)
class Finding:
    """A problem with its place; `row` is the row of the spreadsheet, with the header in row 1."""

    severity: Severity
    code: str
    message: str
    file: str | None = None
    table: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    territory_id: str | None = None

    @property
    def place(self) -> str:
        """Where it is: `deals.csv, row 17, amount`, or `crm.xlsx, deals, row 17, amount`."""
        named_by_file = self.file is not None and self.table == Path(self.file).stem.casefold()
        parts = (
            self.file,
            None if named_by_file else self.table,
            None if self.row is None else _("row {row}").format(row=self.row),
            None if self.column is None else shown(self.column),
        )
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


def shown(value: object) -> str:
    r"""A cell's value as a person can read it: short, with invisible characters as `\xa0`."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    visible = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text[: _LONGEST_VALUE + 1]
    )
    return visible if len(visible) <= _LONGEST_VALUE else visible[: _LONGEST_VALUE - 1] + "…"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, then by table, file and row; otherwise in the order given."""
    tables = list(TABLES)

    def key(finding: Finding) -> tuple[int, int, str, int]:
        table = tables.index(finding.table) if finding.table in TABLES else len(tables)
        return SEVERITIES.index(finding.severity), table, finding.file or "", finding.row or 0

    return sorted(findings, key=key)


class FindingsLog:
    """Takes findings as they come: counts them, keeps the first of each code, and writes each into a CSV file.

    Excel opens the file without reading any text as a formula.
    """

    def __init__(self, file: TextIO | None = None, keep: Callable[[Sequence[Finding]], object] | None = None) -> None:
        """Take a text file opened with `newline=""`, or none to write none, and what else takes all findings."""
        self.counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
        self.by_code: Counter[tuple[Severity, str]] = Counter()
        self.kept: list[Finding] = []
        self._file = file
        self._keep = keep
        self._rows = csv.writer(file, lineterminator="\r\n") if file else None
        if self._rows:
            self._rows.writerow(CSV_COLUMNS)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take some findings, the worst of them first."""
        new = ordered(findings)
        if self._keep and new:
            self._keep(new)
        for finding in new:
            self.counts[finding.severity] += 1
            self.by_code[finding.severity, finding.code] += 1
            if self.by_code[finding.severity, finding.code] <= _KEPT:
                self.kept.append(finding)
            if self._rows:
                self._rows.writerow([harmless(getattr(finding, column)) for column in CSV_COLUMNS])
        if self._file:
            self._file.flush()


@contextmanager
def findings_file(path: Path) -> Iterator[TextIO]:
    """Open `findings.csv` for a log; Excel knows its encoding by its first bytes."""
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        yield file


def harmless(cell: CsvCell) -> CsvCell:
    """Return a cell of a CSV file that no spreadsheet reads as a formula, whatever separates its cells."""
    if not isinstance(cell, str) or _PLAIN_NUMBER.fullmatch(cell):
        return cell
    text = _HIDDEN_START.sub(r"\1'", cell)
    return f"'{text}" if text.startswith(("\t", "\r")) else text


def guarded(cell: CsvCell) -> CsvCell:
    """Return the same of a cell so that `unguarded` gives it back: what had an apostrophe there has one more."""
    if isinstance(cell, str) and "'" in cell:
        cell = _APOSTROPHES.sub(r"\1\3'\2\4", cell)
    return harmless(cell)


def unguarded(text: str) -> str:
    """Return a text without the apostrophes that guard it."""
    return _GUARD.sub(r"\1\2", text) if "'" in text else text
