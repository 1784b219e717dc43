"""Runs commands of xlsales one after the other in one process, which has imported everything once.

Each line of its input is the words of a command as JSON; the line that comes back is its exit code and what it said.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from xlsales.cli import main


def ran(command: list[str]) -> tuple[int, str]:
    """The exit code of a command, and all that it said."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    sys.argv = ["xlsales", *command]
    code: object = 0
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return int(str(code or 0)), said.buffer.getvalue().decode("utf-8")


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(ran(json.loads(line))) + "\n")
        sys.stdout.flush()
