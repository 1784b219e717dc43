"""Opens a template in a process of its own, which takes the memory that this costs with it when it ends.

python -m xlsales.batch.opened_apart SECONDS MEGABYTES

To compile a large template, and to cut its parts, takes more than a hundred MiB, most of which a process that goes on
would never give back. What is found out is kept, and takes a third of that where it is only read.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import NamedTuple

from xlsales import memory
from xlsales.batch import filled_copies, larger
from xlsales.batch.larger import Sizes
from xlsales.bounded import Bounds, ExceededError, NoRoomError, Worker, serve
from xlsales.errors import InputError
from xlsales.files import kept
from xlsales.workbook import kept_template
from xlsales.workbook.template import Template

BOUNDS = Bounds(seconds=300.0, megabytes=2048)
MANY = 2_000  # formulas: a process takes a third of a second to start, in which fewer are compiled


class Question(NamedTuple):
    """A template, its larger tables, how it is written, and the day that TODAY() and NOW() take for today."""

    package: bytes
    name: str
    size: Sizes
    writer: str
    as_of: dt.date | None


def open_first(template: Template, writer: str, as_of: dt.date | None, size: Sizes = ()) -> None:
    """Have all that copies of a large template need found out and kept, if it is not yet and can be.

    Where that fails, nothing is said: whoever opens the template finds it out anew, and meets the reason.
    """

    def is_known() -> bool:
        return larger.is_known(template, size) if size else filled_copies.are_known(template, writer, as_of)

    if len(template.formulas) < MANY or is_known() or not kept.is_possible():
        return
    with kept.found_out_once(template.sha256, "apart "):
        if not is_known():
            with suppress(InputError, ExceededError, NoRoomError), Worker(__name__, BOUNDS) as process:
                process.ask(Question(template.package, template.name, size, writer, as_of))


def _answer(question: Question) -> None:
    package, name, size, writer, as_of = question
    template = kept_template.parsed(package, name)
    filled_copies.copies(larger.resized(template, size) if size else template, writer, as_of)


if __name__ == "__main__":
    memory.rest()  # what it makes stays until it ends
    serve(_answer)
