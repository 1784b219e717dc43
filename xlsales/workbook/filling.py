"""What is filled into a template: single cells, and rows of its tables column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from xlsales.cells.rows import Rows
from xlsales.cells.values import Address, InputValue
from xlsales.findings import Finding
from xlsales.schema import Column
from xlsales.workbook.template import TemplateTable


@dataclass(frozen=True)
class Block:
    """Rows of a table in the cells of a template."""

    name: str  # of the input table
    target: TemplateTable
    columns: Sequence[tuple[Column, str]]  # those that the template has cells for, each with its letter
    rows: Rows
    order: Sequence[int]  # which rows
    indexes: Sequence[int]  # where each of them stands, counted from the table's first row

    def values(self, column: Column) -> list[InputValue]:
        """Return a column's values in the order of the block."""
        values = self.rows.columns[column.name]
        return list(values) if self._is_whole else list(map(values.__getitem__, self.order))

    def mapped(self, column: Column, function: Callable[[Any], Any]) -> list[Any]:
        """Return what a function makes of a column's values, in the order of the block."""
        found = self.rows.mapped(column.name, function)
        return found if self._is_whole else list(map(found.__getitem__, self.order))

    def serials(self, column: Column) -> list[Any]:
        """Return a column's days as serial numbers, in the order of the block."""
        found = self.rows.serials(column.name)
        return found if self._is_whole else list(map(found.__getitem__, self.order))

    @cached_property
    def _is_whole(self) -> bool:
        """Whether it is all rows in their order, as of most tables."""
        return list(self.order) == list(range(len(self.rows)))

    def cells(self) -> Iterator[tuple[Address, InputValue]]:
        """Yield the cells that get a value."""
        target = self.target
        for column, letter in self.columns:
            for index, value in zip(self.indexes, self.values(column), strict=True):
                if value is not None:
                    yield (target.sheet, f"{letter}{target.first_row + index}"), value


@dataclass
class Filling:
    """The input cells of one planner, and what could not be put into them."""

    single: dict[Address, InputValue] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    placed: dict[str, int] = field(default_factory=dict)  # rows of each input table that stand in the planner
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)  # and those that do not, by table and reason

    def leave_out(self, finding: Finding, count: int) -> None:
        """Count rows of a table that the planner has no place for, and say so."""
        self.findings.append(finding)
        self.count_left_out(str(finding.table), finding.code, count)

    def count_left_out(self, table: str, code: str, count: int) -> None:
        """Count rows of a table that stand elsewhere, by the code of the reason."""
        if count:
            reasons = self.left_out.setdefault(table, {})
            reasons[code] = reasons.get(code, 0) + count

    @property
    def inputs(self) -> dict[Address, InputValue]:
        """Every cell that gets a value."""
        return self.single | {address: value for block in self.blocks for address, value in block.cells()}

    @property
    def refused(self) -> bool:
        """Whether the planner cannot be made."""
        return any(finding.severity == "error" for finding in self.findings)
