"""Stamps filled copies of a template: only what differs is written, all else is copied as it is, still compressed.

slots       the template cut at the cells that can differ, inputs and formulas
rendering   values → their bytes
segments    the pieces of a worksheet part in segments, each compressed once where it stays as it is
joints      what stands between values that differ, each made once
stamp       template + values → the bytes of a filled workbook
"""

from xlsales.workbook.stamp.prepared import Base
from xlsales.workbook.stamp.stamp import Stamp

__all__ = ["Base", "Stamp"]
