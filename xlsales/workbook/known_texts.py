"""Texts that were read, by how they are written: most planners have the same ones, and each is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

_MOST = 16 << 20  # bytes of texts that are remembered


def alike(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many bytes, or texts, two of them begin with alike."""
    low, high = 0, min(len(one), len(other)) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


class KnownTexts:
    """Texts that were read. `read` returns the texts of new ones, None where one is not written plainly."""

    def __init__(self, read: Callable[[Sequence[bytes]], Iterable[str] | None]) -> None:
        self._read = read
        self._texts: dict[bytes, str] = {}
        self._size = 0

    def of(self, written: Sequence[bytes]) -> list[str] | None:
        """Return texts; None where one of them is not written plainly."""
        if self._size > _MOST:
            self._texts, self._size = {}, 0
        texts = self._texts
        new = [one for one in written if one not in texts]
        if new:
            found = self._read(new)
            if found is None:
                return None
            texts |= zip(new, found, strict=True)
            self._size += sum(map(len, new))
        return list(map(texts.__getitem__, written))
