"""What the Sales Planner contains, and its builder."""
