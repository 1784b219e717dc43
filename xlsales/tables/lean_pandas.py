"""Imports pandas before any module of the tables does: in a batch's worker without pyarrow (see `xlsales.memory`)."""

from __future__ import annotations

from xlsales import memory

with memory.spared():
    import pandas  # noqa: F401
