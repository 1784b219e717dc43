"""Files written whole or not at all, their names, and what stands in their way."""
