"""What a batch promises of its workers, each with the tests that keep it true; a part of docs/reliability.md."""

from __future__ import annotations

from collections.abc import Iterator

_RETRIES = "tests/batch/test_retries.py"
_SUPERVISION, _BATCH = "tests/batch/test_supervision.py", "tests/batch/test_batch_supervised.py"
_SCRIPTS = "tests/batch/test_batch_in_scripts.py"
_COMMAND, _CTRL_C = "tests/cli/test_workers.py", "tests/cli/test_ctrl_c.py"

OF_WORKERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "A worker that is killed, crashes or ends is replaced. Its planners are tried again together, then each alone; "
        "one that ends two workers alone by itself, or loses five, whoever killed them, is left out by name "
        "(`PLANNER_QUARANTINED`), and tried again by `--resume`. All others are made; exit code 1.",
        (_BATCH, _RETRIES, _COMMAND),
    ),
    (
        "A worker that hangs is ended, and its planners are tried each alone, twice. It has 120 seconds, 3 for each "
        "planner and 0.01 for each row, about a hundred times what it takes; hours in which the computer sleeps do "
        "not count.",
        (_SUPERVISION, _BATCH),
    ),
    (
        "Only the planners in hand are lost with a worker; one that is killed while it waits or starts costs nothing. "
        "Workers lost on the way change no byte of the result.",
        (_SUPERVISION, _BATCH),
    ),
    (
        "A fault while a planner is filled, calculated, stamped, reconciled or written costs that planner: a finding "
        "(`PLANNER_FAILED`) with the exception's type and place, never a traceback.",
        (_BATCH,),
    ),
    (
        "Workers end with the process that leads, however and whenever that is killed. Ctrl-C ends a run in good "
        "order, a second one at once.",
        (_COMMAND, _CTRL_C),
    ),
    (
        "A script of one's own needs no main guard and may come from standard input: workers run nothing of it.",
        (_SCRIPTS,),
    ),
    (
        "Workers that cannot start are one sentence. More of them than the system bears (61 on Windows; elsewhere 61, "
        "or two for each processor) are fewer, with a line.",
        (_SUPERVISION, _COMMAND),
    ),
)
_AFTER = (
    "With one worker the command does the work itself, and what would end a worker ends the command; "
    "a fault costs one planner there too."
)


