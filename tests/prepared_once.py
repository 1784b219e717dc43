"""Templates that many tests fill are read and compiled once by each of pytest's processes, which takes seconds.

A template is known by its bytes, so that a changed one is another. The tests of reading and compiling call these
themselves, and each process that a run starts prepares its template as ever.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import pytest

from tests.made_once import run_folder
from xlsales.batch import Options, filled_copies, preparing
from xlsales.calculation.compiled import Account, Compiled, Room, Verdict
from xlsales.files import kept
from xlsales.workbook import template
from xlsales.workbook.template import Template

_KEPT = 10  # of each


class Kept:
    """The latest results of something that takes long."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result of this key, made where it is not there."""
        if key not in self._results:
            self._results[key] = make()
            if len(self._results) > _KEPT:
                self._results.popitem(last=False)
        self._results.move_to_end(key)
        return self._results[key]


@pytest.fixture(scope="session", autouse=True)
def prepared_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is read and compiled, for the session; what processes keep for others is of this run alone."""
    compiled, divided, read = Kept(), Kept(), Kept()
    copies_anew, divided_anew, parse_anew = filled_copies.copies, preparing._calculation, template.parse

    def kept_copies(
        opened: Template,
        writer: str,
        as_of: dt.date | None,
        known: Verdict | None = None,
        _room: Room | None = None,  # of a worker: those who take turns here have one for each template
    ) -> filled_copies.Copies:
        key = (opened.sha256, writer, as_of)
        found: filled_copies.Copies = compiled.get(key, lambda: copies_anew(opened, writer, as_of, known))
        return found

    def kept_calculation(opened: Template, options: Options, as_of: dt.date | None) -> tuple[Account, Compiled | None]:
        key = (opened.sha256, options.template is None, as_of)
        found: tuple[Account, Compiled | None] = divided.get(key, lambda: divided_anew(opened, options, as_of))
        return found

    def kept_parse(package: bytes, name: str) -> Template:
        key = (hashlib.sha256(package).digest(), name)
        found: Template = read.get(key, lambda: parse_anew(package, name))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kept.FOLDER, str(run_folder(tmp_path_factory) / "cache"))
        patch.setattr(filled_copies, "copies", kept_copies)
        patch.setattr(preparing, "_calculation", kept_calculation)
        patch.setattr(template, "parse", kept_parse)
        yield
