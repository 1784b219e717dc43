"""What a workbook is sealed with: a signature, which no change survives, or the wish that nobody changes it."""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.workbook import parts, properties

_TRUE = ("1", "true")


def is_signed(contents: Mapping[str, bytes]) -> bool:
    """Whether a workbook as a whole has a digital signature; one of its macros is another thing."""
    origin = parts.target_of_kind(contents, "", "origin")
    return origin is not None and bool(parts.targets(contents, origin))


def is_final(contents: Mapping[str, bytes]) -> bool:
    """Whether a workbook is marked as final: Excel does not let anybody type until they choose Edit Anyway."""
    return properties.of_parts(contents).get("_MarkAsFinal", "").casefold() in _TRUE


def is_read_only(contents: Mapping[str, bytes]) -> bool:
    """Whether Excel asks on opening that a workbook be read only, or for a password to change it."""
    sharing = parts.parse(contents[parts.workbook_part(contents)]).find("{*}fileSharing")
    if sharing is None:
        return False
    has_password = any(sharing.get(name) for name in ("reservationPassword", "hashValue"))
    return has_password or sharing.get("readOnlyRecommended") in _TRUE
