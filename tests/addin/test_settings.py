"""The settings file: bytes that Windows' own reader of .ini files takes, whatever the paths hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.addin.settings import Settings, parsed

SETTINGS = Settings(r"C:\Zoë Müller\python.exe", r"C:\50% = half;\serve.py", r"C:\x64.dll", "", "0.37.8", "1", "a", "f")
# No control characters: Windows allows none in a path.
TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=30)


def test_the_file_is_utf_16_with_its_mark_and_windows_line_ends() -> None:
    content = SETTINGS.to_bytes()
    assert content[:2] == b"\xff\xfe"
    lines = content[2:].decode("utf-16-le").split("\r\n")
    assert lines[0] == "[xlsales]"
    assert lines[1:6] == [
        r"interpreter=C:\Zoë Müller\python.exe",
        r"server=C:\50% = half;\serve.py",
        r"dll64=C:\x64.dll",
        "dll32=",
        "xlwings=0.37.8",
    ]
    assert lines[-1] == ""


@given(st.builds(Settings, *[TEXTS] * 8))
def test_what_was_written_is_read_back(settings: Settings) -> None:
    assert parsed(settings.to_bytes()) == settings


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"\xff", b"\x00\x01\x02", "interpreter=x".encode("utf-16"), "[other]\nx=1".encode("utf-16")],
)
def test_a_file_that_holds_no_settings_is_no_settings(content: bytes) -> None:
    assert parsed(content) is None


def test_a_key_that_an_older_version_did_not_write_is_empty() -> None:
    settings = parsed("[xlsales]\r\ninterpreter=C:\\python.exe\r\n".encode("utf-16"))
    assert settings == Settings(r"C:\python.exe", "", "", "", "", "", "", "")
