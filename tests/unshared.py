"""Shared formulas told in full, by openpyxl's translator: for tests that look at each cell's formula."""

from __future__ import annotations

from functools import cache

from lxml import etree
from openpyxl.formula.translate import Translator

_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"


def unshared(sheet: etree._Element) -> None:
    """Give every cell that shares a formula a plain one of its own."""
    masters: dict[str, tuple[str, str]] = {}
    for formula in sheet.iter(_FORMULA):
        if formula.get("t") != "shared" or (cell := formula.getparent()) is None:
            continue
        index, reference = formula.get("si"), cell.get("r")
        if formula.text:
            masters[index] = formula.text, reference
        formula.text = moved(*masters[index], reference) if index in masters else None
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


@cache
def moved(formula: str, origin: str, to: str) -> str:
    """What a formula says in another of the cells that share it."""
    return str(_translator(formula, origin).translate_formula(to))[1:]


@cache
def _translator(formula: str, origin: str) -> Translator:
    return Translator(f"={formula}", origin)  # which takes the formula apart
