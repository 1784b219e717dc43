"""What is true of a folder of planners at whatever moment a run was ended, and what a run that resumes it makes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from xlsales.batch import aside

WORKBOOKS = (".xlsm", ".xlsx")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def files(folder: Path) -> dict[str, bytes]:
    """The files that a person sees in the folder and its sub-folders, but for copies."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: path.read_bytes() for name, path in found.items() if not name.startswith((f"{aside.NAME}/", aside.BACKUP))
    }


def copies(folder: Path) -> list[bytes]:
    """What a run has copied before it replaced it."""
    return [path.read_bytes() for path in folder.glob(f"{aside.BACKUP}*/**/*") if path.is_file()]


def report(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    told: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}
    return told


def recorded(folder: Path) -> set[str]:
    """The fingerprints of all files that the folder's own records know."""
    told = report(folder)
    known = {one["sha256"] for name in ("planners", "left_alone", "stale") for one in told.get(name, ())}
    known |= set(told.get("reports", {}).values())
    return known | set(aside.known(folder)) | set(aside.read(folder).written) if folder.exists() else known


def check(folder: Path, own: dict[str, bytes] | None = None, gone: Collection[str] = ()) -> None:
    """Every file is whole, and is a recorded one or somebody's own; what the run report lists is there, or `gone`."""
    known = recorded(folder)
    held = report(folder).get("not_written", ())  # files of an earlier run, which the report says could not be replaced
    for name, content in files(folder).items():
        if name.endswith(WORKBOOKS) and content not in (own or {}).values():
            with zipfile.ZipFile(folder / name) as archive:
                assert archive.testzip() is None
        if name not in ("run.json", *held) and not name.rpartition("/")[2].startswith(".xlsales-"):
            assert sha256(content) in known or (own or {}).get(name) == content, f"{name} is in no record"
    for one in report(folder).get("planners", ()):
        if one["file"] in gone:
            continue
        content = (folder / one["file"]).read_bytes()
        assert sha256(content) == one["sha256"] or (own or {}).get(one["file"]) == content


def check_nothing_left(folder: Path) -> None:
    """A run that has ended leaves nothing but what it is for."""
    assert [path.relative_to(folder).as_posix() for path in folder.rglob(".*")] == []
