"""What exports call our tables and columns; the names stand in `foreign_names.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

_NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

COLUMNS: dict[str, dict[str, list[str]]] = _NAMES["columns"]
FILES: dict[str, list[str]] = _NAMES["files"]
