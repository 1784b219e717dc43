"""The settings file: what `xlsales addin install` found, for the add-in's VBA to read."""

from __future__ import annotations

import codecs
import configparser
from dataclasses import asdict, dataclass, fields

from xlsales.addin.places import Places
from xlsales.addin.windows import Windows

SECTION = "xlsales"


@dataclass(frozen=True)
class Settings:
    """The keys of the file; every value is a text, empty where there is nothing to say."""

    interpreter: str  # as the DLL can say it
    server: str  # as the DLL can say it
    dll64: str
    dll32: str
    xlwings: str
    xlsales: str
    addin: str
    addin_sha256: str  # so that `remove` deletes only what `install` wrote

    def to_bytes(self) -> bytes:
        """Return the file's content.

        VBA reads it with GetPrivateProfileStringW, which takes a file that begins with this mark as UTF-16.
        """
        lines = [f"[{SECTION}]", *(f"{key}={value}" for key, value in asdict(self).items()), ""]
        return codecs.BOM_UTF16_LE + "\r\n".join(lines).encode("utf-16-le")


def read(windows: Windows, places: Places) -> Settings | None:
    """Return the settings of this user; None where there are none that can be read."""
    content = windows.read(places.settings)
    return None if content is None else parsed(content)


def parsed(content: bytes) -> Settings | None:
    """Return the settings in a file's content; None where it is no settings file."""
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=(";",), strict=False)
    try:
        parser.read_string(content.decode("utf-16"))
    except (UnicodeError, configparser.Error):
        return None
    if not parser.has_section(SECTION):
        return None
    return Settings(*(parser.get(SECTION, field.name, fallback="") for field in fields(Settings)))
