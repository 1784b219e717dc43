"""A VBA project as oletools reads it: the sources that olevba extracts, and nothing that it complains of."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

import olefile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls pyparsing by names that are going away
    from oletools import olevba


class ProjectError(Exception):
    """olefile or olevba finds something wrong in a project."""


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        if not text.startswith("For now, VBA stomping cannot be detected"):  # said of every project in memory
            self.texts.append(text)


@contextmanager
def _no_complaints() -> Iterator[None]:
    """olevba logs what it finds wrong, and goes on; here it fails."""
    log = logging.getLogger("olevba")
    heard, level = _Complaints(), log.level
    log.addHandler(heard)
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.removeHandler(heard)
        log.setLevel(level)
    if heard.texts:
        raise ProjectError("\n".join(heard.texts))


def unpacked(container: bytes) -> bytes:
    """What a compressed container holds."""
    return bytes(olevba.decompress_stream(bytearray(container)))


def streams_in(file: bytes) -> dict[str, bytes]:
    """Every stream of a compound file by its path; what olefile finds wrong fails."""
    try:
        with olefile.OleFileIO(io.BytesIO(file), raise_defects=olefile.DEFECT_UNSURE) as opened:
            if opened.parsing_issues:
                raise ProjectError(opened.parsing_issues)
            return {"/".join(path): opened.openstream(path).read() for path in opened.listdir(storages=False)}
    except OSError as error:  # olefile's own errors are of this kind
        raise ProjectError(str(error)) from error


def modules_in(project: bytes) -> dict[str, str]:
    """The stored text of each module by its name, in the project's order."""
    streams_in(project)
    with _no_complaints():
        parser = olevba.VBA_Parser("vbaProject.bin", data=project, relaxed=False)
        try:
            return {PurePosixPath(stream).name: code for _file, stream, _name, code in parser.extract_macros()}
        finally:
            parser.close()
