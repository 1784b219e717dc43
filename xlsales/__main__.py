"""`python -m xlsales` is `xlsales`."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from contextlib import suppress

from xlsales import memory

INTERRUPTED = 130  # as in xlsales.stopping, before which Ctrl-C may come


def main() -> None:
    """Run the command line; Ctrl-C is answered from the first moment on to the last."""
    try:
        memory.rest()
        memory.spare()
        from xlsales.cli import main
    except ModuleNotFoundError as error:
        sys.exit(_lacking(error))
    except KeyboardInterrupt:
        sys.stderr.write("xlsales: Stopped.\n")
        _end_as_said()
    try:
        main()
    except SystemExit as ended:
        if ended.code == INTERRUPTED or (isinstance(ended.code, int) and _is_alone()):
            _end_as_said(ended.code)
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        memory.rest()


def _is_alone() -> bool:
    """Whether no thread is left that Python would wait for."""
    return threading.active_count() == 1


def _end_as_said(code: int = INTERRUPTED) -> None:
    """End with a code, and not by a signal; nothing is taken apart before, which would take a tenth of a second.

    Python ends by the signal, whatever the code, where Ctrl-C has come in the middle of an `exec`, as in the making
    of a data class.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _lacking(error: ModuleNotFoundError) -> str:
    """What to do where xlsales was installed with NumPy alone, which is enough for the functions in Python."""
    if error.name is None or error.name.partition(".")[0] == "xlsales":
        raise error
    return (
        f"xlsales: The command line needs {error.name}, which is not installed here: pip install xlsales. "
        "The functions work without it: import xlsales."
    )


if __name__ == "__main__":
    main()
