"""What a person reads when a sales function has no result: what is wrong, and what to type instead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsales.epoch import EPOCH
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.coercion import both_readings, is_blank, read_number
from xlsales.texts import N_, _

_OUTSIDE = {
    ("above",): N_("{argument} must be more than {above}; it is {value}."),
    ("at_least",): N_("{argument} must be {at_least} or more; it is {value}."),
    ("above", "up_to"): N_("{argument} must be more than {above} and at most {up_to}; it is {value}."),
    ("above", "below"): N_("{argument} must be more than {above} and less than {below}; it is {value}."),
    ("at_least", "up_to"): N_("{argument} must be from {at_least} to {up_to}; it is {value}."),
    ("at_least", "below"): N_("{argument} must be {at_least} or more, and less than {below}; it is {value}."),
    ("below",): N_("{argument} must be less than {below}; it is {value}."),
    ("up_to",): N_("{argument} must be {up_to} or less; it is {value}."),
}
_SPELL_OUT = N_(
    "{argument} is {value}, which means {percent}: enter {meant}% or {fraction}; "
    'where {percent} is meant, enter it as text, "{percent}".'
)
_WRONG_KIND = {
    Kind.NUMBER: N_("{argument} is {value}, which is not a number: type digits and a decimal point, like 12500.5."),
    Kind.RATE: N_("{argument} is {value}, which is not a number: type 20% or 0.20."),
    Kind.DATE: N_("{argument} is {value}, which is not a date: type year, month and day, such as 2027-01-31."),
    Kind.CHOICE: N_("{argument} is {value}: type one of the words {choices}."),
    Kind.FLAG: N_("{argument} is {value}: type TRUE or FALSE."),
    Kind.TEXT: N_("{argument} is {value}: type text."),
    Kind.ANY: N_("{argument} is {value}, which this function cannot use."),
}


def shown(kind: Kind, value: Any) -> str:
    """A value as a person writes it: 20%, 12500, 2027-01-31."""
    if isinstance(value, str):
        return f'"{value}"'
    if is_blank(value):
        return _("blank")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.date):
        value = read_number(value)  # what the cell holds
    if isinstance(value, (int, float)) and abs(value) < float("inf"):
        return _shown_number(kind, value)
    return str(value)


def _shown_number(kind: Kind, value: float) -> str:
    value = read_number(value) + 0.0  # no minus in front of a nought
    if kind is Kind.RATE:
        return f"{value * 100:.10g}%"
    if kind is Kind.DATE and 61 <= value < 2958466:
        return (EPOCH + dt.timedelta(days=int(value))).isoformat()
    return f"{value:.10g}"


def wrong_kind(argument: Argument, value: Any) -> str:
    """A cell holds something else than the argument wants."""
    if argument.is_numeric and (readings := both_readings(value)):
        text = _("{argument} is {value}, which may mean {thousands} or {decimals}: enter the one that is meant.")
        thousands, decimals = readings
        return text.format(argument=argument.name, value=shown(Kind.ANY, value), thousands=thousands, decimals=decimals)
    return _(_WRONG_KIND[argument.kind]).format(
        argument=argument.name, value=shown(Kind.ANY, value), choices=", ".join(argument.choices)
    )


def heading(argument: Argument, value: Any) -> str:
    """A range begins with text where it should hold numbers: a whole column, with its heading."""
    if both_readings(value):
        return wrong_kind(argument, value)
    return _(
        "{argument} begins with {value}, which looks like a heading: begin the range below it, such as A2:A100."
    ).format(argument=argument.name, value=shown(Kind.ANY, value))


def blank(argument: Argument) -> str:
    """A required cell is empty."""
    if argument.is_range:
        return _("{argument} has a blank cell: fill all of them.").format(argument=argument.name)
    return _("{argument} is blank: enter a value ({unit}).").format(argument=argument.name, unit=_(argument.unit))


def outside(argument: Argument, value: Any) -> str:
    """A value is outside the argument's domain."""
    name = argument.name
    if argument.kind is Kind.CHOICE:
        return wrong_kind(argument, value)
    if argument.kind is Kind.DATE:
        text = _("{argument} is {value}, which is no date from 1900 to 9999: type it as 2027-01-31.")
        return text.format(argument=name, value=f"{value:.10g}")
    if abs(value) == float("inf"):
        return _("{argument} is infinite: enter a number that a cell can hold.").format(argument=name)
    if argument.kind is Kind.RATE and abs(value) > 1 and argument.admits(value / 100, value / 100):
        return _typed_as_percent(argument, value)
    bounds = {key: getattr(argument, key) for key in ("above", "at_least", "below", "up_to")}
    given = {key: shown(argument.kind, bound) for key, bound in bounds.items() if bound is not None}
    text = _(_OUTSIDE[tuple(given)])
    return text.format(argument=name, value=shown(argument.kind, value), **given)


def _typed_as_percent(argument: Argument, value: float) -> str:
    fraction = f"{value / 100:.10g}"
    whole, _point, decimals = fraction.partition(".")
    can_be_meant = argument.spelled_above is not None and not argument.outside(value, spelled=True)
    text = (
        _SPELL_OUT
        if can_be_meant
        else N_("{argument} is {value}, which means {percent}: enter {meant}% or {fraction}.")
    )
    return _(text).format(
        argument=argument.name,
        value=f"{value:.10g}",
        percent=shown(Kind.RATE, value),
        meant=f"{value:.10g}",
        fraction=f"{whole}.{decimals:0<2}",
    )


def nothing_to_divide_by(argument: Argument) -> str:
    """A divisor is zero."""
    return _("{argument} is 0, so there is nothing to divide by: enter a value above 0.").format(argument=argument.name)


def error_cell(argument: Argument, code: str) -> str:
    """A cell already holds an error."""
    return _("{argument} already holds the error {code}: correct it there first.").format(
        argument=argument.name, code=code
    )


def cell_count(argument: Argument, found: int) -> str:
    """A range has too few or too many cells."""
    return _("{argument} needs exactly {wanted} cells; this range has {found}.").format(
        argument=argument.name, wanted=argument.cells, found=found
    )


def sizes_differ(names: list[str]) -> str:
    """Ranges do not fit together."""
    return _(
        "{arguments} differ in size: give ranges of the same size, one row and one column, or single cells."
    ).format(arguments=", ".join(names))


def too_large() -> str:
    """The result is beyond what a cell can hold."""
    return _("The result is too large for a cell: check the size of the numbers.")


def one_at_a_time(names: list[str]) -> str:
    """A function that fills several cells was given a range."""
    return _("{arguments}: give one cell each, because the result itself fills several cells.").format(
        arguments=", ".join(names)
    )


def ragged() -> str:
    """A range whose rows differ in length."""
    return _("The rows of the range differ in length: give a rectangle of cells.")
