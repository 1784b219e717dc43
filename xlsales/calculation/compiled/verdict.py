"""How the formulas of a template are divided: found out once, and told to every process that calculates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsales.calculation.compiled.account import Account
from xlsales.cells.values import Address, CellValue


@dataclass(frozen=True)
class Verdict:
    """Which formulas are compiled, calculated by the engine, or left for Excel."""

    slow: Mapping[Address, str]  # those that the engine calculates, each with the reason
    left: Mapping[Address, str]  # those that are left for Excel, each with the reason
    constants: Mapping[Address, CellValue]  # those that cannot be compiled, but that no input reaches
    defaults: Mapping[Address, CellValue]  # what all of them give without inputs
    handed_over: int = 0  # values of other cells that the engine gets for each planner

    @property
    def account(self) -> Account:
        """What becomes of the formulas, and at what cost."""
        return Account(len(self.defaults), self.slow, self.left, self.handed_over)


class OutdatedVerdictError(Exception):
    """A verdict does not hold: more formulas turn out not to be compiled."""
