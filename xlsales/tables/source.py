"""Where input tables come from: a folder, a workbook or a database, here or elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from xlsales.collected_tables import COLLECTED
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.files.file_names import refuse_unusable
from xlsales.findings import Finding, shown
from xlsales.schema import BESIDE, TABLES, TERRITORIES, Table, table_of
from xlsales.tables import remote
from xlsales.tables.database import DatabaseSource
from xlsales.tables.delimited import read_csv
from xlsales.tables.mapping import Map
from xlsales.tables.mapping.counting import Counting
from xlsales.tables.mapping.lookups import Entries
from xlsales.tables.mapping.mapped import Found, Mapped, Wants, anybody
from xlsales.tables.mapping.shape import How, Lookup, TableMap
from xlsales.tables.mapping.suggesting import HEADINGS_UP_TO, Sample, suggestion
from xlsales.tables.parquet import SUFFIX, is_dataset, read_parquet
from xlsales.tables.raw import RawTable, RawTables, near_match
from xlsales.tables.reading import Reading
from xlsales.tables.remote import Address
from xlsales.tables.workbook import WORKBOOK_SUFFIXES, WorkbookSource
from xlsales.texts import _, _n

_TEXTS = (".csv", ".tsv", ".txt")
# Other kinds of files in which programs, and people, keep tables; packed ones, too.
_OTHERS = (
    *("", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".fods", ".numbers", ".json", ".jsonl", ".xml", ".html"),
    *(".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".feather", ".arrow", ".orc", ".avro", ".db", ".sqlite", ".sqlite3"),
)
_WRITTEN = "_SUCCESS"  # what Spark lays beside what it has written
_FILES = (".csv", ".tsv", ".parquet")
_FOREIGN = (*_FILES, ".txt", *WORKBOOK_SUFFIXES)  # what a map may name: programs export .txt, people write notes in it
_EXAMPLES = 3
_MOST_LISTED = 5
_HIDDEN = (".", "~$")  # beside files: what macOS notes about them (._deals.csv), and locks of those that are open


@dataclass(frozen=True)
class OpenSource:
    """A source and its files, sheets or database tables by name."""

    place: str
    names: Sequence[str]
    read: Callable[[Table, str, Mapped | None], Reading]
    in_one_file: bool = True
    has_others: bool = False  # a database or an export is full of tables that were never meant to be read
    mapping: Map | None = None

    def readings(self, wants: Wants = anybody) -> Iterator[Reading]:
        """Every input table that there is, in the order of the schema; `wants` says which territories are made."""
        found = self._found()
        return (self.read(TABLES[table], name, self._mapped(table, wants)) for table, name in found.items())

    def beside(self) -> Iterator[Reading]:
        """Every table that is read beside the input tables."""
        return (self.read(BESIDE[table], name, self._mapped(table)) for table, name in self._found_of(BESIDE).items())

    def _is_ours(self, table: str) -> bool:
        """Whether a table is written as we write it, and not as the export."""
        return self.mapping is None or table not in self.mapping.tables or self.mapping.tables[table].is_ours

    def _mapped(self, table: str, wants: Wants = anybody) -> Mapped | None:
        if self.mapping is None or self._is_ours(table):
            return None
        return Mapped(table_of(table), self.mapping.tables[table], self.mapping.how, wants, self._entries(table))

    def _lookups(self, table: str) -> dict[str, tuple[str, Lookup]]:
        """What a map looks up for a table, by column: each with the name of the file, sheet or table."""
        shape = self.mapping.tables.get(table) if self.mapping is not None else None
        plain = {name: self._plain(name) for name in self.names}
        columns = shape.columns.items() if shape is not None else ()
        return {name: (self._named(table, one.lookup.source, plain), one.lookup) for name, one in columns if one.lookup}

    def _entries(self, table: str) -> dict[str, Found]:
        assert self.mapping is not None
        own = {name for one, name in self._found_of(TABLES | BESIDE).items() if self._is_ours(one)}
        found: dict[str, Found] = {}
        for column, (name, lookup) in self._lookups(table).items():
            place = f"{self.mapping.name}, {table}.columns.{column}.lookup"
            entries = Entries(lookup, How() if name in own else self.mapping.how, place)
            self.read(TABLES["deals"], name, entries)
            found[column] = entries.found
        return found

    def counting(self, wants: Wants = anybody, *, one_year: bool = False) -> Counting | None:
        """The tables that a map counts from others; None for none."""
        shapes = self._counted
        if not shapes:
            return None
        return Counting(shapes, {name: self._entries(name) for name in shapes}, wants, one_year=one_year)

    @property
    def _counted(self) -> dict[str, TableMap]:
        tables = self.mapping.tables if self.mapping is not None else {}
        return {name: shape for name, shape in tables.items() if shape.count}

    def unknown(self) -> list[Finding]:
        """What is there and is no input table."""
        found = self._found()
        beside = self._found_of(BESIDE)
        looked_up = {name for table in TABLES | BESIDE for name, _lookup in self._lookups(table).values()}
        absent = [table for table in TABLES if table not in {*found, *self._counted}]
        findings = []
        others = []
        is_collected = set(COLLECTED) <= {self._plain(name) for name in self.names}
        for name in self.names:
            if self._plain(name) not in TABLES | BESIDE and name not in {*found.values(), *beside.values(), *looked_up}:
                near = None if is_collected else near_match(self._plain(name), absent)
                if near is None and (self.has_others or is_collected):
                    others.append(name)
                    continue
                file, table = (self.place, name) if self.in_one_file else (name, None)
                findings.append(Finding("warning", "TABLE_UNKNOWN", _unknown_table(name, near), file, table))
        if others:
            findings.append(Finding("info", "TABLE_UNKNOWN", _other_tables(others), self.place))
        return findings

    def _plain(self, name: str) -> str:
        return (name if self.in_one_file else PurePosixPath(name).with_suffix("").as_posix()).strip().casefold()

    def _found(self) -> dict[str, str]:
        """The name of every input table that there is."""
        found = self._found_of(TABLES)
        if TERRITORIES.name not in found:
            raise InputError(_no_territories(self.place, self.names, {name: self._plain(name) for name in self.names}))
        return found

    def _found_of(self, tables: Mapping[str, Table]) -> dict[str, str]:
        """The name of each of these tables that is there: where a map says, else under its own name."""
        plain = {name: self._plain(name) for name in self.names}
        found = {table: [name for name in self.names if plain[name] == table] for table in tables}
        for table, shape in self.mapping.tables.items() if self.mapping is not None else ():
            if table in tables and shape.count:
                self._refuse_twice(table, shape.count, found[table], plain)
            elif table in tables:
                found[table] = list(dict.fromkeys([*found[table], self._named(table, shape.source, plain)]))
        for table, names in found.items():
            if len(names) > 1:
                raise InputError(
                    _("{place} holds the table {table} more than once ({names}): keep one of them.").format(
                        place=self.place, table=table, names=", ".join(names)
                    )
                )
        return {table: names[0] for table, names in found.items() if names}

    def _refuse_twice(self, table: str, counted: str, names: Sequence[str], plain: Mapping[str, str]) -> None:
        """Raise InputError where a table that the map counts is there too, or where it has nothing to count."""
        if names:
            message = _("{place} holds {name}, and the map counts {table} from {counted}: leave one of the two out.")
            raise InputError(message.format(place=self.place, name=names[0], table=table, counted=counted))
        mapped = self.mapping is not None and counted in self.mapping.tables
        if not mapped and counted not in plain.values():
            message = _("The map counts {table} from {counted}, and {place} has no {counted}: say where they are.")
            raise InputError(message.format(place=self.place, table=table, counted=counted))

    def _named(self, table: str, source: str, plain: dict[str, str]) -> str:
        """The file, sheet or table that a map names, with or without its suffix."""
        wanted = source.strip().casefold()
        names = [name for name in self.names if wanted in (name.strip().casefold(), plain[name])]
        if len(names) == 1:
            return names[0]
        if names:
            message = _("{place} holds {names}, and the map takes {table} from “{source}”: write it with its suffix.")
        elif near := near_match(wanted, self.names):
            message = _("{place} has no “{source}”, from which the map takes {table}: did you mean “{near}”?")
            raise InputError(message.format(place=self.place, source=source, table=table, near=near))
        else:
            message = _("{place} has no “{source}”, from which the map takes {table}: it holds {names}.")
            names = list(self.names)
        raise InputError(message.format(place=self.place, names=", ".join(names), table=table, source=source))


def read_tables(source: str | Path, mapping: Map | None = None) -> RawTables:
    """Read the input tables of a folder, a workbook (.xlsx, .xlsm) or a database URL (`sqlite:///crm.db`).

    A map says what a foreign export calls its tables, columns and values.

    Raises `InputError`, with one line to show, when nothing can be produced from the source.
    """
    tables: dict[str, RawTable] = {}
    findings: list[Finding] = []
    with opened(source, mapping) as tables_found:
        for reading in tables_found.readings():
            tables[reading.outline.table.name] = reading.outline.holding(reading.chunks(None))
            findings += [*reading.findings, *reading.unheaded()]
        findings += tables_found.unknown()
        counting = tables_found.counting()
    return RawTables(tables, tuple(findings), counting=counting)


def suggested_map(source: str | Path) -> str:
    """Return a first draft of a map for a foreign export, from its headings and values."""
    nothing = Map("", "", How(), {})
    samples: dict[str, Sample] = {}
    unread: list[InputError] = []
    with opened(source, nothing) as found:
        for name in found.names:
            try:
                samples[name] = _sample(found, name)
            except InputError as error:
                unread.append(error)
    if unread and not samples:
        raise unread[0]
    return suggestion(Path(found.place).name, samples, list(map(str, unread)))


def _sample(found: OpenSource, name: str) -> Sample:
    """Look at a file, also where titles stand above its headings."""
    samples: list[Sample] = []
    errors: list[InputError] = []
    for row in range(1, HEADINGS_UP_TO + 1):
        try:
            samples.append(_sample_from(found, name, row))
        except InputError as error:
            errors.append(error)
            continue
        if samples[-1].is_recognised:
            return samples[-1]
        if len(samples) > 1 and samples[-1].header == samples[0].header:
            break  # a database, or Parquet: nothing stands above its headings
    if not samples:
        raise errors[0]
    return samples[0]


def _sample_from(found: OpenSource, name: str, header: int) -> Sample:
    """Look at a file with its headings in a row, also where it is written as Windows writes Western Europe's texts."""
    sample = Sample(TABLES["deals"], None, header)
    try:
        found.read(TABLES["deals"], name, sample)
    except InputError:
        sample = Sample(TABLES["deals"], "cp1252", header)
        with suppress(InputError):  # what the other says is raised
            found.read(TABLES["deals"], name, sample)
        if not sample.header or any("\0" in heading for heading in sample.header):
            raise
    return sample


