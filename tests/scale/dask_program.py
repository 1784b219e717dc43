"""Runs one of Dask's programs in a copy of another process: what the environment says of Dask counts all the same."""

from __future__ import annotations

import runpy
import sys

import dask.config

if __name__ == "__main__":
    dask.config.refresh()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
