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
MEASURED = "2026-11-29, commit 3c05b32, Linux, Python 3.11, two processors that were busy with other work"
TRIED: tuple[tuple[str, str, str], ...] = (
    (
        "SIGKILL at random moments to a whole command, to the leading process alone, or to workers; then `--resume` "
        "until it ends",
        "XLSALES_KILLS=100 python -m pytest tests/cli/test_killed.py",
        "58 kills counted, in 18 folders: no file half or unknown, each folder with the bytes of an undisturbed run",
    ),
    (
        "Runs, SIGKILL in the middle of any call for a file, full and broken disks, edits, deletions, other tables, "
        "`--overwrite`, `--resume` and `--only`, in random order",
        "XLSALES_HISTORIES=100 python -m pytest tests/batch/test_histories.py",
        "113 histories; in the 53 whose runs were counted, 204 runs, 24 of them killed; nothing half, unknown or lost",
    ),
    (
        "SIGKILL in the middle of each call for a file, in a new folder, `--overwrite`, `--resume` and `--only`; then "
        "`--resume`",
        "XLSALES_FAULTS=1 python -m pytest tests/batch/test_killed_calls.py",
        "each thirteenth call: the folder is whole each time, and the resumed run ends with the usual bytes",
    ),
    (
        "Each call for a file fails once (open, write, flush, fsync, replace, unlink, mkdir), disk full and disk "
        "broken; each start of a process or thread, each question to a worker and answer from it",
        "XLSALES_FAULTS=1 python -m pytest tests/batch/test_faults.py",
        "each nineteenth call in every kind of run, each seventh between processes; each call in a new folder (disk "
        "full and broken) and over an old one (disk full): nothing half, unknown or lost, and `--resume` ends it",
    ),
    (
        "Changes to parts and to the zip of workbooks, for the readers of templates, tables, `recalc`, `check` and of "
        "what functions are put into; and to parts of a planner's template, through a whole batch",
        "XLSALES_CHANGES=500 XLSALES_SEED=7 python -m pytest tests/cli/test_damaged.py",
        "5,000 changes, 500 of parts and 500 of the zip for each of five readers, and 20 through a batch: "
        "read, or refused in one line",
    ),
    (
        "All seven tables with rows, columns and files in another order; 1, 2 and 4 workers, three time zones, three "
        "languages (one of them Turkish), three hash seeds: each pair of them",
        "XLSALES_SHUFFLES=1 python -m pytest tests/batch/test_order_of_rows.py",
        "9 runs, 9 equal",
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