@contextmanager
def opened(source: str | Path, mapping: Map | None = None) -> Iterator[OpenSource]:
    """Open a folder, a workbook or a database for reading; it can be replaced again afterwards."""
    if isinstance(source, str) and remote.is_remote(source):
        with remote.brought(source, partial(_is_table, mapping)) as brought, _opened(*brought, mapping) as found:
            yield replace(found, place=remote.shown(source)) if found.place == str(brought.place) else found
        return
    if isinstance(source, str) and "://" in source:
        with DatabaseSource(source) as database:
            yield OpenSource(database.file, database.names, database.read, has_others=True, mapping=mapping)
        return
    with _opened(Path(source), {}, mapping) as found:
        yield found


@contextmanager
def _opened(path: Path, elsewhere: Mapping[Path, Address], mapping: Map | None) -> Iterator[OpenSource]:
    """Open a folder or a workbook of this computer; some files may be here by name only."""
    refuse_unusable(path)
    try:
        if path.is_dir():
            with ExitStack() as books:
                yield _folder(path, elsewhere, mapping, books)
        elif not path.exists():
            raise InputError(_("There is no folder or workbook {path}: check the name.").format(path=path))
        elif path.suffix.casefold() in WORKBOOK_SUFFIXES:
            with WorkbookSource(path) as workbook:
                yield OpenSource(
                    workbook.file, workbook.names, workbook.read, has_others=mapping is not None, mapping=mapping
                )
        else:
            raise InputError(
                _(
                    "{path} is neither a folder nor a workbook (.xlsx, .xlsm). Give the folder that holds "
                    "territories.csv, a workbook or a database URL."
                ).format(path=path)
            )
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error, path)) from error


