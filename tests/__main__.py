"""`python tests`: the whole test suite, in the project's own virtual environment."""

import runpy
import sys
from pathlib import Path

environment = runpy.run_path(str(Path(__file__).resolve().parents[1] / ".ci" / "environment.py"))

if __name__ == "__main__":
    python = environment["interpreter"]("test")
    sys.exit(environment["run"](python, "-m", "pytest", *sys.argv[1:]))
