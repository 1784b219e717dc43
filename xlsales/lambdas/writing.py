"""Writes a function's LAMBDA from its declaration and its body.

The order of the checks is that of `xlsales.functions.evaluation`: sizes that do not fit; an error cell; the wrong
kind; a blank; out of domain; nothing to divide by; what the function itself requires. Everything but a *range* may be
a range too, and the result spills.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Final

from xlsales.functions import reference
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.errors import DIV0, NA, NUM, VALUE
from xlsales.functions.excel_names import BUILT_IN
from xlsales.functions.lint import is_cell_address
from xlsales.functions.registry import SalesFunction
from xlsales.lambdas import cells
from xlsales.lambdas.body import Body
from xlsales.lambdas.stored import FUTURE, PLAIN, renamed

LONGEST: Final = 7992  # characters that Excel has been seen to take; 8,192 it does not
_TAKEN: Final = BUILT_IN | PLAIN | FUTURE.keys()
# The worst of a range's cells: its first error, 1 for the wrong kind, 2 for a blank where none may be, or 0.
_WORST: Final = "REDUCE(0,{cells},LAMBDA(a,v,IF(ISERROR(a),a,IF(ISERROR(v),v,IF(ISLOGICAL(v),1,{blank})))))"
_BLANK_IS_WORSE: Final = 'IF(AND(a=0,v=""),2,a)'


def parameter(name: str, functions: Iterable[str]) -> str:
    """An argument's name as that of a parameter, which must be no function's and no cell's."""
    taken = name.upper() in _TAKEN or is_cell_address(name) or name.upper() in functions
    return f"{name}_" if taken else name


def write(function: SalesFunction, body: Body, functions: Iterable[str]) -> str:
    """The LAMBDA as one types it into Excel, without the equals sign."""
    return _Writer(function, body, frozenset(functions)).formula()


def _let(names: Iterable[tuple[str, str]], result: str) -> str:
    given = "".join(f"{name},{formula}," for name, formula in names)
    return f"LET({given}{result})" if given else result


def _any(conditions: Sequence[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})"


def _chain(checks: Iterable[tuple[str, str]], result: str) -> str:
    """The first check whose condition holds decides."""
    return reduce(lambda rest, check: f"IF({check[0]},{check[1]},{rest})", reversed(list(checks)), result)


