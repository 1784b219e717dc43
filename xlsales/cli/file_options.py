"""What `xlsales recalc` and `xlsales collect` share: their limits, how they tell, and how far they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from rich.console import Console

Seconds: TypeAlias = Annotated[float, typer.Option("--seconds", min=1, help="Time that a file may take.")]
Megabytes: TypeAlias = Annotated[int, typer.Option("--megabytes", min=256, help="Memory that a process may take.")]
Overwrite: TypeAlias = Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


@contextmanager
def progress(what: str, total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield what is told of files that are done: a bar on a terminal, nothing elsewhere."""
    console = terminal(shown=shown)
    if console is None:
        yield lambda _count: None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)


def terminal(*, shown: bool) -> Console | None:
    """Return the terminal where progress is shown; None where there is none."""
    if not shown or os.environ.get("TERM") == "dumb" or not _may_be_terminal():
        return None
    from rich.console import Console

    console = Console(stderr=True)
    return console if console.is_terminal else None


def _may_be_terminal() -> bool:
    """Whether Rich, which takes long to import, has to be asked: these variables may tell it what to think."""
    return sys.stderr.isatty() or any(map(os.environ.get, ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")))
