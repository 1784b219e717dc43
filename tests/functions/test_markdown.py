"""The committed reference is what the declarations say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xlsales.functions import CATALOGUE
from xlsales.functions.arguments import Argument, money, number, range_of, rate
from xlsales.functions.markdown import COMMAND, allowed, document, main, requirements

PAGE = Path(__file__).resolve().parents[2] / "docs" / "functions.md"


@pytest.fixture(scope="module")
def written() -> str:
    """The page."""
    return document()


def test_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), f"docs/functions.md is out of date: run `{COMMAND}`"


def test_page_can_be_written_anywhere(tmp_path: Path) -> None:
    main([str(tmp_path / "page.md")])
    assert (tmp_path / "page.md").read_bytes() == document().encode("utf-8")


def test_links_of_the_contents_lead_somewhere(written: str) -> None:
    page = written
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    }
    links = re.findall(r"\(#([^)]+)\)", page)
    assert set(links) <= headings
    assert {name.lower() for name in CATALOGUE} <= set(links)


@pytest.mark.parametrize("name", CATALOGUE)
def test_function_has_its_section(written: str, name: str) -> None:
    section = written.split(f"\n### {name}\n")[1].split("\n### ")[0]
    function = CATALOGUE[name]
    for text in (function.signature, function.summary, function.formula, function.source):
        assert text in section
    assert "**Native formula" in section
    for example in function.examples:
        assert example.working.replace("|", "\\|") in section


def test_bases_stand_side_by_side(written: str) -> None:
    for text in ("125,000", "133,333.33", "46,875", "50,000", "66.67%", "37.5%"):
        assert text in written


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        (number("count", "Some."), ""),
        (number("count", "Some.", at_least=0), "0 or more"),
        (number("count", "Some.", above=0), "above 0"),
        (rate("Some.", at_least=0, up_to=1), "0% to 100%"),
        (rate("Some.", above=0, below=1), "above 0% to below 100%"),
        (rate("Some.", up_to=1), "up to 100%"),
        (rate("Some.", below=1), "below 100%"),
        (range_of(money("Some.", at_least=0), cells=12), "exactly 12 cells, 0 or more"),
    ],
)
def test_domains_in_words(argument: Argument, told: str) -> None:
    assert allowed(argument) == told


def test_errors_of_its_own() -> None:
    [(code, text)] = requirements(CATALOGUE["CLOSE_RATIO"])
    assert code == "#NUM!"
    assert text.startswith("`won` sales won from `proposals` proposals are more than all")
