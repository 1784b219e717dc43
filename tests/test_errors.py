"""What a person reads of an error: nothing in it that a terminal obeys."""

import pytest

from xlsales.errors import DiskFull, InputError, Stopped, XlsalesError


@pytest.mark.parametrize("kind", [XlsalesError, InputError, DiskFull, Stopped])
@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("x.xlsx: a part is called \x1b[2J", r"x.xlsx: a part is called \x1b[2J"),
        ("one\x0bline\x85\u2028", r"one\x0bline\x85\u2028"),
        ("txt.\u202exslx", r"txt.\u202exslx"),
        ("first\nsecond, Zoë's 計画 – 5\xa0%", "first\nsecond, Zoë's 計画 – 5\xa0%"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(kind: type[XlsalesError], said: str, read: str) -> None:
    assert str(kind(said)) == read
