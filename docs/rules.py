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
  each of five readers, and some to a template through a whole batch, more with `XLSALES_CHANGES=500`:
  `tests/cli/test_damaged.py`. The same for planners that came back: each is collected or updated, or named and left
  alone, and the others are done: `tests/cli/test_damaged_planners.py`.
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

What a batch promises of its folder, when it is stopped, killed or meets a full disk, stands in [runs.md](runs.md).

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
    return text


def _row(rule: Rule, listed: list[Listed]) -> str:
    tests = sorted({one.test.rpartition("/")[2] for one in listed})
    kinds = "; ".join(one.kind for one in listed)
    cells = (f"`{rule.name}`", rule.excel, rule.source, kinds, ", ".join(f"`{test}`" for test in tests))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
