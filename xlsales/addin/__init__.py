"""The add-in that brings the sales functions into every workbook, and its installation in Windows."""
