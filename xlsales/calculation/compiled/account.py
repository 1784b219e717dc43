"""What becomes of a template's formulas: calculated slowly or left for Excel, why, and at what cost."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.values import Address

# Microseconds, as measured once: what a planner takes for each of its formulas when they are compiled, and what the
# engine takes at least, for each formula and for each value that it is given. They tell a share, not the time.
_COMPILED, _AT_LEAST, _SLOW, _GIVEN = 0.5, 500, 15, 1
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Account:
    """The formulas of a template: how many are compiled, which are not, and why."""

    formulas: int
    slow: Mapping[Address, str]
    left: Mapping[Address, str]
    handed_over: int = 0  # values of other cells that the engine gets for each planner

    @property
    def times(self) -> float:
        """How many times as long a planner takes, about, as if all its formulas were compiled."""
        if not self.slow:
            return 1.0
        engine = _AT_LEAST + _SLOW * len(self.slow) + _GIVEN * self.handed_over
        return round(1 + engine / (_COMPILED * max(1, self.formulas)), 1)

    def told(self) -> dict[str, Any]:
        """Return all of it for a report; nothing in it depends on the computer."""
        return {
            "formulas": self.formulas,
            "compiled": self.formulas - len(self.slow) - len(self.left),
            "slower_engine": {
                "formulas": len(self.slow),
                "times_as_long": self.times,
                "groups": list(groups(self.slow)),
            },
            "left_for_excel": {"formulas": len(self.left), "groups": list(groups(self.left))},
        }


def groups(reasons: Mapping[Address, str]) -> Iterator[dict[str, Any]]:
    """Yield the cells of a sheet for which there is one reason, whatever the row that it names, for a report."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (sheet, cell), reason in reasons.items():
        found[sheet, _DIGITS.sub("#", reason)].append(cell)
    for (sheet, _reason), cells in found.items():
        ranges = ", ".join(_ranges(cells))
        yield {"sheet": sheet, "cells": ranges, "formulas": len(cells), "reason": reasons[sheet, cells[0]]}


def _ranges(cells: Iterable[str]) -> Iterator[str]:
    columns: defaultdict[int, list[int]] = defaultdict(list)
    for row, column in sorted(map(coordinate_to_tuple, cells)):
        columns[column].append(row)
    for column, rows in sorted(columns.items()):
        letter = get_column_letter(column)
        starts = [rows[0], *(after for before, after in pairwise(rows) if after > before + 1)]
        ends = [*(before for before, after in pairwise(rows) if after > before + 1), rows[-1]]
        for start, end in zip(starts, ends, strict=True):
            yield f"{letter}{start}" if start == end else f"{letter}{start}:{letter}{end}"
