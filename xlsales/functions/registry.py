"""How a sales function is declared – once – and what every host reads from the declaration."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Concatenate, ParamSpec, get_args, get_origin, get_type_hints

from xlsales.functions import analysts, cells, reference
from xlsales.functions.arguments import MISSING, Argument, Proof
from xlsales.functions.errors import VALUE, SalesFunctionError
from xlsales.functions.evaluation import Outcome, evaluate
from xlsales.functions.faults import Require

P = ParamSpec("P")

CATEGORY = "Sales planning"  # in Excel's function wizard
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What can stand in a formula as it is; anything else is put in parentheses.
_OPERAND = re.compile(r"""[\w.$:!]+|'[^']+'![\w.$:]+|"[^"]*"|-?[\d.]+%?|TRUE|FALSE""")


class TooManyArgumentsError(TypeError):
    """A call has more arguments than the function takes."""


@dataclass(frozen=True)
class Example:
    """A call and its result, worked by hand."""

    arguments: tuple[Any, ...]
    result: Any
    working: str


@dataclass(frozen=True)
class Remark:
    """What is said in addition where a condition holds; the text may name arguments in braces."""

    condition: str  # as in a formula
    text: str


def remark(condition: str, text: str) -> Remark:
    """A remark on calls in which a condition, written as in a formula, holds."""
    return Remark(condition, text)


def example(*arguments: Any, gives: Any, working: str) -> Example:
    """An example: the arguments, the result, and how it is worked by hand."""
    return Example(arguments, gives, working)


@dataclass(frozen=True)
class SalesFunction:
    """One sales function, as declared."""

    name: str  # as in Excel: MAGIC_NUMBER
    subject: str
    summary: str
    formula: str
    unit: str  # of the result
    source: str
    examples: tuple[Example, ...]
    arguments: tuple[Argument, ...]
    body: Callable[..., Any]
    native: str = ""  # an ordinary Excel formula with {argument} for each reference
    native_for: Mapping[str, str] | None = None  # shorter ones, where the choice is a constant
    no_native: str = ""  # why there is no native twin
    notes: tuple[str, ...] = ()
    gives_text: bool = False
    gives_date: bool = False  # a serial date in cells, a date in Python
    spills: bool = False
    adds_up: bool = False  # over rows, to the sum of what each gives, of which a row of zeros gives none
    proof: Proof | None = None  # what a result says of the arguments
    usual: Mapping[str, Mapping[str, float]] | None = None  # for arguments left out, by the word of the choice
    remarks: tuple[Remark, ...] = ()  # what SALES_EXPLAIN adds
    category: str = CATEGORY

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Pickle a function of the catalogue by its name, since its body is a part of the program."""
        return _from_catalogue, (self.name,)

    @property
    def python_name(self) -> str:
        """The name in Python: magic_number."""
        return self.name.lower()

    @cached_property
    def signature(self) -> str:
        """The call as a person reads it, optional arguments in brackets."""
        return reference.signature(self)

    @property
    def is_variadic(self) -> bool:
        """Whether the last argument may be given any number of times."""
        return bool(self.arguments) and self.arguments[-1].variadic

    def bind(self, values: tuple[Any, ...], named: Mapping[str, Any] | None = None) -> list[Any]:
        """One value per argument, MISSING where it was left out."""
        fixed = len(self.arguments) - self.is_variadic
        if len(values) > fixed and not self.is_variadic:
            raise TooManyArgumentsError(f"{self.signature} takes {fixed} arguments, not {len(values)}")
        bound = dict(zip((argument.name for argument in self.arguments), values[:fixed], strict=False))
        for name, value in (named or {}).items():
            if name in bound or name not in {argument.name for argument in self.arguments[:fixed]}:
                raise TypeError(f"{self.signature} takes {name!r} once, by one of the names shown, or not at all")
            bound[name] = value
        given = [bound.get(argument.name, MISSING) for argument in self.arguments[:fixed]]
        return [*given, values[fixed:]] if self.is_variadic else given

    def evaluate(self, given: list[Any]) -> Outcome:
        """The outcome for one value per argument."""
        return evaluate(
            self.arguments,
            self.body,
            given,
            spills=self.spills,
            gives_text=self.gives_text,
            adds_up=self.adds_up,
            proof=self.proof,
        )

    def call(self, *values: Any, **named: Any) -> Any:
        """Call from Python: numbers, arrays or Series in, the same kind out."""
        given = self._bind_all(values, named)
        return analysts.result(self.evaluate(given), self.arguments, given, dates=self.gives_date)

    def check(self, *values: Any, **named: Any) -> analysts.Checked:
        """Call from Python without raising: the values with the errors and reasons beside them."""
        given = self._bind_all(values, named)
        try:
            return analysts.checked(self.evaluate(given), self.arguments, given, dates=self.gives_date)
        except SalesFunctionError as error:
            nothing = None if self.gives_text or self.gives_date or self.spills else float("nan")
            return analysts.Checked(nothing, error.code, error.message)

    def _bind_all(self, values: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
        given = self.bind(values, named)
        for argument, value in zip(self.arguments, given, strict=True):
            if value is MISSING and argument.required:
                raise TypeError(f"{self.signature} needs {argument.name}")
        return given

    def call_cells(self, *values: Any) -> Any:
        """Call from a cell: what a spreadsheet sends in, a value, an error or rows of them out.

        `None` is a blank cell, MISSING an omitted argument, a CellError an error value, a list of rows a
        range. Never raises for what a cell can hold, and never returns NaN.
        """
        try:
            given = self.bind(tuple(cells.received(value) for value in values))
            return cells.sent(self.evaluate(given))
        except TooManyArgumentsError:
            return SalesFunctionError(VALUE, "", reference.too_many(self, len(values))).as_cell()
        except SalesFunctionError as error:
            return error.as_cell()

    def native_formula(self, **references: str) -> str:
        """The native twin for these cells, names or constants, without the leading `=`.

        An argument left out takes its default. A reference to a blank cell does not: the twin then shows an
        error. Raises TypeError for an unknown or missing argument, LookupError where there is no twin.
        """
        if not self.native:
            raise LookupError(f"{self.name} has no native formula: {self.no_native}")
        unknown = references.keys() - {argument.name for argument in self.arguments}
        if unknown:
            raise TypeError(f"{self.signature} has no argument {', '.join(sorted(unknown))}")
        operands = {argument.name: _operand(self, argument, references) for argument in self.arguments}
        return _PLACEHOLDER.sub(lambda match: operands[match[1]], self._template(operands))

    def _template(self, operands: Mapping[str, str]) -> str:
        for argument in self.arguments:
            word = operands[argument.name].strip('"').upper()
            if self.native_for and argument.choices and operands[argument.name].startswith('"'):
                return self.native_for.get(word, self.native)
        return self.native


def _from_catalogue(name: str) -> SalesFunction:
    from xlsales.functions.catalogue import CATALOGUE

    return CATALOGUE[name]


def _operand(function: SalesFunction, argument: Argument, references: Mapping[str, str]) -> str:
    if argument.name in references:
        given = str(references[argument.name])
        return given if _OPERAND.fullmatch(given) else f"({given})"
    if argument.required:
        raise TypeError(f"{function.signature} needs {argument.name}")
    return argument.omitted if argument.default is None else reference.literal(argument.default)


class Subject:
    """A group of functions; iterating gives them in the order of their declaration."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._functions: list[SalesFunction] = []

    def __iter__(self) -> Iterator[SalesFunction]:
        return iter(self._functions)

    def function(
        self,
        *,
        summary: str,
        unit: str,
        source: str,
        examples: tuple[Example, ...],
        native: str = "",
        native_for: Mapping[str, str] | None = None,
        no_native: str = "",
        notes: tuple[str, ...] = (),
        gives_text: bool = False,
        gives_date: bool = False,
        spills: bool = False,
        adds_up: bool = False,
        proof: Proof | None = None,
        usual: Mapping[str, Mapping[str, float]] | None = None,
        remarks: tuple[Remark, ...] = (),
    ) -> Callable[[Callable[Concatenate[Require, P], Any]], Callable[P, Any]]:
        """Declare a function; its name, arguments and defaults are the body's, its formula the docstring."""

        def declare(body: Callable[Concatenate[Require, P], Any]) -> Callable[P, Any]:
            function = SalesFunction(
                name=body.__name__.upper(),
                subject=self.title,
                summary=summary,
                formula=inspect.cleandoc(body.__doc__ or ""),
                unit=unit,
                source=source,
                examples=examples,
                arguments=_arguments(body),
                body=body,
                native=native,
                native_for=native_for,
                no_native=no_native,
                notes=notes,
                gives_text=gives_text,
                gives_date=gives_date,
                spills=spills,
                adds_up=adds_up,
                proof=proof,
                usual=usual,
                remarks=remarks,
            )
            self._functions.append(function)
            return _public(function, body)

        return declare


