"""How many examples Hypothesis tries: few at each run, so that it stays short; many with `python tests --deep`."""

from __future__ import annotations

import os

VARIABLE = "XLSALES_TESTS_DEPTH"  # how many times as many as usual


def examples(usual: int) -> int:
    """So many at each run, and a multiple of it where more is asked for."""
    return usual * max(1, int(os.environ.get(VARIABLE) or "1"))
