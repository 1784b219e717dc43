"""Where input tables come from: a folder, a workbook or a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.files.file_names import refuse_unusable
from xlsales.findings import Finding, shown
from xlsales.schema import TABLES, Table
from xlsales.tables.database import DatabaseSource
from xlsales.tables.delimited import read_csv
from xlsales.tables.parquet import read_parquet
from xlsales.tables.raw import RawTable, RawTables, near_match
from xlsales.tables.reading import Reading
from xlsales.tables.workbook import WORKBOOK_SUFFIXES, WorkbookSource
from xlsales.texts import _, _n

_FILE_READERS = {".csv": read_csv, ".parquet": read_parquet}
_EXAMPLES = 3
_HIDDEN = (".", "~$")  # beside files: what macOS notes about them (._deals.csv), and locks of those that are open


@dataclass(frozen=True)
class OpenSource:
    """A source and its files, sheets or database tables by name."""

    place: str
    names: Sequence[str]
    read: Callable[[Table, str], Reading]
    in_one_file: bool = True
    has_others: bool = False  # a database is full of tables that were never meant to be read

    def readings(self) -> Iterator[Reading]:
        """Every input table that there is, in the order of the schema."""
        found = self._found()
        return (self.read(TABLES[table], name) for table, name in found.items())

    def unknown(self) -> list[Finding]:
        """What is there and is no input table."""
        absent = [table for table in TABLES if table not in self._found()]
        findings = []
        others = []
        for name in self.names:
            if self._plain(name) not in TABLES:
                near = near_match(self._plain(name), absent)
                if near is None and self.has_others:
                    others.append(name)
                    continue
                file, table = (self.place, name) if self.in_one_file else (name, None)
                findings.append(Finding("warning", "TABLE_UNKNOWN", _unknown_table(name, near), file, table))
        if others:
            findings.append(Finding("info", "TABLE_UNKNOWN", _other_tables(others), self.place))
        return findings

    def _plain(self, name: str) -> str:
        return (name if self.in_one_file else Path(name).stem).strip().casefold()

    def _found(self) -> dict[str, str]:
        """The name of every input table that there is."""
        plain = {name: self._plain(name) for name in self.names}
        found = {table: [name for name in self.names if plain[name] == table] for table in TABLES}
        for table, names in found.items():
            if len(names) > 1:
                raise InputError(
                    _("{place} holds the table {table} more than once ({names}): keep one of them.").format(
                        place=self.place, table=table, names=", ".join(names)
                    )
                )
        if not found["territories"]:
            raise InputError(_no_territories(self.place, self.names, plain))
        return {table: names[0] for table, names in found.items() if names}


def read_tables(source: str | Path) -> RawTables:
    """Read the input tables of a folder, a workbook (.xlsx, .xlsm) or a database URL (`sqlite:///crm.db`).

    Raises `InputError`, with one line to show, when nothing can be produced from the source.
    """
    tables: dict[str, RawTable] = {}
    findings: list[Finding] = []
    with opened(source) as tables_found:
        for reading in tables_found.readings():
            tables[reading.outline.table.name] = reading.outline.holding(reading.chunks(None))
            findings += [*reading.findings, *reading.unheaded()]
        findings += tables_found.unknown()
    return RawTables(tables, tuple(findings))


@contextmanager
def opened(source: str | Path) -> Iterator[OpenSource]:
    """Open a folder, a workbook or a database for reading; it can be replaced again afterwards."""
    if isinstance(source, str) and "://" in source:
        with DatabaseSource(source) as database:
            yield OpenSource(database.file, database.names, database.read, has_others=True)
        return
    path = Path(source)
    refuse_unusable(path)
    try:
        if path.is_dir():
            yield _folder(path)
        elif not path.exists():
            raise InputError(_("There is no folder or workbook {path}: check the name.").format(path=path))
        elif path.suffix.casefold() in WORKBOOK_SUFFIXES:
            with WorkbookSource(path) as workbook:
                yield OpenSource(workbook.file, workbook.names, workbook.read)
        else:
            raise InputError(
                _(
                    "{path} is neither a folder nor a workbook (.xlsx, .xlsm). Give the folder that holds "
                    "territories.csv, a workbook or a database URL."
                ).format(path=path)
            )
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error, path)) from error


def _folder(folder: Path) -> OpenSource:
    files = {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.suffix.casefold() in _FILE_READERS and not path.name.startswith(_HIDDEN) and path.is_file()
    }
    if not files:
        raise InputError(
            _("{path} holds no .csv and no .parquet file. Give the folder that holds territories.csv.").format(
                path=folder
            )
        )

    def read(table: Table, name: str) -> Reading:
        try:
            return _FILE_READERS[files[name].suffix.casefold()](table, files[name])
        except OSError as error:
            raise InputError(obstacles.in_reading(files[name], error)) from error

    return OpenSource(str(folder), list(files), read, in_one_file=False)


def _no_territories(place: str, names: Sequence[str], plain: dict[str, str]) -> str:
    near = next((name for name in names if near_match(plain[name], ["territories"])), None)
    if near is None:
        return _("{place} has no table “territories”, the one table that is needed.").format(place=place)
    text = _("{place} has no table “territories”: did you mean {near}? Rename it to territories.")
    return text.format(place=place, near=near)


def _unknown_table(name: str, near: str | None) -> str:
    if near is None:
        text = _("“{name}” is not one of the input tables, and nothing of it is in the planners.")
        return text.format(name=shown(name))
    text = _("“{name}” is ignored: did you mean {near}? Rename it to {near}.")
    return text.format(name=shown(name), near=near)


def _other_tables(names: Sequence[str]) -> str:
    examples = ", ".join(shown(name) for name in names[:_EXAMPLES]) + ("…" if len(names) > _EXAMPLES else "")
    message = _n(
        "{count} table of the database is no input table and was not read: {names}.",
        "{count} tables of the database are no input tables and were not read: {names}.",
        len(names),
    )
    return message.format(count=len(names), names=examples)
