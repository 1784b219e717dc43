"""The options of `xlsales batch` that say how planners reach people: their names, and what is printed of them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Name: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="PATTERN",
        help='What planners are called: "{territory_id} {person}", with any column of territories in braces.',
        show_default=False,
    ),
]
Subfolders: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--subfolders",
        metavar="COLUMN",
        help="Put planners into sub-folders: by columns of territories (region, or region,leader); auto: by id where "
        "there are more than 5,000 (the default); always: by id; never.",
        show_default=False,
    ),
]
Pdf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--pdf",
        metavar="Dashboard,Plan",
        help="Print these sheets of each planner to a PDF beside it; LibreOffice must be installed.",
        show_default=False,
    ),
]
