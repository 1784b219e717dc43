"""References to tables, such as `tblDeals[Amount]`, written as the cells that they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import quote_sheetname

from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.formulas import Table
from xlsales.cells.values import Address

_NAME = re.compile(r"[\w.\\]+")
_ITEM = re.compile(r"\[((?:[^\[\]']|'.)*)\]", re.DOTALL)
_COLUMNS = re.compile(rf"{_ITEM.pattern}:{_ITEM.pattern}", re.DOTALL)
_ESCAPED = re.compile(r"'(.)", re.DOTALL)


class UnknownTableReferenceError(ValueError):
    """A reference to a table, or to a part of one, that is not there."""


def as_cells(formula: str, place: Address, tables: Mapping[str, Table]) -> str:
    """Return the formula, without its equals sign, with the cells in place of tables."""
    if "[" not in formula and not any(name in formula.lower() for name in tables):
        return formula
    tokens = Tokenizer(f"={formula}").items
    return "".join(_cells(token.value, place, tables) if _is_reference(token) else token.value for token in tokens)


def _is_reference(token: Token) -> bool:
    return bool(token.type == Token.OPERAND and token.subtype == Token.RANGE)


def _cells(text: str, place: Address, tables: Mapping[str, Table]) -> str:
    name = _NAME.match(text)
    rest = text[name.end() :] if name else text
    if name is None or not (rest == "" or rest.startswith("[")):
        return text
    table = tables.get(name[0].lower())
    if table is None and rest:
        raise UnknownTableReferenceError(text)
    if table is None:
        return text  # a cell or a name
    items, columns = _parts(rest)
    left, right = _columns(table, columns)
    top, bottom = _rows(table, items, place)
    cells = f"${get_column_letter(left)}${top}"
    if (left, top) != (right, bottom):
        cells += f":${get_column_letter(right)}${bottom}"
    return f"{quote_sheetname(table.sheet)}!{cells}"


def _parts(text: str) -> tuple[list[str], list[str]]:
    """Return the items (`#all` …) and the first and last column of what stands in brackets."""
    inside = text[1:-1].strip()
    if inside and not inside.startswith("["):
        inside = f"[{inside}]"
    items: list[str] = []
    columns: list[str] = []
    while inside:
        found = _COLUMNS.match(inside) or _ITEM.match(inside)
        if found is None:
            raise UnknownTableReferenceError(text)
        if found[1].startswith("#"):
            items.append(found[1].lower())
        else:
            columns += found.groups()
        inside = inside[found.end() :].lstrip(" ,")
    return items, [_ESCAPED.sub(r"\1", column).strip() for column in columns]


def _columns(table: Table, columns: list[str]) -> tuple[int, int]:
    if not columns:
        return table.area.left, table.area.right
    headings = [heading.strip().casefold() for heading in table.columns]
    try:
        found = [table.area.left + headings.index(column.casefold()) for column in columns]
    except ValueError as error:
        raise UnknownTableReferenceError(columns[0]) from error
    return min(found), max(found)


def _rows(table: Table, items: list[str], place: Address) -> tuple[int, int]:
    first, last = table.area.top + table.headings, table.area.bottom - table.totals
    row = coordinate_to_tuple(place[1])[0]
    spans = {
        "#all": (table.area.top, table.area.bottom),
        "#data": (first, last),
        "#headers": (table.area.top, first - 1),
        "#totals": (last + 1, table.area.bottom),
        "#this row": (row, row) if place[0] == table.sheet and first <= row <= last else (1, 0),
    }
    try:
        chosen = [spans[item] for item in items] or [(first, last)]
    except KeyError as error:
        raise UnknownTableReferenceError(str(error)) from error
    if any(top > bottom for top, bottom in chosen):  # no such row: what Excel makes an error of
        raise UnknownTableReferenceError(", ".join(items))
    return min(top for top, _bottom in chosen), max(bottom for _top, bottom in chosen)
