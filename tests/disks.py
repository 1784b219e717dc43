"""Tests do not wait until a disk has what was written: no power fails meanwhile. Programs that they start do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike


def written(handle: FileDescriptorLike) -> None:
    """Take an open file for written to its disk."""
    os.fstat(handle if isinstance(handle, int) else handle.fileno())  # which fails where it is none


@pytest.fixture(scope="session", autouse=True)
def disks_that_are_not_waited_for() -> Iterator[None]:
    """Where a test lets the disk fail, it does so in front of this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", written)
        yield
