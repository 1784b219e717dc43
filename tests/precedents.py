"""What a formula refers to, as openpyxl's tokenizer reads it: a second opinion on what this program finds out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils.cell import range_boundaries

from xlsales.cells.formulas import Formulas, cells_of
from xlsales.cells.references import LAST_COLUMN, LAST_ROW, Area, row_and_column
from xlsales.cells.values import Address
from xlsales.functions import CATALOGUE

_OWN = re.compile(rf"(?<![\w.])(TODAY|NOW|{'|'.join(CATALOGUE)})\s*\(", re.IGNORECASE)
_ANYWHERE = re.compile(r"(?<![\w.])(?:INDIRECT|OFFSET)\s*\(|\)\s*:|:\s*(?:INDEX|OFFSET)\b", re.IGNORECASE)
_SHEET = re.compile(r"(?P<sheet>'(?:[^']|'')+'|[^'!]+)!(?P<cells>.+)")
_TABLE = re.compile(r"(?P<name>[\w.\\]*)\[.*\]", re.DOTALL)
_DEEPEST = 20  # names that stand for names


class Precedents:
    """The precedents of a workbook's formulas."""

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas

    def cause(self, address: Address, restless: Collection[Address]) -> str:
        """Return why a formula may have another value: what it asks itself, or one of these cells; else nothing."""
        own, text = address[0], self._formulas.cells[address].text
        texts = list(self._written_out(own, text, 0))
        for one in texts:
            if asked := _OWN.search(one):
                return asked[1].upper()
        areas = [area for one in texts for area in self._areas(own, one)]
        for sheet, cell in restless:
            row, column = row_and_column(cell)
            if (sheet, cell) != address and any(_holds(area, sheet, row, column) for area in areas):
                return f"{sheet}!{cell}"
        others = (one for one in restless if one != address)
        if any(map(_ANYWHERE.search, texts)) and (any_one := next(others, None)):
            return f"anywhere, {any_one[0]}!{any_one[1]} for instance"
        return ""

    def filled(self, addresses: Collection[Address]) -> set[Address]:
        """Return the cells that array formulas fill, their own among them."""
        cells = self._formulas.cells
        return {place for one in addresses if one in cells for place in cells_of(one, cells[one].area)}

    def _written_out(self, sheet: str, text: str, depth: int) -> Iterator[str]:
        """Yield a formula and the meanings of the names in it."""
        yield text
        if depth < _DEEPEST:
            for token in _ranges(text):
                name = token.rpartition("!")[2].lower()
                meaning = self._formulas.names.get((sheet, name)) or self._formulas.names.get(("", name))
                if meaning is None:
                    scope = token.rpartition("!")[0].strip("'").replace("''", "'")
                    meaning = self._formulas.names.get((scope, name))
                if meaning is not None:
                    yield from self._written_out(sheet, meaning, depth + 1)

    def _areas(self, own: str, text: str) -> Iterator[tuple[str, Area]]:
        for token in _ranges(text):
            found = _SHEET.fullmatch(token)
            sheets, cells = (found["sheet"], found["cells"]) if found else (own, token)
            table = _TABLE.fullmatch(cells)
            if table:
                yield from self._of_tables(table["name"].lower())
                continue
            try:
                left, top, right, bottom = range_boundaries(cells.replace("$", "").rstrip("#").upper())
            except ValueError:
                continue  # a name, whose meaning is looked at by itself
            area = Area(left or 1, top or 1, right or LAST_COLUMN, bottom or LAST_ROW)
            yield from ((sheet, area) for sheet in self._sheets(sheets))

    def _of_tables(self, name: str) -> Iterator[tuple[str, Area]]:
        """Yield the area of a table; of all of them where the reference names none."""
        for own, table in self._formulas.tables.items():
            if name in ("", own):
                yield table.sheet, table.area

    def _sheets(self, text: str) -> list[str]:
        plain = text.strip("'").replace("''", "'")
        names = list(self._formulas.sizes)
        folded = {name.casefold(): place for place, name in enumerate(names)}
        if plain.casefold() in folded:
            return [names[folded[plain.casefold()]]]
        first, _colon, last = plain.partition(":")
        if first.casefold() in folded and last.casefold() in folded:
            return names[folded[first.casefold()] : folded[last.casefold()] + 1]
        return []


def _ranges(text: str) -> Iterator[str]:
    for token in Tokenizer(f"={text}").items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            yield token.value.strip()
        elif token.type == Token.FUNC and token.subtype == Token.OPEN:
            yield token.value[:-1].strip()  # a name may be called as well


def _holds(area: tuple[str, Area], sheet: str, row: int, column: int) -> bool:
    on, (left, top, right, bottom) = area
    return on == sheet and top <= row <= bottom and left <= column <= right
