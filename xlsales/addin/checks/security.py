"""Whether Office and Windows let the add-in run, as far as the registry shows it to this user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PureWindowsPath

from xlsales.addin.checks import Check, fails, note, ok
from xlsales.addin.program import OFFICE
from xlsales.addin.windows import Hive, Windows
from xlsales.texts import N_, _

# The first of these that says something counts: cloud policy, group policy, the user's own setting.
_ROOTS = (
    (Hive.USER, rf"Software\Policies\Microsoft\Cloud\Office\{OFFICE}"),
    (Hive.USER, rf"Software\Policies\Microsoft\Office\{OFFICE}"),
    (Hive.MACHINE, rf"Software\Policies\Microsoft\Office\{OFFICE}"),
    (Hive.USER, rf"Software\Microsoft\Office\{OFFICE}"),
    (Hive.MACHINE, rf"Software\Microsoft\Office\{OFFICE}"),
)
_SECURITY = r"Excel\Security"
_LOCATIONS = rf"{_SECURITY}\Trusted Locations"
_SIGNED_ONLY, _NONE = 3, 4  # VBAWarnings; 1 is all macros, 2 asks first and is Excel's default
_DEFENDER = r"Software\Policies\Microsoft\Windows Defender"
_GUARD = r"Windows Defender Exploit Guard\ASR\Rules"
_RULES = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": N_("Block all Office applications from creating child processes"),
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": N_("Block Win32 API calls from Office macros"),
}
_BLOCK, _AUDIT, _WARN = "1", "2", "6"  # a rule's states; 0 and 5 are off
_IT = N_("Ask IT.")


def checks(windows: Windows, addin: PureWindowsPath) -> Iterator[Check]:
    """Look at the settings of Office and the rules of Defender that can stop the add-in."""
    yield _macros(windows)
    yield _from_the_web(windows)
    yield _trusted(windows, addin)
    yield _addins(windows)
    yield _defender(windows)


def _setting(windows: Windows, key: str, name: str) -> str | int | None:
    for hive, root in _ROOTS:
        value = windows.values(hive, rf"{root}\{key}").get(name)
        if value is not None:
            return value
    return None


def _macros(windows: Windows) -> Check:
    if _setting(windows, "Common", "vbaoff") == 1:
        return fails("macros", _("VBA is switched off for all of Office (VBAOff)."), _(_IT))
    level = _setting(windows, _SECURITY, "vbawarnings")
    remedy = _("Keep planners in a trusted location: File, Options, Trust Center, Trusted Locations.")
    if level == _SIGNED_ONLY:
        return note("macros", _("Outside trusted locations, Excel runs signed macros only (VBAWarnings 3)."), remedy)
    if level == _NONE:
        return note("macros", _("Outside trusted locations, Excel runs no macros (VBAWarnings 4)."), remedy)
    return ok("macros", _("Excel runs macros, or asks first (VBAWarnings {level}).").format(level=level or 2))


def _from_the_web(windows: Windows) -> Check:
    if _setting(windows, _SECURITY, "blockcontentexecutionfrominternet") == 1:
        found = _("IT blocks macros in files from mail and the web. The add-in is not affected, such planners are.")
        return note("web", found, _("Put such planners into a trusted location, or ask IT."))
    return ok("web", _("Excel blocks macros in files from mail and the web until they are unblocked: its default."))


def _trusted(windows: Windows, addin: PureWindowsPath) -> Check:
    if _setting(windows, _LOCATIONS, "alllocationsdisabled") == 1:
        found = _("Trusted locations are switched off (AllLocationsDisabled): the add-in's macros may not run.")
        needed = _setting(windows, _SECURITY, "vbawarnings") in (_SIGNED_ONLY, _NONE)
        return (fails if needed else note)("trusted location", found, _(_IT))
    locations = list(_locations(windows))
    if any(_covers(path, below, addin.parent) for path, below in locations):
        return ok("trusted location", _("{path} is one.").format(path=addin.parent))
    if not locations:
        found = _("None are listed yet: Excel lists its start-up folder when it first starts.")
        return note("trusted location", found)
    found = _("{path} is not listed as one: Excel may ask before it runs the add-in.").format(path=addin.parent)
    return note("trusted location", found, _("Add it: File, Options, Trust Center, Trusted Locations."))


def _locations(windows: Windows) -> Iterator[tuple[PureWindowsPath, bool]]:
    for hive, root in _ROOTS:
        for name in windows.subkeys(hive, rf"{root}\{_LOCATIONS}"):
            values = windows.values(hive, rf"{root}\{_LOCATIONS}\{name}")
            if values.get("path"):
                yield PureWindowsPath(str(values["path"])), values.get("allowsubfolders") == 1


def _covers(location: PureWindowsPath, below: bool, folder: PureWindowsPath) -> bool:
    return location == folder or (below and location in folder.parents)


def _addins(windows: Windows) -> Check:
    if _setting(windows, _SECURITY, "disablealladdins") == 1:
        return fails("add-ins", _("Excel loads no add-ins at all (DisableAllAddins)."), _(_IT))
    if _setting(windows, _SECURITY, "requireaddinsig") == 1:
        found = _("Excel loads signed add-ins only (RequireAddinSig), and xlsales.xlam is not signed.")
        return fails("add-ins", found, _("Ask IT to sign it, or to allow it."))
    return ok("add-ins", _("Excel loads add-ins."))


def _defender(windows: Windows) -> Check:
    states = _rule_states(windows)
    for rule, name in _RULES.items():
        found = _("Defender has the rule “{rule}” ({guid}).").format(rule=_(name), guid=rule)
        if states.get(rule) in (_BLOCK, _WARN):
            return fails("defender", found, _("Ask IT for an exception for Excel and the Python of xlsales."))
    if _AUDIT in (states.get(rule) for rule in _RULES):
        return note("defender", _("A rule of Defender only watches Excel for now; it may be enforced later."), _(_IT))
    return ok("defender", _("No rule against Excel starting Python is visible to this user."))


def _rule_states(windows: Windows) -> dict[str, str]:
    """Return the state of each attack surface reduction rule: of group policy, else of Intune, else set locally."""
    local = windows.values(Hive.MACHINE, rf"Software\Microsoft\Windows Defender\{_GUARD}")
    # Intune writes one text: guid=1|guid=2
    managed = str(windows.values(Hive.MACHINE, rf"{_DEFENDER}\Policy Manager").get("asrrules", ""))
    pairs = (pair.partition("=") for pair in managed.split("|"))
    group = windows.values(Hive.MACHINE, rf"{_DEFENDER}\{_GUARD}")
    found = {name: str(state) for name, state in local.items()}
    found |= {name.strip().lower(): state.strip() for name, _mark, state in pairs if state}
    return found | {name: str(state) for name, state in group.items()}
