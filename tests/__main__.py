"""`python tests`: the whole test suite, in the project's own virtual environment, on all processors.

`python tests --matrix` runs the tests with every Python of this computer, with oldest and with newest dependencies;
`python tests --wheels` says where all dependencies can be installed without a compiler; `python tests --generate`
writes anew what is made from something else; `python tests --mutants` looks for code that no test would miss;
`python tests --corpora FOLDER…` recalculates other people's workbooks and accounts for each value. `--deep`
tries many times as many examples, for hours. All other options are pytest's.
"""

import os
import runpy
import sys
from pathlib import Path

CI = Path(__file__).resolve().parents[1] / ".ci"
environment = runpy.run_path(str(CI / "environment.py"))
workers = runpy.run_path(str(CI / "workers.py"))
bytecode = runpy.run_path(str(CI / "bytecode.py"))
depth = runpy.run_path(str(Path(__file__).with_name("depth.py")))
MODULES = {
    "--corpora": "tests.corpora",
    "--generate": "tests.generated",
    "--matrix": "tests.matrix",
    "--mutants": "tests.mutants",
    "--wheels": "tests.wheels",
}

if __name__ == "__main__":
    bytecode["keep"]()
    arguments = sys.argv[1:]
    if arguments and arguments[0] in MODULES:
        sys.exit(environment["start"]("test", "-m", MODULES[arguments[0]], *arguments[1:]))
    if "--deep" in arguments:
        arguments.remove("--deep")
        os.environ.update(depth["DEEP"] | os.environ)
    sys.exit(environment["start"]("test", "-m", "pytest", *workers["options"](arguments), *arguments))
