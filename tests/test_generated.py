"""What is made from something else is as its sources say; the workbooks have tests of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import generated
from xlsales.functions import CATALOGUE


def test_generated_texts_are_as_their_sources_say() -> None:
    assert [path.name for path in generated.differing_texts()] == [], "write them anew: python tests --generate"


def test_new_function_gets_its_face_and_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = replace(CATALOGUE["CLOSE_RATIO"], name="LOST_RATIO")
    monkeypatch.setattr(generated, "CATALOGUE", {**CATALOGUE, "LOST_RATIO": lost})
    faces = generated.faces(generated.FACES.read_text(encoding="utf-8"))
    assert faces.endswith('def LOST_RATIO(won, proposals):\n    return _answer("LOST_RATIO", won, proposals)\n')
    package = generated.exported(generated.PACKAGE.read_text(encoding="utf-8"))
    assert package.count('"lost_ratio",') == 2


def test_removed_function_loses_its_face_and_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: function for name, function in CATALOGUE.items() if name != "CLOSE_RATIO"}
    monkeypatch.setattr(generated, "CATALOGUE", left)
    assert "CLOSE_RATIO" not in generated.faces(generated.FACES.read_text(encoding="utf-8"))
    assert "close_ratio" not in generated.exported(generated.PACKAGE.read_text(encoding="utf-8"))
