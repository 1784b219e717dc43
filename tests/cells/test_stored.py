"""Values as a file stores them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.cells.stored import content, contents, number, stored
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
        ("a\rb\nc", "str", "a_x000D_b\nc"),
        (" a", "str", " a"),
        ("x" * 32_768, "e", "#VALUE!"),
        ("😀" * 16_384, "e", "#VALUE!"),
        ("_x0041_", "str", "_x005F_x0041_"),
        (CellError("#N/A", "why"), "e", "#N/A"),
    ],
)
def test_value_is_stored(value: float | str | bool | CellError, kind: str, shown: str) -> None:
    found = stored(value)
    assert found is not None
    preserved = b' xml:space="preserve"' if shown.startswith(" ") else b""
    element = b"<x:v%b>%b</x:v>" % (preserved, shown.encode()) if shown else b"<x:v/>"
    assert (found.kind, found.element(b"x:")) == (kind, element)


def test_nothing_is_stored_for_no_value() -> None:
    assert stored(None) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_back_as_the_same(value: float) -> None:
    assert float(number(value)) == value
    assert not math.copysign(1, float(number(0.0 * value if value else 0.0))) < 0


_ODD = st.text(alphabet="a|_x0D& <>\t\n\r\0\ud83d\ude00é\xa0", max_size=6)


@given(
    st.lists(
        st.text(max_size=3) | _ODD | st.sampled_from(["", "Acme Ltd", "A | B", " a", "a ", "_x000D_"]), max_size=40
    )
)
def test_texts_that_are_looked_at_together_are_stored_as_each_alone(texts: list[str]) -> None:
    assert contents(texts) == [content(text) for text in texts]
