"""Answers cells: a list of function names with their arguments in, the values or the errors and the times out."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.wine.inside import excel

assert sys.platform == "win32"  # elsewhere mypy reads no further


def main(question: Path, answer: Path) -> None:
    asked = json.loads(question.read_text(encoding="utf-8"))
    started = time.perf_counter()
    server = excel.activated(excel.command_line())
    start = time.perf_counter() - started
    answers, seconds = [], []
    for function, arguments in asked:
        started = time.perf_counter()
        answers.append(_answer(server, function, arguments))
        seconds.append(time.perf_counter() - started)
    said = {"start": start, "answers": answers, "seconds": seconds}
    answer.write_text(json.dumps(said), encoding="utf-8")


def _answer(server: excel.Server, function: str, arguments: list[Any]) -> dict[str, Any]:
    try:
        return {"value": server.call(function, arguments)}
    except excel.FailedError as error:
        return {"number": error.number, "description": error.description}


main(*map(Path, sys.argv[1:]))
