"""Findings as lines for a person: what several territories have alike is one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from xlsales.findings import SEVERITIES, Finding, Severity
from xlsales.texts import N_, _

_SHOWN = 5  # lines of one code
_NAMES: Mapping[Severity, str] = {"error": N_("errors"), "warning": N_("warnings"), "info": N_("notes")}
_EXAMPLES = 3  # territories named of those that have a finding alike


def lines(
    findings: Sequence[Finding], counts: Mapping[tuple[Severity, str], int], listed: str | None = "findings.csv"
) -> Iterator[tuple[Severity, str]]:
    """Yield the lines that tell the findings, each with its severity; `counts` may count more than are listed.

    `listed` is the file that holds all of them, if there is one.
    """
    for (level, code), alike in groupby(sorted(findings, key=_kind), key=_kind):
        severity, groups = SEVERITIES[level], _together(list(alike))
        for group in groups[:_SHOWN]:
            yield severity, f"  {severity:8}{_told(group)}"
        others = counts[severity, code] - sum(map(len, groups[:_SHOWN]))
        if others > 0:
            message = _("  … and {count} more of {code}: see {file}.")
            if listed is None:
                message = _("  … and {count} more of {code}: --findings FILE.csv lists them.")
            yield severity, message.format(count=others, code=code, file=listed)


def signature_lost() -> str:
    """Return what is said of a workbook that was signed before it was changed."""
    return _("Its digital signature no longer holds, for the workbook was changed: sign it again in Excel.")


def counted(counts: Mapping[tuple[Severity, str], int]) -> str | None:
    """Return a line that counts the findings by kind, where there are more than are told one by one."""
    if all(count <= _SHOWN for count in counts.values()):
        return None
    kinds = []
    for severity in SEVERITIES:
        codes = sorted((code, count) for (level, code), count in counts.items() if level == severity and count)
        if codes:
            total = f"{_(_NAMES[severity])} {sum(count for _code, count in codes):,}"
            kinds.append(f"{total} ({', '.join(f'{count:,} {code}' for code, count in codes)})")
    return _("Findings: {kinds}.").format(kinds="; ".join(kinds))


def _kind(finding: Finding) -> tuple[int, str]:
    return SEVERITIES.index(finding.severity), finding.code


def _together(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return the findings one by one, but those together that several territories have once each."""
    ids = [finding.territory_id for finding in findings if _of_territory(finding)]
    once = len(set(ids)) == len(ids)
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        key = finding.place if once and _of_territory(finding) else id(finding)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _of_territory(finding: Finding) -> bool:
    """Whether it is about all rows of a territory, and no file alone."""
    return finding.territory_id is not None and finding.row is None and finding.file is None


def _told(group: Sequence[Finding]) -> str:
    finding, ids = group[0], [str(one.territory_id) for one in group]
    if not _of_territory(finding):
        return str(finding)
    texts = {"place": finding.place or _("tables"), "message": finding.message, "first": ids[0]}
    if len(ids) == 1:
        return _("{place} of territory {first}: {message}").format(**texts)
    examples = ", ".join(ids[:_EXAMPLES]) + ("…" if len(ids) > _EXAMPLES else "")
    message = _("{place} of {count} territories ({examples}): in {first}, for example: {message}")
    return message.format(count=len(ids), examples=examples, **texts)
