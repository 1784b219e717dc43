"""Excel's own results: facts from workbooks that Excel saved, and what is made of them here."""