class _Writer:
    """The parts of one LAMBDA, which know the names that the others use."""

    def __init__(self, function: SalesFunction, body: Body, functions: frozenset[str]) -> None:
        self._function = function
        self._body = body
        self._parameters = {argument.name: parameter(argument.name, functions) for argument in function.arguments}
        self._singles = [argument for argument in function.arguments if not argument.is_range]
        self._ranges = [argument for argument in function.arguments if argument.is_range]

    def formula(self) -> str:
        listed = ",".join(
            self._parameters[argument.name] if argument.required else f"[{self._parameters[argument.name]}]"
            for argument in self._function.arguments
        )
        helpers = cells.readers(argument.kind for argument in self._function.arguments)
        return f"LAMBDA({listed},{_let([*helpers.items(), *self._read_ranges()], self._answer())})"

    # What is given as a whole range.

    def _read_ranges(self) -> Iterator[tuple[str, str]]:
        for argument in self._ranges:
            given, name = self._parameters[argument.name], argument.name
            reader = cells.READER[argument.kind]
            read = f"IF(TYPE({given})=64,MAP({given},{reader}),{reader}({given}))"
            if not argument.required:  # a blank cell counts as left out
                yield f"no_{name}", f'IF(ISOMITTED({given}),TRUE,IF(TYPE({given})=64,FALSE,tidy({given})=""))'
                read = f'IF(no_{name},"",{read})'
            yield f"all_{name}", read
            refuses = not (argument.skip_blanks or argument.keep_blank)
            blank = _BLANK_IS_WORSE if refuses else "a"
            yield f"worst_{name}", _WORST.format(cells=f"all_{name}", blank=blank)
        if self._ranges:
            yield from self._keep_cells()
            yield "whole", _chain(self._checks([], self._ranges), "0")

    def _keep_cells(self) -> Iterator[tuple[str, str]]:
        skipping = [argument for argument in self._ranges if argument.skip_blanks]
        filled = "*".join(f'(TOCOL(all_{argument.name})<>"")' for argument in skipping)
        if skipping:
            yield "kept", filled if len(skipping) > 1 else f"{filled}*1"
            yield "pairs", "SUM(kept)"
        for argument in self._ranges:
            cells_of = f"TOCOL(all_{argument.name})"
            yield f"the_{argument.name}", f"FILTER({cells_of},kept,0)" if argument.skip_blanks else cells_of

    # What is given cell by cell, and spills.

    def _answer(self) -> str:
        whole = "whole" if self._ranges else ""
        if not self._singles:
            return f"IF(ISERROR({whole}),{whole},{self._result()})"
        one = f"LAMBDA(i,j,{_let(self._read_singles(), self._checked())})"
        sized = [self._parameters[argument.name] for argument in self._singles]
        heights, widths = ([f"IFERROR({count}({name}),1)" for name in sized] for count in ("ROWS", "COLUMNS"))
        names = [("pick", cells.PICK), ("one", one)]
        names += [("height", f"MAX({','.join(heights)})"), ("width", f"MAX({','.join(widths)})")]
        if self._function.spills:
            return _let(names, f"IF(height*width>1,{VALUE},one(1,1))")
        fits = [f"OR({size}=1,{size}={of})" for sizes, of in ((heights, "height"), (widths, "width")) for size in sizes]
        spilled = "MAKEARRAY(height,width,one)"
        if whole:
            spilled = f"IF(ISERROR({whole}),{whole},{spilled})"
        if len(sized) > 1:
            spilled = f"IF(AND({','.join(fits)}),{spilled},{VALUE})"
        return _let(names, f"IF(height*width=1,one(1,1),{spilled})")

    def _read_singles(self) -> Iterator[tuple[str, str]]:
        for argument in self._singles:
            given = self._parameters[argument.name]
            cell = f"{cells.READER[argument.kind]}(pick({given},i,j))"
            if argument.required:
                left_out = '""'
            elif argument.default is None:
                left_out = "0" if argument.kind is Kind.TEXT else '""'  # a blank text is not one left out
            else:
                left_out = _constant(argument)
                cell = f'LET(v,{cell},IF(v="",{left_out},v))'
            yield f"the_{argument.name}", f"IF(ISOMITTED({given}),{left_out},{cell})"

    def _checked(self) -> str:
        return _chain(self._checks(self._singles, self._ranges), self._result())

    def _result(self) -> str:
        checks = [(self._named(condition), code) for condition, code in self._body.requires]
        between = [(name, self._named(formula)) for name, formula in self._body.between]
        return _let(between, _chain(checks, self._named(self._body.result)))

    def _named(self, formula: str) -> str:
        """The body's formula with the clean values in place of the arguments."""
        return renamed(formula, {name: f"the_{name}" for name in self._parameters})

    # The checks that every argument has of its own.

    def _checks(self, singles: Sequence[Argument], ranges: Sequence[Argument]) -> Iterator[tuple[str, str]]:
        listed = [argument for argument in self._function.arguments if argument in (*singles, *ranges)]
        if ranges and (sizes := list(self._sizes())):
            yield _any(sizes), VALUE
        for argument in listed:
            name = f"worst_{argument.name}" if argument.is_range else f"the_{argument.name}"
            yield f"ISERROR({name})", name
        yield _any([_is_wrong(argument) for argument in listed]), VALUE
        blanks = [condition for argument in listed if (condition := _is_blank(argument))]
        if blanks:
            yield _any(blanks), NA
        outside = [condition for argument in listed if (condition := _is_outside(argument))]
        if outside:
            yield _any(outside), NUM
        zeros = [f"the_{argument.name}=0" for argument in listed if argument.divisor]
        if zeros:
            yield _any(zeros), DIV0

    def _sizes(self) -> Iterator[str]:
        """The conditions under which ranges have the wrong size, or not all the same."""
        for argument in self._ranges:
            given = self._parameters[argument.name]
            there = "" if argument.required else f"no_{argument.name}"
            wrong = []
            if argument.cells:
                wrong.append(f"ROWS({given})*COLUMNS({given})<>{argument.cells}")
            if argument is not self._ranges[0]:
                first = self._parameters[self._ranges[0].name]
                wrong += [f"ROWS({given})<>ROWS({first})", f"COLUMNS({given})<>COLUMNS({first})"]
            if wrong:
                yield f"IF({there},FALSE,{_any(wrong)})" if there else _any(wrong)


def _constant(argument: Argument) -> str:
    """An argument's default; TRUE and FALSE are 1 and 0 here."""
    if argument.kind is Kind.FLAG:
        return str(int(argument.default))
    return reference.literal(argument.default)


def _is_wrong(argument: Argument) -> str:
    return f"worst_{argument.name}=1" if argument.is_range else f"ISLOGICAL(the_{argument.name})"


def _is_blank(argument: Argument) -> str:
    if argument.is_range:
        return "" if argument.skip_blanks or argument.keep_blank else f"worst_{argument.name}=2"
    return f'the_{argument.name}=""' if argument.required and not argument.keep_blank else ""


def _is_outside(argument: Argument) -> str:
    name = f"the_{argument.name}"
    if argument.kind is Kind.CHOICE:
        known = [f'({name}="{word}")' for word in argument.choices]
        if argument.is_range:
            return f"IF(pairs=0,FALSE,SUM({'+'.join(known)})<pairs)"
        return f"NOT({_any(known)})"
    smallest, largest = (f"MIN({name})", f"MAX({name})") if argument.is_range else (name, name)
    bounds = (
        (smallest, "<=", argument.above),
        (smallest, "<", argument.at_least),
        (largest, ">=", argument.below),
        (largest, ">", argument.up_to),
    )
    conditions = [f"{value}{sign}{bound:.15g}" for value, sign, bound in bounds if bound is not None]
    if not conditions or not argument.is_numeric:
        return ""
    if argument.is_range:
        return f"IF(pairs=0,FALSE,{_any(conditions)})" if argument.skip_blanks else _any(conditions)
    may_be_blank = argument.keep_blank or argument.default is None
    return f"IF(ISNUMBER({name}),{_any(conditions)},FALSE)" if may_be_blank else _any(conditions)
