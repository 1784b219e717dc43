"""What the calculation engine gets of each formula: its text in the engine's words, or why it gets none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import NamedTuple

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from xlsales.calculation.engine.far import FarCells
from xlsales.calculation.engine.functions import unknown as unknown_functions
from xlsales.calculation.engine.ranges import (
    UNREADABLE,
    DiffersError,
    Node,
    function_name,
    functions_in,
    has_several_values,
    in_order,
    names_in,
    parsed,
    parts_of,
    references_in,
)
from xlsales.calculation.engine.rewritten import needs_rewriting, rewritten
from xlsales.calculation.engine.soundness import check
from xlsales.calculation.engine.spills import may_fill
from xlsales.calculation.engine.table_references import UnknownTableReferenceError, as_cells
from xlsales.calculation.engine.written_numbers import may_write_numbers
from xlsales.cells.escapes import escaped
from xlsales.cells.formulas import Formula, Formulas
from xlsales.cells.references import replaced
from xlsales.cells.values import Address
from xlsales.functions import CATALOGUE
from xlsales.texts import _
from xlsales.workbook.formula_cells import answered
from xlsales.workbook.lint import grammar

# A call of our add-in's function as Excel stores it: [1]!NAME(…), 'C:\…\xlsales.xlam'!NAME(…), _xll.NAME(…).
_OURS = r"[\w .()-]*xlsales[\w .()-]*\.xlam?"
_ADD_IN = re.compile(
    rf"(?:\[(?P<link>\d+)\]!|'(?:[^']*[\\/:])?{_OURS}'!|(?<![\w.])[\w.]*xlsales[\w.]*\.xlam?!|_xll\.)(?=(?:{'|'.join(CATALOGUE)})\()",
    re.IGNORECASE,
)
_SEES_HIDDEN_ROWS = re.compile(r"\b(SUBTOTAL|AGGREGATE)\s*\(", re.IGNORECASE)
_SEES_EXCEL = re.compile(r"\b(CELL|INFO)\s*\(", re.IGNORECASE)
_SEES_REGION = re.compile(r"\b(VALUE|DATEVALUE|TIMEVALUE|DOLLAR)\s*\(", re.IGNORECASE)
_FORMATS = re.compile(r"""\bTEXT\s*\([^"]*,\s*"((?:[^"]|"")*)"\s*\)""", re.IGNORECASE)
_STRANGE_FORMAT = re.compile(r"[eE][+-]|\?|\[(?![hms]+\])|General", re.IGNORECASE)
_PARAMETERS = ("_xlpm.", "_xlop.")
_LONGEST_RULE = 5  # names that stand for names
_ROW = re.compile(r"(?<=[A-Za-z$])[0-9]+(?![\w.(!\['])")
_ROWS = re.compile(r"(\d+):\$?[A-Za-z]*\$?(\d+)")
_NAME_LIKE_A_CELL = re.compile(r".*[A-Za-z]\d+")
_OF_ITS_OWN = re.compile(r"\b(ROWS|COLUMNS|LET)\s*\(", re.IGNORECASE)  # here the numbers of rows matter


@dataclass
class Readable:
    """The formulas of a workbook as the engine reads them, and those that it gets no text of."""

    texts: dict[Address, str] = field(default_factory=dict)  # of all, for what they refer to
    left: dict[Address, str] = field(default_factory=dict)  # the reasons
    changed: dict[Address, str] = field(default_factory=dict)  # the texts that differ from the file's
    shapes: dict[Address, Shape] = field(default_factory=dict)  # of those that are not left
    filling: list[Address] = field(default_factory=list)  # those that the engine may give several values
    named: set[Address] = field(default_factory=set)  # those with names
    writing: set[Address] = field(default_factory=set)  # those that may write numbers into texts
    unproven: dict[Address, str] = field(
        default_factory=dict
    )  # of which nothing tells that they are right: the reasons
    sites: list[Address] = field(default_factory=list)  # the formulas of the calls of this program's functions

    def of(self, address: Address) -> str:
        """Return what the engine gets for a formula."""
        return self.changed.get(address, self.texts[address])

    def rewrite(self, address: Address) -> bool:
        """Put this program's functions into a formula; return whether there is anything for them."""
        text = self.of(address)
        tree = parsed(text)
        if not needs_rewriting(tree, text):
            return False
        numbers = count(len(self.sites))
        self.changed[address] = rewritten(tree, text, numbers)
        self.sites += [address] * (next(numbers) - len(self.sites))
        return True


class Shape(NamedTuple):
    """What formulas have in common that were copied down: all but the numbers of rows."""

    text: str
    sheet: str
    is_array: bool


class _Verdict(NamedTuple):
    reason: str  # why a formula is left; empty where it is not
    is_turned: bool = False  # a range in it goes from the right to the left
    is_first_of_several: bool = False  # an ordinary formula that shows the first of several values
    may_fill: bool = False
    has_names: bool = False
    may_write_numbers: bool = False
    unproven: str = ""  # why nothing tells that it is calculated as Excel does
    is_rewritten: bool = False  # this program calculates something in it


def readable(formulas: Formulas, *, exact: bool = True) -> Readable:
    """Put every formula of a workbook into the engine's words; `exact`: with this program's functions in them."""
    found = Readable()
    verdicts, far = _Verdicts(formulas), FarCells(formulas)
    for address, formula in formulas.cells.items():
        found.texts[address] = formula.text
        told = answered(formula.text, address[0], formulas.cells)
        written, formula = formula.text, formula if told == formula.text else replace(formula, text=told)
        try:
            shape, text = verdicts.shape(address, formula)
        except UnknownTableReferenceError as error:
            found.left[address] = _("there is no table for {reference}").format(reference=error)
            continue
        except TokenizerError:
            found.left[address] = _(UNREADABLE)
            continue
        verdict = verdicts.of(shape, formula, text)
        if verdict.is_turned or _rows_fall(text):
            text = replaced(text, in_order)
        found.texts[address] = text
        reason = verdict.reason or far.read_by(text, address)
        if reason:
            found.left[address] = reason
            continue
        found.shapes[address] = shape
        if verdict.unproven:
            found.unproven[address] = verdict.unproven
        if verdict.may_fill:
            found.filling.append(address)
        if verdict.has_names:
            found.named.add(address)
        if verdict.may_write_numbers:
            found.writing.add(address)
        if verdict.is_first_of_several:
            text = f"INDEX({text},1,1)"
        if verdict.is_rewritten and exact:
            numbers = count(len(found.sites))
            text = rewritten(parsed(text), text, numbers)
            found.sites += [address] * (next(numbers) - len(found.sites))
        if text != written or formula.is_escaped:  # the engine takes escapes for what they are written as
            found.changed[address] = text
    return found


def _rows_fall(text: str) -> bool:
    return ":" in text and any(int(first) > int(last) for first, last in _ROWS.findall(text))


class _Verdicts:
    """Tells what becomes of formulas, once for those that are alike."""

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas
        self._known: dict[Shape, _Verdict] = {}
        self._rewritten: dict[Shape, bool] = {}  # names of tables or add-ins are
        self._own: dict[str, bool] = {}
        self._sound: set[str] = set()  # meanings of names that the engine can calculate
        self._has_odd_names = any(_NAME_LIKE_A_CELL.fullmatch(name) for _sheet, name in formulas.names)

    def shape(self, address: Address, formula: Formula) -> tuple[Shape, str]:
        """Return a formula's shape and its text without the names of tables and add-ins."""
        text = formula.text
        shape = self._shape(address, formula, text)
        if shape not in self._rewritten:
            self._rewritten[shape] = self._in_cells(text, address) != text
        if self._rewritten[shape]:
            text = self._in_cells(text, address)
            shape = self._shape(address, formula, text)
        return shape, text

    def _shape(self, address: Address, formula: Formula, text: str) -> Shape:
        """Return all that the verdict on a formula depends on."""
        if formula.is_data_table or self._has_odd_names:
            return Shape(f"{text} {formula.is_data_table}", address[0], formula.is_array)
        plain = _ROW.sub("#", text)
        if plain not in self._own:
            self._own[plain] = _OF_ITS_OWN.search(plain) is not None
        return Shape(text if self._own[plain] else plain, address[0], formula.is_array)

    def _in_cells(self, text: str, address: Address) -> str:
        return _ADD_IN.sub(self._without_ours, as_cells(text, address, self._formulas.tables))

    def _without_ours(self, call: re.Match[str]) -> str:
        """Return nothing for the name of our add-in before a call; that of another workbook stays."""
        number = int(call["link"] or 0)
        file = self._formulas.links[number - 1] if 0 < number <= len(self._formulas.links) else ""
        return call[0] if file and not re.fullmatch(_OURS, file, re.IGNORECASE) else ""

    def of(self, shape: Shape, formula: Formula, text: str) -> _Verdict:
        """Return what becomes of a formula."""
        if shape not in self._known:
            try:
                self._known[shape] = self._judged(shape, formula, text)
            except DiffersError as error:
                self._known[shape] = _Verdict(_(error.text).format(function=error.function))
        return self._known[shape]

    def _judged(self, shape: Shape, formula: Formula, text: str) -> _Verdict:
        if formula.is_data_table:
            return _Verdict(_("it is a data table"))
        if not text:
            return _Verdict(_("its text is missing"))
        if any(kind != "count" for kind, _what in grammar.read(formula.text).broken):  # `check` counts arguments
            return _Verdict(_("Excel does not take it in as it is stored: xlsales check says why"))
        ordered = replaced(text, in_order) if ":" in text else text
        tree = parsed(ordered)
        reason = self._reason(tree, ordered, shape.sheet) or self._reason_in_names(tree, shape.sheet)
        if reason:
            return _Verdict(reason)
        unproven = check(tree, is_single=not shape.is_array)
        is_range = partial(_is_range, self._formulas, shape.sheet)
        several = has_several_values(tree, shape.is_array, is_range)
        return _Verdict(
            "",
            is_turned=ordered != text,
            is_first_of_several=several and not shape.is_array,
            may_fill=shape.is_array or (not several and may_fill(tree, is_range)),
            has_names=bool(names_in(tree)),
            may_write_numbers=may_write_numbers(tree),
            unproven=_(unproven.text).format(function=unproven.function) if unproven else "",
            is_rewritten=self._is_rewritten(tree, ordered),
        )

    def _is_rewritten(self, tree: Node, text: str) -> bool:
        if not needs_rewriting(tree, text):
            return False
        rewritten(tree, text, count())  # that it can be written
        return True

    def _reason_in_names(self, tree: Node, sheet: str, depth: int = 0) -> str:
        """Return why the engine cannot calculate a name in a formula; nothing where it can."""
        for name in names_in(tree) if depth < _LONGEST_RULE else ():
            meaning = _meaning(self._formulas, sheet, name)
            if "[" in meaning or escaped(meaning) != meaning:
                return _("the calculation engine does not know what {name} stands for").format(name=name)
            if meaning and meaning not in self._sound:
                inside = parsed(meaning)
                reason = self._reason(inside, meaning, sheet) or self._reason_in_names(inside, sheet, depth + 1)
                if reason:
                    return reason
                unproven = check(inside)
                if unproven:
                    raise unproven
                self._sound.add(meaning)
        return ""

    def _own_function(self, tree: Node, functions: Sequence[str], sheet: str) -> str:
        """Return the sales function that the workbook defines itself: what Excel calculates then is not ours."""
        called = [name.removeprefix("_XLPM.").removeprefix("_XLOP.") for name in functions]
        if not any(name in CATALOGUE for name in called):
            return ""
        names = self._formulas.names.items()  # those without a meaning hold the help for arguments
        own = {name for (scope, name), meaning in names if scope in ("", sheet) and meaning.strip("#")}
        own |= self._formulas.functions | {name.rpartition(".")[2] for name in _variables(tree)}
        return next((name for name in called if name in CATALOGUE and name.lower() in own), "")

    def _reason(self, tree: Node, text: str, sheet: str) -> str:
        """Return why the engine cannot calculate a formula, whatever its ranges; nothing where it can."""
        functions = functions_in(tree)
        own = self._own_function(tree, functions, sheet)
        if own:
            return _("the workbook has a {name} of its own").format(name=own)
        unknown = unknown_functions(functions)
        if unknown:
            return _("the calculation engine does not know {functions}").format(functions=", ".join(unknown))
        plain = next((name for name in _variables(tree) if not name.startswith(_PARAMETERS)), "")
        if plain:
            return _("Excel shows #NAME? for {name}, which is stored without its prefix (_xlpm.)").format(name=plain)
        if _refers_outside(text):
            return _("it refers to another workbook")
        if self._formulas.hides_rows and _SEES_HIDDEN_ROWS.search(text):
            return _("its result depends on which rows are hidden")
        if _SEES_EXCEL.search(text):
            return _("its result depends on Excel itself")
        if _SEES_REGION.search(text):
            return _("its result depends on the regional settings of the computer")
        if any(_STRANGE_FORMAT.search(shown) for shown in _FORMATS.findall(text)):
            return _("the calculation engine does not know its number format")
        return ""


def _variables(node: Node) -> Iterator[str]:
    """Yield the names that LET and LAMBDA give to values, with their prefixes."""
    for part in parts_of(node):
        name = function_name(part)
        if name in ("LET", "LAMBDA"):
            step = 2 if name == "LET" else 1
            for argument in part["args"][:-1:step]:
                yield str(argument.get("reference", "")).lower()


def _refers_outside(text: str) -> bool:
    if "[" not in text:
        return False
    tokens = Tokenizer(f"={text}").items
    return any("[" in token.value for token in tokens if token.type == Token.OPERAND and token.subtype == Token.RANGE)


def _meaning(formulas: Formulas, sheet: str, name: str) -> str:
    plain = name.rpartition("!")[2].lower()
    return formulas.names.get((sheet, plain)) or formulas.names.get(("", plain), "")


def _is_range(formulas: Formulas, sheet: str, name: str, depth: int = 0) -> bool:
    """Whether a name stands for several cells, as far as its definition tells."""
    meaning = _meaning(formulas, sheet, name)
    if not meaning or depth > _LONGEST_RULE:
        return False
    try:
        deeper = partial(_is_range, formulas, sheet, depth=depth + 1)
        return has_several_values(parsed(meaning), is_array=True, is_range=deeper)
    except DiffersError:
        return bool(references_in(meaning))
