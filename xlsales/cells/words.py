"""Words in the place of others, such as those of a planner for the codes of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Words:
    """Turns codes into words; any other value is as it is. It is asked once for each value that comes again."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, value: Any) -> Any:
        """Return what stands in the place of a value."""
        return value if value is None else self._words.get(str(value), value)
