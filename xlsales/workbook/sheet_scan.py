"""Reads a worksheet part at one go where it is written as Excel and the usual libraries write it.

What is written otherwise (comments, prefixes, texts inside cells, values before formulas…) is not read here, but event
by event in `sheet_part`, which takes several times as long: both give the same.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

from xlsales.workbook.sheet_cells import Cell, Row, without_value

_ATTRIBUTES = rb"""(?:\s[\w:.]+="[^"<&]*")*"""
_REFERENCE = rb"[A-Z]{1,3}[1-9][0-9]{0,6}"
# A cell, or the beginning or end of a row; the groups are numbered, as there are many.
_TOKEN = re.compile(
    rb"""
    <c[ ]r="(%b)"((?:[ ]s="[0-9]+")?)(%b)                  # 1 reference, 2 style, 3 other attributes
        (?: /> | >
            ( <f%b(?:/>|>[^<]*</f>) )?                      # 4 formula
            (?: <v(?:[ ]xml:space="preserve")?(?: >([^<]*)</v> | (/>) ) )?  # 5 the value's text, 6 none
        </c> )
    | <row[ ]r="([1-9][0-9]{0,6})"%b(/?)>                   # 7 number, 8 whether it ends at once
    | (</row>)                                              # 9
    """
    % (_REFERENCE, _ATTRIBUTES, _ATTRIBUTES, _ATTRIBUTES),
    re.VERBOSE,
)
_KIND = re.compile(rb' t="(\w*)"')
_DATA = re.compile(rb"<sheetData(%b)(/?)>" % _ATTRIBUTES)
_DECLARATION = re.compile(rb"""\s*<\?xml\s[^>]*?\?>""")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']utf-8["']""", re.IGNORECASE)
_OPENING = re.compile(rb"""<[A-Za-z_][^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>|</[^<>]*>""")
_ENTITY = re.compile("&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Scanned(NamedTuple):
    """The cells and rows of a part, in its order, and where they stand."""

    cells: list[Cell]
    rows: list[Row]
    data: tuple[int, int]


def scanned(content: bytes) -> Scanned | None:
    """Return the cells of a worksheet part; None where it is written in an unusual way, or no XML at all."""
    found = data(content)
    if found is None or not is_well_formed(content):
        return None
    cells: list[Cell] = []
    rows: list[Row] = []
    return Scanned(cells, rows, found) if _collect(content, found, cells, rows) else None


def cells_of(piece: bytes) -> list[Cell] | None:
    """Return the cells of some whole rows; None where they are written in an unusual way. Well-formed they must be."""
    cells: list[Cell] = []
    return cells if _collect(piece, (0, len(piece)), cells, []) else None


def _collect(content: bytes, place: tuple[int, int], cells: list[Cell], rows: list[Row]) -> bool:
    """Collect the cells and rows of a place; return whether nothing else is there."""
    start, end = place
    position, open_row = start, None
    for token in _TOKEN.finditer(content, start, end):
        if token.start() != position:
            return False
        position = token.end()
        if token[1] is not None:
            if open_row is None:
                return False
            cells.append(_cell(token))
        elif token[7] is not None:
            if open_row is not None:
                return False
            row = Row(int(token[7]), token.start(), position, position)
            if token[8]:
                rows.append(row)
            else:
                open_row = row
        elif open_row is None:
            return False
        else:
            rows.append(open_row._replace(end=position))
            open_row = None
    return position == end and open_row is None


def _cell(token: re.Match[bytes]) -> Cell:
    reference, style, others, formula, text = token.group(1, 2, 3, 4, 5)
    kind = ""
    head = b'<c r="%b"%b' % (reference, style)
    if others:
        found = _KIND.search(others)
        if found:
            kind = found[1].decode()
        if not found or len(found[0]) != len(others):
            head += without_value(others)
    shown: str | None = None
    if text is not None:
        shown = text.decode()
        if "&" in shown or "\r" in shown:
            shown = plain(shown)
    elif token[6] is not None:
        shown = ""
    return Cell(reference.decode(), kind, token.start(), token.end(), head, formula or b"", b"", shown)


def plain(text: str) -> str:
    """Return a text as XML means it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub(lambda found: _NAMED[found[3]] if found[3] else _sign(found), lines)


def _sign(found: re.Match[str]) -> str:
    return chr(int(found[1], 16) if found[1] else int(found[2]))


def data(content: bytes) -> tuple[int, int] | None:
    """Return where the rows stand; None where that is not certain."""
    declaration = _DECLARATION.match(content)
    begin = declaration.end() if declaration else 0
    if declaration and b"encoding" in declaration[0] and not _ENCODING.search(declaration[0]):
        return None
    found = _DATA.search(content, begin)
    if found is None:
        return None
    before = content[begin : found.start()]
    end = found.end() if found[2] else content.rfind(b"</sheetData>", found.end())
    if end < 0 or _is_unusual(before) or _is_unusual(content[end:]) or not before.lstrip().startswith(b"<worksheet"):
        return None
    return (found.end(), end) if _depth(content, begin, found.start()) == 1 else None


def _is_unusual(around: bytes) -> bool:
    """Whether what is around the rows may hold something that looks like rows; among them, only cells are read."""
    return b"<!" in around or b"<?" in around or b"<sheetData" in around


def _depth(content: bytes, start: int, end: int) -> int:
    """Return how many elements are open at a place."""
    depth = 0
    for tag in _OPENING.finditer(content, start, end):
        text = tag[0]
        depth += -1 if text.startswith(b"</") else not text.endswith(b"/>")
    return depth


def is_well_formed(content: bytes) -> bool:
    """Whether a content is XML."""
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError:
        return False
    return True
