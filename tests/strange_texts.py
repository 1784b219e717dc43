"""Texts that are hard to store: for tests of whatever writes or reads files."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = (
    "a", "Ltd", " ", "\t", "\n", "\r", "\r\n", "\x00", "\x07", "\x0b", "\x1f", "\x7f", "\x85", "\xa0", "\u2028",
    "_", "_x", "_x0041", "_x0041_", "x0041_", "_x000B", "_x005F_", "_xD83D_", "\ud83d", "\ude00", "😀", "\ufffe",
    "\uffff", "\ufeff", "<", ">", "&", "&amp;", "&#13;", "]]>", "<r>", "</r>", "<r>&</r>", '"', "'", "=1+1", "#N/A",
    "\ue0fa0\ue0fa", "é",
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.characters(), st.characters(categories=["Cs", "Cc"])), max_size=8
).map("".join)
SAMPLES = tuple(
    dict.fromkeys([*_PIECES, *(f"{one}{other}" for one in _PIECES for other in ("_x0041_", "\x0b", " ", "\ude00"))])
)
LONG_TEXTS = tuple(
    character * (length // width)
    for length in (32_766, 32_767, 32_768)  # a cell holds 32,767 UTF-16 units
    for character, width in (("x", 1), ("\x0b", 1), ("_x0041_", 7), ("😀", 2), ("\ud83d", 1))
)


def whole(text: str) -> str:
    """A text whose characters are in one piece: Python can hold the halves of one apart."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
