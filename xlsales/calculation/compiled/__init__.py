"""A template compiled into NumPy: the formulas of many planners calculated at once.

tree, groups, order         what the formulas are, which of them are alike, what comes after what
cells, reading              where the cells stand, and how ranges of them are read
values, texts, coercion     many planners' values side by side, each with its kind
operators, worksheet        what formulas do with them
expressions, session        one function for each group of formulas, called in order
division, rest, account     what is not compiled, and the calculation engine that calculates it
remembered                  how formulas are divided, kept from run to run
"""

from xlsales.calculation.compiled.account import Account
from xlsales.calculation.compiled.calculated import Room
from xlsales.calculation.compiled.session import Compiled
from xlsales.calculation.compiled.verdict import Verdict

__all__ = ["Account", "Compiled", "Room", "Verdict"]
