"""A planner against its template: its formulas by meaning, its values by its inputs, the cells that are no inputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from xlsales.cells.formula_texts import meaning
from xlsales.cells.stored import number as stored_number
from xlsales.cells.values import Address, CellValue
from xlsales.collection.finding import PlannerFinding
from xlsales.collection.own_cells import own_cells
from xlsales.collection.places import Places
from xlsales.collection.reference import HEADLINE, Reference
from xlsales.findings import shown
from xlsales.functions.errors import CellError
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.returned import Returned
from xlsales.workbook.sheet_cells import Cell

TOLERANCE = 1e-9  # relative, as two programs may calculate in another order
ABSOLUTE = 1e-9
_MOST = 50  # findings of a kind in one planner; what follows is counted in the last
_FOREIGN = 0.5  # share of formulas that differ, from which on the template is another one


class Difference(NamedTuple):
    """A cell that shows something else than its formula gives."""

    place: Address
    value: CellValue
    given: Given


class Told(NamedTuple):
    """What differs in the values of formulas: headline figures one by one, other cells by their sheets."""

    headlines: list[Difference]
    others: Mapping[str, list[Difference]]
    not_calculated: int = 0


class Finding(Protocol):
    """Makes a finding about a planner."""

    def __call__(
        self, code: str, sheet: str = "", cell: str = "", expected: str = "", got: str = "", count: int = 1
    ) -> PlannerFinding:
        """Make one."""


@dataclass
class Compared:
    """What a comparison has found."""

    findings: list[PlannerFinding] = field(default_factory=list)
    is_foreign: bool = False  # most formulas are not those of the template


def compare(
    planner: Returned, reference: Reference, values: Sequence[CellValue], file: str, territory_id: str
) -> Compared:
    """Compare a planner with its template; `values` are what the template's formulas give for its inputs."""
    return _Comparison(planner, reference, values, file, territory_id).compared()


def differing(planner: Returned, reference: Reference) -> Mapping[Address, bool]:
    """Return the cells whose formulas are not the template's, and whether they have formulas."""
    comparison = _Comparison(planner, reference, (), "", "")
    return {(one.sheet, one.cell): one.code == "FORMULA_CHANGED" for one in comparison.formulas()}


def headlines(reference: Reference) -> Mapping[Address, str]:
    """Return the names of the headline figures by their cells."""
    return {place: name for name, place in reference.figures.items() if name.startswith(HEADLINE)}


