"""What a gap to the peers is called: one rule for planners, the overview and the roll-up, the same as PEER_FLAG's."""

from __future__ import annotations

DIGITS = 12  # exactly 40% above is 40% above, whatever a computer makes of 1.4 - 1


def verdict(gap: str, limit: str, within: str, low: str, high: str, *, is_low: str = "") -> str:
    """Return the formula of a verdict; a limit of -40% flags from 40% below and from 40% above.

    `is_low` says when it is `low`, where that is not simply a gap below 0.
    """
    return f"IF(ROUND(ABS({gap})+{limit},{DIGITS})<0,{within},IF({is_low or f'{gap}<0'},{low},{high}))"


def side(gap: float, limit: float) -> int:
    """Return -1 for a gap that is flagged as low, 1 for one that is as high, else 0: what the formula finds."""
    if round(abs(gap) + limit, DIGITS) < 0:
        return 0
    return -1 if gap < 0 else 1
