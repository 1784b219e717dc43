"""Where input tables come from: a folder, a workbook or a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from xlsales.errors import InputError
from xlsales.findings import Finding, Severity, shown
from xlsales.schema import TABLES, Table
from xlsales.tables.database import DatabaseSource
from xlsales.tables.delimited import read_csv
from xlsales.tables.parquet import read_parquet
from xlsales.tables.raw import RawTable, RawTables, near_match
from xlsales.tables.workbook import WORKBOOK_SUFFIXES, WorkbookSource
from xlsales.texts import _

Reader = Callable[[Table, str], tuple[RawTable, list[Finding]]]
_FILE_READERS = {".csv": read_csv, ".parquet": read_parquet}


def read_tables(source: str | Path) -> RawTables:
    """Read the input tables of a folder, a workbook (.xlsx, .xlsm) or a database URL (`sqlite:///crm.db`).

    Raises `InputError`, with one line to show, when nothing can be produced from the source.
    """
    if isinstance(source, str) and "://" in source:
        with DatabaseSource(source) as database:
            return _read(database.file, database.names, database.read, in_one_file=True)
    path = Path(source)
    try:
        if path.is_dir():
            return _read_folder(path)
        if not path.exists():
            raise InputError(_("There is no folder or workbook {path}: check the name.").format(path=path))
        if path.suffix.casefold() in WORKBOOK_SUFFIXES:
            workbook = WorkbookSource(path)
            return _read(workbook.file, workbook.names, workbook.read, in_one_file=True)
    except OSError as error:
        raise InputError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    raise InputError(
        _(
            "{path} is neither a folder nor a workbook (.xlsx, .xlsm). Give the folder that holds "
            "territories.csv, a workbook or a database URL."
        ).format(path=path)
    )


def _read_folder(folder: Path) -> RawTables:
    files = {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.suffix.casefold() in _FILE_READERS and path.is_file()
    }
    if not files:
        raise InputError(
            _("{path} holds no .csv and no .parquet file. Give the folder that holds territories.csv.").format(
                path=folder
            )
        )

    def read(table: Table, name: str) -> tuple[RawTable, list[Finding]]:
        return _FILE_READERS[files[name].suffix.casefold()](table, files[name])

    return _read(str(folder), list(files), read, in_one_file=False)


def _read(place: str, names: Sequence[str], read: Reader, *, in_one_file: bool) -> RawTables:
    """Read every known table; `names` are the files, sheets or database tables that there are."""
    plain = {name: (name if in_one_file else Path(name).stem).strip().casefold() for name in names}
    tables: dict[str, RawTable] = {}
    findings: list[Finding] = []
    for table in TABLES.values():
        found = [name for name in names if plain[name] == table.name]
        if len(found) > 1:
            raise InputError(
                _("{place} holds the table {table} more than once ({names}): keep one of them.").format(
                    place=place, table=table.name, names=", ".join(found)
                )
            )
        if not found and table.name == "territories":
            raise InputError(_no_territories(place, names, plain))
        if found:
            tables[table.name], table_findings = read(table, found[0])
            findings += table_findings
    others = [name for name in names if plain[name] not in TABLES]
    absent = [name for name in TABLES if name not in tables]
    for name in others:
        file, table_name = (place, name) if in_one_file else (name, None)
        severity, message = _unknown_table(name, plain[name], absent)
        findings.append(Finding(severity, "TABLE_UNKNOWN", message, file, table_name))
    return RawTables(tables, tuple(findings))


def _no_territories(place: str, names: Sequence[str], plain: dict[str, str]) -> str:
    near = next((name for name in names if near_match(plain[name], ["territories"])), None)
    if near is None:
        return _("{place} has no table “territories”, the one table that is needed.").format(place=place)
    text = _("{place} has no table “territories”: did you mean {near}? Rename it to territories.")
    return text.format(place=place, near=near)


def _unknown_table(name: str, plain: str, absent: Sequence[str]) -> tuple[Severity, str]:
    near = near_match(plain, absent)
    if near is None:
        return "info", _("“{name}” is not one of the input tables; it is ignored.").format(name=shown(name))
    text = _("“{name}” is ignored: did you mean {near}? Rename it to {near}.")
    return "warning", text.format(name=shown(name), near=near)
