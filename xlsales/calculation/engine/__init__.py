"""What the calculation engine makes of a workbook's formulas, and which of them are left for Excel.

    table_references, ranges, readable  what the engine gets of each formula, and what it would get wrong
    spills, written_numbers             what may go wrong, depending on values
    functions, values                   the functions that it knows, the sales functions among them; its results
    package                             what its reader gets
    lookups, dependents                 what goes wrong with some values only; what depends on it
    calculation                         a workbook in the engine

A formula that the engine does not calculate as Excel would is taken out of it, and nothing that depends on such a
formula gets a value.
"""
