"""The buttons that a workbook with the VBA project adds to Excel's ribbon: Refresh and About, on the tab Formulas."""

from __future__ import annotations

from xlsales.cells.markup import quoteattr
from xlsales.texts import _
from xlsales.workbook import extensions

PART = "customUI/customUI14.xml"  # Excel 2010 and later
# Excel looks for a macro of this name in every open project, and may find another workbook's (xlwings issue 973).
# Module and macro are called as nobody else calls them; the macros of several planners hand over to the one in front.
_XML = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui">
  <ribbon>
    <tabs>
      <tab idMso="TabFormulas">
        <group id="xlsales" label={label}>
          <button id="xlsalesRefresh" label={refresh} imageMso="Refresh" size="large" onAction={on_refresh} \
screentip={refresh} supertip={refresh_help}/>
          <button id="xlsalesAbout" label={about} imageMso="Info" size="large" onAction={on_about} \
screentip={about} supertip={about_help}/>
        </group>
      </tab>
    </tabs>
  </ribbon>
</customUI>
"""


def add(parts: dict[str, bytes], label: str, module: str) -> None:
    """Add a group with this label to a workbook's parts; its buttons run macros of this module."""
    texts = {
        "label": label,
        "refresh": _("Refresh"),
        "refresh_help": _("Connect to Python anew if need be, calculate every open workbook, and say what is missing."),
        "on_refresh": f"{module}.{module}Refresh",
        "about": _("About"),
        "about_help": _("Show the versions, whether Python is connected, and where the log file is."),
        "on_about": f"{module}.{module}About",
    }
    ribbon = _XML.format(**{name: quoteattr(text) for name, text in texts.items()})
    extensions.put_ribbon(parts, PART, ribbon.encode())
