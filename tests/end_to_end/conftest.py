from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.libreoffice_vba import Office


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """The LibreOffice of these tests; each workbook has its own macros, and their variables."""
    started = Office()
    try:
        yield started
    finally:
        started.end()
