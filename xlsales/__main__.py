"""`python -m xlsales` is `xlsales`."""

from xlsales.cli import main

main()
