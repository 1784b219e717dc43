"""In words: any sales function with the numbers put into its formula, or why it has no result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Annotated, Any

import numpy as np

from xlsales.functions import formulas, reference, working
from xlsales.functions.arguments import Kind, anything, text
from xlsales.functions.arguments import Numbers as Cells
from xlsales.functions.coercion import as_objects, is_array, is_blank
from xlsales.functions.errors import VALUE, SalesFunctionError
from xlsales.functions.evaluation import evaluate
from xlsales.functions.faults import Require
from xlsales.functions.formulas import Case, Numbers, UnreadableError
from xlsales.functions.organisation import ORGANISATION
from xlsales.functions.registry import SalesFunction, Subject, TooManyArgumentsError, example
from xlsales.functions.subjects import SUBJECTS
from xlsales.texts import N_, _

EXPLANATION = Subject(ORGANISATION.title)

_EXPLAINED = {function.name: function for subject in SUBJECTS for function in subject}
_RATE_UNIT = N_("fraction: 0.65 = 65%")


def _kind(function: SalesFunction) -> Kind:
    if function.gives_date:
        return Kind.DATE
    return Kind.RATE if function.unit == _RATE_UNIT else Kind.NUMBER


def _caller(function: SalesFunction) -> Callable[..., Any]:
    return lambda *values: function.evaluate(function.bind(values)).values


_KINDS = {name: _kind(function) for name, function in _EXPLAINED.items()}
_CALLS = {name: _caller(function) for name, function in _EXPLAINED.items()}
_RATES_OF_MONEY = {"currency a day": N_("{amount} a day"), "currency a week": N_("{amount} a week")}
_SENTENCES = {
    "plain": N_("{name} is {formula}: {working} = {result}."),
    "case": N_("{name} is {formula}, because {reason}: {working} = {result}."),
    "down": N_("{name} is {formula}: {working} = {quotient}, rounded down to {result}."),
    "up": N_("{name} is {formula}: {working} = {quotient}, rounded up to {result}."),
}
_UNSPOKEN_UNITS = {"currency", "count", "word", "name", "names", "text", "word, currency", "date", _RATE_UNIT}


@EXPLANATION.function(
    summary=N_("Another sales function in one sentence: its numbers put into the formula, and the result."),
    unit=N_("text"),
    source=N_("Five articles on sales management: a figure that nobody can explain is not acted upon."),
    notes=(
        N_("Where the function has no result, the sentence says why, and what to enter instead."),
        N_("Given ranges where the function takes single cells, it writes a sentence for each."),
    ),
    gives_text=True,
    examples=(
        example(
            "CLOSE_RATIO",
            13,
            20,
            gives="CLOSE_RATIO is won ÷ proposals: 13 ÷ 20 = 65%.",
            working=N_("the formula, the numbers in it, the result"),
        ),
        example(
            "ACCOUNT_TIER",
            4.2,
            gives="ACCOUNT_TIER is A, because score (4.2) ≥ a cut (4).",
            working=N_("the condition that decides, with its numbers"),
        ),
        example(
            "CLOSE_RATIO",
            13,
            0,
            gives="CLOSE_RATIO has no result: proposals is 0, so there is nothing to divide by: enter a value above 0.",
            working=N_("the reason instead of #DIV/0!"),
        ),
    ),
    no_native=N_("The sentence is put together from the function's declaration, which no formula can read."),
)
def sales_explain(
    require: Require,
    function_name: Annotated[Cells, text(N_("The name of a sales function, in any letter case."))],
    *argument: Annotated[Cells, anything(N_("Its arguments, in their order, as in the cell that is to be explained."))],
) -> Cells:
    """the formula of the function with the numbers put in, and its result"""
    if isinstance(function_name, np.ndarray):
        raise SalesFunctionError(VALUE, "function_name", _("function_name: give one name, for one function at a time."))
    function = _EXPLAINED.get(function_name.strip().upper().replace("-", "_"))
    return _unknown(function_name) if function is None else explained(function, argument[0])


def _unknown(name: str) -> str:
    near = get_close_matches(name.strip().upper(), _EXPLAINED, n=1)
    if near:
        return _("There is no sales function {name} to explain; did you mean {near}?").format(name=name, near=near[0])
    return _("There is no sales function {name} to explain: give a name such as MAGIC_NUMBER.").format(name=name)


def explained(function: SalesFunction, values: Sequence[Any]) -> Any:
    """The sentence for one call, or a list of sentences where arrays stand for single cells."""
    try:
        given = function.bind(tuple(values))
    except TooManyArgumentsError:
        return _no_result(function, reference.too_many(function, len(values)))
    several = {
        position: _cells(value)
        for position, (argument, value) in enumerate(zip(function.arguments, given, strict=True))
        if is_array(value) and not argument.is_range
    }
    if not several or function.spills:
        return _sentence(function, given)
    try:
        spread = np.broadcast_arrays(*several.values())
    except ValueError:
        return _sentence(function, given)
    sentences = np.empty(spread[0].shape, dtype=object)
    for place in np.ndindex(sentences.shape):
        cells = dict(zip(several, (cells[place] for cells in spread), strict=True))
        sentences[place] = _sentence(function, [cells.get(i, value) for i, value in enumerate(given)])
    return sentences.tolist()


def _cells(value: Any) -> Any:
    array = value.to_numpy() if hasattr(value, "to_numpy") else value
    return as_objects(array) if isinstance(array, np.ndarray) else np.asarray(array, dtype=object)


def _sentence(function: SalesFunction, given: list[Any]) -> str:
    clean: list[Any] = []

    def body(require: Require, *values: Any) -> Any:
        clean[:] = values
        return function.body(require, *values)

    try:
        outcome = evaluate(function.arguments, body, given, spills=function.spills, gives_text=function.gives_text)
    except SalesFunctionError as error:
        return _no_result(function, error.message)
    numbers = _numbers(function, clean)
    try:
        return _by_formula(function, numbers, outcome.values)
    except (UnreadableError, SalesFunctionError):
        return _in_prose(function, numbers, outcome.values)


def _numbers(function: SalesFunction, clean: list[Any]) -> Numbers:
    values = {argument.name: value for argument, value in zip(function.arguments, clean, strict=True)}
    words = [value for value in clean if isinstance(value, str)]
    for name, usual in (function.usual or {}).items():
        if values[name] is None:
            values[name] = next((usual[word] for word in words if word in usual), None)
    kinds = {argument.name: argument.kind for argument in function.arguments}
    return Numbers(values, {**kinds, **_KINDS}, _CALLS)


def _no_result(function: SalesFunction, why: str) -> str:
    return _("{name} has no result: {reason}").format(name=function.name, reason=why)


def _by_formula(function: SalesFunction, numbers: Numbers, result: Any) -> str:
    """The case of the formula that applies, with the numbers put in; only where it gives the result."""
    case, before = _applies(formulas.cases(function.formula), numbers)
    parts = {
        "name": f"{function.name} ({case.word})" if case.word else function.name,
        "formula": working.spoken(case.text),
        "result": _result(function, result),
        "reason": working.listed(list(dict.fromkeys(_because(numbers, case, before)))),
    }
    if isinstance(result, list) and parts["reason"]:
        return _("Because {reason}, {name} gives: {result}.").format(**parts)
    if isinstance(result, (str, list)):
        if not parts["reason"] or result != _(case.text):
            raise UnreadableError(case.text)
        return _("{name} is {result}, because {reason}.").format(**parts)
    if case.expression is None or not _gives(case, found := numbers.value(case.expression), result):
        raise UnreadableError(case.text)
    if not formulas.names(case.expression) and parts["reason"]:
        return _("{name} is {result}, because {reason}.").format(**parts)
    parts["working"] = working.worked(numbers, case.expression)
    parts["quotient"] = working.written(Kind.NUMBER, found, decimals=2)
    return _(_SENTENCES[_form(case, found == result)]).format(**parts)


def _form(case: Case, exact: bool) -> str:
    if case.rounding and not exact:
        return case.rounding
    return "case" if case.condition is not None else "plain"


def _gives(case: Case, found: Any, result: Any) -> bool:
    """Whether a formula, which speaks of every case alike, has come to the function's own result."""
    if case.rounding and abs(found - result) > 1e-9:
        return bool(abs(found - result) < 1 and (found > result) == (case.rounding == "down"))
    return bool(np.isclose(found, result, rtol=1e-9, atol=1e-12))


