"""How the formulas of a template are divided, remembered from run to run: finding it out takes time."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import Any

import orjson

from xlsales.calculation.compiled import written_form
from xlsales.calculation.compiled.session import Compiled
from xlsales.calculation.compiled.verdict import Verdict
from xlsales.cells.values import CellValue
from xlsales.files import kept
from xlsales.functions.errors import CellError
from xlsales.workbook.template import Template


def verdict(template: Template, as_of: dt.date | None = None) -> Verdict | None:
    """Return what an earlier run has found out about the same template, if any has."""
    return _read(kept.load(name("verdict", template, as_of)), template)


def compiled(template: Template, as_of: dt.date | None = None, known: Verdict | None = None) -> Compiled:
    """Return a template compiled, as an earlier run has compiled the same one, or for later runs.

    What is `known` of its formulas is the verdict that another process has found.
    """
    found = _kept(template, as_of)
    if found is not None:
        return found
    known = known or verdict(template, as_of)
    if known is not None and known.slow:  # what the engine is to calculate is not kept
        return _compiled(template, as_of, known)
    with kept.found_out_once(name("compiled", template, as_of)):
        return _kept(template, as_of) or _compiled(template, as_of, known or verdict(template, as_of))


def is_known(template: Template, as_of: dt.date | None = None) -> bool:
    """Whether `compiled` has nothing to find out that could be kept."""
    own = name("compiled", template, as_of)
    if not own or kept.has(own):
        return True
    known = verdict(template, as_of)
    return known is not None and bool(known.slow)


def _kept(template: Template, as_of: dt.date | None) -> Compiled | None:
    content = kept.load(name("compiled", template, as_of))
    form = None if content is None else written_form.read(content)
    if form is None:
        return None

    def told() -> Verdict:
        return verdict(template, as_of) or Compiled(template, as_of).verdict

    return Compiled.of(template, form, told)


def _compiled(template: Template, as_of: dt.date | None, known: Verdict | None) -> Compiled:
    found = Compiled(template, as_of, known)
    if found.verdict is not known:
        kept.keep(name("verdict", template, as_of), _written(found.verdict, template))
    if not found.slow:
        kept.keep(name("compiled", template, as_of), written_form.written(found.form))
    return found


def name(what: str, template: Template, as_of: dt.date | None) -> str:
    """Return a fingerprint of all that the outcome depends on; nothing where that cannot be told."""
    clock = template.asks_the_clock
    if clock and as_of is None:
        return ""
    inputs = repr((template.assumptions, sorted(template.defaults.items(), key=itemgetter(0))))
    return kept.name(what, template.sha256, str(as_of) if clock else "", inputs)


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
