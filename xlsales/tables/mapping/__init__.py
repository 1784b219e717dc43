"""Maps: what a foreign export calls its tables, columns and values, and how it writes dates and numbers.

how = read_map("salesforce.toml")       # InputError names the key at fault
with parted("export", mapping=how) as parts: …
"""

from __future__ import annotations

from xlsales.tables.mapping.reading_maps import PRESETS, read_map
from xlsales.tables.mapping.shape import Map, TableMap

__all__ = ["PRESETS", "Map", "TableMap", "read_map"]
