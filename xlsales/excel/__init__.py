"""How Excel stores things: packages of parts, cells and their values."""
