"""A VBA project of source text alone, as [MS-OVBA] describes it; Excel compiles it when it opens the workbook."""

from __future__ import annotations

import re
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from xlsales.errors import XlsalesError
from xlsales.texts import _
from xlsales.workbook.vba.compound_file import compound_file
from xlsales.workbook.vba.compression import compressed

_ENGLISH, _CODE_PAGE, _WIN64 = 0x0409, 1252, 3
# _VBA_PROJECT without compiled code: 0x61CC, version 0xFFFF, 0x00, and two bytes that [MS-OVBA] 2.3.4.1 leaves
# undefined. Its own example (3.1.1) has 0x0001 there, as the project in xlwings' add-in has, which Excel opens daily.
_NO_CACHE = bytes.fromhex("CC61FFFF000100")
# What a new project in Excel refers to; VBA and Excel themselves are not listed. Windows finds each by its GUID.
_REFERENCES = {
    "stdole": "*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\\Windows\\System32\\stdole2.tlb#OLE Automation",
    "Office": "*\\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\\Program Files\\Common Files\\Microsoft Shared"
    "\\OFFICE16\\MSO.DLL#Microsoft Office 16.0 Object Library",
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_EXPORTED = re.compile(r"VERSION 1\.0 CLASS\nBEGIN\n(?:.*\n)*?END\n")  # what an exported class begins with
_ATTRIBUTE = re.compile(r"Attribute (VB_\w+) = (.*)\n")
_LONGEST_LINE = 1023  # the VBA editor cuts what is longer


class ModuleKind(Enum):
    """What a module is, with the GUID that Excel writes as its base."""

    STANDARD = ""
    CLASS = "FCFB3D2A-A0FA-1068-A738-08002B3371B5"
    DOCUMENT_WORKBOOK = "00020819-0000-0000-C000-000000000046"
    DOCUMENT_SHEET = "00020820-0000-0000-C000-000000000046"

    @property
    def is_document(self) -> bool:
        """Whether the module belongs to the workbook or to a sheet."""
        return self in (ModuleKind.DOCUMENT_WORKBOOK, ModuleKind.DOCUMENT_SHEET)


@dataclass(frozen=True)
class Module:
    """A module of the project: the name wins over one in the source, which may be a file that Excel exported."""

    name: str
    source: str
    kind: ModuleKind

    @property
    def text(self) -> str:
        """The text that the project stores: the attributes that Excel writes, then the code, with CRLF."""
        source = self.source.replace("\r\n", "\n")
        if source and not source.endswith("\n"):
            source += "\n"
        exported = _EXPORTED.match(source)
        place = exported.end() if exported else 0
        attributes = self._attributes()
        while found := _ATTRIBUTE.match(source, place):
            if found[1] not in ("VB_Name", "VB_Base"):
                attributes[found[1]] = found[2]
            place = found.end()
        head = "".join(f"Attribute {name} = {value}\n" for name, value in attributes.items())
        return (head + source[place:]).replace("\n", "\r\n")

    def _attributes(self) -> dict[str, str]:
        name = {"VB_Name": f'"{self.name}"'}
        if self.kind is ModuleKind.STANDARD:
            return name
        document = str(self.kind.is_document)
        return name | {
            "VB_Base": f'"0{{{self.kind.value}}}"',
            "VB_GlobalNameSpace": "False",
            "VB_Creatable": "False",
            "VB_PredeclaredId": document,
            "VB_Exposed": document,
            "VB_TemplateDerived": "False",
            "VB_Customizable": document,
        }


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """Return the project as the part `xl/vbaProject.bin`; the same modules give the same bytes."""
    _check(name, modules)
    names = [module.name for module in modules]
    streams = {
        "PROJECT": _project_stream(name, modules),
        "PROJECTwm": b"".join(f"{n}\0".encode("ascii") + f"{n}\0".encode("utf-16-le") for n in names) + b"\0\0",
        "VBA/_VBA_PROJECT": _NO_CACHE,
        "VBA/dir": compressed(_dir_stream(name, modules)),
    }
    streams |= {f"VBA/{module.name}": compressed(module.text.encode("ascii")) for module in modules}
    return compound_file(streams)


def _check(name: str, modules: Sequence[Module]) -> None:
    taken = {"dir"}  # the stream that lists the modules
    for one in (name, *(module.name for module in modules)):
        if not _NAME.fullmatch(one):
            text = _("“{name}” cannot name a VBA module: use a letter, then up to 30 ASCII letters, digits and _.")
            raise XlsalesError(text.format(name=one))
        if one.lower() in taken:
            text = _("“{name}” is taken in the VBA project, where capital letters make no difference: rename it.")
            raise XlsalesError(text.format(name=one))
        taken.add(one.lower())
    for module in modules:
        for number, line in enumerate(module.text.split("\r\n"), start=1):
            if not line.isascii() or "\r" in line or "\0" in line:
                text = _("VBA module {name}, line {number}: VBA sources are plain ASCII text. Write “{line}” without.")
                raise XlsalesError(text.format(name=module.name, number=number, line=line))
            if len(line) > _LONGEST_LINE:
                text = _("VBA module {name}, line {number}: more than {most:,} characters. Continue it with “ _”.")
                raise XlsalesError(text.format(name=module.name, number=number, most=_LONGEST_LINE))


# The PROJECT stream: what the VBA editor shows ([MS-OVBA] 2.3.1)


def _project_stream(name: str, modules: Sequence[Module]) -> bytes:
    identity = f"{{{uuid.uuid5(uuid.NAMESPACE_URL, name)}}}".upper()
    lines = [
        f'ID="{identity}"',
        *map(_listed, modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_encrypted(bytes(4), identity)}"',  # not locked
        f'DPB="{_encrypted(bytes(1), identity)}"',  # no password
        f'GC="{_encrypted(bytes([0xFF]), identity)}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def _listed(module: Module) -> str:
    if module.kind.is_document:
        return f"Document={module.name}/&H00000000"
    return f"{'Class' if module.kind is ModuleKind.CLASS else 'Module'}={module.name}"


def _encrypted(data: bytes, identity: str) -> str:
    """Return the data obscured with the project's identity ([MS-OVBA] 2.4.3.2), as hexadecimal digits."""
    # A random seed would change the bytes; this one asks for no ignored bytes.
    seed, version, key = 0x41, 2, sum(identity.encode("ascii")) & 0xFF
    written = bytearray([seed, seed ^ version, seed ^ key])
    last = key
    for byte in struct.pack("<I", len(data)) + data:
        written.append(byte ^ (written[-2] + last & 0xFF))
        last = byte
    return written.hex().upper()


# The dir stream: records of the project, its references and its modules ([MS-OVBA] 2.3.4.2)


def _record(identifier: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", identifier, len(content)) + content


def _number(identifier: int, number: int, size: int = 4) -> bytes:
    return _record(identifier, number.to_bytes(size, "little"))


def _text(identifier: int, identifier_unicode: int, text: str = "") -> bytes:
    return _record(identifier, text.encode("ascii")) + _record(identifier_unicode, text.encode("utf-16-le"))


def _dir_stream(name: str, modules: Sequence[Module]) -> bytes:
    information = (  # 2.3.4.2.1
        _number(0x01, _WIN64),
        _number(0x02, _ENGLISH),
        _number(0x14, _ENGLISH),
        _number(0x03, _CODE_PAGE, size=2),
        _record(0x04, name.encode("ascii")),
        _text(0x05, 0x40),  # description
        _record(0x06) + _record(0x3D),  # help file
        _number(0x07, 0),  # help context
        _number(0x08, 0),  # library flags
        struct.pack("<HIIH", 0x09, 4, 1, 0),  # version 1.0; the size says 4 ([MS-OVBA] 2.3.4.2.1.11)
        _text(0x0C, 0x3C),  # constants
    )
    references = (_text(0x16, 0x3E, library) + _reference(place) for library, place in _REFERENCES.items())
    listed = (_number(0x0F, len(modules), size=2), _number(0x13, 0xFFFF, size=2), *map(_module, modules))
    return b"".join((*information, *references, *listed)) + _record(0x10)


def _reference(library: str) -> bytes:
    """Return a registered reference ([MS-OVBA] 2.3.4.2.2.5)."""
    return _record(0x0D, struct.pack("<I", len(library)) + library.encode("ascii") + bytes(6))


def _module(module: Module) -> bytes:
    """Return the records of a module ([MS-OVBA] 2.3.4.2.3.2)."""
    records = (
        _text(0x19, 0x47, module.name),
        _text(0x1A, 0x32, module.name),  # its stream
        _text(0x1C, 0x48),  # description
        _number(0x31, 0),  # the source begins where the stream does: no compiled code before it
        _number(0x1E, 0),  # help context
        _number(0x2C, 0xFFFF, size=2),
        _record(0x21 if module.kind is ModuleKind.STANDARD else 0x22),
        _record(0x2B),
    )
    return b"".join(records)
