"""Tables from elsewhere, by any address that fsspec knows (`s3://bucket/crm`, extra `s3`): brought here, then read.

What is read in the end is a folder or a workbook of this computer, so that a line that breaks costs no half table.
Parquet files of storages that give any part of a file stay where they are: who takes rows apart, reads them there.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, NamedTuple, cast

from xlsales.errors import InputError
from xlsales.texts import _

_PROTOCOLS = (
    *("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "http", "https", "ftp", "sftp", "ssh", "smb"),
    *("hdfs", "webhdfs", "file", "local", "memory", "oci", "oss", "r2", "github", "dbfs", "hf", "box", "gdrive"),
)
_IN_PARTS: Final = (  # storages that give any part of a file
    *("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "sftp", "ssh", "smb", "hdfs", "webhdfs"),
    *("file", "local", "memory", "oci", "oss", "r2"),
)
_STAYS: Final = ".parquet"
_NOT_OURS = (".", "_", "~$")


class Address(NamedTuple):
    """Where a file is."""

    url: str  # of the folder, as it was given: it may hold a password
    path: str  # within its storage


class Brought(NamedTuple):
    """What is here of a source from elsewhere."""

    place: Path
    elsewhere: Mapping[Path, Address]  # files that are here by name only


def is_remote(source: str) -> bool:
    """Whether an address is one of files, and not of a database."""
    return source.partition("://")[0].casefold() in _PROTOCOLS and "://" in source


def shown(url: str) -> str:
    """Return an address without what it may hold of a user's name and password, or of a signature."""
    return re.sub(r"\?.*$", "", re.sub(r"://[^/@]*@", "://", url))


@contextmanager
def brought(url: str, is_wanted: Callable[[str], bool]) -> Iterator[Brought]:
    """Bring the files of a folder, or one file, into a temporary folder; yield where.

    `is_wanted` says by its path within the folder whether a file is to be read; of others only the names come.
    """
    with tempfile.TemporaryDirectory(prefix="xlsales-") as temporary:
        try:
            here = _bring(url, Path(temporary), is_wanted)
        except InputError:
            raise
        except FileNotFoundError as error:
            message = _("There is no folder or workbook {path}: check the name.")
            raise InputError(message.format(path=shown(url))) from error
        except Exception as error:  # of whichever library speaks to that storage
            raise _unreadable(url, error) from error
        yield here


@contextmanager
def opened(address: Address) -> Iterator[tuple[BinaryIO, Mapping[str, Any]]]:
    """Open a file where it is; yield what the storage tells of it, too. Raises InputError, also while it is read."""
    try:
        storage, _root = _storage(address.url)
        told = storage.info(address.path)
        file = storage.open(address.path, "rb", cache_type="none")
    except InputError:
        raise
    except Exception as error:
        raise _unreadable(address.url, error) from error
    with file:
        yield cast("BinaryIO", _Elsewhere(file, address.url)), told


class _Elsewhere:
    """A file whose reader hears of a broken line in words."""

    def __init__(self, file: Any, url: str) -> None:
        self._file, self._url = file, url

    @property
    def closed(self) -> bool:
        return bool(self._file.closed)

    def tell(self) -> int:
        return int(self._file.tell())

    def seek(self, place: int, whence: int = 0) -> int:
        return int(self._file.seek(place, whence))

    def read(self, size: int = -1) -> bytes:
        try:
            return bytes(self._file.read(size))
        except Exception as error:
            raise _unreadable(self._url, error) from error

    def close(self) -> None:
        self._file.close()


def _unreadable(url: str, error: Exception) -> InputError:
    message = _("{url} cannot be read: {reason}.")
    return InputError(message.format(url=shown(url), reason=_reason(error, url)))


def _bring(url: str, folder: Path, is_wanted: Callable[[str], bool]) -> Brought:
    storage, root = _storage(url)
    name = PurePosixPath(root.rstrip("/")).name or "tables"
    if storage.isfile(root):
        storage.get_file(root, str(folder / name))
        return Brought(folder / name, {})
    paths = storage.find(root)
    start = root.rstrip("/") + "/"
    inner = sorted(path[len(start) :] for path in paths if path.startswith(start))
    if not inner:
        raise FileNotFoundError(root)
    into = folder / name
    into.mkdir()
    stays = _STAYS if url.partition("://")[0].casefold() in _IN_PARTS else ()
    elsewhere: dict[Path, Address] = {}
    for path in inner:
        parts = PurePosixPath(path).parts
        if ".." in parts or any(part.startswith(_NOT_OURS) for part in parts):
            continue
        target = into.joinpath(*parts)
        if is_wanted(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.casefold().endswith(stays):
                target.touch()
                elsewhere[target] = Address(url, start + path)
            else:
                storage.get_file(start + path, str(target))
        elif len(parts) == 1:
            target.touch()
    return Brought(into, elsewhere)


def _storage(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        message = _('{url}: reading from there needs fsspec: pip install "xlsales[s3]"')
        raise InputError(message.format(url=shown(url))) from error
    try:
        storage, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        message = _("{url}: a package is missing that reads from there ({reason}).")
        raise InputError(message.format(url=shown(url), reason=_reason(error, url))) from error
    storage.invalidate_cache()
    return storage, str(root)


def _reason(error: BaseException, url: str) -> str:
    text = " ".join(str(error).replace(url, shown(url)).split()).rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
