"""`python -m xlsales` is `xlsales`."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line; Ctrl-C is answered from the first moment on to the last."""
    try:
        from xlsales.cli import main
    except ModuleNotFoundError as error:
        sys.exit(_lacking(error))
    except KeyboardInterrupt:
        sys.stderr.write("xlsales: Stopped.\n")
        sys.exit(130)
    try:
        main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


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
