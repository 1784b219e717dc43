"""What a map says, once it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase

DATE_ORDERS = ("ymd", "dmy", "mdy")
EPOCHS = ("epoch_s", "epoch_ms", "excel")
COUNTS = ("count", "different", "sum", "first", "last")


def plain(text: object) -> str:
    """Return a text in small letters, with single spaces: as texts of an export are compared."""
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    return " ".join(str(text).split()).casefold()


@dataclass(frozen=True)
class How:
    """How the files of an export are written."""

    encoding: str | None = None  # UTF-8, or what the file's mark says
    delimiter: str | None = None  # found out
    decimal: str = "."
    thousands: tuple[str, ...] = ()  # marks of groups of three digits; a space stands for every kind of space
    currency: tuple[str, ...] = ()  # signs that may stand before or behind a number
    parentheses: bool = False  # (500) is −500
    dates: tuple[str, ...] = ("ymd",)
    times: bool = False  # a time of day is dropped, otherwise refused
    blank: frozenset[str] = frozenset()  # what stands for nothing, in small letters


@dataclass(frozen=True)
class Condition:
    """Rows that a rule is about: those whose cell is one of some texts."""

    column: str  # in the source; for `when`, of the table
    texts: tuple[str, ...]  # in small letters; * is any text

    def holds(self, text: str) -> bool:
        """Whether a cell's text is one of them."""
        plain = text.strip().casefold()
        return any(fnmatchcase(plain, pattern) for pattern in self.texts)


@dataclass(frozen=True)
class Lookup:
    """What another file says about a cell: its row is the one whose `key` is the cell."""

    source: str
    key: str  # headings there
    take: str
    spelling: Mapping[str, str] = field(default_factory=dict)  # how a cell, in small letters, is written there


@dataclass(frozen=True)
class ColumnMap:
    """Where one column of a table comes from."""

    source: str
    when: tuple[Condition, ...] = ()  # blank in other rows
    lookup: Lookup | None = None
    times: str | Decimal | None = None  # by what the number is multiplied: another column of the source, or a number


@dataclass(frozen=True)
class Counted:
    """A column that is counted from the rows of another of our tables."""

    how: str  # one of COUNTS
    columns: tuple[str, ...]  # of the other table; several are for days alone
    when: tuple[Condition, ...] = ()  # about rows of the other table
    within: tuple[str, int] | None = None  # a column of days, and how many months up to the as-of date
    week: str | None = None  # the column of days that says in which week a row counts


@dataclass(frozen=True)
class Largest:
    """A YES for the largest rows of a territory that together bring the first share of a column."""

    column: str
    share: float


@dataclass(frozen=True)
class Setting:
    """What some columns hold in rows of a kind, whatever the export says."""

    when: tuple[Condition, ...]
    cells: Mapping[str, object]


@dataclass(frozen=True)
class TableMap:
    """Where one table comes from."""

    source: str  # a file, a sheet, a table of a database
    sheet: str | None = None  # of a workbook in a folder
    header: int = 1  # the row of the headings; what stands above is passed over
    columns: Mapping[str, ColumnMap] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by column; the texts in small letters
    negative: Mapping[str, Condition] = field(default_factory=dict)  # by column: rows whose amount is a credit
    leave_out: tuple[Condition, ...] = ()
    settings: tuple[Setting, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)  # columns of a company's own: ours → theirs
    count: str = ""  # our table whose rows are counted; then there is no source, and columns are of that table
    complete: bool = False  # weeks in which nothing was counted are listed too
    counted: Mapping[str, Counted] = field(default_factory=dict)
    largest: Mapping[str, Largest] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether the file is one of our tables, in another place."""
        return not (self.columns or self.constants or self.own or self.count)


@dataclass(frozen=True)
class Map:
    """The shape of a foreign export."""

    name: str
    sha256: str
    how: How
    tables: Mapping[str, TableMap]
