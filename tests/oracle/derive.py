"""Derives facts from workbooks that Excel saved: a formula, the cells that it reads, and what Excel stored.

python -m tests.oracle.derive NAME FOLDER ... > tests/oracle/facts.jsonl

NAME is the public project that a folder of workbooks comes from. Only facts are written, no part of a workbook.
Workbooks that calculate by iteration, or whose values another program made up, are passed over.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from xlsales.engine.dependents import area_referred
from xlsales.engine.ranges import DiffersError, functions_in, parsed, references_in
from xlsales.errors import InputError
from xlsales.excel import parts
from xlsales.excel.sheet_part import Cell
from xlsales.functions import CellError
from xlsales.recalc import book
from xlsales.recalc.book import Book

_MOST = 12  # facts of a function
_ALIKE = 3  # facts of a function with the same kinds of arguments
_MOST_CELLS = 30
_PASSED_OVER = re.compile(r"sheet_1x1|iter", re.IGNORECASE)  # in the names of workbooks
_NOT_REPEATABLE = re.compile(
    r"\b(TODAY|NOW|RAND\w*|CELL|INFO|OFFSET|INDIRECT|SHEETS?|ROWS?|COLUMNS?|FORMULATEXT|ISFORMULA|SUBTOTAL|AGGREGATE"
    r"|GETPIVOTDATA|_xlpm)\b",
    re.IGNORECASE,
)


def facts(name: str, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the facts of one workbook."""
    try:
        read = book.read(path.read_bytes(), path.name)
        program, texts = book.application(read), _shared(read)
    except (InputError, SyntaxError, KeyError, ValueError):  # lxml's errors are SyntaxErrors
        return
    if (
        not read.is_calculated
        or b"Microsoft" not in program
        or read.formulas.counts_from_1904
        or read.formulas.iterates
    ):
        return
    stored = read.stored()
    for (sheet, cell), formula in read.formulas.cells.items():
        if formula.is_array or (sheet, cell) not in stored or stored[sheet, cell] is None or len(formula.text) > 160:
            continue
        given = _given(read, sheet, formula.text, texts)
        if given is not None and cell not in given:
            yield {
                "formula": formula.text,
                "cells": given,
                "excel": plain(stored[sheet, cell]),
                "source": f"{name}: {path.name.replace('~', '/')} {sheet}!{cell}",
            }


def _shared(read: Book) -> list[str]:
    place = next((name for name in read.members if name.endswith("sharedStrings.xml")), None)
    if place is None:
        return []
    root = parts.parse(book.content(read.members[place], place))
    return ["".join(text.text or "" for text in entry.iter("{*}t")) for entry in root.iter("{*}si")]


def _given(read: Book, sheet: str, formula: str, texts: list[str]) -> dict[str, Any] | None:
    """Return the cells that a formula reads, all of them on its own sheet; nothing where that cannot be told."""
    if _NOT_REPEATABLE.search(formula) or "[" in formula or "!" in formula:
        return None
    found: dict[str, Any] = {}
    for reference in references_in(formula):
        area = area_referred(reference)
        if (area.right - area.left + 1) * (area.bottom - area.top + 1) > _MOST_CELLS:
            return None
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                place = f"{get_column_letter(column)}{row}"
                cell = read.sheets[sheet].cells.get(place)
                if cell is not None and cell.has_value:
                    found[place] = _value(cell, texts)
    names = formula.lower()
    return None if any(name in names for _scope, name in read.formulas.names) else found


def _value(cell: Cell, texts: list[str]) -> Any:
    return texts[int(cell.shown or 0)] if cell.kind == "s" else plain(book.value(cell))


def plain(value: Any) -> Any:
    """Return a value as JSON has it: an error as an object."""
    return {"error": value.code} if isinstance(value, CellError) else value


def chosen(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return at most some facts of each function, those of different kinds of arguments first."""
    functions: Counter[str] = Counter()
    kinds: Counter[tuple[Any, ...]] = Counter()
    seen: set[str] = set()
    kept: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in sorted(found, key=lambda one: (len(one["formula"]), json.dumps(one, sort_keys=True))):
        key = json.dumps([fact["formula"], fact["cells"]], sort_keys=True)
        try:
            called = sorted(set(functions_in(parsed(fact["formula"])))) or ["none"]
        except DiffersError:
            continue
        shape = tuple(type(value).__name__ for value in [*fact["cells"].values(), fact["excel"]])
        alike = ("&".join(called), re.sub(r"\d+", "#", fact["formula"]), *shape)
        if key in seen or any(functions[name] >= _MOST for name in called) or kinds[alike] >= _ALIKE:
            continue
        seen.add(key)
        kinds[alike] += 1
        functions.update(called)
        kept["&".join(called)].append(fact)
    return [fact for name in sorted(kept) for fact in kept[name]]


def main(arguments: list[str]) -> None:
    """Print the chosen facts of all workbooks in the folders, each with the name of its project before it."""
    found = [
        fact
        for name, folder in zip(arguments[::2], arguments[1::2], strict=True)
        for path in sorted(Path(folder).rglob("*.xls[xm]"))
        if not _PASSED_OVER.search(path.name)
        for fact in facts(name, path)
    ]
    for fact in chosen(found):
        sys.stdout.write(json.dumps(fact, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
