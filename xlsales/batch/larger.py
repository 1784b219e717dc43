"""Templates with larger tables, kept for other workers and later runs; and what keeps a table from growing."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from xlsales.files import kept
from xlsales.workbook import kept_template
from xlsales.workbook import template as templates
from xlsales.workbook.template import Template

Sizes: TypeAlias = tuple[tuple[str, int], ...]  # Excel tables and their rows


def is_known(template: Template, size: Sizes) -> bool:
    """Whether a template was made larger before."""
    return kept.has(_name(template, size))


def resized(template: Template, size: Sizes) -> Template:
    """Return a template with larger tables."""
    name = _name(template, size)
    package = kept.load(name)
    if package is None:
        from xlsales.workbook import table_size  # which few planners need

        package = table_size.resized(template.package, dict(size), values_follow=True)
        kept.keep(name, package)
    return kept_template.parsed(package, template.name)


def _name(template: Template, size: Sizes) -> str:
    return kept.name("size", template.sha256, *(f"{table} {rows}" for table, rows in size))


def why_not(template: Template, table: str) -> str | None:
    """Return what keeps a table from growing, found out once for later runs too; None when nothing does."""
    name = kept.name("grows", template.sha256, table)
    known = kept.load(name)
    if known is None:
        from xlsales.workbook import table_size

        known = (table_size.why_not(template.package, table) or "").encode()
        kept.keep(name, known)
    return known.decode() or None


@cache
def grows_in_ours(table: str) -> bool:
    """Whether a table grows in our own template."""
    from xlsales.workbook import table_size

    return table_size.why_not(templates.shipped("xlsx").read_bytes(), table) is None
