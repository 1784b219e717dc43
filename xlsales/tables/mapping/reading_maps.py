"""Reads a map: a TOML file, on top of one of the presets if it names one. Every key is checked."""

from __future__ import annotations

import codecs
import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.findings import shown
from xlsales.schema import BESIDE, NUMERIC, TABLES, TERRITORIES, Column, Kind, Table
from xlsales.tables.mapping.shape import (
    COUNTS,
    DATE_ORDERS,
    EPOCHS,
    ColumnMap,
    Condition,
    Counted,
    How,
    Largest,
    Lookup,
    Map,
    Setting,
    TableMap,
)
from xlsales.tables.raw import near_match
from xlsales.texts import _

_FOLDER = Path(__file__).with_name("presets")
PRESETS = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
_READ = "read"
_HOW = ("encoding", "delimiter", "decimal", "thousands", "currency", "parentheses", "dates", "times", "blank")
_TABLE = ("from", "sheet", "columns", "constants", "values", "stages", "negative", "leave_out", "set", "own", "header")
_COUNTING = ("count", "complete", "columns", "constants", "values")
_COUNTED_FROM = "deals"
_MOST_MONTHS = 120
_LAST_HEADER = 1000
_SPACES = (" ", "\u00a0", "\u202f", "\u2009")


def read_map(source: str | Path) -> Map:
    """Read a map, from a file or one of the presets by its name; raises InputError with the key at fault."""
    if str(source) in PRESETS:
        path = _FOLDER / f"{source}.toml"
    else:
        path = Path(source)
        if not path.suffix and not path.exists():
            message = _("There is no map {name}: give a .toml file, or one of {presets}.")
            raise InputError(message.format(name=source, presets=", ".join(PRESETS)))
    return _Reader(path.name).map_of(obstacles.content(path, path))


