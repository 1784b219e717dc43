"""How pytest shares tests among all processors; which of them stay together, tests/on_workers.py says."""

from __future__ import annotations

import os

OPTIONS = ("-n", str(os.cpu_count() or 1), "--dist", "loadgroup", "--no-loadscope-reorder")
_OWN_WAYS = (
    "-n",
    "--numprocesses",
    "--dist",
    "--pdb",
    "--trace",
    "-s",
    "--capture",
    "--collect-only",
    "--co",
    "--help",
)


def options(arguments: list[str]) -> list[str]:
    """The options for a run with these arguments; none where it is a single file, or goes its own way."""
    chosen = any(argument.partition("=")[0].startswith(_OWN_WAYS) for argument in arguments)
    single = any(".py" in argument for argument in arguments)
    return [] if chosen or single else list(OPTIONS)
