"""A live call: Python started as Excel starts it, without Excel."""

from __future__ import annotations

import json
from pathlib import PureWindowsPath

from xlsales.addin.checks import Check, fails, ok
from xlsales.addin.places import Places
from xlsales.addin.settings import Settings
from xlsales.addin.windows import Windows
from xlsales.texts import _
from xlsales.version import XLWINGS_VERSION, __version__

_EXPECTED = {"xlsales": __version__, "xlwings": XLWINGS_VERSION, "MAGIC_NUMBER": 25.0}


def check(windows: Windows, places: Places, settings: Settings | None) -> Check:
    """Start the server's script to check itself, with the paths that Excel uses."""
    if settings is None:
        return fails("call", _("Not tried: there are no settings."), "xlsales addin install")
    interpreter, server = PureWindowsPath(settings.interpreter), PureWindowsPath(settings.server)
    try:
        done = windows.run(str(interpreter), "-B", str(server), "--check")
    except OSError as error:
        return fails("call", f"{interpreter}: {error.strerror or error}", "xlsales addin install")
    last = "".join(done.out.strip().splitlines()[-1:])
    if done.code == 0 and _json(last) == _EXPECTED:
        return ok("call", _("=MAGIC_NUMBER(15000, 2500, 60%, 40%, 1) gives 25 in that Python."))
    said = "".join(done.error.strip().splitlines()[-1:]) or last or _("nothing")
    found = _("Python answers with the wrong thing, or not at all. It said: {said}").format(said=said)
    remedy = _("Look into {log}, install xlsales again, then run: xlsales addin install").format(log=places.log)
    return fails("call", found, remedy)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