class _Comparison:
    def __init__(
        self, planner: Returned, reference: Reference, values: Sequence[CellValue], file: str, territory_id: str
    ) -> None:
        self._planner = planner
        self._reference = reference
        self._values = values
        self._file, self._territory_id = file, territory_id
        self._places = Places(reference.planner, planner)
        self._found = Compared()
        self._headlines = headlines(reference)

    def compared(self) -> Compared:
        found = self._found
        overwritten = list(self.formulas())
        if are_foreign(len(overwritten), self._reference):
            found.is_foreign = True
            found.findings.append(self._finding("OTHER_TEMPLATE"))
            return found
        found.findings += bounded(overwritten)
        found.findings += self._compared_values({(one.sheet, one.cell) for one in overwritten})
        found.findings += bounded(self._constants())
        found.findings += [self._finding("SHEET_MISSING", sheet) for sheet in self._places.lost_sheets]
        found.findings += [self._finding("OWN_SHEET", sheet) for sheet in self._places.own_sheets]
        for own in own_cells(self._planner, self._reference.known_cells, self._places):
            told = _told(own.first)
            found.findings.append(self._finding("OWN_CELLS", *own.first.address, got=told, count=own.count))
        return found

    def _finding(
        self, code: str, sheet: str = "", cell: str = "", expected: str = "", got: str = "", count: int = 1
    ) -> PlannerFinding:
        return PlannerFinding(code, self._file, self._territory_id, sheet, cell, expected, got, count)

    def formulas(self) -> Iterator[PlannerFinding]:
        """Yield the formulas that are not those of the template."""
        cells, signatures = self._planner.cells, self._reference.signatures
        for sheet, formulas in self._reference.formulas_by_sheet.items():
            signature = cells.signature(sheet) if self._places.is_identity else None
            if signature is not None and signature in signatures[sheet]:
                continue
            found = list(self._formulas_of(formulas))
            if signature is not None and not found:
                signatures[sheet].append(signature)
            yield from found

    def _formulas_of(self, formulas: Mapping[Address, str]) -> Iterator[PlannerFinding]:
        cells = self._planner.cells
        for address, text in formulas.items():
            place = self._places.of(address)
            if place is None:
                continue
            formula = cells.formulas(place[0]).get(place[1])
            expected = self._places.formula(text, address[0])
            if formula is None:
                yield of_overwritten(place, expected, self._planner.cells.at(place), self._finding)
            elif formula.text != expected and meaning(formula.text) != meaning(expected):
                yield of_other_formula(place, expected, formula.text, self._finding)

    def _compared_values(self, overwritten: set[Address]) -> Iterator[PlannerFinding]:
        """Yield headline figures that differ one by one, other cells sheet by sheet."""
        first: list[Difference] = []
        others: defaultdict[str, list[Difference]] = defaultdict(list)
        not_calculated = 0
        cells = self._planner.cells
        soft = self._reference.soft if self._places.is_identity else self._reference.soft | self._reference.tell_places
        for address, value in self._doubtful():
            place = self._places.of(address)
            if place is None or place in overwritten or value is None:
                continue
            kind, held = cells.held(place)
            if kind is Kind.NOT_CALCULATED:
                not_calculated += 1
            elif address not in soft and not alike(kind, held, value):
                different = Difference(place, value, cells.at(place))
                (first if address in self._headlines else others[place[0]]).append(different)
        return of_values(Told(first, others, not_calculated), self._finding)

    def _doubtful(self) -> Iterator[tuple[Address, CellValue]]:
        """Yield the formulas, with what they give, but for those whose stored value is the same at a glance."""
        compared = zip(self._reference.addresses, self._values, strict=True)
        if not self._places.keeps_places:
            yield from compared
            return
        stored = {sheet: self._planner.cells.stored(sheet) for sheet in self._planner.cells.sheets}
        for address, value in compared:
            cell = stored[address[0]].get(address[1])
            if cell is None:
                yield address, value
            elif cell.shown == value:  # a text
                if cell.kind != "str" or "_x" in str(value):
                    yield address, value
            elif not _is_number(cell, value):
                yield address, value

    def _constants(self) -> Iterator[PlannerFinding]:
        """Yield the cells that hold something else than in the template, and are no inputs."""
        stored = {sheet: self._planner.cells.stored(sheet) for sheet in self._planner.cells.sheets}
        own = self._planner.cells.texts
        for address, given in self._reference.constants.items():
            if self._places.keeps_places and _is_constant(stored[address[0]].get(address[1]), given, own):
                continue
            place = self._places.of(address)
            if place is None:
                continue
            now = self._planner.cells.at(place)
            if same(given, now):
                continue
            below = None if self._places.is_identity else self._places.as_below(address)
            if below is None or not same(given, self._planner.cells.at(below)):
                yield of_constant(place, given, now, self._finding)


def of_values(told: Told, finding: Finding) -> Iterator[PlannerFinding]:
    """Yield what is to be said of the values that differ."""
    for place, value, given in told.headlines:
        yield finding("VALUE_DIFFERENT", *place, _shown(value), _value(given))
    for sheet, different in told.others.items():
        (_sheet, cell), value, given = different[0]
        yield finding("VALUES_DIFFERENT", sheet, cell, _shown(value), _value(given), len(different))
    if told.not_calculated:
        yield finding("NOT_CALCULATED", count=told.not_calculated)