def _applies(found: Sequence[Case], numbers: Numbers) -> tuple[Case, Sequence[Case]]:
    for position, case in enumerate(found):
        if numbers.holds(case):
            return case, found[:position]
    raise UnreadableError


def _because(numbers: Numbers, case: Case, before: Sequence[Case]) -> list[str]:
    if case.condition is not None:
        return working.reason(numbers, case.condition, holds=True)
    failed = [other.condition for other in before if other.condition is not None]
    return [text for node in failed for text in working.reason(numbers, node, holds=False)]


def _in_prose(function: SalesFunction, numbers: Numbers, result: Any) -> str:
    given = [
        f"{working.spoken(argument.name)} {working.written(argument.kind, value)}"
        for argument in function.arguments
        if isinstance(value := numbers.values[argument.name], np.ndarray) or not is_blank(value)
    ]
    parts = {
        "name": function.name,
        "formula": working.spoken(function.formula),
        "result": _result(function, result),
        "arguments": working.listed(given),
    }
    if "\n" in function.formula:
        return _("{name} gives {result} for {arguments}.").format(**parts)
    return _("{name}, {formula}, gives {result} for {arguments}.").format(**parts)


def _result(function: SalesFunction, result: Any) -> str:
    if isinstance(result, list):
        return "; ".join(_result(function, cell).rstrip(".") for row in result for cell in row)
    shown = working.written(_kind(function), result, decimals=2)
    if function.unit in _RATES_OF_MONEY and not isinstance(result, str):
        return _(_RATES_OF_MONEY[function.unit]).format(amount=shown)
    if isinstance(result, str) or function.unit in _UNSPOKEN_UNITS or result == 1:
        return shown
    return f"{shown} {_(function.unit)}"
