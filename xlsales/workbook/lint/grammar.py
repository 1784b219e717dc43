"""A formula as files store it, taken apart once: where its syntax breaks, and what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from xlsales.cells.signatures import MOST_ARGUMENTS, takes

LONGEST = 8_192
LONGEST_LITERAL = 255
DEEPEST = 64
_PREFIXES = re.compile(r"\A_XLFN\.(?:_XLWS\.)?")
_TOO_LONG_TO_READ, _SHORT = 65_536, 1_024

_BRACKETS = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*+\])*+\]"
_QUOTED = r"'(?:[^']|'')*+'"
_WORD = r"[\w.\\?\u0080-\U0010ffff]"  # Excel quotes no sheet for its characters beyond ASCII
_SHEET = rf"(?:{_QUOTED}|(?:\[[^\[\]]*+\])?{_WORD}++(?::{_WORD}++)?|\[[^\[\]]*+\])!"
_CORNER = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*+")
    | (?P<error>\#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!
        |CONNECT!|BUSY!|EXTERNAL!|PYTHON!))
    | (?P<sheet>{_SHEET}|!)
    | (?P<area>(?:{_CORNER}|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}})(?![\w.(!\[\\?]))
    | (?P<number>(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?(?![\w\\]))
    | (?P<function>[^\W\d][\w.]*+\()
    | (?P<table>(?:[^\W\d]|\\)?[\w.\\?]*+{_BRACKETS})
    | (?P<name>(?:[^\W\d]|\\)[\w.\\?]*+|{_QUOTED})
    | (?P<array>\{{(?:"(?:[^"]|"")*+"|[^{{}}"])*+\}})
    | (?P<op><>|<=|>=|[-+*/^&=<>])
    | (?P<percent>%) | (?P<range>:) | (?P<open>\() | (?P<close>\)) | (?P<comma>,) | (?P<semicolon>;)
    | (?P<space>\s++) | (?P<strange>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERANDS = frozenset(("text", "error", "area", "number", "table", "name", "array"))
_REFERENCES = frozenset(("area", "name", "table", "error", "sheet", "function", "open"))  # or what gives one
_CELL = re.compile(_CORNER)
_ARRAY_CONSTANT = re.compile(
    r"\{\s*+(?:(?:[-+]?[0-9.]++(?:[eE][-+]?[0-9]++)?|\"(?:[^\"]|\"\")*+\"|TRUE|FALSE|\#[A-Z/0]++[!?]?)\s*+[,;]?\s*+)++\}",
    re.IGNORECASE,
)
# What copies of a formula in a column differ by.
_ROWS = re.compile(r"(?<![\w.\\$'#\"])(\$?[A-Z]{1,3}\$?)[1-9][0-9]{0,5}(?![\w.(!\[\\?'\"])")


@dataclass
class Formula:
    """What one formula has."""

    broken: list[tuple[str, str]] = field(default_factory=list)  # (kind of problem, what stands there)
    features: set[str] = field(default_factory=set)  # sheet, union, intersection, range, array, reference, table
    functions: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)  # (sheet's prefix or "", name)
    sheets: set[str] = field(default_factory=set)  # prefixes, without the exclamation mark
    tables: set[str] = field(default_factory=set)  # tbl[…] as it stands


def pattern(text: str) -> str:
    """Return what a formula has in common with its copies in other rows."""
    return _ROWS.sub(r"\g<1>1", text)


def read(text: str) -> Formula:
    """Take a formula apart; a short one is remembered."""
    return _remembered(text) if len(text) < _SHORT else _read(text)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> Formula:
    return _read(text)


def _read(text: str) -> Formula:
    found = Formula()
    if len(text) + sum(char > "\uffff" for char in text) > LONGEST:
        found.broken.append(("long", str(len(text))))
        if len(text) > _TOO_LONG_TO_READ:
            return found
    if text.startswith("="):
        found.broken.append(("equals", text[:20]))
        return found
    _Reading(found).read(text)
    return found


class _Reading:
    """A passage through the tokens: an operand is due, or an operator is."""

    def __init__(self, found: Formula) -> None:
        self._found = found
        self._open: list[int] = []  # arguments of the calls around; 0 for a plain parenthesis
        self._called: list[str] = []  # the functions around, "" for a plain parenthesis
        self._due = True  # an operand is
        self._last = ""
        self._prefix = ""
        self._depth = 0

    def read(self, text: str) -> None:
        """Read all of it, up to what cannot be read."""
        tokens = [one for token in _TOKEN.finditer(text) for one in _told(token.lastgroup or "", token[0])]
        for place, (kind, token) in enumerate(tokens):
            if kind == "space":
                self._space(tokens, place)
                continue
            problem = self._operand(kind, token) if self._due else self._operator(kind, token)
            if problem:
                self._found.broken.append((problem, token))
                return
            if kind == "range":
                self._range(tokens, place)
            self._last = kind
        if self._due or self._open or self._prefix:
            self._found.broken.append(("syntax", text[-20:]))

    def _space(self, tokens: list[tuple[str, str]], place: int) -> None:
        following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        if not self._due and following in _REFERENCES and self._last not in ("text", "number", "array"):
            self._found.features.add("intersection")
            self._due = True

    def _operand(self, kind: str, token: str) -> str | None:
        if kind == "sheet":
            if self._prefix:
                return "syntax"
            self._prefix = token
            self._found.features.add("sheet")
            self._found.sheets.add(token[:-1])
            return None
        prefix, self._prefix = self._prefix, ""
        if prefix and kind not in ("area", "name", "error", "function", "table"):
            return "syntax"
        if kind in _OPERANDS:
            self._due = False
            return self._took(kind, token, prefix)
        if kind == "function":
            return self._call(token[:-1], prefix)
        if kind == "open":
            self._opened(0)
        elif kind == "comma" and self._open and self._open[-1]:
            return self._argument()
        elif kind == "close" and self._open and self._open[-1] and self._last in ("function", "comma", "call"):
            self._close()
        elif not (kind == "op" and token in ("+", "-")):
            return "at" if token == "@" else "semicolon" if kind == "semicolon" else "syntax"
        return None

    def _operator(self, kind: str, token: str) -> str | None:
        if kind in ("op", "range"):
            self._due = True
        elif kind == "comma":
            if self._open and self._open[-1]:
                return self._argument()
            self._found.features.add("union")
            self._due = True
        elif kind == "close" and self._open:
            self._close()
        elif kind == "area" and self._last == "error":  # #REF!A1: the sheet is gone
            return None
        elif kind == "open" and self._last == "close":  # LAMBDA(…)(…)
            self._opened(1)
            self._due = True
        elif kind != "percent":
            return {"semicolon": "semicolon", "strange": "spill" if token == "#" else "syntax"}.get(kind, "syntax")
        return None

    def _took(self, kind: str, token: str, prefix: str) -> str | None:
        found = self._found
        if kind == "text" and len(token) - 2 - token[1:-1].count('""') > LONGEST_LITERAL:
            found.broken.append(("literal", str(len(token) - 2)))
        elif kind == "error" and token == "#REF!":
            found.features.add("reference")
        elif kind == "array":
            found.features.add("array")
            return None if _ARRAY_CONSTANT.fullmatch(token) else "syntax"
        elif kind == "table":
            found.features.add("table")
            found.tables.add(token)
        elif kind == "name":
            found.names.add((prefix[:-1], token))
        return None

    def _call(self, name: str, prefix: str) -> str | None:
        if not prefix:
            self._found.functions.add(name)
        self._opened(1, "" if prefix else name)
        self._depth += 1
        if self._depth > DEEPEST + 1 and not any(kind == "deep" for kind, _what in self._found.broken):
            self._found.broken.append(("deep", name))
        return None

    def _argument(self) -> str | None:
        self._open[-1] += 1
        self._due = True
        if self._open[-1] == MOST_ARGUMENTS + 1:
            self._found.broken.append(("arguments", str(self._open[-1])))
        return None

    def _opened(self, arguments: int, name: str = "") -> None:
        self._open.append(arguments)
        self._called.append(name)

    def _close(self) -> None:
        arguments, name = self._open.pop(), self._called.pop()
        if arguments:
            self._depth = max(self._depth - 1, 0)
        given = arguments - (self._last == "function")
        if name and given <= MOST_ARGUMENTS and not takes(_PREFIXES.sub("", name.upper()), given):
            self._found.broken.append(("count", f"{name}: {given}"))
        self._due = False

    def _range(self, tokens: list[tuple[str, str]], place: int) -> None:
        """A colon between two cells is no operator that a shared formula could not have."""
        after = [kind for kind, _token in tokens[place + 1 : place + 3]]
        if self._last != "area" or after[:1] not in (["area"], ["sheet"]) or after == ["sheet", "function"]:
            self._found.features.add("range")


def _told(kind: str, token: str) -> Iterator[tuple[str, str]]:
    """A token, but three where a colon between two cells of one sheet was taken for that between two sheets."""
    first, colon, rest = token.partition(":")
    if kind == "sheet" and colon and _CELL.fullmatch(first):
        yield from (("area", first), ("range", colon), ("sheet", rest))
    else:
        yield kind, token


def columns_of(reference: str) -> tuple[str, list[str], list[str]]:
    """Return the table, its columns and its keywords (#All …) that a table reference names."""
    name, _bracket, rest = reference.partition("[")
    inside = rest[:-1]
    pieces = list(_pieces(inside)) if "[" in inside else [inside]
    keywords = [piece for piece in pieces if piece.startswith("#")]
    return name, [_plain(piece) for piece in pieces if piece and not piece.startswith("#")], keywords


def _pieces(inside: str) -> Iterator[str]:
    for found in re.finditer(r"\[((?:[^\[\]']|'.)*+)\]", inside):
        yield found[1]
    if inside.startswith("@"):
        yield inside


def _plain(column: str) -> str:
    return re.sub(r"'(.)", r"\1", column)
