"""Texts that a person reads, translated through gettext.

`_` translates now, in the language in use, and `_n` what counts; `N_` only marks a text that a declaration
keeps and that is translated where it is shown. Whole sentences with named placeholders, never glued together.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

_LOCALES = Path(__file__).with_name("locales")
_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("xlsales", _LOCALES, languages=[language], fallback=True)


def _(text: str) -> str:
    """Translate a text into the language in use."""
    return _catalog(_language.get()).gettext(text)


def _n(one: str, many: str, count: int) -> str:
    """Translate a text that counts into the language in use."""
    return _catalog(_language.get()).ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text for translation where it is shown."""
    return text


def used() -> str:
    """Return the language in use."""
    return _language.get()


@contextmanager
def language(code: str) -> Iterator[None]:
    """Show texts in this language (`en`, `it`, …) inside a `with` block."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)
