"""`python examples/crm`: a planner for every territory of the CRM example, in the folder `plans`."""

import runpy
import sys
from pathlib import Path

environment = runpy.run_path(str(Path(__file__).resolve().parents[2] / ".ci" / "environment.py"))

if __name__ == "__main__":
    options = sys.argv[1:] or ["--out", "plans", "--overwrite"]
    sys.exit(environment["start"]("", "-m", "xlsales", "batch", "examples/crm/tables", *options))
