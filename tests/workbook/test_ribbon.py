"""The buttons on the ribbon. Microsoft's schema judges them in tests/test_validators.py."""

from __future__ import annotations

from xlsales.workbook import ribbon
from xlsales.workbook.parts import parse, targets

LINKS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


def test_group_has_two_buttons_that_run_macros_of_its_module() -> None:
    parts = {"_rels/.rels": LINKS}
    ribbon.add(parts, 'Sales & "service" <planner>', "MyButtons")
    assert [name for _kind, name in targets(parts, "").values()] == [ribbon.PART]
    root = parse(parts[ribbon.PART])
    assert [group.get("label") for group in root.iter("{*}group")] == ['Sales & "service" <planner>']
    assert [(button.get("label"), button.get("onAction")) for button in root.iter("{*}button")] == [
        ("Refresh", "MyButtons.MyButtonsRefresh"),
        ("About", "MyButtons.MyButtonsAbout"),
    ]
    assert [tab.get("idMso") for tab in root.iter("{*}tab")] == ["TabFormulas"]
