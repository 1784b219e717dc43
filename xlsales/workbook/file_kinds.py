"""What a file is that somebody gives for a workbook: an .xlsx or .xlsm file, or something else that has a name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

from xlsales.errors import InputError
from xlsales.texts import N_, _
from xlsales.workbook.parts import CONTENT_TYPES

COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # an old .xls, or any workbook with a password
# Names of what an encrypted workbook holds ([MS-OFFCRYPTO] 2.2, 2.3).
_ENCRYPTED, _RIGHTS_MANAGED = (name.encode("utf-16-le") for name in ("EncryptedPackage", "DRMEncryptedTransform"))
_LONGEST_TYPES = 4 << 20  # bytes of content types that are looked at
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_PROTECTED = N_(
    "{name} is protected with a password. Save it as “Excel Workbook (.xlsx)” without a password (File > Info)."
)
_RIGHTS = N_(
    "{name} is encrypted by rights management (a sensitivity label, or “Restrict Access”), and is read by nobody but "
    "those who may. Ask for a copy without it (File > Info > Protect Workbook)."
)
_OLD = N_("{name} is an old .xls file. Open it in Excel and save it as “Excel Workbook (.xlsx)”.")
_EITHER = N_(
    "{name} is protected with a password or is an old .xls file. "
    "Save it as “Excel Workbook (.xlsx)” without a password."
)
_STRICT = N_(
    "{name} is a “Strict Open XML Spreadsheet”. Open it in Excel and save it as “Excel Workbook (.xlsx)” or “Excel "
    "Macro-Enabled Workbook (.xlsm)”."
)
_OTHER = N_("{name}: this is not an Excel workbook ({what}). Give a file that Excel saved as .xlsx or .xlsm.")
_EMPTY = N_("it is empty")
_WEB_PAGE = N_("it is a web page under another name")
_OLD_XML = N_("it is an “XML Spreadsheet 2003”")
_PDF = N_("it is a PDF document")
_TEXT = N_("it is a text file under another name")
_NO_WORKBOOK = N_("it is a zip archive without a workbook")
_DAMAGED = N_("its zip archive is cut off or damaged")
_UNKNOWN = N_("its first bytes are of no kind that is known here")

# By the content type of the main part.
_BY_MAIN_PART = (
    (b"sheet.binary.macroEnabled.main", N_("it is a binary workbook, .xlsb")),
    (b"spreadsheetml.template.main+xml", N_("it is an Excel template, .xltx")),
    (b"ms-excel.template.macroEnabled.main", N_("it is an Excel template, .xltm")),
    (b"ms-excel.addin.macroEnabled.main", N_("it is an add-in, .xlam")),
    (b"wordprocessingml.", N_("it is a Word document")),
    (b"presentationml.", N_("it is a PowerPoint presentation")),
)
_WORKBOOKS = (b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
_ANY = (
    *_WORKBOOKS,
    b"spreadsheetml.template.main+xml",
    b"ms-excel.template.macroEnabled.main+xml",
    b"ms-excel.addin.macroEnabled.main+xml",
)


def refuse_others(package: bytes, name: str, *, is_any: bool = False) -> None:
    """Raise InputError that calls a file what it is, unless it can be an .xlsx or .xlsm workbook.

    Where it may be of `any` kind, templates and add-ins are taken too.
    """
    if package.startswith(COMPOUND_FILE):
        raise compound(package, name)
    if not package.startswith(_ZIP):
        raise _other(name, _of_first_bytes(package))
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:

            def start(part: str) -> bytes:
                with archive.open(part) as opened:
                    return opened.read(_LONGEST_TYPES)

            what = _of_archive(set(archive.namelist()), start, _ANY if is_any else _WORKBOOKS)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise _other(name, _DAMAGED) from None
    except Exception as error:  # zlib's
        raise _other(name, _DAMAGED) from error
    if what is not None:
        raise _other(name, what)


def compound(package: bytes, name: str) -> InputError:
    """Return what is to be said of a compound file: Excel encrypts into one, and saved .xls files as one."""
    if _ENCRYPTED in package:
        text = _RIGHTS if is_rights_managed(package) else _PROTECTED
    else:
        text = _OLD if "Workbook\0".encode("utf-16-le") in package else _EITHER
    return InputError(_(text).format(name=name))


def is_rights_managed(package: bytes) -> bool:
    """Whether a compound file is encrypted for certain people, by a key that no password gives."""
    return _RIGHTS_MANAGED in package


def strict(name: str) -> InputError:
    """Return what is to be said of a workbook in the strict variant of the format."""
    return InputError(_(_STRICT).format(name=name))


def _other(name: str, what: str) -> InputError:
    return InputError(_(_OTHER).format(name=name, what=_(what)))


def _of_first_bytes(package: bytes) -> str:
    start = package[:4096]
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore")
    text = text.removeprefix("\xef\xbb\xbf").lstrip().casefold()
    if not package.strip(b"\0"):
        return _EMPTY
    if text.startswith("%pdf"):
        return _PDF
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and text.startswith("<?xml"):
        return _OLD_XML
    if text.startswith(("<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style")) or "<html" in text:
        return _WEB_PAGE
    return _TEXT if b"\0" not in start or text.isprintable() else _UNKNOWN


def _of_archive(names: set[str], read: Callable[[str], bytes], taken: Sequence[bytes]) -> str | None:
    """Return what an archive is, None for a workbook."""
    if "mimetype" in names and CONTENT_TYPES not in names:
        is_sheet = b"opendocument.spreadsheet" in read("mimetype")
        return N_("it is an OpenDocument spreadsheet, .ods") if is_sheet else _NO_WORKBOOK
    if CONTENT_TYPES not in names:
        return _NO_WORKBOOK
    types = read(CONTENT_TYPES)
    if any(kind in types for kind in taken):
        return None
    return next((what for kind, what in _BY_MAIN_PART if kind in types), _NO_WORKBOOK)
