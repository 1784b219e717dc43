"""`python -m xlsales` is `xlsales`."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line; Ctrl-C is answered from the first moment on to the last."""
    try:
        from xlsales.cli import main
    except KeyboardInterrupt:
        sys.stderr.write("xlsales: Stopped.\n")
        sys.exit(130)
    try:
        main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
