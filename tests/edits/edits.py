"""What a person does to the lists of a planner, at random but repeatable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from xlsales.workbook.template import Template

Edit: TypeAlias = tuple[Any, ...]  # as office.py takes it
WRONG = ("31.02.2027", "5 000 EUR", "12%", "=1+1", "N/A", " ", "x" * 300, "7")
RIGHT = (0.0, 1.0, 7.0, 250.5, 46400.0, 46427.0, -5.0)


@dataclass(frozen=True)
class List:
    """A list of the planner, as a person sees it."""

    table: str
    rows: int
    filled: int  # rows with something in them
    columns: int
    computed: tuple[int, ...]
    alone: bool  # on its sheet: rows can be put in


def lists(template: Template, filled: Mapping[str, int], alone: tuple[str, ...]) -> list[List]:
    """The lists of a template."""
    found = []
    for name, rows in filled.items():
        table = template.tables[name]
        computed = tuple(index for index, heading in enumerate(table.letters) if heading in table.computed)
        found.append(List(name, table.rows, rows, len(table.letters), computed, name in alone))
    return found


class Person:
    """Somebody who edits the lists, one edit after the other."""

    def __init__(self, seed: int, known: list[List]) -> None:
        self.random = Random(seed)
        self.known = known

    def sequence(self, kinds: Sequence[Kind]) -> list[Edit]:
        """Some edits in a row."""
        return [kind(self, self.random.choice(self.known)) for kind in kinds]

    def row(self, one: List) -> int:
        """A row, mostly one with something in it."""
        return self.random.randrange(min(one.rows, one.filled + 1))

    def column(self, one: List) -> int:
        """A column to fill."""
        return self.random.choice([column for column in range(one.columns) if column not in one.computed])

    def box(self, one: List) -> tuple[int, int, int, int]:
        """Cells that lie together: row, column, rows, columns."""
        row, column = self.row(one), self.column(one)
        rows = self.random.randint(1, min(2, one.rows - row))
        run = next(end for end in range(column, one.columns + 1) if end == one.columns or end in one.computed)
        return row, column, rows, self.random.randint(1, min(3, run - column))

    def sort(self, one: List) -> Edit:
        """Sort by any column."""
        return "sort", one.table, self.random.randrange(one.columns), self.random.random() < 0.5

    def insert(self, one: List) -> Edit:
        """Insert rows, above the last one at most."""
        return ("insert", one.table, self.row(one), self.random.randint(1, 2)) if one.alone else self.sort(one)

    def delete(self, one: List) -> Edit:
        """Delete one row."""
        return ("delete", one.table, self.row(one), 1) if one.rows > one.filled else self.sort(one)

    def retype(self, one: List) -> Edit:
        """Put a number where one may belong."""
        return "type", one.table, self.row(one), self.column(one), self.random.choice(RIGHT)

    def paste_text(self, one: List) -> Edit:
        """Paste a text, or what looks like a number or a date, and is a text."""
        return "type", one.table, self.row(one), self.column(one), self.random.choice(WRONG)

    def overwrite(self, one: List) -> Edit:
        """Put a value in the place of a formula."""
        value = self.random.choice((*RIGHT, *WRONG, ""))
        return "type", one.table, self.row(one), self.random.choice(one.computed or (0,)), value

    def clear(self, one: List) -> Edit:
        """Clear cells."""
        return "clear", one.table, *self.box(one)

    def copy(self, one: List) -> Edit:
        """Copy cells to another row, or to other columns."""
        return self._moved("copy", one)

    def cut(self, one: List) -> Edit:
        """Cut cells, and paste them elsewhere."""
        return self._moved("cut", one)

    def cut_row(self, one: List) -> Edit:
        """Cut all that was typed into a row, and paste it into another."""
        first = min(set(range(one.columns)) - set(one.computed))
        end = next((end for end in range(first, one.columns) if end in one.computed), one.columns)
        return "cut", one.table, (self.row(one), first, 1, end - first), self.random.randrange(one.rows), first

    def copy_row(self, one: List) -> Edit:
        """Copy a whole row over another."""
        return "copy", one.table, (self.row(one), 0, 1, one.columns), self.random.randrange(one.rows), 0

    def beneath(self, one: List) -> Edit:
        """Type beneath the list."""
        return "type", one.table, one.rows, self.column(one), self.random.choice((*RIGHT, "D99"))

    def _moved(self, kind: str, one: List) -> Edit:
        row, column, rows, columns = self.box(one)
        to_row = self.random.randrange(one.rows - rows + 1)
        to_column = column if self.random.random() < 0.7 else self.random.randrange(one.columns - columns + 1)
        return kind, one.table, (row, column, rows, columns), to_row, to_column


Kind: TypeAlias = Callable[[Person, List], Edit]
KINDS: tuple[Kind, ...] = (
    Person.sort,
    Person.sort,
    Person.insert,
    Person.delete,
    Person.retype,
    Person.paste_text,
    Person.overwrite,
    Person.clear,
    Person.copy,
    Person.cut,
    Person.cut_row,
    Person.copy_row,
    Person.beneath,
)


def sequences(known: list[List], number: int, length: int) -> list[list[Edit]]:
    """So many sequences; every kind has its turn before one comes again."""
    order = Random(0)
    kinds: list[Kind] = []
    while len(kinds) < number * length:
        kinds += order.sample(KINDS, len(KINDS))
    return [Person(seed, known).sequence(kinds[seed * length :][:length]) for seed in range(number)]


def kinds() -> Iterator[str]:
    """The names of what a person does."""
    yield from dict.fromkeys(kind.__name__ for kind in KINDS)
