"""How the formulas of a template are divided, remembered from run to run: finding it out takes time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from xlsales.calculation.compiled.division import Verdict, asks_the_clock
from xlsales.calculation.compiled.session import Compiled
from xlsales.cells.values import CellValue
from xlsales.files import kept
from xlsales.functions.errors import CellError
from xlsales.texts import _
from xlsales.workbook.template import Template


def verdict(template: Template, as_of: dt.date | None = None) -> Verdict | None:
    """Return what an earlier run has found out about the same template, if any has."""
    return _read(kept.load(_name(template, as_of)), template)


def compiled(template: Template, as_of: dt.date | None = None) -> Compiled:
    """Return a template compiled, with what an earlier run has found out about the same one, or for later runs."""
    name = _name(template, as_of)
    known = _read(kept.load(name), template)
    if known is not None:
        return _compiled(template, as_of, name, known)
    with kept.found_out_once(name):
        return _compiled(template, as_of, name, _read(kept.load(name), template))


def _compiled(template: Template, as_of: dt.date | None, name: str, known: Verdict | None) -> Compiled:
    found = Compiled(template, as_of, known)
    if name and found.verdict is not known:
        content = _written(found.verdict, template)
        if content is not None:
            kept.keep(name, content)
    return found


def _name(template: Template, as_of: dt.date | None) -> str:
    """Return a fingerprint of all that the verdict depends on; nothing where that cannot be told."""
    clock = asks_the_clock(template)
    if clock and as_of is None:
        return ""
    reason = _("it depends on itself")  # one of the sentences, in the language in use
    assumptions = " ".join(map("!".join, template.assumptions))
    return kept.name("verdict", template.sha256, str(as_of) if clock else "", reason, assumptions)


def _written(verdict: Verdict, template: Template) -> bytes | None:
    places = {address: place for place, address in enumerate(template.formulas)}
    try:
        return orjson.dumps(
            {
                "slow": [[places[address], reason] for address, reason in verdict.slow.items()],
                "left": [[places[address], reason] for address, reason in verdict.left.items()],
                "constants": [[places[address], _stored(value)] for address, value in verdict.constants.items()],
                "defaults": [_stored(verdict.defaults[address]) for address in template.formulas],
                "handed_over": verdict.handed_over,
            }
        )
    except (orjson.JSONEncodeError, KeyError):  # half of a character, for example
        return None


def _read(content: bytes | None, template: Template) -> Verdict | None:
    """Return a verdict; None where it is none on this template's formulas."""
    if content is None:
        return None
    addresses = list(template.formulas)
    try:
        found = orjson.loads(content)
        defaults = [_value(stored) for stored in found["defaults"]]
        return Verdict(
            {addresses[place]: str(reason) for place, reason in found["slow"]},
            {addresses[place]: str(reason) for place, reason in found["left"]},
            {addresses[place]: _value(stored) for place, stored in found["constants"]},
            dict(zip(addresses, defaults, strict=True)),
            int(found["handed_over"]),
        )
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _stored(value: CellValue) -> Any:
    return {"error": value.code} if isinstance(value, CellError) else value


def _value(stored: Any) -> CellValue:
    if isinstance(stored, dict):
        return CellError(stored["error"])
    if stored is None or isinstance(stored, (bool, float, str)):
        return stored
    raise TypeError(stored)
