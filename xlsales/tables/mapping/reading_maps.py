"""Reads a map: a TOML file, on top of one of the presets if it names one. Every key is checked."""

from __future__ import annotations

import codecs
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.findings import shown
from xlsales.schema import BESIDE, NUMERIC, TABLES, TERRITORIES, Table
from xlsales.tables.mapping.shape import DATE_ORDERS, EPOCHS, ColumnMap, Condition, How, Lookup, Map, Setting, TableMap
from xlsales.tables.raw import near_match
from xlsales.texts import _

_FOLDER = Path(__file__).with_name("presets")
PRESETS = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
_READ = "read"
_HOW = ("encoding", "delimiter", "decimal", "thousands", "currency", "parentheses", "dates", "times", "blank")
_TABLE = ("from", "sheet", "columns", "constants", "values", "stages", "negative", "leave_out", "set", "own")
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
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error, path)) from error
    return _Reader(path.name).map_of(content)


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
            times = self._text(parts, f"{place}.{name}", "times")
            if times is not None and table[name].kind not in NUMERIC:
                raise self._wrong(f"{place}.{name}.times", _("only a number can be multiplied"))
            when = self._when(table, parts, f"{place}.{name}")
            lookup = self._lookup(parts["lookup"], f"{place}.{name}.lookup") if "lookup" in parts else None
            columns[name] = ColumnMap(heading.strip(), when, lookup, times and times.strip())
        return columns

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
