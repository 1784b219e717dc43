"""Ways to make planners: fill the template's input cells and write the file, with whatever else each of them does."""

from __future__ import annotations

import datetime as dt
import importlib
import pickle
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from xlsales.batch.plan import Plan
    from xlsales.batch.worker import Worker
    from xlsales.workbook.template import Template

Inputs: TypeAlias = Mapping[tuple[str, str], Any]
Make: TypeAlias = Callable[[], Sequence[Path]]  # makes all the planners once
_MANY_ACCOUNTS = 700
_TIMES = 4  # the quick ways: as many planners in a round as a worker of a large batch makes at a time
_WHOLE = 3500  # territories of a whole batch: those of the example 100 times
_TABLES = Path(__file__).resolve().parent.parent / "examples" / "crm" / "tables"
_EPOCH = dt.date(1899, 12, 30).toordinal()


@dataclass(frozen=True)
class Job:
    """What every way gets: the template, and the input cells of each planner."""

    template: Path
    inputs: Sequence[Inputs]
    plans: bytes  # the same as xlsales' plans, pickled: only xlsales' own ways load them
    finished: Sequence[Path]  # planners that are there already, to be copied


@dataclass(frozen=True)
class Way:
    """One line of the table."""

    name: str
    start: Callable[[Job, Path], Make]  # what is done once, before the clock starts
    package: str = ""  # what it needs beyond xlsales
    module: str = ""  # what that is called in an import
    with_children: bool = False  # the memory is that of a program that it starts
    times: int = 1  # how often it makes every planner in a round
    planners: int | None = None  # how many it makes in a round, where not those of the others
    fills_the_same: bool = True  # otherwise its values are those of other planners, and not to be compared


def openpyxl_only(job: Job, folder: Path) -> Make:
    """Load, fill, save: the obvious way. It calculates nothing and drops the values of all formulas."""
    import openpyxl

    keep_vba = job.template.suffix == ".xlsm"

    def one(path: Path, inputs: Inputs) -> Path:
        workbook = openpyxl.load_workbook(job.template, keep_vba=keep_vba)
        for (sheet, cell), value in inputs.items():
            workbook[sheet][cell].value = value
        workbook.save(path)
        return path

    return _each(one, job, folder)


def openpyxl_and_libreoffice(job: Job, folder: Path) -> Make:
    """Fill with openpyxl, then recalculate all the files with one start of LibreOffice."""
    from tests.libreoffice import recalculated

    fill = openpyxl_only(job, folder)
    return lambda: recalculated(fill(), folder / "recalculated")


def wolfxl(job: Job, folder: Path) -> Make:
    """Load, fill, save with wolfxl, which changes the package in place."""
    wolfxl: Any = importlib.import_module("wolfxl")

    def one(path: Path, inputs: Inputs) -> Path:
        workbook = wolfxl.load_workbook(job.template, keep_vba=True, modify=True)
        for (sheet, cell), value in inputs.items():
            workbook[sheet][cell].value = value
        workbook.save(path)
        return path

    return _each(one, job, folder)


def pyopenxlsx(job: Job, folder: Path) -> Make:
    """Load, fill, save with OpenXLSX, which is written in C++."""
    pyopenxlsx: Any = importlib.import_module("pyopenxlsx")

    def one(path: Path, inputs: Inputs) -> Path:
        with pyopenxlsx.load_workbook(str(job.template)) as workbook:
            for (sheet, cell), value in inputs.items():
                workbook[sheet][cell].value = "" if value is None else _number(value)  # it cannot blank a cell
            workbook.save(str(path))
        return path

    return _each(one, job, folder)


def excelize(job: Job, folder: Path) -> Make:
    """Load, fill, save with Excelize, which is written in Go."""
    excelize: Any = importlib.import_module("excelize")

    def one(path: Path, inputs: Inputs) -> Path:
        workbook = excelize.open_file(str(job.template))
        for (sheet, cell), value in inputs.items():
            workbook.set_cell_value(sheet, cell, _number(value))
        workbook.save_as(str(path))
        workbook.close()
        return path

    return _each(one, job, folder)


def _number(value: Any) -> Any:
    """Return a value as a cell keeps it: a day is a number, whose cell has its format already."""
    return value.toordinal() - _EPOCH if isinstance(value, dt.date) else value


def ironcalc(job: Job, folder: Path) -> Make:
    """Load, fill, calculate, save with IronCalc."""
    from openpyxl.utils.cell import coordinate_to_tuple

    ironcalc: Any = importlib.import_module("ironcalc")

    def one(path: Path, inputs: Inputs) -> Path:
        model = ironcalc.load_from_xlsx(str(job.template))
        sheets = {sheet["name"]: index for index, sheet in enumerate(model.get_worksheets_properties())}
        for (sheet, cell), value in inputs.items():
            place = (sheets[sheet], *coordinate_to_tuple(cell))
            if value is None:
                model.clear_cell_contents(*place)
            elif isinstance(value, str):
                model.update_cell_with_text(*place, value)
            else:
                model.update_cell_with_number(*place, float(_number(value)))
        model.evaluate()
        path.write_bytes(model.to_xlsx())
        return path

    return _each(one, job, folder)


