"""`python tests --generate`: writes anew everything in the project that is made from something else.

The faces that xlwings loads, the names of the package, the VBA wrappers, the templates, the example, the add-in, the
gallery of LAMBDAs and the pages of `docs/`. `--check` writes nothing, and says what differs. The pictures of the README
need LibreOffice and a look: `docs/pictures.py`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from docs import rules
from tests.pythons import PROJECT
from xlsales.cli.tables import page
from xlsales.functions import CATALOGUE, SalesFunction, stubs
from xlsales.functions.arguments import Argument
from xlsales.functions.markdown import document
from xlsales.workbook.vba.wrappers import functions_module

PACKAGE, FACES = PROJECT / "xlsales" / "__init__.py", PROJECT / "udfs" / "sales_udfs.py"
_WIDTH, _NEW_LINE = 120, "\n"
_COMMANDS = (("template", "build", "--example"), ("addin", "build"), ("functions", "gallery"))


def texts() -> dict[Path, Callable[[], str]]:
    """What each generated text says, from its sources."""
    return {
        FACES: lambda: faces(FACES.read_text(encoding="utf-8")),
        PACKAGE: lambda: exported(PACKAGE.read_text(encoding="utf-8")),
        PACKAGE.with_suffix(".pyi"): stubs.document,
        PROJECT / "udfs" / "vba" / "Functions.bas": functions_module,
        PROJECT / "docs" / "functions.md": document,
        PROJECT / "docs" / "tables.md": page,
        PROJECT / "docs" / "reliability.md": rules.page,
    }


def faces(source: str) -> str:
    """The module of the faces, one for every sales function; what stands above the first is written by hand."""
    head, *_rest = re.split(r"(?m)^@_face\n", source)
    return head + "\n\n".join(map(_face, CATALOGUE.values()))


def _face(function: SalesFunction) -> str:
    names = [f"{'*' * argument.variadic}{argument.name}" for argument in function.arguments]
    given = [name + _default(argument) for name, argument in zip(names, function.arguments, strict=True)]
    head = _call(f"def {function.name}", given, "", ":")
    return f"@_face\n{head}\n{_call('return _answer', [_quoted(function.name), *names], '    ', '')}\n"


def _default(argument: Argument) -> str:
    if argument.required or argument.variadic:
        return ""
    return "=MISSING" if argument.keep_blank else "=None"  # where a blank cell is not the same as nothing


def _call(head: str, arguments: Sequence[str], margin: str, end: str) -> str:
    """A call as the formatter writes it: on one line, or with a line for each argument."""
    line = f"{margin}{head}({', '.join(arguments)}){end}"
    if len(line) <= _WIDTH:
        return line
    return f"{margin}{head}(\n{''.join(f'{margin}    {one},{_NEW_LINE}' for one in arguments)}{margin}){end}"


def exported(source: str) -> str:
    """The package with the names of every sales function, and from where each is loaded."""
    homes = _homes()
    everything = sorted(
        [*stubs.OTHERS, *stubs.RETURNED, "__version__", *(name for names in homes.values() for name in names)]
    )
    quoted = {"xlsales.collection": f"({', '.join(map(_quoted, stubs.RETURNED))})"}
    quoted |= {"xlsales.functions": f"({', '.join(map(_quoted, stubs.OTHERS))})"}
    quoted |= {home: _tuple(names) for home, names in homes.items()}
    places = "".join(f'    "{home}": {names},\n' for home, names in quoted.items())
    for start, end, new in (
        ("__all__ = [\n", "]\n\n_HOMES", _lines([*map(_quoted, everything)], "    {}")),
        ("_HOMES = {\n", "}\n_HOME =", places),
    ):
        before, rest = source.split(start, 1)
        _old, after = rest.split(end, 1)
        source = f"{before}{start}{new}{end}{after}"
    return source


def _homes() -> Mapping[str, Sequence[str]]:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for function in CATALOGUE.values():
        homes[function.body.__module__].append(function.python_name)
    return {home: sorted(homes[home]) for home in sorted(homes)}


def _tuple(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"({_quoted(names[0])},)"
    return f"(\n{_lines([*map(_quoted, names)], '        {}')}    )"


def _lines(names: Sequence[str], pattern: str) -> str:
    return "".join(f"{pattern.format(name)},\n" for name in names)


def _quoted(name: str) -> str:
    return f'"{name}"'


def workbooks(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each committed workbook with the one built now."""
    for command in _COMMANDS:
        subprocess.run([sys.executable, "-m", "xlsales", *command, "--out", str(folder)], cwd=PROJECT, check=True)
    for built in sorted(folder.iterdir()):
        yield PROJECT / "workbook" / built.name, built


def differing_texts() -> dict[Path, str]:
    """The generated texts that differ from their sources, as they would be."""
    made = {path: text() for path, text in texts().items()}
    return {path: text for path, text in made.items() if path.read_text(encoding="utf-8") != text}


def main(arguments: Sequence[str]) -> int:
    """Write what differs, or say it; 1 where `--check` finds something."""
    parser = argparse.ArgumentParser(prog="python tests --generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    check = parser.parse_args(arguments).check
    count = 0
    # Texts first: the workbooks hold what the VBA wrappers say.
    for path, text in differing_texts().items():
        count += 1
        _tell(path, check=check)
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
    with tempfile.TemporaryDirectory() as folder:
        for path, built in workbooks(Path(folder)):
            if not path.exists() or path.read_bytes() != built.read_bytes():
                count += 1
                _tell(path, check=check)
                if not check:
                    shutil.copyfile(built, path)
    if not count:
        sys.stdout.write("Everything is as its sources say.\n")
    return int(check and count > 0)


def _tell(path: Path, *, check: bool) -> None:
    sys.stdout.write(f"{'differs' if check else 'written'}: {path.relative_to(PROJECT).as_posix()}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
