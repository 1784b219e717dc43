"""Ready for other languages: formulas hold no words, no sentences and no patterns that a region reads its own way."""

from __future__ import annotations

import re
from collections import Counter

from tests.planner.rules.formulas import at
from tests.planner.rules.opened import Opened

_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_LETTERS = re.compile(r"[^\W\d_]")
_TEXT = re.compile(r"(?<![\w.])TEXT\(", re.IGNORECASE)


def no_text_patterns(planner: Opened) -> list[str]:
    """No formula writes a number or a date with TEXT: with region Italy, "0.0" gives 03 for 2.5."""
    return [
        f"{where}: TEXT in {cell.formula}"
        for sheet in planner.sheets
        for where, cell in sheet.formulas
        if _TEXT.search(_LITERAL.sub('""', cell.formula or ""))
    ]


def no_words_in_formulas(planner: Opened) -> list[str]:
    """Words and sentences stand in cells with names, word_… and say_…; formulas hold signs and criteria alone."""
    return [
        f"{where}: the text {text} in {cell.formula}"
        for sheet in planner.sheets
        for where, cell in sheet.formulas
        for text in _LITERAL.findall(cell.formula or "")
        if _LETTERS.search(text)
    ]


def words_stand_once(planner: Opened) -> list[str]:
    """Each word and each sentence has one name, and no two of them say the same."""
    told = []
    for prefix in ("word_", "say_"):
        shown = Counter[str]()
        for name, sheet, place in planner.named_cells(prefix):
            cell = sheet.cells.get(place)
            if cell is None or cell.formula is not None or not cell.stored:
                told.append(f"{sheet.name}!{at(place)}: {name} is no text")
            else:
                shown[cell.stored] += 1
        told += [f"{prefix}…: {count} cells say {text}" for text, count in shown.items() if count > 1]
    return told


def headings_are_named(planner: Opened) -> list[str]:
    """The heading of every column to fill has a defined name col_…, so that it is found in any language."""
    named = {(sheet.name, place) for _name, sheet, place in planner.named_cells("col_")}
    told = []
    for sheet in planner.sheets:
        for table in sheet.tables:
            _left, top, _right, _bottom = table.bounds
            for heading, places in table.columns():
                first = sheet.cells.get(places[0])
                if first is not None and first.formula is None and (sheet.name, (top, places[0][1])) not in named:
                    told.append(f"{sheet.name}!{at((top, places[0][1]))} ({table.name}, {heading}): no name col_…")
    return told
