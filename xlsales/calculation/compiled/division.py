"""Which formulas of a template are compiled, which the calculation engine calculates, which are left for Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property

from xlsales.calculation.compiled.verdict import OutdatedVerdictError, Verdict
from xlsales.calculation.session import Session
from xlsales.cells.formulas import asks_the_clock
from xlsales.cells.values import Address, CellValue
from xlsales.texts import _
from xlsales.workbook.template import Template


class Division:
    """Divides the formulas, from what is known to be in the way of compiling them.

    The engine gets what cannot be compiled and all that depends on it, but for what depends on nothing that changes:
    its value is the same in every planner.
    """

    def __init__(self, template: Template, as_of: dt.date | None, known: Session | Verdict) -> None:
        """Divide the formulas, as far as an engine tells already, or as they were divided before."""
        self._template = template
        self._as_of = as_of
        self._causes: dict[Address, str] = {}
        self._verdict = known if isinstance(known, Verdict) else None
        self.slow: Mapping[Address, str] = {}
        self.left: Mapping[Address, str] = {}
        self.constants: Mapping[Address, CellValue] = {}
        if isinstance(known, Verdict):
            self.slow, self.left = known.slow, known.left
            self.constants, self.defaults = known.constants, known.defaults
        else:
            self._own = known
            self.defaults = known.values({})
            self.add(_known(template, known))

    @property
    def verdict(self) -> Verdict:
        """How they are divided."""
        return self._verdict or Verdict(self.slow, self.left, self.constants, self.defaults)

    def __contains__(self, address: object) -> bool:
        """Whether a formula is not compiled."""
        return address in self.slow or address in self.left or address in self.constants

    @cached_property
    def session(self) -> Session:
        """The whole template in the engine, as it calculates where nothing is compiled."""
        return Session(self._template, self._as_of)

    def add(self, reasons: Mapping[Address, str]) -> None:
        """Divide anew: there are more formulas that cannot be compiled."""
        if self._verdict:
            if any(address not in self for address in reasons):
                raise OutdatedVerdictError
            return
        if not reasons.keys() - self._causes.keys():
            return
        self._causes = {**reasons, **self._causes}
        self.left = dict(self.session.left_for_excel)
        causes = [address for address in self._causes if address not in self.left]
        roots = {address for address in causes if self._may_change(address)}
        constants = {**self.constants, **{one: self._values[one] for one in causes if one not in roots}}
        found = self.session.affected(roots) | {address: self._causes[address] for address in roots}
        self.slow = {
            address: self._causes.get(address) or found[address]
            for address in self._template.formulas
            if address in found and address not in self.left
        }
        taken = self.slow.keys() | self.left.keys()
        self.constants = {address: value for address, value in constants.items() if address not in taken}

    def hold(self, addresses: Sequence[Address]) -> bool:
        """Take some formulas that no input reaches for constants; return whether that changes nothing else.

        Where this program has functions of its own for something in them, these calculate it.
        """
        if self._verdict:
            raise OutdatedVerdictError
        before = self.defaults
        self._own.calculate_exactly(addresses)
        self.defaults = self._own.values({})
        self.constants = {**self.constants, **{address: self.defaults[address] for address in addresses}}
        unknown = [address for address in addresses if self.defaults[address] is None]
        self.add(dict.fromkeys(unknown, _("its result depends on what only Excel can tell")))
        return not unknown and before == self.defaults

    def _may_change(self, address: Address) -> bool:
        """Whether a formula may have another value in another planner, or at another time."""
        return address in self._changing or self._values[address] is None or self._asks_the_clock(address)

    def _asks_the_clock(self, address: Address) -> bool:
        if self._as_of is not None:
            return False
        source = self._template.source
        texts = (self._template.formulas[address], *source.names.values())
        return any(map(asks_the_clock, texts))

    @cached_property
    def _changing(self) -> set[Address]:
        """The inputs and what depends on them."""
        inputs = set(self._template.inputs())
        return inputs | self.session.affected(inputs).keys()

    @cached_property
    def _values(self) -> Mapping[Address, CellValue]:
        return self.session.values({})


def _known(template: Template, session: Session) -> dict[Address, str]:
    """Return what the engine does not calculate, and what it knows to depend on more than values."""
    reasons = dict(session.left_for_excel)
    message = _("it looks something up among inputs, which need not be in order")
    reasons |= dict.fromkeys(session.searching_inputs(), message)
    message = _("it is an input cell with a formula")
    return reasons | {address: message for address in template.inputs() if address in template.formulas}
