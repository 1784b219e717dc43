"""What a cell is: its value, its address, its formula, and how a file stores them."""
