"""A workbook as bytes, parts and cells: read, checked, filled, changed in size, and written."""
