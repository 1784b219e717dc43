"""PostgreSQL on this computer, started for some tests and thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = "/usr/lib/postgresql"
_QUICKLY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=8MB"


def program(name: str) -> Path | None:
    """Where a program of PostgreSQL is; Debian puts most of them aside."""
    aside = sorted(Path(_DEBIAN).glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name)
    return aside[0] if aside else Path(found) if found else None


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server; yield the address of an empty database."""
    initdb, control = program("initdb"), program("pg_ctl")
    assert initdb is not None
    assert control is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _unprivileged() if os.getuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)

    def run(*command: object) -> None:
        subprocess.run(
            list(map(str, command)), check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=600
        )

    data = folder / "data"
    try:
        run(initdb, "-D", data, "-U", "xlsales", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        options = f"-k {folder} -c listen_addresses= {_QUICKLY}"
        run(control, "-D", data, "-w", "-l", folder / "log.txt", "-o", options, "start")
        try:
            yield f"postgresql://xlsales@/postgres?host={folder}"
        finally:
            run(control, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    import pwd

    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
