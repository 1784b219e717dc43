"""Which templates are compiled anew, and not taken from what was kept."""

from __future__ import annotations

from typing import Any

import pytest

from xlsales.calculation.compiled import compilation
from xlsales.workbook.template import Template


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates that are compiled anew."""
    found: list[str] = []
    anew = compilation.compilation

    def counted(template: Template, *others: Any) -> compilation.Compilation:
        found.append(template.name)
        return anew(template, *others)

    monkeypatch.setattr(compilation, "compilation", counted)
    return found
