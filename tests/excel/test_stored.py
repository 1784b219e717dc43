"""Values as a file stores them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlsales.excel.stored import as_xml, number, stored, text
from xlsales.functions import CellError


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (5.0, "", "5"),
        (-0.0, "", "0"),
        (0.1 + 0.2, "", "0.30000000000000004"),
        (1e15, "", "1000000000000000"),
        (1e16, "", "1e+16"),
        (5e-324, "", "5e-324"),
        (True, "b", "1"),
        ("007", "str", "007"),
        ("", "str", ""),
        ("a < b & c", "str", "a &lt; b &amp; c"),
        ("a\rb\nc", "str", "a&#13;b\nc"),
        ("_x0041_", "str", "_x005F_x0041_"),
        (CellError("#N/A", "why"), "e", "#N/A"),
    ],
)
def test_value_is_stored(value: float | str | bool | CellError, kind: str, shown: str) -> None:
    found = stored(value)
    assert found is not None
    assert (found.kind, as_xml(found.text)) == (kind, shown)


def test_nothing_is_stored_for_no_value() -> None:
    assert stored(None) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_back_as_the_same(value: float) -> None:
    assert float(number(value)) == value
    assert not math.copysign(1, float(number(0.0 * value if value else 0.0))) < 0


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\t\n\r"), max_size=40))
def test_text_reads_back_as_the_same(value: str) -> None:
    if "\ufffe" in value or "\uffff" in value or "_x" in value:
        return
    assert (etree.fromstring(f"<v>{text(value)}</v>").text or "") == value
