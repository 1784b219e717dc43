"""What VBA would change in silence, or Excel mistake, in the words of a whole project.

VBA knows no letter case, and keeps one casing for a word in all modules of a project. A variable `close_ratio` anywhere
makes Excel show `=close_ratio(…)` in cells; an argument `loadlibraryw` makes Windows look for a function of that name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from xlsales.workbook.vba.project import Module

_CONTINUED = re.compile(r"[ \t]_[ \t]*\r?\n")
# Texts, comments, dates and numbers hold no words; names in brackets are names ([MS-VBAL] 3.3.5.3).
_TOKEN = re.compile(
    r"""
      "(?:[^"\n]|"")*"?                        # text
    | '[^\n]*                                  # comment
    | (?:(?<=\n)|(?<=:))[ \t]*Rem\b[^\n]*      # comment of old
    | (?<=\n)[ \t]*\#                          # conditional compilation: its words count
    | \#[ ]*[0-9](?:[0-9/:., -]|[AP]M)*\#      # date
    | &[HO][0-9A-F]+[&%^]?                     # number to another base
    | [0-9][0-9A-Z.]*[&%^!@]?|\.[0-9][0-9E]*   # number
    | (?P<word>[A-Z][A-Z0-9_]*)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def problems(project: str, modules: Sequence[Module], functions: Collection[str]) -> list[str]:
    """Everything that is wrong with the words of these modules; `functions` are those that cells call."""
    wanted = {name.lower(): name for name in functions}
    taken: dict[str, tuple[str, str]] = {}
    told: dict[str, None] = {}
    for word, place in _words(project, modules):
        first, first_place = taken.setdefault(word.lower(), (word, place))
        shown = wanted.get(word.lower(), word)
        if word != shown:
            told[f"{place}: with “{word}”, Excel shows the function {shown} as ={word}(…) in cells; rename it."] = None
        elif word != first and word.lower() not in wanted:
            text = (
                f"{place}: “{word}” is “{first}” in {first_place}; VBA keeps one casing for a word. Write both alike."
            )
            told[text] = None
    for name in (project, *(module.name for module in modules)):
        if name.lower() in wanted:
            told[f"“{name}” is a function's name; cells could not call it in a project or module called so."] = None
    return list(told)


def _words(project: str, modules: Iterable[Module]) -> Iterator[tuple[str, str]]:
    """Yield every word with its place."""
    yield project, "project"
    for module in modules:
        yield module.name, f"module {module.name}"
        for word in words(module.source):
            yield word, f"module {module.name}"


def words(source: str) -> Iterator[str]:
    """Yield the words of VBA source: keywords, and all names."""
    for token in _TOKEN.finditer("\n" + _CONTINUED.sub(" ", source)):
        if token["word"]:
            yield token["word"]