def _folder(folder: Path, elsewhere: Mapping[Path, Address], mapping: Map | None, books: ExitStack) -> OpenSource:
    """Open a folder of files; a map may name workbooks too, which `books` closes."""
    suffixes = _FILES if mapping is None else _FOREIGN
    files = {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.suffix.casefold() in suffixes and not path.name.startswith(_HIDDEN) and path.is_file()
    }
    files |= {path.name: path for path in sorted(folder.iterdir()) if _is_dataset(path, mapping)}
    _refuse_unreadable(folder, files, suffixes, mapping)
    _refuse_others(folder, files, mapping)
    files |= _deeper(folder, mapping, suffixes) if mapping is not None else {}
    if not files:
        raise InputError(
            _("{path} holds no .csv and no .parquet file. Give the folder that holds territories.csv.").format(
                path=folder
            )
        )

    is_collected = {f"{name}.csv" for name in COLLECTED} <= {name.casefold() for name in files}

    def read(table: Table, name: str, mapped: Mapped | None) -> Reading:
        suffix = files[name].suffix.casefold() if files[name].is_file() else SUFFIX
        try:
            if suffix in WORKBOOK_SUFFIXES:
                book = books.enter_context(WorkbookSource(files[name]))
                return book.read(table, _sheet(book, table, mapping), mapped)
            if suffix in _TEXTS:
                return read_csv(table, files[name], mapped, is_guarded=is_collected)
            return read_parquet(table, files[name], mapped, elsewhere)
        except OSError as error:
            raise InputError(obstacles.in_reading(files[name], error)) from error

    return OpenSource(
        str(folder), list(files), read, in_one_file=False, has_others=mapping is not None, mapping=mapping
    )


