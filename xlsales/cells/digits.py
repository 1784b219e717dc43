"""What Excel makes of the last digits of numbers: comparisons see 15 of them, and a sum that leaves nothing is 0.

Comparisons (`=`, `<`, …) round both sides to 15 significant digits. Where the last operation of a formula is an
addition or subtraction, and what remains of two numbers that agree in 15 digits is not 0, Excel shows 0.
"""

from __future__ import annotations

_DIGITS = 15
CLOSE = 1e-14  # numbers further apart, as a share of the larger, differ in 15 digits


def seen(number: float) -> float:
    """Return a number as comparisons see it: with 15 significant digits."""
    return float(f"{number:.{_DIGITS - 1}e}")


def ends_in_brackets(formula: str) -> bool:
    """Whether a whole formula stands in brackets, whose last operation is then none."""
    depth = 0
    text = formula.strip().removeprefix("=").strip()
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return place == len(text) - 1 and text.startswith("(")
    return False


def alike(one: float, other: float) -> bool:
    """Whether two numbers agree in 15 significant digits."""
    if one == other:
        return True
    return abs(one - other) <= CLOSE * max(abs(one), abs(other)) and seen(one) == seen(other)


def remainder(result: float, one: float, other: float) -> float:
    """Return what `one + other` leaves as the last operation of a formula, its `result` in binary numbers."""
    return 0.0 if result and alike(one, -other) else result
