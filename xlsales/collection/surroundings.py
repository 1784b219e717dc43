"""What surrounds the cells of a returned planner: macros, links to other files, hidden sheets."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from xlsales.collection.finding import PlannerFinding
from xlsales.collection.reference import Reference
from xlsales.texts import N_, _
from xlsales.workbook import parts as parts_of
from xlsales.workbook.external_links import linked_files
from xlsales.workbook.returned import Returned
from xlsales.workbook.vba.compound_reader import NotCompoundError
from xlsales.workbook.vba.compression import NotCompressedError
from xlsales.workbook.vba.functions_in import modules

_OTHER = N_("a module is another one")
_UNREADABLE = N_("they cannot be read")
_ADDED = N_("the template has none")
_OF_EXCEL_4 = N_("a sheet holds macros as Excel 4 had them")


def findings(planner: Returned, reference: Reference | None, file: str, territory_id: str) -> Iterator[PlannerFinding]:
    """Yield what is odd around the cells."""
    links = linked_files(planner.parts)
    for name in links:
        yield PlannerFinding("EXTERNAL_LINK", file, territory_id, got=name or "?")
    yield from _other_sheets(planner, reference, file, territory_id)
    was_hidden = set() if reference is None else _hidden(reference.planner)
    for sheet in sorted(_hidden(planner) - was_hidden):
        yield PlannerFinding("HIDDEN_SHEET", file, territory_id, sheet)
    if reference is not None:
        what = _vba(planner, reference.planner)
        if what:
            yield PlannerFinding("VBA_CHANGED", file, territory_id, got=_(what))


def _hidden(planner: Returned) -> set[str]:
    root = parts_of.parse(planner.parts[parts_of.workbook_part(planner.parts)])
    return {sheet.get("name", "") for sheet in root.iter("{*}sheet") if sheet.get("state", "visible") != "visible"}


def _other_sheets(
    planner: Returned, reference: Reference | None, file: str, territory_id: str
) -> Iterator[PlannerFinding]:
    """Yield the sheets without cells of their own kind: of charts, of dialogs, of the macros that Excel 4 had."""
    own = set() if reference is None else {*parts_of.sheet_names(reference.planner.parts)}
    others = [name for name in parts_of.sheet_names(planner.parts) if name not in {*planner.cells.sheets, *own}]
    for sheet in others:
        yield PlannerFinding("OWN_SHEET", file, territory_id, sheet)
    if parts_of.macro_sheets(planner.parts) - own:
        yield PlannerFinding("VBA_CHANGED", file, territory_id, got=_(_OF_EXCEL_4))


def _vba(planner: Returned, template: Returned) -> str:
    """Return how the macros differ; a copy without any is as good as one with ours."""
    project, own = _project(planner.parts), _project(template.parts)
    if project is None or project == own:
        return ""
    if own is None:
        return _ADDED
    try:
        return "" if _modules(project) == _modules(own) else _OTHER
    except (NotCompoundError, NotCompressedError, struct.error, KeyError, UnicodeDecodeError):
        return _UNREADABLE


def _project(parts: Mapping[str, bytes]) -> bytes | None:
    place = parts_of.target_of_kind(parts, parts_of.workbook_part(parts), "vbaProject")
    return None if place is None else parts[place]


def _modules(project: bytes) -> list[str]:
    """Return the code of the modules, whatever is compiled or described beside it; modules without any are left out."""
    found = []
    for _is_standard, source in modules(project):
        lines = (" ".join(line.split()) for line in source.splitlines())
        code = "\n".join(line for line in lines if line and not line.startswith("Attribute ")).casefold()
        if code and code != "option explicit":
            found.append(code)
    return sorted(found)