def _refuse_unreadable(folder: Path, files: Collection[str], suffixes: Collection[str], mapping: Map | None) -> None:
    """Raise InputError where something is called as a table's file is and is none: the table is there, and unread."""
    plain = {PurePosixPath(name).stem.strip().casefold() for name in files}
    for path in sorted(folder.iterdir()):
        is_folder = path.is_dir()
        has_suffix = path.suffix.casefold() in suffixes
        is_alone = is_folder and not has_suffix and path.name.strip().casefold() not in plain
        is_alone = is_alone and not _is_looked_into(path.name, mapping)
        is_called_so = (is_alone or has_suffix) and _is_named(path.name, mapping)
        is_called_so = is_called_so and (not is_alone or _may_be_a_table(path))
        if path.name in files or not is_called_so or path.name.startswith(_HIDDEN):
            continue
        if is_folder:
            what = _("it is a folder without Parquet files") if is_alone else _("it is a folder")
        elif path.exists():
            what = _("it is no ordinary file")
        else:
            what = _("it is a link that leads nowhere")
        message = _("{path} has the name of a table, and cannot be read ({what}). Put the file there, or take it away.")
        raise InputError(message.format(path=path, what=what))


def _refuse_others(folder: Path, files: Collection[str], mapping: Map | None) -> None:
    """Raise InputError where a table is there in a file of another kind, and in none that is read."""
    there = {_table_in(name) for name in files}
    wanted = TABLES.keys() | BESIDE if mapping is None else {_table_in(one.source) for one in mapping.tables.values()}
    for path in sorted(folder.iterdir()):
        name = _table_in(path.name)
        is_other = path.suffix.casefold() in _OTHERS and path.name not in files and path.is_file()
        if is_other and not path.name.startswith(_HIDDEN) and name in wanted and name not in there:
            message = _(
                "{path} has the name of a table, and is not read: save it as {name}.csv or {name}.parquet, or take it "
                "away. A workbook that holds all tables is given by its own name."
            )
            raise InputError(message.format(path=path, name=name))


def _table_in(file: str) -> str:
    """Return what table a file is called after: of deals.csv.gz, deals."""
    return file.partition(".")[0].strip().casefold()


