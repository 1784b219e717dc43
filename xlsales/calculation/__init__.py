"""One answer for each formula: compiled into NumPy, from the calculation engine, or left for Excel."""
