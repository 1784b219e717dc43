"""All LAMBDAs: as one types them, and as names of a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlsales.functions import CATALOGUE
from xlsales.functions.registry import SalesFunction
from xlsales.lambdas import writing
from xlsales.lambdas.bodies import NONE, all_bodies
from xlsales.lambdas.stored import stored
from xlsales.texts import N_, _

LONGEST_COMMENT: Final = 255  # of a defined name; with more, Excel cannot open the file
_NOT_WRITTEN: Final = N_("Nobody has written its LAMBDA yet.")


@dataclass(frozen=True)
class Lambda:
    """One function as a name of a workbook."""

    function: SalesFunction
    typed: str  # as one types it after the equals sign

    @property
    def name(self) -> str:
        """The name, which is the function's."""
        return self.function.name

    @property
    def stored(self) -> str:
        """The formula as a file stores it."""
        return stored(self.typed)

    @property
    def comment(self) -> str:
        """What Excel shows while one types the name."""
        return _(self.function.summary)[:LONGEST_COMMENT]


def library() -> dict[str, Lambda]:
    """The functions that have a LAMBDA, in the catalogue's order, with texts in the language in use."""
    bodies = all_bodies()
    return {
        name: Lambda(function, writing.write(function, bodies[name], CATALOGUE))
        for name, function in CATALOGUE.items()
        if name in bodies
    }


def without() -> Mapping[str, str]:
    """The functions that have none, and why."""
    bodies = all_bodies()
    return {name: _(NONE.get(name, _NOT_WRITTEN)) for name in CATALOGUE if name not in bodies}