def _may_be_a_table(folder: Path) -> bool:
    """Whether a folder may be meant for a table: it has files of tables, however deep, or Spark's mark, or no file."""
    names = [name for _folder, _folders, files in os.walk(folder) for name in files]
    return not names or any(name == _WRITTEN or name.casefold().endswith(tuple(_FOREIGN)) for name in names)


def _is_looked_into(folder: str, mapping: Map | None) -> bool:
    """Whether a map names a file in a folder of the export."""
    inside = f"{folder.casefold()}/"
    return mapping is not None and any(one.source.casefold().startswith(inside) for one in mapping.tables.values())


def _is_dataset(path: Path, mapping: Map | None) -> bool:
    """Whether a folder is a table of many Parquet files: by its name, as a table is called or with the suffix."""
    if path.name.startswith(_HIDDEN) or not path.is_dir():
        return False
    is_named = path.suffix.casefold() == SUFFIX or _is_named(path.name, mapping)
    return is_named and is_dataset(path)


def _is_named(name: str, mapping: Map | None) -> bool:
    """Whether a file or folder has the name of an input table, or one that the map gives."""
    plain = PurePosixPath(name).with_suffix("").as_posix().strip().casefold()
    named = [shape.source.strip().casefold() for shape in mapping.tables.values()] if mapping is not None else []
    return plain in TABLES | BESIDE or plain in named or name.strip().casefold() in named


def _is_table(mapping: Map | None, path: str) -> bool:
    """Whether a file of a folder that is elsewhere is to be brought: a table's, or what a map may look into."""
    suffix = PurePosixPath(path).suffix.casefold()
    if mapping is not None:
        return suffix in _FOREIGN
    first, *inner = PurePosixPath(path).parts
    if inner:
        return suffix == SUFFIX and (_is_named(first, mapping) or first.casefold().endswith(SUFFIX))
    return suffix in _FILES and _is_named(first, mapping)


def _deeper(folder: Path, mapping: Map, suffixes: Collection[str]) -> dict[str, Path]:
    """Return the files in folders of the export that a map names, such as `export/deals`."""
    named = [shape.source for shape in mapping.tables.values()]
    named += [one.lookup.source for shape in mapping.tables.values() for one in shape.columns.values() if one.lookup]
    found: dict[str, Path] = {}
    for source in named:
        inner, slash, _name = source.rpartition("/")
        place = folder / inner
        for path in sorted(place.iterdir()) if slash and place.is_dir() else ():
            name = f"{inner}/{path.name}"
            wanted = source.casefold() in (name.casefold(), f"{inner}/{path.stem}".casefold())
            is_file = path.suffix.casefold() in suffixes and path.is_file()
            if wanted and (is_file or (path.is_dir() and is_dataset(path))):
                found[name] = path
    return found


def _sheet(book: WorkbookSource, table: Table, mapping: Map | None) -> str:
    """The sheet that a map names, or the only one that a workbook has."""
    shape = mapping.tables.get(table.name) if mapping is not None else None
    wanted = shape.sheet if shape is not None else None
    if wanted is None and (shape is None or len(book.names) == 1):
        return book.names[0]
    for name in book.names:
        if wanted is not None and name.strip().casefold() == wanted.strip().casefold():
            return name
    message = _("{file} has the sheets {names}: say in the map which holds {table}: sheet = “…” under [{table}].")
    raise InputError(message.format(file=book.file, names=", ".join(book.names), table=table.name))


def _no_territories(place: str, names: Sequence[str], plain: dict[str, str]) -> str:
    near = next((name for name in names if near_match(plain[name], ["territories"])), None)
    if near is None:
        listed = ", ".join(shown(name) for name in names[:_MOST_LISTED]) + (" …" if len(names) > _MOST_LISTED else "")
        text = _(
            "{place} has no table “territories”, the one table that is needed; it has {names}. Is it an export with "
            "names of its own? Draft a map of it with xlsales tables --suggest-map, then give --map."
        )
        return text.format(place=place, names=listed or _("nothing"))
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
        "{count} other table is no input table and was not read: {names}.",
        "{count} other tables are no input tables and were not read: {names}.",
        len(names),
    )
    return message.format(count=len(names), names=examples)
