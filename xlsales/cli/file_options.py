"""What `xlsales recalc` and `xlsales collect` share: their limits, how they tell, and how far they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias

import typer

Seconds: TypeAlias = Annotated[float, typer.Option("--seconds", min=1, help="Time that a file may take.")]
Megabytes: TypeAlias = Annotated[int, typer.Option("--megabytes", min=256, help="Memory that a process may take.")]
Overwrite: TypeAlias = Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


@contextmanager
def progress(what: str, total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield what is told of files that are done: a bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not (shown and console.is_terminal) or os.environ.get("TERM") == "dumb":
        yield lambda _count: None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)
