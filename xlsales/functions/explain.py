"""In words: any sales function with the numbers put into its formula, or why it has no result."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Any

import numpy as np

from xlsales.functions import containers, reference
from xlsales.functions.arguments import Numbers as Cells
from xlsales.functions.arguments import anything, text
from xlsales.functions.errors import VALUE, SalesFunctionError
from xlsales.functions.evaluation import clean_values
from xlsales.functions.faults import Require
from xlsales.functions.organisation import ORGANISATION
from xlsales.functions.registry import SalesFunction, Subject, TooManyArgumentsError, example
from xlsales.functions.sentences import EXPLAINED, no_result, sentences
from xlsales.texts import N_, _

EXPLANATION = Subject(ORGANISATION.title)


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
    function = EXPLAINED.get(function_name.strip().upper().replace("-", "_"))
    return _unknown(function_name) if function is None else explained(function, argument[0])


def _unknown(name: str) -> str:
    near = get_close_matches(name.strip().upper(), EXPLAINED, n=1)
    if near:
        return _("There is no sales function {name} to explain; did you mean {near}?").format(name=name, near=near[0])
    return _("There is no sales function {name} to explain: give a name such as MAGIC_NUMBER.").format(name=name)


def explained(function: SalesFunction, values: Sequence[Any]) -> Any:
    """The sentence for one call, or an array of sentences where arrays stand for single cells."""
    try:
        bound = function.bind(tuple(values))
    except TooManyArgumentsError:
        return no_result(function, reference.too_many(function, len(values)))
    given = [
        containers.array(argument.name, value) if containers.is_array(value) else value
        for argument, value in zip(function.arguments, bound, strict=True)
    ]
    try:
        outcome = function.evaluate(given)
    except SalesFunctionError as error:
        return _everywhere(function, given, no_result(function, error.message))
    clean = clean_values(function.arguments, given, spills=function.spills)
    found = np.empty(outcome.shape, dtype=object)
    flat = found.reshape(-1)
    for places, texts in outcome.faults.reasons():
        flat[places] = [no_result(function, text) for text in texts]
    good = np.flatnonzero(np.array([sentence is None for sentence in flat.tolist()], dtype=bool))
    spread = {
        argument.name: np.broadcast_to(value, outcome.shape).reshape(-1)[good]
        if isinstance(value, np.ndarray) and not argument.is_range
        else value
        for argument, value in zip(function.arguments, clean, strict=True)
    }
    result = outcome.values.reshape(-1)[good] if outcome.shape else outcome.values
    if not outcome.shape:
        return sentences(function, spread, result, 1)[0]
    flat[good] = sentences(function, spread, result, good.size)
    return found.tolist()


def _everywhere(function: SalesFunction, given: Sequence[Any], sentence: str) -> Any:
    """The same sentence for each element of a call that fails as a whole."""
    shapes = [
        value.shape
        for argument, value in zip(function.arguments, given, strict=True)
        if isinstance(value, np.ndarray) and not argument.is_range
    ]
    try:
        shape = () if function.spills else np.broadcast_shapes(*shapes)
    except ValueError:
        return sentence
    return np.full(shape, sentence, dtype=object).tolist() if shape else sentence
