"""A process that does what it is told, in Python."""

from __future__ import annotations

from typing import Any

from xlsales.bounded import serve


def _answer(question: str) -> Any:
    told: dict[str, Any] = {}
    exec(question, told)
    return told.get("answer")


if __name__ == "__main__":
    serve(_answer)
