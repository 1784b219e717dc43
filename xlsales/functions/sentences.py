"""The sentences of SALES_EXPLAIN: a formula with the numbers put in, for one row or for many at once.

Rows in which the same words stand and the same conditions hold have the same sentence but for its numbers; they are
written together.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from xlsales.functions import formulas, working
from xlsales.functions.arguments import Kind
from xlsales.functions.coercion import is_blank
from xlsales.functions.errors import SalesFunctionError
from xlsales.functions.formulas import Case, Numbers, UnreadableError
from xlsales.functions.registry import SalesFunction
from xlsales.functions.subjects import SUBJECTS
from xlsales.functions.working import Texts
from xlsales.texts import N_, _

EXPLAINED = {function.name: function for subject in SUBJECTS for function in subject}

_RATE_UNIT = N_("fraction: 0.65 = 65%")
_RATES_OF_MONEY = {"currency a day": N_("{amount} a day"), "currency a week": N_("{amount} a week")}
_SENTENCES = {
    "plain": N_("{name} is {formula}: {working} = {result}."),
    "case": N_("{name} is {formula}, because {reason}: {working} = {result}."),
    "down": N_("{name} is {formula}: {working} = {quotient}, rounded down to {result}."),
    "up": N_("{name} is {formula}: {working} = {quotient}, rounded up to {result}."),
}
_UNSPOKEN_UNITS = {"currency", "count", "word", "name", "names", "text", "word, currency", "date", _RATE_UNIT}


def _kind(function: SalesFunction) -> Kind:
    if function.gives_date:
        return Kind.DATE
    return Kind.RATE if function.unit == _RATE_UNIT else Kind.NUMBER


def _caller(function: SalesFunction) -> Callable[..., Any]:
    return lambda *values: function.evaluate(function.bind(values)).values


_KINDS = {name: _kind(function) for name, function in EXPLAINED.items()}
_CALLS = {name: _caller(function) for name, function in EXPLAINED.items()}


def no_result(function: SalesFunction, why: str) -> str:
    """The sentence for a call that fails."""
    return _("{name} has no result: {reason}").format(name=function.name, reason=why)


def sentences(function: SalesFunction, values: Mapping[str, Any], result: Any, rows: int) -> Texts:
    """The sentence of each row, from the clean values of a call that gives these results."""
    texts = np.empty(rows, dtype=object)
    for places, numbers in _groups(function, values, rows):
        texts[places] = _remarked(function, numbers, _alike(function, numbers, _of(result, places)))
    return list(texts)


def _groups(function: SalesFunction, values: Mapping[str, Any], rows: int) -> Iterator[tuple[Any, Numbers]]:
    """The rows that are alike: with the same words, and the same conditions true."""
    ranges = frozenset(argument.name for argument in function.arguments if argument.is_range)
    kinds = {argument.name: argument.kind for argument in function.arguments}
    every = Numbers(values, {**kinds, **_KINDS}, _CALLS, ranges, rows)
    conditions = _conditions(function)
    for places, worded in _worded(every):
        named = _with_usual(function, worded)
        try:
            patterns = named.patterns(conditions)
        except (UnreadableError, SalesFunctionError):
            patterns = np.zeros(named.rows, dtype=np.int64)
        for pattern in np.unique(patterns):
            some = np.flatnonzero(patterns == pattern)
            yield places[some], _cut(named, some)


def _conditions(function: SalesFunction) -> list[ast.expr]:
    cases = [case.condition for case in formulas.cases(function.formula)]
    remarks = [formulas.condition(remark.condition) for remark in function.remarks]
    return [condition for condition in (*cases, *remarks) if condition is not None]


def _worded(numbers: Numbers) -> Iterator[tuple[Any, Numbers]]:
    """The rows by the words of their choices and their truths, each then a single one."""
    spread = [
        name
        for name, value in numbers.values.items()
        if numbers.kinds[name] in (Kind.CHOICE, Kind.FLAG)
        and isinstance(value, np.ndarray)
        and name not in numbers.ranges
    ]
    keys = [tuple(row) for row in zip(*(numbers.values[name].tolist() for name in spread), strict=True)]
    if not keys:
        yield np.arange(numbers.rows), numbers
        return
    number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    codes = np.fromiter(map(number.__getitem__, keys), np.intp, len(keys))
    for key, code in number.items():
        some = np.flatnonzero(codes == code)
        cut = _cut(numbers, some)
        yield some, replace(cut, values={**cut.values, **dict(zip(spread, key, strict=True))})


def _of(value: Any, places: Any) -> Any:
    return value[places] if isinstance(value, np.ndarray) else value


def _cut(numbers: Numbers, places: Any) -> Numbers:
    if len(places) == numbers.rows:
        return numbers
    values = {name: value if name in numbers.ranges else _of(value, places) for name, value in numbers.values.items()}
    return replace(numbers, values=values, rows=len(places))


def _with_usual(function: SalesFunction, numbers: Numbers) -> Numbers:
    """What is usual for the word, in the place of arguments left out."""
    values = dict(numbers.values)
    words = [value for value in values.values() if isinstance(value, str)]
    for name, usual in (function.usual or {}).items():
        wanted = next((usual[word] for word in words if word in usual), None)
        if values[name] is None:
            values[name] = wanted
        elif wanted is not None:
            values[name] = np.where(formulas.missing(values[name]), wanted, values[name])
    return replace(numbers, values=values)


def _alike(function: SalesFunction, numbers: Numbers, result: Any) -> Texts:
    try:
        return _by_formula(function, numbers, result)
    except (UnreadableError, SalesFunctionError):
        return _in_prose(function, numbers, result)


def _remarked(function: SalesFunction, numbers: Numbers, texts: Texts) -> Texts:
    """The sentences with what the function remarks on these rows."""
    for remark in function.remarks:
        condition = formulas.condition(remark.condition)
        if condition is not None and numbers.is_true(condition):
            told: dict[str, str | Texts] = {
                name: "" if name in numbers.ranges else working.column(numbers.rows, numbers.kinds[name], value)
                for name, value in numbers.values.items()
            }
            texts = working.joined(numbers.rows, texts, " ", working.filled(_(remark.text), numbers.rows, **told))
    return texts


def _by_formula(function: SalesFunction, numbers: Numbers, result: Any) -> Texts:
    """The case of the formula that applies, with the numbers put in; only where it gives the result."""
    case, before = _applies(formulas.cases(function.formula), numbers)
    shown = _result(function, numbers, result)
    reasons = _reasons(_because(numbers, case, before), numbers.rows)
    fixed = {
        "name": f"{function.name} ({case.word})" if case.word else function.name,
        "formula": working.spoken(case.text),
    }
    if isinstance(result, list) and reasons[0]:
        return [_("Because {reason}, {name} gives: {result}.").format(**fixed, reason=reasons[0], result=shown[0])]
    if function.gives_text or isinstance(result, (str, list)):
        word = _(case.text)
        given = np.array([text == word for text in shown]) & bool(reasons[0])
        return _verdicts(fixed, shown, reasons) if given.all() else _apart(function, numbers, result, given)
    if case.expression is None:
        raise UnreadableError(case.text)
    found = numbers.value(case.expression)
    given = _gives(case, found, result, numbers.rows)
    if not given.all():
        return _apart(function, numbers, result, given)
    if not formulas.names(case.expression) and reasons[0]:
        return _verdicts(fixed, shown, reasons)
    exact = np.broadcast_to(np.equal(found, result), numbers.rows).tolist()
    works = working.worked(numbers, case.expression)
    quotients = working.column(numbers.rows, Kind.NUMBER, found, decimals=2) if case.rounding else [""] * numbers.rows
    templates = [_(_SENTENCES[_form(case, exact=is_exact)]) for is_exact in (False, True)]
    columns: dict[str, str | Texts] = {
        **fixed,
        "working": works,
        "result": shown,
        "reason": reasons,
        "quotient": quotients,
    }
    if templates[0] == templates[1]:
        return working.filled(templates[0], numbers.rows, **columns)
    near, same = (working.filled(template, numbers.rows, **columns) for template in templates)
    return [one if is_exact else other for is_exact, one, other in zip(exact, same, near, strict=True)]


def _verdicts(fixed: Mapping[str, str], shown: Texts, reasons: Texts) -> Texts:
    template = _("{name} is {result}, because {reason}.")
    return working.filled(template, len(shown), **fixed, result=shown, reason=reasons)


def _apart(function: SalesFunction, numbers: Numbers, result: Any, given: Any) -> Texts:
    """The rows in which the formula gives the result by formula, the others in prose."""
    texts = np.empty(numbers.rows, dtype=object)
    for which, write in ((given, _by_formula), (~given, _in_prose)):
        places = np.flatnonzero(which)
        if places.size:
            texts[places] = write(function, _cut(numbers, places), _of(result, places))
    return list(texts)


def _reasons(parts: Sequence[Texts], rows: int) -> Texts:
    if not parts:
        return [""] * rows
    return working.listed_rows(parts)


def _form(case: Case, *, exact: bool) -> str:
    if case.rounding and not exact:
        return case.rounding
    return "case" if case.condition is not None else "plain"


def _gives(case: Case, found: Any, result: Any, rows: int) -> Any:
    """In which rows a formula, which speaks of every case alike, has come to the function's own result."""
    same = np.isclose(found, result, rtol=1e-9, atol=1e-12)
    if case.rounding:
        off = np.abs(found - result)
        rounded = (off < 1) & (np.greater(found, result) == (case.rounding == "down"))
        same = np.where(off > 1e-9, rounded, same)
    return np.broadcast_to(same, rows)


