"""What recalc makes of the facts: right, left for Excel, or wrong.

python -m tests.oracle.results > tests/oracle/right.txt
"""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.oracle.derive import plain
from xlsales.recalc import book, recalculated

FACTS = Path(__file__).with_name("facts.jsonl")
RIGHT = Path(__file__).with_name("right.txt")  # the numbers of the facts that came out right, once
PLACE = "ZZ999"  # of the formulas, where none of the facts reads a cell
AT_ONCE = 400


def facts() -> list[dict[str, Any]]:
    """Return all facts."""
    return [json.loads(line) for line in FACTS.read_text(encoding="utf-8").splitlines()]


def found(some: Sequence[dict[str, Any]]) -> list[Any]:
    """Return what recalc makes of facts; nothing for what it leaves for Excel."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, fact in enumerate(some):
        sheet = workbook.create_sheet(f"F{number}")
        for place, value in fact["cells"].items():
            sheet[place] = value["error"] if isinstance(value, dict) else '=""' if value == "" else value
            if isinstance(value, str) and value:
                sheet[place].data_type = "s"
        sheet[PLACE] = f"={fact['formula']}"
    saved = io.BytesIO()
    workbook.save(saved)
    done = recalculated(saved.getvalue(), "facts.xlsx")
    read = book.read(done.package, "facts.xlsx")
    return [_shown(read, f"F{number}") for number in range(len(some))]


def _shown(read: book.Book, sheet: str) -> Any:
    cell = read.sheets[sheet].cells[PLACE]
    return plain(book.value(cell)) if cell.has_value else None


def same(value: Any, excel: Any) -> bool:
    """Whether two values are the same: numbers in 14 digits, for the last two differ from processor to processor."""
    if type(value) in (int, float) and type(excel) in (int, float):
        return math.isclose(value, excel, rel_tol=1e-13, abs_tol=1e-300)
    return type(value) is type(excel) and value == excel


def main() -> None:
    """Print the numbers of the facts that come out right, and tell how many do and which are wrong."""
    known = facts()
    wrong = left = 0
    for start in range(0, len(known), AT_ONCE):
        some = known[start : start + AT_ONCE]
        for number, (fact, value) in enumerate(zip(some, found(some), strict=True), start):
            if value is None:
                left += 1
            elif same(value, fact["excel"]):
                sys.stdout.write(f"{number}\n")
            else:
                wrong += 1
                sys.stderr.write(f"{fact['formula']}: {value!r} and not {fact['excel']!r} ({fact['source']})\n")
    sys.stderr.write(f"{len(known)} facts, {left} left for Excel, {wrong} wrong\n")


if __name__ == "__main__":
    main()
