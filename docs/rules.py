"""Writes docs/reliability.md: every rule of the linter, what Excel does, the source, and the test.

python -m docs.rules
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from pathlib import Path

from docs import promises
from tests.workbook.lint.catalogue import Listed, crafted_files
from xlsales.workbook.lint import RULES, Rule

PAGE = Path(__file__).resolve().with_name("reliability.md")
COMMAND = "python -m docs.rules"

_HEAD = """\
# Files that Excel opens without repair

`xlsales check FILE…` reads a workbook's bytes and tells what Excel would refuse, repair, or never have written: the
rule, the part, the cell, what Excel does with it, and the remedy. `--json` prints every finding for machines, `--rules`
lists the rules. Folders and patterns (`plans/*.xlsm`) mean the workbooks in them. Exit code 0: every file is sound;
1: there are findings; 2: a file is unreadable. The same in Python:

```python
from pathlib import Path
from xlsales.workbook.lint import check_file

for fault in check_file(Path("plan.xlsm")).faults:
    print(fault.rule.name, fault.part, fault.cell, fault.detail)
```

The linter opens nothing that the file names, unpacks no further than its limits (20,000 parts, 256 MiB a part, 768 MiB
in all, 400 times the packed bytes, 100 times over 64 MiB) and reads no document types: a file made to harm is
*unreadable*, with the reason.

## Workbooks that harm, or are damaged

- Whatever reads a workbook (input tables, template, `recalc`, functions put into it) refuses what may do harm before
  anything parses it, in the same line, and calls a file that is no .xlsx or .xlsm workbook what it is:
  `tests/workbook/test_opening.py`, `test_kinds.py`.
- Whatever is changed in a part or in the zip, a workbook is read, or refused in one line; 100 changes of each kind for
  each of five readers, more with `XLSALES_CHANGES=500`: `tests/cli/test_damaged.py`.
- In `recalc`, a workbook that takes more than 60 seconds or 2,048 MB, or stops the engine, costs itself alone, and a
  formula that reads a whole sheet with a far cell is left for Excel, others are not: `tests/recalc/test_bounded.py`.
- A damaged file does not stop the others, and no result replaces another: `tests/cli/test_damaged.py`,
  `test_recalc.py`.

The rules come from Microsoft's limits, the file formats' specifications, threads in which Excel's own complaint is
quoted, and from what Excel was never seen writing: they were run over 1,994 workbooks of public test suites
(XlsxWriter, ClosedXML, EPPlus, Apache POI, IronCalc), and are silent on those that Excel saved and nobody broke
afterwards. Where a source names a validator, that one refuses such a file as well; what Excel does was then taken from
it, not seen.
Each rule has crafted broken files: the sound workbook of `tests/workbook/lint/sound.py` with one small edit. Every
workbook that any test of the project leaves behind goes through the linter too.

## What only Excel can still show

No Excel runs where this project is built, so these stay to be seen by a person who opens a planner in it:

- that Excel agrees: that it opens without repair what breaks no rule, and what exactly it says of what does;
- that the VBA project compiles (the linter sees that it is whole, not that its code is right), and signatures hold;
- what a formula calculates, and how a chart, a conditional format or a form control looks;
- what Excel for the web, for Mac and on phones does with the same file.

{promises}

## The rules

{count} rules, {kinds} crafted files.
"""
_RUNS = """\
## A batch that is stopped, killed, or meets a full disk

| promise | how | test |
|---|---|---|
| One run at a time writes into a folder | a lock of the system, which goes with the process; a second run says who holds it since when, exit code 2; a lock that was left behind is taken over, and said | `files/test_folder_lock.py`, `cli/test_killed.py` |
| No file under its final name is half, or unknown | `run.json` says `started` before the first planner; each planner is recorded with its SHA-256 before it gets its name; reports are replaced whole, `run.json` last | `batch/test_faults.py`, `cli/test_killed.py` |
| `--resume` finishes what is missing, and ends with the bytes of an undisturbed run | finished planners are not touched; other tables, template, version, day, format or writer are refused by name, exit code 2 | `batch/test_resume.py`, `cli/test_killed.py` |
| What somebody has changed is never lost | a file that is not as a run has written it is copied to `backup 2027-01-31 143000` before `--overwrite` or `--resume` replaces it; where that fails it is not replaced | `batch/test_kept.py`, `batch/test_faults.py` |
| A planner that was finished and then changed stays, when a run is resumed | the finding `EDITED_KEPT` names it; the overview shows what it was made with | `batch/test_resume.py` |
| Planners of territories that are gone are listed, not deleted | the finding `STALE_PLANNER`, and `stale` in `run.json` | `batch/test_kept.py` |
| A full disk stops the run with the count made and left | exit code 3, never that of wrong use | `batch/test_faults.py`, `batch/test_batch_stopped.py` |

Until a run is complete, its folder holds a hidden one, `.xlsales`: the lock, the journals, and the findings so far (`findings.csv`). Delete it only together
with the planners. Network drives without locks are served by a sign of life instead: a holder on another computer that was silent for two minutes is gone.
"""
_TABLE = "\n### {group}\n\n| rule | what Excel does | source | crafted files | test |\n|---|---|---|---|---|\n"


def page() -> str:
    """The whole page."""
    listed: dict[str, list[Listed]] = defaultdict(list)
    for one in crafted_files():
        listed[one.rule].append(one)
    kinds = sum(len(found) for found in listed.values())
    text = _HEAD.format(count=len(RULES), kinds=kinds, promises=promises.section())
    groups = list(dict.fromkeys(rule.group for rule in RULES.values()))
    in_groups = sorted(RULES.values(), key=lambda rule: groups.index(rule.group))
    for group, rules in groupby(in_groups, key=lambda rule: rule.group):
        text += _TABLE.format(group=group[0].upper() + group[1:]) + "".join(
            _row(rule, listed[rule.name]) for rule in rules
        )
    return f"{text}\n{_RUNS}"


def _row(rule: Rule, listed: list[Listed]) -> str:
    tests = sorted({one.test.rpartition("/")[2] for one in listed})
    kinds = "; ".join(one.kind for one in listed)
    cells = (f"`{rule.name}`", rule.excel, rule.source, kinds, ", ".join(f"`{test}`" for test in tests))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
