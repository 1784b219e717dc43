"""`python tests`: the whole test suite, in the project's own virtual environment."""

import runpy
import sys
from pathlib import Path

environment = runpy.run_path(str(Path(__file__).resolve().parents[1] / ".ci" / "environment.py"))

if __name__ == "__main__":
    sys.exit(environment["start"]("test", "-m", "pytest", *sys.argv[1:]))
