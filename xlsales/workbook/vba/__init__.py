"""The workbook's VBA project, written without Excel from sources that can be read in a diff."""
