"""The option that lets the workers of a Dask cluster do the work."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Scheduler: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:8786",
        help="Let the workers of this Dask cluster do the work; see docs/scale.md.",
        show_default=False,
    ),
]
