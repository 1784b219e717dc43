"""How many examples tests try: few at each run, so that it stays short; many with `python tests --deep`.

With other Pythons and dependencies less than half of them: what differs there differs in kind, not in rare examples.
"""

from __future__ import annotations

import os

FEW = 30  # examples, where a test names no other number
VARIABLE = "XLSALES_TESTS_DEPTH"  # how many times as many as usual
SHALLOW = {VARIABLE: "0.4"}  # `python tests --matrix`, where a part of the tests runs
DEEP = {
    VARIABLE: "25",
    "XLSALES_CHANGES": "2000",  # tests/cli/test_damaged.py
    "XLSALES_EDITS": "200",  # tests/edits
    "XLSALES_FAULTS": "1",  # tests/batch/test_faults.py
    "XLSALES_FLIPS": "2000",  # tests/collection/test_byte_flips.py
    "XLSALES_HISTORIES": "500",  # tests/batch/test_histories.py
    "XLSALES_KILLS": "300",  # tests/cli/test_killed.py
    "XLSALES_SHUFFLES": "1",  # tests/batch/test_order_of_rows.py
}


def examples(usual: int) -> int:
    """So many at each run, and a multiple of it where more is asked for."""
    return max(1, round(usual * (float(os.environ.get(VARIABLE) or "1") or 1)))


def every(nth: int) -> int:
    """The step through a list of which each nth is tried at each run, and all where more is asked for."""
    return max(1, nth // examples(1))
