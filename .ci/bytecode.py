"""What Python compiles is kept for the next process, also where the computer is told to keep none.

The tests start Python hundreds of times, and each start would compile the packages anew: two seconds.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "bytecode"


def keep(environment: MutableMapping[str, str] = os.environ) -> None:
    """Have it kept in `.venv`, beside no source; where nothing forbids it, it stays where Python puts it."""
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(FOLDER))
