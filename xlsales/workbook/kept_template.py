"""Templates as they were read before, kept from run to run."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from xlsales.cells.packed import packed, unpacked
from xlsales.files import kept
from xlsales.functions.errors import CellError
from xlsales.memory import uncollected
from xlsales.workbook import kept_formulas
from xlsales.workbook import template as templates
from xlsales.workbook.kept_formulas import KeptFormulas
from xlsales.workbook.template import Template, TemplateTable

_DAY, _MOMENT, _TIME, _ERROR = "day", "moment", "time", "error"


def read(path: Path) -> Template:
    """Read a template; a file that is no workbook, or no planner, raises InputError at once."""
    return parsed(templates.planner_bytes(path), path.name)


def parsed(package: bytes, name: str) -> Template:
    """Return a template as an earlier run has read it, or read its bytes; what cannot be read raises InputError."""
    key = kept.name("template", hashlib.sha256(package).hexdigest())
    with uncollected():
        found = _read(kept.load(key), package, name)
        if found is None:
            found = templates.parse(package, name)
            kept.keep(key, _written(found))
    return found


def _written(template: Template) -> bytes | None:
    """Return what was read of a template as bytes; None where it would not come back as it is."""
    try:
        content = _packed(template)
    except (TypeError, ValueError):  # half of a character, for example
        return None
    again = _read(content, template.package, template.name)
    return content if again is not None and _is_same(again, template) else None


def _packed(template: Template) -> bytes:
    plain = {
        "names": template.names,
        "tables": {name: _plain_table(table) for name, table in template.tables.items()},
        "defaults": [[*address, _plain(value)] for address, value in template.defaults.items()],
        "constants": {name: _plain(value) for name, value in template.constants.items()},
        "asks_the_clock": template.asks_the_clock,
        "file_format": template.file_format,
    }
    return packed(plain, {"formulas": np.frombuffer(kept_formulas.kept(template.formulas), dtype=np.uint8)})


def _is_same(one: Template, other: Template) -> bool:
    return [*one.formulas.items()] == [*other.formulas.items()] and _told(one) == _told(other)


def _told(template: Template) -> str:
    """Return all that is kept of a template but its formulas, each value with its kind."""
    tables = {name: _plain_table(table) for name, table in template.tables.items()}
    values = template.names, tables, template.defaults, template.constants
    return repr((values, template.asks_the_clock, template.file_format))


def _read(content: bytes | None, package: bytes, name: str) -> Template | None:
    try:
        return None if content is None else _template(*unpacked(content), package, name)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def _template(plain: Any, arrays: Mapping[str, Any], package: bytes, name: str) -> Template:
    template = Template(
        package,
        name,
        {one: (sheet, cell) for one, (sheet, cell) in plain["names"].items()},
        {one: _table(*told) for one, told in plain["tables"].items()},
        KeptFormulas(arrays["formulas"].tobytes()),
        {(sheet, cell): _value(value) for sheet, cell, value in plain["defaults"]},
        {one: _value(value) for one, value in plain["constants"].items()},
    )
    vars(template).update(asks_the_clock=bool(plain["asks_the_clock"]), file_format=str(plain["file_format"]))
    return template


def _plain_table(table: TemplateTable) -> list[Any]:
    return [table.sheet, table.first_row, table.rows, table.letters, sorted(table.computed)]


def _table(sheet: str, first_row: int, rows: int, letters: dict[str, str], computed: list[str]) -> TemplateTable:
    return TemplateTable(sheet, first_row, rows, letters, frozenset(computed))


def _plain(value: Any) -> Any:
    """Return what a cell holds in JSON: what it has no kind for as a kind and a text."""
    match value:
        case dt.datetime():
            return [_MOMENT, value.isoformat()]
        case dt.date():
            return [_DAY, value.isoformat()]
        case dt.time():
            return [_TIME, value.isoformat()]
        case CellError():
            return [_ERROR, value.code, value.message, value.argument]
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(value)


def _value(plain: Any) -> Any:
    if not isinstance(plain, list):
        return plain
    kind, *rest = plain
    return _KINDS[kind](*rest)


_KINDS: Mapping[str, Any] = {
    _DAY: dt.date.fromisoformat,
    _MOMENT: dt.datetime.fromisoformat,
    _TIME: dt.time.fromisoformat,
    _ERROR: CellError,
}
