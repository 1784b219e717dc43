"""The project's modules, from their source files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.workbook.vba.olevba import modules_in
from xlsales.errors import XlsalesError
from xlsales.version import XLWINGS_VERSION, __version__
from xlsales.workbook.vba import sources
from xlsales.workbook.vba.project import ModuleKind, vba_project
from xlsales.workbook.vba.sources import ADDIN, PLANNER

ROOT = Path(__file__).parents[3]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package whose path has a space and an accent, with four sources."""
    package = tmp_path / "Büro 1" / "xlsales"
    folder = package / "udfs" / "vba"
    folder.mkdir(parents=True)
    for name, source in {
        "ThisWorkbook.cls": "' the workbook\n",
        "Sheet.cls": "' a sheet\n",
        "Functions.bas": 'Attribute VB_Name = "Functions"\nOption Explicit\n',
        "Connection.bas": 'Const XLSALES = "@XLSALES_VERSION@"\nConst XLWINGS = "@XLWINGS_VERSION@"\n',
        "Invoker.cls": "' a class\n",
    }.items():
        (folder / name).write_text(source, encoding="ascii")
    monkeypatch.setattr(sources, "_PACKAGE", package)
    return package


def test_the_workbook_and_each_sheet_have_a_module_before_all_others(package: Path) -> None:
    found = [(module.name, module.kind, module.source) for module in sources.modules(["Start", "Plan"])]
    assert found[:3] == [
        ("ThisWorkbook", ModuleKind.DOCUMENT_WORKBOOK, "' the workbook\n"),
        ("Start", ModuleKind.DOCUMENT_SHEET, "' a sheet\n"),
        ("Plan", ModuleKind.DOCUMENT_SHEET, "' a sheet\n"),
    ]
    assert [(name, kind) for name, kind, _source in found[3:]] == [
        ("Connection", ModuleKind.STANDARD),
        ("Functions", ModuleKind.STANDARD),
        ("Invoker", ModuleKind.CLASS),
    ]


@pytest.mark.parametrize(
    ("kind", "own", "other"), [("planner", PLANNER, ADDIN), ("add-in", ADDIN, PLANNER)], ids=["planner", "add-in"]
)
def test_a_project_has_the_buttons_of_its_own_kind_only(kind: str, own: str, other: str) -> None:
    names = [module.name for module in sources.modules(["Plan"], own)]
    assert own in names, kind
    assert other not in names, kind


def test_versions_are_stamped_into_the_sources(package: Path) -> None:
    connection = next(module for module in sources.modules([]) if module.name == "Connection")
    assert connection.source == f'Const XLSALES = "{__version__}"\nConst XLWINGS = "{XLWINGS_VERSION}"\n'


def test_a_missing_source_is_named_with_what_to_do(package: Path) -> None:
    place = package / "udfs" / "vba" / "Sheet.cls"
    place.unlink()
    with pytest.raises(XlsalesError, match=re.escape(f"{place}: the VBA source cannot be read") + ".*Install xlsales"):
        sources.modules(["Plan"])


def test_a_source_in_another_encoding_is_refused_with_its_line(package: Path) -> None:
    (package / "udfs" / "vba" / "Functions.bas").write_bytes("Option Explicit\n' Größe\n".encode("cp1252"))
    with pytest.raises(XlsalesError, match="VBA module Functions, line 3: VBA sources are plain ASCII"):
        vba_project("any", sources.modules([]))


def test_a_checkout_has_its_sources_beside_the_package(package: Path) -> None:
    assert sources.folder() == package / "udfs" / "vba"
    (package / "udfs").rename(package.parent / "udfs")
    assert sources.folder() == package.parent / "udfs" / "vba"
    assert len(sources.modules([])) == 4


def test_xlwings_is_pinned_to_the_version_that_the_workbook_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    pins = [requirement.split(";")[0] for requirement in wanted if requirement.startswith("xlwings")]
    assert pins == [f"xlwings=={XLWINGS_VERSION}"] * 2


def test_the_shipped_sources_make_a_project_without_complaint() -> None:
    modules = sources.modules(["Start", "Plan"])
    assert {"Functions", "Connection", "Buttons"} <= {module.name for module in modules}
    assert modules_in(vba_project("xlsales_planner", modules)) == {module.name: module.text for module in modules}
    assert not [module.name for module in modules if any(stamp in module.source for stamp in sources.STAMPS)]