class _Reader:
    """Reads one map and says where it is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name

    def map_of(self, content: bytes) -> Map:
        parsed = self._parsed(content)
        if "preset" in parsed:
            preset = self._preset(parsed.pop("preset"))
            parsed = _merged(preset, parsed)
        self._known(parsed, (_READ, *TABLES, *BESIDE), "")
        how = self._how(self._dict(parsed.get(_READ, {}), _READ))
        every = TABLES | BESIDE
        tables = {name: self._table(every[name], self._dict(parsed[name], name)) for name in every if name in parsed}
        for name, shape in tables.items():
            self._countable(name, shape, tables)
        digest = hashlib.sha256(content).hexdigest()
        return Map(self._name, digest, how, tables)

    def _parsed(self, content: bytes) -> dict[str, Any]:
        try:
            return tomllib.loads(content.removeprefix(codecs.BOM_UTF8).decode().replace("\r\n", "\n"))
        except UnicodeDecodeError as error:
            raise self._wrong("", _("it is not UTF-8 text (byte {byte})").format(byte=error.start)) from error
        except tomllib.TOMLDecodeError as error:
            raise self._wrong("", _("it is not TOML: {reason}").format(reason=error)) from error

    def _preset(self, name: object) -> dict[str, Any]:
        if name not in PRESETS:
            near = near_match(str(name), PRESETS)
            hint = _("did you mean {near}?").format(near=near) if near else _("there are {names}")
            raise self._wrong("preset", hint.format(names=", ".join(PRESETS)))
        return self._parsed((_FOLDER / f"{name}.toml").read_bytes())

    def _how(self, given: Mapping[str, Any]) -> How:
        self._known(given, _HOW, _READ)
        encoding = self._text(given, _READ, "encoding")
        if encoding is not None:
            try:
                codecs.lookup(encoding)
            except LookupError:
                raise self._wrong("read.encoding", _("“{text}” is no encoding").format(text=encoding)) from None
        delimiter = self._text(given, _READ, "delimiter")
        if delimiter is not None and len(delimiter) != 1:
            raise self._wrong("read.delimiter", _("give one character"))
        decimal = self._text(given, _READ, "decimal") or "."
        thousands = tuple(
            " " if mark in _SPACES else mark for mark in self._texts(given.get("thousands", []), "read.thousands")
        )
        if decimal not in (".", ","):
            raise self._wrong("read.decimal", _("give “.” or “,”"))
        if any(mark not in (".", ",", "'", "’", " ") or mark == decimal for mark in thousands):
            raise self._wrong("read.thousands", _("give “,”, “.”, “'” or a space, and not the decimal mark"))
        dates = tuple(self._texts(given.get("dates", ["ymd"]), "read.dates"))
        for order in dates:
            if order not in (*DATE_ORDERS, *EPOCHS):
                message = _("“{text}” is none of {orders}")
                raise self._wrong("read.dates", message.format(text=order, orders=", ".join((*DATE_ORDERS, *EPOCHS))))
        if {"dmy", "mdy"} <= set(dates):
            raise self._wrong("read.dates", _("dmy and mdy cannot be told apart: give one of them"))
        times = self._text(given, _READ, "times") or "refuse"
        if times not in ("drop", "refuse"):
            raise self._wrong("read.times", _("give “drop” or “refuse”"))
        parentheses = self._text(given, _READ, "parentheses") or ""
        if parentheses not in ("", "negative"):
            raise self._wrong("read.parentheses", _("give “negative”"))
        return How(
            encoding,
            delimiter,
            decimal,
            thousands,
            tuple(sorted(self._texts(given.get("currency", []), "read.currency"), key=len, reverse=True)),
            parentheses == "negative",
            dates,
            times == "drop",
            frozenset(text.strip().casefold() for text in self._texts(given.get("blank", []), "read.blank")),
        )

    def _table(self, table: Table, given: Mapping[str, Any]) -> TableMap:
        place = table.name
        if "count" in given:
            return self._counting(table, given)
        self._known(given, _TABLE, place)
        source = self._text(given, place, "from")
        if not source:
            raise self._wrong(f"{place}.from", _("name the file, the sheet or the database table"))
        source = source if "/" not in source.replace("\\", "/") else self._inside(source, f"{place}.from")
        columns = self._columns(table, self._dict(given.get("columns", {}), f"{place}.columns"))
        constants = self._constants(table, self._dict(given.get("constants", {}), f"{place}.constants"))
        for name in columns.keys() & constants.keys():
            raise self._wrong(f"{place}.constants.{name}", _("the column is in columns too"))
        values = self._values(table, self._dict(given.get("values", {}), f"{place}.values"))
        stages = self._dict(given.get("stages", {}), f"{place}.stages")
        if stages:
            self._add_stages(table, stages, columns, values)
        return TableMap(
            source,
            self._text(given, place, "sheet"),
            self._header(given, place),
            columns,
            constants,
            values,
            self._negative(table, self._dict(given.get("negative", {}), f"{place}.negative")),
            self._left_out(given.get("leave_out", []), f"{place}.leave_out"),
            self._settings(table, columns, given.get("set", [])),
            self._own(table, self._dict(given.get("own", {}), f"{place}.own")),
        )

    def _columns(self, table: Table, given: Mapping[str, Any]) -> dict[str, ColumnMap]:
        place = f"{table.name}.columns"
        self._known(given, [column.name for column in table], place)
        columns = {}
        for name, one in given.items():
            if isinstance(one, str) and one.strip():
                columns[name] = ColumnMap(one.strip())
                continue
            parts = self._dict(one, f"{place}.{name}")
            self._known(parts, ("column", "when", "lookup", "times"), f"{place}.{name}")
            heading = self._text(parts, f"{place}.{name}", "column")
            if not heading:
                raise self._wrong(f"{place}.{name}", _("name the column of the export"))
            times = self._times(table[name], parts.get("times"), f"{place}.{name}.times")
            when = self._when(table, parts, f"{place}.{name}")
            lookup = self._lookup(parts["lookup"], f"{place}.{name}.lookup") if "lookup" in parts else None
            columns[name] = ColumnMap(heading.strip(), when, lookup, times)
        return columns

    def _times(self, column: Column, given: object, place: str) -> str | Decimal | None:
        if given is None:
            return None
        if column.kind not in NUMERIC:
            raise self._wrong(place, _("only a number can be multiplied"))
        if isinstance(given, str) and given.strip():
            return given.strip()
        if isinstance(given, (int, float)) and not isinstance(given, bool) and 0 < given < math.inf:
            return Decimal(str(given))
        raise self._wrong(place, _("give a column of the export, or a number above 0, as 1000"))

    def _header(self, given: Mapping[str, Any], place: str) -> int:
        row = given.get("header", 1)
        if type(row) is not int or not 1 <= row <= _LAST_HEADER:
            raise self._wrong(f"{place}.header", _("give the row that the headings stand in, as 3"))
        return row

    def _counting(self, table: Table, given: Mapping[str, Any]) -> TableMap:
        """Read a table that no file holds: its rows are counted from those of another table."""
        place, other = table.name, TABLES[_COUNTED_FROM]
        keys = {name for name in table.key if name != "week_start"}
        if given["count"] != _COUNTED_FROM or table is other or not keys <= {column.name for column in other}:
            message = _("accounts and activity can be counted, and from {table} alone: count = “{table}”")
            raise self._wrong(f"{place}.count", message.format(table=_COUNTED_FROM))
        self._known(given, _COUNTING, place)
        is_weekly = "week_start" in table.key
        if not isinstance(given.get("complete", False), bool) or ("complete" in given and not is_weekly):
            raise self._wrong(f"{place}.complete", _("this is true or false, for a table of weeks"))
        parts = self._dict(given.get("columns", {}), f"{place}.columns")
        self._known(parts, [column.name for column in table], f"{place}.columns")
        for name in keys & parts.keys():
            raise self._wrong(f"{place}.columns.{name}", _("the rows are counted by it: leave it out"))
        counted = {
            name: self._counted(table, name, one, other)
            for name, one in parts.items()
            if isinstance(one, dict) and set(COUNTS) & one.keys()
        }
        largest = {
            name: self._largest(table, name, one, counted)
            for name, one in parts.items()
            if isinstance(one, dict) and "largest" in one
        }
        columns = self._columns(table, {name: one for name, one in parts.items() if name not in counted | largest})
        known = [column.name for column in other]
        for name, one in columns.items():
            if one.source not in known:
                near = near_match(one.source, known)
                hint = _("did you mean {near}?").format(near=near) if near else ", ".join(known)
                message = _("{table} have no column “{column}”: {hint}")
                raise self._wrong(
                    f"{place}.columns.{name}", message.format(table=other.name, column=one.source, hint=hint)
                )
        constants = self._constants(table, self._dict(given.get("constants", {}), f"{place}.constants"))
        for name in (columns | counted | largest).keys() & constants.keys():
            raise self._wrong(f"{place}.constants.{name}", _("the column is in columns too"))
        values = self._values(table, self._dict(given.get("values", {}), f"{place}.values"))
        if is_weekly and not counted:
            raise self._wrong(f"{place}.columns", _('count something: won = { count = "close_date" }'))
        for column in table:
            if column.required and column.name not in {*table.key, *columns, *counted, *constants}:
                raise self._wrong(f"{place}.columns.{column.name}", _("it is needed: say where it comes from"))
        complete = bool(given.get("complete", False))
        return TableMap(
            "",
            columns=columns,
            constants=constants,
            values=values,
            count=other.name,
            complete=complete,
            counted=counted,
            largest=largest,
        )

    def _countable(self, name: str, shape: TableMap, tables: Mapping[str, TableMap]) -> None:
        """Refuse to count what the map does not take from the export: it would be nothing, and not told."""
        other = tables.get(shape.count)
        if other is None or other.is_ours:
            return
        known = {*other.columns, *other.constants}
        for key in TABLES[name].key:
            if key != "week_start" and key not in known:
                raise self._wrong(
                    f"{shape.count}.columns.{key}",
                    _("{table} are counted by it: say where it comes from").format(table=name),
                )
        for column, one in shape.counted.items():
            used = [
                *one.columns,
                *(when.column for when in one.when),
                *filter(None, (one.week, *(one.within or ())[:1])),
            ]
            for needed in used:
                if needed not in known:
                    message = _("{table}.columns.{column} counts it: say where it comes from")
                    raise self._wrong(f"{shape.count}.columns.{needed}", message.format(table=name, column=column))

    def _counted(self, table: Table, name: str, given: Mapping[str, Any], other: Table) -> Counted:
        """Read a column such as `{ sum = "amount", when = { outcome = "WON" } }`."""
        place = f"{table.name}.columns.{name}"
        self._known(given, (*COUNTS, "when", "within", "week"), place)
        ways = [how for how in COUNTS if how in given]
        if len(ways) > 1:
            raise self._wrong(place, _("take one of {ways}").format(ways=", ".join(ways)))
        [how] = ways
        columns = tuple(self._texts(given[how], f"{place}.{how}"))
        self._known(dict.fromkeys(columns), [column.name for column in other], f"{place}.{how}")
        is_of_days = how in ("first", "last")
        wanted, own = (Kind.DATE,) if is_of_days else NUMERIC if how == "sum" else tuple(Kind), table[name].kind
        if (
            not columns
            or (len(columns) > 1 and not is_of_days)
            or any(other[one].kind not in wanted for one in columns)
        ):
            what = _("a column of days, or several") if is_of_days else _("one column of numbers")
            raise self._wrong(f"{place}.{how}", what if how in ("first", "last", "sum") else _("one column"))
        if own is not Kind.DATE if is_of_days else own not in NUMERIC:
            raise self._wrong(place, _("a day is no number") if is_of_days else _("this column holds no number"))
        within = self._within(given, place, other)
        week = self._text(given, place, "week")
        if "week_start" not in table.key and week is not None:
            raise self._wrong(f"{place}.week", _("only a table of weeks has weeks"))
        if "week_start" in table.key:
            week = week or columns[0]
            days = [column.name for column in other if column.kind is Kind.DATE]
            if is_of_days or week not in days:
                raise self._wrong(f"{place}.week", _('say which day counts: week = "close_date"'))
        return Counted(how, columns, self._when(other, given, place), within, week)

    def _within(self, given: Mapping[str, Any], place: str, other: Table) -> tuple[str, int] | None:
        if "within" not in given:
            return None
        parts = self._dict(given["within"], f"{place}.within")
        days = [column.name for column in other if column.kind is Kind.DATE]
        self._known(parts, days, f"{place}.within")
        if len(parts) != 1 or not all(type(one) is int and 0 < one <= _MOST_MONTHS for one in parts.values()):
            raise self._wrong(f"{place}.within", _("give a column of days and months: { close_date = 12 }"))
        [(column, months)] = parts.items()
        return column, int(months)

    def _largest(self, table: Table, name: str, given: Mapping[str, Any], counted: Mapping[str, Counted]) -> Largest:
        """Read a column such as `{ largest = "recent_revenue", share = 0.5 }`."""
        place = f"{table.name}.columns.{name}"
        self._known(given, ("largest", "share"), place)
        column, share = self._text(given, place, "largest") or "", given.get("share")
        if table[name].kind is not Kind.FLAG:
            raise self._wrong(place, _("only a column of YES and NO can say which are the largest"))
        if column not in counted or table[column].kind not in NUMERIC:
            raise self._wrong(f"{place}.largest", _("name a column of numbers that is counted in this table"))
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
            raise self._wrong(f"{place}.share", _("give a share of the whole, as 0.5"))
        return Largest(column, float(share))

    def _own(self, table: Table, given: Mapping[str, Any]) -> dict[str, str]:
        place = f"{table.name}.own"
        known = {column.name for column in table}
        for name, heading in given.items():
            if table is not TERRITORIES:
                raise self._wrong(place, _("only territories have columns of your own"))
            if name.strip().casefold() in known:
                raise self._wrong(f"{place}.{name}", _("this is a column of ours: name it under columns"))
            if not isinstance(heading, str) or not heading.strip():
                raise self._wrong(f"{place}.{name}", _("name the column of the export"))
        return {name.strip(): heading.strip() for name, heading in given.items()}

    def _lookup(self, given: object, place: str) -> Lookup:
        parts = self._dict(given, place)
        self._known(parts, ("from", "key", "take", "spelling"), place)
        texts = [self._text(parts, place, key) for key in ("from", "key", "take")]
        source, key, take = (text.strip() for text in texts if text and text.strip()) if all(texts) else ("", "", "")
        if not (source and key and take):
            raise self._wrong(place, _('say where: { from = "products", key = "product", take = "price" }'))
        spelling = self._dict(parts.get("spelling", {}), f"{place}.spelling")
        for text, value in spelling.items():
            if not isinstance(value, str):
                raise self._wrong(f"{place}.spelling.{text}", _("give a text"))
        return Lookup(self._inside(source, f"{place}.from"), key, take, {_plain(a): b for a, b in spelling.items()})

    def _inside(self, source: str, place: str) -> str:
        """Return the name of a file in the export or in a folder of it; nothing outside is read."""
        path = source.replace("\\", "/")
        if path.startswith("/") or ":" in path or ".." in path.split("/"):
            raise self._wrong(place, _("name a file inside of the export"))
        return path

    def _when(self, table: Table, given: Mapping[str, Any], place: str) -> tuple[Condition, ...]:
        when = self._dict(given.get("when", {}), f"{place}.when")
        self._known(when, [column.name for column in table], f"{place}.when")
        return tuple(Condition(key, self._patterns(texts, f"{place}.when.{key}")) for key, texts in when.items())

    def _settings(self, table: Table, columns: Mapping[str, ColumnMap], given: object) -> tuple[Setting, ...]:
        place = f"{table.name}.set"
        if not isinstance(given, list):
            raise self._wrong(place, _('give a list: [{ when = { outcome = "WON" }, stage = "CLOSED" }]'))
        settings = []
        for one in given:
            parts = self._dict(one, place)
            self._known(parts, ("when", *columns), place)
            cells = {name: value for name, value in parts.items() if name != "when"}
            settings.append(Setting(self._when(table, parts, place), cells))
        return tuple(settings)

    def _constants(self, table: Table, given: Mapping[str, Any]) -> dict[str, object]:
        place = f"{table.name}.constants"
        self._known(given, [column.name for column in table], place)
        for name, value in given.items():
            if isinstance(value, dict | list):
                raise self._wrong(f"{place}.{name}", _("give one text, number or date"))
        return {name: "YES" if value is True else "NO" if value is False else value for name, value in given.items()}

    def _values(self, table: Table, given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        place = f"{table.name}.values"
        self._known(given, [column.name for column in table], place)
        values: dict[str, dict[str, str]] = {}
        for name, pairs in given.items():
            texts = self._dict(pairs, f"{place}.{name}")
            for text, value in texts.items():
                if not isinstance(value, str | int | float):
                    raise self._wrong(f"{place}.{name}.{text}", _("give the value as text"))
            values[name] = {_plain(text): str(value) for text, value in texts.items()}
        return values

    def _add_stages(
        self, table: Table, stages: Mapping[str, Any], columns: dict[str, ColumnMap], values: dict[str, dict[str, str]]
    ) -> None:
        """Take each stage of the export for a stage and an outcome: `"Closed Won" = ["CLOSED", "WON"]`."""
        place = f"{table.name}.stages"
        if "stage" not in {column.name for column in table}:
            raise self._wrong(place, _("only deals have stages"))
        if "stage" not in columns:
            raise self._wrong(place, _("say in {table}.columns which column the stage is in").format(table=table.name))
        columns.setdefault("outcome", columns["stage"])
        for text, pair in stages.items():
            stage, outcome, *more = [*self._texts(pair, f"{place}.{text}"), "", ""]
            if not stage or not outcome or any(more):
                raise self._wrong(f'{place}."{text}"', _('give a stage and an outcome: ["CLOSED", "WON"]'))
            for name, value in (("stage", stage), ("outcome", outcome)):
                if value not in table[name].choices:
                    message = _("“{text}” is none of {choices}")
                    choices = ", ".join(table[name].choices)
                    raise self._wrong(f'{place}."{text}"', message.format(text=value, choices=choices))
                values.setdefault(name, {}).setdefault(_plain(text), value)

    def _negative(self, table: Table, given: Mapping[str, Any]) -> dict[str, Condition]:
        place = f"{table.name}.negative"
        self._known(given, [column.name for column in table], place)
        return {name: self._condition(rule, f"{place}.{name}") for name, rule in given.items()}

    def _left_out(self, given: object, place: str) -> tuple[Condition, ...]:
        if not isinstance(given, list):
            raise self._wrong(place, _('give a list: [{ column = "Stage", is = "Duplicate" }]'))
        return tuple(self._condition(rule, place) for rule in given)

    def _condition(self, rule: object, place: str) -> Condition:
        parts = self._dict(rule, place)
        self._known(parts, ("column", "is"), place)
        column = self._text(parts, place, "column")
        if not column or "is" not in parts:
            raise self._wrong(place, _('give a column and a text: { column = "Type", is = "Credit*" }'))
        return Condition(column.strip(), self._patterns(parts["is"], f"{place}.is"))

    def _patterns(self, given: object, place: str) -> tuple[str, ...]:
        return tuple(text.strip().casefold() for text in self._texts(given, place))

    def _texts(self, given: object, place: str) -> list[str]:
        given = given if isinstance(given, list) else [given]
        texts = [text for text in given if isinstance(text, str)]
        if len(texts) < len(given):
            raise self._wrong(place, _("give a text, or a list of texts"))
        return texts

    def _text(self, given: Mapping[str, Any], place: str, key: str) -> str | None:
        value = given.get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(f"{place}.{key}", _("give a text"))
        return value

    def _dict(self, given: object, place: str) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise self._wrong(place, _("this is a section, with keys of its own"))
        return given

    def _known(self, given: Mapping[str, Any], known: Iterable[str], place: str) -> None:
        names = list(known)
        for key in given:
            if key not in names:
                near = near_match(key, names)
                hint = _("did you mean {near}?").format(near=near) if near else ", ".join(names)
                where = f"{place}.{key}" if place else key
                raise self._wrong(where, _("there is no such key: {hint}").format(hint=hint))

    def _wrong(self, place: str, reason: str) -> InputError:
        where = f"{self._name}, {shown(place)}" if place else self._name
        return InputError(f"{where}: {reason}{'' if reason.endswith(('.', '?')) else '.'}")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return one section over another, key by key."""
    merged = dict(below)
    for key, value in above.items():
        before = merged.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        merged[key] = _merged(before, value) if both else value  # type: ignore[arg-type]
    return merged
