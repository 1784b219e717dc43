"""A second calculation engine, IronCalc: what both give, written by different people, is taken for right.

It gets single formulas and, as constants, the cells that they read. It runs in a process of its own that is ended
when it takes too long, for a formula may stop it or keep it going for ever; it answers one question after the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import Any

from xlsales.bounded import Bounds, ExceededError, NoRoomError, serve, shared
from xlsales.errors import InputError

BOUNDS = Bounds(seconds=20.0)
_MODULE = "ironcalc"


@dataclass
class Question:
    """Formulas, and the cells that they read."""

    sheets: list[str]
    cells: list[tuple[int, int, int, Any]] = field(default_factory=list)  # sheet, row, column, value
    formulas: list[tuple[int, int, int, str]] = field(default_factory=list)


def is_there() -> bool:
    """Whether the second engine is installed."""
    return find_spec(_MODULE) is not None


def answers(question: Question, bounds: Bounds = BOUNDS) -> Sequence[Any]:
    """Return what the second engine gives for each formula: an error as `{"error": …}`, None where it has no answer."""
    nothing = [None] * len(question.formulas)
    if not question.formulas or not is_there():
        return nothing
    try:
        found: Sequence[Any] = shared(__name__, bounds).ask(asdict(question))
    except (InputError, ExceededError, NoRoomError):
        return nothing
    return found


def _calculated(question: Mapping[str, Any]) -> list[Any]:
    import ironcalc  # the process that asks does without it

    model = ironcalc.create("workbook")
    for number, name in enumerate(question["sheets"]):
        if number:
            model.add_sheet(name)
        else:
            model.rename_sheet(0, name)
    for sheet, row, column, value in question["cells"]:
        _put(model, (sheet, row, column), value)
    accepted = [_accepts(model, *one) for one in question["formulas"]]
    model.evaluate()
    places = (tuple(one[:3]) for one in question["formulas"])
    return [_value(model, place) if is_in else None for place, is_in in zip(places, accepted, strict=True)]


def _put(model: Any, place: tuple[int, int, int], value: Any) -> None:
    match value:
        case bool():
            model.update_cell_with_bool(*place, value)
        case int() | float():
            model.update_cell_with_number(*place, float(value))
        case str():
            model.update_cell_with_text(*place, value)
        case {"error": code}:
            model.set_user_input(*place, code)


def _accepts(model: Any, sheet: int, row: int, column: int, formula: str) -> bool:
    try:
        model.update_cell_with_formula(sheet, row, column, f"={formula}")
    except Exception:  # it raises several kinds
        return False
    return True


def _value(model: Any, place: tuple[int, int, int]) -> Any:
    value, kind = model.get_cell_value(*place), str(model.get_cell_type(*place)).rpartition(".")[2]
    if kind == "ErrorValue":
        return {"error": value}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if kind in ("Array", "CompoundData") or (is_number and not math.isfinite(value)) else value


if __name__ == "__main__":
    serve(_calculated)
