"""What the command line prints, whatever it prints to: a console of any code page, a file, a pipe that closes.

text    as it is where the stream can hold it; else word by word in plain letters: Łódź is Lodz, → is ->
JSON    UTF-8, or ASCII escapes where the stream is not UTF-8; the same bytes either way to who reads it
pipes   when nobody reads any more, the rest is left out, and the work goes on to its end
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

_NOBODY_READS = {errno.EPIPE, errno.ESHUTDOWN} | ({errno.EINVAL} if os.name == "nt" else set[int]())
_WORD = re.compile(r"(?:\w|[\u0300-\u036f])+|.", re.DOTALL)
_BYTES_OF_A_NAME = re.compile("[\udc80-\udcff]+")  # of a file, where they are no text in the system's encoding
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_PLAIN = str.maketrans({"→": "->", "←": "<-", "⇒": "=>", "↑": "^", "×": "x", "≠": "<>", "\ufffd": r"\ufffd"})


class Stream(io.TextIOBase):
    """A text stream that takes any text.

    It has no `buffer`, which programs use to put another encoding on a stream that they take for a poor one.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._gone = False

    def __del__(self) -> None:
        """Go without a word: the stream that it writes to is another's, who may have closed it before."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of what is written."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """What is done about characters that the encoding lacks."""
        return "backslashreplace"

    def write(self, text: str) -> int:
        """Write a text, in plain letters where need be."""
        with self._closing_quietly():
            self._stream.write(plain(text, self.encoding))
        return len(text)

    def write_json(self, text: str) -> None:
        """Write a JSON text as bytes that every program reads."""
        with self._closing_quietly():
            binary = getattr(self._stream, "buffer", None)
            if binary is None:
                self._stream.write(escaped(text))
                return
            self._stream.flush()
            binary.write(_readable_names(text).encode(errors="backslashreplace") if self._is_utf8 else _ascii(text))
            binary.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._closing_quietly():
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def abandon(self) -> None:
        """Leave out whatever would still be written, also by Python when it ends."""
        self._gone = True
        with suppress(OSError, ValueError):  # none, in a test
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
        with suppress(OSError, ValueError):
            self._stream.flush()

    @property
    def _is_utf8(self) -> bool:
        return codecs.lookup(self.encoding).name in ("utf-8", "utf-8-sig")

    @contextmanager
    def _closing_quietly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in _NOBODY_READS and not self._gone:
                raise
            self.abandon()


@contextmanager
def prepared() -> Iterator[None]:
    """Let the standard streams take any text inside a `with` block."""
    before = sys.stdout, sys.stderr
    streams = [None if stream is None else Stream(stream) for stream in before]  # none under pythonw.exe
    sys.stdout, sys.stderr = (cast(TextIO, stream) for stream in streams)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def flush() -> None:
    """Write what waits; OSError says why it cannot be, and is raised once."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            if isinstance(stream, Stream):
                stream.abandon()
            raise


def print_json(text: str) -> None:
    """Print a JSON text and a line end."""
    stream: Any = sys.stdout
    text = text.removesuffix("\n") + "\n"
    if isinstance(stream, Stream):
        stream.write_json(text)
    elif stream is not None:
        stream.write(text)


def plain(text: str, encoding: str) -> str:
    """Return a text that an encoding can hold: each word as it is, or transliterated as a whole."""
    if text.isascii():
        return text
    text = _SURROGATE.sub(_as_escape, _readable_names(text))
    if _holds(encoding, text):
        return text
    return _WORD.sub(lambda word: _plain_word(word[0], encoding), text)


def escaped(text: str) -> str:
    """Return a JSON text in ASCII; what is not ASCII stands in its strings only."""
    return _ascii(text).decode("ascii")


def _ascii(text: str) -> bytes:
    def units(found: re.Match[str]) -> str:
        pair = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{pair[at : at + 2].hex()}" for at in range(0, len(pair), 2))

    return _NOT_ASCII.sub(units, _readable_names(text)).encode("ascii")


def _readable_names(text: str) -> str:
    """Return a text with the bytes of file names read as UTF-8 where they are that."""

    def read(found: re.Match[str]) -> str:
        return found[0].encode("ascii", "surrogateescape").decode("utf-8", "surrogateescape")

    return text if text.isascii() else _BYTES_OF_A_NAME.sub(read, text)


def _as_escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _plain_word(word: str, encoding: str) -> str:
    for form in (word, unicodedata.normalize("NFC", word)):
        if _holds(encoding, form):
            return form
    from anyascii import anyascii  # its tables are read when first needed

    return "".join(_plain_letter(letter, anyascii) for letter in word)


def _plain_letter(letter: str, transliterated: Any) -> str:
    found = str(transliterated(letter.translate(_PLAIN)))
    kind = unicodedata.category(letter)
    if (not found and kind in ("Co", "Cn", "Cs")) or ("?" in found and not kind.startswith("P")):  # no known letters
        return letter.encode("ascii", "backslashreplace").decode("ascii")
    return found


def _holds(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True
