"""Our own processes have a pandas without pyarrow, which is there for whoever asks for it; any other has both."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytest.importorskip("pyarrow")

THERE = "print('pyarrow' in sys.modules)"
TABLES = "from xlsales.tables import read_tables, validate"
CHECKED = "print([found.code for found in validate(read_tables(sys.argv[1])).findings])"
PARQUET = "import pyarrow.parquet; print(pyarrow.table({'a': [1]}).num_rows)"


@pytest.fixture
def tables(small_tables: Tables, write_tables: WriteTables, tmp_path: Path) -> Path:
    """Tables with a cell that breaks a rule, and one that is no number."""
    small_tables["deals"][0]["outcome"] = "MAYBE"
    small_tables["deals"][1]["amount"] = "much"
    return write_tables(tmp_path / "crm", small_tables)


def printed(tables: Path, *lines: str) -> list[str]:
    """What a new process prints."""
    program = "\n".join(["import sys", "from xlsales import memory", *lines])
    done = subprocess.run([sys.executable, "-c", program, tables], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("before", "expected"),
    [("", True), ("memory.spare()", False), ("import pyarrow; memory.spare()", True)],
    ids=["any process", "worker", "worker that has it"],
)
def test_worker_checks_tables_without_pyarrow(tables: Path, before: str, expected: bool) -> None:
    told = printed(tables, before, TABLES, THERE, CHECKED, THERE, PARQUET, THERE, CHECKED)
    assert told == [str(expected), "['CHOICE', 'NUMBER']", str(expected), "1", "True", "['CHOICE', 'NUMBER']"]


@pytest.mark.parametrize("chosen", [None, "jemalloc"])
def test_arrow_in_a_worker_takes_memory_from_where_everything_else_does_unless_somebody_has_chosen(
    tables: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None
) -> None:
    import pyarrow

    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    if chosen:
        monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", chosen)
    if chosen and chosen not in pyarrow.supported_memory_backends():
        pytest.skip("this pyarrow has no other")
    told = printed(tables, "memory.spare()", "import pyarrow; print(pyarrow.default_memory_pool().backend_name)")
    assert told == [chosen or "system"]


def test_worker_that_has_read_parquet_files_checks_tables_as_well(tables: Path) -> None:
    again = "print(pyarrow is sys.modules['pyarrow'])"
    told = printed(tables, "memory.spare()", TABLES, PARQUET, CHECKED, again, PARQUET)
    assert told == ["1", "['CHOICE', 'NUMBER']", "True", "1"]


def test_command_reads_tables_without_pyarrow(tables: Path) -> None:
    told = printed(
        tables,
        "import atexit; from xlsales.__main__ import main",
        "atexit.register(lambda: print('pandas' in sys.modules, 'pyarrow' in sys.modules))",
        "sys.argv = ['xlsales', 'tables', '--suggest-map', sys.argv[1]]; main()",
    )
    assert told[-1] == "True False"
