"""Workbooks as files: what their bytes hold, and whether Excel opens them as they are."""
