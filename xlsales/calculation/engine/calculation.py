"""A workbook in the calculation engine, without the formulas that it cannot calculate as Excel would."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import Any

import formualizer
from openpyxl.utils import quote_sheetname

from xlsales.calculation.certainty import IN_DOUBT
from xlsales.calculation.engine.dependents import Dependents, area_of, area_referred, referred, sheet_referred
from xlsales.calculation.engine.exact import Doubts
from xlsales.calculation.engine.exact import register as register_exact
from xlsales.calculation.engine.functions import register
from xlsales.calculation.engine.lookups import Lookups
from xlsales.calculation.engine.opinions import Opinions, opinions
from xlsales.calculation.engine.package import known_as, opened
from xlsales.calculation.engine.ranges import references_in
from xlsales.calculation.engine.readable import Readable, readable
from xlsales.calculation.engine.values import NO_RESULT, OF_EXCEL, cell_value, literal, unlike_excel
from xlsales.calculation.engine.written_numbers import has_signed_zero, is_too_exact
from xlsales.calculation.regions import is_of_a_region
from xlsales.cells.columns import coordinate_to_tuple, get_column_letter
from xlsales.cells.escapes import fits
from xlsales.cells.formulas import Formulas
from xlsales.cells.references import LAST_COLUMN, LAST_ROW, Area, area, row_and_column
from xlsales.cells.values import Address
from xlsales.errors import InputError
from xlsales.functions import CATALOGUE
from xlsales.functions.errors import ERROR_NUMBERS, VALUE, CellError
from xlsales.texts import N_, _
from xlsales.workbook.sheet_part import SheetPart

_UNREADABLE = N_("{name}: the calculation engine cannot read it ({error}). Open it in Excel and save it again.")
_STOPS = N_("{name}: the calculation engine stops at one of the formulas ({error}). Correct or remove it.")
_ROUNDS_AS_SHOWN = N_("{name} calculates with the precision as displayed, which only Excel can. It was left as it is.")
_NOT_IN_ORDER = N_("it looks something up in cells that are not in order, without asking for an exact match")
OTHER_ERROR = N_("its result is an error, and Excel may show another one")
TWO_OPINIONS = N_("two calculation engines do not give the same value for it")
_DOUBTFUL_ERRORS = frozenset(("Na", "Null", "Num", "Ref", "Value"))  # which of them Excel shows depends on the function
_UNSURE = re.compile(
    r"(?<![\w.])(?:_xlfn\.)?(?:_xlws\.)?(?:ANCHORARRAY|CHOOSE|EDATE|EOMONTH|FILTER|HOUR|INDEX|INDIRECT|INT|LARGE|MINUTE"
    r"|OFFSET|QUOTIENT|RANK|SECOND|SEQUENCE|SIGN|SMALL|SORT|TRUNC|UNIQUE)\(",
    re.IGNORECASE,
)
_LOOKUP = re.compile(r"(?:LOOKUP|MATCH|RANK(?:\.EQ)?|SWITCH)\(", re.IGNORECASE)
_SORTING = re.compile(r"(?<![\w])SORT(?:BY)?\(", re.IGNORECASE)  # where errors come in the order is not known
_RANK_OF_CELL = re.compile(r"RANK(?:\.EQ)?\(\$?[A-Z]{1,3}\$?[0-9]+,", re.IGNORECASE)
_RANKING = re.compile(r"(?<![\w.])(?:_xlfn\.)?RANK(?:\.EQ)?\(", re.IGNORECASE)
# An error from these is none of Excel's.
_OF_ITS_OWN = re.compile(r"(?<![\w.])(?:TYPE|(?:_xlfn\.)?UNICHAR)\(", re.IGNORECASE)
_REFUSING = re.compile(r"(?<![\w.])CHOOSE\(", re.IGNORECASE)  # it takes no TRUE for a number
_OURS = re.compile(rf"(?<![\w.])(?:{'|'.join(CATALOGUE)})\(", re.IGNORECASE)  # which take no text for a number
_MOST_CELLS = 100_000  # of a range that is looked through for errors
_ROUNDS = 5  # of formulas that turn out to be none for the engine


class Calculation:
    """A workbook in the engine: `left` are the formulas that it does not calculate, each with the reason."""

    def __init__(
        self,
        package: bytes,
        name: str,
        formulas: Formulas,
        now: dt.datetime | None = None,
        left: Mapping[Address, str] | None = None,
        kept: Collection[Address] = (),
        texts: Readable | None = None,
        exact: bool = True,
        inputs_change: bool = False,
        is_witnessed: bool = False,
        sheets: Mapping[str, SheetPart] | None = None,
    ) -> None:
        """Open a workbook and calculate it, but for formulas that are `left` anyhow, each with the reason.

        `now` is what TODAY() and NOW() say, else what the clock says. The formulas that are `kept` are the values
        that the file has for them. `texts` are the formulas as the engine reads them, where they are known already.
        What is not `exact` is the engine's work alone, for comparison. Where `inputs_change`, what is in doubt now may
        not be with other inputs. What nothing proves is left, or, where it `is_witnessed`, put to a second engine:
        now, and with other inputs in `unconfirmed`.
        `sheets` are the worksheets' parts, where they were read already.
        """
        if formulas.rounds_as_shown:
            raise InputError(_(_ROUNDS_AS_SHOWN).format(name=name))
        self._package = package
        self._sheet_parts = sheets
        self._name = name
        self._formulas = formulas
        self._now = now
        self._inputs_change = inputs_change
        self._texts = texts or readable(formulas, exact=exact)
        with self._refusing(_UNREADABLE):
            self.workbook = opened(package, name, formulas, set(kept), self._texts.changed, sheets)
        register(self.workbook)
        self._doubts = Doubts()
        register_exact(self.workbook, self._doubts)
        if now is not None:
            self.workbook.set_deterministic_clock(now.replace(tzinfo=dt.UTC))
        self.kept = set(kept)
        self._sheets = {name.casefold(): name for name in formulas.sizes}
        self._lookups = Lookups(formulas, self._texts)
        self.left: dict[Address, str] = {}
        self._refused: list[Address] = []  # those whose texts no cell can hold now
        self._is_witnessed = is_witnessed
        reasons = {**self._texts.left, **({} if is_witnessed else self._texts.unproven), **(left or {})}
        self._leave({address: reason for address, reason in reasons.items() if address not in self.kept})
        self._settle()
        if is_witnessed:
            self._leave_unconfirmed()

    def _leave_unconfirmed(self) -> None:
        """Leave what nothing proves and a second engine does not answer alike."""
        asked, told = self._opinions()
        self._is_witnessed = bool(told.agreed) or not asked  # one that was silent, or was ended, is not asked again
        stay = told.agreed
        if self._inputs_change:
            self._is_witnessed, stay = bool(told.answered), told.answered
        if asked - stay:
            self._leave({address: self._texts.unproven[address] for address in asked - stay})
            self._settle()

    def _opinions(self) -> tuple[set[Address], Opinions]:
        """Return what nothing proves, and what a second engine says of it now."""
        asked = self._texts.unproven.keys() - self.left.keys() - self.kept if self._is_witnessed else set()
        if not asked:
            return asked, Opinions(set(), set())
        return asked, opinions(self._formulas, self._texts, asked, self._values, self.value)

    def unconfirmed(self) -> dict[Address, str]:
        """Return the formulas to which a second engine does not give the same value now, with the reason."""
        asked, told = self._opinions()
        return dict.fromkeys(asked - told.agreed, _(TWO_OPINIONS))

    def leave_unconfirmed(self, changing: Container[Address]) -> None:
        """Leave those of them that no input changes."""
        wrong = {address: why for address, why in self.unconfirmed().items() if address not in changing}
        if wrong:
            self._leave(wrong)
            self._settle()

    def again(self, kept: Collection[Address]) -> Calculation:
        """Calculate the workbook again with other formulas kept."""
        other = Calculation(
            self._package,
            self._name,
            self._formulas,
            self._now,
            kept=kept,
            texts=self._texts,
            is_witnessed=self._is_witnessed,
            sheets=self._sheet_parts,
        )
        other.__dict__["_dependents"] = self._dependents
        return other

    def _set_formula(self, address: Address) -> None:
        row, column = coordinate_to_tuple(address[1])
        self.workbook.set_formula(known_as(address[0]), row, column, f"={self._texts.of(address)}")

    def _set_value(self, address: Address, value: Any) -> None:
        row, column = coordinate_to_tuple(address[1])
        self.workbook.set_value(known_as(address[0]), row, column, value)

    def _settle(self) -> None:
        """Calculate, and take formulas out until only those are left that are for the engine."""
        if not self._accepts():
            self._leave({address: _(NO_RESULT) for address in self._staying() if self._stops_at(address)})
        for _round in range(_ROUNDS):
            self.evaluate()
            results = {address: self.value(address) for address in self._staying()}
            while self.refuse_long_texts(results.items()):
                results = {address: self.value(address) for address in results}
            wrong = self.out_of_order()
            wrong |= {} if self._inputs_change else self.doubtful()
            wrong |= self.filling(self._texts.filling)
            reasons = {
                address: wrong.get(address) or self.unlike_excel(address, value, is_final=not self._inputs_change)
                for address, value in results.items()
            }
            more = {address: reason for address, reason in reasons.items() if reason}
            if not more:
                break
            self._leave(more)

    def _staying(self) -> list[Address]:
        taken = self.left.keys() | self.kept
        return [address for address in self._formulas.cells if address not in taken]

    def _leave(self, reasons: Mapping[Address, str]) -> None:
        self.left.update(reasons)
        with self._refusing(_UNREADABLE):
            for address in reasons:
                self._set_value(address, None)

    def _accepts(self) -> bool:
        """Whether the engine calculates at all: some formulas stop it, and it does not say where they are."""
        try:
            self.workbook.evaluate_all()
        except Exception:  # it raises several kinds
            return False
        return True

    def _stops_at(self, address: Address) -> bool:
        """Whether a formula stops the engine even in a workbook of its own."""
        alone = formualizer.Workbook()
        alone.add_sheet(address[0])
        try:
            alone.set_formula(address[0], 1, 1, f"={self._texts.of(address)}")
            alone.evaluate_all()
        except Exception:  # it raises several kinds
            return True
        return False

    def evaluate(self) -> None:
        """Calculate what changed, and what was in doubt: it may not come to the doubtful call any more."""
        doubtful = [address for address in self.doubtful() if not self._formulas.cells[address].is_array]
        for address in {*self._refused, *doubtful}:
            if address not in self.left and address not in self.kept:
                self._set_formula(address)
        self._refused.clear()
        again = set(doubtful)
        self._doubts -= {number for number in self._doubts if self._texts.sites[number] in again}
        self._evaluate()

    def _evaluate(self) -> None:
        with self._refusing(_STOPS):
            self.workbook.evaluate_all()

    def refuse_long_texts(self, results: Iterable[tuple[Address, Any]]) -> bool:
        """Put Excel's error where a formula makes a text longer than a cell holds; return whether there were any.

        What reads these cells gets the error too, until the next `evaluate`.
        """
        long = [address for address, value in results if type(value) is str and not fits(value)]
        long = [address for address in long if not self._formulas.cells[address].is_array]
        depending = set(chain.from_iterable(self._dependents.of({one: area_of(one[1])}) for one in long))
        long = [address for address in long if address not in depending] or long  # the others may not be long any more
        for address in long:
            self._set_value(address, literal(CellError(VALUE)))
        self._refused += long
        if long:
            self._evaluate()
        return bool(long)

    @contextmanager
    def _refusing(self, message: str) -> Iterator[None]:
        """Turn whatever stops the engine into an InputError; it says no more than its own text."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit, InputError):
            raise
        except BaseException as error:  # a panic of the engine is no Exception
            raise InputError(_(message).format(name=self._name, error=error)) from error

    @property
    def writing(self) -> Set[Address]:
        """The formulas that may write numbers into texts."""
        return self._texts.writing

    def unlike_excel(self, address: Address, value: Any, texts: Collection[str] = (), *, is_final: bool = True) -> str:
        """Return why a formula's result is not one that Excel would show; nothing where it is.

        `texts` are inputs: a number with many digits may come from them. What is not final changes with them.
        """
        if address in self._texts.named and isinstance(value, dict) and value.get("kind") == "Name":
            return _("a name in it is unknown")
        if address in self._texts.writing and isinstance(value, str) and is_too_exact(value, texts):
            return _("it writes a number into a text with more digits than Excel does")
        if address in self._texts.writing and isinstance(value, str) and has_signed_zero(value, texts):
            return _(IN_DOUBT)
        if (
            is_final
            and isinstance(value, dict)
            and value.get("kind") in (OF_EXCEL if self._is_own(address, value) else _DOUBTFUL_ERRORS)
            and not self._is_sure(address, value)
        ):
            return _(OTHER_ERROR)
        if _SORTING.search(self._texts.texts[address]) and self._reads_any_error(address):
            return _(IN_DOUBT)
        return unlike_excel(value)

    def _reads_any_error(self, address: Address) -> bool:
        """Whether a cell that a formula reads has an error."""
        read = self._read_by(address, self._texts.texts[address], _MOST_CELLS)
        return any(isinstance(value, dict) for values in read for value in values)

    def _is_sure(self, address: Address, error: Mapping[str, Any]) -> bool:
        """Whether an error comes from what the formula reads, or no function in it may have another one in Excel."""
        text, kind = self._texts.texts[address], error["kind"]
        others = any(code in text for code in ERROR_NUMBERS if code != str(cell_value(error)))
        if self._is_own(address, error):
            return str(cell_value(error)) in text and not others
        if kind == "Na" and _RANKING.search(text):
            is_read = _RANK_OF_CELL.search(text) is not None  # of a text or an error, it has another one
            return is_read and not (self._reads_text(address, text) or self._reads_error(address, text))
        if kind == "Na":
            return not (_LOOKUP.search(text) and (others or self._reads_error(address, text)))
        if kind == "Value" and not _OURS.search(text) and self._reads_region(address, text):
            return False
        if kind == "Ref" and _LOOKUP.search(text) and self._reads_error(address, text):
            return False
        return not _UNSURE.search(text) or str(cell_value(error)) in text or self._reads_error(address, text, kind)

    def _is_own(self, address: Address, error: Mapping[str, Any]) -> bool:
        """Whether an error of a formula says nothing of what Excel would show."""
        text = self._texts.texts[address]
        refused = error.get("kind") == "Value" and _REFUSING.search(text)
        return self._formulas.cells[address].is_array or bool(refused or _OF_ITS_OWN.search(text))

    def _reads_error(self, address: Address, text: str, kind: str = "") -> bool:
        """Whether a cell that a formula reads has an error of this kind, or a single one has any but #N/A."""
        for values in self._read_by(address, text, _MOST_CELLS if kind else 1):
            kinds = {value.get("kind") for value in values if isinstance(value, dict)}
            if kind in kinds if kind else kinds - {"Na"}:
                return True
        return False

    def _reads_text(self, address: Address, text: str) -> bool:
        """Whether a single cell that a formula reads has a text or a truth, or nothing at all."""
        texts = (value for values in self._read_by(address, text, 1) for value in values)
        return any(value is None or isinstance(value, str | bool) for value in texts)

    def _reads_region(self, address: Address, text: str) -> bool:
        """Whether a cell that a formula reads has a text that some computers take for a number or a date."""
        texts = (value for values in self._read_by(address, text, _MOST_CELLS) for value in values)
        return any(isinstance(value, str) and is_of_a_region(value) for value in texts)

    def _read_by(self, address: Address, text: str, most: int) -> Iterator[Sequence[Any]]:
        """Yield what stands in each range of a formula that has no more cells."""
        for reference in references_in(text):
            cells = area_referred(reference)
            sheet = self._sheets.get(sheet_referred(reference, address[0]).casefold())
            if sheet is None:
                return
            rows, columns = self._formulas.sizes[sheet]
            seen = cells._replace(right=min(cells.right, columns), bottom=min(cells.bottom, rows))
            count = max(seen.right - seen.left + 1, 0) * max(seen.bottom - seen.top + 1, 0)
            if 0 < count <= most:
                yield self._values(sheet, seen)

    def filling(self, addresses: Iterable[Address]) -> dict[Address, str]:
        """Return those of some formulas whose results do not have their size now, with the reason."""
        taken = self.left.keys() | self.kept
        reasons = {address: self._has_wrong_size(address) for address in addresses if address not in taken}
        return {address: reason for address, reason in reasons.items() if reason}

    def growing(self, changing: Collection[Address]) -> list[Address]:
        """Return the formulas that may fill other cells once the cells `changing` have; they need room for it."""
        found = []
        for address in self._texts.filling:
            row, column = coordinate_to_tuple(address[1])
            beside = [(address[0], f"{get_column_letter(c)}{r}") for r, c in ((row, column + 1), (row + 1, column))]
            free = any(place in changing or self.value(place) is None for place in beside)
            if address not in self.left and (free or self._formulas.cells[address].is_array):
                found.append(address)
        return found

    def _has_wrong_size(self, address: Address) -> str:
        formula = self._formulas.cells[address]
        filled = self.filled(address)
        if filled is not None and not formula.is_array:
            return _("its result fills several cells, but it is no array formula")
        if formula.is_array and not formula.is_dynamic and (filled or area_of(address[1])) != formula.area:
            return _("its result does not have the size of its array formula")
        return ""

    def searching(self, cells: Iterable[Address]) -> set[Address]:
        """Return the formulas that look something up approximately among these cells."""
        return self._lookups.going_through(cells)

    def out_of_order(self) -> dict[Address, str]:
        """Return the formulas that look something up where the engine finds something else now, with the reason."""
        wrong = self._lookups.out_of_order(self._values) - self.left.keys() - self.kept
        sought: dict[Address, list[float | str]] = {}
        for number, value in self._doubts.sought.items():
            sought.setdefault(self._texts.sites[number], []).append(value)
        close = self._lookups.among_alike(self._values, sought) - self.left.keys() - self.kept
        return dict.fromkeys(close, _(IN_DOUBT)) | dict.fromkeys(wrong, _(_NOT_IN_ORDER))

    def doubtful(self) -> dict[Address, str]:
        """Return the formulas of which it is not certain now what Excel makes of them, with the reason."""
        sites = {self._texts.sites[number] for number in self._doubts}
        return dict.fromkeys(sites - self.left.keys() - self.kept, _(IN_DOUBT))

    def value(self, address: Address) -> Any:
        """Return what the engine has in a cell."""
        return self.workbook.get_value(known_as(address[0]), *row_and_column(address[1]))

    def _values(self, sheet: str, cells: Area) -> Sequence[Any]:
        """Return the values of a range, row by row."""
        own = known_as(sheet)
        around = formualizer.RangeAddress(own, cells.top, cells.left, cells.bottom, cells.right)
        return [value for row in self.workbook.sheet(own).get_values(around) for value in row]

    def filled(self, address: Address) -> Area | None:
        """Return what a result fills, where that is more than one cell."""
        spill = self.workbook.inspect_cell(f"{quote_sheetname(known_as(address[0]))}!{address[1]}").cell.spill
        filled = area(spill.extent.rpartition("!")[2].replace("$", "")) if spill and spill.extent else None
        return filled if filled is not None and ":" in str(filled) else None

    def depending(
        self, changed: Collection[Address], passes: Callable[[Address], bool] | None = None
    ) -> dict[Address, Address]:
        """Return the formulas that depend on some, each with the one through which it does; see `Dependents.of`."""
        return self._dependents.of({address: self._around(address) for address in changed}, passes)

    @cached_property
    def _dependents(self) -> Dependents:
        arrays = [address for address, formula in self._formulas.cells.items() if formula.is_array]
        filled = {address: self._around(address) for address in arrays}
        return Dependents(self._texts.texts, self._formulas.names, filled)

    def _around(self, address: Address) -> Area:
        """Return the cells that a formula fills, according to the file and now."""
        own = self._formulas.cells[address].area or area_of(address[1])
        now = self.filled(address) or own
        return own._replace(right=max(own.right, now.right), bottom=max(own.bottom, now.bottom))

    def rewrite(self, addresses: Iterable[Address]) -> None:
        """Put this program's functions into some formulas that were not `exact`."""
        for address in addresses:
            if address not in self.left and self._texts.rewrite(address):
                self._set_formula(address)

    def keep(self, addresses: Collection[Address]) -> None:
        """Take some formulas for the values that the caller puts into their cells from now on."""
        self.kept |= set(addresses)
        self._lookups.forget(self.kept)

    def referred(self, addresses: Iterable[Address]) -> set[tuple[str, Area]]:
        """Return the cells that formulas refer to, with their sheets in lower case; see `dependents.referred`."""
        names = self._formulas.names
        return {found for one in addresses for found in referred(self._texts.texts[one], one[0], names)}

    def affected(
        self,
        formulas: Collection[Address],
        cells: Mapping[Address, Area],
        growing: Container[Address],
        changing: Container[Address],
    ) -> dict[Address, str]:
        """Return what depends on some formulas and other cells, or may once results are larger, each with the reason.

        Those that are `growing` may fill cells beside them, up to cells that are not `changing` and hold something.
        """
        found: dict[Address, Address] = {}
        roots = {**cells, **{address: self._around(address) for address in formulas}}
        rooms: dict[Address, Area] = {}
        while roots:
            found |= self._dependents.of({**roots, **rooms})
            more = [address for address in (*formulas, *found) if address in growing and address not in rooms]
            if not more:
                break
            rooms |= {address: self._room(address, changing) for address in more}
        return self._reasons({address: cell for address, cell in found.items() if address not in formulas})

    def _room(self, address: Address, changing: Container[Address]) -> Area:
        """Return the cells that a formula's result can fill."""
        around, sheet = self._around(address), address[0]
        last_row, last_column = self._formulas.sizes[sheet]

        def is_taken(row: int, column: int) -> bool:
            place = (sheet, f"{get_column_letter(column)}{row}")
            return place not in changing and (place in self._formulas.cells or self.value(place) is not None)

        columns = (column for column in range(around.right + 1, last_column + 1) if is_taken(around.top, column))
        rows = (row for row in range(around.bottom + 1, last_row + 1) if is_taken(row, around.left))
        return around._replace(right=next(columns, LAST_COLUMN + 1) - 1, bottom=next(rows, LAST_ROW + 1) - 1)

    def dependents(self, left: Collection[Address]) -> dict[Address, str]:
        """Return the formulas that depend on some that have no value, each with the reason that it has none."""
        return self._reasons(self._dependents.of({address: self._around(address) for address in left}) if left else {})

    def _reasons(self, found: Mapping[Address, Address]) -> dict[Address, str]:
        message = _("it depends on {sheet}!{cell}")
        return {address: message.format(sheet=sheet, cell=cell) for address, (sheet, cell) in found.items()}
