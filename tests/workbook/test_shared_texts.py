"""The shared texts of a workbook are told the same, whichever workbook was read before it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from xlsales.cells.markup import escape
from xlsales.workbook import shared_texts
from xlsales.workbook.shared_texts import texts_of

_TEXTS = st.lists(
    st.sampled_from(["Goal", "Goals", "a < b & c", "Göteborg", "", " x ", "</si>", "_x000D_ "]), max_size=9
)


def part_of(texts: list[str]) -> bytes:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>'.encode()


def plainly(part: bytes) -> tuple[str, ...]:
    """Return the texts as any reader of XML finds them."""
    items = etree.fromstring(part).iterfind("{*}si")
    return tuple("".join(item.itertext()).replace("_x000D_", "\r") for item in items)


@settings(max_examples=100, deadline=None)
@given(st.lists(_TEXTS, min_size=2, max_size=5))
def test_texts_are_the_same_whatever_was_read_before(several: list[list[str]]) -> None:
    for texts in several:
        part = part_of(texts)
        assert shared_texts.texts_of.__wrapped__(part) == plainly(part)


@pytest.mark.parametrize("more", [[], ["b"], ["b", "c"]])
def test_texts_that_go_on_where_others_end(more: list[str]) -> None:
    for texts in (["a", "b"], ["a", *more], ["a"], ["a", "b", *more], []):
        assert texts_of(part_of(texts)) == tuple(texts)