# What was tried, the command that tries it again, and what came of it.
MEASURED = "2026-11-29, Linux, Python 3.11, two processors that were busy with other work"
TRIED: tuple[tuple[str, str, str], ...] = (
    (
        "SIGKILL at random moments to a whole run, to the leading process alone, or to workers and their helper; each "
        "fourth folder by a command, the others in a copy of the test's process; then `--resume` until it ends",
        "XLSALES_KILLS=300 python -m pytest tests/cli/test_killed.py",
        "236 kills (90 of workers or their helper, 71 of the leading process, 75 of all at once), in 50 folders: no "
        "file half or unknown, each folder with the bytes of an undisturbed run; two runs had ended over what Python "
        "says of its killed helper, which is mended, and were repeated",
    ),
    (
        "The same to updates of planners that managers have typed into; then `--update --resume`",
        "XLSALES_KILLS=60 XLSALES_SEED=100 python -m pytest tests/cli/test_update_killed.py",
        "63 kills, in 10 folders: no edit lost, no file half or unknown, the planners are those of an undisturbed "
        "update",
    ),
    (
        "Runs, SIGKILL in the middle of any call for a file, full and broken disks, edits, deletions, other tables, "
        "`--overwrite`, `--resume`, `--only` and `--update`, in random order",
        "XLSALES_HISTORIES=100 python -m pytest tests/batch/test_histories.py",
        "97 histories; in the 85 whose runs were counted, 404 runs, 63 of them killed; nothing half, unknown or lost",
    ),
    (
        "SIGKILL in the middle of each call for a file, in a new folder, `--overwrite`, `--resume` and `--only`; then "
        "`--resume`",
        "XLSALES_FAULTS=1 python -m pytest tests/batch/test_killed_calls.py",
        "248 kills in a new folder and 292 with `--overwrite`, one in each call; with `--resume` and `--only` in each "
        "eleventh: the folder is whole each time, and the resumed run ends with the usual bytes",
    ),
    (
        "Each call for a file fails once (open, write, flush, fsync, replace, rename, unlink, mkdir, rmdir, chmod), "
        "disk full and disk broken: in a new folder, `--overwrite`, `--resume`, `--only`, `--update`; each start of a "
        "process or thread, each question to a worker and answer from it",
        "XLSALES_FAULTS=1 python -m pytest tests/batch/test_faults.py tests/batch/update/test_update_faults.py",
        "2,149 faults in runs and 623 in updates, one in each call, and 40 between processes: nothing half, unknown or "
        "lost, and `--resume` or the next run ends it; two records that got lost on the way are mended",
    ),
    (
        "The same for `recalc` (in place and into another folder) and `collect` (.xlsx, .csv, .parquet)",
        "XLSALES_FAULTS=1 python -m pytest tests/recalc/test_recalc_faults.py tests/collection/test_collect_faults.py",
        "198 and 137 calls for files, 24 and 14 between processes: each workbook is as it was or done, as it is told; "
        "a fault costs one workbook, a full disk has exit code 3",
    ),
    (
        "Changes to parts and to the zip of planners that came back, for `collect` and for `--update`",
        "XLSALES_CHANGES=500 python -m pytest tests/cli/test_damaged_planners.py",
        "1,000 collected, 250 updated: each is read, or named and left alone, and the planner beside it is done",
    ),
    (
        "Planners made to harm (300,000 cells, 100,000 names or tags in each other, far cells and areas, numbers of "
        "300,000 digits, 10,000 parts): 20 kinds, for `collect`, `--update`, `recalc`, `check` and as a foreign file",
        "once, by hand",
        "read, left alone or refused, each in less than 5 seconds of a processor and 600 MB",
    ),
    (
        "Changes to parts and to the zip of workbooks, for the readers of templates, tables, `recalc`, `check` and of "
        "what functions are put into; and to parts of a planner's template, through a whole batch",
        "XLSALES_CHANGES=500 XLSALES_SEED=7 python -m pytest tests/cli/test_damaged.py",
        "5,000 changes, twice, 500 of parts and 500 of the zip for each of five readers, and 20 through a batch: "
        "read, or refused in one line",
    ),
    (
        "All seven tables with rows, columns and files in another order; 1, 2 and 4 workers, three time zones, three "
        "languages (one of them Turkish), three hash seeds: each pair of them",
        "XLSALES_SHUFFLES=1 python -m pytest tests/batch/test_order_of_rows.py",
        "9 runs, 9 equal",
    ),
    (
        "100,000 territories with `--dry-run` and a small template, and two of them with `--only`",
        "once, by hand",
        "95 seconds of a processor and 1.4 GB, with a line every 30 seconds; 9 seconds and 350 MB",
    ),
    (
        "1,000,000 deals of 10,000 territories, one of them made with `--only`; a workbook with 1,000,000 formulas, "
        "for `check`",
        "once, by hand",
        "17 seconds of a processor and 310 MB; 54 seconds and 1.1 GB",
    ),
    (
        "A workbook with 1,000,000 different formulas, for `recalc`",
        "once, by hand",
        "left as it is after its 60 seconds, in a sentence that names `--seconds`; it had taken 940 MB",
    ),
    (
        "One cell with 100,000,000 characters in a CSV file, with 30,000,000 and 200,000,000 in a workbook",
        "once, by hand",
        "the row is refused with its line (5 seconds of a processor, 390 MB); the workbook is not opened, by any "
        "command",
    ),
)
NOT_SHOWN = (
    "a power cut: what is asked of the disk, and in which order, is tested (`tests/files/test_atomic.py`), not what "
    "the disk makes of it; a Mac's disk may keep what it was asked to write in a memory of its own",
    "kills on Windows, where processes have no copies to be killed in the middle of a call: there, tests end workers "
    "and commands (`tests/batch/test_supervision.py`), and let calls fail",
    "network drives whose locks do not hold, and how long they take to show a file",
    "that no dependency has a known fault: `pip-audit` asks a server that was out of reach where this was measured, so "
    "run it where it is not",
)


def section() -> str:
    """Return the part of the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield from ("## What a batch promises, whatever happens to its workers", "", "| promise | tests |", "|---|---|")
    for promise, tests in OF_WORKERS:
        yield f"| {promise} | {', '.join(f'`{test}`' for test in tests)} |"
    yield from ("", _AFTER, "", "## What was tried, and how often", "", f"Measured: {MEASURED}.", "")
    yield from ("| what | again with | came of it |", "|---|---|---|")
    for what, command, outcome in TRIED:
        shown = f"`{command}`" if command.startswith("XL") else command
        yield f"| {what} | {shown} | {outcome} |"
    yield from ("", "What cannot be shown here:", "")
    yield from (f"- {one}" for one in NOT_SHOWN)
