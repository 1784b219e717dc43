"""Tables for a terminal, in any code page."""

from __future__ import annotations

from collections.abc import Sequence


def printed(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts below one another, the first as headings."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
