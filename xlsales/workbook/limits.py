"""What a workbook may cost, whoever reads it. Excel's own largest parts stay far below; a file made to harm does not.

Sizes are of what is unpacked. A part is looked through before anything parses it: a reader that takes ten seconds for
a text of twenty megabytes never gets one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xlsales.cells.references import LAST_ROW
from xlsales.texts import N_

MOST_MEMBERS = 20_000
LARGEST_PART = 256 << 20
LARGEST_PACKAGE = 768 << 20
# How many times smaller deflate may have made a part over so many bytes.
_RATIOS = ((4 << 20, 400), (64 << 20, 100))
MOST_TAGS = 100_000_000  # of a part
MOST_ATTRIBUTES = 300
DEEPEST = 256  # elements within elements
_LONGEST_RUN = 1 << 20  # bytes between two tags, or of a tag with its attributes
LONG = 4096  # bytes of a tag, or between two tags: shorter ones do no harm
LONG_TAG = re.compile(rb"<[^<>!?]{%d,}" % LONG)
PROLOG = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_SHORTEST_ROW = len(b"<row/>")
_ASIDES = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_ENCODING = re.compile(rb"\A<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"latin1", b"windows-1252", b"cp1252")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<")

DOCUMENT_TYPE = N_("it declares a document type, which no workbook needs")
_OTHER_ENCODING = N_("it is not written in UTF-8")
_LONG = N_("a text or a tag in it is longer than a million bytes")
_MANY_ATTRIBUTES = N_("an element in it has more than 300 attributes")
_MANY_TAGS = N_("it has more than 100 million tags")
_MANY_ROWS = N_("it has more rows than Excel has")


class Sizes(NamedTuple):
    """How large the parts of a workbook may be, in bytes."""

    part: int = LARGEST_PART
    package: int = LARGEST_PACKAGE


USUAL = Sizes()
TABLES = Sizes(1 << 30, 2 << 30)  # of input tables, which are read row by row


def is_suspicious(size: int, packed: int) -> bool:
    """Whether a part is so much larger than its packed bytes as only files made to harm are."""
    return any(size > free and size > ratio * packed for free, ratio in _RATIOS)


def harm_in(content: bytes) -> str:
    """Return why a part is not given to any parser, to be translated; nothing where it may be."""
    if content.startswith(_UTF32):
        return _OTHER_ENCODING
    if content.startswith((*UTF16, b"<\0", b"\0<")):
        content = content.decode("utf-16" if content.startswith(UTF16) else _byte_order(content), "replace").encode()
    elif not content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return ""  # no XML
    else:
        declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
        if declared and declared[1].lower() not in _ENCODINGS:
            return _OTHER_ENCODING
    if has_document_type(content):
        return DOCUMENT_TYPE
    if any(True for _run in _long_runs(content, _LONGEST_RUN)) or _has_long_aside(content):
        return _LONG
    long_tags = (LONG_TAG.match(content, run) for run in _long_runs(content, LONG))
    if any(tag is not None and tag[0].count(b"=") > MOST_ATTRIBUTES for tag in long_tags):
        return _MANY_ATTRIBUTES
    if len(content) > MOST_TAGS and content.count(b"<") > MOST_TAGS:
        return _MANY_TAGS
    return _MANY_ROWS if _rows(content) > LAST_ROW else ""


def _long_runs(content: bytes, length: int) -> Iterator[int]:
    """Yield where the tags begin behind which so many bytes follow without another one."""
    tag, last = content.find(b"<"), len(content) - length
    while 0 <= tag < last:
        following = content.rfind(b"<", tag + 1, tag + 1 + length)
        if following < 0:
            yield tag
            following = content.find(b"<", tag + 1 + length)
        tag = following


def has_document_type(content: bytes) -> bool:
    """Whether a part in UTF-8 declares a document type."""
    start = PROLOG.match(content)
    return start is not None and content[start.end() : start.end() + 9].upper() == b"<!DOCTYPE"


def _byte_order(content: bytes) -> str:
    return "utf-16-le" if content.startswith(b"<\0") else "utf-16-be"


def _rows(content: bytes) -> int:
    if len(content) <= _SHORTEST_ROW * LAST_ROW or content.count(b"row") <= LAST_ROW:
        return 0
    return sum(content.count(start + end) for start in (b"<row", b":row") for end in (b" ", b">", b"/", b"\n", b"\t"))


def _has_long_aside(content: bytes) -> bool:
    """Whether a comment, a section of characters or an instruction is long; tags in them are none."""
    if len(content) <= _LONGEST_RUN:
        return False
    for begin, end in _ASIDES:
        place = _find(content, begin, 0)
        while place >= 0:
            last = content.find(end, place)
            if last < 0 or last - place > _LONGEST_RUN:
                return last >= 0 or len(content) - place > _LONGEST_RUN
            place = _find(content, begin, last)
    return False


def _find(content: bytes, begin: bytes, start: int) -> int:
    """Return where something begins that begins with "<": there are many of these, and few of what follows."""
    place = content.find(begin[1:], start + 1)
    while place >= 0 and not content.startswith(begin, place - 1):
        place = content.find(begin[1:], place + 1)
    return place - 1 if place >= 0 else -1
