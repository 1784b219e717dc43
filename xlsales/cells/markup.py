"""Texts as XML has them in elements and attributes, as `xml.sax.saxutils` writes them, which imports the whole web."""

from __future__ import annotations


def escape(text: str) -> str:
    """Return a text for the inside of an element."""
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def quoteattr(text: str) -> str:
    """Return a text for an attribute, with its quotes: double ones, but where only these stand in it."""
    plain = escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in plain:
        return f'"{plain}"'
    return f"'{plain}'" if "'" not in plain else '"{}"'.format(plain.replace('"', "&quot;"))
