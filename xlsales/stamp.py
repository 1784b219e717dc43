"""Stamps filled copies of a template: only what differs is written, all else is copied as it is, still compressed.

A template is prepared once: each worksheet part is cut at the cells that can differ, inputs and formulas, and
each copy joins the pieces again, with its own cells between them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import is_not

from xlsales.excel import archive, properties, shared_strings, sheet_part
from xlsales.excel import parts as parts_of
from xlsales.excel.parts import NewPart
from xlsales.excel.properties import CUSTOM_PROPERTIES
from xlsales.excel.shared_strings import SHARED_STRINGS
from xlsales.excel.stored import number, stored
from xlsales.excel.stored import text as stored_text
from xlsales.excel.values import Address, CellValue, InputValue, serial
from xlsales.template import Template


@dataclass(frozen=True, slots=True)
class FormulaSlot:
    """A formula's cell, cut where its value goes; the bytes up to the next slot belong to it."""

    place: int  # among the sheet's pieces
    head: str
    middle: str
    tail: str
    number: str  # all that stands before a number
    text: str  # all that stands before a text
    blank: str  # all of it, with the text ""
    empty: str  # all of it, without a value

    def holding(self, value: CellValue) -> str:
        """Return the cell with this value."""
        if type(value) is float:
            return f"{self.number}{number(value)}{self.tail}"
        if isinstance(value, str):
            return f"{self.text}{stored_text(value)}{self.tail}" if value else self.blank
        found = stored(value)
        if found is None:
            return self.empty
        return f'{self.head} t="{found.kind or "n"}"{self.middle}{found.text}{self.tail}'


@dataclass(frozen=True, slots=True)
class InputSlot:
    """An input's cell, which holds no formula in a filled copy; the bytes up to the next slot belong to it."""

    place: int
    number: str  # all that stands before a number
    text: str  # all that stands before a text's index
    truth: str  # all that stands before a truth value
    tail: str

    def holding(self, value: InputValue, text_index: Callable[[str], int]) -> str:
        """Return the cell with this value; a text is only ever a text."""
        if type(value) is float:
            return f"{self.number}{number(value)}{self.tail}"
        if isinstance(value, str):
            return f"{self.text}{text_index(value)}{self.tail}"
        if isinstance(value, bool):
            return f"{self.truth}{int(value)}{self.tail}"
        if isinstance(value, dt.date):
            return f"{self.number}{serial(value)}{self.tail}"
        if value is None:
            raise TypeError("an input that is not given has no cell to write")
        return f"{self.number}{number(float(value))}{self.tail}"


class Sheet:
    """A worksheet part cut at its slots."""

    def __init__(self, name: str, part_name: str, part: sheet_part.SheetPart, slots: Slots) -> None:
        self.name = name
        self.part = part_name
        self.formulas = slots.run  # the sheet's formulas among the workbook's
        self.inputs: dict[str, InputSlot] = {}
        found: dict[str, FormulaSlot] = {}
        cells = [cell for cell in part.cells.values() if cell.reference in slots.inputs or cell.reference in slots.base]
        ends = [cell.start for cell in cells[1:]] + [len(part.content)]
        self._pieces = [part.content[: cells[0].start].decode()]
        for place, (cell, end) in enumerate(zip(cells, ends, strict=True), start=1):
            between = part.content[cell.end : end].decode()
            self._pieces.append(part.content[cell.start : cell.end].decode() + between)
            if cell.reference in slots.inputs:
                self.inputs[cell.reference] = _input_slot(cell, place, part.prefix, between)
            if cell.formula:
                found[cell.reference] = _formula_slot(cell, place, part.prefix, between)
        self._slots = [found[reference] for reference in slots.base]
        self._base = list(slots.base.values())
        for slot, value in zip(self._slots, self._base, strict=True):
            self._pieces[slot.place] = slot.holding(value)

    @property
    def base(self) -> bytes:
        """The part of a copy without inputs."""
        return "".join(self._pieces).encode()

    def filled(self, entered: Sequence[tuple[int, str]], values: Sequence[CellValue]) -> bytes | None:
        """Return the part of a copy, given its input cells by place; None where it is as in a copy without inputs."""
        base, slots = self._base, self._slots
        changed = [
            index
            for index in compress(range(len(base)), map(is_not, values, base))
            if values[index] != base[index] or type(values[index]) is not type(base[index])
        ]
        if not entered and not changed:
            return None
        pieces = self._pieces.copy()
        for index in changed:
            slot = slots[index]
            pieces[slot.place] = slot.holding(values[index])
        for place, cell in entered:
            pieces[place] = cell
        return "".join(pieces).encode()


