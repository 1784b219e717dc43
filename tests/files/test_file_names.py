"""File names made from data: legal everywhere, and never the same for two territories."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlsales.errors import InputError
from xlsales.files.file_names import comparable, planner_names, refuse_unusable, why_not_shared


def name_of(territory_id: str, name: str) -> str:
    return planner_names({territory_id: name}, "xlsm")[territory_id]


def mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@pytest.mark.parametrize(
    ("territory_id", "name", "file_name"),
    [
        ("T01", "Anna Snelling", "T01 Anna Snelling.xlsm"),
        ("007", "Île-de-France", "007 Île-de-France.xlsm"),
        ("1", "北京", "1 北京.xlsm"),
        ("T1", "A/B: C*?", "T1 A_B_ C__.xlsm"),
        ("T1", 'a<b>"c"|d\\e', "T1 a_b__c__d_e.xlsm"),
        ("../..", "/etc", "_.. _etc.xlsm"),
        ("T1", "tab\tand\nline", "T1 tab_and_line.xlsm"),
        ("T1", "  two   spaces  ", "T1 two spaces.xlsm"),
        ("T1", "no\u00a0break", "T1 no break.xlsm"),
        ("T1", "dots...", "T1 dots.xlsm"),
        ("T1", "a\u202egpj.exe", "T1 agpj.exe.xlsm"),  # would be shown backwards
        ("T1", "zero\u200bwidth\ufeff", "T1 zerowidth.xlsm"),
        (
            "T1",
            "a\u061cb\xadc\u034fd\u180ee\u2066f\u206ag\u3164h\ufe0fi\U000e0041j",
            "T1 abcdefghij.xlsm",
        ),  # none is seen
        ("T1", "\x80a\x9f\ufff9b", "T1 ab.xlsm"),
        ("T1", "a_vti_b", "T1 a_vti-b.xlsm"),  # SharePoint keeps such names for itself
        ("T1", "_VTI_vti_/vti/", "T1 _vti-vti__vti-.xlsm"),
        (".lock", ".", "lock.xlsm"),
        ("desktop.ini", "North", "desktop.ini North.xlsm"),
        ("T1", "e\u0301", "T1 \u00e9.xlsm"),  # one character instead of a letter and its accent
        ("~$T1", "North", "T1 North.xlsm"),  # would look like the lock file of an open workbook
        ("~$~$ ~$.", "North", "North.xlsm"),
        ("con.x", "North", "_con.x North.xlsm"),
        ("T1", "=1+1", "T1 =1+1.xlsm"),
    ],
)
def test_file_name(territory_id: str, name: str, file_name: str) -> None:
    assert name_of(territory_id, name) == file_name


@pytest.mark.parametrize("device", ["CON", "prn", "Aux", "nul", "com1", "LPT9", "com¹"])
def test_name_of_a_windows_device_is_never_a_file_name(device: str) -> None:
    assert name_of(f"{device}.", ".") == f"_{device}.xlsm"
    assert name_of(device, "North") == f"{device} North.xlsm"  # with a word after it, it is no device


def test_long_names_are_cut_and_stay_apart() -> None:
    names = planner_names({"T1": "a" * 300, "T2": "a" * 300, "T3": "北" * 300}, "xlsx")
    text = f"T1 {'a' * 300}"
    assert names["T1"] == f"{text[:120]} {mark(text)}.xlsx"
    assert len({name[:120] for name in names.values()}) == 3
    assert all(len(name.encode()) <= 255 for name in names.values())


def test_short_name_of_letters_that_take_much_room_is_cut_too() -> None:
    names = planner_names({"T1": "北" * 100, "T2": "北" * 100, "T3": "ä" * 100}, "xlsm")  # 300 bytes, and 200
    assert all(len(name.encode()) <= 255 for name in names.values())
    assert len(set(names.values())) == 3
    assert names["T3"] == f"T3 {'ä' * 100}.xlsm"


def test_long_names_that_differ_at_the_end_only_stay_apart() -> None:
    names = planner_names({"T": "a" * 300 + "1", "T ": "a" * 300 + "2"}, "xlsm")
    assert len(set(names.values())) == 2


@pytest.mark.parametrize(
    "pair",
    [
        {"t1": "North", "T1": "North"},
        {"T1": "A/B", "T1 A_B": " "},
        {"T1": "Straße", "T1 Strasse": "."},
        {"T1": "cafe\u0301", "T1 café": ""},
        {"T1": "A?", "T1 A*": ""},
        {"T1": "Is", "T1 ıs": "."},  # Windows has one upper-case letter for both
        {"T1": "µ", "T1 μ": "."},  # the micro sign and the Greek letter
        {"T1": "ﬁsh", "T1 fish": "."},
        {"T1": "ΑΣ", "T1 ας": "."},
        {"T1": "Å", "T1 a\u030a": "."},
    ],
)
def test_names_that_a_file_system_takes_for_one_are_marked_by_id(pair: dict[str, str]) -> None:
    names = planner_names(pair, "xlsm")
    for key, name in names.items():
        assert name.endswith(f" {mark(key)}.xlsm")


def test_name_that_looks_like_another_with_its_mark_gets_a_mark_too() -> None:
    names = planner_names({"T1": "A/B", "T1 A_B": ".", f"T1 A_B {mark('T1')}": "."}, "xlsm")
    assert len({comparable(name) for name in names.values()}) == 3


@pytest.mark.parametrize("stem", ["overview", "findings", "run"])
@pytest.mark.parametrize("form", [str.title, str.upper, "{}.".format, " {}".format])
def test_name_of_a_report_is_never_a_planner_s(stem: str, form: Callable[[str], str]) -> None:
    territory_id = form(stem)
    name = planner_names({territory_id: "."}, "xlsx")[territory_id]
    assert name.casefold() == f"{stem} {mark(territory_id)}.xlsx"
    assert name_of("Overview", "North") == "Overview North.xlsm"  # with a word after it, it is free


def test_a_name_does_not_depend_on_the_others_while_it_is_alone() -> None:
    alone = planner_names({"T1": "North"}, "xlsm")
    assert planner_names({"T0": "South", "T1": "North", "T2": "West"}, "xlsm").items() >= alone.items()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("T01 Anna Snelling.xlsm", "t01 anna snelling.XLSM"),
        ("Île.xlsm", unicodedata.normalize("NFD", "ÎLE.xlsm")),
        ("Straße", "STRASSE"),
        ("İstanbul", "i̇stanbul"),
        ("ıx", "IX"),
        ("Overview.xlsx", "overview.xlsx. "),
        ("\u212a", "k"),
        ("ᾳ", "ΑΙ"),
    ],
)
def test_names_that_some_file_system_takes_for_one_are_comparable(name: str, other: str) -> None:
    assert comparable(name) == comparable(other)


@pytest.mark.parametrize(("name", "other"), [("a.xlsm", "a.xlsx"), ("e", "é"), ("a b", "ab"), ("ı", "ı̈"), ("o", "ø")])
def test_different_names_are_not_comparable(name: str, other: str) -> None:
    assert comparable(name) != comparable(other)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("NUL", "Windows keeps the name NUL for a device"),
        ("nul.xlsm", "the name nul.xlsm for a device"),
        ("plans/con/2027", "the name con for a device"),
        ("plans\\aux \\2027", "the name aux  for a device"),
        ("COM1", "a device"),
        ("LPT² .txt", "a device"),
        ("CONOUT$", "a device"),
        ("plans.", "drops what “plans.” ends with"),
        ("plans /2027", "drops what “plans ” ends with"),
        ("...", "drops what “...” ends with"),
        ("a\tb", r"cannot hold the character '\t'"),
    ],
)
def test_path_that_windows_cannot_have_is_refused_in_words(path: str, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)) as refusal:
        refuse_unusable(Path(path))
    assert "Choose a" in str(refusal.value)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("path", [".", "..", "../plans", "/", "plans/./x", "nullable", "console.d/x", "com10", "a.b"])
def test_other_paths_are_taken(path: str) -> None:
    refuse_unusable(Path(path))


@pytest.mark.skipif(os.name == "nt", reason="there is no such folder on Windows")
def test_folder_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "aux.").mkdir()
    refuse_unusable(tmp_path / "aux." / "plans")
    with pytest.raises(InputError, match="nul"):
        refuse_unusable(tmp_path / "aux." / "nul")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a_vti_b", "they keep names with _vti_ for themselves"),
        ("_VTI_", "they keep names with _vti_ for themselves"),
        ("~$plans", "it begins with ~"),
        ("~plans", "it begins with ~"),
        (" plans", "it begins or ends with a blank"),
        ("plans\xa0", "it begins or ends with a blank"),
        ("desktop.INI", "they keep this name for themselves"),
        (".lock", "they keep this name for themselves"),
        ("con", "they keep this name for themselves"),
        ("a:b", "it holds the character U+003A"),
        ("a\u061cb", "it holds the character U+061C"),
        ("a\u202eb", "it holds the character U+202E"),
        ("plans 2027", None),
        ("vti", None),
        ("Île-de-France.old", None),
        (".config", None),
    ],
)
def test_folder_that_sharepoint_does_not_take_is_told(name: str, told: str | None) -> None:
    assert why_not_shared(name) == told


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


@given(st.dictionaries(texts, texts, min_size=1, max_size=8))
@example({"\x00": "\x1f"})
@example({".": "."})
@example({"~$~$": "~$"})
@example({"a": "b ", "a b": " "})
@example({"_vti": "_vti_", "~": "~"})
def test_names_are_legal_distinct_and_short(territories: dict[str, str]) -> None:
    names = planner_names(territories, "xlsm")
    assert names.keys() == territories.keys()
    for folded in (str.casefold, str.upper, comparable):
        assert len({unicodedata.normalize("NFC", folded(name)) for name in names.values()}) == len(territories)
    for name in names.values():
        assert not set(name) & set('<>:"/\\|?*')
        assert all(character >= " " and character != "\x7f" for character in name)
        assert name == name.strip(" ")
        assert not name.startswith("~$")
        assert "_vti_" not in name.casefold()
        assert why_not_shared(f"-{name}") is None  # files, unlike folders, may begin with ~
        stem = name.removesuffix(".xlsm")
        assert stem
        assert not stem.endswith((".", " "))
        assert len(name) <= 140
        assert len(name.encode()) <= 255
