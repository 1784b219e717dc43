"""A database as a source, through SQLAlchemy (extra `sql`)."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from xlsales.errors import InputError
from xlsales.schema import Table
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import BadCell, Problem
from xlsales.tables.reading import Reading
from xlsales.tables.record import Deferred, Record
from xlsales.texts import _

_BATCH = 1000  # records fetched at a time
# How SQLAlchemy tells of tables, of views, of views that keep their rows, and of tables in another database.
_KINDS = ("get_table_names", "get_view_names", "get_materialized_view_names", "get_foreign_table_names")
_SqliteText = bytearray  # what SQLite's driver makes of texts at once; what is stored as bytes, it gives as bytes


class DatabaseSource:
    """A database and the tables and views in it; use it in a `with` block."""

    def __init__(self, url: str):
        try:
            import sqlalchemy
        except ImportError as error:
            raise InputError(_('Reading from a database needs SQLAlchemy: pip install "xlsales[sql]"')) from error
        self._sql = sqlalchemy
        self._opened = ExitStack()
        self._shared: Any = None  # the connection that sees all tables as they were at one moment
        try:
            address = _address(url)
            self.file = _name(address)
            self._engine = sqlalchemy.create_engine(address)
            self.names = self._names()
        except (sqlalchemy.exc.SQLAlchemyError, ImportError, TypeError) as error:  # TypeError: an option it has not
            raise InputError(
                _("The database cannot be opened: {reason}. Check the address and the driver.").format(
                    reason=_reason(error).replace(url, _("the address"))  # which may hold a password
                )
            ) from error

    def __enter__(self) -> DatabaseSource:
        return self

    def __exit__(self, *exception: object) -> None:
        self._opened.close()
        self._engine.dispose()

    def _names(self) -> list[str]:
        try:
            inspector = self._sql.inspect(self._engine)
            return list(dict.fromkeys(name for kind in _KINDS for name in self._named(inspector, kind)))
        except BaseException:
            self._engine.dispose()
            raise

    def _named(self, inspector: Any, kind: str) -> Sequence[str]:
        """Return the names of all tables of a kind; none of one that the database does not have."""
        try:
            found: Sequence[str] = getattr(inspector, kind)()
        except (AttributeError, NotImplementedError):
            return ()
        return found

    def read(self, table: Table, name: str, mapped: Mapped | None = None) -> Reading:
        """Read one table or view, in the order of its primary key or else of the schema's key."""
        keys = set(table.key) if mapped is None else mapped.keys
        content = self._translated(self._content(keys, name), name)
        header = next(content)
        return Reading(table, self.file, header, content, mapped, spreads=True)

    def _content(self, keys: Collection[str], name: str) -> Iterator[Any]:
        """The names of the columns, then the records."""
        inspector = self._sql.inspect(self._engine)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # types that SQLAlchemy does not know: only names are asked for
            header = [str(column["name"]) for column in inspector.get_columns(name)]
        yield header
        columns: dict[str, Any] = {heading: self._sql.column(heading) for heading in header}
        primary = inspector.get_pk_constraint(name)["constrained_columns"]
        order = primary or [heading for heading in header if heading.strip().casefold() in keys]
        query = self._sql.select(*columns.values()).select_from(self._sql.table(name))
        query = query.order_by(*(columns[heading] for heading in order))
        row = 2
        with self._connected() as connection, _texts_as_bytes(self._engine, connection):
            _take_any_day(connection)
            for records in connection.execution_options(yield_per=_BATCH).execute(query).partitions():
                yield DatabaseRows(row, [tuple(record) for record in records])
                row += len(records)

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """Connect; to PostgreSQL once, so that no table is newer than another, and nothing is ever written."""
        if self._engine.dialect.name != "postgresql":
            with self._engine.connect() as connection:
                yield connection
            return
        if self._shared is None:
            engine = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._shared = self._opened.enter_context(engine.connect())
        yield self._shared

    def _translated(self, content: Iterator[Any], name: str) -> Iterator[Any]:
        read = 0  # the header, then the records
        try:
            for one in content:
                yield one
                read += len(one.rows) if isinstance(one, DatabaseRows) else 1
        except UnicodeDecodeError as error:  # of a driver that has no other way to say it
            message = _(
                "{file}: the table {table} holds text that is not {encoding}, in the rows {first} to {last}. "
                "Correct it there."
            )
            where = {"first": read + 1, "last": read + _BATCH}
            raise InputError(
                message.format(file=self.file, table=name, encoding=error.encoding.upper(), **where)
            ) from error
        except self._sql.exc.SQLAlchemyError as error:
            raise InputError(
                _("{file}: the table {table} cannot be read: {reason}.").format(
                    file=self.file, table=name, reason=_reason(error)
                )
            ) from error


