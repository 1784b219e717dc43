"""The sales functions as LAMBDAs: names in a workbook that Excel 365 calculates without macros and without Python.

stored     formulas as files store them
body       what is written by hand of each: `bodies`, one module per subject
cells      how a LAMBDA reads a cell
writing    a whole LAMBDA from a declaration and a body
library    all of them
"""
