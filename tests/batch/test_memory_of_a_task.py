"""What a worker has in memory at most while it makes a task, in bytes that Python and NumPy count.

Where that grows, so does each worker of a run of 100,000 planners, whose peak docs/scale.md tells.
"""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

from xlsales.batch import Options, prepare
from xlsales.batch.filled_copies import WRITERS
from xlsales.batch.worker import Job, Worker
from xlsales.workbook.template import read, shipped

_AT_MOST = 115_000_000  # bytes of cells, what is turned of them into planners, and worksheets: 105 million, once 128


def test_a_task_takes_no_more_memory_than_it_took(crm_tables: Path, tmp_path: Path) -> None:
    with prepare(crm_tables, Options(tmp_path)) as batch:
        plans = list(batch.plans)
    worker = Worker(Job(read(shipped("xlsm")), "stamp", tmp_path, "run", None, writes=False))
    assert any(map(worker._sizes, plans)), "some planners need larger tables"
    for size in {worker._sizes(plan) for plan in plans}:
        worker._prepared(size)
    task = (plans * WRITERS["stamp"])[: WRITERS["stamp"]]
    gc.collect()
    tracemalloc.start()
    try:
        assert len(worker.make(task)) == len(task)
        _left, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < _AT_MOST