def _arguments(body: Callable[..., Any]) -> tuple[Argument, ...]:
    hints = get_type_hints(body, include_extras=True)
    parameters = list(inspect.signature(body).parameters.values())[1:]
    return tuple(_argument(hints[parameter.name], parameter) for parameter in parameters)


def _argument(hint: Any, parameter: inspect.Parameter) -> Argument:
    declared = get_args(hint)[1] if get_origin(hint) is Annotated else None
    if not isinstance(declared, Argument):
        raise TypeError(f"{parameter.name}: annotate it with Annotated[Numbers, number(…)] or the like")
    default = parameter.default
    if default is inspect.Parameter.empty:
        default = MISSING
    elif isinstance(default, int) and not isinstance(default, bool):
        default = float(default)
    variadic = parameter.kind is inspect.Parameter.VAR_POSITIONAL
    return replace(declared, name=parameter.name, default=default, variadic=variadic)


def _public(function: SalesFunction, body: Callable[Concatenate[Require, P], Any]) -> Callable[P, Any]:
    def public(*args: P.args, **kwargs: P.kwargs) -> Any:
        return function.call(*args, **kwargs)

    shown = inspect.signature(body)
    public.__name__, public.__qualname__, public.__module__ = body.__name__, body.__name__, body.__module__
    public.__doc__ = reference.docstring(function)
    public.__annotations__ = {}
    public.__signature__ = shown.replace(  # type: ignore[attr-defined]
        parameters=[
            parameter.replace(annotation=inspect.Parameter.empty) for parameter in list(shown.parameters.values())[1:]
        ],
        return_annotation=inspect.Signature.empty,
    )
    return public
