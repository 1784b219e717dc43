"""What Excel makes of letters, worked out by hand; None where it depends on the language or is not known."""

from __future__ import annotations

import operator

import pytest

from xlsales.cells import letters


@pytest.mark.parametrize(
    ("name", "text", "result"),
    [
        ("UPPER", "élan", "ÉLAN"), ("UPPER", "ÿ", "Ÿ"), ("UPPER", "園田", "園田"), ("UPPER", "straße", None),
        ("UPPER", "ı", None), ("LOWER", "ŁÓDŹ", "łódź"), ("LOWER", "İ", None), ("LOWER", "ΑΣ", None),
        ("PROPER", "76BudGet", "76Budget"), ("PROPER", "o'NEIL 3rd_b", "O'Neil 3Rd_B"), ("PROPER", "éLAN", "Élan"),
        ("PROPER", "園田", None), ("PROPER", "e\u0301a", None), ("PROPER", "ǆ", None),
        ("TRIM", "  a   b ", "a b"), ("TRIM", "\xa0a\xa0", "\xa0a\xa0"), ("TRIM", "a\t b", "a\t b"),
        ("TRIM", "a\u3000", None), ("TRIM", " ", ""),
    ],
)  # fmt: skip
def test_text_is_changed_as_excel_does(name: str, text: str, result: str | None) -> None:
    assert letters.CHANGED[name](text) == result


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ("abc", "ABD", -1), ("É", "é", 0), ("a_1", "a1", -1), ("a1", "aa", -1), ("a b", "ab", -1), ("ab", "a", 1),
        ("2027-01-31", "2027-02-01", -1), ("a-b", "ab", None), ("co-op", "coop", None), ("#1", "$1", None),
        ("é", "f", None), ("e\u0301", "é", None), ("ß", "ss", None),
    ],
)  # fmt: skip
def test_texts_are_put_in_order_where_every_language_does_it_alike(one: str, other: str, place: int | None) -> None:
    assert letters.order(one, other) == place
    assert letters.order(other, one) == (place if place is None else -place)
    if place:
        assert operator.lt(letters.sorting(one), letters.sorting(other)) is (place < 0)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [("École", "éCOLE", True), ("e", "é", False), ("e\u0301", "é", None), ("a\u200b", "a", None), ("Ａ", "A", None)],
)
def test_texts_are_equal_in_any_letter_case(one: str, other: str, equal: bool | None) -> None:
    assert letters.same(one, other) is equal


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("é😀", 3), ("", 0), ("園", 1)])
def test_letters_are_counted_in_units_of_sixteen_bits(text: str, length: int) -> None:
    assert letters.units(text) == length
    assert letters.has_pairs(text) is (length > len(text))