def are_foreign(other_formulas: int, reference: Reference) -> bool:
    """Whether a planner with so many other formulas is of another template."""
    return other_formulas > _FOREIGN * len(reference.addresses)


def of_overwritten(place: Address, expected: str, now: Given, finding: Finding) -> PlannerFinding:
    """Return what is to be said of a cell whose formula is gone."""
    return finding("FORMULA_OVERWRITTEN", *place, f"={expected}", _told(now))


def of_other_formula(place: Address, expected: str, formula: str, finding: Finding) -> PlannerFinding:
    """Return what is to be said of a cell with another formula."""
    return finding("FORMULA_CHANGED", *place, f"={expected}", f"={formula}")


def of_constant(place: Address, before: Given, now: Given, finding: Finding) -> PlannerFinding:
    """Return what is to be said of a cell that is no input and was changed."""
    return finding("CELL_CHANGED", *place, _told(before), _told(now))


def _is_number(cell: Cell, value: CellValue) -> bool:
    """Whether a formula's cell holds a number, as it is seen at a glance."""
    shown = cell.shown
    if type(value) is not float or not shown or cell.kind not in ("", "n") or "_" in shown or not shown.isascii():
        return False
    try:
        number = float(shown)
    except ValueError:
        return False
    return number == value or _close(number, value)


def _is_constant(cell: Cell | None, given: Given, texts: Sequence[str]) -> bool:
    """Whether a cell holds a shared text, as it is seen at a glance."""
    if cell is None or cell.kind != "s" or cell.formula or not cell.shown or not cell.shown.isdecimal():
        return False
    if given.kind is not Kind.TEXT:
        return False
    place = int(cell.shown)
    return place < len(texts) and texts[place] == given.value


def bounded(findings: Iterable[PlannerFinding]) -> list[PlannerFinding]:
    """Return findings, of very many the first, and how many more there are."""
    findings = list(findings)
    if len(findings) <= _MOST:
        return findings
    last = findings[_MOST - 1]
    rest = PlannerFinding(
        last.code,
        last.file,
        last.territory_id,
        last.sheet,
        last.cell,
        last.expected,
        last.got,
        len(findings) - _MOST + 1,
    )
    return [*findings[: _MOST - 1], rest]


def alike(kind: Kind, held: float | str | bool | None, value: CellValue) -> bool:
    """Whether a stored value is what a formula gives."""
    match value:
        case bool():
            return kind is Kind.BOOLEAN and held == value
        case CellError():
            return kind is Kind.ERROR and held == value.code
        case str():
            return kind in (Kind.TEXT, Kind.EMPTY_TEXT) and (held == value or _lines(str(held)) == _lines(value))
        case None:
            return True
    return kind is Kind.NUMBER and (held == value or _close(float(held or 0), value))


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= ABSOLUTE + TOLERANCE * abs(other)


def same(before: Given, now: Given) -> bool:
    """Whether a cell that is no input holds what it held."""
    if now.formula:
        return False
    if before.kind is Kind.NUMBER and now.kind is Kind.NUMBER:
        return _close(float(now.value or 0), float(before.value or 0))
    if before.kind is Kind.EMPTY_TEXT and now.is_blank:
        return True
    return before.kind is now.kind and _lines(str(before.value)) == _lines(str(now.value))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(value: CellValue) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, float | int):
        return stored_number(value)
    return '""' if value == "" else shown(value)


def _told(given: Given) -> str:
    """Return what stands in a cell, as a person reads it."""
    return f"={given.formula}" if given.formula else _value(given)


def _value(given: Given) -> str:
    match given.kind:
        case Kind.BLANK | Kind.NOT_CALCULATED:
            return ""
        case Kind.EMPTY_TEXT:
            return '""'
    return _shown(given.value) if given.kind is not Kind.ERROR else str(given.value)


def headline(reference: Reference, values: Sequence[CellValue]) -> Mapping[str, CellValue]:
    """Return the headline figures by name."""
    return {name: values[reference.place_of[place]] for name, place in reference.figures.items()}
