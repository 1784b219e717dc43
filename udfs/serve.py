"""The server that Excel starts: it answers cells with the functions of `sales_udfs`.

    python -B serve.py {CLSID}    serves until the Excel that started it closes
    python -B serve.py --check    serves nothing, and says in one line of JSON what would be served

xlwings' DLL runs the first line and finds the server by the identifier that it put there. What goes wrong
unexpectedly stands, with its traceback, in `%LOCALAPPDATA%\\xlsales\\xlsales.log`: no cell's content but what the
words of an error quote.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

LARGEST_LOG = 1_000_000  # bytes; then it becomes xlsales.log.1
UNUSED = ("matplotlib", "pandas", "PIL", "plotly", "polars")  # xlwings imports them wherever they are installed
log = logging.getLogger("xlsales")


class Log(RotatingFileHandler):
    """A log that goes on in the same file where another Excel has it open, as Windows renames no open file."""

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Begin a new file if that is possible."""
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()


def log_file() -> Path:
    """Return where the log is; VBA shows the same place."""
    folder = os.environ.get("LOCALAPPDATA", "")
    if not Path(folder).is_absolute() or not Path(folder).is_dir():
        # The DLL passes the environment on in an 8-bit code page, which loses other letters of a user's name.
        from win32com.shell import shell, shellcon

        folder = shell.SHGetFolderPath(0, shellcon.CSIDL_LOCAL_APPDATA, None, 0)
    return Path(folder) / "xlsales" / "xlsales.log"


def start_log(path: Path) -> None:
    """Write warnings and errors into the log from now on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = Log(path, maxBytes=LARGEST_LOG, backupCount=1, encoding="utf-8", delay=True)
    logging.basicConfig(
        handlers=[handler], level=logging.WARNING, format="%(asctime)s %(process)d %(levelname)s %(message)s"
    )


def watched(call_udf: Callable[..., Any]) -> Callable[..., Any]:
    """Let errors of the functions pass as texts that begin with their code, and log all others.

    Of any other exception pywin32 would format the traceback for each cell, which takes ten times the call.
    """
    from win32com.server.exception import COMException
    from winerror import E_FAIL

    from xlsales.functions import SalesFunctionError

    @wraps(call_udf)
    def answer(module: str, function: str, *others: Any) -> Any:
        try:
            return call_udf(module, function, *others)
        except SalesFunctionError as error:
            raise COMException(str(error), E_FAIL) from None
        except Exception:
            log.exception("%s shows #VALUE! because of this:", function)
            raise

    return answer


@contextmanager
def absent(*packages: str) -> Iterator[None]:
    """Let imports take packages for not installed, but for those that are there already."""
    kept_out = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type] # None: importing it fails
    try:
        yield
    finally:
        for name in kept_out:
            del sys.modules[name]


def faces() -> None:
    """Import xlwings and the functions: without what no cell needs, of which Excel's first would wait for seconds."""
    with absent(*UNUSED):
        import sales_udfs  # noqa: F401
        import xlwings.com_server  # noqa: F401


def serve(identifier: str) -> None:
    """Serve until Excel closes."""
    start_log(log_file())
    try:  # imported here, so that the log says what is missing
        faces()
        from xlwings import com_server

        com_server.call_udf = watched(com_server.call_udf)  # type: ignore[attr-defined]
        com_server.serve(identifier)  # type: ignore[no-untyped-call]
    except Exception:
        log.exception("The sales functions show #VALUE! because the server stopped:")
        raise


def check() -> str:
    """Import all that serving needs, calculate once, and return the versions and the result."""
    faces()
    import sales_udfs
    import xlwings

    import xlsales

    return json.dumps(
        {
            "xlsales": xlsales.__version__,
            "xlwings": xlwings.__version__,
            "MAGIC_NUMBER": sales_udfs.MAGIC_NUMBER(15000, 2500, 0.6, 0.4, 1),
        }
    )


def main(arguments: list[str]) -> None:
    """Serve, or check."""
    if len(arguments) != 1:
        sys.exit("Excel starts this script. To see whether it works: python serve.py --check")
    if arguments == ["--check"]:
        sys.stdout.write(f"{check()}\n")
    else:
        serve(arguments[0])


if __name__ == "__main__":
    main(sys.argv[1:])
