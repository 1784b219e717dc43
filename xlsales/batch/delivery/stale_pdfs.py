"""PDFs in the folder that do not show what stands in their planners: printed by an earlier run, and not by this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xlsales.batch import backups
from xlsales.batch.delivery.pdf import Printing, pdf_name
from xlsales.findings import Finding
from xlsales.texts import _n

STALE: Final = "STALE_PDF"
_SUFFIXES = (".xlsm", ".xlsx")
_EXAMPLES = 3


@dataclass(frozen=True)
class Printed:
    """A PDF of an earlier run: of which sheets, and the key of the planner that it shows."""

    sheets: Sequence[str]
    key: str


def of_report(report: Mapping[str, Any] | None) -> dict[str, Printed]:
    """Return the PDFs that a run report knows, by name."""
    found: dict[str, Printed] = {}
    told = report or {}
    groups = [*told["older_pdfs"]] if isinstance(told.get("older_pdfs"), list) else []
    for group in [*groups, told.get("pdf")]:
        if not isinstance(group, Mapping):
            continue
        sheets, files = group.get("sheets"), group.get("files")
        if isinstance(sheets, list) and isinstance(files, Mapping):
            found |= {str(name): Printed([*map(str, sheets)], str(key)) for name, key in files.items()}
    return found


def told(pdfs: Mapping[str, Printed]) -> list[dict[str, Any]]:
    """Return PDFs of earlier runs as a run report has them."""
    groups: dict[tuple[str, ...], dict[str, str]] = {}
    for name, one in sorted(pdfs.items()):
        groups.setdefault(tuple(one.sheets), {})[name] = one.key
    return [{"sheets": list(sheets), "files": files} for sheets, files in groups.items()]


def findings(
    out: Path, pdfs: Mapping[str, Printed], planners: Mapping[str, str], asked: Sequence[str] | None
) -> Iterator[Finding]:
    """Yield what is to be said of PDFs that are there still and show something else.

    `planners` are the fingerprints of those that this run has made, by name, blank for names that are gone; `asked`
    the PDFs of planners that a run for some territories is about, None for a run for all.
    """
    sums = {pdf_name(name): sha256 for name, sha256 in planners.items()}
    stale = [
        name
        for name, one in sorted(pdfs.items())
        if (asked is None or name in asked)
        and (out / name).is_file()
        and one.key != Printing(one.sheets, "").key(sums[name] if name in sums else _on_disk(out, name))
    ]
    if stale:
        message = _n(
            "{count} PDF shows a planner as it was before: {examples}. Print it again with --pdf, or delete it.",
            "{count} PDFs show planners as they were before: {examples}. Print them again with --pdf, or delete them.",
            len(stale),
        )
        examples = ", ".join(stale[:_EXAMPLES]) + ("…" if len(stale) > _EXAMPLES else "")
        yield Finding("warning", STALE, message.format(count=len(stale), examples=examples))


def _on_disk(out: Path, name: str) -> str:
    """Return the fingerprint of the planner that a PDF is named for; nothing where it is gone."""
    sums = (backups.sha256_of((out / name).with_suffix(suffix)) for suffix in _SUFFIXES)
    return next((one for one in sums if one), "")
