"""The planner's sheets, one module each, in the order of their tabs."""
