"""Runs commands of xlsales one after the other in one process, which has imported everything once.

Each line of its input is the words of a command as JSON; the line that comes back is its exit code, and what it wrote
to either stream in the code page that Python takes for streams that are no console.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TextIO

from xlsales.cli import main


def ran(command: list[str], encoding: str | None) -> tuple[int, str, str]:
    """The exit code of a command, and the bytes of its streams as Latin-1."""
    written = io.BytesIO(), io.BytesIO()
    out, error = _like(sys.stdout, written[0], encoding), _like(sys.stderr, written[1], encoding)
    sys.argv = ["xlsales", *command]
    code: object = 0
    with redirect_stdout(out), redirect_stderr(error):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return int(str(code or 0)), written[0].getvalue().decode("latin-1"), written[1].getvalue().decode("latin-1")


def _like(usual: TextIO, written: io.BytesIO, encoding: str | None) -> TextIO:
    """A stream into memory that treats texts as one of this process does, which is redirected."""
    return io.TextIOWrapper(written, encoding or usual.encoding, usual.errors, write_through=True)


if __name__ == "__main__":
    said = sys.stdout
    for line in sys.stdin:
        said.write(json.dumps(ran(*json.loads(line))) + "\n")
        said.flush()
