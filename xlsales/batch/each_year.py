"""A source with several fiscal years, each of them a batch of its own in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xlsales.batch import out_folder
from xlsales.batch.options import Options
from xlsales.batch.preparing import prepare
from xlsales.batch.run import Batch


def prepare_each(source: str | Path, options: Options) -> Iterator[Batch]:
    """Prepare the batch of a source, or one after the other those of its fiscal years, in folders `2026`, `2027`.

    for batch in prepare_each("crm", Options(Path("plans"))):
        with batch:
            batch.run()
    """
    batch = prepare(source, options)
    if not batch.fiscal_years:
        yield batch
        return
    batch.close()
    for one in of_years(options, batch.fiscal_years):
        yield prepare(source, one)


def of_years(options: Options, years: Sequence[int]) -> list[Options]:
    """Return the options of each year; InputError where the folder of one of them holds planners already."""
    each = [
        replace(options, fiscal_year=year, is_first_year=year == years[0], out=options.out / str(year))
        for year in years
    ]
    if not (options.overwrite or options.resume or options.update):
        for one in each:  # before the first of them is made
            out_folder.refuse_existing(one.out, ())
    return each
