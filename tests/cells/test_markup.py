"""Texts are written into XML as Python's own library writes them."""

from __future__ import annotations

from xml.sax import saxutils

from hypothesis import given
from hypothesis import strategies as st

from xlsales.cells.markup import escape, quoteattr

TEXTS = st.text(st.sampled_from("a&<>\"'\n\r\t;é\U0001f600") | st.characters(), max_size=12)


@given(TEXTS)
def test_text_is_written_as_by_the_standard_library(text: str) -> None:
    assert escape(text) == saxutils.escape(text)
    assert quoteattr(text) == saxutils.quoteattr(text)