def _each(one: Callable[[Path, Inputs], Path], job: Job, folder: Path) -> Make:
    paths = [folder / f"{number}{job.template.suffix}" for number in range(len(job.inputs))]
    return lambda: [one(path, inputs) for path, inputs in zip(paths, job.inputs, strict=True)]


def worker_of(template: Template, writer: str, folder: Path) -> Worker:
    """Return a worker of a run that writes into a folder."""
    from xlsales.batch import aside
    from xlsales.batch.worker import Job, Worker

    journal = aside.new_journal(folder, of_planners=False)
    journal.parent.mkdir(exist_ok=True)
    journal.touch()  # as a run does for as long as it writes
    return Worker(Job(template, writer, folder, "benchmark", None, journal=journal.name))


def xlsales(writer: str, job: Job, folder: Path, times: int = 1) -> Make:
    """What a worker of `xlsales batch` does."""
    from xlsales.batch import filled_copies
    from xlsales.workbook import template

    plans = [_again(plan, turn) for turn in range(times) for plan in pickle.loads(job.plans)]
    worker = worker_of(template.read(job.template), writer, folder)
    step = filled_copies.WRITERS[writer]
    chunks = [plans[first : first + step] for first in range(0, len(plans), step)]
    return lambda: [folder / (one.file_name or "") for chunk in chunks for one in worker.make(chunk)]


def enlarged(job: Job, folder: Path) -> Make:
    """What a worker does for territories with more accounts than the template has rows: 700 each."""
    from xlsales.batch import filled_copies
    from xlsales.workbook import template

    plans = [_with_accounts(plan, _MANY_ACCOUNTS) for plan in pickle.loads(job.plans) if len(plan.rows["accounts"])]
    writer = next(iter(filled_copies.WRITERS))
    worker = worker_of(template.read(job.template), writer, folder)
    return lambda: [folder / (one.file_name or "") for one in worker.make(plans)]


def _with_accounts(plan: Plan, count: int) -> Plan:
    """The same plan with so many accounts: its own, over and over."""
    from xlsales.cells.rows import Rows

    own = plan.rows["accounts"]
    columns = {
        name: [
            f"{values[row % len(own)]}-{row}" if name == "account_id" else values[row % len(own)]
            for row in range(count)
        ]
        for name, values in own.columns.items()
    }
    return replace(plan, rows={**plan.rows, "accounts": Rows(columns, count)})


def _again(plan: Plan, turn: int) -> Plan:
    """The same plan for a territory of its own."""
    territory = {**plan.territory, "territory_id": f"{plan.territory_id}-{turn}"}
    return replace(plan, territory=territory, file_name=f"{turn} {plan.file_name}")


def whole_batch(job: Job, folder: Path, workers: int | None) -> Make:
    """All that `xlsales batch` does: read and check tables, make the planners, the overview and the list of the run."""
    from benchmarks.growth import multiplied
    from xlsales.batch import Options, prepare

    tables = folder / "tables"
    multiplied(_TABLES, tables, _WHOLE)
    rounds = count()

    def make() -> Sequence[Path]:
        out = folder / f"planners {next(rounds)}"
        with prepare(tables, Options(out, template=job.template, workers=workers)) as batch:
            batch.run()
        return sorted(out.glob(f"*{job.template.suffix}"))

    return make


def copy(job: Job, folder: Path) -> Make:
    """Copy finished planners."""
    return lambda: [
        Path(shutil.copyfile(path, folder / f"{turn} {path.name}")) for turn in range(_TIMES) for path in job.finished
    ]


def safe_copy(job: Job, folder: Path) -> Make:
    """Copy finished planners as xlsales writes them: to a new name, to the disk, and only then in place."""
    from xlsales.files import atomic

    def one(path: Path, name: str) -> Path:
        atomic.write(folder / name, path.read_bytes())
        return folder / name

    return lambda: [one(path, f"{turn} {path.name}") for turn in range(_TIMES) for path in job.finished]


def ways() -> list[Way]:
    """Every line of the table, in its order; the first is what the others are measured against."""
    return [
        Way("openpyxl", openpyxl_only),
        Way(
            "openpyxl + LibreOffice",
            openpyxl_and_libreoffice,
            package="LibreOffice and pytest",
            module="pytest",
            with_children=True,
        ),
        Way("wolfxl", wolfxl, package="wolfxl", module="wolfxl"),
        Way("pyopenxlsx", pyopenxlsx, package="pyopenxlsx", module="pyopenxlsx"),
        Way("excelize", excelize, package="excelize", module="excelize"),
        Way("IronCalc", ironcalc, package="ironcalc", module="ironcalc"),
        Way("xlsales", partial(xlsales, "stamp", times=_TIMES), times=_TIMES),
        Way("xlsales, whole batch", partial(whole_batch, workers=1), planners=_WHOLE, fills_the_same=False),
        Way(
            "xlsales, whole batch, all processors",
            partial(whole_batch, workers=None),
            with_children=True,
            planners=_WHOLE,
            fills_the_same=False,
        ),
        Way("xlsales, 700 accounts", enlarged, fills_the_same=False),
        Way("xlsales, writer openpyxl", partial(xlsales, "openpyxl")),
        Way("copy, to the disk", safe_copy, times=_TIMES),
        Way("copy", copy, times=_TIMES),
    ]