def _applies(found: Sequence[Case], numbers: Numbers) -> tuple[Case, Sequence[Case]]:
    for position, case in enumerate(found):
        if numbers.holds(case):
            return case, found[:position]
    raise UnreadableError


def _because(numbers: Numbers, case: Case, before: Sequence[Case]) -> list[Texts]:
    if case.condition is not None:
        return working.reason(numbers, case.condition, holds=True)
    failed = [other.condition for other in before if other.condition is not None]
    return [text for node in failed for text in working.reason(numbers, node, holds=False)]


def _in_prose(function: SalesFunction, numbers: Numbers, result: Any) -> Texts:
    columns = [_given(argument.kind, argument.name, numbers) for argument in function.arguments]
    template = _("{name}, {formula}, gives {result} for {arguments}.")
    if "\n" in function.formula:
        template = _("{name} gives {result} for {arguments}.")
    formula = working.spoken(function.formula)
    shown = _result(function, numbers, result)
    arguments = [working.listed([*filter(None, row)]) for row in zip(*columns, strict=True)]
    parts: dict[str, str | Texts] = {"name": function.name, "formula": formula, "result": shown, "arguments": arguments}
    return working.filled(template, numbers.rows, **parts)


def _given(kind: Kind, name: str, numbers: Numbers) -> Texts:
    """An argument of each row with its name; nothing where it is blank."""
    value = numbers.values[name]
    if name in numbers.ranges:
        return [f"{working.spoken(name)} {working.written(kind, value)}" if value is not None else ""] * numbers.rows
    texts = working.column(numbers.rows, kind, value)
    cells = value.tolist() if isinstance(value, np.ndarray) else [value] * numbers.rows
    return ["" if is_blank(cell) else f"{working.spoken(name)} {text}" for cell, text in zip(cells, texts, strict=True)]


def _result(function: SalesFunction, numbers: Numbers, result: Any) -> Texts:
    if isinstance(result, list):
        return ["; ".join(_single(function, cell).rstrip(".") for row in result for cell in row)]
    kind = _kind(function)
    shown = working.column(numbers.rows, kind, result, decimals=2)
    if isinstance(result, str) or function.gives_text:
        return shown
    if function.unit in _RATES_OF_MONEY:
        return [_(_RATES_OF_MONEY[function.unit]).format(amount=text) for text in shown]
    if function.unit in _UNSPOKEN_UNITS:
        return shown
    unit = _(function.unit)
    ones = np.broadcast_to(np.equal(result, 1), numbers.rows).tolist()
    return [text if one else f"{text} {unit}" for one, text in zip(ones, shown, strict=True)]


def _single(function: SalesFunction, cell: Any) -> str:
    return working.written(_kind(function), cell, decimals=2)
