"""What is printed, whatever it is printed to: narrow code pages, programs that read JSON, pipes that close."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import xlsales
from xlsales.cli import main
from xlsales.cli.streams import Stream, escaped, plain

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

# The C locale without Python's own ways out of it.
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


LONG = 600  # seconds that a busy computer may take for what should take one


def command(*words: object, **environment: str) -> subprocess.Popen[bytes]:
    package = str(Path(xlsales.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-m", "xlsales", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": package, **environment},
    )


def printed(*words: object, **environment: str) -> tuple[int, bytes, bytes]:
    with command(*words, **environment) as process:
        out, error = process.communicate(timeout=LONG)
    return process.returncode, out, error


def spoken(*words: object, page: str) -> tuple[int, bytes, bytes]:
    """The same in this process, whose streams have a code page."""
    written = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in zip(("stdout", "stderr"), written, strict=True):
            patch.setattr(sys, name, io.TextIOWrapper(stream, encoding=page, write_through=True))
        patch.setattr(sys, "argv", ["xlsales", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), written[0].getvalue(), written[1].getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("Łódź", "ascii", "Lodz"),
        ("Łódź", "cp1252", "Lodz"),  # the whole word, though the code page has ó
        ("Łódź", "iso8859-2", "Łódź"),
        ("Müller, Gółka", "cp1252", "Müller, Golka"),
        ("−5 → 3 × 2 … „a“ “b” ‘c’ – d", "ascii", '-5 -> 3 x 2 ... "a" "b" \'c\' - d'),
        ("3 × 2", "cp437", "3 x 2"),
        ("ł ø ß đ ı İ þ æ", "ascii", "l o ss d i I th ae"),
        ("Москва, Ελλάδα", "cp850", "Moskva, Ellada"),
        ("Москва, Ελλάδα", "cp1251", "Москва, Ellada"),
        ("e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ACUTE ACCENT}", "cp1252", "été"),
        ("e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ACUTE ACCENT}", "ascii", "ete"),
        ("№1 ≥ 2 €", "ascii", "No1 >= 2 EUR"),
        ("a\u200bb\ufeff", "ascii", "ab"),
        ("\ue000 \ufffd", "ascii", r"\ue000 \ufffd"),
        ("why?", "ascii", "why?"),
        ("a\udcff \ud800", "utf-8", r"a\udcff \ud800"),
        ("\udcc5\udc81\udcc3\udcb3d\udcc5\udcba", "utf-8", "Łódź"),  # as the C locale decodes a file's name
        ("\udcc5\udc81\udcc3\udcb3d\udcc5\udcba", "ascii", "Lodz"),
    ],
)
def test_text_is_told_in_the_letters_that_a_stream_has(text: str, encoding: str, shown: str) -> None:
    assert plain(text, encoding) == shown
    assert shown.encode(encoding)


def test_stream_goes_without_a_word_when_the_one_beneath_is_closed_already() -> None:
    told: list[object] = []
    beneath = io.TextIOWrapper(io.BytesIO())
    stream = Stream(beneath)
    beneath.close()
    before, sys.unraisablehook = sys.unraisablehook, told.append
    try:
        del stream
    finally:
        sys.unraisablehook = before
    assert told == []  # Python 3.13 would tell it


@pytest.mark.parametrize("code_page", ["ascii", "cp1252"])
def test_every_character_can_be_told_on_every_code_page(code_page: str) -> None:
    everything = "".join(map(chr, range(0x20000)))
    told = plain(everything, code_page)
    told.encode(code_page)
    asking = {letter for letter in everything if "?" in plain(letter, "ascii")}
    assert {unicodedata.category(letter) for letter in asking} == {"Po"}  # the question marks of all scripts


def test_json_in_ascii_is_the_same_json() -> None:
    value = {"Łódź": "−→× 😀 \U0010ffff \x7f", "北": ["\\", '"', "\ud800"]}
    text = json.dumps(value, ensure_ascii=False)
    assert escaped(text).isascii()
    assert json.loads(escaped(text)) == value


@pytest.mark.parametrize(
    "environment", [*({"PYTHONIOENCODING": page} for page in ("ascii", "cp437", "cp1252")), C_LOCALE]
)
def test_json_is_the_same_on_every_code_page(environment: dict[str, str]) -> None:
    code, out, error = printed("functions", "--json", **environment)
    assert (code, error) == (0, b"")
    told = {one["name"]: one["formula"] for one in json.loads(out.decode("utf-8"))}
    assert "÷" in told["MAGIC_NUMBER"]


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["batch", "--help"],
        ["recalc", "--help"],
        ["calc", "--help"],
        ["functions"],
        ["functions", "MAGIC_NUMBER"],
        ["tables", "deals"],
        ["tables", "--markdown"],
        ["calc", "SALES_EXPLAIN", "MAGIC_NUMBER", "15000", "2500", "60%", "40%", "1"],
        ["batch", "--łódka"],
        ["batch", "Łódź →", "--out", "−×…"],
        ["recalc", "Łódź.xlsx"],
        ["template", "export", "--łódka"],
        ["tables", "Łódź"],
        ["functions", "Łódź"],
        ["łódź"],
    ],
)
def test_every_command_speaks_plainly_on_a_narrow_console(words: list[str]) -> None:
    code, out, error = spoken(*words, page="ascii")
    text = (out + error).decode("ascii")
    assert code in (0, 1, 2)
    assert text
    assert "?" not in text.replace("? ", " ").replace("?\n", "\n")
    assert "\\u" not in text
    if any("łódź" in word.casefold() for word in words):
        assert "lodz" in text.casefold()


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"}, C_LOCALE])
def test_real_command_on_a_narrow_console_tells_names_in_plain_letters(environment: dict[str, str]) -> None:
    code, out, error = printed("batch", "Łódź →", "--out", "−×…", **environment)
    assert (code, out) == (2, b"")
    assert error.splitlines() == [b"xlsales: There is no folder or workbook Lodz ->: check the name."]
    code, out, error = printed("batch", "--łódka", **environment)
    assert (code, out) == (2, b"")
    [line] = error.splitlines()
    assert line.startswith(b"xlsales: No such option: --lodka")


def test_batch_and_recalc_tell_names_in_other_scripts_on_every_code_page(
    tmp_path: Path, small_tables: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    small_tables["territories"][0]["territory_name"] = "Łódź − 北 „×“"
    small_tables["deals"][0]["stage"] = "Łódź → ł"
    small_tables["deals"][1]["discount"] = "Łódź…"
    source = write_tables(tmp_path / "Łódź", small_tables)
    common = ["--out", tmp_path / "plans ß", "--template", light_template, "--overwrite"]
    for page in ("ascii", "cp437", "cp1252"):
        tell = partial(spoken, page=page)
        # As a process of its own once; what is told is the same here.
        begun = partial(printed, PYTHONIOENCODING=page) if page == "ascii" else tell
        code, out, error = begun("batch", source, *common)
        text = (out + error).decode(page)
        assert code == 1
        assert "Lodz" in error.decode(page)
        assert "?" not in text
        assert "Traceback" not in text
        code, out, error = tell("batch", source, *common, "--json")
        report = json.loads(out.decode("utf-8"))
        assert report["planners"][0]["file"].startswith("T1 Łódź − 北 „×“")
        assert "?" not in error.decode(page)
        _code, out, _error = tell("batch", source, *common, "--json", "--dry-run")
        assert json.loads(out.decode("utf-8"))["planners"][0].startswith("T1 Łódź − 北 „×“")
        planner = next((tmp_path / "plans ß").glob("T1*"))
        _code, out, _error = tell("recalc", planner, "--dry-run", "--json")
        assert json.loads(out.decode("utf-8"))[0]["file"] == str(planner)
        _code, out, error = tell("recalc", planner, "--dry-run")
        assert b"Lodz" in out
        assert b"?" not in out + error


@pytest.mark.parametrize("words", [["functions"], ["functions", "--json"], ["tables", "--markdown"], ["--help"]])
def test_pipe_that_closes_early_ends_it_without_a_word(words: list[str]) -> None:
    process = command(*words)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()  # before anything is written
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(LONG) == 0


def test_batch_is_made_whole_though_nobody_reads_what_it_says(
    tmp_path: Path, small_tables: Tables, write_tables: WriteTables, light_template: Path
) -> None:
    source = write_tables(tmp_path / "crm", small_tables)
    process = command("batch", source, "--out", tmp_path / "plans", "--template", light_template)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(LONG) == 0
    assert len(list((tmp_path / "plans").glob("T*.xlsm"))) == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_full_disk_under_the_output_is_said_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xlsales", "functions"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("xlsales: ")
