"""Answers cells: a list of function names with their arguments in, the values or the errors and the times out.

Each line of its input names two files as JSON: the question and the answer. All cells are of one Excel, so that one
server answers them.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.wine.inside import excel

assert sys.platform == "win32"  # elsewhere mypy reads no further


def main() -> None:
    started = time.perf_counter()
    server = excel.activated(excel.command_line())
    start = time.perf_counter() - started
    for line in sys.stdin:
        question, answer = map(Path, json.loads(line))
        said = {"start": start, **_answered(server, json.loads(question.read_text(encoding="utf-8")))}
        answer.write_text(json.dumps(said), encoding="utf-8")
        sys.stdout.write("answered\n")
        sys.stdout.flush()


def _answered(server: excel.Server, asked: list[tuple[str, list[Any]]]) -> dict[str, Any]:
    answers, seconds = [], []
    for function, arguments in asked:
        started = time.perf_counter()
        answers.append(_answer(server, function, arguments))
        seconds.append(time.perf_counter() - started)
    return {"answers": answers, "seconds": seconds}


def _answer(server: excel.Server, function: str, arguments: list[Any]) -> dict[str, Any]:
    try:
        return {"value": server.call(function, arguments)}
    except excel.FailedError as error:
        return {"number": error.number, "description": error.description}


main()