@dataclass(frozen=True)
class Slots:
    """What of a sheet can differ: its inputs, and its formulas with the values that they have without inputs."""

    inputs: set[str]
    base: dict[str, CellValue]
    run: slice


def _formula_slot(cell: sheet_part.Cell, place: int, prefix: bytes, between: str) -> FormulaSlot:
    p, head = prefix.decode(), cell.head.decode()
    middle = f">{cell.formula.decode()}<{p}v>"
    return FormulaSlot(
        place,
        head,
        middle,
        f"</{p}v>{cell.after.decode()}</{p}c>{between}",
        head + middle,
        f'{head} t="str"{middle}',
        cell.with_value(stored(""), prefix).decode() + between,
        cell.with_value(None, prefix).decode() + between,
    )


def _input_slot(cell: sheet_part.Cell, place: int, prefix: bytes, between: str) -> InputSlot:
    p, head = prefix.decode(), cell.head.decode()
    value = f"><{p}v>"
    tail = f"</{p}v>{cell.after.decode()}</{p}c>{between}"
    return InputSlot(place, head + value, f'{head} t="s"{value}', f'{head} t="b"{value}', tail)


class Stamp:
    """A template prepared for filled copies."""

    def __init__(self, template: Template, base: Sequence[CellValue]) -> None:
        """Prepare a template; `base` are its formulas' values without inputs, in the order of `template.formulas`."""
        members = archive.read(template.package, template.name)
        original = {member.name.decode(): archive.content(member) for member in members}
        parts = dict(original)
        workbook = parts_of.workbook_part(parts)
        strings = _with_part(parts, workbook, "sharedStrings", SHARED_STRINGS)
        self._custom = _with_part(parts, "", "custom-properties", CUSTOM_PROPERTIES)
        self._workbook, self._strings = workbook, strings
        self._texts = shared_strings.Template(parts[strings])
        self._properties = parts[self._custom]
        self._asking = parts_of.asking_for_full_calculation(parts[workbook])
        self._sheets = _sheets(template, parts, base)
        self._inputs = {
            (sheet.name, reference): (number, slot)
            for number, sheet in enumerate(self._sheets)
            for reference, slot in sheet.inputs.items()
        }
        for sheet in self._sheets:
            parts[sheet.part] = sheet.base
        kept = {member.name.decode(): member for member in members}
        self._members = {
            name: kept[name] if original.get(name) == content else archive.member(name, content)
            for name, content in parts.items()
        }

    def write(
        self, inputs: Mapping[Address, InputValue], values: Sequence[CellValue], provenance: Mapping[str, str]
    ) -> bytes:
        """Return the bytes of a filled copy: inputs, formulas, and the formulas' values.

        A value of None is one that could not be calculated here: the copy asks Excel to calculate.
        """
        added = shared_strings.Added(self._texts.count)
        entered: list[list[tuple[int, str]]] = [[] for _sheet in self._sheets]
        for address, value in inputs.items():
            sheet_number, slot = self._inputs[address]
            entered[sheet_number].append((slot.place, slot.holding(value, added.index)))
        changed = {self._custom: properties.with_texts(self._properties, provenance)}
        for sheet, cells in zip(self._sheets, entered, strict=True):
            content = sheet.filled(cells, values[sheet.formulas])
            if content is not None:
                changed[sheet.part] = content
        if added.texts:
            changed[self._strings] = self._texts.with_added(added.texts)
        if None in values:
            changed[self._workbook] = self._asking
        members = dict(self._members)
        for name, content in changed.items():
            members[name] = archive.member(name, content)
        return archive.write(members.values())


def _sheets(template: Template, parts: Mapping[str, bytes], base: Sequence[CellValue]) -> list[Sheet]:
    inputs: dict[str, set[str]] = {}
    for sheet, reference in template.inputs():
        inputs.setdefault(sheet, set()).add(reference)
    formulas: dict[str, list[str]] = {}
    for sheet, reference in template.formulas:
        formulas.setdefault(sheet, []).append(reference)
    found, first = [], 0
    where = parts_of.sheet_parts(parts)
    for name in formulas | dict.fromkeys(inputs):
        own = formulas.get(name, [])
        run = slice(first, first + len(own))
        first = run.stop
        slots = Slots(inputs.get(name, set()), dict(zip(own, base[run], strict=True)), run)
        part = sheet_part.with_room_for(sheet_part.read(parts[where[name]], name), slots.inputs, name)
        found.append(Sheet(name, where[name], part, slots))
    return found


def _with_part(parts: dict[str, bytes], source: str, kind: str, new: NewPart) -> str:
    """Return the name of the part that a relationship leads to; where there is none yet, it is added."""
    found = parts_of.target_of_kind(parts, source, kind)
    if found is None:
        parts_of.add(parts, new, source, kind)
    return found or new.name
