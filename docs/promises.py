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


def section() -> str:
    """Return the part of the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield from ("## What a batch promises, whatever happens to its workers", "", "| promise | tests |", "|---|---|")
    for promise, tests in OF_WORKERS:
        yield f"| {promise} | {', '.join(f'`{test}`' for test in tests)} |"
    yield from ("", _AFTER)
