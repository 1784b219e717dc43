"""File names: made from data, safe on every system and on SharePoint; compared as file systems do; refused in words."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from xlsales.errors import InputError
from xlsales.texts import _

_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# What shows nothing, or turns a text round: Unicode's Default_Ignorable_Code_Point, C1 controls, annotations.
_INVISIBLE = re.compile(
    "[\x80-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WEB_FOLDER = re.compile("_vti_", re.IGNORECASE)  # SharePoint keeps names with it for itself
_EDGES = re.compile(r"^(?:[ .]|~\$)+|[ .]+$")  # "~$" begins the lock file of an open workbook
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *([.:]|$)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FOREIGN_TO_WINDOWS = re.compile(r'[<>:"|?*]')
_KEPT_NAMES = (".lock", "desktop.ini")
RESERVED = ("overview", "findings", "run", "recipients")  # what a batch writes beside the planners
_LONGEST = 120  # leaves room for the folder in Excel's limit of 218 characters
_LONGEST_FOLDER = 40  # several may be one in the other
_ENDINGS = re.compile(r"\.(xl[a-z]{1,2}|csv|json|jsonl|pdf|ini|lock|tmp)$", re.IGNORECASE)  # of files beside it
_KEPT_FOLDERS = re.compile(r"(backup |forms$)", re.IGNORECASE)  # copies; what SharePoint has in each library


def planner_names(territories: Mapping[str, str], extension: str) -> dict[str, str]:
    """Return the file name of each territory, `<id> <name>.<extension>`, by territory id."""
    return file_names({key: f"{key} {name}" for key, name in territories.items()}, extension)


def file_names(texts: Mapping[str, str], extension: str) -> dict[str, str]:
    """Return a file name for each text, by its key; what would be one file gets a mark."""
    stems = {key: stem(text) for key, text in texts.items()}
    names = stems
    for again in count():  # a name may look like another one with its mark
        taken = Counter([*map(comparable, names.values()), *RESERVED])
        alike = [key for key, name in names.items() if taken[comparable(name)] > 1]
        if not alike:
            break
        names = names | {key: _marked(stems[key], key + again * "\0") for key in alike}
    return {key: sys.intern(f"{name}.{extension}") for key, name in names.items()}


def comparable(name: str) -> str:
    """Return what names have in common that some file system takes for one.

    Windows compares by its table of upper-case letters, and drops full stops and blanks at the end; macOS compares by
    folded case and decomposed accents, and older disks of it ignore what is invisible. All of it counts at once and
    everywhere: a folder of planners is carried from one computer to another.
    """
    if name.isascii():
        return name.rstrip(" .").lower()
    upper = unicodedata.normalize("NFD", _INVISIBLE.sub("", name)).upper()
    folded = unicodedata.normalize("NFD", upper).casefold()
    return unicodedata.normalize("NFC", folded).rstrip(" .")


def refuse_unusable(path: Path) -> None:
    """Raise InputError for a path that Windows cannot have, or takes for something else.

    What exists is taken as it is, but for devices of Windows, which seem to be everywhere.
    """
    for part, there in _parts(path):
        if there:
            continue
        device = next((piece for piece in re.split(r"[/\\]", part) if _DEVICES.match(piece)), None)
        if device:
            message = _("{path}: Windows keeps the name {name} for a device. Choose another name.")
            raise InputError(message.format(path=path, name=device))
        if part != part.rstrip(" ."):
            message = _(
                "{path}: Windows drops what “{name}” ends with. Choose a name without a full stop or blank there."
            )
            raise InputError(message.format(path=path, name=part))
        strange = _CONTROL.search(part) or (os.name == "nt" and _FOREIGN_TO_WINDOWS.search(part))
        if strange:
            message = _("{path}: a name cannot hold the character {character!r}. Choose another name.")
            raise InputError(message.format(path=ascii(str(path))[1:-1], character=strange[0]))


def why_not_shared(name: str) -> str | None:
    """Return why SharePoint and OneDrive do not take a folder of this name; None for one that they take."""
    if _WEB_FOLDER.search(name):
        return _("they keep names with {name} for themselves").format(name="_vti_")
    if name.startswith("~"):
        return _("it begins with {character}").format(character="~")
    if name != name.strip():
        return _("it begins or ends with a blank")
    if name.casefold() in _KEPT_NAMES or _DEVICES.match(name):
        return _("they keep this name for themselves")
    strange = _FOREIGN_TO_WINDOWS.search(name) or _INVISIBLE.search(name)
    if strange:
        return _("it holds the character {character}").format(character=f"U+{ord(strange[0]):04X}")
    return None


def _parts(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the names in a path, and whether they are there."""
    for depth, part in enumerate(path.parts, start=1):
        if part not in (path.anchor, os.curdir, os.pardir):
            yield part, os.name != "nt" and os.path.lexists(Path(*path.parts[:depth]))


def forbidden(text: str) -> str | None:
    """Return the first character that no file name can hold."""
    found = _ILLEGAL.search(text) or _INVISIBLE.search(text)
    return found[0] if found and found[0].isprintable() else f"U+{ord(found[0]):04X}" if found else None


def folder_name(text: str) -> str:
    """Return a text as a folder for planners can be called: no name that a run or a system has for something else."""
    name = stem(text, _LONGEST_FOLDER)
    name = f"{name}_" if _ENDINGS.search(name) else name
    return f"_{name}" if name.startswith("~") or _KEPT_FOLDERS.match(name) else name


def stem(text: str, longest: int = _LONGEST) -> str:
    """Return a text as a file can be called, without its ending."""
    name = _ILLEGAL.sub("_", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    name = _EDGES.sub("", re.sub(r"\s+", " ", name)) or "_"
    while _WEB_FOLDER.search(name):
        name = _WEB_FOLDER.sub("_vti-", name)
    name = f"_{name}" if _DEVICES.match(name) else name
    if len(name) > longest or len(name.encode()) > 2 * longest:
        name = _marked(_shortened(name, longest), name)
    return name


def _shortened(stem: str, longest: int) -> str:
    return stem[:longest].encode()[: 2 * longest].decode(errors="ignore").rstrip(" .")


def _marked(stem: str, text: str) -> str:
    """Return the stem with a mark of its own, made from the full text."""
    return f"{stem} {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
