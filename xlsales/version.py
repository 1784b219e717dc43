"""The version of xlsales, in one place, and that of xlwings, whose DLL the workbook names."""

__version__ = "0.1.0"
XLWINGS_VERSION = "0.37.8"  # as in pyproject.toml
