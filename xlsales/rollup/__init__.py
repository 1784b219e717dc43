"""The roll-up: what was collected as one workbook for the sales leader and for finance.

    with path.open("wb") as file:
        workbook.write(Gathered(Table.of(territories), {"accounts": Table.of(accounts)}, Table.of(findings)), file)

`gathered` is what it is made of. Sheets of totals (`groups`, `measures`), of comparisons (`lists`, `comparisons`), of
earlier collections (`earlier`, `history`) and of the tables themselves (`data`) stand behind a first sheet with charts
(`summary`, `charts`). Every total is a formula with its value; what is not known is never a zero in it.
"""