class DatabaseRows(Deferred):
    """Records as a driver gives them; those of SQLite have their texts as bytes still."""

    def __init__(self, first: int, records: Sequence[tuple[Any, ...]]) -> None:
        """Take records, and the row of the first."""
        self.rows = range(first, first + len(records))
        self._records = records

    def records(self) -> Iterator[Record]:
        """Take them apart."""
        for row, cells in zip(self.rows, self._records, strict=True):
            yield Record(row, [_text(cell) if isinstance(cell, _SqliteText) else cell for cell in cells])


@contextmanager
def _texts_as_bytes(engine: Any, connection: Any) -> Iterator[None]:
    """Let a cell of SQLite that is no UTF-8 be a problem of its own row: SQLite keeps any bytes as text."""
    if engine.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    usual, driver.text_factory = driver.text_factory, _SqliteText
    try:
        yield
    finally:
        driver.text_factory = usual


def _take_any_day(connection: Any) -> None:
    """Let a day that Python does not know, such as infinity, be a text, and a problem of its own row alone."""
    driver = connection.connection.driver_connection
    if type(driver).__module__.partition(".")[0] != "psycopg":
        return
    from psycopg import DataError
    from psycopg.types import datetime as loaders

    def of(loader: Any) -> Any:
        class AnyDay(loader):  # type: ignore[misc]
            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except DataError:
                    return bytes(data).decode()

        return AnyDay

    known = {"date": loaders.DateLoader, "timestamp": loaders.TimestampLoader, "timestamptz": loaders.TimestamptzLoader}
    for name, loader in known.items():
        driver.adapters.register_loader(name, of(loader))


def _text(content: bytearray) -> str | BadCell:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = _("Byte {position} of the text, {byte}, is not UTF-8: type the text again.")
        problem = Problem("TEXT_BYTES", message.format(position=error.start + 1, byte=f"0x{content[error.start]:02X}"))
        return BadCell(content.decode(errors="backslashreplace"), problem)


def _address(url: str) -> Any:
    import sqlalchemy

    try:
        return _with_driver(sqlalchemy.make_url(url))
    except ValueError:  # what it says repeats a part of the address, perhaps of the password
        message = _(
            "This is no address of a database. In a user name or a password, write %40 for @, %3A for : and %2F for /."
        )
        raise InputError(message) from None


def _with_driver(address: Any) -> Any:
    """Return an address of PostgreSQL with the driver that is here, where it names none: SQLAlchemy's own is older."""
    if address.drivername not in ("postgresql", "postgres"):
        return address
    has_older = importlib.util.find_spec("psycopg2") is not None and importlib.util.find_spec("psycopg") is None
    return address.set(drivername="postgresql+psycopg2" if has_older else "postgresql+psycopg")


def _name(address: Any) -> str:
    """What to call a database in a finding: never the address, which may hold a password."""
    database = str(address.database or address.get_backend_name())
    if address.get_backend_name() != "sqlite":
        return database
    # SQLite makes an empty database of a name that does not exist.
    if not Path(database).is_file():
        raise InputError(_("There is no database {path}: check the address.").format(path=database))
    return Path(database).name


def _reason(error: BaseException) -> str:
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
