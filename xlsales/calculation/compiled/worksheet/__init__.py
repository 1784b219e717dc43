"""The worksheet functions that formulas call."""
