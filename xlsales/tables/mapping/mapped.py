"""A table of a foreign export, turned into one of ours row by row."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from copy import copy
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from xlsales.findings import Finding, Severity, shown
from xlsales.schema import WORDED, Kind, Table
from xlsales.tables.cells import FLAGS
from xlsales.tables.mapping.shape import Condition, How, TableMap, plain
from xlsales.tables.mapping.written import is_nothing, number_of, reader, unquoted
from xlsales.tables.raw import is_blank, near_match
from xlsales.tables.record import Record
from xlsales.texts import _, _n

_MOST_UNKNOWN = 200  # different values of a table that are told one by one
ANY = "*"
Found: TypeAlias = tuple[Mapping[str, object], Set[str]]  # what a lookup says by key, and the keys that are unclear
Wants: TypeAlias = Callable[[object], bool]  # takes the cell that names a territory


def anybody(_territory: object) -> bool:
    """Say that somebody wants to hear of every territory."""
    return True


class Mapped:
    """One table's map, at work on the rows of its source."""

    def __init__(
        self,
        table: Table,
        shape: TableMap,
        how: How,
        wants: Wants = anybody,
        entries: Mapping[str, Found] = MappingProxyType({}),
    ) -> None:
        """Take what says whether anybody wants to hear of a territory's rows, and what columns look up."""
        self._entries = dict(entries)
        self.table = table
        self._wants = wants
        self._noted: list[tuple[str, str]] = []  # of the row at hand
        self.how = how
        self.findings: list[Finding] = []
        self._shape = shape
        self._head = shape.header
        self._file = ""
        self._own: dict[str, int] = {}  # columns of the company's own, with their places
        self._found: dict[str, int] = {}  # columns, with their places in the source
        self._places: Mapping[str, int] = {}  # of headings, in small letters
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._most_unknown = _MOST_UNKNOWN
        self.left_out = 0  # rows, as the map says
        self.goes_on = False  # whether other processes read rows too
        self._has_told = False

    @property
    def header_row(self) -> int:
        """The row that the headings stand in."""
        return self._shape.header

    @property
    def headings(self) -> set[str]:
        """The headings that the map needs, in small letters: by them a delimiter is known."""
        rules = (*self._shape.leave_out, *self._shape.negative.values())
        named = [*(one.source for one in self._shape.columns.values()), *(rule.column for rule in rules)]
        named += self._shape.own.values()
        named += [one.times for one in self._shape.columns.values() if isinstance(one.times, str)]
        return {heading.casefold() for heading in named}

    @property
    def keys(self) -> set[str]:
        """The headings of identifiers, in small letters: a workbook's 7 that shows 007 is 007."""
        columns = self._shape.columns.items()
        return {one.source.casefold() for name, one in columns if self.table[name].kind is Kind.KEY or one.lookup}

    def apply(
        self, file: str, header: Sequence[object], records: Iterator[Record]
    ) -> tuple[list[str], Iterator[Record]]:
        """Return the table's own header and records; findings come when the records have been read."""
        self._file = file
        headings = ["" if is_blank(cell) else str(cell).strip() for cell in header]
        places = {heading.casefold(): place for place, heading in reversed(list(enumerate(headings)))}
        present = {name: one for name, one in self._shape.columns.items() if one.source.casefold() in places}
        self._tell_missing(headings, places, present)
        self._tell_doubled(headings)
        found = {name: places[one.source.casefold()] for name, one in present.items()}
        own = {name: places.get(heading.casefold()) for name, heading in self._shape.own.items()}
        self._own = {name: place for name, place in own.items() if place is not None}
        self._found, self._places = found, places
        return [*found, *self._own, *self._shape.constants], self._rows(records)

    def begun_anew(self) -> Mapped:
        """Return the same for other rows, of which nothing is known yet and everything told: see `join`."""
        other = copy(self)
        other.findings, other._noted, other.unknown, other.left_out = [], [], Counter(), 0
        other._most_unknown = sys.maxsize
        return other

    def join(self, left_out: int, unknown: Mapping[tuple[str, str], int]) -> None:
        """Count in what was found in the rows that come next."""
        self.left_out += left_out
        for one, count in unknown.items():
            if len(self.unknown) < self._most_unknown or one in self.unknown:
                self.unknown[one] += count

    def _rows(self, records: Iterator[Record]) -> Iterator[Record]:
        yield from self.turned(records)
        if not self.goes_on:
            self.tell_values()

    def turned(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the table's rows of the source's; what is to be told of them stays untold."""
        found, places = self._found, self._places
        names = [*found, *self._own, *self._shape.constants]
        readers = {name: reader(self.table[name], self.how) for name in found}
        constants = list(self._shape.constants.values())
        rules = [rule for rule in self._shape.leave_out if self._knows(rule, places)]
        left_out = [(places[rule.column.casefold()], rule) for rule in rules]
        for record in records:
            if any(place < len(record.cells) and rule.holds(_text(record.cells[place])) for place, rule in left_out):
                self.left_out += 1
                continue
            if all(is_blank(cell) for cell in record.cells):
                if record.problem is not None:
                    yield Record(record.row, [""] * len(names), record.problem)
                continue
            cells = {name: self._cell(name, record.cells[place], readers[name]) for name, place in found.items()}
            self._multiply(cells, record.cells, places)
            self._count_unknown(cells)
            self._turn_negative(cells, record.cells, places)
            self._set(cells)
            self._clear(cells)
            own = [unquoted(record.cells[place]) for place in self._own.values()]
            yield record._replace(cells=[*cells.values(), *own, *constants], beside=())

    def _cell(self, name: str, cell: object, read: Callable[[object], object]) -> object:
        if is_nothing(cell, self.how):
            cell = None
        if name in self._entries:
            cell = self._looked_up(name, cell)
        values = self._shape.values.get(name)
        if values is not None:
            text = " ".join(_text(cell).split())
            value = values.get(text.casefold(), values.get(ANY) if text else None)
            if value is not None:
                return value
        if is_blank(cell):
            return None
        column = self.table[name]
        if column.kind in WORDED and isinstance(cell, str):
            self._note_unknown(name, cell)
        return read(cell)

    def _looked_up(self, name: str, cell: object) -> object:
        """Return what the other file says about a cell; one that it does not know stays blank, and is told."""
        lookup = self._shape.columns[name].lookup
        if is_blank(cell) or lookup is None:
            return None
        text = plain(unquoted(cell))
        known, _unclear = self._entries[name]
        value = known.get(plain(lookup.spelling.get(text, text)))
        if value is None:
            self._noted.append((name, " ".join(_text(unquoted(cell)).split())))
        return value

    def _multiply(self, cells: dict[str, object], source: Sequence[object], places: Mapping[str, int]) -> None:
        for name in cells:
            times = self._shape.columns[name].times
            if times is None or is_blank(cells[name]):
                continue
            factor = times if isinstance(times, Decimal) else None
            if isinstance(times, str) and (at := places.get(times.casefold())) is not None:
                factor = number_of(source[at], self.how)
            value = number_of(cells[name], self.how)
            if factor is not None and value is not None:
                cells[name] = str(value * factor)
            elif value is not None:
                cells[name] = None

    def _note_unknown(self, name: str, cell: str) -> None:
        choices = self.table[name].choices
        text = " ".join(cell.split())
        known = {choice.casefold() for choice in choices}
        if self.table[name].kind is Kind.FLAG:
            known |= FLAGS.keys()
        if text.casefold() not in known:
            self._noted.append((name, text))

    def _count_unknown(self, cells: Mapping[str, object]) -> None:
        """Count in the unknown values of a row, unless its territory is one that nobody asked for."""
        if self._noted and self._wants(cells.get("territory_id", self._shape.constants.get("territory_id"))):
            for one in self._noted:
                if len(self.unknown) < self._most_unknown or one in self.unknown:
                    self.unknown[one] += 1
        self._noted.clear()

    def _turn_negative(self, cells: dict[str, object], source: Sequence[object], places: Mapping[str, int]) -> None:
        for name, rule in self._shape.negative.items():
            if name in cells and self._knows(rule, places):
                value = cells[name]
                if not is_blank(value) and rule.holds(_text(source[places[rule.column.casefold()]])):
                    text = str(value)
                    cells[name] = text if text.startswith("-") else f"-{text}"

    def _set(self, cells: dict[str, object]) -> None:
        for setting in self._shape.settings:
            if all(condition.holds(_text(cells.get(condition.column))) for condition in setting.when):
                cells.update({name: value for name, value in setting.cells.items() if name in cells})

    def _clear(self, cells: dict[str, object]) -> None:
        """Blank the cells whose condition does not hold; conditions are about the row as it is otherwise."""
        whole = dict(cells) | dict(self._shape.constants)
        for name in cells:
            for condition in self._shape.columns[name].when:
                if not condition.holds(_text(whole.get(condition.column))):
                    cells[name] = None

    def _knows(self, rule: Condition, places: Mapping[str, int]) -> bool:
        return rule.column.casefold() in places

    def _tell_missing(self, headings: Sequence[str], places: Mapping[str, int], present: Mapping[str, object]) -> None:
        for name, one in self._shape.columns.items():
            if name in present:
                continue
            near = near_match(one.source, [heading for heading in headings if heading])
            hint = _("did you mean “{near}”?").format(near=shown(near)) if near else _("correct the map.")
            message = _("The map takes {column} from “{heading}”, which is not here: {hint}")
            text = message.format(column=name, heading=shown(one.source), hint=hint)
            severity: Severity = "error" if self.table[name].required else "warning"
            self.findings.append(
                Finding(severity, "MAP_COLUMN_MISSING", text, self._file, self.table.name, self._head, one.source)
            )
        for name, heading in self._shape.own.items():
            if heading.casefold() not in places:
                message = _("The map takes {column} from “{heading}”, which is not here: correct the map.")
                text = message.format(column=shown(name), heading=shown(heading))
                found = Finding("warning", "MAP_COLUMN_MISSING", text, self._file, self.table.name, self._head, heading)
                self.findings.append(found)
        for rule in (*self._shape.leave_out, *self._shape.negative.values()):
            if not self._knows(rule, places):
                message = _("A rule of the map is about “{heading}”, which is not here: correct the map.")
                text = message.format(heading=shown(rule.column))
                self.findings.append(
                    Finding(
                        "warning",
                        "MAP_COLUMN_MISSING",
                        text,
                        self._file,
                        self.table.name,
                        self._shape.header,
                        rule.column,
                    )
                )

    def _tell_doubled(self, headings: Sequence[str]) -> None:
        count = Counter(heading.casefold() for heading in headings)
        for heading in sorted(self.headings):
            if count[heading] > 1:
                message = _("“{heading}” is there {count} times, and the map takes the first: keep one of them.")
                text = message.format(heading=shown(heading), count=count[heading])
                self.findings.append(
                    Finding("warning", "COLUMN_DUPLICATE", text, self._file, self.table.name, self._head, heading)
                )

    def tell_values(self) -> None:
        """Tell, once, of values that the map does not know, and of rows that it leaves out."""
        if self._has_told:
            return
        self._has_told = True
        for (name, text), count in self.unknown.most_common():
            if name in self._entries:
                self._tell_lookup(name, text, count)
                continue
            message = _n(
                "“{value}” ({count} row) is not in the map: add a line {line} under [{table}.values.{column}]; "
                "the choices are {choices}.",
                "“{value}” ({count} rows) is not in the map: add a line {line} under [{table}.values.{column}]; "
                "the choices are {choices}.",
                count,
            )
            choices = self.table[name].choices
            told = message.format(
                value=shown(text),
                count=count,
                line=f'"{shown(text)}" = "…"',
                table=self.table.name,
                column=name,
                choices=", ".join(choices),
            )
            self.findings.append(
                Finding("warning", "MAP_VALUE_UNKNOWN", told, self._file, self.table.name, None, name, shown(text))
            )
        if self.left_out:
            count = self.left_out
            message = _n(
                "{count} row was left out, as the map says.", "{count} rows were left out, as the map says.", count
            )
            told = message.format(count=count)
            self.findings.append(Finding("info", "MAP_LEFT_OUT", told, self._file, self.table.name))

    def _tell_lookup(self, name: str, text: str, count: int) -> None:
        lookup = self._shape.columns[name].lookup
        assert lookup is not None
        if plain(lookup.spelling.get(plain(text), text)) in self._entries[name][1]:
            message = _n(
                "“{value}” ({count} row) stands in {file} for several {take}: {column} is blank there.",
                "“{value}” ({count} rows) stands in {file} for several {take}: {column} is blank there.",
                count,
            )
        else:
            message = _n(
                "“{value}” ({count} row) is not in {file}, column {key}: {column} is blank there. Correct one of the "
                "two, or add {line} to the lookup's spelling.",
                "“{value}” ({count} rows) is not in {file}, column {key}: {column} is blank there. Correct one of the "
                "two, or add {line} to the lookup's spelling.",
                count,
            )
        told = message.format(
            value=shown(text),
            count=count,
            file=lookup.source,
            key=lookup.key,
            take=lookup.take,
            column=name,
            line=f'"{shown(text)}" = "…"',
        )
        self.findings.append(
            Finding("warning", "MAP_LOOKUP", told, self._file, self.table.name, None, name, shown(text))
        )


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
