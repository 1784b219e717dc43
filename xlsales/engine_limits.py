"""What the calculation engine cannot calculate, and everything that depends on it: this is left for Excel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import formualizer
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import quote_sheetname
from openpyxl.utils.cell import coordinate_to_tuple

from xlsales.errors import InputError
from xlsales.excel.values import Address
from xlsales.functions import CATALOGUE
from xlsales.template import Template
from xlsales.texts import _

_KNOWN_ERRORS = frozenset(("Div", "Na", "Name", "Null", "Num", "Ref", "Value", "Spill", "Calc"))
_RANDOM = frozenset(("RAND", "RANDBETWEEN", "RANDARRAY"))
_PREFIX = re.compile(r"^(_xlfn\.|_xlws\.)+", re.IGNORECASE)
_OTHER_WORKBOOK = re.compile(r"\[\d+\]")
_MOST = 1_000_000


def left_for_excel(template: Template, workbook: formualizer.Workbook) -> dict[Address, str]:
    """Evaluate a workbook; return the formulas that get no value here, each with the reason.

    Formulas that the engine does not even hold are blank in it from then on.
    """
    reasons = dict(_unreadable(template))
    for sheet, cell in reasons:
        row, column = coordinate_to_tuple(cell)
        workbook.set_value(sheet, row, column, None)
    try:
        workbook.evaluate_all()
    except Exception as error:  # the engine says no more than its own text
        message = _("{name}: the calculation engine stops at one of the formulas ({error}). Correct or remove it.")
        raise InputError(message.format(name=template.name, error=error)) from error
    for address in template.formulas.keys() - reasons.keys():
        if not _is_known(workbook.get_value(address[0], *coordinate_to_tuple(address[1]))):
            reasons[address] = _("the calculation engine has no result for it")
    return reasons | _dependents(template.formulas, reasons, workbook)


def _unreadable(template: Template) -> Iterator[tuple[Address, str]]:
    functions = Functions()
    for address, formula in template.formulas.items():
        unknown = functions.unknown_in(formula)
        if unknown:
            yield address, _("the calculation engine does not know {functions}").format(functions=", ".join(unknown))
        elif address in template.spilled:
            yield address, _("its result fills several cells")
        elif _OTHER_WORKBOOK.search(formula):
            yield address, _("it refers to another workbook")


def _is_known(result: Any) -> bool:
    return not (isinstance(result, dict) and result.get("kind") not in _KNOWN_ERRORS)


class Functions:
    """Which functions the engine knows: asked once for each name, in a workbook of its own."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = dict.fromkeys(CATALOGUE, True) | dict.fromkeys(_RANDOM, False)
        self._shapes: dict[str, tuple[str, ...]] = {}

    def unknown_in(self, formula: str) -> tuple[str, ...]:
        """Return the functions of a formula that the engine does not know."""
        shape = re.sub(r"\d+(?![\w.]*\()", "0", formula)  # but LOG10( is not LOG0(
        if shape not in self._shapes:
            self._shapes[shape] = tuple(name for name in _names(shape) if not self._is_known(name))
        return self._shapes[shape]

    def _is_known(self, name: str) -> bool:
        if name not in self._known:
            scratch = formualizer.Workbook()
            scratch.add_sheet("S")
            scratch.set_formula("S", 1, 1, f"={name}()")
            try:
                result = scratch.evaluate_cell("S", 1, 1)
            except RuntimeError:
                result = {"kind": "Name"}
            self._known[name] = not (isinstance(result, dict) and result.get("kind") in ("Name", "NImpl"))
        return self._known[name]


def _names(formula: str) -> list[str]:
    tokens = Tokenizer(formula).items
    opened = [token.value[:-1] for token in tokens if token.type == Token.FUNC and token.subtype == Token.OPEN]
    return list(dict.fromkeys(_PREFIX.sub("", name).upper() for name in opened))


def _dependents(
    formulas: Mapping[Address, str], roots: Mapping[Address, str], workbook: formualizer.Workbook
) -> dict[Address, str]:
    found: dict[Address, str] = {}
    waiting = list(roots)
    while waiting:
        sheet, cell = waiting.pop()
        report = workbook.dependents(f"{quote_sheetname(sheet)}!{cell}", max_results=_MOST, max_work=_MOST)
        for dependent in report.dependents:
            address = _address(dependent.cell)
            if address in formulas and address not in found and address not in roots:
                found[address] = _("it depends on {sheet}!{cell}").format(sheet=sheet, cell=cell)
                waiting.append(address)
    return found


def _address(text: str) -> Address:
    sheet, _mark, cell = text.rpartition("!")
    return sheet.removeprefix("'").removesuffix("'").replace("''", "'"), cell.replace("$", "")
