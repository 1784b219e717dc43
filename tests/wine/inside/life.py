"""The life of a server: started, asked, broken, killed, started again. The question: environment variables."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.wine.inside import excel, processes, variants

assert sys.platform == "win32"  # elsewhere mypy reads no further

CALL = ("MAGIC_NUMBER", [15000.0, 2500.0, 0.6, 0.4, 1.0])
BREAK = "import sales_udfs; sales_udfs.CATALOGUE = {}"


def main(question: Path, answer: Path) -> None:
    os.environ.update(json.loads(question.read_text(encoding="utf-8")) or {})
    answer.write_text(json.dumps(lived()), encoding="utf-8")


def lived() -> dict[str, Any]:
    line = excel.command_line()
    server = excel.activated(line)
    said: dict[str, Any] = {"line": line, "excel": os.getpid(), "first": about(server)}
    said["again"] = about(excel.activated(line))
    said["no such function"] = failed(lambda: server.call("NO_SUCH_FUNCTION", []))
    server.ask("Exec", variants.packed(BREAK))
    said["broken"] = failed(lambda: server.call(*CALL))
    os.kill(said["first"]["process"], signal.SIGTERM)
    said["lost"] = [failed(lambda: server.call(*CALL)) for _time in range(2)]
    # The DLL keeps one identifier for a line, and COM may remember its server: the next line has a space more.
    said["second"] = about(excel.activated(line + " "))
    said["no such program"] = failed(lambda: excel.activated(line.replace("python.exe", "nothing.exe")))
    return said


def about(server: excel.Server) -> dict[str, Any]:
    number = int(told(server, "__import__('os').getpid()"))
    return {
        "process": number,
        "parent": processes.running()[number][0],
        "executable": told(server, "__import__('sys').executable"),
        "arguments": json.loads(told(server, "__import__('json').dumps(__import__('sys').argv)")),
        "waited for pandas": told(server, "'pandas' in __import__('sys').modules"),
        "versions": server.versions(),
        "answer": server.call(*CALL),
    }


def told(server: excel.Server, expression: str) -> str:
    return str(variants.read(server.ask("Str", server.ask("Eval", variants.packed(expression)))))


def failed(call: Any) -> dict[str, Any]:
    try:
        return {"value": str(call())}
    except excel.FailedError as error:
        return {"number": error.number, "description": error.description}


main(*map(Path, sys.argv[1:]))
