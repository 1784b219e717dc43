"""A worker that hangs and ends where files are called so."""

from __future__ import annotations

import os
import time
from pathlib import Path

from xlsales.bounded import serve
from xlsales.collection.planner import Planner
from xlsales.collection.worker import Question


def _answered(question: Question) -> list[Planner]:
    names = [Path(path).name for path in question.paths]
    if "ends.xlsx" in names:
        os._exit(3)
    if "hangs.xlsx" in names:
        time.sleep(600)
    return [Planner(path) for path in question.paths]


if __name__ == "__main__":
    serve(_answered)
