"""Imports pandas before any module of the tables does: in our own processes without pyarrow (`xlsales.memory`)."""

from __future__ import annotations

from xlsales import memory

with memory.spared():
    import pandas  # noqa: F401
