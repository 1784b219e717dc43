from __future__ import annotations

import pytest

from tests.addin.simulated import SHIPPED, SimulatedWindows, working
from xlsales.addin.install import install


@pytest.fixture
def windows() -> SimulatedWindows:
    """A Windows where everything is right and nothing of ours is installed yet."""
    return working()


@pytest.fixture
def installed(windows: SimulatedWindows) -> SimulatedWindows:
    """The same with our add-in."""
    list(install(windows, SHIPPED))
    return windows
