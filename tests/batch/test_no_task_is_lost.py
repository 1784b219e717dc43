"""A batch of several parts: workers do all that they are given, and the leading process nothing in their place."""

from __future__ import annotations

import csv
import pickle
import pickletools
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.batches import contents, found
from xlsales.batch import Options, prepare
from xlsales.batch.supervision import Supervised
from xlsales.tables import parquet, parted, partition

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

LONG = 600  # seconds


def to_parquet(folder: Path) -> Path:
    """Write each CSV file of a folder as a Parquet file instead."""
    pyarrow, arrow_files = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        columns = [[row[at] or None for row in rows] for at in range(len(header))]
        arrow_files.write_table(
            pyarrow.table([pyarrow.array(one, pyarrow.string()) for one in columns], names=header),
            path.with_suffix(".parquet"),
        )
        path.unlink()
    return folder


@pytest.fixture
def tables(small_tables: Tables, write_tables: WriteTables, tmp_path: Path) -> Path:
    """Tables with a cell that is refused, so that workers explain it, too."""
    small_tables["deals"][0]["outcome"] = "MAYBE"
    return write_tables(tmp_path / "crm", small_tables)


SOURCES: dict[str, tuple[Callable[[Path], Path], set[str]]] = {
    "csv": (Path, {"split", "in_worker", "make"}),
    "parquet": (to_parquet, {"taken", "split", "in_worker", "make"}),
}


@pytest.mark.usefixtures("spawned_workers")  # copies of this process have the same packages
@pytest.mark.parametrize(("written", "expected"), SOURCES.values(), ids=SOURCES)
def test_workers_do_all_that_they_are_given(
    tables: Path,
    light_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: Callable[[Path], Path],
    expected: set[str],
) -> None:
    source = written(tables)
    monkeypatch.setattr("xlsales.batch.preparing.parted", partial(parted, rows=4))
    monkeypatch.setattr(partition, "_SPREAD_FROM", 3)
    monkeypatch.setattr(parquet, "BATCH", 2)
    monkeypatch.setattr(parquet, "_MOST", 2)
    done: list[tuple[str, Future[Any]]] = []
    not_begun: list[Exception] = []
    submit, count_failure = Supervised.submit, Supervised._count_failure

    def noted(pool: Supervised, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = submit(pool, fn, *args, **kwargs)
        done.append((fn.__name__, future))
        return future

    def noted_failure(pool: Supervised, error: Exception) -> None:
        not_begun.append(error)
        count_failure(pool, error)

    monkeypatch.setattr(Supervised, "submit", noted)
    monkeypatch.setattr(Supervised, "_count_failure", noted_failure)
    made = []
    for workers in (1, 2):
        out = tmp_path / f"by {workers}"
        with prepare(source, Options(out, template=light_template, workers=workers)) as batch:
            assert batch.parts.count > 1
            batch.run()
        made.append((contents(out), found(batch)))
    assert not_begun == []
    assert [(name, error) for name, one in done if (error := one.exception(LONG)) is not None] == []
    given = Counter(name for name, _future in done)
    assert set(given) == expected
    assert given["in_worker"] == batch.parts.count
    assert made[1] == made[0]
    assert [code for _severity, code, *_place in made[0][1]] == ["CHOICE"]


def test_parts_say_nothing_of_pandas_to_workers(tables: Path) -> None:
    """What one pandas has packed, another might not unpack: one that does without pyarrow, or of another version."""
    with parted(tables, rows=4) as parts:
        packed = [pickle.dumps(one) for one in parts.apart()]
    assert len(packed) > 1
    texts = {argument for one in packed for _code, argument, _at in pickletools.genops(one)}
    assert "xlsales.tables.partition" in texts
    assert not [text for text in texts if isinstance(text, str) and text.partition(".")[0] in ("pandas", "pyarrow")]
