"""File names made from data: safe on every system and on SharePoint, and never the same for two plans."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_EDGES = re.compile(r"^(?:[ .]|~\$)+|[ .]+$")  # "~$" begins the lock file of an open workbook
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
RESERVED = ("overview",)  # what a batch writes beside the planners
_LONGEST = 120  # leaves room for the folder in Excel's limit of 218 characters


def planner_names(territories: Mapping[str, str], extension: str) -> dict[str, str]:
    """Return the file name of each territory, `<id> <name>.<extension>`, by territory id."""
    stems = {key: _stem(f"{key} {name}") for key, name in territories.items()}
    taken = Counter([*map(_same, stems.values()), *RESERVED])
    return {
        key: f"{stem if taken[_same(stem)] == 1 else _marked(stem, key)}.{extension}" for key, stem in stems.items()
    }


def _stem(text: str) -> str:
    stem = _ILLEGAL.sub("_", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    stem = _EDGES.sub("", re.sub(r"\s+", " ", stem)) or "_"
    stem = f"_{stem}" if _DEVICES.match(stem) else stem
    if len(stem) > _LONGEST or len(stem.encode()) > 2 * _LONGEST:
        stem = _marked(_shortened(stem), stem)
    return stem


def _shortened(stem: str) -> str:
    return stem[:_LONGEST].encode()[: 2 * _LONGEST].decode(errors="ignore").rstrip(" .")


def _marked(stem: str, text: str) -> str:
    """Return the stem with a mark of its own, made from the full text."""
    return f"{stem} {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _same(stem: str) -> str:
    """Return what two names have in common that a file system may take for one."""
    return unicodedata.normalize("NFC", stem.casefold())
