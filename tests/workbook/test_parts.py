"""The parts of a package: what is put into them stands where the schema wants it, and is well-formed."""

from __future__ import annotations

import pytest
from lxml import etree

from xlsales.workbook.parts import MAIN, asking_for_full_calculation, fault_in

# CT_Workbook: ECMA-376, 18.2.27.
ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


def workbook(*elements: str) -> bytes:
    inside = "".join(f"<x:{element}/>" for element in elements)
    return f'<x:workbook xmlns:x="{MAIN}">{inside}</x:workbook>'.encode()


def elements(part: bytes) -> list[str]:
    return [etree.QName(element).localname for element in etree.fromstring(part)]


OTHERS = [name for name in ORDER if name != "calcPr"]


@pytest.mark.parametrize(
    "there", [OTHERS, ["sheets"], *(["sheets", one] for one in OTHERS if one != "sheets")], ids=lambda names: names[-1]
)
def test_the_wish_to_calculate_stands_where_excel_expects_it(there: list[str]) -> None:
    asking = asking_for_full_calculation(workbook(*sorted(there, key=ORDER.index)))
    assert elements(asking) == sorted([*there, "calcPr"], key=ORDER.index)
    assert etree.fromstring(asking).find("{*}calcPr").get("fullCalcOnLoad") == "1"
    assert asking_for_full_calculation(asking) is asking


def test_the_wish_to_calculate_joins_the_settings_that_are_there() -> None:
    part = workbook(*ORDER).replace(b"<x:calcPr/>", b'<x:calcPr calcId="191029" iterate="1" fullCalcOnLoad="0"/>')
    asking = asking_for_full_calculation(part)
    assert elements(asking) == list(ORDER)
    assert dict(etree.fromstring(asking).find("{*}calcPr").attrib) == {
        "calcId": "191029",
        "iterate": "1",
        "fullCalcOnLoad": "1",
    }


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        (b"<a>\x0b</a>", "not well-formed (invalid token): line 1, column 3"),
        (b"<a><b></a>", "mismatched tag: line 1, column 8"),
        (b"<a>\xed\xa0\x80</a>", "not well-formed (invalid token): line 1, column 3"),
        (b"", "no element found: line 1, column 0"),
        ("<?xml version='1.0'?><a>\u2028é\t\n</a>".encode(), ""),
    ],
)
def test_what_makes_a_part_malformed_is_told(part: bytes, fault: str) -> None:
    assert fault_in(part) == fault
