"""The shapes of planners that were read the plain way: others like them are read at a glance."""

from __future__ import annotations

from collections import OrderedDict

from xlsales.collection import comparing
from xlsales.collection.glance import Glance, comparable
from xlsales.collection.reference import Reference
from xlsales.workbook.returned import Returned, shape
from xlsales.workbook.returned.look import Key, Look
from xlsales.workbook.returned.shape import Glanced

_MOST = 8  # shapes that are remembered
_ALIKE = 3  # that differ in their cells alone
_AT_ONCE = 3  # of so many, the first planner is learned; of others, the second
_MOST_SEEN = 2_000
_MOST_DIFFERENT = 100  # formulas of a planner that a shape is learned from, which are not the template's
_DIFFERENT = -1  # in the place of a number of cells


class Shapes:
    """Shapes by what planners of it have in common."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, list[Glance]] = OrderedDict()
        self._seen: set[tuple[Key, int]] = set()

    def glanced(self, look: Look, name: str) -> tuple[Glance, Glanced | None] | None:
        """Return a planner at a glance, nothing for it where it is odd; None where its shape is not known."""
        several = self._known.get(look.key)
        if several is None:
            return None
        self._known.move_to_end(look.key)
        for glance in several:
            try:
                read = glance.shape.read(look)
                if read is None:
                    continue
                found = glance.shape.glanced(look, read, name)
                if found is not None and glance.different and len(several) < _ALIKE and glance.is_mended(found):
                    return None  # a better one to learn from
                return glance, found
            except MemoryError:
                raise
            except Exception:  # whatever it is, the plain way has words for it
                return glance, None
        return None

    def learn(self, look: Look, planner: Returned, reference: Reference | None) -> None:
        """Learn from a planner that was read the plain way and is its template's copy, a few formulas aside."""
        if reference is None or not self._is_wanted(look):
            return
        try:
            glance = self._learned(look, planner, reference)
        except MemoryError:
            raise
        except Exception:  # a cell that makes no sense, for example: the plain way has words for it
            return
        if glance is not None:
            several = self._known.setdefault(look.key, [])
            several.insert(len(several) if glance.different else 0, glance)
            self._known.move_to_end(look.key)
            if self._size > _MOST:
                self._known.popitem(last=False)

    @property
    def _size(self) -> int:
        return sum(map(len, self._known.values()))

    def _is_wanted(self, look: Look) -> bool:
        """Whether a shape is learned: no more than some of those that differ in their cells alone, or came once."""
        key = look.key, sum(sheet.count(b"<c ") for sheet in look.sheets.values())
        if len(self._known.get(look.key, ())) >= _ALIKE:
            return False
        return self._size < _AT_ONCE or self._came_before(key)

    def _came_before(self, key: tuple[Key, int]) -> bool:
        if key in self._seen:
            return True
        if len(self._seen) > _MOST_SEEN:
            self._seen.clear()
        self._seen.add(key)
        return False

    def _learned(self, look: Look, planner: Returned, reference: Reference) -> Glance | None:
        """Return the glance of a planner; of one whose formulas are not all the template's if it is not the first."""
        if not comparable(planner, reference):
            return None
        different = comparing.differing(planner, reference)
        if different and (len(different) > _MOST_DIFFERENT or not self._came_before((look.key, _DIFFERENT))):
            return None
        found = shape.learned(planner, look)
        return None if found is None else Glance.of(found, reference, different)
